/** Facts for planner tests: a machine and a builder with everything, changed where a test says so. */
import type { LocalFacts, NodeFacts, PathFacts } from "../../../src/planner/facts.ts";
import { unknownFeatures } from "../../../src/planner/facts.ts";

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
