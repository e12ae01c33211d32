/**
 * One job from Solve to answer: the gateway sequence of spec/buildkit.md 4.3, with the waiting between
 * linked jobs of 4.5. Which job may work when is the schedule's; what is asked is the plan's.
 */
import { BakeError } from "../diagnostics.ts";
import type { Job } from "../planner/plan.ts";
import { isConnectionLost } from "./transient.ts";
import { Milestone, type Barrier, type Gate, type Release } from "./schedule.ts";
import type { WorkClock } from "./work-clock.ts";
import type { BuildCalls, FrontendResult } from "./build-calls.ts";

/** The milestones of a job that others wait for. */
export class JobProgress {
  readonly job: Job;
  /** Higher is served first. */
  readonly priority: number;
  readonly parents: JobProgress[] = [];
  readonly children: JobProgress[] = [];
  /** A job with the same solve, whose work this one finds done. */
  leader: JobProgress | undefined;
  /** Others find the work of this one done. */
  followed = false;
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
  /** Stands before every output; absent: outputs do not wait for other jobs. */
  readonly barrier?: Barrier;
  /** Runs while the job works, and not while it waits for others. */
  readonly clock: WorkClock;
}

const returnGraceMs = 5000;

type Response = Readonly<Record<string, string>>;

/**
 * Runs the sequence of a job; resolves with the exporter response. Rejects with the engine's error, never
 * with a mere consequence of it. The milestones that were not reached stay open: the caller may try again.
 */
export async function driveJob(progress: JobProgress, options: DriveOptions): Promise<Response> {
  const { calls, signal, clock } = options;
  const over = new AbortController();
  const sequence = new Sequence(progress, { ...options, signal: AbortSignal.any([signal, over.signal]) });
  try {
    const result = await sequence.drive();
    clock.start();
    await calls.giveBack(result);
    return await (sequence.solving as Promise<Response>);
  } catch (error) {
    throw await settleFailure(error, sequence.solving, calls, signal);
  } finally {
    clock.stop();
    // What is left of the sequence may still be waiting for a slot.
    over.abort();
    sequence.release();
  }
}

/** Steps 2 to 6 of 4.3: everything between the results of the parents and Return. */
class Sequence {
  readonly #progress: JobProgress;
  readonly #options: DriveOptions;
  #held: Release | undefined;
  solving: Promise<Response> | undefined;

  constructor(progress: JobProgress, options: DriveOptions) {
    this.#progress = progress;
    this.#options = options;
  }

  release(): void {
    this.#options.clock.stop();
    this.#held?.();
  }

  async drive(): Promise<FrontendResult> {
    const { calls, signal } = this.#options;
    const { leader, parents } = this.#progress;
    if (leader) await unlessAborted(leader.evaluated.promise, signal);
    const results = await waitForParents(parents, (parent) => parent.published, signal);
    await this.#enter();
    await calls.open(results);
    this.solving = calls.startSolve();
    // A build that ends by itself makes every call for it fail: its own answer comes first.
    const early = this.solving.then((): never => {
      throw new BakeError("run.early", "the engine ended the build before its result was returned");
    });
    early.catch(() => undefined);
    const work = this.#gateway();
    work.catch(() => undefined);
    return await Promise.race([work, early]);
  }

  async #gateway(): Promise<FrontendResult> {
    const { calls, signal, barrier } = this.#options;
    const { job, parents, children, published, evaluated, completed, linked, followed } = this.#progress;
    await calls.ping();
    const result = await calls.solveFrontend();
    published.reach(result);
    // A job on its own keeps its slot to the end: the engine does its work when the result is returned.
    if (!linked && !followed && !barrier) return result;
    if (linked) {
      this.release();
      await waitForChildren(children, (child) => child.published, signal);
      await waitForParents(parents, (parent) => parent.evaluated, signal);
      await this.#enter();
    }
    await calls.evaluate(result);
    this.release();
    evaluated.reach();
    if (barrier) await unlessAborted(barrier.pass(job.id), signal);
    await waitForChildren(children, (child) => child.completed, signal);
    completed.reach();
    return result;
  }

  async #enter(): Promise<void> {
    const { slots, signal, clock } = this.#options;
    this.#held = await slots.enter({ priority: this.#progress.priority, signal });
    clock.start();
  }
}

/** Waits for children, who may fail on their own: a parent goes on without them. */
async function waitForChildren<T>(children: readonly JobProgress[], milestone: (child: JobProgress) => Milestone<T>, signal: AbortSignal): Promise<void> {
  await unlessAborted(Promise.allSettled(children.map((child) => milestone(child).promise)), signal);
}

async function waitForParents<T>(
  parents: readonly JobProgress[],
  milestone: (parent: JobProgress) => Milestone<T>,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, T>> {
  const reached = parents.map(async (other): Promise<readonly [string, T]> => {
    try {
      return [other.job.id, await milestone(other).promise];
    } catch (cause) {
      throw new LinkedFailure(other.job.target, cause);
    }
  });
  return new Map(await unlessAborted(Promise.all(reached), signal));
}

/** Waits for a promise, or for the signal, whose reason it then rejects with. */
function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}

/**
 * The engine knows best why a build failed: its Solve carries the typed details. It is told of our side
 * of the failure and given a moment to answer.
 */
async function settleFailure(error: unknown, solving: Promise<unknown> | undefined, calls: BuildCalls, signal: AbortSignal): Promise<unknown> {
  // Nobody can be told, and the abort that the first such failure causes must not hide the others.
  const lost = isConnectionLost(error);
  if (lost || signal.aborted || error instanceof LinkedFailure || !solving) {
    calls.cancel();
    return signal.aborted && !lost ? signal.reason : error;
  }
  const answer = solving.then(
    () => undefined,
    (reason: unknown) => ({ reason }),
  );
  let timer: NodeJS.Timeout | undefined;
  const grace = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), returnGraceMs);
  });
  const told = calls.giveBackError(error).then(
    () => answer,
    () => answer,
  );
  const known = await Promise.race([answer, told, grace]);
  clearTimeout(timer);
  calls.cancel();
  return known?.reason ?? error;
}
