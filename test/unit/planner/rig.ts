/** Facts and targets for planner tests: a machine and a builder with everything, changed where a test says so. */
import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { expect } from "vitest";
import type { EngineFacts, LocalFacts, NodeFacts, PathFacts } from "../../../src/planner/facts.ts";
import { unknownFeatures } from "../../../src/planner/facts.ts";
import { planTargets, type PlanInput } from "../../../src/planner/plan-bake.ts";
import type { Plan } from "../../../src/planner/plan.ts";
import type { TargetInput } from "../../../src/planner/target.ts";

export function node(changes: Partial<NodeFacts> = {}): NodeFacts {
  return {
    name: "node0",
    configuredPlatforms: [],
    platforms: ["linux/amd64", "linux/386"],
    loaded: true,
    features: unknownFeatures,
    capabilities: ["cache.gha", "cache.s3", "exporter.image.attestations", "exporter.multiple"],
    labels: {},
    ...changes,
  };
}

export function localFacts(changes: Partial<LocalFacts> = {}): LocalFacts {
  return {
    cwd: "/w",
    platform: "linux/amd64",
    paths: new Map<string, PathFacts>([["/w", { kind: "directory", real: "/w" }]]),
    git: new Map(),
    layouts: new Map(),
    localCaches: new Map(),
    proxySettings: [],
    awsCredentials: [],
    env: {},
    secretEnv: [],
    ...changes,
  };
}

/** The value of a result, or its messages. */
export function valueOf<T>(result: { ok: true; value: T } | { ok: false; diagnostics: readonly { summary: string }[] }): T | readonly string[] {
  return result.ok ? result.value : result.diagnostics.map(({ summary }) => summary);
}

const validate = new Ajv({ strict: true, allErrors: true }).compile(
  JSON.parse(readFileSync(new URL("../../../schema/plan.json", import.meta.url), "utf8")) as object,
);

export function target(name: string, changes: Partial<TargetInput> = {}): TargetInput {
  return {
    name,
    requested: true,
    context: ".",
    dockerfile: "Dockerfile",
    dockerfileInline: "",
    contexts: [],
    args: [],
    labels: [],
    extraHosts: [],
    target: "",
    tags: [],
    platforms: [],
    pull: false,
    noCache: false,
    noCacheFilter: [],
    network: "",
    limits: {},
    entitlements: [],
    attestations: [],
    annotations: {},
    outputs: [{ type: "cacheonly", dest: "", attributes: {} }],
    cacheFrom: [],
    cacheTo: [],
    secrets: [],
    ssh: [],
    policies: [],
    ...changes,
  };
}

export const directories = (...paths: readonly string[]): ReadonlyMap<string, PathFacts> =>
  new Map(paths.map((path) => [path, { kind: "directory", real: path }]));

export const builder = (...nodes: EngineFacts["nodes"]): EngineFacts => ({ builder: "b", driver: "remote", nodes });

/** The plan of targets, checked against its schema. */
export function planOf(targets: readonly TargetInput[], changes: Partial<PlanInput> = {}): Plan {
  const input: PlanInput = {
    targets,
    selection: targets.map(({ name }) => name),
    engine: builder(node()),
    facts: localFacts({ env: { BUILDX_NO_DEFAULT_ATTESTATIONS: "1" } }),
    isRemote: (text) => /^https?:\/\//.test(text),
    ...changes,
  };
  const plan = valueOf(planTargets(input));
  if (!("jobs" in (plan as object))) throw new Error(String(plan));
  expect(validate(plan), JSON.stringify(validate.errors)).toBe(true);
  return plan as Plan;
}
