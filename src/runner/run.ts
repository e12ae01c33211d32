/**
 * Runs a plan on an engine: every job through its sequence, within the bounds of connections and
 * concurrency, with one event stream out. The runner adds no decisions of its own: what is built, and
 * where, is the plan's.
 */
import type { Writable } from "node:stream";
import { BakeError } from "../diagnostics.ts";
import type { BakeEvent, TargetState, VertexWarning } from "../events.ts";
import type { Host } from "../host.ts";
import type { Job, Plan } from "../planner/plan.ts";
import { newId } from "./buildkit/id.ts";
import type { Engine } from "./connect.ts";
import { buildNodeId, recordActivity } from "./engine/builders.ts";
import { ClientVertex } from "./engine/client-vertex.ts";
import { EventQueue } from "./event-queue.ts";
import { targetFailure } from "./failure.ts";
import { finishTarget } from "./finish-target.ts";
import { JobProgress, LinkedFailure } from "./job.ts";
import { saveGroupState } from "./local-state.ts";
import type { RunContext } from "./run-context.ts";
import { runJob, type JobOutcome } from "./run-job.ts";
import { depths, Gate } from "./schedule.ts";
import { auth } from "./session/auth.ts";
import { SharedSessions } from "./shared-sessions.ts";
import { TargetStates } from "./target-states.ts";
import { transferEvents } from "./transfer-events.ts";
import { Trees } from "./trees.ts";

export interface RunOptions {
  readonly host: Host;
  /** Cancels the solves on the engine; nothing half-written stays. */
  readonly signal?: AbortSignal;
  /** How many jobs may evaluate at once. Default: what the engine's connections take comfortably. */
  readonly maxParallelism?: number;
  /** Collect what only the metadata file needs (provenance). */
  readonly metadata?: boolean;
  /** Takes outputs that go to standard output; it is not closed. */
  readonly stdout?: Writable;
}

type Responses = ReadonlyMap<string, Readonly<Record<string, string>>>;

/** What a run gave. Targets that failed are not in it: a run with failures rejects. */
export interface RunResult {
  /** Exporter response and client additions of each target, in plan order. */
  readonly responses: Responses;
  /** Lint and other warnings of all targets. */
  readonly warnings: readonly VertexWarning[];
}

/** A run in progress: iterate it for events, await `result` for the outcome. */
export interface BakeRun extends AsyncIterable<BakeEvent> {
  /** Rejects with a BakeError for the first target that failed, or when cancelled. */
  readonly result: Promise<RunResult>;
}

/** Jobs with an open session at the same time; linked groups may exceed it. */
const activeJobs = 60;

/** Starts the plan. Rejections of `result` need not be handled by those who only read events. */
export function run(plan: Plan, engine: Engine, options: RunOptions): BakeRun {
  const events = new EventQueue<BakeEvent>();
  const result = new Run(plan, engine, options, events).start();
  result.catch(() => undefined);
  return { result, [Symbol.asyncIterator]: () => events[Symbol.asyncIterator]() };
}

const now = (host: Host): bigint => BigInt(Math.round(host.now())) * 1_000_000n;

const cancelled = (cause?: unknown): BakeError => new BakeError("run.cancelled", "context canceled", { exitCode: 130, cause });

class Run {
  readonly #plan: Plan;
  readonly #engine: Engine;
  readonly #options: RunOptions;
  readonly #events: EventQueue<BakeEvent>;
  readonly #abort = new AbortController();
  readonly #signal: AbortSignal;
  readonly #groupRef = newId();
  readonly #warnings: VertexWarning[] = [];
  readonly #states: TargetStates;
  readonly #outcomes = new Map<string, JobOutcome>();
  readonly #responses = new Map<string, Readonly<Record<string, string>>>();
  #failure: BakeError | undefined;

  constructor(plan: Plan, engine: Engine, options: RunOptions, events: EventQueue<BakeEvent>) {
    this.#plan = plan;
    this.#engine = engine;
    this.#options = options;
    this.#events = events;
    this.#signal = options.signal ? AbortSignal.any([options.signal, this.#abort.signal]) : this.#abort.signal;
    this.#states = new TargetStates(plan, (target, state, error) => {
      this.#emit({ type: "target", target, state, attempt: 1, time: now(options.host), ...(error === undefined ? {} : { error }) });
    });
  }

  async start(): Promise<RunResult> {
    const { host } = this.#options;
    const { targets } = this.#states;
    this.#emit({ type: "start", builder: this.#plan.builder, driver: this.#plan.driver, targets, time: now(host) });
    for (const text of this.#plan.warnings) this.#emit({ type: "message", severity: "warning", text });
    for (const target of targets) this.#states.set(target, "waiting");
    const trees = new Trees();
    const nodeId = buildNodeId(host);
    const onTransfer = transferEvents((event) => this.#emit(event), host, { direction: "send" });
    const shared = new SharedSessions(this.#plan, this.#engine, { nodeId, trees, onTransfer });
    try {
      await this.#runAll(this.#context(shared, trees, nodeId));
      return this.#finish();
    } finally {
      await shared.close();
      this.#emit({ type: "end", ...this.#states.summary(), time: now(host) });
      this.#events.end();
    }
  }

  #context(shared: SharedSessions, trees: Trees, nodeId: string): RunContext {
    const { host, maxParallelism, metadata, stdout } = this.#options;
    const emit = (event: BakeEvent): void => this.#emit(event);
    const refs = new Map<string, string>();
    return {
      plan: this.#plan,
      engine: this.#engine,
      host,
      shared,
      trees,
      auth: auth({ host, signal: this.#signal, onUse: (text) => new ClientVertex(text, undefined, emit).end() }),
      signal: this.#signal,
      slots: new Gate(maxParallelism ?? Number.POSITIVE_INFINITY),
      nodeId,
      groupRef: this.#groupRef,
      metadata: metadata === true,
      ...(stdout ? { stdout: (body: AsyncIterable<Uint8Array>) => writeTo(stdout, body) } : {}),
      refOf: (target) => {
        const ref = refs.get(target) ?? newId();
        refs.set(target, ref);
        return ref;
      },
      emit,
      setState: (target, state) => this.#states.set(target, state),
    };
  }

  /** Groups of linked jobs are started whole; every other job is a group of its own. */
  async #runAll(context: RunContext): Promise<void> {
    const depth = depths(
      this.#plan.jobs.map(({ id }) => id),
      this.#plan.edges,
    );
    const progress = new Map(this.#plan.jobs.map((job) => [job.id, new JobProgress(job, depth.get(job.id) ?? 0)]));
    for (const { from, to } of this.#plan.edges) {
      const [parent, child] = [progress.get(from), progress.get(to)];
      if (!parent || !child || parent.children.includes(child)) continue;
      parent.children.push(child);
      child.parents.push(parent);
    }
    const active = new Gate(activeJobs);
    await Promise.all(this.#groups().map((group) => this.#runGroup(group, progress, active, context)));
  }

  #groups(): readonly (readonly Job[])[] {
    const byId = new Map(this.#plan.jobs.map((job) => [job.id, job]));
    const grouped = new Set(this.#plan.groups.flat());
    const linked = this.#plan.groups.map((group) => group.flatMap((id) => byId.get(id) ?? []));
    return [...linked, ...this.#plan.jobs.filter(({ id }) => !grouped.has(id)).map((job) => [job])];
  }

  async #runGroup(group: readonly Job[], progress: ReadonlyMap<string, JobProgress>, active: Gate, context: RunContext): Promise<void> {
    const priority = Math.max(...group.map(({ id }) => progress.get(id)?.priority ?? 0));
    let release: () => void;
    try {
      release = await active.enter({ weight: group.length, priority, signal: this.#signal });
    } catch {
      for (const { target } of group) this.#states.set(target, "cancelled");
      return;
    }
    try {
      const leases = this.#engine.lease(group.map(({ node }) => node));
      await Promise.all(
        group.map(async (job, index) => {
          const lease = leases[index];
          const own = progress.get(job.id);
          if (!lease || !own) return;
          try {
            await this.#jobDone(job, await runJob(own, lease, context), context);
          } catch (error) {
            this.#jobFailed(job, own, error);
          } finally {
            lease.release();
          }
        }),
      );
    } finally {
      release();
    }
  }

  /** The last job of a target completes it: what several nodes gave is merged, names are pushed. */
  async #jobDone({ id, target }: Job, outcome: JobOutcome, context: RunContext): Promise<void> {
    this.#outcomes.set(id, outcome);
    if (!this.#states.jobDone(target)) return;
    const outcomes = this.#plan.jobs.filter((job) => job.target === target).flatMap((job) => this.#outcomes.get(job.id) ?? []);
    const response = await finishTarget(
      target,
      outcomes.map((each) => each.response),
      context,
    );
    this.#responses.set(target, response);
    this.#states.set(target, "succeeded");
  }

  #jobFailed(job: Job, progress: JobProgress, error: unknown): void {
    progress.fail(error);
    if (this.#signal.aborted) {
      this.#states.set(job.target, "cancelled");
      return;
    }
    if (error instanceof LinkedFailure) {
      this.#states.set(job.target, "skipped");
      return;
    }
    const failure = targetFailure(error, job.target, this.#plan);
    this.#states.set(job.target, "failed", failure.message);
    this.#failure ??= failure;
    this.#abort.abort(cancelled());
  }

  #finish(): RunResult {
    const { host, signal } = this.#options;
    if (this.#failure) throw this.#failure;
    if (signal?.aborted === true) throw cancelled(signal.reason);
    if (this.#engine.stored) recordActivity(host, this.#plan.builder);
    const refs = [...this.#outcomes.values()].flatMap(({ ref, remembered }) => (remembered ? [ref] : []));
    if (refs.length > 0) saveGroupState(host, this.#groupRef, this.#plan.selection, [...new Set(refs)]);
    const responses = new Map(this.#states.targets.map((target) => [target, this.#responses.get(target) ?? {}]));
    return { responses, warnings: this.#warnings };
  }

  #emit(event: BakeEvent): void {
    if (event.type === "status") for (const warning of event.warnings ?? []) this.#warnings.push(warning);
    this.#events.push(event);
  }
}

/** Writes a body to a stream that stays open for others. */
async function writeTo(stream: Writable, body: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const chunk of body) {
    if (stream.write(chunk)) continue;
    await new Promise<void>((resolve, reject) => {
      const settle = (error?: Error): void => {
        stream.off("drain", settle).off("error", settle).off("close", settle);
        if (error) reject(error);
        else resolve();
      };
      stream.once("drain", settle).once("error", settle).once("close", settle);
    });
  }
}
