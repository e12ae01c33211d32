/**
 * Jobs whose solves are the same one (same request, secrets and node, nothing built anew) are solved once.
 *
 * The engine merges the answers of all exporters of a solve into one map, so two images of one solve
 * could not be told apart. Therefore:
 *
 *     exporters of the twin                          what becomes of it
 *     none, or the very same, or only files          no job of its own: it shares the other's solve
 *     an image that only has other names             the same, under the names of both; unless it is
 *     and stays in the engine                        pushed: one that may not be must not fail the other
 *     anything else (a pushed image)                 a job that begins when the other is evaluated:
 *                                                    every step is done, only its exporters have work
 */
import type { Job, PlannedExporter, Twin } from "./plan.ts";

export interface TwinOptions {
  /** Whether the node takes several exporters in one solve. */
  readonly multipleExporters: (node: number) => boolean;
  /** Targets with work of their own after the solve (a push or an index by the client). */
  readonly separate: ReadonlySet<string>;
}

/** Merges what is the same. Links lead to the job that is left; jobs keep their order. */
export function mergeTwins(
  jobs: readonly Job[],
  { multipleExporters, separate }: TwinOptions,
): { readonly jobs: readonly Job[]; readonly twins: readonly Twin[] } {
  const first = firstOfEach(jobs);
  const exporters = new Map<string, PlannedExporter[]>();
  const twins: Twin[] = [];
  const kept: Job[] = [];
  const byId = new Map(jobs.map((job) => [job.id, job]));
  for (const job of jobs) {
    const links = job.links.map((link) => ({ ...link, job: first.get(link.job) ?? link.job }));
    const leader = byId.get(first.get(job.id) ?? job.id) ?? job;
    if (leader === job) {
      exporters.set(job.id, [...job.request.exporters]);
      kept.push({ ...job, links });
      continue;
    }
    const all = exporters.get(leader.id) ?? [];
    const own = separate.has(job.target) || separate.has(leader.target) ? undefined : sharedExporters(job, leader, all, multipleExporters(job.node));
    if (own) twins.push({ target: job.target, requested: job.requested, job: leader.id, exporters: own, names: namesOf(job.request.exporters) });
    else kept.push({ ...job, links, repeats: leader.id });
  }
  const merged = kept.map((job) => {
    const all = exporters.get(job.id);
    if (!all || same(all, job.request.exporters)) return job;
    return { ...job, request: { ...job.request, exporters: all }, names: namesOf(job.request.exporters) };
  });
  return { jobs: merged, twins };
}

/** Image names of exporters, in order. */
function namesOf(exporters: readonly PlannedExporter[]): readonly string[] {
  return exporters.flatMap(({ attributes: { name } }) => (typeof name === "string" && name !== "" ? name.split(",") : []));
}

/** Indexes of the twin's exporters among the leader's, to which its files are added; undefined when it cannot share the solve. */
function sharedExporters({ request }: Job, leader: Job, all: PlannedExporter[], multiple: boolean): readonly number[] | undefined {
  const { exporters, cacheTo } = request;
  if (cacheTo.length > 0 && !same(cacheTo, leader.request.cacheTo)) return undefined;
  if (exporters.length === 0) return [];
  if (same(exporters, leader.request.exporters)) return exporters.map((_, index) => index);
  if (onlyNamesDiffer(exporters, leader.request.exporters)) {
    exporters.forEach((exporter, index) => {
      all[index] = withNames(all[index] as PlannedExporter, [...new Set([...namesOf([all[index] as PlannedExporter]), ...namesOf([exporter])])]);
    });
    return exporters.map((_, index) => index);
  }
  if (!exporters.every(isFiles) || !multiple) return undefined;
  return exporters.map((exporter) => {
    const known = all.findIndex((other) => same(other, exporter));
    return known >= 0 ? known : all.push(exporter) - 1;
  });
}

/** The same images, which stay in the engine, under other names. */
function onlyNamesDiffer(own: readonly PlannedExporter[], others: readonly PlannedExporter[]): boolean {
  const stays = ({ type, sink, attributes }: PlannedExporter): boolean =>
    (type === "image" || type === "moby") && sink === undefined && attributes["push"] !== "true" && namesOf([{ type, attributes }]).length > 0;
  return own.every(stays) && others.every(stays) && same(own.map(unnamed), others.map(unnamed));
}

const unnamed = (exporter: PlannedExporter): PlannedExporter => withNames(exporter, []);

const withNames = ({ attributes, ...exporter }: PlannedExporter, names: readonly string[]): PlannedExporter => ({
  ...exporter,
  attributes: { ...attributes, name: names.join(",") },
});

/** Written to this machine, with nothing in the answer. */
function isFiles({ type, sink }: PlannedExporter): boolean {
  return (type === "local" || type === "tar") && (sink?.kind === "directory" || sink?.kind === "file");
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** The first job with the same solve, for every job. Parents are compared before their children, whose links they decide. */
function firstOfEach(jobs: readonly Job[]): ReadonlyMap<string, string> {
  const levels = levelsOf(jobs);
  const byLevel = jobs.map((job, index) => ({ job, index })).sort((a, b) => (levels.get(a.job.id) ?? 0) - (levels.get(b.job.id) ?? 0) || a.index - b.index);
  const first = new Map<string, string>();
  const known = new Map<string, string>();
  for (const { job } of byLevel) {
    const key = solveKey(job, first);
    const leader = key === undefined ? undefined : known.get(key);
    first.set(job.id, leader ?? job.id);
    if (key !== undefined && leader === undefined) known.set(key, job.id);
  }
  return first;
}

/** Length of the longest chain of links above each job; jobs on a cycle, which resolving refuses, have none. */
function levelsOf(jobs: readonly Job[]): ReadonlyMap<string, number> {
  const children = new Map<string, string[]>();
  const open = new Map<string, number>();
  for (const { id, links } of jobs) {
    open.set(id, links.length);
    for (const { job } of links) {
      const list = children.get(job);
      if (list) list.push(id);
      else children.set(job, [id]);
    }
  }
  const levels = new Map<string, number>();
  const ready = jobs.filter(({ links }) => links.length === 0).map(({ id }) => id);
  for (const id of ready) {
    const level = levels.get(id) ?? 0;
    levels.set(id, level);
    for (const child of children.get(id) ?? []) {
      levels.set(child, Math.max(levels.get(child) ?? 0, level + 1));
      const left = (open.get(child) ?? 1) - 1;
      open.set(child, left);
      if (left === 0) ready.push(child);
    }
  }
  return levels;
}

/** Everything that decides what a solve does, except where its result goes; undefined when it has to run for itself. */
function solveKey(
  { node, platforms, request, sharedKey, mounts, stores, secrets, ssh, links, call, policies }: Job,
  first: ReadonlyMap<string, string>,
): string | undefined {
  const { frontend, attributes, cacheFrom, entitlements, internal, sourcePolicy } = request;
  // Each question is answered under the name of its target.
  if (attributes["no-cache"] !== undefined || policies.some(({ optional }) => optional !== true) || call) return undefined;
  const linked = new Set(links.map(({ context }) => `context:${context}`));
  return JSON.stringify([
    node,
    platforms,
    frontend,
    Object.entries(attributes)
      .filter(([name]) => !linked.has(name))
      .sort(([a], [b]) => (a < b ? -1 : 1)),
    cacheFrom,
    [...entitlements].sort(),
    internal,
    sourcePolicy,
    sharedKey,
    mounts,
    stores.filter(({ kind }) => kind === "oci-layout"),
    byId(secrets),
    byId(ssh),
    links.map(({ context, job }) => [context, first.get(job)]),
  ]);
}

const byId = <T extends { readonly id: string }>(list: readonly T[]): readonly T[] => [...list].sort((a, b) => (a.id < b.id ? -1 : 1));
