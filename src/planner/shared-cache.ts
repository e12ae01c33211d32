/**
 * `--cache`: one place that every target imports its cache from and exports it to, under a scope of its
 * own. Targets that are linked import each other's scopes too.
 */
import { fail, ok, plainError, type Result } from "../diagnostics.ts";
import type { Cache } from "./caches.ts";
import type { Edge, Job, SharedCache, Twin } from "./plan.ts";

/** The place that `--cache` names; a scope makes a complete entry of it. */
export interface CachePlace {
  readonly type: string;
  /** As shown to people. */
  readonly place: string;
  readonly entry: (scope: string, use: "export" | "import") => Cache;
}

/** A target with very many dependants imports the scopes of the first ones only: each import is a request to the registry. */
const maximalImports = 16;

/** How each type keeps several caches apart in one place. */
const scopeAttributes: Readonly<Record<string, string>> = { gha: "scope", s3: "name", azblob: "name" };

/** The place of an entry such as `cache-to` takes. */
export function cachePlace({ type, attributes }: Cache): Result<CachePlace> {
  const exported = { mode: "max", ...attributes };
  const { mode: _, ...imported } = exported;
  const of = (use: "export" | "import"): Readonly<Record<string, string>> => (use === "export" ? exported : imported);
  if (type === "registry") {
    const ref = attributes["ref"] ?? "";
    if (ref === "" || ref.includes("@"))
      return fail(plainError("plan.cache", `invalid value for --cache: a registry cache needs a reference without digest, such as registry.example/app/cache`));
    return ok({ type, place: ref, entry: (scope, use) => ({ type, attributes: { ...of(use), ref: scopedReference(ref, scope) } }) });
  }
  const name = scopeAttributes[type];
  if (name === undefined) {
    const known = ["registry", ...Object.keys(scopeAttributes)].join(", ");
    return fail(plainError("plan.cache", `invalid value for --cache: type "${type}" has no scopes; use one of ${known}`));
  }
  const base = attributes[name];
  const scoped = (scope: string): string => (base === undefined ? scope : `${base}-${scope}`);
  return ok({
    type,
    place: base === undefined ? type : `${type} ${base}`,
    entry: (scope, use) => ({ type, attributes: { ...of(use), [name]: scoped(scope) } }),
  });
}

/** `cache` gives `cache:web`, `cache:main` gives `cache:main-web`. */
function scopedReference(ref: string, scope: string): string {
  const hasTag = ref.lastIndexOf(":") > ref.lastIndexOf("/");
  return `${ref}${hasTag ? "-" : ":"}${scope}`;
}

/** Which job exports and imports which scopes. A job writes the scopes of its twins too, so that each target finds its own. */
export function shareCache(
  { type, place }: Pick<CachePlace, "type" | "place">,
  jobs: readonly Job[],
  edges: readonly Edge[],
  twins: readonly Twin[],
): SharedCache {
  const exporting = jobs.filter(({ call }) => call === undefined);
  const twinsOf = new Map<string, string[]>();
  for (const { job, target } of twins) {
    const list = twinsOf.get(job);
    if (list) list.push(target);
    else twinsOf.set(job, [target]);
  }
  const own = new Map(exporting.map((job) => [job.id, scopeOf(job, job.target)]));
  const neighbours = new Map<string, Set<string>>();
  const link = (job: string, other: string): void => {
    const scope = own.get(other);
    const known = neighbours.get(job) ?? new Set();
    neighbours.set(job, known);
    if (scope !== undefined && known.size < maximalImports) known.add(scope);
  };
  for (const { from, to } of edges) link(to, from);
  for (const { from, to } of edges) link(from, to);
  const scopes = exporting.map((job) => {
    const exports = [own.get(job.id) ?? "", ...(twinsOf.get(job.id) ?? []).map((target) => scopeOf(job, target))];
    return { job: job.id, exports, imports: [...new Set([...exports, ...(neighbours.get(job.id) ?? [])])] };
  });
  return { type, place, scopes };
}

/** The target's name; with several nodes each has its own, named after its platforms. */
function scopeOf({ id, target: builder, platforms, node }: Job, target: string): string {
  if (id === builder) return target;
  return `${target}-${platforms.length > 0 ? platforms.join("-").replaceAll("/", "-") : node}`;
}
