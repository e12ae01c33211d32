/** Entries of `secret`: text and object forms (spec/bake.md 4.3). */
import type { Entries, EntryMap } from "../definition.ts";
import { quote } from "../../go-text.ts";
import type { SecretEntry } from "../model.ts";
import { csvFields, readFields, type EntryKeys, type KeyReader } from "./csv.ts";

interface Draft {
  type: string;
  id: string;
  src: string;
  env: string;
}

const source: KeyReader<Draft> = (draft, value) => {
  draft.src = value;
};

const keys: EntryKeys<Draft> = {
  fold: (key) => key.toLowerCase(),
  known: {
    type: (draft, value) => {
      if (value !== "file" && value !== "env") return `unsupported secret type ${quote(value)}`;
      draft.type = value;
      return undefined;
    },
    id: (draft, value) => {
      draft.id = value;
    },
    src: source,
    source,
    env: (draft, value) => {
      draft.env = value;
    },
  },
  other: (_draft, _value, field, key) => `unexpected key '${key.toLowerCase()}' in '${field}'`,
  noValue: (field) => `invalid field '${field}' must be a key=value pair`,
};

/** Fields `key=value`; `type=env` makes a lone `src` the variable's name. The empty text is no entry. */
export function parseSecret(text: string): Entries {
  if (text === "") return { ok: true, entries: [] };
  const split = csvFields(text);
  if (!split.ok) return { ok: false, message: `failed to parse csv secret: ${split.message}` };
  const draft: Draft = { type: "", id: "", src: "", env: "" };
  const problem = readFields(split.fields, keys, draft);
  if (problem !== undefined) return { ok: false, message: problem };
  if (draft.type === "env" && draft.env === "") {
    draft.env = draft.src;
    draft.src = "";
  }
  return { ok: true, entries: [secretEntry(draft)] };
}

/** Keys other than these three are ignored, `type` too. */
export function parseSecretMap(map: EntryMap): Entries {
  const text = (key: string): string => {
    const value = map.get(key);
    return typeof value === "string" ? value : "";
  };
  return { ok: true, entries: [secretEntry({ id: text("id"), src: text("src"), env: text("env") })] };
}

/** An entry without its empty parts. */
export function secretEntry({ id, src, env }: { readonly id: string; readonly src: string; readonly env: string }): SecretEntry {
  return { ...(id === "" ? {} : { id }), ...(src === "" ? {} : { src }), ...(env === "" ? {} : { env }) };
}

export function secretToMap({ id = "", src = "", env = "" }: SecretEntry): EntryMap {
  return new Map([
    ["id", id],
    ["src", src],
    ["env", env],
  ]);
}
