import { createServer, type Http2Server } from "node:http2";
import { connect, type AddressInfo, type Socket } from "node:net";
import { Client, type Channel } from "@grpc/grpc-js";
import { afterEach, describe, expect, test } from "vitest";
import type { Driver } from "../../../src/runner/engine/driver.ts";
import { ConnectionPool } from "../../../src/runner/engine/pool.ts";

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** An HTTP/2 server that answers every gRPC call with the bytes it got, and counts its connections. */
async function echoServer(maxConcurrentStreams?: number): Promise<{ port: number; connections: () => number }> {
  let connections = 0;
  const server: Http2Server = createServer(maxConcurrentStreams === undefined ? {} : { settings: { maxConcurrentStreams } });
  server.on("session", () => connections++);
  server.on("stream", (stream) => {
    const chunks: Buffer[] = [];
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    stream.on("end", () => {
      stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
      stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
      stream.end(Buffer.concat(chunks));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(() => server.close());
  return { port: (server.address() as AddressInfo).port, connections: () => connections };
}

function driverTo(port: number, extra: Partial<Driver> = {}): Driver {
  const dial = (): Promise<Socket> =>
    new Promise((resolve, reject) => {
      const socket = connect(port, "127.0.0.1", () => resolve(socket)).once("error", reject);
    });
  return { name: "remote", endpoint: `tcp://127.0.0.1:${port}`, authority: "localhost", dial, probeSettings: true, ...extra };
}

async function openPool(driver: Driver): Promise<ConnectionPool> {
  const pool = await ConnectionPool.open(driver);
  closers.push(() => pool.close());
  return pool;
}

function echo(channel: Channel, text: string): Promise<string> {
  const client = new Client("unused", undefined as never, { channelOverride: channel });
  return new Promise((resolve, reject) => {
    const identity = (data: Buffer): Buffer => data;
    client.makeUnaryRequest("/echo", identity, identity, Buffer.from(text), (error, answer) =>
      error ? reject(error) : resolve((answer ?? Buffer.alloc(0)).toString()),
    );
  });
}

describe("connection pool", () => {
  test("grpc-js speaks on the stream that the driver dialled", async () => {
    const server = await echoServer();
    const pool = await openPool(driverTo(server.port));
    expect(await echo(pool.channel, "hello")).toBe("hello");
    // One connection read the settings, one carries the calls.
    expect(server.connections()).toBe(2);
  });

  test("a connection takes builds up to the peer's stream limit less a reserve, then another is opened", async () => {
    const { port } = await echoServer(250);
    const pool = await openPool(driverTo(port, { attachSession: () => Promise.reject(new Error("not used")) }));
    expect(pool.buildsPerConnection).toBe(60);
    for (let i = 0; i < 60; i++) pool.lease(1);
    expect(pool.size).toBe(1);
    const [last] = pool.lease(1);
    expect(pool.size).toBe(2);
    last?.release();
    last?.release();
    for (let i = 0; i < 60; i++) pool.lease(1);
    expect(pool.size).toBe(2);
  });

  test("a tunnelled session counts as a stream", async () => {
    const { port } = await echoServer(100);
    expect((await openPool(driverTo(port))).buildsPerConnection).toBe(18);
  });

  test("a linked group goes to one connection that has room for all of it", async () => {
    const { port } = await echoServer(250);
    const pool = await openPool(driverTo(port));
    pool.lease(40);
    const channels = new Set(pool.lease(20).map(({ channel }) => channel));
    expect(channels.size).toBe(1);
    expect(pool.size).toBe(2);
  });

  test("a group larger than a connection is spread, all members at once", async () => {
    const { port } = await echoServer(100);
    const pool = await openPool(driverTo(port));
    expect(pool.lease(40)).toHaveLength(40);
    expect(pool.size).toBe(3);
  });

  test("a refused engine is one clear error", async () => {
    const refused = driverTo(1);
    await expect(ConnectionPool.open(refused)).rejects.toThrow("ECONNREFUSED");
  });
});
