/** The state of every target of a run. One that is built on several nodes has one state for all of them. */
import type { EndEvent, TargetState } from "../events.ts";
import type { Plan } from "../planner/plan.ts";

const final: readonly TargetState[] = ["succeeded", "failed", "cancelled", "skipped"];
const order: readonly TargetState[] = ["waiting", "running", "exporting"];

export class TargetStates {
  /** In plan order. */
  readonly targets: readonly string[];
  readonly #states = new Map<string, TargetState>();
  readonly #openJobs = new Map<string, number>();
  readonly #onChange: (target: string, state: TargetState, error?: string) => void;

  constructor(plan: Plan, onChange: (target: string, state: TargetState, error?: string) => void) {
    for (const { target } of plan.jobs) this.#openJobs.set(target, (this.#openJobs.get(target) ?? 0) + 1);
    this.targets = [...this.#openJobs.keys()];
    this.#onChange = onChange;
  }

  /** Changes a state forwards; a final one stays. */
  set(target: string, state: TargetState, error?: string): void {
    const before = this.#states.get(target);
    if (before !== undefined && (final.includes(before) || (order.includes(state) && order.indexOf(state) <= order.indexOf(before)))) return;
    this.#states.set(target, state);
    this.#onChange(target, state, error);
  }

  /** One job of the target has succeeded; true when it was the last. */
  jobDone(target: string): boolean {
    const left = (this.#openJobs.get(target) ?? 1) - 1;
    this.#openJobs.set(target, left);
    return left === 0;
  }

  /** Targets by how they ended; those that did not end were cancelled. */
  summary(): Pick<EndEvent, "succeeded" | "failed" | "cancelled" | "skipped"> {
    const having = (wanted: TargetState): readonly string[] => this.targets.filter((target) => this.#states.get(target) === wanted);
    const open = this.targets.filter((target) => !final.includes(this.#states.get(target) ?? "waiting"));
    return { succeeded: having("succeeded"), failed: having("failed"), cancelled: [...having("cancelled"), ...open], skipped: having("skipped") };
  }
}
