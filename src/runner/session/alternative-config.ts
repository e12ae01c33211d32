/**
 * Configurations for single registries, repositories and scopes below the builder store:
 * `config/HOST[/REPOSITORY][@SCOPE,SCOPE]/config.json` (spec/buildkit.md 1.9).
 */
import { compareBytes } from "../../byte-order.ts";
import type { Host } from "../../host.ts";
import { storeRoot } from "../engine/builders.ts";

export interface AlternativeConfig {
  readonly directory: string;
  readonly host: string;
  /** Empty: any. */
  readonly repository: string;
  readonly scopes: readonly string[];
}

/** Directories below the store are few levels deep: host, parts of a repository. */
const depthLimit = 16;

/** All of them; none where the directory cannot be read. */
export function alternativeConfigs(host: Host): readonly AlternativeConfig[] {
  const base = `${storeRoot(host)}/config`;
  const found: AlternativeConfig[] = [];
  const pending: { readonly path: string; readonly depth: number }[] = [{ path: "", depth: 0 }];
  for (let at = pending.pop(); at; at = pending.pop()) {
    const directory = at.path === "" ? base : `${base}/${at.path}`;
    for (const name of listed(host, directory)) {
      const kind = host.lstat(`${directory}/${name}`)?.kind;
      if (kind === "directory" && at.depth < depthLimit) pending.push({ path: at.path === "" ? name : `${at.path}/${name}`, depth: at.depth + 1 });
      else if (name === "config.json" && at.path !== "") found.push({ directory, ...parseKey(at.path) });
    }
  }
  return found;
}

function listed(host: Host, directory: string): readonly string[] {
  try {
    return host.stat(directory)?.kind === "directory" ? host.readDir(directory) : [];
  } catch {
    return [];
  }
}

function parseKey(key: string): Omit<AlternativeConfig, "directory"> {
  const at = key.indexOf("@");
  const main = at < 0 ? key : key.slice(0, at);
  const scopes =
    at < 0
      ? []
      : key
          .slice(at + 1)
          .split(",")
          .map((scope) => scope.trim())
          .filter((scope) => scope !== "");
  const slash = main.indexOf("/");
  return { host: slash < 0 ? main : main.slice(0, slash), repository: slash < 0 ? "" : main.slice(slash + 1), scopes: [...new Set(scopes)] };
}

/** The directory whose configuration serves a request best; undefined when the default one does. */
export function chooseConfig(configs: readonly AlternativeConfig[], registry: string, scopes: readonly string[]): string | undefined {
  if (configs.length === 0) return undefined;
  const wanted = parseScopes(scopes);
  if (wanted.size !== 1) return undefined;
  const candidates = configs.filter((config) => config.host === registry && serves(config, wanted));
  candidates.sort((a, b) => compareBytes(b.repository, a.repository) || b.scopes.length - a.scopes.length);
  return candidates[0]?.directory;
}

function serves({ repository, scopes }: AlternativeConfig, wanted: ReadonlyMap<string, ReadonlySet<string>>): boolean {
  if (repository === "") return scopes.length === 0 || [...wanted.values()].some((actions) => scopes.every((scope) => actions.has(scope)));
  const actions = wanted.get(`repository:${repository}`);
  return actions !== undefined && scopes.every((scope) => actions.has(scope));
}

/** Actions by resource: `repository:a/b:pull,push` asks for two on one. */
function parseScopes(scopes: readonly string[]): ReadonlyMap<string, ReadonlySet<string>> {
  const parsed = new Map<string, Set<string>>();
  for (const text of scopes) {
    if (text === "") return new Map();
    for (const scope of text.split(" ")) {
      const [type = "", name, ...rest] = scope.split(":");
      const key = name === undefined ? type : `${type}:${name}`;
      const actions = parsed.get(key) ?? new Set();
      parsed.set(key, actions);
      if (rest.length > 0) for (const action of rest.join(":").split(",")) actions.add(action);
    }
  }
  return parsed;
}
