/** Ctrl-C: the first one cancels, here and on the engine; the second one leaves at once. */

/** Aborts on SIGINT or SIGTERM until disposed. */
export class Interrupt implements Disposable {
  readonly #controller = new AbortController();
  readonly #handler = (): void => {
    if (this.#controller.signal.aborted) process.exit(130);
    this.#controller.abort();
  };

  constructor() {
    process.on("SIGINT", this.#handler);
    process.on("SIGTERM", this.#handler);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  [Symbol.dispose](): void {
    process.off("SIGINT", this.#handler);
    process.off("SIGTERM", this.#handler);
  }
}
