/** The session of one job: the services its build may ask of this machine, put together from the plan (spec/buildkit.md 6). */
import { Readable } from "node:stream";
import { BakeError } from "../diagnostics.ts";
import type { Job, PlannedExporter } from "../planner/plan.ts";
import { attachSession, type Attachment } from "./attach-session.ts";
import { newId } from "./buildkit/id.ts";
import type { NodeLease } from "./connect.ts";
import { loadImage } from "./engine/load.ts";
import { openJobPolicies } from "./job-policy.ts";
import { content, storeId } from "./session/content.ts";
import { fileSend, type ExportSink } from "./session/file-send.ts";
import { fileSync } from "./session/file-sync.ts";
import type { OpenPolicies } from "./session/policy.ts";
import type { Service } from "./session/rpc.ts";
import { secrets } from "./session/secrets.ts";
import { openSession, type Session } from "./session/session.ts";
import { ssh } from "./session/ssh.ts";
import { memoryTree, type FileTree } from "./session/tree.ts";
import { readUrl } from "./read-url.ts";
import type { RunContext } from "./run-context.ts";
import { transferEvents } from "./transfer-events.ts";

/** An open session, and under which ids its stores are known to the engine. */
export interface JobSession {
  readonly session: Session;
  readonly stores: ReadonlyMap<string, string>;
  readonly attachment: Attachment;
  readonly policies: OpenPolicies | undefined;
}

/**
 * Makes the services and offers the session to the job's engine. One whose connection was lost is offered
 * again under the same ids, which results that were handed on may name.
 */
export async function openJobSession(job: Job, lease: NodeLease, context: RunContext, before?: JobSession): Promise<JobSession> {
  const { host, signal, emit, nodeId, auth } = context;
  const onTransfer = transferEvents(emit, host, { target: job.target, direction: "send" });
  const onReceive = transferEvents(emit, host, { target: job.target, direction: "receive" });
  const stores = before?.stores ?? new Map(job.stores.map((store): [string, string] => [store.name, store.kind === "oci-layout" ? newId() : store.name]));
  const services: Service[] = [auth];
  const policies = before ? before.policies : await openJobPolicies(job, lease, context);
  if (policies) services.push(policies.service);
  const mounts = await mountsOf(job, lease, context);
  if (mounts.size > 0) services.push(fileSync({ mounts, onTransfer }));
  const sinks = sinksOf(job, context);
  if (sinks.size > 0) services.push(fileSend({ exporters: sinks, onTransfer: onReceive }));
  if (job.secrets.length > 0) services.push(secrets({ sources: job.secrets, host }));
  if (job.ssh.length > 0) services.push(ssh({ agents: job.ssh, host }));
  if (job.stores.length > 0) services.push(content({ stores: new Map(job.stores.map((store) => [storeId(store, stores.get(store.name)), store])) }));
  const sharedKey = job.sharedKey === undefined ? "" : `${job.sharedKey}:${nodeId}`;
  const session = openSession({ id: before?.session.id ?? newId(), sharedKey, services });
  return { session, stores, policies, attachment: await attachSession(session, lease, signal) };
}

async function mountsOf(job: Job, lease: NodeLease, context: RunContext): Promise<ReadonlyMap<string, FileTree>> {
  const mounts = new Map<string, FileTree>();
  for (const { name, source, session } of job.mounts) {
    if (session !== undefined) continue;
    switch (source.kind) {
      case "directory":
        mounts.set(name, context.trees.of(source.path));
        break;
      case "text":
        mounts.set(name, memoryTree({ [source.file]: source.text }));
        break;
      case "url": {
        const text = await readUrl(source.url, { lease, file: "Dockerfile", target: job.target, emit: context.emit, signal: context.signal });
        mounts.set(name, memoryTree({ Dockerfile: text }));
        break;
      }
      default:
        source satisfies never;
    }
  }
  return mounts;
}

/** Where outputs go on this machine, by index of the exporter. */
function sinksOf(job: Job, context: RunContext): ReadonlyMap<number, ExportSink> {
  const sinks = new Map<number, ExportSink>();
  job.request.exporters.forEach((exporter, index) => {
    const sink = sinkOf(exporter, job, context);
    if (sink) sinks.set(index, sink);
  });
  return sinks;
}

function sinkOf({ sink }: PlannedExporter, { target }: Job, { engine, emit, signal, stdout }: RunContext): ExportSink | undefined {
  switch (sink?.kind) {
    // The engine keeps or pushes the result, or writes it to a content store of the session.
    case undefined:
    case "layout":
      return undefined;
    case "file":
    case "directory":
      return sink;
    case "stdout":
      if (!stdout) throw new BakeError("run.stdout", `target ${target} writes to standard output, which this run has not`);
      return { kind: "stream", name: "stdout", receive: (body) => stdout(body) };
    case "load": {
      const receive = async (body: AsyncIterable<Uint8Array>): Promise<void> => {
        const archive = await startedStream(body);
        await loadImage(engine.loadingEngine(sink.context), archive, { target, emit, signal });
      };
      return { kind: "stream", name: "docker", receive };
    }
    default:
      return sink satisfies never;
  }
}

/** The body as a stream, once its first byte is there: a build that fails before must not have started a load. */
async function startedStream(body: AsyncIterable<Uint8Array>): Promise<Readable> {
  const iterator = body[Symbol.asyncIterator]();
  const first = await iterator.next();
  async function* all(): AsyncGenerator<Uint8Array> {
    for (let next = first; next.done !== true; next = await iterator.next()) yield next.value;
  }
  return Readable.from(all(), { objectMode: false });
}
