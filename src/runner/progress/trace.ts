/**
 * The state of all vertices of a bake as status events tell it (spec/buildkit.md 8.1): intervals,
 * statuses, log lines, warnings, and the pseudo vertices of progress groups. Renderers read it.
 */
import type { StatusEvent, Vertex, VertexLog, VertexStatus, VertexWarning } from "../../events.ts";
import { formatLogTime, seconds } from "./units.ts";

interface Interval {
  readonly start: bigint;
  end: bigint | undefined;
}

/** Lines kept for the summary of a failed step. */
const KEPT_LOG_LINES = 10;

export class TraceVertex {
  readonly digest: string;
  readonly targets = new Set<string>();
  name: string;
  cached = false;
  error: string | undefined;
  started = false;
  /** Order of completion, for printing. */
  completedAt: bigint | undefined;
  /** Statuses in the order in which they were first seen started. */
  readonly statuses = new Map<string, VertexStatus>();
  readonly changedStatuses = new Set<string>();
  readonly warnings: VertexWarning[] = [];
  /** Log lines not printed yet, with time prefix; the last may be open. */
  logs: string[] = [];
  partial = false;
  readonly lastLines: string[] = [];
  /** Number in plain output; 0 before the first print. */
  index = 0;
  groupId: string | undefined;
  hidden = false;
  /** Updates since the vertex was last switched to, and when that was (ms): the share of the display. */
  updates = 0;
  waitingSince = 0;
  readonly #intervals = new Map<bigint, Interval>();
  readonly #decoder = new TextDecoder();

  constructor(digest: string, name: string) {
    this.digest = digest;
    this.name = name;
  }

  get completed(): boolean {
    return this.started && [...this.#intervals.values()].every((interval) => interval.end !== undefined);
  }

  get cancelled(): boolean {
    return this.error?.endsWith("context canceled") ?? false;
  }

  addInterval(start: bigint, end: bigint | undefined): void {
    this.started = true;
    this.#intervals.set(start, { start, end });
    if (end !== undefined && (this.completedAt === undefined || end > this.completedAt)) this.completedAt = end;
  }

  get latestStart(): bigint | undefined {
    let latest: bigint | undefined;
    for (const start of this.#intervals.keys()) if (latest === undefined || start > latest) latest = start;
    return latest;
  }

  /** Seconds the vertex ran: overlapping runs count once; undefined when it never started. */
  duration(now?: bigint): number | undefined {
    const sorted = [...this.#intervals.values()].sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0));
    if (sorted.length === 0) return undefined;
    let total = 0n;
    let reached: bigint | undefined;
    for (const { start, end } of sorted) {
      const to = end ?? now ?? start;
      const from = reached !== undefined && reached > start ? reached : start;
      if (to > from) total += to - from;
      if (reached === undefined || to > reached) reached = to;
    }
    return seconds(total);
  }

  addLog(log: VertexLog): void {
    const text = this.#decoder.decode(log.data, { stream: true });
    if (text === "") return;
    const lines = text.split("\n");
    const complete = lines.at(-1) === "";
    if (complete) lines.pop();
    const start = this.latestStart;
    const time = formatLogTime(start === undefined || log.timestamp === undefined ? 0n : log.timestamp - start);
    lines.forEach((line, i) => {
      if (i === 0 && this.partial && this.logs.length > 0) {
        this.logs[this.logs.length - 1] += line;
        this.lastLines[this.lastLines.length - 1] += line;
      } else {
        this.logs.push(`${time} ${line}`);
        this.lastLines.push(`${time} ${line}`);
      }
    });
    if (this.lastLines.length > KEPT_LOG_LINES) this.lastLines.splice(0, this.lastLines.length - KEPT_LOG_LINES);
    this.partial = !complete;
  }
}

interface Group {
  readonly vertex: TraceVertex;
  readonly members: Map<string, { readonly vertex: TraceVertex; readonly weak: boolean }>;
}

export class Trace {
  readonly vertices = new Map<string, TraceVertex>();
  /** Vertices that changed since the last `takeChanges`. */
  #changes = new Set<string>();
  readonly #groups = new Map<string, Group>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Digests that changed since the last call, shown ones only. */
  takeChanges(): TraceVertex[] {
    const changed = [...this.#changes].map((digest) => this.vertices.get(digest)).filter((vertex) => vertex !== undefined);
    this.#changes = new Set();
    return changed.filter((vertex) => vertex.groupId === undefined && !vertex.hidden);
  }

  /** A change that was taken but not shown yet. */
  keepChange(vertex: TraceVertex): void {
    this.#changes.add(vertex.digest);
  }

  apply(event: StatusEvent): void {
    for (const vertex of event.vertexes ?? []) this.#applyVertex(vertex, event.target);
    for (const status of event.statuses ?? []) this.#applyStatus(status);
    for (const warning of event.warnings ?? []) this.#shown(warning.vertex)?.warnings.push(warning);
    for (const log of event.logs ?? []) this.#shown(log.vertex)?.addLog(log);
  }

  #applyVertex(update: Vertex, target: string | undefined): void {
    let vertex = this.vertices.get(update.digest);
    if (!vertex) {
      vertex = new TraceVertex(update.digest, update.name);
      this.vertices.set(update.digest, vertex);
    }
    if (target !== undefined) vertex.targets.add(target);
    // A repeated announcement without times must not reset a vertex that already runs.
    if (update.started === undefined && vertex.started) return;
    const wasStarted = vertex.started;
    vertex.cached = update.cached;
    vertex.error = update.error;
    if (update.started !== undefined) {
      if (!wasStarted) vertex.name = update.name;
      vertex.addInterval(update.started, update.completed);
    }
    if (update.progressGroup) {
      vertex.groupId = update.progressGroup.id;
      this.#applyGroup(vertex, update.progressGroup);
    } else if (update.started !== undefined) {
      this.#touch(vertex);
    }
  }

  #applyGroup(member: TraceVertex, info: NonNullable<Vertex["progressGroup"]>): void {
    let group = this.#groups.get(info.id);
    if (!group) {
      group = { vertex: new TraceVertex(info.id, info.name), members: new Map() };
      this.#groups.set(info.id, group);
      this.vertices.set(info.id, group.vertex);
    }
    group.members.set(member.digest, { vertex: member, weak: info.weak });
    const shown = group.vertex;
    const members = [...group.members.values()].filter((entry) => entry.vertex.started);
    shown.hidden = members.every((entry) => entry.weak && !entry.vertex.error);
    shown.cached = members.every((entry) => entry.vertex.cached);
    shown.error = members.find((entry) => entry.vertex.error)?.vertex.error;
    for (const target of member.targets) shown.targets.add(target);
    const start = member.latestStart;
    if (start === undefined) return;
    shown.addInterval(start, member.completed ? member.completedAt : undefined);
    this.#touch(shown);
  }

  #applyStatus(status: VertexStatus): void {
    const vertex = this.#shown(status.vertex);
    if (!vertex) return;
    vertex.statuses.set(status.id, status);
    vertex.changedStatuses.add(status.id);
  }

  /** The vertex, or its group, that a status, log or warning is shown under; marks it as changed. */
  #shown(digest: string): TraceVertex | undefined {
    const vertex = this.vertices.get(digest);
    if (!vertex) return undefined;
    const shown = vertex.groupId === undefined ? vertex : (this.#groups.get(vertex.groupId)?.vertex ?? vertex);
    this.#touch(shown);
    return shown;
  }

  #touch(vertex: TraceVertex): void {
    if (vertex.updates === 0) vertex.waitingSince = this.#now();
    vertex.updates++;
    this.#changes.add(vertex.digest);
  }
}
