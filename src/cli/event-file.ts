/** `--events`: every event of a run as a line of JSON, written while it runs so that others can follow. */
import { closeSync, openSync, writeSync } from "node:fs";
import { BakeError } from "../diagnostics.ts";
import { eventLine } from "../event-line.ts";
import type { BakeEvent } from "../events.ts";
import type { Renderer } from "../runner/progress/renderer.ts";

const batchBytes = 64 * 1024;

/** Opens the file anew; `-` is standard output. What happens within one turn of the event loop is written at once. */
export class EventFile implements Renderer {
  readonly #path: string;
  readonly #file: number;
  #lines = "";
  #scheduled: NodeJS.Immediate | undefined;
  #failure: Error | undefined;

  constructor(path: string) {
    this.#path = path;
    try {
      this.#file = path === "-" ? 1 : openSync(path, "w", 0o644);
    } catch (error) {
      throw new BakeError("cli.events", `failed to write events: ${(error as Error).message}`, { cause: error });
    }
  }

  handle(event: BakeEvent): void {
    this.#lines += eventLine(event);
    if (this.#lines.length >= batchBytes) this.#flush();
    else this.#scheduled ??= setImmediate(() => this.#flush());
  }

  finish(): Promise<void> {
    this.#flush();
    if (this.#file !== 1) closeSync(this.#file);
    if (this.#failure)
      return Promise.reject(new BakeError("cli.events", `failed to write events to ${this.#path}: ${this.#failure.message}`, { cause: this.#failure }));
    return Promise.resolve();
  }

  /** A full disk must not end the run half-way: it is said at the end. */
  #flush(): void {
    clearImmediate(this.#scheduled);
    this.#scheduled = undefined;
    const bytes = Buffer.from(this.#lines);
    this.#lines = "";
    if (this.#failure) return;
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(this.#file, bytes, at);
    } catch (error) {
      this.#failure = error as Error;
    }
  }
}
