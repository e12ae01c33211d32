/** Which targets a plan builds. */
import type { Plan } from "../planner/plan.ts";

/** In plan order; those without a job of their own come last. */
export function targetsOf({ jobs, twins }: Pick<Plan, "jobs" | "twins">): readonly string[] {
  return [...new Set([...jobs.map(({ target }) => target), ...twins.map(({ target }) => target)])];
}
