/** Entries of `cache-from` and `cache-to`: text and map forms (spec/bake.md 4.3). */
import type { Entries, EntryMap } from "../definition.ts";
import { quote } from "../../go-text.ts";
import { jsonString } from "../json-text.ts";
import type { CacheEntry } from "../model.ts";
import { compareBytes } from "../../byte-order.ts";
import { csvFields, invalidValue, readFields, type EntryKeys } from "./csv.ts";
import { flatEntry, textMap, type AttributeDraft } from "./flat.ts";

const keys: EntryKeys<AttributeDraft> = {
  fold: (key) => key.toLowerCase(),
  known: {
    type: (draft, value) => {
      draft.type = value;
    },
  },
  other: (draft, value, _field, key) => {
    draft.attributes.set(key.toLowerCase(), value);
  },
  noValue: invalidValue,
};

/** A text without `=` is a list of registry references; anything else is one entry. The empty text is no entry. */
export function parseCache(text: string): Entries {
  if (text === "") return { ok: true, entries: [] };
  if (text.includes("=")) return parseOne(text);
  const split = csvFields(text);
  if (!split.ok) return split;
  const entries: unknown[] = [];
  for (const field of split.fields) {
    const one = parseOne(field);
    if (!one.ok) return one;
    entries.push(...one.entries);
  }
  return { ok: true, entries };
}

function parseOne(text: string): Entries {
  const split = csvFields(text);
  if (!split.ok) return split;
  const { fields } = split;
  const [only = ""] = fields;
  if (fields.length === 1 && !only.includes("=")) return { ok: true, entries: [{ ref: only, type: "registry" } satisfies CacheEntry] };
  const draft: AttributeDraft = { type: "", attributes: new Map() };
  const problem = readFields(fields, keys, draft);
  if (problem !== undefined) return { ok: false, message: problem };
  if (draft.type === "") return { ok: false, message: `type required for ${quote(text)}` };
  return { ok: true, entries: [flatEntry(draft)] };
}

export function parseCacheMap(map: EntryMap): Entries {
  const attributes = textMap(map);
  const type = attributes.get("type") ?? "";
  if (type === "") {
    const json = [...attributes].sort(([a], [b]) => compareBytes(a, b)).map(([key, value]) => `${jsonString(key)}:${jsonString(value)}`);
    return { ok: false, message: `type required for ${quote(`{${json.join(",")}}`)}` };
  }
  attributes.delete("type");
  return { ok: true, entries: [flatEntry({ type, attributes })] };
}
