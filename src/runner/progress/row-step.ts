/** A step of a target as its row shows it: name, outcome, sizes in flight, the last lines of its log. */
import type { Vertex, VertexLog, VertexStatus } from "../../events.ts";
import { formatLogTime } from "./units.ts";

/** Lines kept for the log under a row and for the expansion of a failed target. */
const KEPT_LINES = 10;

/** An open line longer than this keeps only its end: it is a progress bar that redraws itself. */
const LONGEST_LINE = 8192;

/** Names of what an engine does around the steps of a Dockerfile; not counted as steps. */
const HOUSEKEEPING = /^\[(?:internal|auth)\]|^(?:exporting|importing|preparing|resolving|pushing|merging|sending|rewriting|waiting|booting) /;

export class RowStep {
  readonly name: string;
  /** Counted in done, cached and total. */
  readonly counts: boolean;
  cached = false;
  completed = false;
  error: string | undefined;
  readonly lines: string[] = [];
  /** Sizes of statuses that have a total, by id. */
  readonly #sizes = new Map<string, { readonly current: number; readonly total: number }>();
  #started: bigint | undefined;
  #open = false;
  #decoder: InstanceType<typeof TextDecoder> | undefined;

  constructor(name: string) {
    this.name = name;
    this.counts = !HOUSEKEEPING.test(name);
  }

  get failed(): boolean {
    return this.completed && this.error !== undefined && !this.error.endsWith("context canceled");
  }

  update(vertex: Vertex): void {
    this.cached = vertex.cached;
    this.error = vertex.error;
    this.completed = vertex.completed !== undefined;
    this.#started = vertex.started;
  }

  applyStatus(status: VertexStatus): void {
    if (status.total > 0) this.#sizes.set(status.id, status);
  }

  /** Bytes of everything that has a total, while it is under way. */
  get progress(): { readonly current: number; readonly total: number } | undefined {
    let current = 0;
    let total = 0;
    for (const size of this.#sizes.values()) {
      current += size.current;
      total += size.total;
    }
    return total > 0 && current < total ? { current, total } : undefined;
  }

  /** Chunks end anywhere, within a line or a character. */
  addLog(log: VertexLog): void {
    this.#decoder ??= new TextDecoder();
    const parts = this.#decoder.decode(log.data, { stream: true }).split("\n");
    const time = formatLogTime(this.#started === undefined || log.timestamp === undefined ? 0n : log.timestamp - this.#started);
    parts.forEach((part, i) => {
      if (i === 0 && this.#open) this.lines[this.lines.length - 1] += part;
      else if (i < parts.length - 1 || part !== "") this.lines.push(`${time} ${part}`);
    });
    const last = this.lines.at(-1);
    if (last !== undefined && last.length > LONGEST_LINE) this.lines[this.lines.length - 1] = last.slice(-LONGEST_LINE / 2);
    this.#open = parts.at(-1) !== "" || (parts.length === 1 && this.#open);
    if (this.lines.length > KEPT_LINES) this.lines.splice(0, this.lines.length - KEPT_LINES);
  }
}
