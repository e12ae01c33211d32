/** Taking away what `!reset` and `!override` name from the model so far (spec/compose.md 1.7). */
import { type ComposeNode, type Entry, mapping, type Mapping } from "./node.ts";

export type Notes = readonly (readonly string[])[];

/** The model without the map entries whose path is noted. A part `*` of a noted path stands for every key. */
export function applyNotes(model: Mapping, notes: Notes): Mapping {
  return notes.length === 0 ? model : (without(model, notes, 0) as Mapping);
}

function without(node: ComposeNode, notes: Notes, depth: number): ComposeNode {
  if (node.kind !== "map") return node;
  const byKey = new Map<string, (readonly string[])[]>();
  for (const note of notes) {
    const key = note[depth];
    if (key !== undefined) byKey.set(key, [...(byKey.get(key) ?? []), note]);
  }
  const any = byKey.get("*");
  let entries: Map<string, Entry> | undefined;
  for (const [key, { key: range, value }] of node.entries) {
    const own = key === "*" ? undefined : byKey.get(key);
    if (!any && !own) continue;
    const here = [...(own ?? []), ...(any ?? [])];
    if (here.some((note) => note.length === depth + 1)) {
      entries ??= new Map(node.entries);
      entries.delete(key);
      continue;
    }
    const changed = without(value, here, depth + 1);
    if (changed === value) continue;
    entries ??= new Map(node.entries);
    entries.set(key, { key: range, value: changed });
  }
  return entries ? mapping(entries, node.range) : node;
}
