import { once } from "node:events";
import { connect as connectHttp2 } from "node:http2";
import { createServer, connect, type Socket } from "node:net";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { encodeHeaders, HeaderDecoder } from "../../../../src/runner/session/hpack.ts";
import { flag, frameHead, frameType, http2Code, preface, readFrameHead, setting, writeFrameHead } from "../../../../src/runner/session/http2-frame.ts";
import type { Call } from "../../../../src/runner/session/rpc.ts";
import { openSession } from "../../../../src/runner/session/session.ts";
import { temporaryDirectory } from "./rig.ts";

interface Frame {
  readonly type: number;
  readonly flags: number;
  readonly stream: number;
  readonly payload: Buffer;
}

/** A session whose method answers as told, and a bare socket to it. */
async function open(handle: (call: Call) => Promise<void> = () => Promise.resolve()): Promise<Socket> {
  const session = openSession({ id: "s", services: [{ methods: { "/t.T/Call": handle } }] });
  const server = createServer((socket) => void session.serve(socket));
  const path = join(temporaryDirectory(), "s");
  await new Promise<void>((resolve) => server.listen(path, resolve));
  const socket = connect(path);
  onTestFinished(async () => {
    socket.destroy();
    await session.close();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });
  return socket;
}

/** The engine's side, frame by frame. */
class Peer {
  readonly #socket: Socket;
  readonly #frames: Frame[] = [];
  #rest: Buffer = Buffer.alloc(0);
  #closed = false;
  #wake: () => void = () => undefined;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("data", (chunk: Buffer) => this.#receive(chunk));
    socket.on("error", () => undefined);
    socket.on("close", () => {
      this.#closed = true;
      this.#wake();
    });
  }

  raw(bytes: Buffer): this {
    this.#socket.write(bytes);
    return this;
  }

  send(type: number, stream: number, payload: Buffer = Buffer.alloc(0), flags = 0): this {
    const head = Buffer.alloc(frameHead);
    writeFrameHead(head, 0, { length: payload.length, type, flags, stream });
    return this.raw(Buffer.concat([head, payload]));
  }

  request(stream: number, flags: number = flag.endHeaders): this {
    return this.send(frameType.headers, stream, requestBlock, flags);
  }

  /** The next frame of a type; undefined once the connection is closed. */
  async next(type: number): Promise<Frame | undefined> {
    for (;;) {
      const at = this.#frames.findIndex((frame) => frame.type === type);
      if (at >= 0) return this.#frames.splice(at, 1)[0];
      if (this.#closed) return undefined;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  #receive(chunk: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    while (this.#rest.length >= frameHead) {
      const { length, ...head } = readFrameHead(this.#rest, 0);
      if (this.#rest.length < frameHead + length) break;
      this.#frames.push({ ...head, payload: this.#rest.subarray(frameHead, frameHead + length) });
      this.#rest = this.#rest.subarray(frameHead + length);
    }
    this.#wake();
  }
}

const requestBlock = encodeHeaders([
  [":method", "POST"],
  [":scheme", "http"],
  [":path", "/t.T/Call"],
]);
const settings = (...values: readonly (readonly [name: number, value: number])[]): Buffer =>
  Buffer.concat(
    values.map(([name, value]) => {
      const bytes = Buffer.alloc(6);
      bytes.writeUInt16BE(name);
      bytes.writeUInt32BE(value, 2);
      return bytes;
    }),
  );
const uint32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};
const peerOf = async (handle?: (call: Call) => Promise<void>): Promise<Peer> => new Peer(await open(handle)).raw(preface).send(frameType.settings, 0);
const echo = async (call: Call): Promise<void> => {
  for (let batch = await call.read(); batch; batch = await call.read()) for (const message of batch) call.writer.message(message);
};
const message = (payload: Buffer): Buffer => Buffer.concat([Buffer.of(0), uint32(payload.length), payload]);
const pairs = (headers: readonly string[]): readonly string[] => headers.flatMap((name, i) => (i % 2 === 0 ? `${name}: ${headers[i + 1] ?? ""}` : []));

describe("header blocks", () => {
  test("the examples of the standard, plain and compressed", () => {
    const decoder = new HeaderDecoder();
    const decode = (hex: string): readonly string[] => pairs(decoder.decode(Buffer.from(hex, "hex")));
    const first = [":method: GET", ":scheme: http", ":path: /", ":authority: www.example.com"];
    expect(decode("828684418cf1e3c2e5f23a6ba0ab90f4ff")).toEqual(first);
    expect(decode("828684be5886a8eb10649cbf")).toEqual([...first, "cache-control: no-cache"]);
    expect(decode("828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf")).toEqual([
      ":method: GET",
      ":scheme: https",
      ":path: /index.html",
      ":authority: www.example.com",
      "custom-key: custom-value",
    ]);
    expect(pairs(new HeaderDecoder().decode(Buffer.from("400a637573746f6d2d6b65790d637573746f6d2d686561646572", "hex")))).toEqual([
      "custom-key: custom-header",
    ]);
  });

  test("entries that do not fit are forgotten", () => {
    const decoder = new HeaderDecoder();
    const remembered = (name: string, value: string): Buffer => Buffer.concat([Buffer.of(0x40), encodeHeaders([[name, value]]).subarray(1)]);
    decoder.decode(remembered("a", "1"));
    decoder.decode(remembered("b", "2"));
    expect(pairs(decoder.decode(Buffer.of(0xbe, 0xbf)))).toEqual(["b: 2", "a: 1"]);
    // Room for one entry of two characters and its overhead.
    expect(pairs(decoder.decode(Buffer.of(0x3f, 0x03, 0xbe)))).toEqual(["b: 2"]);
    expect(() => decoder.decode(Buffer.of(0xbf))).toThrow("no header at index 63");
  });

  test("what is encoded here is what is decoded here", () => {
    const long = "é".repeat(300);
    expect(
      pairs(
        new HeaderDecoder().decode(
          encodeHeaders([
            ["x", ""],
            ["long", long],
            ["exact", "y".repeat(127)],
          ]),
        ),
      ),
    ).toEqual(["x: ", `long: ${long}`, `exact: ${"y".repeat(127)}`]);
  });

  test.each(["80", "ff8080808080", "40", "4001", "400561", "0085ffffffffff", "0081fe", "3fffffff7f", "7fff"])("%s is none", (hex) => {
    expect(() => new HeaderDecoder().decode(Buffer.from(hex, "hex"))).toThrow();
  });
});

describe("requests", () => {
  test("headers of many frames, names repeated thousands of times", async () => {
    let seen: readonly string[] = [];
    const socket = await open((call) => {
      seen = call.metadata.all("exclude-patterns");
      return Promise.resolve();
    });
    const patterns = Array.from({ length: 20_000 }, (_, i) => `**/pattern, number ${i}`);
    const client = connectHttp2("http://localhost", { createConnection: () => socket, maxSendHeaderBlockLength: 1 << 24 });
    const stream = client.request({ ":method": "POST", ":path": "/t.T/Call", "exclude-patterns": patterns });
    stream.resume();
    stream.end();
    await once(stream, "close");
    client.close();
    expect(seen).toEqual(patterns);
  });

  test("padding, priorities and unknown frames are passed over", async () => {
    const peer = await peerOf(echo);
    const padding = Buffer.alloc(3);
    peer.send(0x77, 0, Buffer.from("unknown"));
    peer.send(frameType.priority, 1, Buffer.alloc(5));
    peer.send(frameType.headers, 1, Buffer.concat([Buffer.of(3), Buffer.alloc(5), requestBlock, padding]), flag.endHeaders | flag.padded | flag.priority);
    peer.send(frameType.data, 1, Buffer.concat([Buffer.of(3), message(Buffer.from("hi")), padding]), flag.padded | flag.endStream);
    expect((await peer.next(frameType.data))?.payload).toEqual(message(Buffer.from("hi")));
  });

  test("pings are answered with what they hold, answers are not", async () => {
    const peer = await peerOf();
    peer.send(frameType.ping, 0, Buffer.from("answered"), flag.ack).send(frameType.ping, 0, Buffer.from("12345678"));
    expect(await peer.next(frameType.ping)).toEqual({ type: frameType.ping, flags: flag.ack, stream: 0, payload: Buffer.from("12345678") });
  });

  test("data of a call that is over is passed over, and the connection stays", async () => {
    const peer = await peerOf();
    peer.request(1);
    await peer.next(frameType.headers);
    expect(((await peer.next(frameType.headers))?.flags ?? 0) & flag.endStream).toBe(flag.endStream);
    peer
      .send(frameType.data, 1, Buffer.alloc(100))
      .send(frameType.reset, 1, uint32(http2Code.cancel))
      .send(frameType.data, 1, Buffer.alloc(100))
      .send(frameType.ping, 0, Buffer.alloc(8));
    expect(await peer.next(frameType.ping)).toBeDefined();
  });
});

describe("windows", () => {
  const sizes = async (peer: Peer, count: number): Promise<readonly number[]> => {
    const found: number[] = [];
    for (let sum = 0; sum < count; ) {
      const length = (await peer.next(frameType.data))?.payload.length ?? Number.NaN;
      found.push(length);
      sum += length;
    }
    return found;
  };
  const send =
    (bytes: number) =>
    (call: Call): Promise<void> => {
      call.writer.message(Buffer.alloc(bytes - 5));
      return Promise.resolve();
    };

  test("no more is sent than a stream's window allows", async () => {
    const peer = new Peer(await open(send(100))).raw(preface).send(frameType.settings, 0, settings([setting.initialWindowSize, 30]));
    peer.request(1, flag.endHeaders | flag.endStream);
    expect(await sizes(peer, 30)).toEqual([30]);
    peer.send(frameType.windowUpdate, 1, uint32(20));
    expect(await sizes(peer, 20)).toEqual([20]);
    // A new initial size counts for streams that are open.
    peer.send(frameType.settings, 0, settings([setting.initialWindowSize, 1000]));
    expect(await sizes(peer, 50)).toEqual([50]);
    await peer.next(frameType.headers);
    expect((await peer.next(frameType.headers))?.flags).toBe(flag.endHeaders | flag.endStream);
  });

  test("no more is sent than the connection's window allows; another stream's end needs no window", async () => {
    const peer = new Peer(await open((call) => (call.metadata.get("empty") === undefined ? send(100_000)(call) : Promise.resolve()))).raw(preface);
    peer.send(frameType.settings, 0, settings([setting.initialWindowSize, 1_000_000]));
    peer.request(1, flag.endHeaders | flag.endStream);
    expect(Math.max(...(await sizes(peer, 65_535)))).toBe(16_384);
    peer.send(frameType.headers, 3, Buffer.concat([requestBlock, encodeHeaders([["empty", "1"]])]), flag.endHeaders | flag.endStream);
    const ended: number[] = [];
    for (let i = 0; i < 3; i++) ended.push((await peer.next(frameType.headers))?.stream ?? 0);
    expect(ended).toEqual([1, 3, 3]);
    peer.send(frameType.windowUpdate, 0, uint32(1_000_000));
    await sizes(peer, 100_000 - 65_535);
    expect((await peer.next(frameType.headers))?.flags).toBe(flag.endHeaders | flag.endStream);
  });

  test("streams take turns", async () => {
    const peer = new Peer(await open(send(3_000_000))).raw(preface).send(frameType.settings, 0, settings([setting.initialWindowSize, 2 ** 31 - 1]));
    peer
      .send(frameType.windowUpdate, 0, uint32(2 ** 30))
      .request(1, flag.endHeaders | flag.endStream)
      .request(3, flag.endHeaders | flag.endStream);
    const order: number[] = [];
    while (order.length < 300) order.push((await peer.next(frameType.data))?.stream ?? 0);
    expect(order.slice(0, 150)).toContain(3);
    expect(order.slice(150)).toContain(1);
  });

  test("what is read is credited, what is not read is not", async () => {
    const peer = await peerOf(() => new Promise(() => undefined));
    peer.request(1);
    // 300,000 messages that nobody reads: more than the call holds for its reader.
    const block = Buffer.concat(Array.from({ length: 3000 }, () => message(Buffer.alloc(0))));
    for (let sent = 0; sent + block.length <= 1024 * 1024; sent += block.length) peer.send(frameType.data, 1, block);
    peer.send(frameType.ping, 0, Buffer.alloc(8));
    await peer.next(frameType.ping);
    const credited: number[] = [];
    for (;;) {
      peer.send(frameType.ping, 0, Buffer.alloc(8));
      const [update] = await Promise.race([peer.next(frameType.windowUpdate).then((frame) => [frame]), peer.next(frameType.ping).then(() => [undefined])]);
      if (!update) break;
      if (update.stream === 1) credited.push(update.payload.readUInt32BE());
    }
    expect(credited.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThan(1024 * 1024);
  });
});

describe("a peer that breaks the protocol", () => {
  const cases: readonly [title: string, code: number, act: (peer: Peer) => unknown][] = [
    ["a frame that is too large", http2Code.frameSize, (peer) => peer.send(frameType.data, 1, Buffer.alloc(16_385))],
    ["data of a stream that is not open", http2Code.protocol, (peer) => peer.send(frameType.data, 5, Buffer.from("x"))],
    ["data of the connection itself", http2Code.protocol, (peer) => peer.send(frameType.data, 0, Buffer.from("x"))],
    ["headers of a stream with an even number", http2Code.protocol, (peer) => peer.request(2)],
    ["a header block that is interrupted", http2Code.protocol, (peer) => peer.request(1, 0).send(frameType.ping, 0, Buffer.alloc(8))],
    ["a header block that goes on for another stream", http2Code.protocol, (peer) => peer.request(1, 0).send(frameType.continuation, 3, Buffer.alloc(0))],
    ["a continuation of nothing", http2Code.protocol, (peer) => peer.send(frameType.continuation, 1, Buffer.alloc(0))],
    ["padding that is longer than its frame", http2Code.protocol, (peer) => peer.send(frameType.headers, 1, Buffer.of(9, 1), flag.endHeaders | flag.padded)],
    ["a broken header block", http2Code.compression, (peer) => peer.send(frameType.headers, 1, Buffer.of(0xff, 0xff), flag.endHeaders)],
    ["settings of a wrong size", http2Code.frameSize, (peer) => peer.send(frameType.settings, 0, Buffer.alloc(5))],
    ["a window that is too large", http2Code.flowControl, (peer) => peer.send(frameType.settings, 0, settings([setting.initialWindowSize, 2 ** 31]))],
    ["a window update of nothing", http2Code.protocol, (peer) => peer.send(frameType.windowUpdate, 0, uint32(0))],
    ["a window update that overflows", http2Code.flowControl, (peer) => peer.send(frameType.windowUpdate, 0, uint32(2 ** 31 - 1))],
    ["a ping of a wrong size", http2Code.frameSize, (peer) => peer.send(frameType.ping, 0, Buffer.alloc(7))],
    ["a push", http2Code.protocol, (peer) => peer.send(frameType.push, 1, Buffer.alloc(4))],
    ["a reset of a stream that is not open", http2Code.protocol, (peer) => peer.send(frameType.reset, 1, uint32(0))],
    [
      "data behind the end of a stream",
      http2Code.streamClosed,
      (peer) => peer.send(frameType.data, 7, Buffer.alloc(0), flag.endStream).send(frameType.data, 7, Buffer.from("x")),
    ],
    [
      "more data than the window allows",
      http2Code.flowControl,
      (peer) => {
        for (let i = 0; i < 140; i++) peer.send(frameType.data, 7, Buffer.concat([Buffer.of(0, 0, 0, 0, 0), Buffer.alloc(16_379)]));
      },
    ],
  ];

  test.each(cases)("%s ends the connection", async (_title, code, act) => {
    const peer = await peerOf(() => new Promise(() => undefined));
    // A call that is open, for what needs one.
    if (/behind the end|more data/.test(_title)) peer.request(7);
    act(peer);
    const farewell = await peer.next(frameType.goAway);
    expect(farewell?.payload.readUInt32BE(4)).toBe(code);
    expect(await peer.next(-1)).toBeUndefined();
  });

  test("one that does not speak HTTP/2", async () => {
    const peer = new Peer(await open()).raw(Buffer.from("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"));
    expect((await peer.next(frameType.goAway))?.payload.readUInt32BE(4)).toBe(http2Code.protocol);
    expect(await peer.next(-1)).toBeUndefined();
  });

  test("random bytes end the connection or are waited on, and never break the process", async () => {
    let state = 12_345;
    const random = (limit: number): number => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      return Math.floor((state / 2 ** 32) * limit);
    };
    for (let run = 0; run < 60; run++) {
      const peer = await peerOf(echo);
      for (let i = 0; i < 20; i++) {
        const payload = Buffer.from(Array.from({ length: random(40) }, () => random(256)));
        if (random(4) === 0) peer.request(1 + 2 * random(5), random(256));
        else peer.send(random(11), random(6), payload, random(256));
      }
      peer.raw(Buffer.from(Array.from({ length: random(30) }, () => random(256))));
      await Promise.race([peer.next(frameType.goAway), peer.send(frameType.ping, 0, Buffer.alloc(8)).next(frameType.ping), peer.next(frameType.settings)]);
    }
  });
});
