/**
 * Writes gRPC frames to a stream. Small messages are gathered and leave as one write at the end of the
 * turn or when 64 KiB are full: the cost of a write, not of its bytes, dominates with many files. Knows
 * nothing of what the messages mean.
 */
/** Compression flag and length in front of every message. */
export const framePrefix = 5;
const batchSize = 64 * 1024;
/** Messages from this size on are not copied into the batch. */
const largeMessage = 16 * 1024;
/** Bytes handed to the stream and not yet taken by it, before writers are asked to wait. */
const highWater = 1024 * 1024;

/** Writes the prefix of an uncompressed message of `length` bytes. */
export function writePrefix(target: Buffer, offset: number, length: number): void {
  target[offset] = 0;
  target.writeUInt32BE(length, offset + 1);
}

/** Where the bytes go. */
export interface ByteSink {
  /** `taken` tells that the bytes are copied or sent, and that their memory may change. */
  write(bytes: Uint8Array, taken: () => void): void;
}

export class FrameWriter {
  readonly #sink: ByteSink;
  #batch: Buffer | undefined;
  #used = 0;
  #scheduled = false;
  #pending = 0;
  #drain: { readonly promise: Promise<void>; readonly resolve: () => void } | undefined;
  #dead = false;

  constructor(sink: ByteSink) {
    this.#sink = sink;
  }

  /** The sink is gone: nobody waits for it any more. */
  close(): void {
    this.#dead = true;
    this.#release();
  }

  /** Queues a message. */
  message(payload: Uint8Array): void {
    if (payload.length < largeMessage) {
      const { buffer, offset } = this.reserve(payload.length);
      buffer.set(payload, offset);
      return;
    }
    const { buffer, offset } = this.reserve(0);
    writePrefix(buffer, offset - framePrefix, payload.length);
    this.raw(payload);
  }

  /** Space for one message of exactly `length` bytes, to be filled before anything else is written. */
  reserve(length: number): { readonly buffer: Buffer; readonly offset: number } {
    const need = length + framePrefix;
    if (this.#batch && this.#used + need > this.#batch.length) this.flush();
    if (this.#batch && need > this.#batch.length) this.#batch = undefined;
    this.#batch ??= Buffer.allocUnsafe(Math.max(batchSize, need));
    const offset = this.#used + framePrefix;
    writePrefix(this.#batch, this.#used, length);
    this.#used += need;
    if (!this.#scheduled) {
      this.#scheduled = true;
      setImmediate(() => {
        this.#scheduled = false;
        this.flush();
      });
    }
    return { buffer: this.#batch, offset };
  }

  /** Queues bytes that already are frames, or the rest of one. They must not change until `taken` is called. */
  raw(bytes: Uint8Array, taken?: () => void): void {
    this.flush();
    this.#write(bytes, taken);
  }

  /** Hands what was gathered to the sink. */
  flush(): void {
    const batch = this.#batch;
    if (!batch || this.#used === 0) return;
    const bytes = batch.subarray(0, this.#used);
    this.#batch = undefined;
    this.#used = 0;
    // The memory of a batch that was taken serves the next one.
    this.#write(bytes, () => {
      if (batch.length === batchSize) this.#batch ??= batch;
    });
  }

  /** Whether more bytes are waiting than the peer takes: writers of many messages then await `drained`. */
  get full(): boolean {
    return this.#pending >= highWater && !this.#dead;
  }

  /** Resolves when there is room again, or the sink is gone. One promise serves all waiters. */
  async drained(): Promise<void> {
    if (!this.full) return;
    if (!this.#drain) {
      let resolve: () => void = () => undefined;
      const promise = new Promise<void>((done) => {
        resolve = done;
      });
      this.#drain = { promise, resolve };
    }
    await this.#drain.promise;
  }

  #write(bytes: Uint8Array, taken?: () => void): void {
    if (this.#dead) {
      taken?.();
      return;
    }
    this.#pending += bytes.length;
    this.#sink.write(bytes, () => {
      this.#pending -= bytes.length;
      if (this.#pending < highWater / 2) this.#release();
      taken?.();
    });
  }

  #release(): void {
    this.#drain?.resolve();
    this.#drain = undefined;
  }
}
