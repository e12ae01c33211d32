/** Collects the events of a run for a report of it. */
import type { BakeEvent, StartEvent, StatusEvent, TargetEvent, TransferEvent } from "../../events.ts";
import { isActive, isFinal } from "../progress/rows.ts";
import { warningKey } from "../progress/warnings.ts";
import { ClockOffsets } from "./clock-offset.ts";
import { RecordedStep } from "./recorded-step.ts";
import type { Report } from "./report.ts";
import { makeReport, type RecordedTarget, type RecordedTransfer, type RecordedWarning } from "./report-maker.ts";

/** Steps of the client belong to no target; their clock is the local one. */
const CLIENT = "";

export interface RecorderOptions {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Name and version of the program. */
  readonly tool: string;
}

export class Recorder {
  readonly #options: RecorderOptions;
  readonly #offsets = new ClockOffsets();
  readonly #targets = new Map<string, RecordedTarget>();
  readonly #steps = new Map<string, RecordedStep>();
  readonly #transfers: RecordedTransfer[] = [];
  readonly #openTransfers = new Map<string, RecordedTransfer>();
  readonly #warnings = new Map<string, RecordedWarning>();
  #start: StartEvent | undefined;

  constructor(options: RecorderOptions) {
    this.#options = options;
  }

  handle(event: BakeEvent): void {
    switch (event.type) {
      case "start":
        this.#start = event;
        for (const target of event.targets) this.#target(target);
        break;
      case "status":
        this.#handleStatus(event);
        break;
      case "target":
        this.#handleTarget(event);
        break;
      case "transfer":
        this.#handleTransfer(event);
        break;
      case "message":
      case "end":
        break;
      default:
        event satisfies never;
    }
  }

  #target(name: string): RecordedTarget {
    let target = this.#targets.get(name);
    if (!target) this.#targets.set(name, (target = { state: "waiting", attempts: 1 }));
    return target;
  }

  #handleStatus(event: StatusEvent): void {
    const clock = event.target ?? CLIENT;
    const heard = this.#now();
    for (const vertex of event.vertexes ?? []) {
      let step = this.#steps.get(vertex.digest);
      if (!step) this.#steps.set(vertex.digest, (step = new RecordedStep(vertex, clock)));
      if (event.target !== undefined) step.targets.add(event.target);
      step.update(vertex);
      const time = vertex.completed ?? vertex.started;
      if (time !== undefined && event.target !== undefined) this.#offsets.observe(event.target, time, heard);
    }
    for (const status of event.statuses ?? []) this.#steps.get(status.vertex)?.applyStatus(status);
    for (const log of event.logs ?? []) this.#steps.get(log.vertex)?.addLog(log, clock);
    for (const warning of event.warnings ?? []) {
      const key = warningKey(warning);
      const known = this.#warnings.get(key) ?? { warning, targets: new Set<string>() };
      if (event.target !== undefined) known.targets.add(event.target);
      this.#warnings.set(key, known);
    }
  }

  #handleTarget(event: TargetEvent): void {
    const target = this.#target(event.target);
    target.state = event.state;
    target.attempts = event.attempt;
    target.last = event;
    if (isActive(event.state)) target.started ??= event.time;
    if (isFinal(event.state)) target.ended = event.time;
  }

  #handleTransfer(event: TransferEvent): void {
    const key = `${event.direction} ${event.target ?? ""} ${event.name}`;
    let transfer = this.#openTransfers.get(key);
    if (!transfer) {
      transfer = { started: event.time, last: event };
      this.#openTransfers.set(key, transfer);
      this.#transfers.push(transfer);
    }
    transfer.last = event;
    if (event.done) this.#openTransfers.delete(key);
  }

  #now(): bigint {
    return BigInt(Math.round(this.#options.now() * 1000)) * 1000n;
  }

  /** The report as of now; undefined when no run has started. */
  report(): Report | undefined {
    const start = this.#start;
    if (!start) return undefined;
    const { tool } = this.#options;
    return makeReport({
      tool,
      start,
      end: this.#now(),
      offsets: this.#offsets.settle(),
      targets: this.#targets,
      steps: [...this.#steps.values()],
      transfers: this.#transfers,
      warnings: [...this.#warnings.values()],
    });
  }
}
