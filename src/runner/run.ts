/**
 * Runs a plan on an engine: every job through its sequence, within the bounds of connections and
 * concurrency, with one event stream out. The runner adds no decisions of its own: what is built, and
 * where, is the plan's.
 */
import { BakeError } from "../diagnostics.ts";
import type { BakeEvent, TargetState, VertexWarning } from "../events.ts";
import type { Host } from "../host.ts";
import type { Job, Plan } from "../planner/plan.ts";
import type { Engine } from "./connect.ts";
import { recordActivity, buildNodeId } from "./engine/builders.ts";
import { targetFailure } from "./failure.ts";
import { EventQueue } from "./event-queue.ts";
import { JobProgress, LinkedFailure } from "./job.ts";
import { runJob, type JobOutcome, type RunContext } from "./run-job.ts";
import { saveGroupState } from "./local-state.ts";
import { depths, Gate } from "./schedule.ts";
import { SharedSessions } from "./shared-sessions.ts";
import { newId } from "./buildkit/id.ts";

export interface RunOptions {
  readonly host: Host;
  /** Cancels the solves on the engine; nothing half-written stays. */
  readonly signal?: AbortSignal;
  /** How many jobs may evaluate at once. Default: what the engine's connections take comfortably. */
  readonly maxParallelism?: number;
  /** Collect what only the metadata file needs (provenance). */
  readonly metadata?: boolean;
}

/** What a run gave. Targets that failed are not in it: a run with failures rejects. */
export interface RunResult {
  /** Exporter response and client additions of each target, in plan order. */
  readonly responses: ReadonlyMap<string, Readonly<Record<string, string>>>;
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

class Run {
  readonly #plan: Plan;
  readonly #engine: Engine;
  readonly #options: RunOptions;
  readonly #events: EventQueue<BakeEvent>;
  readonly #abort = new AbortController();
  readonly #signal: AbortSignal;
  readonly #groupRef = newId();
  readonly #warnings: VertexWarning[] = [];
  readonly #states = new Map<string, TargetState>();
  readonly #outcomes = new Map<string, JobOutcome>();
  #failure: { target: string; error: unknown } | undefined;

  constructor(plan: Plan, engine: Engine, options: RunOptions, events: EventQueue<BakeEvent>) {
    this.#plan = plan;
    this.#engine = engine;
    this.#options = options;
    this.#events = events;
    this.#signal = options.signal ? AbortSignal.any([options.signal, this.#abort.signal]) : this.#abort.signal;
  }

  async start(): Promise<RunResult> {
    const { host } = this.#options;
    const targets = [...new Set(this.#plan.jobs.map(({ target }) => target))];
    this.#emit({ type: "start", builder: this.#plan.builder, driver: this.#plan.driver, targets, time: now(host) });
    for (const text of this.#plan.warnings) this.#emit({ type: "message", severity: "warning", text });
    for (const target of targets) this.#setState(target, "waiting");
    const shared = new SharedSessions(this.#plan, this.#engine, { host, emit: (event) => this.#emit(event) });
    try {
      await this.#runAll(shared);
      return this.#finish();
    } finally {
      await shared.close();
      const having = (...states: readonly TargetState[]): readonly string[] => targets.filter((target) => states.includes(this.#states.get(target) ?? "waiting"));
      this.#emit({
        type: "end",
        succeeded: having("succeeded"),
        failed: having("failed"),
        cancelled: having("cancelled", "waiting", "running", "exporting"),
        skipped: having("skipped"),
        time: now(host),
      });
      this.#events.end();
    }
  }

  /** Groups of linked jobs are started whole; every other job is a group of its own. */
  async #runAll(shared: SharedSessions): Promise<void> {
    const { host, maxParallelism } = this.#options;
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
    const context: RunContext = {
      plan: this.#plan,
      engine: this.#engine,
      host,
      shared,
      signal: this.#signal,
      slots: new Gate(maxParallelism ?? Number.POSITIVE_INFINITY),
      nodeId: buildNodeId(host),
      groupRef: this.#groupRef,
      metadata: this.#options.metadata === true,
      emit: (event) => this.#emit(event),
      setState: (target, state, error) => this.#setState(target, state, error),
    };
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
      for (const { target } of group) this.#setState(target, "cancelled");
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
            this.#outcomes.set(job.id, await runJob(own, lease, context));
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

  #jobFailed(job: Job, progress: JobProgress, error: unknown): void {
    progress.fail(error);
    if (this.#signal.aborted) {
      this.#setState(job.target, "cancelled");
      return;
    }
    if (error instanceof LinkedFailure) {
      this.#setState(job.target, "skipped");
      return;
    }
    const failure = targetFailure(error, job.target, this.#plan);
    this.#setState(job.target, "failed", failure.message);
    this.#failure ??= { target: job.target, error: failure };
    this.#abort.abort(new BakeError("run.cancelled", "context canceled", { exitCode: 130 }));
  }

  #finish(): RunResult {
    const { host, signal } = this.#options;
    if (this.#failure) throw this.#failure.error;
    if (signal?.aborted === true) throw new BakeError("run.cancelled", "context canceled", { exitCode: 130, cause: signal.reason });
    const responses = new Map<string, Readonly<Record<string, string>>>();
    for (const { id, target } of this.#plan.jobs) {
      const outcome = this.#outcomes.get(id);
      if (outcome) responses.set(target, outcome.response);
    }
    if (this.#engine.stored) recordActivity(host, this.#plan.builder);
    const refs = [...this.#outcomes.values()].flatMap(({ ref, remembered }) => (remembered ? [ref] : []));
    if (refs.length > 0) saveGroupState(host, this.#groupRef, this.#plan.selection, refs);
    return { responses, warnings: this.#warnings };
  }

  #emit(event: BakeEvent): void {
    if (event.type === "status") for (const warning of event.warnings ?? []) this.#warnings.push(warning);
    this.#events.push(event);
  }

  #setState(target: string, state: TargetState, error?: string): void {
    const before = this.#states.get(target);
    // A target on several nodes is only done when all of them are, and failed when one is.
    if (before === state || before === "failed" || before === "cancelled" || before === "skipped") return;
    this.#states.set(target, state);
    this.#emit({ type: "target", target, state, attempt: 1, time: now(this.#options.host), ...(error === undefined ? {} : { error }) });
  }
}
