/** What a terminal shows of each target: state, current step, counts, bytes, times, last log lines. */
import type { BakeEvent, StatusEvent, TargetState, TransferEvent } from "../../events.ts";

/** Log lines kept for a running target's log window. */
const LOG_LINES = 10;

export interface StepCount {
  readonly done: number;
  readonly cached: number;
  readonly total: number;
}

/** One target's row. */
export class TargetRow {
  readonly target: string;
  state: TargetState = "waiting";
  /** Milliseconds on the local clock. */
  startedAt: number | undefined;
  endedAt: number | undefined;
  error: string | undefined;
  attempt = 1;
  /** Vertex that runs now, by the latest start. */
  readonly running = new Map<string, string>();
  readonly names = new Map<string, string>();
  readonly finished = new Map<string, boolean>();
  readonly logs: string[] = [];
  /** Bytes in flight of each transfer. */
  readonly transfers = new Map<string, number>();
  failedStep: string | undefined;

  constructor(target: string) {
    this.target = target;
  }

  get steps(): StepCount {
    let cached = 0;
    for (const isCached of this.finished.values()) if (isCached) cached++;
    return { done: this.finished.size, cached, total: this.names.size };
  }

  get step(): string | undefined {
    let last: string | undefined;
    for (const name of this.running.values()) last = name;
    return last;
  }

  get bytes(): number {
    let sum = 0;
    for (const bytes of this.transfers.values()) sum += bytes;
    return sum;
  }
}

/** The rows of a run, kept current by events. */
export class TargetRows {
  readonly rows = new Map<string, TargetRow>();
  readonly #now: () => number;
  readonly #decoder = new TextDecoder();

  constructor(now: () => number) {
    this.#now = now;
  }

  apply(event: BakeEvent): void {
    switch (event.type) {
      case "start":
        for (const target of event.targets) this.rows.set(target, new TargetRow(target));
        break;
      case "target": {
        const row = this.#row(event.target);
        row.state = event.state;
        row.attempt = event.attempt;
        row.error = event.error;
        if (event.state === "running") row.startedAt ??= this.#now();
        else if (isFinal(event.state)) row.endedAt = this.#now();
        break;
      }
      case "status":
        this.#applyStatus(event);
        break;
      case "transfer":
        this.#applyTransfer(event);
        break;
      case "message":
      case "end":
        break;
      default:
        event satisfies never;
    }
  }

  #row(target: string): TargetRow {
    let row = this.rows.get(target);
    if (!row) this.rows.set(target, (row = new TargetRow(target)));
    return row;
  }

  #applyStatus(event: StatusEvent): void {
    if (event.target === undefined) return;
    const row = this.#row(event.target);
    for (const vertex of event.vertexes ?? []) {
      row.names.set(vertex.digest, vertex.name);
      if (vertex.started === undefined) continue;
      row.startedAt ??= this.#now();
      if (vertex.completed === undefined) {
        row.running.delete(vertex.digest);
        row.running.set(vertex.digest, vertex.name);
      } else {
        row.running.delete(vertex.digest);
        row.finished.set(vertex.digest, vertex.cached);
      }
      if (vertex.error && !vertex.error.endsWith("context canceled")) row.failedStep = vertex.name;
    }
    for (const log of event.logs ?? []) {
      row.logs.push(...this.#decoder.decode(log.data).split("\n").filter((line) => line !== ""));
      if (row.logs.length > LOG_LINES) row.logs.splice(0, row.logs.length - LOG_LINES);
    }
  }

  #applyTransfer(event: TransferEvent): void {
    const owners = event.target === undefined ? [] : [this.#row(event.target)];
    for (const row of owners) row.transfers.set(`${event.direction} ${event.name}`, event.bytes);
  }
}

/** A target in such a state does not change any more. */
export function isFinal(state: TargetState): boolean {
  return state === "succeeded" || state === "failed" || state === "cancelled" || state === "skipped";
}
