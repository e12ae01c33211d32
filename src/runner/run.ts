/**
 * Runs a plan on an engine: every job through its sequence, within the bounds of connections and
 * concurrency, with one event stream out. The runner adds no decisions of its own: what is built, in which
 * order, and where, is the plan's; what a failure means for the others is the mode's.
 */
import { setMaxListeners } from "node:events";
import type { Writable } from "node:stream";
import type { BakeError } from "../diagnostics.ts";
import { nanosecondsOf, type BakeEvent, type VertexWarning } from "../events.ts";
import type { Host } from "../host.ts";
import type { Job, Plan, Twin } from "../planner/plan.ts";
import { newId } from "./buildkit/id.ts";
import type { Engine } from "./connect.ts";
import { ContextFiles } from "./context-files.ts";
import { buildNodeId, recordActivity } from "./engine/builders.ts";
import { ClientVertex } from "./engine/client-vertex.ts";
import { EventQueue } from "./event-queue.ts";
import { failurePlaces, targetFailure } from "./failure.ts";
import { finishTarget } from "./finish-target.ts";
import { recordDurations } from "./history.ts";
import { LinkedFailure, type JobProgress } from "./job.ts";
import { groupPriority, jobGroups, linkProgress } from "./job-groups.ts";
import { saveGroupState } from "./local-state.ts";
import { Redactor, secretValues } from "./redact.ts";
import type { RunContext } from "./run-context.ts";
import { runJob, type JobOutcome } from "./run-job.ts";
import { Barrier, Gate } from "./schedule.ts";
import { auth } from "./session/auth.ts";
import { SharedSessions } from "./shared-sessions.ts";
import { splitResponse, targetImage } from "./target-response.ts";
import { TargetStates } from "./target-states.ts";
import { TargetsFailed } from "./targets-failed.ts";
import { bakeTimedOut, cancelled, startTimer } from "./timeout.ts";
import { isConnectionLost } from "./transient.ts";
import { transferEvents } from "./transfer-events.ts";
import { Trees } from "./trees.ts";
import { writeTo } from "./write-to.ts";

/**
 * What a failure means for other targets: `fail-fast` cancels them, `defer-error` goes on with those that do
 * not need the failed one, `defer-output` holds all outputs back until every target has evaluated.
 */
export type ExecutionMode = "fail-fast" | "defer-error" | "defer-output";

export interface RunOptions {
  readonly host: Host;
  /** Cancels the solves on the engine; nothing half-written stays. A reason that is a BakeError is what the run rejects with. */
  readonly signal?: AbortSignal;
  /** How many targets may evaluate at once; default 60. One that has evaluated and waits does not count. */
  readonly maxParallelism?: number;
  /** Default `fail-fast`. */
  readonly execution?: ExecutionMode;
  /** How often a target is tried again after a failure of a network or registry; default 0. A failed step is never tried again. */
  readonly retries?: number;
  /** Pause before the second attempt, in milliseconds; it doubles with each. Default 1000. */
  readonly retryPauseMs?: number;
  /** How long the run may take, in milliseconds. */
  readonly timeoutMs?: number;
  /** How long each target may work, in milliseconds, all its attempts together. */
  readonly targetTimeoutMs?: number;
  /** Collect what only the metadata file needs (provenance). */
  readonly metadata?: boolean;
  /** Takes outputs that go to standard output; it is not closed. */
  readonly stdout?: Writable;
}

type Response = Readonly<Record<string, string>>;

/** What a run gave. */
export interface RunResult {
  /** Exporter response and client additions of each target that succeeded, in plan order. */
  readonly responses: ReadonlyMap<string, Response>;
  /** Lint and other warnings of all targets. */
  readonly warnings: readonly VertexWarning[];
  /** With `defer-error`: why it failed after all. The run does not reject then. */
  readonly failure?: TargetsFailed;
}

/**
 * A run in progress: iterate it for events, at once, since few of them wait for a reader; await `result` for the outcome. Neither
 * tells the value of a secret.
 */
export interface BakeRun extends AsyncIterable<BakeEvent> {
  /** Rejects with a BakeError for the first target that failed, or when cancelled. With `defer-error`, failed targets are in the result. */
  readonly result: Promise<RunResult>;
}

/** Jobs with an open session at the same time, as many as fit on one connection of dockerd; linked groups may exceed it. */
const activeJobs = 60;
const defaultRetryPauseMs = 1000;

/** Starts the plan. Rejections of `result` need not be handled by those who only read events. */
export function run(plan: Plan, engine: Engine, options: RunOptions): BakeRun {
  const events = new EventQueue<BakeEvent>();
  const result = new Run(plan, engine, options, events).start();
  result.catch(() => undefined);
  return { result, [Symbol.asyncIterator]: () => events[Symbol.asyncIterator]() };
}

const now = (host: Host): bigint => nanosecondsOf(host.now());

class Run {
  readonly #plan: Plan;
  readonly #engine: Engine;
  readonly #options: RunOptions;
  readonly #events: EventQueue<BakeEvent>;
  readonly #abort = new AbortController();
  readonly #signal: AbortSignal;
  readonly #groupRef = newId();
  readonly #warnings: VertexWarning[] = [];
  readonly #redactor: Redactor;
  readonly #states: TargetStates;
  readonly #outcomes = new Map<string, JobOutcome>();
  /** Responses of each target's jobs by node. */
  readonly #parts = new Map<string, Map<number, Response>>();
  readonly #responses = new Map<string, Response>();
  readonly #failures = new Map<string, BakeError>();
  readonly #twins = new Map<string, Twin[]>();

  constructor(plan: Plan, engine: Engine, options: RunOptions, events: EventQueue<BakeEvent>) {
    this.#plan = plan;
    this.#engine = engine;
    this.#options = options;
    this.#events = events;
    for (const twin of plan.twins) {
      const list = this.#twins.get(twin.job);
      if (list) list.push(twin);
      else this.#twins.set(twin.job, [twin]);
    }
    this.#signal = options.signal ? AbortSignal.any([options.signal, this.#abort.signal]) : this.#abort.signal;
    // Every call of every job listens.
    setMaxListeners(0, this.#signal);
    this.#redactor = new Redactor(secretValues(plan, options.host));
    this.#states = new TargetStates(plan, (change) => this.#emit({ type: "target", ...change, time: now(options.host) }));
  }

  async start(): Promise<RunResult> {
    const { host, timeoutMs } = this.#options;
    const { targets } = this.#states;
    this.#emit({ type: "start", builder: this.#plan.builder, driver: this.#plan.driver, targets, time: now(host) });
    for (const text of this.#plan.warnings) this.#emit({ type: "message", severity: "warning", text });
    for (const target of targets) this.#states.set(target, "waiting");
    const trees = new Trees();
    const nodeId = buildNodeId(host);
    const onTransfer = transferEvents((event) => this.#emit(event), host, { direction: "send" });
    const shared = new SharedSessions(this.#plan, this.#engine, { nodeId, trees, onTransfer });
    const timer = timeoutMs === undefined ? undefined : startTimer(timeoutMs, () => this.#abort.abort(bakeTimedOut(timeoutMs)));
    try {
      await this.#runAll(this.#context(shared, trees, nodeId));
      return this.#finish();
    } finally {
      clearTimeout(timer);
      await shared.close();
      this.#emit({ type: "end", ...this.#states.summary(), time: now(host) });
      this.#events.end();
    }
  }

  #context(shared: SharedSessions, trees: Trees, nodeId: string): RunContext {
    const { host, maxParallelism = activeJobs, execution, retries = 0, retryPauseMs = defaultRetryPauseMs, targetTimeoutMs, metadata, stdout } = this.#options;
    const emit = (event: BakeEvent): void => this.#emit(event);
    const refs = new Map<string, string>();
    return {
      plan: this.#plan,
      engine: this.#engine,
      host,
      shared,
      trees,
      contextFiles: new ContextFiles(),
      auth: auth({ host, signal: this.#signal, onUse: (text) => new ClientVertex(text, undefined, emit).end() }),
      signal: this.#signal,
      slots: new Gate(maxParallelism),
      ...(execution === "defer-output" ? { barrier: new Barrier(this.#plan.jobs.map(({ id }) => id)) } : {}),
      retries,
      retryPauseMs,
      ...(targetTimeoutMs === undefined ? {} : { targetTimeoutMs }),
      nodeId,
      groupRef: this.#groupRef,
      metadata: metadata === true,
      ...(stdout ? { stdout: (body: AsyncIterable<Uint8Array>) => writeTo(stdout, body) } : {}),
      refOf: (target, attempt) => {
        const key = `${target}\0${attempt}`;
        const ref = refs.get(key) ?? newId();
        refs.set(key, ref);
        return ref;
      },
      emit,
      setState: ({ id }, state) => this.#states.setJob(id, state),
      retrying: (job, attempt, error) => {
        const { message } = targetFailure(error, job.target, this.#plan);
        this.#states.retry(job.id, attempt, message);
        emit({ type: "message", severity: "warning", text: `${message}; target ${job.target} is tried again (attempt ${attempt})` });
      },
    };
  }

  /** Groups of linked jobs are started whole; every other job is a group of its own. */
  async #runAll(context: RunContext): Promise<void> {
    const progress = linkProgress(this.#plan);
    // Outputs that wait for all jobs need all of them open.
    const active = new Gate(context.barrier ? Number.POSITIVE_INFINITY : activeJobs);
    await Promise.all(jobGroups(this.#plan, progress).map((group) => this.#runGroup(group, active, context)));
  }

  async #runGroup(group: readonly JobProgress[], active: Gate, context: RunContext): Promise<void> {
    const [first] = group;
    let release: () => void;
    try {
      // One that finds its work done must not take the place of the job that does it.
      if (group.length === 1 && first?.leader) await first.leader.evaluated.promise;
      release = await active.enter({ weight: group.length, priority: groupPriority(group), signal: this.#signal });
    } catch (error) {
      for (const each of group) this.#jobFailed(each, error);
      return;
    }
    try {
      const leases = this.#engine.lease(group.map(({ job }) => job.node));
      await Promise.all(
        group.map(async (each, index) => {
          const lease = leases[index];
          if (!lease) return;
          try {
            await this.#jobDone(each.job, await runJob(each, lease, context), context);
          } catch (error) {
            this.#jobFailed(each, error);
          } finally {
            lease.release();
          }
        }),
      );
    } catch (error) {
      for (const each of group) this.#jobFailed(each, error);
    } finally {
      release();
    }
  }

  async #jobDone(job: Job, outcome: JobOutcome, context: RunContext): Promise<void> {
    this.#outcomes.set(job.id, outcome);
    for (const [target, response] of splitResponse(job, this.#twins.get(job.id) ?? [], outcome.response)) {
      const parts = this.#parts.get(target) ?? new Map<number, Response>();
      this.#parts.set(target, parts);
      parts.set(job.node, response);
      if (this.#states.jobDone(target)) await this.#targetDone(target, parts, context);
    }
  }

  /** The last job of a target completes it: what several nodes gave is merged, names are pushed. */
  async #targetDone(target: string, parts: ReadonlyMap<number, Response>, context: RunContext): Promise<void> {
    const inNodeOrder = [...parts].sort(([a], [b]) => a - b).map(([, response]) => response);
    const response = await finishTarget(target, inNodeOrder, context);
    this.#responses.set(target, response);
    const image = targetImage(target, response, this.#plan);
    this.#states.set(target, "succeeded", image ? { image } : {});
  }

  #jobFailed(progress: JobProgress, error: unknown): void {
    const { job } = progress;
    progress.fail(error);
    // What is lost with its connection has failed by itself, whoever was cancelled first.
    if (this.#signal.aborted && !isConnectionLost(error)) {
      this.#states.setJob(job.id, "cancelled");
      return;
    }
    if (error instanceof LinkedFailure) {
      this.#states.setJob(job.id, "skipped", { error: error.message });
      return;
    }
    for (const target of this.#states.of(job.id)) {
      const failure = this.#redactor.error(targetFailure(error, target, this.#plan));
      const places = failurePlaces(failure);
      this.#states.set(target, "failed", { error: failure.message, ...(places.length > 0 ? { places } : {}) });
      if (!this.#failures.has(target)) this.#failures.set(target, failure);
    }
    if (this.#options.execution !== "defer-error") this.#abort.abort(cancelled());
  }

  #finish(): RunResult {
    const { signal, execution } = this.#options;
    const [first] = this.#failures.values();
    const inPlanOrder = this.#states.targets.flatMap((target): [string, BakeError][] => {
      const failed = this.#failures.get(target);
      return failed ? [[target, failed]] : [];
    });
    const failure = first && new TargetsFailed(new Map(inPlanOrder), this.#states.targets.length);
    // The first failure cancelled the others, unless they were lost with the same connection.
    if (failure && execution !== "defer-error") throw [...this.#failures.values()].filter(({ code }) => code === "run.connection").length > 1 ? failure : first;
    if (signal?.aborted === true) throw cancelled(signal.reason);
    if (this.#abort.signal.aborted) throw this.#abort.signal.reason;
    this.#remember();
    const done = this.#states.targets.filter((target) => this.#responses.has(target));
    const responses = new Map(done.map((target) => [target, this.#responses.get(target) ?? {}]));
    return { responses, warnings: this.#warnings, ...(failure ? { failure } : {}) };
  }

  /** What stays on this machine about the run. */
  #remember(): void {
    const { host } = this.#options;
    if (this.#engine.stored) recordActivity(host, this.#plan.builder);
    const refs = [...this.#outcomes.values()].flatMap(({ ref, remembered }) => (remembered ? [ref] : []));
    if (refs.length > 0) saveGroupState(host, this.#groupRef, this.#plan.selection, [...new Set(refs)]);
    const durations = new Map<string, number>();
    for (const { id, target } of this.#plan.jobs) {
      const { workedMs } = this.#outcomes.get(id) ?? {};
      if (workedMs !== undefined) durations.set(target, Math.max(durations.get(target) ?? 0, workedMs));
    }
    recordDurations(host, durations);
  }

  #emit(raw: BakeEvent): void {
    const event = this.#redactor.event(raw);
    if (event.type === "status") for (const warning of event.warnings ?? []) this.#warnings.push(warning);
    this.#events.push(event);
  }
}
