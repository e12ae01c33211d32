import { describe, expect, test } from "vitest";
import { Packet, Stat } from "../../../../src/runner/buildkit/wire/fsutil.ts";
import { encodeBytesMessage } from "../../../../src/runner/buildkit/bytes-message.ts";
import { BytesReader } from "../../../../src/runner/session/bytes-reader.ts";
import { FrameReader } from "../../../../src/runner/session/frame-reader.ts";
import { FrameWriter } from "../../../../src/runner/session/frame-writer.ts";
import { packetType, readPacket, writeData, writeEnd, writeError, writeFin, writeRequest, writeStat } from "../../../../src/runner/session/packet.ts";
import { RequestMetadata } from "../../../../src/runner/session/rpc.ts";

/** What a writer has sent, message by message. */
function written(write: (writer: FrameWriter) => void): readonly Buffer[] {
  const chunks: Buffer[] = [];
  const writer = new FrameWriter({
    write: (bytes, taken) => {
      chunks.push(Buffer.from(bytes));
      taken();
    },
  });
  write(writer);
  writer.flush();
  const found: Buffer[] = [];
  const reader = new FrameReader();
  for (const chunk of chunks) reader.push(chunk, found);
  expect(reader.partial).toBe(false);
  return found;
}

describe("packets", () => {
  const stat = { path: "a/b", mode: 0o644, size: 5, modTime: 1_600_000_000_123_456_789n, linkname: "", devmajor: 0, devminor: 0 };

  test.each([
    ["an ordinary file", stat],
    ["an empty path and zeros", { ...stat, path: "", mode: 0, size: 0, modTime: 0n }],
    ["all bits of a mode", { ...stat, mode: 0xffffffff }],
    ["a size beyond 32 bits", { ...stat, size: 2 ** 40 + 7 }],
    ["a time before the epoch", { ...stat, modTime: -1n }],
    ["times around every length", { ...stat, modTime: 127n }],
    ["a time of two bytes", { ...stat, modTime: 128n }],
    ["a time at the seam of its halves", { ...stat, modTime: 2n ** 28n }],
    ["a time below the seam", { ...stat, modTime: 2n ** 28n - 1n }],
    ["a long path beyond ASCII", { ...stat, path: "ü/".repeat(300) }],
    ["a link", { ...stat, linkname: "../ß", mode: 0x08000000 + 0o777 }],
    ["a device", { ...stat, devmajor: 300, devminor: 70_000, mode: 0x04000000 }],
  ])("STAT of %s is what the generated codec writes", (_title, value) => {
    const [bytes = Buffer.alloc(0)] = written((writer) => writeStat(writer, value));
    const { modTime, size, devmajor, devminor, ...rest } = value;
    const expected = Stat.create({ ...rest, modTime: BigInt.asIntN(64, modTime), size: BigInt(size), devmajor: BigInt(devmajor), devminor: BigInt(devminor) });
    expect(Packet.decode(bytes)).toEqual(Packet.create({ type: packetType.stat, stat: expected }));
  });

  test("the other kinds are what the generated codec writes", () => {
    const [end, request, data, last, fin, error] = written((writer) => {
      writeEnd(writer);
      writeRequest(writer, 300);
      writeData(writer, 7, Buffer.from("data"));
      writeData(writer, 0, Buffer.alloc(0));
      writeFin(writer);
      writeError(writer, "nö");
    });
    const decoded = [end, request, data, last, fin, error].map((bytes) => Packet.decode(bytes ?? Buffer.alloc(0)));
    expect(decoded.map(({ type, id, data: bytes }) => [type, id, Buffer.from(bytes).toString()])).toEqual([
      [packetType.stat, 0, ""],
      [packetType.request, 300, ""],
      [packetType.data, 7, "data"],
      [packetType.data, 0, ""],
      [packetType.fin, 0, ""],
      [packetType.error, 0, "nö"],
    ]);
  });

  test("reading gives what the generated codec wrote", () => {
    const read = (fields: Partial<Packet>): unknown => {
      const { type, id, data, stat: found } = readPacket(Packet.encode(Packet.create(fields)).finish());
      return { type, id, data: Buffer.from(data).toString(), stat: found?.path };
    };
    expect(read({ type: packetType.request, id: 2 ** 32 - 1 })).toEqual({ type: packetType.request, id: 2 ** 32 - 1, data: "", stat: undefined });
    expect(read({ type: packetType.data, id: 5, data: Buffer.alloc(200, "x") })).toEqual({
      type: packetType.data,
      id: 5,
      data: "x".repeat(200),
      stat: undefined,
    });
    expect(read({ type: packetType.stat, stat: Stat.create({ path: "p" }) })).toEqual({ type: packetType.stat, id: 0, data: "", stat: "p" });
    expect(read({})).toEqual({ type: packetType.stat, id: 0, data: "", stat: undefined });
  });

  test.each(["22", "2205", "22ff", "18", "1880808080808080", "08ffffffffffffffff"])("%s is cut off", (hex) => {
    expect(() => readPacket(Buffer.from(hex, "hex"))).toThrow();
  });
});

describe("messages in frames", () => {
  test("arrive the same however they are cut", () => {
    const sizes = [0, 1, 70, 0, 3000, 2];
    const stream = Buffer.concat(sizes.map((size, i) => Buffer.concat([Buffer.of(0, 0, 0, size >> 8, size & 0xff), Buffer.alloc(size, i)])));
    for (const piece of [1, 2, 3, 4, 5, 6, 7, 75, 1000, 5000]) {
      const reader = new FrameReader();
      const found: Buffer[] = [];
      for (let at = 0; at < stream.length; at += piece) reader.push(stream.subarray(at, at + piece), found);
      expect(found.map(({ length }) => length)).toEqual(sizes);
      expect(found.every((bytes, i) => bytes.every((byte) => byte === i))).toBe(true);
      expect(reader.partial).toBe(false);
    }
  });

  test("that are compressed or too large are refused", () => {
    expect(() => new FrameReader().push(Buffer.of(1, 0, 0, 0, 0), [])).toThrow("compressed messages are not supported");
    expect(() => new FrameReader().push(Buffer.of(0, 0x7f, 0, 0, 0), [])).toThrow("larger than");
  });

  test("small ones leave together, also when the sink keeps their memory", () => {
    const kept: { bytes: Uint8Array; copy: Buffer; taken: () => void }[] = [];
    const writer = new FrameWriter({ write: (bytes, taken) => void kept.push({ bytes, copy: Buffer.from(bytes), taken }) });
    for (let i = 0; i < 30_000; i++) writer.message(Buffer.of(i & 0xff));
    writer.flush();
    expect(kept.length).toBeLessThan(5);
    // Nothing that was handed over has changed since.
    expect(kept.every(({ bytes, copy }) => copy.equals(bytes))).toBe(true);
    for (const { taken } of kept) taken();
    writer.message(Buffer.from("again"));
    writer.flush();
    expect(kept.at(-1)?.copy.subarray(5).toString()).toBe("again");
  });

  test("a writer is full until its sink has taken enough, or is gone", async () => {
    const kept: (() => void)[] = [];
    const writer = new FrameWriter({ write: (_bytes, taken) => void kept.push(taken) });
    for (let i = 0; i < 20; i++) writer.raw(Buffer.alloc(100_000));
    expect(writer.full).toBe(true);
    let drained = false;
    const waiting = writer.drained().then(() => {
      drained = true;
    });
    for (const taken of kept.splice(0, 5)) taken();
    await Promise.resolve();
    expect(drained).toBe(false);
    for (const taken of kept.splice(0)) taken();
    await waiting;
    for (let i = 0; i < 20; i++) writer.raw(Buffer.alloc(100_000));
    const last = writer.drained();
    writer.close();
    await last;
    expect(writer.full).toBe(false);
  });
});

describe("bytes in messages", () => {
  const framed = (data: Buffer): Buffer => {
    const message = encodeBytesMessage(data);
    const prefix = Buffer.alloc(5);
    prefix.writeUInt32BE(message.length, 1);
    return Buffer.concat([prefix, message]);
  };

  test("arrive the same however they are cut, without empty pieces", () => {
    const sizes = [0, 1, 127, 128, 16_383, 16_384, 0, 70_000];
    const all = Buffer.concat(sizes.map((size, i) => Buffer.alloc(size, i + 1)));
    const stream = Buffer.concat(sizes.map((size, i) => framed(Buffer.alloc(size, i + 1))));
    for (const piece of [1, 2, 3, 5, 6, 7, 8, 9, 10, 100, 16_384, 1_000_000]) {
      const reader = new BytesReader();
      const found: Buffer[] = [];
      for (let at = 0; at < stream.length; at += piece) reader.push(stream.subarray(at, at + piece), found);
      expect(Buffer.concat(found).equals(all)).toBe(true);
      expect(found.every(({ length }) => length > 0)).toBe(true);
      expect(reader.partial).toBe(false);
    }
  });

  test("that end inside a message are known to", () => {
    const reader = new BytesReader();
    const bytes = framed(Buffer.from("abc"));
    reader.push(bytes.subarray(0, 3), []);
    expect(reader.partial).toBe(true);
    reader.push(bytes.subarray(3, 8), []);
    expect(reader.partial).toBe(true);
    reader.push(bytes.subarray(8), []);
    expect(reader.partial).toBe(false);
  });

  test.each(["0000000002100a", "00000000040a010141", "00000000030a0541", "01000000030a0141", "007f000000", "00000000070a80808080808001"])(
    "%s is refused",
    (hex) => {
      expect(() => new BytesReader().push(Buffer.from(hex, "hex"), [])).toThrow();
    },
  );
});

test("request metadata keep every value of a name", () => {
  const metadata = new RequestMetadata(["A", "1", "b", "2", "a", "3"]);
  expect([metadata.get("a"), metadata.all("a"), metadata.get("c"), metadata.all("c"), [...metadata.names()]]).toEqual([
    "1",
    ["1", "3"],
    undefined,
    [],
    ["a", "b"],
  ]);
});
