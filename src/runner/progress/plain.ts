/** The reference's plain progress: numbered blocks of one vertex each (spec/buildkit.md 8.3). */
import { nanosecondsOf, type BakeEvent } from "../../events.ts";
import { StatusFeed } from "./feed.ts";
import type { Display, Renderer } from "./renderer.ts";
import { Trace, type TraceVertex } from "./trace.ts";
import { formatBytes, seconds } from "./units.ts";

/** At most one refresh in this many milliseconds; what is left waits for the tick. */
const REFRESH_MS = 100;
const TICK_MS = 150;
/** A vertex that waited longer than this gets the display. */
const MAX_WAIT_MS = 10_000;
const ANTI_FLICKER_S = 5;
const MIN_PROGRESS = 0.05;
const MIN_STATUS_GAP_NS = 5_000_000_000n;

export class PlainRenderer implements Renderer {
  readonly #display: Display;
  readonly #trace: Trace;
  readonly #feed: StatusFeed;
  readonly #lastStatus = new Map<string, { readonly time: bigint; readonly current: number }>();
  readonly #truncate: boolean;
  readonly #refreshMs: number;
  readonly #tickMs: number;
  #current: TraceVertex | undefined;
  /** Characters of the current vertex's open log line that are already written. */
  #written = 0;
  #indexes = 0;
  #first = true;
  #started = false;
  #lastPrint = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(display: Display) {
    this.#display = display;
    this.#trace = new Trace(display.now);
    this.#feed = new StatusFeed(() => nanosecondsOf(display.now()));
    // One number for both, in milliseconds, for those who want another rate.
    const rate = Number.parseInt(display.env["TTY_DISPLAY_RATE"] ?? "", 10);
    this.#refreshMs = rate > 0 ? rate : REFRESH_MS;
    this.#tickMs = rate > 0 ? rate : TICK_MS;
    this.#truncate = display.env["PROGRESS_NO_TRUNC"] === "0";
  }

  /** A run may start twice: before its targets are known, and with them. */
  handle(event: BakeEvent): void {
    if (event.type === "start") {
      this.#feed.setTargets(event.targets);
      if (this.#started) return;
      this.#started = true;
      this.#display.write(`#0 building with ${JSON.stringify(event.builder)} instance using ${event.driver} driver\n`);
      this.#first = false;
    } else if (event.type === "status") {
      this.#trace.apply(this.#feed.normalise(event));
      this.#schedule();
    }
  }

  finish(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#print();
    for (const vertex of this.#trace.vertices.values()) this.#printErrorLog(vertex);
    return Promise.resolve();
  }

  #schedule(): void {
    const now = this.#display.now();
    if (now - this.#lastPrint >= this.#refreshMs) {
      this.#lastPrint = now;
      this.#print();
    } else {
      this.#timer ??= setTimeout(() => {
        this.#timer = undefined;
        this.#lastPrint = this.#display.now();
        this.#print();
      }, this.#tickMs);
    }
  }

  #print(): void {
    const changed = this.#trace.takeChanges();
    const done = changed.filter((vertex) => vertex.completed);
    const open = new Set(changed.filter((vertex) => !vertex.completed));
    const before = this.#current;
    if (before && done.includes(before)) this.#printVertex(before);
    for (const vertex of done.filter((each) => each !== before).sort(byCompletion)) this.#printVertex(vertex);
    if (open.size > 0) this.#printOpen(open, before);
    else if (!this.#current && done.length > 0) this.#activateAny();
  }

  /** Chooses which of the vertices that still run owns the display. */
  #printOpen(open: Set<TraceVertex>, before: TraceVertex | undefined): void {
    const current = this.#current;
    if (current && open.has(current)) this.#printVertex(current);
    const candidates = new Set(open);
    if (current) candidates.add(current);
    const now = this.#display.now();
    let best: TraceVertex | undefined;
    let bestSpeed = -1;
    let sum = 0;
    let late: TraceVertex | undefined;
    for (const vertex of candidates) {
      const waited = now - vertex.waitingSince;
      const speed = speedOf(vertex, now);
      sum += speed;
      if (waited > MAX_WAIT_MS && vertex !== current) late = vertex;
      if (speed > bestSpeed) [best, bestSpeed] = [vertex, speed];
    }
    const chosen = late ?? best;
    if (!current || current !== before) this.#printChosen(chosen);
    else if (late) this.#printChosen(late);
    else if (this.#shouldSwitch(current, sum, now)) this.#printChosen(chosen);
    for (const vertex of open) if (vertex !== this.#current) this.#trace.keepChange(vertex);
  }

  #printChosen(vertex: TraceVertex | undefined): void {
    if (vertex && vertex !== this.#current) this.#printVertex(vertex);
  }

  #shouldSwitch(current: TraceVertex, sum: number, now: number): boolean {
    const blockTime = (now - current.waitingSince) / 1000;
    const share = sum > 0 ? speedOf(current, now) / sum : 0;
    return ANTI_FLICKER_S / (1 - share) < blockTime;
  }

  #activateAny(): void {
    for (const vertex of this.#trace.vertices.values()) {
      if (vertex.started && !vertex.completed && vertex.groupId === undefined && !vertex.hidden) return this.#printVertex(vertex);
    }
  }

  #printVertex(vertex: TraceVertex): void {
    let text = this.#switchTo(vertex);
    const number = `#${vertex.index}`;
    const statuses = this.#statusLines(vertex);
    text += statuses.lines;
    for (const warning of vertex.warnings.splice(0)) text += `${number} WARN: ${Buffer.from(warning.short).toString()}\n`;
    text += this.#logLines(vertex);
    if (vertex.completed && !statuses.open) {
      if (vertex.partial && vertex.logs.length > 0) text += "\n";
      text += `${number} ${outcome(vertex)}\n`;
      vertex.updates = 0;
      vertex.logs = [];
      vertex.partial = false;
      this.#current = undefined;
      this.#written = 0;
    }
    this.#display.write(text);
  }

  #switchTo(vertex: TraceVertex): string {
    if (vertex.index === 0) vertex.index = ++this.#indexes;
    if (vertex === this.#current) return "";
    let text = "";
    const old = this.#current;
    if (old) {
      text += `${this.#written > 0 ? "\n" : ""}#${old.index} ...\n`;
      old.updates = 0;
    }
    this.#written = 0;
    this.#current = vertex;
    // Its block begins now: what it said while it waited does not count against it.
    vertex.updates = 1;
    vertex.waitingSince = this.#display.now();
    text += `${this.#first ? "" : "\n"}#${vertex.index} ${this.#truncate ? limit(vertex.name) : vertex.name}\n`;
    this.#first = false;
    return text;
  }

  #statusLines(vertex: TraceVertex): { lines: string; open: boolean } {
    let lines = "";
    let open = false;
    for (const [id, status] of vertex.statuses) {
      if (!vertex.changedStatuses.has(id)) continue;
      const time = status.timestamp ?? status.completed ?? 0n;
      const last = this.#lastStatus.get(id);
      if (last && status.completed === undefined) {
        const progressed = status.total > 0 ? (status.current - last.current) / status.total : 0;
        if (progressed < MIN_PROGRESS && time - last.time < MIN_STATUS_GAP_NS) continue;
      }
      this.#lastStatus.set(id, { time, current: status.current });
      let line = `#${vertex.index} ${id}`;
      if (status.total !== 0) line += ` ${formatBytes(status.current)} / ${formatBytes(status.total)}`;
      else if (status.current !== 0) line += ` ${formatBytes(status.current)}`;
      const elapsed = status.started === undefined ? 0 : seconds((status.completed ?? time) - status.started);
      if (elapsed > 0.01) line += ` ${elapsed.toFixed(1)}s`;
      if (status.completed !== undefined) line += " done";
      else open = true;
      lines += `${line}\n`;
    }
    vertex.changedStatuses.clear();
    return { lines, open };
  }

  /** Open lines are continued without a prefix when more of them arrives. */
  #logLines(vertex: TraceVertex): string {
    let text = "";
    vertex.logs.forEach((line, i) => {
      const continued = i === 0 && this.#written > 0;
      text += continued ? line.slice(this.#written) : `#${vertex.index} ${line}`;
      if (i < vertex.logs.length - 1 || !vertex.partial) text += "\n";
    });
    if (vertex.logs.length === 0) return "";
    const open = vertex.partial ? vertex.logs.at(-1) : undefined;
    vertex.logs = open === undefined ? [] : [open];
    this.#written = open?.length ?? 0;
    return text;
  }

  #printErrorLog(vertex: TraceVertex): void {
    if (!vertex.started || !vertex.error || vertex.cancelled || vertex.groupId !== undefined) return;
    const lines = vertex.lastLines.map((line) => `${line}\n`).join("");
    this.#display.write(`------\n > ${vertex.name}:\n${lines}------\n`);
  }
}

/** Updates a second; over less than a second one update would look like a flood. */
function speedOf(vertex: TraceVertex, now: number): number {
  return vertex.updates / Math.max((now - vertex.waitingSince) / 1000, 1);
}

function byCompletion(a: TraceVertex, b: TraceVertex): number {
  const left = a.completedAt ?? 0n;
  const right = b.completedAt ?? 0n;
  return left < right ? -1 : left > right ? 1 : 0;
}

function outcome(vertex: TraceVertex): string {
  if (vertex.error) return vertex.cancelled ? "CANCELED" : `ERROR: ${vertex.error}`;
  if (vertex.cached) return "CACHED";
  const duration = vertex.duration();
  return duration === undefined ? "DONE" : `DONE ${duration.toFixed(1)}s`;
}

/** Names longer than 72 bytes end in three dots. */
function limit(name: string): string {
  const bytes = Buffer.from(name);
  return bytes.length > 72 ? `${bytes.subarray(0, 72).toString()}...` : name;
}
