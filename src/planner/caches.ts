/**
 * Cache imports and exports of a target on the wire (spec/buildkit.md 7.4 step 1, 7.7): entries that the
 * engine cannot take are dropped, credentials become references.
 */
import { fail, ok, type Result } from "../diagnostics.ts";
import type { LocalFacts, NodeFacts } from "./facts.ts";
import { unsupportedFeature } from "./features.ts";
import { goBool } from "../go-text.ts";
import type { PlannedCache, PlanValue, Store } from "./plan.ts";

export interface Cache {
  readonly type: string;
  readonly attributes: Readonly<Record<string, string>>;
}

export interface CacheInput {
  readonly cacheFrom: readonly Cache[];
  readonly cacheTo: readonly Cache[];
  /** The build argument BUILDKIT_INLINE_CACHE is true. */
  readonly inlineCache: boolean;
  readonly node: NodeFacts;
  readonly driver: string;
  readonly facts: Pick<LocalFacts, "env" | "secretEnv" | "awsCredentials" | "localCaches">;
  readonly absolute: (path: string) => string;
}

export interface LoweredCaches {
  readonly cacheFrom: readonly PlannedCache[];
  readonly cacheTo: readonly PlannedCache[];
  readonly stores: readonly Store[];
  readonly warnings: readonly string[];
}

/** Key of LocalFacts.localCaches. */
export const localCacheKey = (directory: string, tag: string, digest = ""): string => `${directory}\0${tag}\0${digest}`;

export function lowerCaches(input: CacheInput): Result<LoweredCaches> {
  const exported = [...input.cacheTo, ...(input.inlineCache ? [{ type: "inline", attributes: {} }] : [])];
  if (exported.some(({ type }) => type !== "inline") && !input.node.features.cacheExport) {
    return fail(unsupportedFeature("Cache export", input.driver, "https://docs.docker.com/go/build-cache-backends/"));
  }
  const stores = new Map<string, Store>();
  const warnings: string[] = [];
  const cacheTo = exported.flatMap((cache): PlannedCache[] => {
    const lowered = withCredentials(cache, input);
    if (!lowered) return [];
    const directory = cache.type === "local" ? cache.attributes["dest"] : undefined;
    if (directory) stores.set(`local:${directory}`, { name: `local:${directory}`, kind: "cache", directory: input.absolute(directory) });
    return [lowered];
  });
  const cacheFrom = input.cacheFrom.flatMap((cache): PlannedCache[] => {
    if (cache.type === "local") return localImport(cache, input, stores, warnings);
    const lowered = withCredentials(cache, input);
    return lowered ? [lowered] : [];
  });
  return ok({ cacheFrom, cacheTo, stores: [...stores.values()], warnings });
}

function localImport(cache: Cache, input: CacheInput, stores: Map<string, Store>, warnings: string[]): PlannedCache[] {
  const directory = cache.attributes["src"] ?? "";
  const { tag = "latest", digest = "" } = cache.attributes;
  const found = input.facts.localCaches.get(localCacheKey(input.absolute(directory), tag, digest));
  if (found && "error" in found) {
    warnings.push(found.error);
    return [];
  }
  stores.set(`local:${directory}`, { name: `local:${directory}`, kind: "cache", directory: input.absolute(directory) });
  const attributes = { ...cache.attributes, ...(found ? { digest: found.digest } : {}) };
  return [{ type: "local", attributes: sorted(attributes) }];
}

/** Adds what the environment knows; undefined when the entry cannot work and is dropped in silence. */
function withCredentials(cache: Cache, input: CacheInput): PlannedCache | undefined {
  const { node, facts } = input;
  const known = !node.loaded || node.capabilities.includes(`cache.${cache.type}`);
  switch (cache.type) {
    case "gha":
      return known ? githubCache(cache, facts) : undefined;
    case "s3":
      return known ? s3Cache(cache, facts) : undefined;
    default:
      return { type: cache.type, attributes: sorted(cache.attributes) };
  }
}

function githubCache({ type, attributes: given }: Cache, { env, secretEnv }: CacheInput["facts"]): PlannedCache | undefined {
  const attributes: Record<string, PlanValue> = { ...given };
  const fill = (name: string, variables: readonly string[]): void => {
    const variable = variables.find((candidate) => secretEnv.includes(candidate));
    if (attributes[name] === undefined && variable !== undefined) attributes[name] = { ref: `env:${variable}` };
  };
  fill("token", ["ACTIONS_RUNTIME_TOKEN"]);
  if (attributes["version"] === undefined && goBool(env["ACTIONS_CACHE_SERVICE_V2"]) === true) attributes["version"] = "2";
  if (attributes["version"] === "2") fill("url_v2", ["ACTIONS_RESULTS_URL"]);
  fill("url", ["ACTIONS_CACHE_URL", "ACTIONS_RESULTS_URL"]);
  if (attributes["token"] === undefined || (attributes["url"] === undefined && attributes["url_v2"] === undefined)) return undefined;
  return { type, attributes: sorted(attributes) };
}

const awsAttributes = [
  ["access_key_id", "accessKeyId"],
  ["secret_access_key", "secretAccessKey"],
  ["session_token", "sessionToken"],
] as const;

function s3Cache({ type, attributes: given }: Cache, { awsCredentials }: CacheInput["facts"]): PlannedCache {
  const attributes: Record<string, PlanValue> = { ...given };
  if (given["access_key_id"] === undefined || given["secret_access_key"] === undefined) {
    for (const [attribute, name] of awsAttributes) {
      if (attributes[attribute] === undefined && awsCredentials.includes(name)) attributes[attribute] = { ref: `aws:${name}` };
    }
  }
  return { type, attributes: sorted(attributes) };
}

const sorted = <T>(attributes: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1)));
