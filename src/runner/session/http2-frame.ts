/** Frames of HTTP/2 (RFC 9113): their types, flags and codes, and the words for what breaks the protocol. */

export const preface: Buffer = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "latin1");

/** Bytes in front of every frame. */
export const frameHead = 9;
/** Largest payload that every peer takes; engines send no larger ones. */
export const frameLimit = 16_384;

export const frameType = { data: 0, headers: 1, priority: 2, reset: 3, settings: 4, push: 5, ping: 6, goAway: 7, windowUpdate: 8, continuation: 9 } as const;
export const flag = { endStream: 0x1, ack: 0x1, endHeaders: 0x4, padded: 0x8, priority: 0x20 } as const;
export const setting = { maxConcurrentStreams: 3, initialWindowSize: 4, maxFrameSize: 5, maxHeaderListSize: 6 } as const;
export const http2Code = {
  none: 0,
  protocol: 1,
  internal: 2,
  flowControl: 3,
  streamClosed: 5,
  frameSize: 6,
  cancel: 8,
  compression: 9,
  enhanceYourCalm: 11,
} as const;

/** A mistake of the peer that ends the connection. */
export class Http2Error extends Error {
  override readonly name = "Http2Error";
  readonly code: number;
  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

export interface FrameHead {
  readonly length: number;
  readonly type: number;
  readonly flags: number;
  readonly stream: number;
}

export function readFrameHead(bytes: Buffer, at: number): FrameHead {
  return { length: bytes.readUIntBE(at, 3), type: bytes[at + 3] ?? 0, flags: bytes[at + 4] ?? 0, stream: bytes.readUInt32BE(at + 5) & 0x7fffffff };
}

export function writeFrameHead(target: Buffer, at: number, { length, type, flags, stream }: FrameHead): void {
  target[at] = length >>> 16;
  target[at + 1] = (length >>> 8) & 0xff;
  target[at + 2] = length & 0xff;
  target[at + 3] = type;
  target[at + 4] = flags;
  target.writeUInt32BE(stream, at + 5);
}

/** The payload of DATA or HEADERS without its padding and priority. Throws Http2Error when they do not fit. */
export function unpadded(payload: Buffer, flags: number): Buffer {
  let start = 0;
  let end = payload.length;
  if ((flags & flag.padded) !== 0) {
    start = 1;
    end -= payload[0] ?? 0;
  }
  if ((flags & flag.priority) !== 0) start += 5;
  if (start > end) throw new Http2Error(http2Code.protocol, "padding is longer than its frame");
  return payload.subarray(start, end);
}
