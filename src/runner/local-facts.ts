/**
 * Looks up what the planner wants to know of this machine: paths, repositories, OCI layouts, client
 * configuration and environment. Values of secret variables are not read here, only that they are set.
 */
import { HostError, type Host } from "../host.ts";
import { localCacheKey } from "../planner/caches.ts";
import type { LayoutFacts, LocalFacts, PathFacts } from "../planner/facts.ts";
import type { Lookups } from "../planner/lookups.ts";
import { proxySettings } from "./client-config.ts";
import { readGitFacts } from "./git-facts.ts";
import { findTag, hasBlob, readIndex } from "./oci-index.ts";

const plainVariables = [
  "BUILDX_NO_DEFAULT_ATTESTATIONS",
  "BUILDX_NO_DEFAULT_LOAD",
  "BUILDX_NO_DEFAULT_OCI_ARTIFACT",
  "BUILDX_GIT_INFO",
  "BUILDX_GIT_LABELS",
  "BUILDX_SEND_GIT_QUERY_AS_INPUT",
  "ACTIONS_CACHE_SERVICE_V2",
];
const secretVariables = ["ACTIONS_RUNTIME_TOKEN", "ACTIONS_CACHE_URL", "ACTIONS_RESULTS_URL"];
const awsVariables = [
  ["AWS_ACCESS_KEY_ID", "accessKeyId"],
  ["AWS_SECRET_ACCESS_KEY", "secretAccessKey"],
  ["AWS_SESSION_TOKEN", "sessionToken"],
] as const;

/** Answers the planner's questions. `dockerHost` selects the proxy settings of the client configuration. */
export async function readLocalFacts(lookups: Lookups, host: Host, dockerHost?: string): Promise<LocalFacts> {
  const isSet = (name: string): boolean => (host.env[name] ?? "") !== "";
  const sourcePolicy = host.env["EXPERIMENTAL_BUILDKIT_SOURCE_POLICY"];
  return {
    cwd: host.cwd,
    platform: host.platform,
    paths: new Map(lookups.paths.map((path) => [path, pathFacts(path, host)])),
    git: await readGitFacts(lookups.gitDirectories, host),
    layouts: new Map(lookups.layouts.map((layout) => [layout.reference, layoutFacts(layout, host)])),
    localCaches: new Map(lookups.localCaches.map((cache) => [localCacheKey(cache.directory, cache.tag, cache.digest), cacheFacts(cache, host)])),
    proxySettings: Object.keys(proxySettings(host, dockerHost)),
    awsCredentials: awsVariables.filter(([variable]) => isSet(variable)).map(([, name]) => name),
    env: Object.fromEntries(plainVariables.filter(isSet).map((name) => [name, host.env[name] ?? ""])),
    secretEnv: [...new Set([...secretVariables.filter(isSet), ...lookups.variables.filter((name) => host.env[name] !== undefined)])],
    ...(sourcePolicy ? { sourcePolicy } : {}),
  };
}

function pathFacts(path: string, host: Host): PathFacts {
  const stat = statOrMissing(path, host);
  if (!stat) return { kind: "missing" };
  return { kind: stat.kind === "directory" ? "directory" : "file", real: host.realpath(path) };
}

/** A file in the middle of a path makes it missing, as "not found" does. */
function statOrMissing(path: string, host: Host): ReturnType<Host["stat"]> {
  try {
    return host.stat(path);
  } catch {
    return undefined;
  }
}

function layoutFacts({ directory, tag, digest }: Lookups["layouts"][number], host: Host): LayoutFacts {
  if (digest !== "") return { digest };
  try {
    const manifests = readIndex(directory, host);
    const found = findTag(manifests, tag === "" ? "latest" : tag) ?? (manifests.length === 1 ? manifests[0]?.digest : undefined);
    return found === undefined ? { error: "failed to resolve digest" } : { digest: found };
  } catch {
    return { error: "failed to resolve digest" };
  }
}

function cacheFacts({ directory, shown, tag, digest }: Lookups["localCaches"][number], host: Host): LayoutFacts {
  let found = digest;
  if (found === "") {
    try {
      found = findTag(readIndex(directory, host), tag) ?? "";
    } catch (error) {
      return { error: `local cache import at ${shown} skipped due to err: ${indexFailure(error, directory, shown)}` };
    }
  }
  if (found === "") return { error: `local cache import at ${shown} skipped: no digest found for tag ${tag}` };
  if (!hasBlob(directory, found, host)) return { error: `local cache import at ${shown} skipped: digest ${found} unavailable: content ${found}: not found` };
  return { digest: found };
}

/** The reference's words; paths are shown as the definition has them. */
function indexFailure(error: unknown, directory: string, shown: string): string {
  const file = `${shown}/index.json`;
  if (!(error instanceof HostError)) return `could not unmarshal ${file}: ${(error as Error).message}`;
  return `could not read ${file}: ${error.message.replace(`${directory}/index.json`, file)}`;
}
