/** One JSON object a status message, in the encoding of the reference (spec/buildkit.md 8.4). */
import {
  nanosecondsOf,
  type BakeEvent,
  type LineRange,
  type StatusEvent,
  type Vertex,
  type VertexLog,
  type VertexStatus,
  type VertexWarning,
} from "../../events.ts";
import { definitionJson } from "../buildkit/definition-json.ts";
import { StatusFeed } from "./feed.ts";
import type { Display, Renderer } from "./renderer.ts";

export class RawJsonRenderer implements Renderer {
  readonly #display: Display;
  readonly #feed: StatusFeed;

  constructor(display: Display) {
    this.#display = display;
    this.#feed = new StatusFeed(() => nanosecondsOf(display.now()));
  }

  handle(event: BakeEvent): void {
    if (event.type === "start") this.#feed.setTargets(event.targets);
    else if (event.type === "status") this.#display.write(`${formatStatus(this.#feed.normalise(event))}\n`);
  }

  finish(): Promise<void> {
    return Promise.resolve();
  }
}

/** A status message as one line of JSON, HTML characters escaped as Go does. */
export function formatStatus(event: StatusEvent): string {
  const line = {
    ...(event.vertexes?.length && { vertexes: event.vertexes.map(encodeVertex) }),
    ...(event.statuses?.length && { statuses: event.statuses.map(encodeStatus) }),
    ...(event.logs?.length && { logs: event.logs.map(encodeLog) }),
    ...(event.warnings?.length && { warnings: event.warnings.map((warning) => encodeWarning(warning, true)) }),
  };
  return JSON.stringify(line).replace(/[<>&\u2028\u2029]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

const NO_TIME = "0001-01-01T00:00:00Z";

/** RFC 3339 in UTC with up to nine fraction digits and no trailing zeros. */
export function formatTime(nanoseconds: bigint): string {
  const whole = nanoseconds / 1_000_000_000n;
  const fraction = (nanoseconds % 1_000_000_000n).toString().padStart(9, "0").replace(/0+$/, "");
  const date = new Date(Number(whole) * 1000).toISOString().slice(0, 19);
  return `${date}${fraction === "" ? "" : `.${fraction}`}Z`;
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");

function encodeVertex(vertex: Vertex): object {
  const group = vertex.progressGroup;
  return {
    digest: vertex.digest,
    ...(vertex.inputs.length > 0 && { inputs: vertex.inputs }),
    ...(vertex.name && { name: vertex.name }),
    ...(vertex.started !== undefined && { started: formatTime(vertex.started) }),
    ...(vertex.completed !== undefined && { completed: formatTime(vertex.completed) }),
    ...(vertex.cached && { cached: true }),
    ...(vertex.error && { error: vertex.error }),
    ...(group && { progressGroup: { id: group.id, ...(group.name && { name: group.name }), ...(group.weak && { weak: true }) } }),
  };
}

function encodeStatus(status: VertexStatus): object {
  return {
    id: status.id,
    ...(status.vertex && { vertex: status.vertex }),
    ...(status.name && { name: status.name }),
    ...(status.total !== 0 && { total: status.total }),
    current: status.current,
    timestamp: status.timestamp === undefined ? NO_TIME : formatTime(status.timestamp),
    ...(status.started !== undefined && { started: formatTime(status.started) }),
    ...(status.completed !== undefined && { completed: formatTime(status.completed) }),
  };
}

function encodeLog(log: VertexLog): object {
  return {
    vertex: log.vertex,
    ...(log.stream !== 0 && { stream: log.stream }),
    data: base64(log.data),
    timestamp: log.timestamp === undefined ? NO_TIME : formatTime(log.timestamp),
  };
}

/** A warning as in the stream, or, without the definition, as in the metadata file. */
export function encodeWarning(warning: VertexWarning, whole = false): object {
  const { source } = warning;
  const definition = whole && source?.definition ? definitionJson(source.definition) : undefined;
  return {
    vertex: warning.vertex,
    ...(warning.level !== 0 && { level: warning.level }),
    ...(warning.short.length > 0 && { short: base64(warning.short) }),
    ...(warning.detail.length > 0 && { detail: warning.detail.map(base64) }),
    ...(warning.url && { url: warning.url }),
    ...(source && { sourceInfo: { filename: source.filename, data: base64(source.data), ...(definition && { definition }), language: source.language } }),
    ...(warning.ranges.length > 0 && { range: warning.ranges.map(({ start, end }) => ({ start: encodePosition(start), end: encodePosition(end) })) }),
  };
}

/** Zeros are left out. */
function encodePosition({ line, character }: LineRange["start"]): object {
  return { ...(line !== 0 && { line }), ...(character !== 0 && { character }) };
}
