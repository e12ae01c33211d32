/** What a terminal shows of each target, kept current by events: state, steps, bytes, times, last log lines. */
import type { BakeEvent, FailurePlace, StatusEvent, TargetEvent, TargetImage, TargetState, TransferEvent, Vertex, VertexStatus } from "../../events.ts";
import { RowStep } from "./row-step.ts";

export interface StepCount {
  readonly done: number;
  readonly cached: number;
  readonly total: number;
}

/** A target in such a state does not change any more. */
export function isFinal(state: TargetState): boolean {
  return state === "succeeded" || state === "failed" || state === "cancelled" || state === "skipped";
}

export const isActive = (state: TargetState): boolean => state === "running" || state === "exporting";

/** One target's row. Counts are kept as events arrive: a frame with 500 rows must not add up 500 × n steps. */
export class TargetRow {
  readonly target: string;
  state: TargetState = "waiting";
  /** Milliseconds on the local clock. */
  startedAt: number | undefined;
  endedAt: number | undefined;
  error: string | undefined;
  places: readonly FailurePlace[] = [];
  image: TargetImage | undefined;
  attempt = 1;
  /** Bytes that the engine's statuses of this target count: contexts, layers, exports. */
  bytes = 0;
  failedStep: RowStep | undefined;
  /** Step that logged last. */
  talking: RowStep | undefined;
  readonly #steps = new Map<string, RowStep>();
  readonly #running = new Set<RowStep>();
  readonly #counted = new Map<string, number>();
  #done = 0;
  #cached = 0;
  #total = 0;

  constructor(target: string) {
    this.target = target;
  }

  get steps(): StepCount {
    return { done: this.#done, cached: this.#cached, total: this.#total };
  }

  /** The step that started last of those that run. */
  get step(): RowStep | undefined {
    let last: RowStep | undefined;
    for (const step of this.#running) last = step;
    return last;
  }

  /** Log lines for under the row: of the step that logged last, if it still runs. */
  get logs(): readonly string[] {
    return this.talking !== undefined && this.#running.has(this.talking) ? this.talking.lines : [];
  }

  stepOf(digest: string): RowStep | undefined {
    return this.#steps.get(digest);
  }

  applyVertex(vertex: Vertex): void {
    let step = this.#steps.get(vertex.digest);
    if (!step) {
      step = new RowStep(vertex.name);
      this.#steps.set(vertex.digest, step);
      if (step.counts) this.#total++;
    }
    if (vertex.started === undefined) return;
    this.#count(step, -1);
    step.update(vertex);
    this.#count(step, 1);
    if (step.completed) this.#running.delete(step);
    else this.#running.add(step);
    if (step.failed) this.failedStep = step;
  }

  #count(step: RowStep, by: number): void {
    if (!step.completed || !step.counts) return;
    this.#done += by;
    if (step.cached) this.#cached += by;
  }

  applyStatus(status: VertexStatus): void {
    const key = `${status.vertex} ${status.id}`;
    this.bytes += status.current - (this.#counted.get(key) ?? 0);
    this.#counted.set(key, status.current);
    this.#steps.get(status.vertex)?.applyStatus(status);
  }

  /** A new attempt begins: what the failed one showed is over. */
  applyState(event: TargetEvent, now: number): void {
    if (event.attempt > this.attempt) {
      this.failedStep = undefined;
      this.endedAt = undefined;
      this.#running.clear();
    }
    this.state = event.state;
    this.attempt = event.attempt;
    this.error = event.error;
    this.places = event.places ?? [];
    this.image = event.image ?? this.image;
    if (isActive(event.state)) this.startedAt ??= now;
    if (isFinal(event.state)) {
      this.endedAt ??= now;
      this.#running.clear();
    }
  }
}

/** A local context or an output on its way, by direction, target and name. */
export interface Transfer {
  readonly event: TransferEvent;
  readonly startedAt: number;
}

/** The rows of a run, and what the client itself does. */
export class TargetRows {
  readonly rows = new Map<string, TargetRow>();
  /** Steps of the client that belong to no target, such as booting an engine. */
  readonly client = new TargetRow("");
  /** Transfers that are not done. */
  readonly transfers = new Map<string, Transfer>();
  /** Bytes of transfers that are done. */
  readonly transferred = { send: 0, receive: 0 };
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  apply(event: BakeEvent): void {
    switch (event.type) {
      case "start":
        for (const target of event.targets) this.row(target);
        break;
      case "target":
        this.row(event.target).applyState(event, this.#now());
        // A transfer that was cut off never says that it is done.
        if (isFinal(event.state)) for (const [key, { event: transfer }] of this.transfers) if (transfer.target === event.target) this.transfers.delete(key);
        break;
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

  row(target: string): TargetRow {
    let row = this.rows.get(target);
    if (!row) this.rows.set(target, (row = new TargetRow(target)));
    return row;
  }

  #applyStatus(event: StatusEvent): void {
    const row = event.target === undefined ? this.client : this.row(event.target);
    for (const vertex of event.vertexes ?? []) row.applyVertex(vertex);
    for (const status of event.statuses ?? []) row.applyStatus(status);
    for (const log of event.logs ?? []) {
      const step = row.stepOf(log.vertex);
      step?.addLog(log);
      row.talking = step ?? row.talking;
    }
  }

  #applyTransfer(event: TransferEvent): void {
    const key = `${event.direction} ${event.target ?? ""} ${event.name}`;
    const { startedAt } = this.transfers.get(key) ?? { startedAt: this.#now() };
    if (event.done) {
      this.transfers.delete(key);
      this.transferred[event.direction] += event.bytes;
    } else {
      this.transfers.set(key, { event, startedAt });
    }
  }
}
