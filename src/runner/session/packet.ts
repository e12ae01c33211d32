/**
 * The hand-written codec of fsutil's Packet, which carries every file of a context or a local output;
 * checked against the generated one in tests (spec/buildkit.md 6.2). Writes straight into the frame batch.
 */
import { varintLength, writeVarint } from "../buildkit/bytes-message.ts";
import { Packet, type Stat } from "../buildkit/wire/fsutil.ts";
import type { FrameWriter } from "./frame-writer.ts";

export const packetType = { stat: 0, request: 1, data: 2, fin: 3, error: 4 } as const;

/** Largest piece of a file in one packet. */
export const chunkSize = 32 * 1024;

/** A packet as read; what its type does not use is empty. */
export interface ReceivedPacket {
  readonly type: number;
  readonly id: number;
  readonly data: Uint8Array;
  readonly stat: Stat | undefined;
}

/** Fields of an entry that travel. `size` and `modTime` are non-negative safe integer and nanoseconds. */
export interface PacketStat {
  readonly path: string;
  readonly mode: number;
  readonly size: number;
  readonly modTime: bigint;
  readonly linkname: string;
  readonly devmajor: number;
  readonly devminor: number;
}

const tag = { type: 0x08, stat: 0x12, id: 0x18, data: 0x22 } as const;
const statTag = { path: 0x0a, mode: 0x10, size: 0x28, modTime: 0x30, linkname: 0x3a, devmajor: 0x40, devminor: 0x48 } as const;

/** STAT of an entry. */
export function writeStat(writer: FrameWriter, stat: PacketStat): void {
  const pathLength = Buffer.byteLength(stat.path);
  const linkLength = stat.linkname === "" ? 0 : Buffer.byteLength(stat.linkname);
  const timeLength = stat.modTime === 0n ? 0 : 1 + timeVarintLength(stat.modTime);
  const statLength =
    textLength(pathLength) +
    numberLength(stat.mode) +
    numberLength(stat.size) +
    timeLength +
    textLength(linkLength) +
    numberLength(stat.devmajor) +
    numberLength(stat.devminor);
  const { buffer, offset } = writer.reserve(1 + varintLength(statLength) + statLength);
  buffer[offset] = tag.stat;
  let at = writeVarint(buffer, offset + 1, statLength);
  at = writeText(buffer, at, { tag: statTag.path, text: stat.path, length: pathLength });
  at = writeNumber(buffer, at, statTag.mode, stat.mode);
  at = writeNumber(buffer, at, statTag.size, stat.size);
  if (timeLength > 0) {
    buffer[at++] = statTag.modTime;
    at = writeTime(buffer, at, stat.modTime);
  }
  at = writeText(buffer, at, { tag: statTag.linkname, text: stat.linkname, length: linkLength });
  at = writeNumber(buffer, at, statTag.devmajor, stat.devmajor);
  writeNumber(buffer, at, statTag.devminor, stat.devminor);
}

const textLength = (length: number): number => (length === 0 ? 0 : 1 + varintLength(length) + length);
const numberLength = (value: number): number => (value === 0 ? 0 : 1 + varintLength(value));

function writeText(buffer: Buffer, offset: number, { tag: field, text, length }: { tag: number; text: string; length: number }): number {
  if (length === 0) return offset;
  buffer[offset] = field;
  const at = writeVarint(buffer, offset + 1, length);
  return at + buffer.write(text, at, length, "utf8");
}

function writeNumber(buffer: Buffer, offset: number, field: number, value: number): number {
  if (value === 0) return offset;
  buffer[offset] = field;
  return writeVarint(buffer, offset + 1, value);
}

/** Times need more bits than a number holds; the two halves are written with the carry between them. */
function writeTime(buffer: Buffer, offset: number, time: bigint): number {
  const bits = BigInt.asUintN(64, time);
  let low = Number(bits & 0xfffffffn);
  let high = Number(bits >> 28n);
  let at = offset;
  for (let i = 0; i < 4 && (high > 0 || low >= 0x80); i++) {
    buffer[at++] = (low & 0x7f) | 0x80;
    low >>>= 7;
  }
  if (high === 0) {
    buffer[at++] = low;
    return at;
  }
  while (high >= 0x80) {
    buffer[at++] = (high % 0x80) | 0x80;
    high = Math.floor(high / 0x80);
  }
  buffer[at++] = high;
  return at;
}

function timeVarintLength(time: bigint): number {
  const bits = BigInt.asUintN(64, time);
  const high = Number(bits >> 28n);
  return high > 0 ? 4 + varintLength(high) : varintLength(Number(bits));
}

/** The empty STAT behind the last entry. */
export function writeEnd(writer: FrameWriter): void {
  writer.reserve(0);
}

export function writeRequest(writer: FrameWriter, id: number): void {
  writeHead(writer, { type: packetType.request, id, dataLength: 0 });
}

/** A piece of a file, which is copied; an empty one ends the file. */
export function writeData(writer: FrameWriter, id: number, data: Uint8Array): void {
  const { buffer, offset } = writeHead(writer, { type: packetType.data, id, dataLength: data.length });
  buffer.set(data, offset);
}

export function writeFin(writer: FrameWriter): void {
  writeHead(writer, { type: packetType.fin, id: 0, dataLength: 0 });
}

export function writeError(writer: FrameWriter, message: string): void {
  const data = Buffer.from(message, "utf8");
  const { buffer, offset } = writeHead(writer, { type: packetType.error, id: 0, dataLength: data.length });
  buffer.set(data, offset);
}

interface Head {
  readonly type: number;
  readonly id: number;
  readonly dataLength: number;
}

function writeHead(writer: FrameWriter, head: Head): { readonly buffer: Buffer; readonly offset: number } {
  const { buffer, offset } = writer.reserve(headLength(head) + head.dataLength);
  return { buffer, offset: putHead(buffer, offset, head) };
}

/** Bytes of a packet in front of its data. */
export function headLength({ id, dataLength }: Head): number {
  return 2 + numberLength(id) + (dataLength === 0 ? 0 : 1 + varintLength(dataLength));
}

/** Writes a packet up to its data and gives the offset of that. */
export function putHead(buffer: Buffer, offset: number, { type, id, dataLength }: Head): number {
  buffer[offset] = tag.type;
  buffer[offset + 1] = type;
  const at = writeNumber(buffer, offset + 2, tag.id, id);
  return dataLength === 0 ? at : writeNumber(buffer, at, tag.data, dataLength);
}

/** Reads a packet; `data` is a view. STAT packets go through the generated codec: they are few. Throws RangeError when cut. */
export function readPacket(message: Uint8Array): ReceivedPacket {
  let type = 0;
  let id = 0;
  let data = message.subarray(0, 0);
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 0x80) {
      const byte = message[at++];
      if (byte === undefined || scale > 2 ** 35) throw new RangeError("malformed packet");
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
  };
  while (at < message.length) {
    const field = message[at++];
    if (field === tag.type) type = varint();
    else if (field === tag.id) id = varint();
    else if (field === tag.data) {
      const end = varint() + at;
      if (end > message.length) throw new RangeError("malformed packet");
      data = message.subarray(at, end);
      at = end;
    } else return Packet.decode(message);
  }
  return { type, id, data, stat: undefined };
}
