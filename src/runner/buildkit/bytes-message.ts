/**
 * Hand-written codec of BytesMessage (`1 data bytes`), which carries all bulk bytes of tunnels and
 * outputs; checked against the generated one in tests. Decoding gives views, never copies.
 */

const dataTag = 0x0a;

/** Bytes that a varint of a non-negative safe integer takes. */
export function varintLength(value: number): number {
  let length = 1;
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) length++;
  return length;
}

/** Writes a non-negative safe integer and gives the offset behind it. */
export function writeVarint(target: Uint8Array, offset: number, value: number): number {
  let at = offset;
  let rest = value;
  while (rest >= 0x80) {
    target[at++] = (rest % 0x80) | 0x80;
    rest = Math.floor(rest / 0x80);
  }
  target[at++] = rest;
  return at;
}

export function encodeBytesMessage(data: Uint8Array): Buffer {
  return encodeBytesMessages([data], data.length);
}

/** One message of the bytes of all chunks; `length` is their sum. */
export function encodeBytesMessages(chunks: readonly Uint8Array[], length: number): Buffer {
  if (length === 0) return Buffer.alloc(0);
  const message = Buffer.allocUnsafe(1 + varintLength(length) + length);
  message[0] = dataTag;
  let at = writeVarint(message, 1, length);
  for (const chunk of chunks) {
    message.set(chunk, at);
    at += chunk.length;
  }
  return message;
}

/** The data of a message; fields it does not know are skipped. Throws RangeError when the bytes are cut. */
export function decodeBytesMessage(message: Uint8Array): Uint8Array {
  let data = message.subarray(0, 0);
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 0x80) {
      const byte = message[at++];
      if (byte === undefined || scale > 2 ** 63) throw new RangeError("truncated message");
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
  };
  while (at < message.length) {
    const tag = varint();
    const size = fieldSize(tag & 7, varint);
    const end = at + size;
    if (end > message.length) throw new RangeError("truncated message");
    if (tag === dataTag) data = message.subarray(at, end);
    at = end;
  }
  return data;
}

/** Bytes of a field's value that are still to come, by its wire type. */
function fieldSize(wireType: number, varint: () => number): number {
  switch (wireType) {
    case 0:
      varint();
      return 0;
    case 1:
      return 8;
    case 2:
      return varint();
    case 5:
      return 4;
    default:
      throw new RangeError("unknown wire type");
  }
}
