/**
 * Puts the plan together: targets placed on nodes, lowered, linked, what is the same merged, their shared
 * directories given sessions of their own. Pure: the same input gives the same plan.
 */
import { fail, ok, plainError, type Diagnostic, type Result } from "../diagnostics.ts";
import { absolutePath } from "./build-context.ts";
import { lowerCaches } from "./caches.ts";
import { findConflicts, type PlaceOf } from "./conflicts.ts";
import { contextsOf, shareMounts } from "./contexts.ts";
import { edgesOf, linkedGroups } from "./edges.ts";
import { unknownFeatures, type EngineFacts, type LocalFacts, type NodeFacts } from "./facts.ts";
import { goBool } from "../go-text.ts";
import { findMissingPlatforms } from "./missing-platforms.ts";
import { orderJobs, type Durations } from "./order.ts";
import type { EnginePush, IndexMerge, Job, Plan, PlanNode, SharedCache, Twin } from "./plan.ts";
import { placePlatforms } from "./platforms.ts";
import { shareCache, type CachePlace } from "./shared-cache.ts";
import { lowerTarget, type LoweredTarget, type TargetContext, type TargetInput } from "./target.ts";
import { mergeTwins } from "./twins.ts";

export interface PlanInput {
  /** Targets in the order of the selection, linked ones after. */
  readonly targets: readonly TargetInput[];
  /** Names as typed. */
  readonly selection: readonly string[];
  /** Undefined when no engine was asked. */
  readonly engine: EngineFacts | undefined;
  readonly facts: LocalFacts;
  readonly isRemote: (text: string) => boolean;
  /** Milliseconds that targets took in earlier runs. */
  readonly durations?: Durations;
  /** Where `--cache` puts the caches of all targets. */
  readonly cache?: CachePlace;
  /** What is odd about the targets together is an error. */
  readonly strict?: boolean;
  readonly placeOf?: PlaceOf;
  /** The form in which two spellings of an image name are the same. */
  readonly fullName?: (name: string) => string;
}

/** A builder with every feature and one node: what is assumed without an engine. */
const unknownEngine: EngineFacts = {
  builder: "unknown",
  driver: "unknown",
  nodes: [{ name: "unknown", configuredPlatforms: [], platforms: [], loaded: false, features: unknownFeatures, capabilities: [], labels: {} }],
};

export function planTargets(input: PlanInput): Result<Plan> {
  const { targets, selection, engine: asked, facts, isRemote } = input;
  const engine = asked ?? unknownEngine;
  const context: TargetContext = { engine, facts, isRemote };
  const placements = placePlatforms(
    targets.map(({ platforms }) => platforms),
    engine.nodes,
  );
  const lowered: LoweredTarget[] = [];
  const problems: Diagnostic[] = [];
  targets.forEach((target, index) => {
    const result = lowerTarget(target, placements[index] ?? [], context);
    if (result.ok) lowered.push(result.value);
    else problems.push(...result.diagnostics);
  });
  if (problems.length > 0) return fail(...problems);
  const findings = findOddities(input, engine, lowered);
  if (input.strict === true && findings.length > 0) return fail(...findings.map((finding) => ({ ...finding, severity: "error" as const, plain: true })));
  const linked = resolveLinks(lowered.flatMap(({ jobs }) => jobs));
  if (!linked.ok) return linked;
  const merged = mergeTwins(linked.value, {
    multipleExporters: (index) => takesSeveralExporters(engine.nodes[index]),
    separate: new Set(
      targets.filter((_, index) => lowered[index]?.merge !== undefined || (lowered[index]?.enginePush.length ?? 0) > 0).map(({ name }) => name),
    ),
  });
  const { twins } = merged;
  const edges = edgesOf(merged.jobs);
  const cached = withSharedCache(merged.jobs, edges, twins, input, engine);
  if (!cached.ok) return cached;
  const { jobs, sessions } = shareMounts(cached.value.jobs);
  return ok(
    {
      version: 1,
      engine: asked ? "known" : "unknown",
      builder: engine.builder,
      driver: engine.driver,
      selection,
      jobs: jobs.map(sortAttributes),
      edges,
      groups: linkedGroups(jobs, edges),
      order: orderJobs(jobs, edges, input.durations ?? new Map()),
      twins,
      contexts: contextsOf(jobs),
      ...(cached.value.sharedCache ? { sharedCache: cached.value.sharedCache } : {}),
      sharedSessions: sessions,
      nodes: planNodes(engine, jobs),
      merges: targets.flatMap((target, index) => mergeOf(target, lowered[index])),
      pushes: targets.flatMap((target, index) => pushOf(target, lowered[index])),
      warnings: [...new Set(lowered.flatMap(({ warnings }) => warnings)), ...noOutputWarning(targets, lowered, engine.driver, asked !== undefined)],
    },
    findings,
  );
}

/** What is odd about the targets together, though each can be built. */
function findOddities(
  { targets, facts, placeOf = () => ({}), fullName = (name) => name }: PlanInput,
  engine: EngineFacts,
  lowered: readonly LoweredTarget[],
): readonly Diagnostic[] {
  const absolute = (path: string): string => absolutePath(path, facts.cwd);
  return [...findMissingPlatforms(targets, engine, placeOf), ...findConflicts({ targets, jobs: lowered.map(({ jobs }) => jobs), absolute, fullName, placeOf })];
}

const takesSeveralExporters = (node: NodeFacts | undefined): boolean => node?.loaded !== true || node.capabilities.includes("exporter.multiple");

type CachedJobs = { readonly jobs: readonly Job[]; readonly sharedCache?: SharedCache };

/** Adds the caches of `--cache` to what the targets ask for themselves. */
function withSharedCache(
  jobs: Plan["jobs"],
  edges: Plan["edges"],
  twins: readonly Twin[],
  { cache, facts }: PlanInput,
  engine: EngineFacts,
): Result<CachedJobs> {
  if (!cache) return ok({ jobs });
  const sharedCache = shareCache(cache, jobs, edges, twins);
  const scopes = new Map(sharedCache.scopes.map((scope) => [scope.job, scope]));
  const absolute = (path: string): string => absolutePath(path, facts.cwd);
  const cached: Job[] = [];
  for (const job of jobs) {
    const { exports = [], imports = [] } = scopes.get(job.id) ?? {};
    const cacheTo = exports.map((scope) => cache.entry(scope, "export"));
    const cacheFrom = imports.map((scope) => cache.entry(scope, "import"));
    const node = engine.nodes[job.node] as NodeFacts;
    const lowered = lowerCaches({ cacheFrom, cacheTo, inlineCache: false, node, driver: engine.driver, facts, absolute });
    if (!lowered.ok) return lowered;
    const { request } = job;
    cached.push({
      ...job,
      request: { ...request, cacheTo: [...request.cacheTo, ...lowered.value.cacheTo], cacheFrom: [...request.cacheFrom, ...lowered.value.cacheFrom] },
    });
  }
  return ok({ jobs: cached, sharedCache });
}

/** Completes links with the job that gives the result on the same node. */
function resolveLinks(jobs: readonly Job[]): Result<readonly Job[]> {
  const byNode = new Map(jobs.map((job) => [`${job.node}\0${job.target}`, job.id]));
  const problems: Diagnostic[] = [];
  const resolved = jobs.map((job) => {
    if (job.links.length === 0) return job;
    const links = job.links.map((link) => {
      const parent = byNode.get(`${job.node}\0${link.target}`);
      if (parent === undefined) {
        const text = `failed to use ${link.target} as context ${link.context} for ${job.target} because targets build with different drivers`;
        problems.push(plainError("plan.link-node", text));
      }
      return { ...link, job: parent ?? "" };
    });
    return { ...job, links };
  });
  return problems.length > 0 ? fail(...problems) : ok(resolved);
}

/** Attributes in key order: the plan's bytes do not depend on who set which first. */
function sortAttributes(job: Job): Job {
  const attributes = Object.fromEntries(Object.entries(job.request.attributes).sort(([a], [b]) => (a < b ? -1 : 1)));
  return { ...job, request: { ...job.request, attributes } };
}

function planNodes(engine: EngineFacts, jobs: readonly Job[]): readonly PlanNode[] {
  const byNode = new Map<number, Job[]>();
  for (const job of jobs) {
    const list = byNode.get(job.node);
    if (list) list.push(job);
    else byNode.set(job.node, [job]);
  }
  return [...byNode]
    .sort(([a], [b]) => a - b)
    .map(([index, list]) => ({
      index,
      name: engine.nodes[index]?.name ?? "",
      platforms: [...new Set(list.flatMap(({ platforms }) => platforms))],
      jobs: list.map(({ id }) => id),
    }));
}

function mergeOf({ name }: TargetInput, lowered: LoweredTarget | undefined): readonly IndexMerge[] {
  if (!lowered?.merge) return [];
  const { names, attributes } = lowered.merge;
  const annotations = Object.entries(attributes).filter(([key]) => /^annotation-(index|manifest-descriptor)[[.]/.test(key));
  return [
    {
      target: name,
      jobs: lowered.jobs.map(({ id }) => id),
      names,
      annotations: Object.fromEntries(annotations),
      insecure: goBool(attributes["registry.insecure"]) === true,
    },
  ];
}

function pushOf({ name }: TargetInput, lowered: LoweredTarget | undefined): readonly EnginePush[] {
  const job = lowered?.jobs[0];
  return lowered && job && lowered.enginePush.length > 0 ? [{ target: name, job: job.id, names: lowered.enginePush }] : [];
}

function noOutputWarning(targets: readonly TargetInput[], lowered: readonly LoweredTarget[], driver: string, known: boolean): readonly string[] {
  const names = targets.filter(({ requested }, index) => requested && lowered[index]?.resultStaysInCache === true).map(({ name }) => name);
  if (names.length === 0 || !known) return [];
  const which = names.length === 1 && names[0] === "default" ? "" : ` for ${names.sort().join(", ")} target(s)`;
  return [
    `No output specified${which} with ${driver} driver. Build result will only remain in the build cache. ` +
      "To push result image into registry use --push or to load image into docker use --load",
  ];
}
