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
    startLine(out, i, "{", 2);
    writeString(out, name);
    out.push(": ");
    write(out, members.get(name) as T);
  }
  close(out, names.length, "{}", 1);
}

function writeGroup(out: Out, { description, targets }: Group): void {
  startLine(out, 0, "{", 3);
  if (description) {
    out.push('"description": ');
    writeString(out, description);
    startLine(out, 1, "{", 3);
  }
  out.push('"targets": ');
  writeValue(out, targets, 3, false);
  close(out, 1, "{}", 2);
}

function writeTarget(out: Out, target: Target): void {
  let count = 0;
  for (const key in target) {
    const name = key as keyof Target;
    startLine(out, count++, "{", 3);
    out.push('"', name, '": ');
    writeField(out, FIELDS[name], target[name], 3);
  }
  close(out, count, "{}", 2);
}

const LINES: readonly string[] = Array.from({ length: 12 }, (_, depth) => `\n${"  ".repeat(depth)}`);

/** Begins item number `at` of what opens with the bracket. */
function startLine(out: Out, at: number, open: "{" | "[", depth: number): void {
  out.push(at === 0 ? open : ",", LINES[depth] as string);
}

/** Ends what has so many items; `brackets` are both. */
function close(out: Out, count: number, brackets: "{}" | "[]", depth: number): void {
  if (count === 0) out.push(brackets);
  else out.push(LINES[depth] as string, brackets[1] as string);
}

function writeString(out: Out, text: string): void {
  if (isPlain(text)) out.push('"', text, '"');
  else out.push(jsonString(text));
}

type Flat = Readonly<Record<string, unknown>>;

function writeField(out: Out, field: Field, value: unknown, depth: number): void {
  const { kind } = field;
  switch (kind) {
    case "string":
    case "bool":
    case "string-list":
      return writeValue(out, value, depth, field.escaped === true);
    case "string-map":
    case "nullable-string-map":
    case "resources":
      return writeObject(out, value as Flat, keysOf(value as Flat, field.order), depth, field.escaped === true);
    case "entries":
      return writeEntries(out, value as readonly Flat[], field.order, depth);
    default:
      return kind satisfies never;
  }
}

const keysOf = (value: Flat, order: readonly string[] | undefined): readonly string[] =>
  order ? order.filter((key) => value[key] !== undefined) : sortedKeys(Object.keys(value));

function writeObject(out: Out, value: Flat, keys: readonly string[], depth: number, escaped: boolean): void {
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] as string;
    startLine(out, i, "{", depth + 1);
    writeString(out, key);
    out.push(": ");
    writeValue(out, value[key], depth + 1, escaped);
  }
  close(out, keys.length, "{}", depth);
}

function writeEntries(out: Out, entries: readonly Flat[], order: readonly string[] | undefined, depth: number): void {
  for (let i = 0; i < entries.length; i++) {
    const entry = entries[i] as Flat;
    startLine(out, i, "[", depth + 1);
    writeObject(out, entry, keysOf(entry, order), depth + 1, false);
  }
  close(out, entries.length, "[]", depth);
}

/** Objects met in here (the files of a policy) are written as they are. */
function writeValue(out: Out, value: unknown, depth: number, escaped: boolean): void {
  if (typeof value === "string") writeString(out, escaped ? escapeTemplate(value) : value);
  else if (value === null || typeof value !== "object") out.push(String(value));
  else if (Array.isArray(value)) {
    const items = value as readonly unknown[];
    for (let i = 0; i < items.length; i++) {
      startLine(out, i, "[", depth + 1);
      writeValue(out, items[i], depth + 1, escaped);
    }
    close(out, items.length, "[]", depth);
  } else writeObject(out, value as Flat, Object.keys(value), depth, escaped);
}

/** `${` and `%{` doubled, so that the print can be read again as a JSON definition. */
const escapeTemplate = (text: string): string => (text.includes("{") ? text.replaceAll(/[$%]\{/g, (mark) => `${mark[0]}${mark}`) : text);
