/**
 * `--log-dir`: one complete log a target, in the plain format. While a target is under way its file ends in
 * `.log.partial`; the name without it appears only when the log is whole.
 */
import { closeSync, constants, mkdirSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { BakeError } from "../../diagnostics.ts";
import type { BakeEvent, StartEvent, TargetEvent } from "../../events.ts";
import { placeLines } from "./expansion.ts";
import { FileNames } from "./file-name.ts";
import { PlainRenderer } from "./plain.ts";
import { formatTime } from "./rawjson.ts";
import type { Display, Renderer } from "./renderer.ts";
import { isActive, isFinal } from "./rows.ts";
import { formatSeconds } from "./units.ts";

/** Text is written when there is so much of it, or when the last write is so long ago. */
const BUFFER_CHARS = 64 * 1024;
const FLUSH_MS = 1000;

/** No descriptor stays open: hundreds of targets may be under way at once. A link that someone laid is not followed. */
class LogFile {
  readonly #path: string;
  readonly #now: () => number;
  #pending = "";
  #flushedAt = 0;

  constructor(path: string, now: () => number) {
    this.#path = path;
    this.#now = now;
    rmSync(this.#partial, { force: true });
    closeSync(openSync(this.#partial, "wx", 0o644));
  }

  get #partial(): string {
    return `${this.#path}.partial`;
  }

  write(text: string): void {
    this.#pending += text;
    if (this.#pending.length > BUFFER_CHARS || this.#now() - this.#flushedAt >= FLUSH_MS) this.flush();
  }

  flush(): void {
    this.#flushedAt = this.#now();
    if (this.#pending === "") return;
    const fd = openSync(this.#partial, constants.O_WRONLY | constants.O_APPEND | constants.O_NOFOLLOW);
    try {
      const bytes = Buffer.from(this.#pending);
      for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
      this.#pending = "";
    } finally {
      closeSync(fd);
    }
  }

  complete(): void {
    this.flush();
    renameSync(this.#partial, this.#path);
  }
}

interface Log {
  readonly file: LogFile;
  readonly plain: PlainRenderer;
  readonly started: bigint;
}

export class LogFiles implements Renderer {
  readonly #directory: string;
  readonly #display: Omit<Display, "write" | "size">;
  readonly #names = new FileNames();
  readonly #logs = new Map<string, Log>();
  readonly #finished = new Set<string>();
  #start: StartEvent | undefined;
  #failure: unknown;

  /** Makes the folder; throws when it cannot be made, before anything is built. */
  constructor(directory: string, display: Omit<Display, "write" | "size">) {
    this.#directory = directory;
    this.#display = display;
    try {
      mkdirSync(directory, { recursive: true });
    } catch (cause) {
      throw writeError(cause);
    }
  }

  handle(event: BakeEvent): void {
    if (this.#failure !== undefined) return;
    try {
      this.#handle(event);
    } catch (error) {
      // A full disk must not end the build; it is told when the build is over.
      this.#failure = error;
    }
  }

  #handle(event: BakeEvent): void {
    if (event.type === "start") {
      this.#start = event;
      for (const target of event.targets) this.#names.of(target);
    } else if (event.type === "status" && event.target !== undefined && !this.#finished.has(event.target)) {
      this.#logOf(event.target, 0n).plain.handle(event);
    } else if (event.type === "target") {
      this.#handleState(event);
    }
  }

  #handleState(event: TargetEvent): void {
    if (this.#finished.has(event.target)) return;
    if (!isActive(event.state) && !isFinal(event.state)) return;
    const log = this.#logOf(event.target, event.time);
    if (!isFinal(event.state)) return;
    this.#finished.add(event.target);
    this.#logs.delete(event.target);
    void log.plain.finish();
    log.file.write(footer(event, log.started));
    log.file.complete();
  }

  #logOf(target: string, started: bigint): Log {
    const known = this.#logs.get(target);
    if (known) return known;
    const file = new LogFile(join(this.#directory, `${this.#names.of(target)}.log`), this.#display.now);
    const plain = new PlainRenderer({ ...this.#display, write: (text) => file.write(text) });
    const log: Log = { file, plain, started };
    this.#logs.set(target, log);
    file.write(`# target ${target}\n`);
    if (this.#start) plain.handle({ ...this.#start, targets: [target] });
    return log;
  }

  async finish(): Promise<void> {
    try {
      for (const { plain, file } of this.#logs.values()) {
        await plain.finish();
        file.flush();
      }
    } catch (error) {
      this.#failure ??= error;
    }
    if (this.#failure !== undefined) throw writeError(this.#failure);
  }
}

const writeError = (cause: unknown): BakeError =>
  new BakeError("log-dir.write", `cannot write log files: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });

function footer({ target, state, time, error, places, image }: TargetEvent, started: bigint): string {
  const lines = [
    ...(places ?? []).flatMap(placeLines),
    ...(error === undefined ? [] : [`ERROR: ${error}`]),
    ...(image?.names ?? []).map((name) => `${image?.pushed ? "pushed" : "image"} ${name}${image?.digest === undefined ? "" : `@${image.digest}`}`),
    `# target ${target} ${state} at ${formatTime(time)}${started > 0n && time > started ? ` after ${formatSeconds(time - started)}` : ""}`,
  ];
  return `\n${lines.join("\n")}\n`;
}
