/**
 * What several targets write: the same tag, output or cache. The last one to finish wins, which is rarely
 * meant, so it is reported with both places.
 */
import type { Diagnostic, RelatedPlace, SourceRange } from "../diagnostics.ts";
import type { Cache } from "./caches.ts";
import type { Job, PlannedExporter, Sink } from "./plan.ts";
import type { TargetInput } from "./target.ts";

/** Where a value of a target was written: in a file, or by a flag. */
export interface Place {
  readonly range?: SourceRange;
  readonly flag?: string;
}

/** The place of a target's field (`output`) or item (`tags/0`). */
export type PlaceOf = (target: string, item: string) => Place;

interface Claim {
  readonly kind: "tag" | "output" | "cache";
  /** As shown. */
  readonly what: string;
  readonly target: string;
  readonly item: string;
}

export interface ConflictInput {
  readonly targets: readonly TargetInput[];
  /** Jobs of each target, in the same order. */
  readonly jobs: readonly (readonly Job[])[];
  readonly absolute: (path: string) => string;
  /** The form in which two spellings of an image name are the same. */
  readonly fullName: (name: string) => string;
  readonly placeOf: PlaceOf;
}

/** One warning for each thing that several targets write. Linear in what targets write. */
export function findConflicts({ targets, jobs, absolute, fullName, placeOf }: ConflictInput): readonly Diagnostic[] {
  const claims = new Map<string, Claim[]>();
  targets.forEach((target, index) => {
    const job = jobs[index]?.[0];
    if (!job || target.call) return;
    const own = new Set<string>();
    for (const [key, claim] of [...outputClaims(target, job, { absolute, fullName }), ...cacheClaims(target, absolute)]) {
      if (own.has(key)) continue;
      own.add(key);
      const list = claims.get(key);
      if (list) list.push(claim);
      else claims.set(key, [claim]);
    }
  });
  return [...claims.values()].filter((list) => list.length > 1).map((list) => describe(list, placeOf));
}

type Keyed = readonly [key: string, claim: Claim];

function outputClaims(
  { name: target, tags, outputs }: TargetInput,
  { request }: Job,
  { absolute, fullName }: Pick<ConflictInput, "absolute" | "fullName">,
): readonly Keyed[] {
  return request.exporters.flatMap((exporter): Keyed[] => {
    const { sink } = exporter;
    if (sink && sink.kind !== "load") {
      const path = sinkPath(sink);
      const at = outputs.findIndex(({ dest }) => (path === undefined ? dest === "" || dest === "-" : dest !== "" && absolute(dest) === path));
      return [[`output\0${path ?? ""}`, { kind: "output", what: path ?? "standard output", target, item: at < 0 ? "output" : `output/${at}` }]];
    }
    return imageNames(exporter).map((name): Keyed => {
      const at = tags.indexOf(name);
      return [`tag\0${fullName(name)}`, { kind: "tag", what: name, target, item: at < 0 ? "output" : `tags/${at}` }];
    });
  });
}

const sinkPath = (sink: Exclude<Sink, { kind: "load" }>): string | undefined => (sink.kind === "stdout" ? undefined : sink.path);

/** Names that the engine or a registry will know the image by. */
function imageNames({ type, attributes, sink }: PlannedExporter): readonly string[] {
  const names = attributes["name"];
  const kept = type === "image" || type === "moby" || sink?.kind === "load";
  return kept && typeof names === "string" && attributes["push-by-digest"] !== "true" ? names.split(",").filter((name) => name !== "" && name !== "*") : [];
}

function cacheClaims({ name: target, cacheTo }: TargetInput, absolute: (path: string) => string): readonly Keyed[] {
  return cacheTo.flatMap((cache, index): Keyed[] => {
    const place = cachePlaceOf(cache, absolute);
    return place === undefined
      ? []
      : [[`cache\0${cache.type}\0${place}`, { kind: "cache", what: `${cache.type} ${place}`, target, item: `cache-to/${index}` }]];
  });
}

/** What an entry overwrites; undefined for caches inside the image, and for types nothing is known of. */
function cachePlaceOf({ type, attributes }: Cache, absolute: (path: string) => string): string | undefined {
  const part = (...names: readonly string[]): string =>
    names
      .map((name) => attributes[name] ?? "")
      .filter((text) => text !== "")
      .join(" ");
  switch (type) {
    case "registry":
      return attributes["ref"];
    case "local":
      return attributes["dest"] === undefined ? undefined : `${absolute(attributes["dest"])}${attributes["tag"] ? `:${attributes["tag"]}` : ""}`;
    case "gha":
      return attributes["scope"] ?? "buildkit";
    case "s3":
      return part("bucket", "prefix", "name");
    case "azblob":
      return part("account_url", "prefix", "name");
    default:
      return undefined;
  }
}

const shownTargets = 3;

function describe(claims: readonly Claim[], placeOf: PlaceOf): Diagnostic {
  const last = claims[claims.length - 1] as Claim;
  const place = placeOf(last.target, last.item);
  const names = claims.map(({ target }) => target);
  const listed =
    names.length <= shownTargets
      ? `${names.slice(0, -1).join(", ")} and ${last.target}`
      : `${names.slice(0, shownTargets - 1).join(", ")} and ${names.length - shownTargets + 1} others`;
  const others = claims.slice(0, -1).map((claim) => ({ claim, place: placeOf(claim.target, claim.item) }));
  const related = others.flatMap(({ claim, place: { range } }): RelatedPlace[] => (range ? [{ message: `target ${claim.target} writes it here`, range }] : []));
  const flags = [...new Set([place, ...others.map((other) => other.place)].flatMap(({ flag }) => flag ?? []))];
  return {
    severity: "warning",
    code: `plan.same-${last.kind}`,
    summary: `targets ${listed} write the same ${last.kind} ${last.what}`,
    detail: `the last one to finish wins${flags.length > 0 ? ` (set by ${flags.join(", ")})` : ""}`,
    ...(place.range ? { range: place.range } : {}),
    ...(related.length > 0 ? { related: related.slice(0, maximalRelated) } : {}),
  };
}

const maximalRelated = 10;
