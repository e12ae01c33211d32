/** Which groups and targets the requested names stand for (spec/bake.md 7.1). */
import { fail, ok, plainError, type Diagnostic, type Result } from "../diagnostics.ts";
import { quote } from "../go-text.ts";
import type { Catalogue } from "./catalogue.ts";
import { expandName } from "./group.ts";
import { didYouMean } from "./nearest.ts";
import { compilePattern, isPattern } from "./pattern.ts";

export interface Selection {
  /** Requested names, patterns expanded, without repeats. */
  readonly requested: readonly string[];
  /** Target names to resolve, without repeats. */
  readonly targets: readonly string[];
  /** Groups reached, without repeats. */
  readonly groups: readonly string[];
}

/** Expands patterns and groups. No names mean `default`. Whether targets exist is not looked at here. */
export function select(names: readonly string[], catalogue: Catalogue): Result<Selection> {
  const requested = new Set<string>();
  for (const name of names.length === 0 ? ["default"] : names) {
    const found = expandPattern(name.replaceAll(".", "_"), catalogue);
    if (!found.ok) return found;
    for (const match of found.value) requested.add(match);
  }
  const targets = new Set<string>();
  const groups = new Set<string>();
  for (const name of requested) {
    const expansion = expandName(name, catalogue);
    for (const target of expansion.targets) targets.add(target);
    for (const group of expansion.groups) groups.add(group);
  }
  return ok({ requested: [...requested], targets: [...targets], groups: [...groups] });
}

function expandPattern(name: string, { groups, targets }: Catalogue): Result<readonly string[]> {
  if (!isPattern(name)) return ok([name]);
  const matches = compilePattern(name);
  const found = matches ? [...groups.keys(), ...targets.keys()].filter(matches) : [];
  return found.length > 0 ? ok(found) : fail(plainError("bake.no-match", `could not find any target matching ${quote(name)}`));
}

/** The error for a name that no target has: where it was written, and the nearest name that exists. */
export function unknownTarget(name: string, catalogue: Catalogue, place: Pick<Diagnostic, "range" | "related"> = {}): Diagnostic {
  function* names(): Iterable<string> {
    yield* catalogue.groups.keys();
    yield* catalogue.targets.keys();
  }
  return { ...plainError("bake.unknown-target", `failed to find target ${name}`), ...place, ...didYouMean(name, names()) };
}

/** Where a name that was not found is written: the member of the first group that lists it. */
export function memberPlace(name: string, reached: readonly string[], { groups }: Catalogue): Pick<Diagnostic, "range" | "related"> {
  for (const group of reached) {
    const block = groups.get(group)?.block;
    const at = block?.targets?.indexOf(name) ?? -1;
    const range = block?.origins.get(`targets/${at}`) ?? block?.origins.get("targets");
    if (at >= 0 && range) return { range };
  }
  return {};
}
