/** `--print`: the resolved groups and targets as JSON, byte for byte the reference's (spec/bake.md 7.2). */
import { sortedKeys } from "../byte-order.ts";
import { FIELDS, type Field } from "./fields.ts";
import { jsonString } from "./json-text.ts";
import type { Group, Target } from "./model.ts";
import type { ResolvedBake } from "./resolved.ts";

/** The whole document, two spaces a level, newline at the end. */
export function printDefinition({ groups, targets }: Pick<ResolvedBake, "groups" | "targets">): string {
  const group = sortedKeys(groups.keys()).map((name) => `\n    ${jsonString(name)}: ${groupJson(groups.get(name) as Group)}`);
  const target = sortedKeys(targets.keys()).map((name) => `\n    ${jsonString(name)}: ${targetJson((targets.get(name) as { target: Target }).target, "    ")}`);
  return `{\n  "group": ${enclose("{", group.join(","), "  ", "}")},\n  "target": ${enclose("{", target.join(","), "  ", "}")}\n}\n`;
}

function groupJson({ description, targets }: Group): string {
  const text = description ? `\n      "description": ${jsonString(description)},` : "";
  return `{${text}\n      "targets": ${targets === null ? "null" : valueJson(targets, "      ", false)}\n    }`;
}

/** One target as printed; `indent` is that of its closing brace. */
export function targetJson(target: Target, indent: string): string {
  const inner = `${indent}  `;
  let out = "";
  for (const name in target) {
    out += `${out === "" ? "" : ","}\n${inner}"${name}": ${fieldJson(FIELDS[name as keyof Target], target[name as keyof Target], inner)}`;
  }
  return enclose("{", out, indent, "}");
}

/** Lines between brackets. They are only ever joined: looking into a text that was put together from many costs a copy of it. */
const enclose = (open: string, lines: string, indent: string, close: string): string => (lines === "" ? open + close : `${open}${lines}\n${indent}${close}`);

type Flat = Readonly<Record<string, unknown>>;

function fieldJson(field: Field, value: unknown, indent: string): string {
  const { kind } = field;
  switch (kind) {
    case "string":
    case "bool":
    case "string-list":
      return valueJson(value, indent, field.escaped === true);
    case "string-map":
    case "nullable-string-map":
    case "resources":
      return objectJson(value as Flat, keysOf(value as Flat, field.order), indent, field.escaped === true);
    case "entries":
      return entriesJson(value as readonly Flat[], field.order, indent);
    default:
      return kind satisfies never;
  }
}

const keysOf = (value: Flat, order: readonly string[] | undefined): readonly string[] =>
  order ? order.filter((key) => value[key] !== undefined) : sortedKeys(Object.keys(value));

function objectJson(value: Flat, keys: readonly string[], indent: string, escaped: boolean): string {
  const inner = `${indent}  `;
  let out = "";
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] as string;
    out += `${i === 0 ? "" : ","}\n${inner}${jsonString(key)}: ${valueJson(value[key], inner, escaped)}`;
  }
  return enclose("{", out, indent, "}");
}

function entriesJson(entries: readonly Flat[], order: readonly string[] | undefined, indent: string): string {
  const inner = `${indent}  `;
  let out = "";
  for (let i = 0; i < entries.length; i++) {
    const entry = entries[i] as Flat;
    out += `${i === 0 ? "" : ","}\n${inner}${objectJson(entry, keysOf(entry, order), inner, false)}`;
  }
  return enclose("[", out, indent, "]");
}

function listJson(items: readonly unknown[], indent: string, escaped: boolean): string {
  const inner = `${indent}  `;
  let out = "";
  for (let i = 0; i < items.length; i++) out += `${i === 0 ? "" : ","}\n${inner}${valueJson(items[i], inner, escaped)}`;
  return enclose("[", out, indent, "]");
}

/** Objects met in here (the files of a policy) are written as they are. */
function valueJson(value: unknown, indent: string, escaped: boolean): string {
  if (typeof value === "string") return jsonString(escaped ? escapeTemplate(value) : value);
  if (value === null || typeof value !== "object") return String(value);
  if (Array.isArray(value)) return listJson(value as readonly unknown[], indent, escaped);
  return objectJson(value as Flat, Object.keys(value), indent, escaped);
}

/** `${` and `%{` doubled, so that the print can be read again as a JSON definition. */
const escapeTemplate = (text: string): string => (text.includes("{") ? text.replaceAll(/[$%]\{/g, (mark) => `${mark[0]}${mark}`) : text);
