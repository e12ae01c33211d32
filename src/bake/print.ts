/** `--print`: the resolved groups and targets as JSON, byte for byte the reference's (spec/bake.md 7.2). */
import { sortedKeys } from "../byte-order.ts";
import { FIELDS, type Field } from "./fields.ts";
import { isPlain, jsonString } from "./json-text.ts";
import type { Group, Target } from "./model.ts";
import type { ResolvedBake } from "./resolved.ts";

/** The document in pieces, to be joined once: putting texts together step by step makes a text in memory for each step. */
type Out = string[];

/** The whole document, two spaces a level, newline at the end. */
export function printDefinition({ groups, targets }: Pick<ResolvedBake, "groups" | "targets">): string {
  const out: Out = ['{\n  "group": '];
  writeMembers(out, groups, writeGroup);
  out.push(',\n  "target": ');
  writeMembers(out, targets, (pieces, { target }) => writeTarget(pieces, target));
  out.push("\n}\n");
  return out.join("");
}

function writeMembers<T>(out: Out, members: ReadonlyMap<string, T>, write: (out: Out, member: T) => void): void {
  const names = sortedKeys(members.keys());
  for (let i = 0; i < names.length; i++) {
    const name = names[i] as string;
    writeText(out, lineStart(i, OBJECT, 2), name);
    out.push(": ");
    write(out, members.get(name) as T);
  }
  out.push(names.length === 0 ? "{}" : lineEnd("}", 1));
}

function writeGroup(out: Out, { description, targets }: Group): void {
  if (description) writeText(out, `${lineStart(0, OBJECT, 3)}"description": `, description);
  writeValue(out, `${lineStart(description ? 1 : 0, OBJECT, 3)}"targets": `, targets, 3, false);
  out.push(lineEnd("}", 2));
}

function writeTarget(out: Out, target: Target): void {
  let count = 0;
  for (const key in target) {
    const name = key as keyof Target;
    writeField(out, count++ === 0 ? `${lineStart(0, OBJECT, 3)}"${name}": ` : fieldStart(name), FIELDS[name], target[name], 3);
  }
  out.push(count === 0 ? "{}" : lineEnd("}", 2));
}

const fieldStarts = new Map<string, string>();

/** What stands before the value of a field that is not the first: few texts, for many targets. */
function fieldStart(name: string): string {
  let start = fieldStarts.get(name);
  if (start === undefined) fieldStarts.set(name, (start = `${lineStart(1, OBJECT, 3)}"${name}": `));
  return start;
}

const INDENTS: readonly string[] = Array.from({ length: 12 }, (_, depth) => `\n${"  ".repeat(depth)}`);
/** How lines begin behind a bracket and behind a comma, by depth. */
const OBJECT: readonly string[] = INDENTS.map((indent) => `{${indent}`);
const LIST: readonly string[] = INDENTS.map((indent) => `[${indent}`);
const NEXT: readonly string[] = INDENTS.map((indent) => `,${indent}`);

const lineStart = (at: number, open: readonly string[], depth: number): string => (at === 0 ? open : NEXT)[depth] as string;
const lineEnd = (bracket: string, depth: number): string => (INDENTS[depth] as string) + bracket;

/** A string behind something else. */
function writeText(out: Out, before: string, text: string): void {
  if (isPlain(text)) out.push(before, '"', text, '"');
  else out.push(before, jsonString(text));
}

type Flat = Readonly<Record<string, unknown>>;

function writeField(out: Out, before: string, field: Field, value: unknown, depth: number): void {
  const { kind } = field;
  switch (kind) {
    case "string":
    case "bool":
    case "string-list":
      return writeValue(out, before, value, depth, field.escaped === true);
    case "string-map":
    case "nullable-string-map":
    case "resources":
      return writeObject(out, before, value as Flat, keysOf(value as Flat, field.order), depth, field.escaped === true);
    case "entries":
      return writeEntries(out, before, value as readonly Flat[], field.order, depth);
    default:
      return kind satisfies never;
  }
}

const keysOf = (value: Flat, order: readonly string[] | undefined): readonly string[] =>
  order ? order.filter((key) => value[key] !== undefined) : sortedKeys(Object.keys(value));

function writeObject(out: Out, before: string, value: Flat, keys: readonly string[], depth: number, escaped: boolean): void {
  out.push(before);
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] as string;
    writeText(out, lineStart(i, OBJECT, depth + 1), key);
    writeValue(out, ": ", value[key], depth + 1, escaped);
  }
  out.push(keys.length === 0 ? "{}" : lineEnd("}", depth));
}

function writeEntries(out: Out, before: string, entries: readonly Flat[], order: readonly string[] | undefined, depth: number): void {
  out.push(before);
  for (let i = 0; i < entries.length; i++) {
    const entry = entries[i] as Flat;
    writeObject(out, lineStart(i, LIST, depth + 1), entry, keysOf(entry, order), depth + 1, false);
  }
  out.push(entries.length === 0 ? "[]" : lineEnd("]", depth));
}

/** Objects met in here (the files of a policy) are written as they are. */
function writeValue(out: Out, before: string, value: unknown, depth: number, escaped: boolean): void {
  if (typeof value === "string") writeText(out, before, escaped ? escapeTemplate(value) : value);
  else if (value === null || typeof value !== "object") out.push(before, String(value));
  else if (Array.isArray(value)) {
    const items = value as readonly unknown[];
    out.push(before);
    for (let i = 0; i < items.length; i++) writeValue(out, lineStart(i, LIST, depth + 1), items[i], depth + 1, escaped);
    out.push(items.length === 0 ? "[]" : lineEnd("]", depth));
  } else writeObject(out, before, value as Flat, Object.keys(value), depth, escaped);
}

/** `${` and `%{` doubled, so that the print can be read again as a JSON definition. */
const escapeTemplate = (text: string): string => (text.includes("{") ? text.replaceAll(/[$%]\{/g, (mark) => `${mark[0]}${mark}`) : text);
