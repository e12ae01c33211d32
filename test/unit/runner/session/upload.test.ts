import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { decodeBytesMessage } from "../../../../src/runner/buildkit/bytes-message.ts";
import { status } from "../../../../src/runner/buildkit/errors.ts";
import { upload } from "../../../../src/runner/session/upload.ts";
import { collect, engineFor, statusOf, type Engine } from "./rig.ts";

const pull = async (engine: Engine, urlpath: string): Promise<readonly Uint8Array[]> => {
  const stream = engine.stream("/moby.upload.v1.Upload/Pull", { urlpath, urlhost: "buildkit-session" });
  stream.end();
  return (await collect(stream)).map(decodeBytesMessage);
};

test("a stream is sent in pieces that every engine takes", async () => {
  const bytes = Buffer.alloc(7 * 1024 * 1024 + 5, "abcdefg");
  const engine = await engineFor(upload({ streams: new Map([["id1", () => Readable.from([bytes.subarray(0, 10), bytes.subarray(10)])]]) }));
  const pieces = await pull(engine, "/id1");
  expect(Buffer.concat(pieces).equals(bytes)).toBe(true);
  expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThanOrEqual(3 * 1024 * 1024);
});

test("an empty stream is an answer", async () => {
  const engine = await engineFor(upload({ streams: new Map([["id1", () => Readable.from([])]]) }));
  expect(await pull(engine, "/id1")).toEqual([]);
});

test("each stream can be pulled once, and only by its id", async () => {
  const engine = await engineFor(upload({ streams: new Map([["id1", () => Readable.from([Buffer.from("x")])]]) }));
  await pull(engine, "/id1");
  expect(await statusOf(pull(engine, "/id1"))).toEqual({ code: status.unknown, details: "no http response from session for id1" });
  expect((await statusOf(pull(engine, "/id2"))).details).toBe("no http response from session for id2");
});

test("a stream that breaks fails the call", async () => {
  async function* broken(): AsyncGenerator<Buffer> {
    yield Buffer.from("half");
    await Promise.reject(new Error("disk gone"));
  }
  const engine = await engineFor(upload({ streams: new Map([["id1", () => Readable.from(broken())]]) }));
  expect(await statusOf(pull(engine, "/id1"))).toEqual({ code: status.unknown, details: "disk gone" });
});

test("a call that is cancelled closes the stream", async () => {
  let closed: () => void;
  const over = new Promise<void>((resolve) => {
    closed = resolve;
  });
  const endless = new Readable({
    read() {
      this.push(Buffer.alloc(64 * 1024));
    },
    destroy(_error, callback) {
      closed();
      callback(null);
    },
  });
  const engine = await engineFor(upload({ streams: new Map([["id1", () => endless]]) }));
  const stream = engine.stream("/moby.upload.v1.Upload/Pull", { urlpath: "/id1" });
  stream.on("error", () => undefined);
  stream.once("data", () => stream.cancel());
  await over;
});
