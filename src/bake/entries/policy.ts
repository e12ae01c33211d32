/** Entries of `policy`: text and map forms, and the values of `--policy` (spec/bake.md 4.3 and 8.6). */
import type { Entries, EntryMap } from "../definition.ts";
import { goBool, notBool, quote } from "../../go-text.ts";
import type { PolicyEntry } from "../model.ts";
import { csvFields, invalidValue, readFields, type EntryKeys, type KeyReader } from "./csv.ts";

interface Draft {
  readonly files: string[];
  reset: boolean;
  disabled: boolean;
  strict: boolean | null;
  logLevel: string | null;
}

const flag =
  (name: "reset" | "disabled" | "strict"): KeyReader<Draft> =>
  (draft, value, field) => {
    const parsed = goBool(value);
    if (parsed === undefined) return `${invalidValue(field)}: ${notBool(value)}`;
    draft[name] = parsed;
    return undefined;
  };

const levels: readonly string[] = ["panic", "fatal", "error", "warning", "info", "debug", "trace"];

const keys: EntryKeys<Draft> = {
  fold: (key) => key.trim().toLowerCase(),
  known: {
    filename: (draft, value, field) => {
      if (value === "") return invalidValue(field);
      draft.files.push(value);
      return undefined;
    },
    reset: flag("reset"),
    disabled: flag("disabled"),
    strict: flag("strict"),
    "log-level": (draft, value, field) => {
      const name = value.toLowerCase() === "warn" ? "warning" : value.toLowerCase();
      if (!levels.includes(name)) return `${invalidValue(field)}: not a valid logrus Level: ${quote(value)}`;
      draft.logLevel = name;
      return undefined;
    },
  },
  other: (_draft, _value, field) => invalidValue(field),
  noValue: invalidValue,
};

const newDraft = (): Draft => ({ files: [], reset: false, disabled: false, strict: null, logLevel: null });

/** Fields `key=value`. The empty text is no entry. */
export function parsePolicy(text: string): Entries {
  if (text === "") return { ok: true, entries: [] };
  const split = csvFields(text);
  return split.ok ? parseFields(split.fields) : split;
}

/** Null and empty values are skipped; others mean what they mean in text. */
export function parsePolicyMap(map: EntryMap): Entries {
  const fields: string[] = [];
  for (const [key, value] of map) if (typeof value === "string" && value !== "") fields.push(`${key}=${value}`);
  return parseFields(fields);
}

function parseFields(fields: readonly string[]): Entries {
  const draft = newDraft();
  const problem = readFields(fields, keys, draft);
  return problem === undefined ? { ok: true, entries: [policyEntry(draft)] } : { ok: false, message: problem };
}

function policyEntry({ files, reset, disabled, strict, logLevel }: Draft): PolicyEntry {
  return {
    Files: files.length === 0 ? null : files.map((Filename) => ({ Filename, Data: null })),
    Reset: reset,
    Disabled: disabled,
    Strict: strict,
    LogLevel: logLevel,
  };
}

/** The only entry there is when policies are switched off. */
export const disabledPolicy: PolicyEntry = { Files: null, Reset: false, Disabled: true, Strict: null, LogLevel: null };

/** Read back with the set keys only, and the first file name only. */
export function policyToMap({ Files, Reset, Disabled, Strict, LogLevel }: PolicyEntry): EntryMap {
  const map = new Map<string, string>();
  const first = Files?.[0];
  if (first) map.set("filename", first.Filename);
  if (Reset) map.set("reset", "true");
  if (Disabled) map.set("disabled", "true");
  if (Strict !== null) map.set("strict", String(Strict));
  if (LogLevel !== null) map.set("log-level", LogLevel);
  return map;
}
