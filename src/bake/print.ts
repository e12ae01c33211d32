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
  const groupText = group.length === 0 ? "{}" : `{${group.join(",")}\n  }`;
  const targetText = target.length === 0 ? "{}" : `{${target.join(",")}\n  }`;
  return `{\n  "group": ${groupText},\n  "target": ${targetText}\n}\n`;
}

function groupJson({ description, targets }: Group): string {
  const text = description ? `\n      "description": ${jsonString(description)},` : "";
  return `{${text}\n      "targets": ${targets === null ? "null" : valueJson(targets, "      ", false)}\n    }`;
}

/** One target as printed; `indent` is that of its closing brace. */
export function targetJson(target: Target, indent: string): string {
  const inner = `${indent}  `;
  const separator = `,\n${inner}"`;
  let out = "";
  for (const name of Object.keys(target) as (keyof Target)[]) out += `${separator}${name}": ${fieldJson(FIELDS[name], target[name], inner)}`;
  return enclose("{", out, indent, "}");
}

/** Parts that each begin with a comma, between brackets. */
const enclose = (open: string, parts: string, indent: string, close: string): string =>
  parts === "" ? open + close : `${open}${parts.slice(1)}\n${indent}${close}`;

type Flat = Readonly<Record<string, unknown>>;

function fieldJson({ kind, escaped = false, order }: Field, value: unknown, indent: string): string {
  switch (kind) {
    case "string":
    case "bool":
    case "string-list":
      return valueJson(value, indent, escaped);
    case "string-map":
    case "nullable-string-map":
    case "resources":
      return objectJson(value as Flat, keysOf(value as Flat, order), indent, escaped);
    case "entries":
      return listJson(value as readonly Flat[], indent, (entry, inner) => objectJson(entry, keysOf(entry, order), inner, false));
    default:
      return kind satisfies never;
  }
}

const keysOf = (value: Flat, order: readonly string[] | undefined): readonly string[] =>
  order ? order.filter((key) => value[key] !== undefined) : sortedKeys(Object.keys(value));

function objectJson(value: Flat, keys: readonly string[], indent: string, escaped: boolean): string {
  const inner = `${indent}  `;
  const separator = `,\n${inner}`;
  let out = "";
  for (const key of keys) out += `${separator}${jsonString(key)}: ${valueJson(value[key], inner, escaped)}`;
  return enclose("{", out, indent, "}");
}

function listJson<T>(items: readonly T[], indent: string, write: (item: T, indent: string) => string): string {
  const inner = `${indent}  `;
  const separator = `,\n${inner}`;
  let out = "";
  for (const item of items) out += separator + write(item, inner);
  return enclose("[", out, indent, "]");
}

/** Objects met in here (the files of a policy) are written as they are. */
function valueJson(value: unknown, indent: string, escaped: boolean): string {
  if (typeof value === "string") return jsonString(escaped ? escapeTemplate(value) : value);
  if (value === null || typeof value !== "object") return String(value);
  if (Array.isArray(value)) return listJson(value as readonly unknown[], indent, (item, inner) => valueJson(item, inner, escaped));
  return objectJson(value as Flat, Object.keys(value), indent, escaped);
}

/** `${` and `%{` doubled, so that the print can be read again as a JSON definition. */
const escapeTemplate = (text: string): string => (text.includes("{") ? text.replaceAll(/[$%]\{/g, (mark) => `${mark[0]}${mark}`) : text);
