import { once } from "node:events";
import { createServer, type Http2Server, type IncomingHttpHeaders, type ServerHttp2Stream } from "node:http2";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { describe, expect, onTestFinished, test } from "vitest";
import { decodeBytesMessage, encodeBytesMessage } from "../../../../src/runner/buildkit/bytes-message.ts";
import { DirectTunnels } from "../../../../src/runner/session/direct-tunnel.ts";
import { FrameReader } from "../../../../src/runner/session/frame-reader.ts";
import { temporaryDirectory } from "./rig.ts";

interface Rig {
  readonly tunnels: DirectTunnels;
  /** Connections made so far. */
  readonly dialled: readonly Socket[];
}

/** An engine whose Control.Session is handled as told, and tunnels to it. */
async function engine(handle: (stream: ServerHttp2Stream, raw: readonly string[]) => void, maxConcurrentStreams?: number): Promise<Rig> {
  const server: Http2Server = createServer({ settings: maxConcurrentStreams === undefined ? {} : { maxConcurrentStreams } });
  server.on("stream", (stream: ServerHttp2Stream, _headers: IncomingHttpHeaders, _flags: number, raw: readonly string[]) => {
    stream.on("error", () => undefined);
    handle(stream, raw);
  });
  const sessions = new Set<{ destroy(): void }>();
  server.on("session", (session) => sessions.add(session));
  const path = join(temporaryDirectory(), "s");
  await new Promise<void>((resolve) => server.listen(path, resolve));
  onTestFinished(() => {
    for (const session of sessions) session.destroy();
    return new Promise<void>((resolve) => server.close(() => resolve()));
  });
  const dialled: Socket[] = [];
  const dial = async (): Promise<Duplex> => {
    const socket = connect(path);
    dialled.push(socket);
    await once(socket, "connect");
    return socket;
  };
  return { tunnels: new DirectTunnels({ dial, authority: "localhost" }), dialled };
}

const answer = (stream: ServerHttp2Stream, status = "0", message = ""): void => {
  stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
  stream.once("wantTrailers", () => stream.sendTrailers({ "grpc-status": status, "grpc-message": message }));
};

const frame = (bytes: Buffer): Buffer => {
  const message = encodeBytesMessage(bytes);
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
};

async function readAll(stream: Duplex): Promise<Buffer> {
  return Buffer.concat((await stream.toArray()) as Buffer[]);
}

describe("a tunnel", () => {
  test("carries bytes both ways, in messages of bytes, and tells the session's headers one by one", async () => {
    let seen: readonly string[] = [];
    const { tunnels } = await engine((stream, raw) => {
      seen = raw;
      answer(stream);
      const reader = new FrameReader();
      stream.on("data", (chunk: Buffer) => {
        const messages: Buffer[] = [];
        reader.push(chunk, messages);
        for (const message of messages) stream.write(frame(Buffer.from(decodeBytesMessage(message))));
      });
      stream.on("end", () => stream.end());
    });
    const tunnel = await tunnels.open([
      ["X-Docker-Expose-Session-Uuid", "id"],
      ["X-Docker-Expose-Session-Grpc-Method", "/a"],
      ["X-Docker-Expose-Session-Grpc-Method", "/b"],
    ]);
    const sent = Buffer.alloc(3_000_000, "0123456789");
    const back = readAll(tunnel);
    tunnel.write(sent.subarray(0, 10));
    tunnel.end(sent.subarray(10));
    expect((await back).equals(sent)).toBe(true);
    const methods = seen.filter((_value, i) => seen[i - 1] === "x-docker-expose-session-grpc-method");
    expect(methods).toEqual(["/a", "/b"]);
    expect(seen[seen.indexOf(":path") + 1]).toBe("/moby.buildkit.v1.Control/Session");
  });

  test("that the engine refuses ends with what it says", async () => {
    const { tunnels } = await engine((stream) =>
      stream.respond({ ":status": 200, "grpc-status": "8", "grpc-message": "too%20many sessions" }, { endStream: true }),
    );
    const tunnel = await tunnels.open([]);
    const [error] = (await once(tunnel, "error")) as [Error];
    expect(error.message).toBe("too many sessions");
  });

  test("that breaks ends with an error", async () => {
    const { tunnels, dialled } = await engine((stream) => {
      answer(stream);
      stream.write(frame(Buffer.from("x")));
    });
    const tunnel = await tunnels.open([]);
    const failed = once(tunnel, "error");
    await once(tunnel, "data");
    dialled[0]?.destroy();
    await failed;
    expect(tunnel.destroyed).toBe(true);
  });

  test("closes although the engine goes on sending", async () => {
    const { tunnels } = await engine((stream) => {
      answer(stream);
      const block = frame(Buffer.alloc(100_000));
      const more = (): void => {
        while (!stream.destroyed && stream.write(block));
      };
      stream.on("drain", more);
      more();
    });
    const tunnel = await tunnels.open([]);
    await once(tunnel, "data");
    tunnel.destroy();
    await once(tunnel, "close");
  });
});

describe("connections", () => {
  test("are shared by as many tunnels as the engine allows, and used again", async () => {
    const { tunnels, dialled } = await engine((stream) => {
      answer(stream);
      stream.resume();
      stream.on("end", () => stream.end());
    }, 2);
    const first = await tunnels.open([]);
    first.resume();
    // The engine's limit is known once it has answered.
    first.write("x");
    await new Promise<void>((resolve) => setImmediate(resolve));
    const more = await Promise.all([tunnels.open([]), tunnels.open([])]);
    expect(dialled.length).toBeLessThanOrEqual(2);
    for (const tunnel of [first, ...more]) {
      tunnel.resume();
      tunnel.end();
      await once(tunnel, "close");
    }
    const count = dialled.length;
    const again = await tunnels.open([]);
    expect(dialled).toHaveLength(count);
    again.resume();
    again.end();
    await once(again, "close");
  });

  test("that cannot be made fail the tunnel", async () => {
    const tunnels = new DirectTunnels({ dial: () => Promise.reject(new Error("no engine there")), authority: "localhost" });
    await expect(tunnels.open([])).rejects.toThrow("no engine there");
  });
});
