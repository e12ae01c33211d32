/**
 * The planning stage put together: what the targets ask for, what must be looked up on this machine for it, and
 * the plan. The only place where the planner, which does no I/O, meets a Host.
 */
import type { Call } from "./bake/call.ts";
import { parseCall } from "./bake/call.ts";
import { sshOf, type CheckedTarget } from "./bake/check.ts";
import { cleanPath } from "./clean-path.ts";
import { parseCache } from "./bake/entries/cache.ts";
import { policySets } from "./bake/policy.ts";
import { formatReference, parseReference } from "./bake/reference.ts";
import { isRemoteUrl, remoteDirectory } from "./bake/remote-url.ts";
import type { ResolvedBake, ResolvedTarget } from "./bake/resolved.ts";
import { fail, ok, plainError, type Diagnostic, type Result } from "./diagnostics.ts";
import type { Host } from "./host.ts";
import { placesOf } from "./places.ts";
import { lookupsOf } from "./planner/lookups.ts";
import { planTargets } from "./planner/plan-bake.ts";
import type { Plan, PlannedCall } from "./planner/plan.ts";
import { cachePlace, type CachePlace } from "./planner/shared-cache.ts";
import { targetInput } from "./planner/target-input.ts";
import type { TargetInput } from "./planner/target.ts";
import type { Engine, EngineNeeds } from "./runner/connect.ts";
import { contextCredentials } from "./runner/git-credentials.ts";
import { readDurations } from "./runner/history.ts";
import { readLocalFacts } from "./runner/local-facts.ts";

export interface PlanStageInput {
  readonly resolved: ResolvedBake;
  readonly checked: ReadonlyMap<string, CheckedTarget>;
  readonly host: Host;
  /** Absent: planned with a builder that can do everything. */
  readonly engine?: Engine;
  /** Format and status rule of `--call`. */
  readonly call?: Call;
  /** A registry reference or cache entry under which every target gets a cache of its own. */
  readonly cache?: string;
  /** What is odd about the targets together is an error instead of a warning. */
  readonly strict?: boolean;
}

function engineNeeds({ targets }: ResolvedBake, checked: ReadonlyMap<string, CheckedTarget>): EngineNeeds {
  const outputs = [...targets.values()].flatMap(({ target }) => target.output ?? []);
  return {
    platforms: [...targets.keys()].map((name) => checked.get(name)?.platforms ?? []),
    loads: outputs.some(({ type, dest }) => type === "docker" && !dest),
  };
}

/** Plans the resolved targets. Looks at files, repositories and the environment, and boots and asks the nodes that are needed. */
export async function planResolved({ resolved, checked, host, engine, call, cache, strict }: PlanStageInput): Promise<Result<Plan>> {
  const place = cache === undefined ? undefined : readCachePlace(cache);
  if (place?.ok === false) return place;
  const targets: TargetInput[] = [];
  const problems: Diagnostic[] = [];
  for (const target of resolved.targets.values()) {
    const input = inputOf(target, { resolved, checked, host, call });
    if (input.ok) targets.push(input.value);
    else problems.push(...input.diagnostics);
  }
  if (problems.length > 0) return fail(...problems);
  const [facts, prepared] = await Promise.all([
    readLocalFacts(lookupsOf(targets, host.cwd, isRemoteUrl), host, engine?.dockerHost),
    engine?.prepare(engineNeeds(resolved, checked)),
  ]);
  return planTargets({
    targets,
    selection: resolved.requested,
    engine: prepared,
    facts,
    isRemote: isRemoteUrl,
    durations: readDurations(host),
    ...(place ? { cache: place.value } : {}),
    strict: strict === true,
    placeOf: placesOf(resolved),
    fullName,
  });
}

function readCachePlace(text: string): Result<CachePlace> {
  const parsed = parseCache(text);
  if (!parsed.ok) return fail(plainError("plan.cache", `invalid value for --cache: ${parsed.message}`));
  const [entry, second] = parsed.entries as readonly Readonly<Record<string, string>>[];
  if (!entry || second) return fail(plainError("plan.cache", `invalid value for --cache: "${text}" is not one registry reference or cache entry`));
  const { type = "", ...attributes } = entry;
  return cachePlace({ type, attributes });
}

function fullName(name: string): string {
  const reference = parseReference(name);
  return reference.ok ? formatReference(reference.value) : name;
}

type InputContext = Pick<PlanStageInput, "resolved" | "checked" | "host"> & { readonly call: Call | undefined };

function inputOf(resolved: ResolvedTarget, { resolved: bake, checked, host, call }: InputContext): Result<TargetInput> {
  const policies = policySets(resolved, host);
  if (!policies.ok) return policies;
  const { name, target, linkedOnly } = resolved;
  const { platforms = [], annotations = {}, limits = {} } = checked.get(name) ?? {};
  const { remote } = bake.definition;
  const planned = plannedCall(target.call, call);
  const findings = {
    name,
    requested: !linkedOnly,
    platforms,
    annotations,
    limits,
    policies: policies.value,
    ssh: sshOf(target, remote),
    credentials: remote?.tree === true && isRemoteUrl(target.context) ? contextCredentials(target.context, remote.url, host) : [],
    contexts: solvedContexts(resolved, bake),
    ...(planned ? { call: planned } : {}),
  };
  return ok(targetInput(target, findings, host.cwd));
}

/** A target's own call is a name; format and status rule come from the command line. */
function plannedCall(text: string | undefined, flag: Call | undefined): PlannedCall | undefined {
  if (!text || text === "build") return undefined;
  const own = parseCall(text);
  const name = own.ok && own.value ? own.value.name : text;
  return { name, ignoreStatus: flag?.ignoreStatus === true, ...(flag?.format === undefined ? {} : { format: flag.format }) };
}

/** With a remote tree, named contexts that are plain paths are directories of the tree. */
function solvedContexts({ target, contextTree }: ResolvedTarget, { definition }: ResolvedBake): Readonly<Record<string, string>> {
  const contexts = target.contexts ?? {};
  const remote = definition.remote;
  if (contextTree === undefined || !remote?.tree) return contexts;
  const solved = (value: string): string => {
    if (/^(?:cwd:\/\/|target:|docker-image:|oci-layout:|input:)/.test(value) || isRemoteUrl(value)) return value;
    const path = cleanPath(value);
    return path === "." ? remote.url : remoteDirectory(remote.url, path);
  };
  return Object.fromEntries(Object.entries(contexts).map(([name, value]) => [name, solved(value)]));
}
