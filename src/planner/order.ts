/**
 * In which order jobs get slots: the one with the longest way to the end of the run first, by recorded
 * durations where there are any, by the number of jobs otherwise. Inputs always come before what needs them.
 */
import type { Edge, Job } from "./plan.ts";

/** Milliseconds that targets took in earlier runs. */
export type Durations = ReadonlyMap<string, number>;

/** Ids of all jobs, first to last. Equal ways keep plan order. */
export function orderJobs(jobs: readonly Job[], edges: readonly Edge[], durations: Durations): readonly string[] {
  const usual = median(jobs.flatMap(({ target }) => durations.get(target) ?? []));
  const own = new Map(jobs.map(({ id, target, repeats }) => [id, repeats === undefined ? Math.max(1, durations.get(target) ?? usual) : 1]));
  const ways = longestWays(jobs, edges, own);
  const way = ({ id }: Job): number => ways.get(id) ?? 0;
  return jobs
    .map((job, index) => ({ job, index }))
    .sort((a, b) => way(b.job) - way(a.job) || a.index - b.index)
    .map(({ job }) => job.id);
}

/** The longest sum of durations from the start of each job to the end of a job that waits for it. Every duration is positive, so a parent's way is longer than its child's. */
function longestWays(jobs: readonly Job[], edges: readonly Edge[], own: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  const before = new Map<string, string[]>();
  const waiting = new Map<string, number>();
  const add = (from: string, to: string): void => {
    const list = before.get(to);
    if (list) list.push(from);
    else before.set(to, [from]);
    waiting.set(from, (waiting.get(from) ?? 0) + 1);
  };
  for (const { from, to } of edges) add(from, to);
  for (const { id, repeats } of jobs) if (repeats !== undefined) add(repeats, id);
  const rest = new Map<string, number>();
  const ways = new Map<string, number>();
  const ready = jobs.map(({ id }) => id).filter((id) => !waiting.has(id));
  for (const id of ready) {
    const way = (own.get(id) ?? 1) + (rest.get(id) ?? 0);
    ways.set(id, way);
    for (const parent of before.get(id) ?? []) {
      rest.set(parent, Math.max(rest.get(parent) ?? 0, way));
      const left = (waiting.get(parent) ?? 1) - 1;
      waiting.set(parent, left);
      if (left === 0) ready.push(parent);
    }
  }
  return ways;
}

/** What a target that was never timed is taken to last. */
function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? 1;
}
