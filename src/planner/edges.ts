/**
 * Links between jobs: who needs whose result, and which jobs hang together (spec/buildkit.md 4.5).
 */
import type { Edge, Job } from "./plan.ts";

/** One edge for each link, in job order. */
export function edgesOf(jobs: readonly Job[]): readonly Edge[] {
  return jobs.flatMap((job) => job.links.map((link) => ({ from: link.job, to: job.id, context: link.context })));
}

/** Connected groups of more than one job, in the order of their first job; members in job order. */
export function linkedGroups(jobs: readonly Job[], edges: readonly Edge[]): readonly (readonly string[])[] {
  const leader = new Map<string, string>(jobs.map(({ id }) => [id, id]));
  const find = (id: string): string => {
    let root = id;
    for (let next = leader.get(root); next !== undefined && next !== root; next = leader.get(root)) root = next;
    for (let at = id; at !== root; ) {
      const next = leader.get(at) ?? root;
      leader.set(at, root);
      at = next;
    }
    return root;
  };
  for (const { from, to } of edges) leader.set(find(to), find(from));
  const groups = new Map<string, string[]>();
  for (const { id } of jobs) {
    const root = find(id);
    const group = groups.get(root);
    if (group) group.push(id);
    else groups.set(root, [id]);
  }
  return [...groups.values()].filter((group) => group.length > 1);
}
