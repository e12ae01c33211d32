/**
 * What a connection sends: frames are gathered in blocks of memory that are used again, and leave as few
 * writes. With many small frames it is writes and fresh memory that cost, not copying.
 */
import type { Writable } from "node:stream";
import { frameHead, writeFrameHead, type FrameHead } from "./http2-frame.ts";

const blockSize = 256 * 1024;
/** Blocks that wait to be used again, of all connections together. */
const spareLimit = 16;
const spare: Buffer[] = [];
/** Bytes handed to the stream and not yet taken by it, before `full`. */
const highWater = 1024 * 1024;

export class FrameOutput {
  readonly #stream: Writable;
  readonly #onRoom: () => void;
  #block: Buffer | undefined;
  #used = 0;
  #waiting = 0;
  #scheduled = false;
  #dead = false;

  /** `onRoom` is told when a stream that was full takes bytes again. */
  constructor(stream: Writable, onRoom: () => void) {
    this.#stream = stream;
    this.#onRoom = onRoom;
  }

  get full(): boolean {
    return this.#waiting >= highWater;
  }

  /** Queues a frame; `payload` is copied. */
  frame(head: Omit<FrameHead, "length">, payload: Uint8Array): void {
    if (this.#dead) return;
    const need = frameHead + payload.length;
    if (this.#block && this.#used + need > this.#block.length) this.flush();
    this.#block ??= need > blockSize ? Buffer.allocUnsafeSlow(need) : (spare.pop() ?? Buffer.allocUnsafeSlow(blockSize));
    writeFrameHead(this.#block, this.#used, { ...head, length: payload.length });
    this.#block.set(payload, this.#used + frameHead);
    this.#used += need;
    if (this.#scheduled) return;
    this.#scheduled = true;
    process.nextTick(() => {
      this.#scheduled = false;
      this.flush();
    });
  }

  flush(): void {
    const block = this.#block;
    if (!block || this.#dead) return;
    const size = this.#used;
    this.#block = undefined;
    this.#used = 0;
    this.#waiting += size;
    this.#stream.write(block.subarray(0, size), () => {
      const wasFull = this.full;
      this.#waiting -= size;
      if (block.length === blockSize && spare.length < spareLimit) spare.push(block);
      if (wasFull && !this.full) this.#onRoom();
    });
  }

  /** Nothing is written any more. */
  close(): void {
    this.#dead = true;
    this.#block = undefined;
  }
}
