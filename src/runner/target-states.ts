/**
 * The state of every target of a run. One that is built on several nodes has one state for all of them;
 * one that another target's job builds too has that target's.
 */
import type { EndEvent, FailurePlace, TargetEvent, TargetImage, TargetState } from "../events.ts";
import type { Plan } from "../planner/plan.ts";
import { targetsOf } from "./plan-targets.ts";

const final: ReadonlySet<TargetState> = new Set(["succeeded", "failed", "cancelled", "skipped"]);
const order: readonly TargetState[] = ["waiting", "running", "exporting"];

/** What is known beside a state. */
export interface StateDetails {
  readonly error?: string;
  readonly places?: readonly FailurePlace[];
  readonly image?: TargetImage;
}

export type StateChange = Omit<TargetEvent, "type" | "time">;

export class TargetStates {
  /** In plan order. */
  readonly targets: readonly string[];
  readonly #states = new Map<string, TargetState>();
  readonly #attempts = new Map<string, number>();
  readonly #openJobs = new Map<string, number>();
  /** The targets that each job builds. */
  readonly #targetsOfJob: ReadonlyMap<string, readonly string[]>;
  readonly #onChange: (change: StateChange) => void;

  constructor(plan: Plan, onChange: (change: StateChange) => void) {
    const targetsOfJob = new Map(plan.jobs.map(({ id, target }) => [id, [target]]));
    for (const { job, target } of plan.twins) targetsOfJob.get(job)?.push(target);
    for (const target of [...targetsOfJob.values()].flat()) this.#openJobs.set(target, (this.#openJobs.get(target) ?? 0) + 1);
    this.targets = targetsOf(plan);
    this.#targetsOfJob = targetsOfJob;
    this.#onChange = onChange;
  }

  /** The targets that a job builds, its own first. */
  of(job: string): readonly string[] {
    return this.#targetsOfJob.get(job) ?? [];
  }

  /** Changes the state of one target forwards; a final one stays. */
  set(target: string, state: TargetState, details: StateDetails = {}): void {
    const before = this.#states.get(target);
    if (before !== undefined && (final.has(before) || (order.includes(state) && order.indexOf(state) <= order.indexOf(before)))) return;
    this.#states.set(target, state);
    this.#onChange({ target, state, attempt: this.#attempts.get(target) ?? 1, ...details });
  }

  /** Changes the state of all targets of a job. */
  setJob(job: string, state: TargetState, details?: StateDetails): void {
    for (const target of this.of(job)) this.set(target, state, details);
  }

  /** The job's targets wait for another attempt, for the reason given. */
  retry(job: string, attempt: number, error: string): void {
    for (const target of this.of(job)) {
      if (final.has(this.#states.get(target) ?? "waiting") || attempt <= (this.#attempts.get(target) ?? 1)) continue;
      this.#attempts.set(target, attempt);
      this.#states.set(target, "waiting");
      this.#onChange({ target, state: "waiting", attempt, error });
    }
  }

  /** One job of the target has succeeded; true when it was the last. */
  jobDone(target: string): boolean {
    const left = (this.#openJobs.get(target) ?? 1) - 1;
    this.#openJobs.set(target, left);
    return left === 0;
  }

  /** Targets by how they ended; those that did not end were cancelled. */
  summary(): Pick<EndEvent, "succeeded" | "failed" | "cancelled" | "skipped"> {
    const lists: Record<"succeeded" | "failed" | "cancelled" | "skipped", string[]> = { succeeded: [], failed: [], cancelled: [], skipped: [] };
    for (const target of this.targets) {
      const state = this.#states.get(target);
      lists[state === "succeeded" || state === "failed" || state === "skipped" ? state : "cancelled"].push(target);
    }
    return lists;
  }
}
