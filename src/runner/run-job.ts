/** Runs one job: its session, its build on the engine, and what is left to do with the answer. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Job } from "../planner/plan.ts";
import type { FrontendResult } from "./build-calls.ts";
import { BuildkitCalls, type OpenedBuild } from "./buildkit-calls.ts";
import { readSourcePolicy } from "./buildkit/source-policy.ts";
import type { NodeLease } from "./connect.ts";
import { driveJob, type JobProgress } from "./job.ts";
import { completeResponse } from "./job-response.ts";
import { openJobSession, type JobSession } from "./job-session.ts";
import { saveBuildState } from "./local-state.ts";
import { fillRequest } from "./request.ts";
import type { RunContext } from "./run-context.ts";
import { targetTimedOut } from "./timeout.ts";
import { isTransient } from "./transient.ts";
import { WorkClock } from "./work-clock.ts";

export interface JobOutcome {
  readonly ref: string;
  /** Exporter response and what the client adds. */
  readonly response: Readonly<Record<string, string>>;
  /** The build is kept in the local state. */
  readonly remembered: boolean;
  /** Milliseconds it worked, without waiting for other jobs. */
  readonly workedMs: number;
}

/** Runs the job, again after transient failures as often as the run allows. */
export async function runJob(progress: JobProgress, lease: NodeLease, context: RunContext): Promise<JobOutcome> {
  const { job } = progress;
  const timeout = new AbortController();
  const limit = context.targetTimeoutMs;
  const clock = new WorkClock(limit, () => timeout.abort(targetTimedOut(limit ?? 0)));
  const signal = AbortSignal.any([context.signal, timeout.signal]);
  const own: RunContext = { ...context, signal };
  const sessions = new JobSessions(job, lease, own);
  try {
    for (let attempt = 1; ; attempt++) {
      try {
        return { ...(await runAttempt(progress, { attempt, lease, sessions, clock, runSignal: context.signal }, own)), workedMs: clock.spent };
      } catch (error) {
        if (attempt > context.retries || signal.aborted || !isTransient(error)) throw error;
        context.retrying(job, attempt + 1, error);
        await sleep(Math.min(context.retryPauseMs * 2 ** (attempt - 1), longestPauseMs), undefined, { signal }).catch(() => signal.throwIfAborted());
      }
    }
  } finally {
    clock.stop();
    await sessions.close();
    await context.shared.leave(job);
  }
}

const longestPauseMs = 30_000;

/** The session of a job: the same one in all attempts, as long as its connection holds. */
class JobSessions {
  readonly #job: Job;
  readonly #lease: NodeLease;
  readonly #context: RunContext;
  #open: JobSession | undefined;

  constructor(job: Job, lease: NodeLease, context: RunContext) {
    this.#job = job;
    this.#lease = lease;
    this.#context = context;
  }

  async open(): Promise<JobSession> {
    const before = this.#open;
    if (before && !before.attachment.isOver()) return before;
    await before?.session.close();
    this.#open = await openJobSession(this.#job, this.#lease, this.#context, before);
    return this.#open;
  }

  async close(): Promise<void> {
    await this.#open?.session.close();
    this.#open?.policies?.close();
  }
}

interface Attempt {
  readonly attempt: number;
  readonly lease: NodeLease;
  readonly sessions: JobSessions;
  readonly clock: WorkClock;
  /** Shared sessions must outlive the job that opens them. */
  readonly runSignal: AbortSignal;
}

async function runAttempt(
  progress: JobProgress,
  { attempt, lease, sessions, clock, runSignal }: Attempt,
  context: RunContext,
): Promise<Omit<JobOutcome, "workedMs">> {
  const { job } = progress;
  const { slots, barrier, signal, emit, setState } = context;
  const ref = context.refOf(job.target, attempt);
  const calls = new BuildkitCalls({
    job,
    ref,
    lease,
    signal,
    open: async (parents) => {
      setState(job, "running");
      await context.shared.join(job, runSignal);
      return openedBuild(job, await sessions.open(), parents, lease, context);
    },
    onStatus: (event) => emit({ ...event, target: job.target }),
    onReturn: () => {
      if (job.request.exporters.length > 0) setState(job, "exporting");
    },
  });
  const response = await driveJob(progress, { calls, slots, signal, clock, ...(barrier ? { barrier } : {}) }).finally(() => calls.drainStatus());
  const remembered = job.call === undefined && remember(job, ref, lease, context);
  return { ref, remembered, response: await completeResponse({ job, ref, lease, context, result: calls.result, response }) };
}

function openedBuild(
  job: Job,
  { session, stores, policies }: JobSession,
  parents: ReadonlyMap<string, FrontendResult>,
  lease: NodeLease,
  { host, shared, nodeId }: RunContext,
): OpenedBuild {
  const dockerHost = lease.node.driver.engine?.host;
  const sources = { host, sessions: shared.ids, stores, nodeId, ...(dockerHost === undefined ? {} : { dockerHost }) };
  const { sourcePolicy } = job.request;
  return {
    session: session.id,
    request: fillRequest(job, parents, sources),
    ...(policies ? { sourcePolicySession: session.id, proxyNetwork: policies.proxyNetwork } : {}),
    ...(sourcePolicy === undefined ? {} : { sourcePolicy: readSourcePolicy(sourcePolicy, host) }),
  };
}

function remember(job: Job, ref: string, lease: NodeLease, { host, plan, groupRef }: RunContext): boolean {
  const { target, localState } = job;
  return saveBuildState(host, { builder: plan.builder, node: lease.node.name, ref, target, ...localState, groupRef });
}
