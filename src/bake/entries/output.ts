/** Entries of `output`: text and map forms (spec/bake.md 4.3). */
import type { Entries, EntryMap } from "../definition.ts";
import type { OutputEntry } from "../model.ts";
import { csvFields, invalidValue, readFields, type EntryKeys } from "./csv.ts";
import { flatEntry, flatToMap, textMap, type AttributeDraft } from "./flat.ts";

const keys: EntryKeys<AttributeDraft> = {
  fold: (key) => key.toLowerCase().trim(),
  known: {
    type: (draft, value) => {
      draft.type = value;
    },
  },
  other: (draft, value, _field, key) => {
    draft.attributes.set(key.toLowerCase().trim(), value);
  },
  noValue: invalidValue,
};

/** A bare text is a destination, `-` a tar on standard output, anything else `key=value` fields. The empty text is no entry. */
export function parseOutput(text: string): Entries {
  if (text === "") return { ok: true, entries: [] };
  const split = csvFields(text);
  if (!split.ok) return split;
  const { fields } = split;
  if (fields.length === 1 && fields[0] === text && !text.startsWith("type=")) {
    const entry: OutputEntry = { dest: text, type: text === "-" ? "tar" : "local" };
    return { ok: true, entries: [entry] };
  }
  const draft: AttributeDraft = { type: "", attributes: new Map() };
  const problem = readFields(fields, keys, draft);
  return problem === undefined ? finish(draft) : { ok: false, message: problem };
}

export function parseOutputMap(map: EntryMap): Entries {
  const attributes = textMap(map);
  const type = attributes.get("type") ?? "";
  attributes.delete("type");
  return finish({ type, attributes });
}

function finish(draft: AttributeDraft): Entries {
  if (draft.type === "") return { ok: false, message: "type is required for output" };
  if (draft.attributes.get("dest") === "") draft.attributes.delete("dest");
  return { ok: true, entries: [flatEntry(draft)] };
}

/** Read back with `dest` always there. */
export function outputToMap(entry: OutputEntry): EntryMap {
  return entry["dest"] === undefined ? new Map([...flatToMap(entry), ["dest", ""]]) : flatToMap(entry);
}
