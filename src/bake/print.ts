/** `--print`: the resolved groups and targets as JSON, byte for byte the reference's (spec/bake.md 7.2). */
import { sortedKeys } from "../byte-order.ts";
import { FIELDS, type Field } from "./fields.ts";
import { escapeText } from "./json-text.ts";
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
    out.push((i === 0 ? FIRST_KEY : NEXT_TEXT)[2] as string, escapeText(name), '": ');
    write(out, members.get(name) as T);
  }
  out.push(names.length === 0 ? "{}" : "\n  }");
}

function writeGroup(out: Out, { description, targets }: Group): void {
  if (description) out.push('{\n      "description": "', escapeText(description), '",\n      "targets": ');
  else out.push('{\n      "targets": ');
  writeValue(out, targets, 3, false);
  out.push("\n    }");
}

function writeTarget(out: Out, target: Target): void {
  let count = 0;
  for (const key in target) {
    const name = key as keyof Target;
    out.push((count++ === 0 ? FIRST_KEY : NEXT_TEXT)[3] as string, name, '": ');
    writeField(out, FIELDS[name], target[name], 3);
  }
  out.push(count === 0 ? "{}" : "\n    }");
}

const LINES: readonly string[] = Array.from({ length: 12 }, (_, depth) => `\n${"  ".repeat(depth)}`);
/** How lines begin, by depth: with the first key of an object, a text as the first item of a list, any key or text after another. */
const FIRST_KEY: readonly string[] = LINES.map((line) => `{${line}"`);
const FIRST_TEXT: readonly string[] = LINES.map((line) => `[${line}"`);
const NEXT_TEXT: readonly string[] = LINES.map((line) => `,${line}"`);

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
    const start = (i === 0 ? FIRST_KEY : NEXT_TEXT)[depth + 1] as string;
    const item = value[key];
    if (typeof item === "string") out.push(start, escapeText(key), '": "', shownText(item, escaped), '"');
    else {
      out.push(start, escapeText(key), '": ');
      writeValue(out, item, depth + 1, escaped);
    }
  }
  if (keys.length === 0) out.push("{}");
  else out.push(LINES[depth] as string, "}");
}

function writeEntries(out: Out, entries: readonly Flat[], order: readonly string[] | undefined, depth: number): void {
  for (let i = 0; i < entries.length; i++) {
    const entry = entries[i] as Flat;
    out.push(i === 0 ? "[" : ",", LINES[depth + 1] as string);
    writeObject(out, entry, keysOf(entry, order), depth + 1, false);
  }
  if (entries.length === 0) out.push("[]");
  else out.push(LINES[depth] as string, "]");
}

function writeList(out: Out, items: readonly unknown[], depth: number, escaped: boolean): void {
  for (let i = 0; i < items.length; i++) {
    const item = items[i];
    if (typeof item === "string") out.push((i === 0 ? FIRST_TEXT : NEXT_TEXT)[depth + 1] as string, shownText(item, escaped), '"');
    else {
      out.push(i === 0 ? "[" : ",", LINES[depth + 1] as string);
      writeValue(out, item, depth + 1, escaped);
    }
  }
  if (items.length === 0) out.push("[]");
  else out.push(LINES[depth] as string, "]");
}

/** Objects met in here (the files of a policy) are written as they are. */
function writeValue(out: Out, value: unknown, depth: number, escaped: boolean): void {
  if (typeof value === "string") out.push('"', shownText(value, escaped), '"');
  else if (value === null || typeof value !== "object") out.push(String(value));
  else if (Array.isArray(value)) writeList(out, value as readonly unknown[], depth, escaped);
  else writeObject(out, value as Flat, Object.keys(value), depth, escaped);
}

const shownText = (text: string, escaped: boolean): string => escapeText(escaped ? escapeTemplate(text) : text);

/** `${` and `%{` doubled, so that the print can be read again as a JSON definition. */
const escapeTemplate = (text: string): string => (text.includes("{") ? text.replaceAll(/[$%]\{/g, (mark) => `${mark[0]}${mark}`) : text);
