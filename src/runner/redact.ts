/**
 * Keeps secret values out of all that a run says, events and errors: a step that prints a secret prints `***`. Values are
 * those that the plan's secrets stand for; credentials in URLs are hidden without being known.
 */
import { BakeError, type Diagnostic } from "../diagnostics.ts";
import type { BakeEvent, FailurePlace, StatusEvent, TargetEvent, Vertex, VertexLog, VertexStatus, VertexWarning } from "../events.ts";
import type { Host } from "../host.ts";
import type { Plan } from "../planner/plan.ts";
import type { SolveError } from "./buildkit/errors.ts";
import { SolveFailure } from "./failure.ts";

const MASK = Buffer.from("***");

/** A shorter value would be found in ordinary words; whoever has such a secret has none. */
const SHORTEST = 8;

const URL_PASSWORD = /\b([a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@]{0,200}):[^\s/@]{1,500}@/gi;

/** The values of all secrets of a plan that can be read now; a job that lacks one fails by itself. */
export function secretValues(plan: Plan, host: Host): readonly string[] {
  const values = new Set<string>();
  const seen = new Set<string>();
  for (const { source } of plan.jobs.flatMap((job) => job.secrets)) {
    const key = JSON.stringify(source);
    if (seen.has(key)) continue;
    seen.add(key);
    const text = source.kind === "env" ? host.env[source.name] : readText(source.path, host);
    // A line of a key or of a credentials file is as secret as the whole.
    if (text !== undefined) for (const value of [text.trim(), ...text.split("\n").map((line) => line.trim())]) values.add(value);
  }
  return [...values].filter((value) => Buffer.byteLength(value) >= SHORTEST);
}

function readText(path: string, host: Host): string | undefined {
  try {
    return Buffer.from(host.readFile(path)).toString();
  } catch {
    return undefined;
  }
}

/** An error may be the cause of itself. */
const causeLimit = 20;

export class Redactor {
  readonly #secrets: readonly Buffer[];
  /** Ends of logs that may be the beginning of a secret, by vertex and stream. */
  readonly #held = new Map<string, { readonly log: VertexLog; readonly data: Buffer }>();

  constructor(secrets: readonly string[]) {
    // The longest first: a secret may be part of another.
    this.#secrets = [...new Set(secrets)].sort((a, b) => b.length - a.length).map((secret) => Buffer.from(secret));
  }

  event(event: BakeEvent): BakeEvent {
    switch (event.type) {
      case "status":
        return this.#status(event);
      case "target":
        return this.#target(event);
      case "message":
        return { ...event, text: this.text(event.text) };
      case "start":
      case "transfer":
      case "end":
        return event;
      default:
        return event satisfies never;
    }
  }

  /** The error as people may see it. Where something had to be hidden its cause is left out: it may hold the same in any form. */
  error(error: BakeError): BakeError {
    if (!this.#shows(error)) return error;
    const message = this.text(error.message);
    const diagnostics = error.diagnostics.map((diagnostic) => this.#diagnostic(diagnostic));
    const { code, exitCode } = error;
    if (!(error instanceof SolveFailure)) return new BakeError(code, message, { exitCode, diagnostics });
    const places = error.places.map((place) => this.#place(place));
    const denials = error.denials.map((denial) => this.text(denial));
    return error.copy({ message, places, denials, diagnostics, cause: undefined });
  }

  /** Whether the error or what caused it tells something that must be hidden. */
  #shows(error: unknown): boolean {
    const texts: string[] = [];
    for (let each = error, depth = 0; each instanceof Error && depth < causeLimit; each = each.cause, depth++) {
      texts.push(each.message, each.stack ?? "");
      const { sources = [], denials = [] } = each as Partial<Pick<SolveError, "sources" | "denials">>;
      texts.push(...sources.map(({ data }) => Buffer.from(data).toString()), ...denials);
    }
    return texts.some((text) => this.text(text) !== text);
  }

  #diagnostic(diagnostic: Diagnostic): Diagnostic {
    const { summary, range } = diagnostic;
    if (!range) return { ...diagnostic, summary: this.text(summary) };
    const { file, start, end } = range;
    // Offsets count what is shown: the text before a place may have become shorter.
    const moved = (offset: number): number => this.text(file.text.slice(0, offset)).length;
    return { ...diagnostic, summary: this.text(summary), range: { file: { ...file, text: this.text(file.text) }, start: moved(start), end: moved(end) } };
  }

  #place(place: FailurePlace): FailurePlace {
    return { ...place, text: this.text(place.text) };
  }

  text(text: string): string {
    const masked = this.#secrets.length === 0 ? text : this.#mask(Buffer.from(text)).toString();
    return masked.includes("@") ? masked.replace(URL_PASSWORD, "$1:***@") : masked;
  }

  #mask(data: Buffer): Buffer {
    let masked = data;
    for (const secret of this.#secrets) {
      let at = masked.indexOf(secret);
      if (at < 0) continue;
      const parts: Buffer[] = [];
      let from = 0;
      for (; at >= 0; from = at + secret.length, at = masked.indexOf(secret, from)) parts.push(masked.subarray(from, at), MASK);
      masked = Buffer.concat([...parts, masked.subarray(from)]);
    }
    return masked;
  }

  #status(event: StatusEvent): StatusEvent {
    const logs = this.#secrets.length === 0 ? event.logs : this.#logs(event);
    return {
      ...event,
      ...(event.vertexes && { vertexes: event.vertexes.map((vertex) => this.#vertex(vertex)) }),
      ...(event.statuses && {
        statuses: event.statuses.map((status): VertexStatus => ({ ...status, id: this.text(status.id), name: this.text(status.name) })),
      }),
      ...(event.warnings && { warnings: event.warnings.map((warning) => this.#warning(warning)) }),
      ...(logs && { logs }),
    };
  }

  #vertex(vertex: Vertex): Vertex {
    const group = vertex.progressGroup;
    return {
      ...vertex,
      name: this.text(vertex.name),
      ...(vertex.error !== undefined && { error: this.text(vertex.error) }),
      ...(group && { progressGroup: { ...group, name: this.text(group.name) } }),
    };
  }

  #warning(warning: VertexWarning): VertexWarning {
    const bytes = (data: Uint8Array): Uint8Array => this.#mask(Buffer.from(data));
    return {
      ...warning,
      short: bytes(warning.short),
      detail: warning.detail.map(bytes),
      ...(warning.source && { source: { ...warning.source, data: bytes(warning.source.data) } }),
    };
  }

  #target(event: TargetEvent): TargetEvent {
    return {
      ...event,
      ...(event.error !== undefined && { error: this.text(event.error) }),
      ...(event.places && { places: event.places.map((place) => this.#place(place)) }),
    };
  }

  /** Chunks end anywhere, also within a secret: what may be the beginning of one waits for the next chunk. */
  #logs(event: StatusEvent): readonly VertexLog[] | undefined {
    const logs: VertexLog[] = [];
    for (const log of event.logs ?? []) {
      const key = `${event.target ?? ""} ${log.vertex} ${log.stream}`;
      const held = this.#held.get(key);
      const data = this.#mask(held ? Buffer.concat([held.data, log.data]) : Buffer.from(log.data));
      const kept = this.#secretStart(data);
      if (kept > 0) this.#held.set(key, { log, data: data.subarray(data.length - kept) });
      else this.#held.delete(key);
      if (kept < data.length) logs.push({ ...log, data: data.subarray(0, data.length - kept) });
    }
    for (const { digest } of event.vertexes?.filter((vertex) => vertex.completed !== undefined) ?? []) {
      for (const stream of [0, 1, 2]) {
        const key = `${event.target ?? ""} ${digest} ${stream}`;
        const held = this.#held.get(key);
        if (held) logs.push({ ...held.log, data: held.data });
        this.#held.delete(key);
      }
    }
    return logs.length > 0 || event.logs !== undefined ? logs : undefined;
  }

  /** Length of the longest end of the data that a secret begins with. */
  #secretStart(data: Buffer): number {
    let longest = 0;
    for (const secret of this.#secrets) {
      for (let length = Math.min(secret.length - 1, data.length); length > longest; length--) {
        if (data.subarray(data.length - length).equals(secret.subarray(0, length))) longest = length;
      }
    }
    return longest;
  }
}
