/** Entries that are a type and free attributes: how drafts become flat objects, and how they are read back. */
import type { EntryMap } from "../definition.ts";

/** A type and attributes while an entry is being read. */
export interface AttributeDraft {
  type: string;
  readonly attributes: Map<string, string>;
}

/** One flat object; the type wins over an attribute of that name. */
export function flatEntry({ type, attributes }: AttributeDraft): { readonly type: string; readonly [attribute: string]: string } {
  return Object.fromEntries([...attributes, ["type", type]]) as { type: string };
}

/** The strings of a map form; lists have no meaning here and are left out. */
export function textMap(map: EntryMap): Map<string, string> {
  const out = new Map<string, string>();
  for (const [key, value] of map) if (typeof value === "string") out.set(key, value);
  return out;
}

/** How `target.NAME.ATTR` reads back an entry: every attribute as text. */
export function flatToMap(entry: Readonly<Record<string, string | boolean>>): EntryMap {
  return new Map(Object.entries(entry).map(([key, value]) => [key, String(value)]));
}
