/** A step as its events tell it, in the engine's time, until the report is made. */
import type { Vertex, VertexLog, VertexStatus } from "../../events.ts";
import { formatLogTime } from "../progress/units.ts";
import { plainText } from "../progress/text.ts";
import type { ReportSize, StepState } from "./report.ts";

/** Lines kept of a step's log, and characters of a line. */
const KEPT_LINES = 200;
const LONGEST_LINE = 2000;
/** Sizes kept of a step: images may have hundreds of layers. */
const KEPT_SIZES = 100;

export class RecordedStep {
  readonly digest: string;
  readonly targets = new Set<string>();
  name: string;
  inputs: readonly string[];
  logDropped = 0;
  readonly lines: string[] = [];
  /** The target whose stream the times are from; streams of several targets repeat the same times. */
  readonly clock: string;
  readonly #runs = new Map<bigint, bigint | undefined>();
  readonly #sizes = new Map<string, ReportSize>();
  readonly #logOwner: { target?: string } = {};
  readonly #decoder = new TextDecoder();
  #open = false;
  #cached = false;
  #error: string | undefined;

  constructor(vertex: Vertex, clock: string) {
    this.digest = vertex.digest;
    this.name = vertex.name;
    this.inputs = vertex.inputs;
    this.clock = clock;
  }

  update(vertex: Vertex): void {
    if (vertex.inputs.length > 0) this.inputs = vertex.inputs;
    if (vertex.started === undefined) return;
    this.#cached = vertex.cached;
    this.#error = vertex.error;
    this.#runs.set(vertex.started, vertex.completed ?? this.#runs.get(vertex.started));
  }

  applyStatus(status: VertexStatus): void {
    if (status.current === 0 && status.total === 0) return;
    if (this.#sizes.size < KEPT_SIZES || this.#sizes.has(status.id))
      this.#sizes.set(status.id, { id: plainText(status.id), current: status.current, total: status.total });
  }

  /** Several targets' streams repeat the log of a step they share: it is taken from one. */
  addLog(log: VertexLog, target: string): void {
    this.#logOwner.target ??= target;
    if (this.#logOwner.target !== target) return;
    const start = this.latestStart;
    const time = formatLogTime(start === undefined || log.timestamp === undefined ? 0n : log.timestamp - start);
    const parts = this.#decoder.decode(log.data, { stream: true }).split("\n");
    parts.forEach((part, i) => {
      if (i === 0 && this.#open) this.lines.push(cut(`${this.lines.pop() ?? ""}${part}`));
      else if (i < parts.length - 1 || part !== "") this.lines.push(cut(`${time} ${part}`));
    });
    this.#open = parts.at(-1) !== "" || (parts.length === 1 && this.#open);
    if (this.lines.length > KEPT_LINES) this.logDropped += this.lines.splice(0, this.lines.length - KEPT_LINES).length;
  }

  get started(): boolean {
    return this.#runs.size > 0;
  }

  get latestStart(): bigint | undefined {
    let latest: bigint | undefined;
    for (const start of this.#runs.keys()) if (latest === undefined || start > latest) latest = start;
    return latest;
  }

  get state(): StepState {
    if (this.#error !== undefined) return this.#error.endsWith("context canceled") ? "cancelled" : "failed";
    if ([...this.#runs.values()].includes(undefined)) return "running";
    return this.#cached ? "cached" : "done";
  }

  get error(): string | undefined {
    return this.#error;
  }

  get sizes(): readonly ReportSize[] {
    return [...this.#sizes.values()];
  }

  /** Runs in order, overlapping ones joined; one that has no end reaches to `open`. */
  runs(open: bigint): readonly (readonly [bigint, bigint])[] {
    const sorted = [...this.#runs].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    const joined: [bigint, bigint][] = [];
    for (const [start, completed] of sorted) {
      const end = completed ?? (open > start ? open : start);
      const last = joined.at(-1);
      if (!last || start > last[1]) joined.push([start, end]);
      else if (end > last[1]) last[1] = end;
    }
    return joined;
  }
}

const cut = (line: string): string => (line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE)}…` : line);
