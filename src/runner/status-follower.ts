/**
 * Follows the status of a build beside its solve (spec/buildkit.md 10.4): what happens to this stream
 * never decides about the build.
 */
import type { StatusEvent } from "../events.ts";

/** After the solve the stream may still bring something for this long. */
const inactivityMs = 5000;
/** An engine that has said nothing about a build until it was cancelled may never have heard of it. */
const unheardMs = 1000;

export class StatusFollower {
  readonly #abort = new AbortController();
  readonly #done: Promise<void>;
  #messages = 0;

  /** `open` starts the stream; it asks again by itself while the engine does not know the build. */
  constructor(open: (signal: AbortSignal) => AsyncIterable<StatusEvent>, emit: (event: StatusEvent) => void) {
    this.#done = this.#follow(open(this.#abort.signal), emit);
  }

  /** The solve has ended, or was cancelled: waits for the rest of the stream, but not for one that says nothing more. */
  async drain({ cancelled }: { readonly cancelled: boolean }): Promise<void> {
    for (let seen = -1; seen !== this.#messages; ) {
      seen = this.#messages;
      if (await this.#endsWithin(cancelled && seen === 0 ? unheardMs : inactivityMs)) return;
    }
    this.#abort.abort();
    await this.#done;
  }

  async #endsWithin(milliseconds: number): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const over = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => resolve(false), milliseconds);
    });
    const ended = await Promise.race([this.#done.then(() => true), over]);
    clearTimeout(timer);
    return ended;
  }

  async #follow(messages: AsyncIterable<StatusEvent>, emit: (event: StatusEvent) => void): Promise<void> {
    try {
      for await (const message of messages) {
        this.#messages++;
        emit(message);
      }
    } catch {
      // The answer of the solve says what became of the build.
    }
  }
}
