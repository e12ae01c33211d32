/** How long a target has worked so far, over all its attempts; waiting for others does not count. Fires when that is too long. */
import { startTimer } from "./timeout.ts";

export class WorkClock {
  readonly #limitMs: number | undefined;
  readonly #onLimit: () => void;
  #spentMs = 0;
  #startedAt: number | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(limitMs: number | undefined, onLimit: () => void) {
    this.#limitMs = limitMs;
    this.#onLimit = onLimit;
  }

  start(): void {
    if (this.#startedAt !== undefined) return;
    this.#startedAt = performance.now();
    if (this.#limitMs !== undefined) this.#timer = startTimer(this.#limitMs - this.#spentMs, this.#onLimit);
  }

  stop(): void {
    if (this.#startedAt === undefined) return;
    this.#spentMs += performance.now() - this.#startedAt;
    this.#startedAt = undefined;
    clearTimeout(this.#timer);
  }

  /** Milliseconds. */
  get spent(): number {
    return this.#spentMs + (this.#startedAt === undefined ? 0 : performance.now() - this.#startedAt);
  }
}
