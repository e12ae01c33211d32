/** Entries of `attest`: text and map forms (spec/bake.md 4.3). */
import type { Entries, EntryMap } from "../definition.ts";
import { goBool, notBool } from "../../go-text.ts";
import type { AttestEntry } from "../model.ts";
import { csvFields, invalidValue, readFields, type EntryKeys } from "./csv.ts";
import { textMap } from "./flat.ts";

interface Draft {
  type: string;
  disabled: boolean;
  readonly attributes: Map<string, string>;
}

const keys: EntryKeys<Draft> = {
  fold: (key) => key.toLowerCase().trim(),
  known: {
    type: (draft, value) => {
      draft.type = value;
    },
    disabled: (draft, value, field) => {
      const disabled = goBool(value);
      if (disabled === undefined) return `invalid value ${field}: ${notBool(value)}`;
      draft.disabled = disabled;
      return undefined;
    },
  },
  other: (draft, value, _field, key) => {
    draft.attributes.set(key, value);
  },
  noValue: invalidValue,
};

/** Fields `key=value`, of which `type` is required. The empty text is no entry. */
export function parseAttest(text: string): Entries {
  if (text === "") return { ok: true, entries: [] };
  const split = csvFields(text);
  if (!split.ok) return split;
  const draft: Draft = { type: "", disabled: false, attributes: new Map() };
  const problem = readFields(split.fields, keys, draft);
  if (problem !== undefined) return { ok: false, message: problem };
  if (draft.type === "") return { ok: false, message: "attestation type not specified" };
  return { ok: true, entries: [entryOf(draft)] };
}

/** The map form may leave the type out. */
export function parseAttestMap(map: EntryMap): Entries {
  const attributes = textMap(map);
  const flag = attributes.get("disabled");
  const disabled = flag === undefined ? false : goBool(flag);
  if (disabled === undefined) return { ok: false, message: notBool(flag ?? "") };
  const type = attributes.get("type") ?? "";
  attributes.delete("type");
  attributes.delete("disabled");
  return { ok: true, entries: [entryOf({ type, disabled, attributes })] };
}

function entryOf({ type, disabled, attributes }: Draft): AttestEntry {
  return Object.fromEntries<string | boolean>([...attributes, ["type", type], ...(disabled ? [["disabled", true] as const] : [])]) as AttestEntry;
}
