/** The jobs of a plan as they depend on each other, and which of them are started together (spec/buildkit.md 10.4). */
import type { Plan } from "../planner/plan.ts";
import { JobProgress } from "./job.ts";

/** Progress of every job by id, linked to its parents, children and leader. Linear in jobs and edges. */
export function linkProgress({ jobs, edges, order }: Plan): ReadonlyMap<string, JobProgress> {
  const ranks = new Map(order.map((id, rank) => [id, rank]));
  const progress = new Map(jobs.map((job) => [job.id, new JobProgress(job, jobs.length - (ranks.get(job.id) ?? jobs.length))]));
  const linked = new Set<string>();
  for (const { from, to } of edges) {
    const [parent, child] = [progress.get(from), progress.get(to)];
    const key = `${from}\0${to}`;
    if (!parent || !child || linked.has(key)) continue;
    linked.add(key);
    parent.children.push(child);
    child.parents.push(parent);
  }
  for (const each of progress.values()) {
    const { repeats } = each.job;
    if (repeats === undefined) continue;
    each.leader = progress.get(repeats);
    if (each.leader) each.leader.followed = true;
  }
  return progress;
}

/** The highest priority of its members. */
export const groupPriority = (group: readonly JobProgress[]): number =>
  group.reduce((most, { priority }) => Math.max(most, priority), Number.NEGATIVE_INFINITY);

/**
 * Linked jobs whole, as they wait for each other; every other job is a group of its own. In the order in which they are to be started:
 * while there is room everybody who comes gets in.
 */
export function jobGroups({ jobs, groups }: Plan, progress: ReadonlyMap<string, JobProgress>): readonly (readonly JobProgress[])[] {
  const of = (ids: readonly string[]): readonly JobProgress[] => ids.flatMap((id) => progress.get(id) ?? []);
  const grouped = new Set(groups.flat());
  const all = [...groups.map(of), ...jobs.filter(({ id }) => !grouped.has(id)).map(({ id }) => of([id]))];
  return all.sort((a, b) => groupPriority(b) - groupPriority(a));
}
