/** Merging two definitions of a target, driven by the field table (spec/bake.md 6.1). */
import type { AttributeName, BlockAttributes } from "./definition.ts";
import { type Field, FIELDS } from "./fields.ts";
import type { Target } from "./model.ts";
import { normaliseList } from "./normalise.ts";

/** A target while it is being put together. Values are shared with blocks and never changed in place. */
export type Draft = { -readonly [K in AttributeName]?: BlockAttributes[K] };

type Values = Partial<Record<AttributeName, unknown>>;

/**
 * A copy to go on from. Field by field, so that drafts with the same fields have one shape: spreading gives each a shape of its
 * own, and then the engine must search each of them for every field.
 */
export function copyDraft(draft: Readonly<Draft>): Draft {
  const out: Values = {};
  for (const key in draft) out[key as AttributeName] = draft[key as AttributeName];
  return out as Draft;
}

type Texts = ReadonlyMap<string, string>;

/** Puts a draft together from definitions, the later ones on top. */
export class Merging {
  readonly draft: Draft;
  /** Maps that were made here, and that nobody else has yet: they take more entries without being copied again. */
  private own: Set<Texts> | undefined;

  constructor(draft: Draft = {}) {
    this.draft = draft;
    this.own = undefined;
  }

  /** Puts a definition on top, `inherits` left out: it is a field of blocks only. */
  add(over: BlockAttributes): void {
    const base = this.draft as Values;
    for (const key in over) {
      const name = key as AttributeName;
      // Parents are read from the blocks themselves.
      if (name === "inherits") continue;
      const value: unknown = over[name];
      if (value === undefined) continue;
      const field = FIELDS[name];
      base[name] = field.merge === "replace" ? value : this.#merged(field, base[name], value);
    }
  }

  #merged({ kind, merge, normalise }: Field, base: unknown, over: unknown): unknown {
    switch (merge) {
      case "replace":
        return over;
      case "replace-text":
        return over === "" ? base : over;
      case "keys":
        if (base === undefined) return over;
        if (kind === "resources") return { ...(base as object), ...(over as object) };
        return this.#mergedMaps(base as Texts, over as Texts);
      case "append": {
        const list = base === undefined ? (over as readonly unknown[]) : [...(base as readonly unknown[]), ...(over as readonly unknown[])];
        return normalise === "swap" ? normaliseList(list, normalise) : list;
      }
      default:
        return merge satisfies never;
    }
  }

  #mergedMaps(base: Texts, over: Texts): Texts {
    if (over.size === 0) return base;
    const isOwn = this.own?.has(base) === true;
    // Copying by hand: the engine would make a pair for each entry.
    const out = isOwn ? (base as Map<string, string>) : new Map<string, string>();
    const add = (value: string, key: string): void => void out.set(key, value);
    if (!isOwn) {
      base.forEach(add);
      (this.own ??= new Set()).add(out);
    }
    over.forEach(add);
    return out;
  }
}

/** Normalises a merged and overridden target (spec/bake.md 4.4). */
export function normaliseDraft(draft: Draft): void {
  const values = draft as Values;
  for (const key in draft) {
    const name = key as keyof Target;
    const rule = FIELDS[name].normalise;
    const value = rule === undefined ? undefined : values[name];
    if (rule === undefined || value === undefined) continue;
    const list = normaliseList(value as readonly unknown[], rule);
    // An empty list of these is no list any more: it clears what the target inherited, but nothing in those that inherit from it.
    if (rule === "swap" && list.length === 0) delete values[name];
    else values[name] = list;
  }
  if (draft.network === "host") draft.entitlements = normaliseList([...(draft.entitlements ?? []), "network.host"], "distinct") as readonly string[];
  if (draft.contexts) {
    const unset = [...draft.contexts.values()].includes("");
    const kept = unset ? new Map([...draft.contexts].filter(([, value]) => value !== "")) : draft.contexts;
    if (kept.size === 0) delete draft.contexts;
    else draft.contexts = kept;
  }
}
