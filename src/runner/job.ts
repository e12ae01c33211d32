/**
 * One job from Solve to answer: the gateway sequence of spec/buildkit.md 4.3, with the waiting between
 * linked jobs of 4.5. Which job may work when is the schedule's; what is asked is the plan's.
 */
import { BakeError } from "../diagnostics.ts";
import type { Job } from "../planner/plan.ts";
import { Milestone, type Gate, type Release } from "./schedule.ts";
import type { BuildCalls, FrontendResult } from "./build-calls.ts";

/** The milestones of a job that others wait for. */
export class JobProgress {
  readonly job: Job;
  readonly priority: number;
  readonly parents: JobProgress[] = [];
  readonly children: JobProgress[] = [];
  readonly published: Milestone<FrontendResult> = new Milestone();
  readonly evaluated: Milestone = new Milestone();
  readonly completed: Milestone = new Milestone();

  constructor(job: Job, priority: number) {
    this.job = job;
    this.priority = priority;
  }

  get linked(): boolean {
    return this.parents.length > 0 || this.children.length > 0;
  }

  /** Releases everyone who waits for this job. */
  fail(reason: unknown): void {
    this.published.miss(reason);
    this.evaluated.miss(reason);
    this.completed.miss(reason);
  }
}

/** Why a job did not get far: another one it is linked to failed. Never the error that users see. */
export class LinkedFailure extends BakeError {
  constructor(parent: string, cause: unknown) {
    super("run.linked", `target ${parent}, which this target is linked to, failed`, { cause });
  }
}

export interface DriveOptions {
  readonly calls: BuildCalls;
  /** Counts jobs that evaluate. */
  readonly slots: Gate;
  readonly signal: AbortSignal;
}

const returnGraceMs = 5000;

/** Runs the sequence of a job; resolves with the exporter response. Rejects with the engine's error, never with a mere consequence of it. */
export async function driveJob(progress: JobProgress, options: DriveOptions): Promise<Readonly<Record<string, string>>> {
  const { calls, signal } = options;
  const over = new AbortController();
  const solving = calls.startSolve();
  solving.catch(() => undefined);
  let release: Release | undefined;
  const early = solving.then(
    () => Promise.reject(new BakeError("run.early", "the engine ended the build before its result was returned")),
    (error: unknown) => Promise.reject(error as Error),
  );
  early.catch(() => undefined);
  try {
    const drive = driveGateway(progress, { ...options, signal: AbortSignal.any([signal, over.signal]) }, (held) => {
      release = held;
    });
    drive.catch(() => undefined);
    const result = await Promise.race([drive, early]);
    await calls.giveBack(result);
    return await solving;
  } catch (error) {
    const failure = await settleFailure(error, solving, calls, signal);
    progress.fail(failure);
    throw failure;
  } finally {
    // What is left of the sequence may still be waiting for a slot.
    over.abort();
    release?.();
  }
}

/** Steps 4 to 6 of 4.3: everything between Solve's start and Return. */
async function driveGateway(progress: JobProgress, { calls, slots, signal }: DriveOptions, hold: (release: Release) => void): Promise<FrontendResult> {
  const { parents, children, priority } = progress;
  await calls.ping();
  const results = await waitForParents(parents, (parent) => parent.published);
  const enter = (): Promise<Release> => slots.enter({ priority, signal });
  const release = await enter();
  hold(release);
  const result = await calls.solveFrontend(results);
  progress.published.reach(result);
  // A job on its own keeps its slot to the end: the engine does its work when the result is returned.
  if (!progress.linked) return result;
  release();
  await waitForChildren(children, (child) => child.published);
  await waitForParents(parents, (parent) => parent.evaluated);
  const again = await enter();
  hold(again);
  await calls.evaluate(result);
  again();
  progress.evaluated.reach();
  await waitForChildren(children, (child) => child.completed);
  progress.completed.reach();
  return result;
}

/** Waits for children, who may fail on their own: a parent goes on without them. */
async function waitForChildren(children: readonly JobProgress[], milestone: (child: JobProgress) => Milestone<unknown>): Promise<void> {
  await Promise.allSettled(children.map((child) => milestone(child).promise));
}

async function waitForParents<T>(parents: readonly JobProgress[], milestone: (parent: JobProgress) => Milestone<T>): Promise<ReadonlyMap<string, T>> {
  const reached = new Map<string, T>();
  await Promise.all(
    parents.map(async (other) => {
      try {
        reached.set(other.job.id, await milestone(other).promise);
      } catch (cause) {
        throw new LinkedFailure(other.job.target, cause);
      }
    }),
  );
  return reached;
}

/**
 * The engine knows best why a build failed: its Solve carries the typed details. It is told of our side
 * of the failure and given a moment to answer.
 */
async function settleFailure(error: unknown, solving: Promise<unknown>, calls: BuildCalls, signal: AbortSignal): Promise<unknown> {
  if (signal.aborted || error instanceof LinkedFailure) {
    calls.cancel();
    return signal.aborted ? signal.reason : error;
  }
  await calls.giveBackError(error).catch(() => undefined);
  let timer: NodeJS.Timeout | undefined;
  const answer = await Promise.race([
    solving.then(
      () => undefined,
      (reason: unknown) => ({ reason }),
    ),
    new Promise<undefined>((resolve) => {
      timer = setTimeout(resolve, returnGraceMs);
    }),
  ]);
  clearTimeout(timer);
  calls.cancel();
  return answer?.reason ?? error;
}
