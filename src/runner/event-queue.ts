/** Turns pushed events into an async iterable that one reader consumes in order. */

/** Of events that nobody has begun to read, the latest are kept. */
const unreadLimit = 10_000;

export class EventQueue<T> implements AsyncIterable<T> {
  readonly #items: T[] = [];
  #read = false;
  #wake: (() => void) | undefined;
  #ended = false;

  push(item: T): void {
    if (this.#ended) return;
    this.#items.push(item);
    // By halves: taking single items off a long array is quadratic.
    if (!this.#read && this.#items.length > unreadLimit) this.#items.splice(0, unreadLimit / 2);
    this.#wake?.();
  }

  /** No more events: the reader finishes once it has read what is left. */
  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  [Symbol.asyncIterator](): AsyncIterator<T> {
    this.#read = true;
    return this.#iterate();
  }

  async *#iterate(): AsyncGenerator<T, void, undefined> {
    for (;;) {
      // Taken in batches: shifting single items off a long array is quadratic.
      const batch = this.#items.splice(0);
      yield* batch;
      if (this.#items.length > 0) continue;
      if (this.#ended) return;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = undefined;
    }
  }
}
