/**
 * Reads the bytes of a stream of BytesMessages as they come: pieces are views, and no message is put
 * together. For tunnels and archives, whose messages have no meaning but their bytes.
 */
import { status } from "../buildkit/errors.ts";
import { messageLength } from "./frame-reader.ts";
import { framePrefix } from "./frame-writer.ts";
import { RpcError } from "./rpc.ts";

const dataTag = 0x0a;
/** Bytes of a length that messages of the limit's size can have. */
const longestLength = 4;

export class BytesReader {
  /** What has come of a message's prefix, tag and length. */
  readonly #head: Buffer = Buffer.alloc(framePrefix + 1 + longestLength);
  #headLength = 0;
  /** Bytes of data that are still to come of a message. */
  #left = 0;

  /** Takes a chunk and adds the bytes in it to `into`. Throws RpcError for anything but plain bytes. */
  push(chunk: Buffer, into: Buffer[]): void {
    for (let at = 0; at < chunk.length; ) {
      if (this.#left > 0) {
        const piece = chunk.subarray(at, at + this.#left);
        into.push(piece);
        this.#left -= piece.length;
        at += piece.length;
        continue;
      }
      this.#head[this.#headLength++] = chunk[at++] ?? 0;
      this.#readHead();
    }
  }

  /** Whether what has come ends inside a message. */
  get partial(): boolean {
    return this.#left > 0 || this.#headLength > 0;
  }

  #readHead(): void {
    if (this.#headLength < framePrefix) return;
    const length = messageLength(this.#head, 0);
    if (length === 0) {
      this.#headLength = 0;
      return;
    }
    if (this.#headLength <= framePrefix) return;
    if (this.#head[framePrefix] !== dataTag) throw unexpected();
    const size = this.#headLength - framePrefix;
    const last = this.#head[this.#headLength - 1] ?? 0;
    if (size < 2 || last >= 0x80) {
      if (size > longestLength) throw unexpected();
      return;
    }
    let data = 0;
    for (let at = this.#headLength - 1; at > framePrefix; at--) data = data * 0x80 + ((this.#head[at] ?? 0) & 0x7f);
    if (size + data !== length) throw unexpected();
    this.#left = data;
    this.#headLength = 0;
  }
}

const unexpected = (): RpcError => new RpcError(status.invalidArgument, "a message that is more than bytes");
