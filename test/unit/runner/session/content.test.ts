import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Store } from "../../../../src/planner/plan.ts";
import { status } from "../../../../src/runner/buildkit/errors.ts";
import * as wire from "../../../../src/runner/buildkit/wire/content.ts";
import { content, storeId } from "../../../../src/runner/session/content.ts";
import { collect, engineFor, statusOf, temporaryDirectory, type Engine } from "./rig.ts";

const service = "/containerd.services.content.v1.Content";
const digestOf = (bytes: Uint8Array, algorithm = "sha256"): string => `${algorithm}:${createHash(algorithm).update(bytes).digest("hex")}`;
const pathOf = (directory: string, digest: string): string => join(directory, "blobs", ...digest.split(":"));

function put(directory: string, bytes: Uint8Array): string {
  const digest = digestOf(bytes);
  mkdirSync(join(directory, "blobs/sha256"), { recursive: true });
  writeFileSync(pathOf(directory, digest), bytes);
  return digest;
}

interface Rig {
  readonly engine: Engine;
  readonly directory: string;
  readonly metadata: { readonly "buildkit-attachable-store-id": string };
}

async function serve(kind: Store["kind"] = "cache"): Promise<Rig> {
  const directory = join(temporaryDirectory(), "layout");
  const store: Store = { name: kind === "output" ? "export" : "local:layout", kind, directory };
  const id = storeId(store, "chosen");
  return { engine: await engineFor(content({ stores: new Map([[id, store]]) })), directory, metadata: { "buildkit-attachable-store-id": id } };
}

const info = ({ engine, metadata }: Rig, digest: string): Promise<wire.InfoResponse> =>
  engine.unary({ path: `${service}/Info`, request: wire.InfoRequest, response: wire.InfoResponse, message: { digest }, metadata });

async function read({ engine, metadata }: Rig, message: Partial<wire.ReadContentRequest>): Promise<readonly wire.ReadContentResponse[]> {
  const stream = engine.stream(`${service}/Read`, metadata);
  stream.write(wire.ReadContentRequest.encode(wire.ReadContentRequest.create(message)).finish());
  stream.end();
  return (await collect(stream)).map((bytes) => wire.ReadContentResponse.decode(bytes));
}

interface Writing {
  /** Sends a message and gives the answer; rejects with the status of the call. */
  send(message: Partial<wire.WriteContentRequest>): Promise<wire.WriteContentResponse>;
  over(): Promise<void>;
  end(): void;
}

function write({ engine, metadata }: Rig): Writing {
  const stream = engine.stream(`${service}/Write`, metadata);
  const waiting: { resolve: (answer: wire.WriteContentResponse) => void; reject: (error: Error) => void }[] = [];
  let failure: Error | undefined;
  stream.on("data", (bytes: Buffer) => waiting.shift()?.resolve(wire.WriteContentResponse.decode(bytes)));
  stream.on("error", (error) => {
    failure = error;
    for (const { reject } of waiting) reject(error);
  });
  const ended = new Promise<void>((resolve) => void stream.on("status", () => resolve()));
  return {
    send: (message) =>
      new Promise((resolve, reject) => {
        if (failure) reject(failure);
        waiting.push({ resolve, reject });
        stream.write(wire.WriteContentRequest.encode(wire.WriteContentRequest.create(message)).finish());
      }),
    over: () => ended,
    end: () => stream.end(),
  };
}

const [STAT, WRITE, COMMIT] = [0, 1, 2];

describe("stores", () => {
  test("are chosen by the id in the metadata", async () => {
    const rig = await serve("oci-layout");
    expect(rig.metadata["buildkit-attachable-store-id"]).toBe("oci:chosen");
    const digest = digestOf(Buffer.from("x"));
    expect(await statusOf(info({ ...rig, metadata: { "buildkit-attachable-store-id": "other" } }, digest))).toEqual({
      code: status.notFound,
      details: "unknown store other: not found",
    });
    const without = rig.engine.unary({ path: `${service}/Info`, request: wire.InfoRequest, response: wire.InfoResponse, message: { digest } });
    expect((await statusOf(without)).code).toBe(status.invalidArgument);
  });

  test("caches and outputs have the names that engines use", () => {
    expect(storeId({ name: "local:dir", kind: "cache", directory: "/dir" })).toBe("local:dir");
    expect(storeId({ name: "export", kind: "output", directory: "/out" })).toBe("export");
  });

  test("a context may be read and nothing else", async () => {
    const rig = await serve("oci-layout");
    const digest = put(rig.directory, Buffer.from("blob"));
    const unary = <T>(method: string, request: T, message: unknown): Promise<unknown> =>
      rig.engine.unary({
        path: `${service}/${method}`,
        request: request as typeof wire.AbortRequest,
        response: wire.Empty,
        message: message as wire.AbortRequest,
        metadata: rig.metadata,
      });
    expect((await statusOf(unary("Delete", wire.DeleteContentRequest, { digest }))).code).toBe(status.permissionDenied);
    expect((await statusOf(unary("Abort", wire.AbortRequest, { ref: "r" }))).code).toBe(status.permissionDenied);
    expect((await statusOf(write(rig).send({ ref: "r" }))).code).toBe(status.permissionDenied);
    expect(readdirSync(rig.directory)).toEqual(["blobs"]);
  });
});

describe("reading", () => {
  test("Info tells the size; what is missing is not found", async () => {
    const rig = await serve();
    const digest = put(rig.directory, Buffer.from("hello"));
    expect((await info(rig, digest)).info).toMatchObject({ digest, size: 5n, labels: {} });
    const missing = digestOf(Buffer.from("other"));
    expect(await statusOf(info(rig, missing))).toEqual({ code: status.notFound, details: `content ${missing}: not found` });
    expect(await statusOf(read(rig, { digest: missing }))).toEqual({ code: status.notFound, details: `content ${missing}: not found` });
  });

  test.each(["", "sha256:xyz", "sha256:../../../../etc/passwd", "md5:d41d8cd98f00b204e9800998ecf8427e", `sha256:${"A".repeat(64)}`, `../${"a".repeat(64)}`])(
    "%j is no digest",
    async (digest) => {
      expect(await statusOf(info(await serve(), digest))).toEqual({ code: status.invalidArgument, details: `${JSON.stringify(digest)} failed validation` });
    },
  );

  test("Read gives all of a blob in pieces, or the part that is asked for", async () => {
    const rig = await serve();
    const bytes = Buffer.from(Array.from({ length: 1_200_000 }, (_, i) => i % 253));
    const digest = put(rig.directory, bytes);
    const whole = await read(rig, { digest });
    expect(Buffer.concat(whole.map(({ data }) => data)).equals(bytes)).toBe(true);
    expect(whole.map(({ offset }) => offset)).toEqual([0n, 524_288n, 1_048_576n]);
    const part = await read(rig, { digest, offset: 10n, size: 5n });
    expect(part).toEqual([{ offset: 0n, data: bytes.subarray(10, 15) }]);
    expect(Buffer.concat((await read(rig, { digest, offset: 1_199_999n, size: 50n })).map(({ data }) => data))).toEqual(bytes.subarray(1_199_999));
    expect(await read(rig, { digest, offset: 1_200_000n })).toEqual([]);
    expect((await statusOf(read(rig, { digest, offset: 1_200_001n }))).code).toBe(status.outOfRange);
  });

  test("List gives every blob, and those a filter wants", async () => {
    const rig = await serve();
    const digests = ["a", "b", "c"].map((text) => put(rig.directory, Buffer.from(text))).sort();
    writeFileSync(join(rig.directory, "blobs/sha256/.partial"), "no blob");
    const list = async (...filters: string[]): Promise<readonly string[]> => {
      const stream = rig.engine.stream(`${service}/List`, rig.metadata);
      stream.write(wire.ListContentRequest.encode({ filters }).finish());
      stream.end();
      return (await collect(stream)).flatMap((bytes) => wire.ListContentResponse.decode(bytes).info.map(({ digest }) => digest));
    };
    expect(await list()).toEqual(digests);
    expect(await list(`digest==${digests[1]}`)).toEqual([digests[1]]);
    expect(await list(`digest!=${digests[1]},size==1`, `digest=="${digests[1]}"`)).toEqual(digests);
    expect((await statusOf(list("digest~=(a+)+$"))).code).toBe(status.invalidArgument);
    expect((await statusOf(list("=="))).code).toBe(status.invalidArgument);
  });
});

describe("writing", () => {
  test("a blob takes its name when it is committed", async () => {
    const rig = await serve();
    const bytes = Buffer.from("hello world");
    const digest = digestOf(bytes);
    const writing = write(rig);
    expect(await writing.send({ action: STAT, ref: "layer", total: 11n, expected: digest })).toMatchObject({
      action: STAT,
      offset: 0n,
      total: 11n,
      digest: digestOf(Buffer.alloc(0)),
    });
    expect(await writing.send({ action: STAT })).toMatchObject({ offset: 0n });
    expect(await writing.send({ action: WRITE, data: bytes.subarray(0, 6) })).toMatchObject({ action: WRITE, offset: 6n, total: 11n });
    expect(await writing.send({ action: WRITE, offset: 6n, data: bytes.subarray(6) })).toMatchObject({ offset: 11n });
    expect(existsSync(pathOf(rig.directory, digest))).toBe(false);
    expect(await writing.send({ action: COMMIT, offset: 11n, total: 11n, expected: digest })).toMatchObject({ action: COMMIT, offset: 11n, digest });
    await writing.over();
    expect(readFileSync(pathOf(rig.directory, digest), "utf8")).toBe("hello world");
    expect(statSync(pathOf(rig.directory, digest)).mode & 0o222).toBe(0);
    expect(readdirSync(join(rig.directory, "ingest"))).toEqual([]);
  });

  test("data may come with the commit, and in another algorithm's name", async () => {
    const rig = await serve("output");
    const bytes = Buffer.from("one message");
    const digest = digestOf(bytes, "sha512");
    expect((await write(rig).send({ action: COMMIT, ref: "r", data: bytes, expected: digest })).digest).toBe(digest);
    expect(readFileSync(pathOf(rig.directory, digest), "utf8")).toBe("one message");
  });

  test("a blob that is there already is said to exist at once", async () => {
    const rig = await serve();
    const digest = put(rig.directory, Buffer.from("x"));
    expect(await statusOf(write(rig).send({ action: STAT, ref: "r", expected: digest }))).toEqual({
      code: status.alreadyExists,
      details: `blob with expected digest ${digest} exists`,
    });
    expect(readdirSync(join(rig.directory, "ingest"))).toEqual([]);
    expect(await statusOf(write(rig).send({ action: COMMIT, ref: "r", data: Buffer.from("x") }))).toEqual({
      code: status.alreadyExists,
      details: `content ${digest}: already exists`,
    });
  });

  test("a wrong size or digest gives no blob and leaves nothing behind", async () => {
    const rig = await serve();
    const expected = digestOf(Buffer.from("right"));
    const actual = digestOf(Buffer.from("wrong"));
    expect(await statusOf(write(rig).send({ action: COMMIT, ref: "a", data: Buffer.from("wrong"), expected }))).toEqual({
      code: status.failedPrecondition,
      details: `unexpected commit digest ${actual}, expected ${expected}: failed precondition`,
    });
    expect(await statusOf(write(rig).send({ action: COMMIT, ref: "b", data: Buffer.from("wrong"), total: 6n }))).toEqual({
      code: status.failedPrecondition,
      details: "unexpected commit size 5, expected 6: failed precondition",
    });
    expect(readdirSync(join(rig.directory, "ingest"))).toEqual([]);
    expect(existsSync(join(rig.directory, "blobs"))).toBe(false);
  });

  test("bytes go where the blob ends; offset 0 starts over", async () => {
    const rig = await serve();
    const writing = write(rig);
    await writing.send({ action: WRITE, ref: "r", data: Buffer.from("abc") });
    expect(await writing.send({ action: WRITE, offset: 0n, data: Buffer.from("xy") })).toMatchObject({ offset: 2n });
    expect(await statusOf(writing.send({ action: WRITE, offset: 3n, data: Buffer.from("z") }))).toEqual({
      code: status.outOfRange,
      details: "write @3 must occur at current offset 2",
    });
  });

  test("a stream that ends early is gone on with under its name", async () => {
    const rig = await serve();
    const bytes = Buffer.from("in two parts");
    const digest = digestOf(bytes);
    const first = write(rig);
    await first.send({ action: STAT, ref: "r", total: 12n, expected: digest });
    await first.send({ action: WRITE, data: bytes.subarray(0, 6) });
    first.end();
    await first.over();
    const statusCall = rig.engine.unary({
      path: `${service}/Status`,
      request: wire.StatusRequest,
      response: wire.StatusResponse,
      message: { ref: "r" },
      metadata: rig.metadata,
    });
    expect((await statusCall).status).toMatchObject({ ref: "r", offset: 6n, total: 12n });
    const listed = await rig.engine.unary({
      path: `${service}/ListStatuses`,
      request: wire.ListStatusesRequest,
      response: wire.ListStatusesResponse,
      message: { filters: ["ref==r"] },
      metadata: rig.metadata,
    });
    expect(listed.statuses.map(({ ref }) => ref)).toEqual(["r"]);
    const second = write(rig);
    expect(await second.send({ action: STAT, ref: "r", total: 12n, expected: digest })).toMatchObject({ offset: 6n });
    await second.send({ action: WRITE, offset: 6n, data: bytes.subarray(6) });
    expect(await second.send({ action: COMMIT, offset: 12n, total: 12n, expected: digest })).toMatchObject({ digest });
  });

  test("what was left of another size is not gone on with", async () => {
    const rig = await serve();
    const first = write(rig);
    await first.send({ action: WRITE, ref: "r", total: 12n, data: Buffer.from("stale") });
    first.end();
    await first.over();
    expect(await write(rig).send({ action: STAT, ref: "r", total: 3n })).toMatchObject({ offset: 0n, total: 3n });
  });

  test("one writer has a name at a time", async () => {
    const rig = await serve();
    const first = write(rig);
    await first.send({ action: STAT, ref: "r" });
    expect((await statusOf(write(rig).send({ action: STAT, ref: "r" }))).code).toBe(status.unavailable);
    first.end();
    await first.over();
    expect(await write(rig).send({ action: STAT, ref: "r" })).toMatchObject({ offset: 0n });
  });

  test("names of uploads never become paths", async () => {
    const rig = await serve();
    await write(rig).send({ action: COMMIT, ref: "../../../evil/\u0000", data: Buffer.from("x") });
    expect(readdirSync(join(rig.directory, "..")).sort()).toEqual(["layout"]);
  });

  test("the first message needs a name", async () => {
    expect(await statusOf(write(await serve()).send({ action: STAT }))).toEqual({
      code: status.invalidArgument,
      details: "first message must have a reference",
    });
  });
});

describe("removing and updating", () => {
  test("Abort drops an upload, Delete a blob; both know what is missing", async () => {
    const rig = await serve();
    const abort = (ref: string): Promise<unknown> =>
      rig.engine.unary({ path: `${service}/Abort`, request: wire.AbortRequest, response: wire.Empty, message: { ref }, metadata: rig.metadata });
    const remove = (digest: string): Promise<unknown> =>
      rig.engine.unary({ path: `${service}/Delete`, request: wire.DeleteContentRequest, response: wire.Empty, message: { digest }, metadata: rig.metadata });
    const writing = write(rig);
    await writing.send({ action: WRITE, ref: "r", data: Buffer.from("x") });
    writing.end();
    await writing.over();
    await abort("r");
    expect(await statusOf(abort("r"))).toEqual({ code: status.notFound, details: 'ingest ref "r": not found' });
    const digest = put(rig.directory, Buffer.from("x"));
    await remove(digest);
    expect(await statusOf(remove(digest))).toEqual({ code: status.notFound, details: `content ${digest}: not found` });
  });

  test("layouts keep no labels", async () => {
    const rig = await serve();
    const digest = put(rig.directory, Buffer.from("x"));
    const update = rig.engine.unary({
      path: `${service}/Update`,
      request: wire.UpdateRequest,
      response: wire.UpdateResponse,
      message: { info: { digest, size: 0n, createdAt: undefined, updatedAt: undefined, labels: { a: "b" } } },
      metadata: rig.metadata,
    });
    expect(await statusOf(update)).toEqual({
      code: status.failedPrecondition,
      details: "update not supported on immutable content store: failed precondition",
    });
  });
});
