/**
 * Makes one display stream of the status streams of many targets (spec/buildkit.md 8.1): names get
 * their target as prefix, clocks of engines are shifted to the local one, and log lines of a vertex
 * that several targets share are taken from one stream only.
 */
import type { StatusEvent, Vertex, VertexLog, VertexStatus } from "../../events.ts";

/** Normalises status events; keep one for each display. */
export class StatusFeed {
  readonly #clock: () => bigint;
  readonly #shifts = new Map<string, bigint>();
  readonly #logOwners = new Map<string, string>();
  #prefix = false;

  /** `clock` gives local nanoseconds since the epoch. */
  constructor(clock: () => bigint) {
    this.#clock = clock;
  }

  /** Names are prefixed only when more than one target is built. */
  setTargets(targets: readonly string[]): void {
    this.#prefix = targets.length > 1;
  }

  normalise(event: StatusEvent): StatusEvent {
    const target = event.target;
    if (target === undefined) return event;
    const shift = this.#shiftOf(target, event.vertexes);
    const at = (time: bigint): bigint => time - shift;
    return {
      type: "status",
      target,
      ...(event.vertexes && { vertexes: event.vertexes.map((vertex) => this.#vertex(vertex, target, at)) }),
      ...(event.statuses && { statuses: event.statuses.map((status) => shiftStatus(status, at)) }),
      ...(event.logs && { logs: event.logs.filter((log) => this.#owns(log, target)).map((log) => shiftLog(log, at)) }),
      ...(event.warnings && { warnings: event.warnings }),
    };
  }

  /** The first started vertex of a target is taken to start now. */
  #shiftOf(target: string, vertexes: readonly Vertex[] | undefined): bigint {
    const known = this.#shifts.get(target);
    if (known !== undefined) return known;
    const started = vertexes?.find((vertex) => vertex.started !== undefined)?.started;
    if (started === undefined) return 0n;
    const shift = started - this.#clock();
    this.#shifts.set(target, shift);
    return shift;
  }

  #vertex(vertex: Vertex, target: string, at: (time: bigint) => bigint): Vertex {
    const group = vertex.progressGroup;
    return {
      ...vertex,
      name: this.#named(vertex.name, target),
      ...(vertex.started !== undefined && { started: at(vertex.started) }),
      ...(vertex.completed !== undefined && { completed: at(vertex.completed) }),
      ...(group && { progressGroup: { ...group, name: this.#named(group.name, target) } }),
    };
  }

  /** `[1/3] COPY` of target app is `[app 1/3] COPY`; other names get `[app] ` in front. */
  #named(name: string, target: string): string {
    if (!this.#prefix) return name;
    return name.startsWith("[") ? `[${target} ${name.slice(1)}` : `[${target}] ${name}`;
  }

  #owns(log: VertexLog, target: string): boolean {
    const owner = this.#logOwners.get(log.vertex);
    if (owner === undefined) this.#logOwners.set(log.vertex, target);
    return owner === undefined || owner === target;
  }
}

function shiftStatus(status: VertexStatus, at: (time: bigint) => bigint): VertexStatus {
  return {
    ...status,
    ...(status.timestamp !== undefined && { timestamp: at(status.timestamp) }),
    ...(status.started !== undefined && { started: at(status.started) }),
    ...(status.completed !== undefined && { completed: at(status.completed) }),
  };
}

function shiftLog(log: VertexLog, at: (time: bigint) => bigint): VertexLog {
  return log.timestamp === undefined ? log : { ...log, timestamp: at(log.timestamp) };
}
