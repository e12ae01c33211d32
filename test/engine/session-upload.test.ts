/** A context from a stream of the client: the engine pulls it once, by its id. */
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { nodeHost } from "../../src/node-host.ts";
import { attachSession } from "../../src/runner/attach-session.ts";
import { ControlClient } from "../../src/runner/buildkit/client.ts";
import { newId } from "../../src/runner/buildkit/id.ts";
import { connect } from "../../src/runner/connect.ts";
import { fileSend } from "../../src/runner/session/file-send.ts";
import { openSession } from "../../src/runner/session/session.ts";
import { upload } from "../../src/runner/session/upload.ts";
import { describeEngines, temporaryFolder } from "./rig.ts";

function archive(): Buffer {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "Dockerfile"), "FROM scratch\nCOPY data /\n");
  mkdirSync(join(folder, "data"));
  writeFileSync(join(folder, "data/big"), Buffer.alloc(9_000_000, "0123456789"));
  return execFileSync("tar", ["cf", "-", "-C", folder, "."], { maxBuffer: 1 << 26 });
}

describeEngines("uploads", ["dockerd", "buildkitd"], (engine) => {
  test.each([
    ["an archive", (bytes: Buffer) => bytes],
    ["a compressed archive", (bytes: Buffer) => gzipSync(bytes)],
  ])("%s is a context", async (_title, pack) => {
    const bytes = pack(archive());
    const out = join(temporaryFolder(), "out");
    const host = { ...nodeHost(), env: { ...engine.env, PATH: process.env["PATH"] }, home: temporaryFolder() };
    await using builder = await connect({ host });
    await builder.prepare({ platforms: [[]] });
    const [lease] = builder.lease([0]);
    if (!lease) throw new Error("no connection");
    const streams = new Map([["stream1", () => Readable.from([bytes.subarray(0, 1000), bytes.subarray(1000)])]]);
    const session = openSession({
      id: newId(),
      services: [upload({ streams }), fileSend({ exporters: new Map([[0, { kind: "directory", path: out, mode: "copy" }]]) })],
    });
    await attachSession(session, lease);
    const exporter = { type: "local", attributes: {} };
    const frontendAttributes = { context: "http://buildkit-session/stream1" };
    const nothing = { cacheExports: [], cacheImports: [], entitlements: [] };
    await new ControlClient(lease.channel).solve({
      ref: newId(),
      session: session.id,
      frontend: "dockerfile.v0",
      frontendAttributes,
      exporters: [exporter],
      ...nothing,
    });
    await session.close();
    lease.release();
    expect(readFileSync(join(out, "big")).length).toBe(9_000_000);
  });
});
