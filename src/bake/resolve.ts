/**
 * The door of the room: a definition, the requested names and the overrides in, targets as they will be
 * built out (spec/bake.md 6 to 8).
 */
import { fail, ok, type Result } from "../diagnostics.ts";
import type { Host } from "../host.ts";
import { catalogueOf, type Catalogue } from "./catalogue.ts";
import type { Definition } from "./definition.ts";
import { disabledPolicy } from "./entries/policy.ts";
import { parseFileRelativePaths } from "../file-relative-paths.ts";
import { rebaseContexts } from "./file-paths.ts";
import { finishTarget, type FinishInput } from "./finish.ts";
import { inheritance, type MergedTarget } from "./inherit.ts";
import { followLinks, type LinkedTarget } from "./link.ts";
import type { Grants } from "./override-apply.ts";
import { parseOverrides } from "./override-parse.ts";
import type { ResolvedBake, ResolvedGroup, ResolvedTarget } from "./resolved.ts";
import { memberPlace, select, type Selection } from "./selection.ts";

export interface ResolveInput {
  /** Names and patterns as typed; none means `default`. */
  readonly targets: readonly string[];
  /** `--set` values, then what other flags mean (`lowerFlags`), in order. */
  readonly overrides: readonly string[];
  /** True for `--policy disabled=true`: no target has any other policy. */
  readonly disablePolicy?: boolean;
  /** For the environment only. */
  readonly host: Host;
}

/** Resolves the requested targets. Problems carry the reference's wording and, where there is one, the place in a file. */
export function resolve(definition: Definition, input: ResolveInput): Result<ResolvedBake> {
  const catalogue = catalogueOf(definition);
  const relative = parseFileRelativePaths(input.host);
  if (!relative.ok) return relative;
  const overrides = parseOverrides(input.overrides, catalogue, input.host);
  if (!overrides.ok) return overrides;
  const selected = select(input.targets, catalogue);
  if (!selected.ok) return selected;
  const grants: Grants = { read: new Set(), write: new Set() };
  const attributesOf = relative.value ? rebaseContexts : (block: Definition["targets"][number]) => block.attributes;
  const merge = inheritance({ catalogue, overrides: overrides.value, grants, attributesOf });
  const targets = mergeSelected(selected.value, catalogue, merge);
  if (!targets.ok) return targets;
  const linked = followLinks({ targets: targets.value, resolve: merge, catalogue });
  if (!linked.ok) return linked;
  const finish: FinishInput = {
    fileRelative: relative.value,
    epoch: input.host.env["SOURCE_DATE_EPOCH"] ?? "",
    ...(definition.remote?.tree === true ? { treeUrl: definition.remote.url } : {}),
    ...(input.disablePolicy === true ? { policy: [disabledPolicy] } : {}),
  };
  const finished = new Map<string, ResolvedTarget>();
  targets.value.forEach((target, name) => finished.set(name, finishTarget(name, target, finish)));
  return ok({ requested: selected.value.requested, groups: printedGroups(selected.value, catalogue), targets: finished, grants, definition });
}

function mergeSelected(selection: Selection, catalogue: Catalogue, merge: (name: string) => Result<MergedTarget>): Result<Map<string, LinkedTarget>> {
  const targets = new Map<string, LinkedTarget>();
  for (const name of selection.targets) {
    const merged = merge(name);
    if (!merged.ok) {
      const [first, ...rest] = merged.diagnostics;
      if (first && !first.range && first.code === "bake.unknown-target") return fail({ ...first, ...memberPlace(name, selection.groups, catalogue) }, ...rest);
      return merged;
    }
    const { draft, layers } = merged.value;
    targets.set(name, { merged: merged.value, draft, layers, linkedOnly: false });
  }
  return ok(targets);
}

/** The groups that were reached, and `default`, which stands for everything that was requested (spec/bake.md 7.2). */
function printedGroups({ groups, requested }: Selection, catalogue: Catalogue): Map<string, ResolvedGroup> {
  const out = new Map<string, ResolvedGroup>();
  for (const name of groups) {
    const entry = catalogue.groups.get(name);
    if (!entry) continue;
    const { description, range, targets } = entry.block;
    out.set(name, { ...(description ? { description } : {}), targets: targets === null ? null : entry.members, ...(range ? { range } : {}) });
  }
  const own = out.get("default");
  if (own || requested.length > 0) out.set("default", { ...own, targets: defaultMembers(own, requested) });
  return out;
}

/** Where no group is called `default`, a target of that name is a member only when it was requested first. */
function defaultMembers(own: ResolvedGroup | undefined, requested: readonly string[]): readonly string[] | null {
  const members = own ? (own.targets ?? []) : requested.slice(0, 1);
  const all = new Set([...members, ...requested.filter((name) => name !== "default")]);
  return own?.targets === null && all.size === 0 ? null : sortNames(all);
}

/** Names are ASCII: code units sort as bytes. */
const sortNames = (names: Iterable<string>): readonly string[] => [...names].sort();
