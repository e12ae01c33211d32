/**
 * One target on its nodes: every field lowered, put together as complete solve requests (spec/bake.md
 * 11.3, spec/buildkit.md 7.4).
 */
import { fail, ok, type Diagnostic, type Result } from "../diagnostics.ts";
import { lowerAttestations, type Attestation } from "./attestations.ts";
import { lowerFrontend, lowerNetwork } from "./attributes.ts";
import { absolutePath, gitAttributes, lowerContext, type LoweredContext } from "./build-context.ts";
import { lowerCaches, type Cache } from "./caches.ts";
import { lowerExporters, type LoweredExporters, type Output } from "./exporters.ts";
import type { EngineFacts, LocalFacts, NodeFacts } from "./facts.ts";
import { unsupportedFeature } from "./features.ts";
import { gitLabels } from "./git-labels.ts";
import type { Job, PlanAttributes, PlannedCall, PlannedPolicy, PlanValue, SecretReference, SshReference } from "./plan.ts";
import type { Placement } from "./platforms.ts";

type Pairs = readonly (readonly [name: string, value: string])[];

/** A secret as written: where it comes from may be left open. */
export interface Secret {
  readonly id: string;
  readonly src?: string;
  readonly env?: string;
}

/** A target's fields, parsed and normalised, in the planner's words. */
export interface TargetInput {
  readonly name: string;
  /** False for targets that were only pulled in by links. */
  readonly requested: boolean;
  readonly call?: PlannedCall;
  readonly context: string;
  readonly dockerfile: string;
  readonly dockerfileInline: string;
  readonly contexts: Pairs;
  readonly args: Pairs;
  readonly labels: Pairs;
  readonly extraHosts: Pairs;
  readonly target: string;
  readonly tags: readonly string[];
  readonly platforms: readonly string[];
  readonly pull: boolean;
  readonly noCache: boolean;
  readonly noCacheFilter: readonly string[];
  readonly network: string;
  /** Attributes that already have their wire names: shm-size, ulimit, memory and so on. */
  readonly limits: Readonly<Record<string, string>>;
  readonly entitlements: readonly string[];
  readonly attestations: readonly Attestation[];
  /** `annotation…` attributes for the exporters. */
  readonly annotations: Readonly<Record<string, string>>;
  readonly outputs: readonly Output[];
  readonly cacheFrom: readonly Cache[];
  readonly cacheTo: readonly Cache[];
  readonly secrets: readonly Secret[];
  readonly ssh: readonly SshReference[];
  readonly policies: readonly PlannedPolicy[];
}

export interface TargetContext {
  readonly engine: EngineFacts;
  readonly facts: LocalFacts;
  readonly isRemote: (text: string) => boolean;
}

/** A target on its nodes. */
export interface LoweredTarget {
  readonly jobs: readonly Job[];
  readonly warnings: readonly string[];
  readonly resultStaysInCache: boolean;
  readonly enginePush: readonly string[];
  readonly merge?: LoweredExporters["merge"];
}

/** Lowers a target for each node it runs on. Links are completed once all targets are known. */
export function lowerTarget(input: TargetInput, placements: readonly Placement[], context: TargetContext): Result<LoweredTarget> {
  const multiNode = placements.length > 1;
  const jobs: Job[] = [];
  const problems: Diagnostic[] = [];
  const warnings = new Set<string>();
  const enginePush = new Set<string>();
  let merge: LoweredExporters["merge"];
  let resultStaysInCache = false;
  for (const placement of placements) {
    const lowered = lowerOnNode(input, placement, multiNode, context);
    if (!lowered.ok) {
      problems.push(...lowered.diagnostics);
      break;
    }
    const { job, exported, messages } = lowered.value;
    jobs.push(job);
    for (const message of messages) warnings.add(message);
    for (const name of exported.enginePush) enginePush.add(name);
    merge ??= exported.merge;
    resultStaysInCache ||= exported.resultStaysInCache;
  }
  if (problems.length > 0) return fail(...problems);
  return ok({ jobs, warnings: [...warnings], resultStaysInCache, enginePush: [...enginePush], ...(merge ? { merge } : {}) });
}

/** `env` gives the value, else `src` does; else a variable named like the id when it is set, else a file of that name (spec/buildkit.md 6.7). */
function secretReference({ id, src, env }: Secret, facts: LocalFacts): SecretReference {
  if (env !== undefined) return { id, source: { kind: "env", name: env } };
  if (src === undefined && facts.secretEnv.includes(id)) return { id, source: { kind: "env", name: id } };
  return { id, source: { kind: "file", path: absolutePath(src ?? id, facts.cwd) } };
}

const multiPlatformUrl = "https://docs.docker.com/go/build-multi-platform/";

type OnNode = { job: Job; exported: LoweredExporters; messages: readonly string[] };

function lowerOnNode(
  input: TargetInput,
  { node: index, platforms }: Placement,
  multiNode: boolean,
  { engine, facts, isRemote }: TargetContext,
): Result<OnNode> {
  const node = engine.nodes[index] as NodeFacts;
  const { driver } = engine;
  const absolute = (path: string): string => absolutePath(path, facts.cwd);
  if (input.platforms.length > 1 && !node.features.multiPlatform) return fail(unsupportedFeature("Multi-platform build", driver, multiPlatformUrl));
  const frontend = lowerFrontend({ ...input, platforms, multiNode, driver, proxySettings: facts.proxySettings });
  if (!frontend.ok) return frontend;
  const caches = lowerCaches({ ...input, inlineCache: frontend.value.inlineCache, node, driver, facts, absolute });
  if (!caches.ok) return caches;
  const attestations = lowerAttestations(input.attestations, { node, driver, env: facts.env });
  if (!attestations.ok) return attestations;
  const exported = lowerExporters({
    ...input,
    node,
    engine,
    platforms: input.platforms.length,
    multiNode,
    attestations: attestations.value.asked,
    call: input.call !== undefined,
    env: facts.env,
    absolute,
    ...(frontend.value.buildinfoAttributes === undefined ? {} : { buildinfoAttributes: frontend.value.buildinfoAttributes }),
  });
  if (!exported.ok) return exported;
  const sources = lowerContext({ ...input, facts, isRemote });
  if (!sources.ok) return sources;
  const network = lowerNetwork({ network: input.network, extraHosts: input.extraHosts, driver, labels: node.labels });
  if (!network.ok) return network;
  const attributes: PlanAttributes = {
    ...frontend.value.attributes,
    ...attestations.value.attributes,
    ...input.limits,
    ...network.value.attributes,
    ...sources.value.attributes,
    ...gitInfo(sources.value, input, facts),
    ...frontendCapabilities(sources.value.capabilities, input.call),
  };
  const job: Job = {
    id: multiNode ? `${input.name}@${index}` : input.name,
    target: input.name,
    node: index,
    platforms,
    requested: input.requested,
    request: {
      frontend: frontend.value.name,
      attributes,
      exporters: exported.value.exporters,
      cacheTo: caches.value.cacheTo,
      cacheFrom: caches.value.cacheFrom,
      entitlements: [...new Set([...input.entitlements, ...network.value.entitlements])],
      internal: input.call !== undefined,
      ...(facts.sourcePolicy === undefined ? {} : { sourcePolicy: facts.sourcePolicy }),
    },
    ...(sources.value.sharedKey === undefined ? {} : { sharedKey: sources.value.sharedKey }),
    mounts: sources.value.mounts,
    stores: [...sources.value.stores, ...caches.value.stores, ...exported.value.stores],
    secrets: input.secrets.map((secret) => secretReference(secret, facts)),
    ssh: input.ssh,
    links: sources.value.links.map(({ context, target }) => ({ context, target, job: "", input: `${index}-${target}` })),
    ...(input.call ? { call: input.call } : {}),
    policies: input.policies,
    localState: sources.value.localState,
  };
  return ok({ job, exported: exported.value, messages: caches.value.warnings });
}

function gitInfo({ mounts, localState }: LoweredContext, input: TargetInput, facts: LocalFacts): PlanAttributes {
  const directory = localState.localPath;
  return { ...gitAttributes(directory, mounts, facts), ...gitLabels(directory, localState.dockerfilePath, facts, input.labels) };
}

function frontendCapabilities(needed: readonly string[], call: PlannedCall | undefined): Readonly<Record<string, PlanValue>> {
  const capabilities = [...needed, ...(call ? ["moby.buildkit.frontend.subrequests+forward"] : [])].sort();
  return {
    ...(call ? { requestid: `frontend.${call.name}` } : {}),
    ...(capabilities.length > 0 ? { "frontend.caps": capabilities.join(",") } : {}),
  };
}
