/** Between wire messages of the control service and the runner's words. */
import type { LineRange, StatusEvent, Vertex, VertexLog, VertexStatus, VertexWarning } from "../../events.ts";
import type { Entry, HistoryEvent, HistoryRecord, HistoryResult, SolveRequest, UsageRecord, Worker } from "./messages.ts";
import type { Timestamp } from "./wire/common.ts";
import * as wire from "./wire/control.ts";
import type { Range } from "./wire/ops.ts";

/** Nanoseconds since the epoch. */
export function nanoseconds(timestamp: Timestamp | undefined): bigint | undefined {
  return timestamp && timestamp.seconds * 1_000_000_000n + BigInt(timestamp.nanos);
}

/** An object with the keys of `values` that have a value: absent on the wire is absent here. */
function defined<T extends object>(values: { [K in keyof T]: T[K] | undefined }): T {
  const result: Record<string, unknown> = {};
  for (const key in values) if (values[key] !== undefined) result[key] = values[key];
  return result as T;
}

const toEntry = ({ type, attributes }: Entry): wire.Exporter => ({ type, attrs: { ...attributes } });

/** The first exporter is repeated in the fields that daemons before 0.13 read. */
export function toWireSolve(request: SolveRequest): wire.SolveRequest {
  const first = request.exporters[0];
  return wire.SolveRequest.fromPartial({
    ref: request.ref,
    session: request.session,
    frontend: request.frontend ?? "",
    frontendAttrs: request.frontendAttributes,
    frontendInputs: Object.fromEntries(request.frontendInputs ?? []),
    definition: request.definition,
    exporterDeprecated: first?.type ?? "",
    exporterAttrsDeprecated: first?.attributes ?? {},
    exporters: request.exporters.map(toEntry),
    cache: { exports: request.cacheExports.map(toEntry), imports: request.cacheImports.map(toEntry) },
    entitlements: [...request.entitlements],
    internal: request.internal === true,
    sourcePolicy: request.sourcePolicy,
    sourcePolicySession: request.sourcePolicySession ?? "",
    proxyNetwork: request.proxyNetwork === true,
    enableSessionExporter: request.enableSessionExporter === true,
  });
}

export function fromWireStatus({ vertexes, statuses, logs, warnings }: wire.StatusResponse): StatusEvent {
  return {
    type: "status",
    ...(vertexes.length > 0 ? { vertexes: vertexes.map(fromWireVertex) } : {}),
    ...(statuses.length > 0 ? { statuses: statuses.map(fromWireVertexStatus) } : {}),
    ...(logs.length > 0 ? { logs: logs.map(fromWireLog) } : {}),
    ...(warnings.length > 0 ? { warnings: warnings.map(fromWireWarning) } : {}),
  };
}

function fromWireVertex({ digest, inputs, name, cached, started, completed, error, progressGroup }: wire.Vertex): Vertex {
  return defined<Vertex>({
    digest,
    inputs,
    name,
    cached,
    started: nanoseconds(started),
    completed: nanoseconds(completed),
    error: error === "" ? undefined : error,
    progressGroup: progressGroup && { id: progressGroup.id, name: progressGroup.name, weak: progressGroup.weak },
  });
}

function fromWireVertexStatus({ id, vertex, name, current, total, timestamp, started, completed }: wire.VertexStatus): VertexStatus {
  return defined<VertexStatus>({
    id,
    vertex,
    name,
    current: Number(current),
    total: Number(total),
    timestamp: nanoseconds(timestamp),
    started: nanoseconds(started),
    completed: nanoseconds(completed),
  });
}

function fromWireLog({ vertex, stream, msg, timestamp }: wire.VertexLog): VertexLog {
  return defined<VertexLog>({ vertex, stream: Number(stream), data: msg, timestamp: nanoseconds(timestamp) });
}

function fromWireWarning({ vertex, level, short, detail, url, info, ranges }: wire.VertexWarning): VertexWarning {
  return defined<VertexWarning>({
    vertex,
    level: Number(level),
    short,
    detail,
    url,
    source: info && {
      filename: info.filename,
      data: info.data,
      language: info.language,
      ...(info.definition.length > 0 && { definition: info.definition }),
    },
    ranges: ranges.map(fromWireRange),
  });
}

function fromWireRange({ start, end }: Range): LineRange {
  const position = (at: Range["start"]): LineRange["start"] => ({ line: at?.line ?? 0, character: at?.character ?? 0 });
  return { start: position(start), end: position(end) };
}

export function fromWireWorker({ id, labels, platforms, gcPolicy, buildkitVersion, cdiDevices }: wire.WorkerRecord): Worker {
  return defined<Worker>({ id, labels, platforms, gcPolicy, version: buildkitVersion, devices: cdiDevices });
}

export function fromWireUsage({ parent, parents, createdAt, lastUsedAt, ...rest }: wire.UsageRecord): UsageRecord {
  const known = parents.length > 0 || parent === "" ? parents : [parent];
  return defined<UsageRecord>({ ...rest, parents: known, createdAt: nanoseconds(createdAt), lastUsedAt: nanoseconds(lastUsedAt) });
}

const historyTypes = ["started", "complete", "deleted"] as const;

export function fromWireHistory({ type, record }: wire.BuildHistoryEvent): HistoryEvent {
  return { type: historyTypes[type] ?? "started", record: fromWireRecord(record ?? wire.BuildHistoryRecord.create()) };
}

function fromWireRecord(record: wire.BuildHistoryRecord): HistoryRecord {
  return defined<HistoryRecord>({
    ref: record.ref,
    frontend: record.frontend,
    frontendAttributes: record.frontendAttrs,
    exporters: record.exporters.map(({ type, attrs }) => ({ type, attributes: attrs })),
    error: record.error && { code: record.error.code, message: record.error.message },
    createdAt: nanoseconds(record.createdAt),
    completedAt: nanoseconds(record.completedAt),
    logs: record.logs,
    trace: record.trace,
    externalError: record.externalError,
    exporterResponse: record.exporterResponse,
    result: record.result && fromWireResult(record.result),
    results: new Map(Object.entries(record.results).map(([platform, result]) => [platform, fromWireResult(result)])),
    generation: record.generation,
    pinned: record.pinned,
    cachedSteps: record.numCachedSteps,
    totalSteps: record.numTotalSteps,
    completedSteps: record.numCompletedSteps,
    warnings: record.numWarnings,
  });
}

function fromWireResult({ attestations, results }: wire.BuildResultInfo): HistoryResult {
  return { attestations, results: new Map([...results].map(([index, descriptor]) => [Number(index), descriptor])) };
}
