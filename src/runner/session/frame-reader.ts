/** Cuts a stream of bytes into gRPC messages. A message inside one chunk is a view of it, not a copy. */
import { status } from "../buildkit/errors.ts";
import { framePrefix } from "./frame-writer.ts";
import { RpcError } from "./rpc.ts";

const messageLimit = 16 * 1024 * 1024;

export class FrameReader {
  #parts: Buffer[] = [];
  #length = 0;

  /** Takes a chunk and adds the messages it completes to `into`. Throws RpcError for compressed or too large ones. */
  push(chunk: Buffer, into: Buffer[]): void {
    let rest = chunk;
    if (this.#length > 0) {
      this.#parts.push(chunk);
      this.#length += chunk.length;
      if (this.#length < this.#needed()) return;
      rest = Buffer.concat(this.#parts, this.#length);
    }
    let at = 0;
    while (rest.length - at >= framePrefix) {
      const length = messageLength(rest, at);
      const end = at + framePrefix + length;
      if (end > rest.length) break;
      into.push(rest.subarray(at + framePrefix, end));
      at = end;
    }
    this.#length = rest.length - at;
    this.#parts = this.#length > 0 ? [rest.subarray(at)] : [];
  }

  /** Whether the bytes so far end inside a message. */
  get partial(): boolean {
    return this.#length > 0;
  }

  /** Bytes that the first unfinished message needs, as far as known. */
  #needed(): number {
    const first = this.#parts[0];
    if (!first) return framePrefix;
    if (first.length >= framePrefix) return framePrefix + messageLength(first, 0);
    if (this.#length < framePrefix) return framePrefix;
    const joined = Buffer.concat(this.#parts, this.#length);
    this.#parts = [joined];
    return framePrefix + messageLength(joined, 0);
  }
}

/** The length in a message's prefix. Throws RpcError for what is refused. */
export function messageLength(bytes: Buffer, offset: number): number {
  if (bytes[offset] !== 0) throw new RpcError(status.unimplemented, "compressed messages are not supported");
  const length = bytes.readUInt32BE(offset + 1);
  if (length > messageLimit) throw new RpcError(status.resourceExhausted, `message of ${length} bytes is larger than ${messageLimit}`);
  return length;
}
