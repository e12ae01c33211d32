/** Ctrl-C: the first one cancels, here and on the engine; the second one leaves at once. And the end of the time that there is. */
import { BakeError } from "../diagnostics.ts";
import { bakeTimedOut, cancelled, startTimer } from "../runner/timeout.ts";

/** Aborts on SIGINT or SIGTERM, or when the process has run too long, until disposed. The reason is the error to show. */
export class Interrupt implements Disposable {
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout | undefined;
  readonly #handler = (): void => {
    if (this.signal.aborted) process.exit(130);
    this.#controller.abort(cancelled());
  };

  /** `timeoutMs` counts from the start of the process. */
  constructor(timeoutMs?: number) {
    process.on("SIGINT", this.#handler);
    process.on("SIGTERM", this.#handler);
    if (timeoutMs === undefined) return;
    const late = (): void => this.#controller.abort(bakeTimedOut(timeoutMs));
    this.#timer = startTimer(timeoutMs - performance.now(), late);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** What fails once it is interrupted fails because of that. */
  explain(error: unknown): unknown {
    return this.signal.aborted && !(error instanceof BakeError) ? this.signal.reason : error;
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    process.off("SIGINT", this.#handler);
    process.off("SIGTERM", this.#handler);
  }
}
