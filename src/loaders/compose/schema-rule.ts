/** A small schema language for models, and the check that reports what the reference would (spec/compose.md 5.2). */
import { compareBytes } from "../../byte-order.ts";
import type { SourceRange } from "../../diagnostics.ts";
import { type ComposeNode, isString } from "./node.ts";

/** Types by the names that messages use. */
export type TypeName = "array" | "boolean" | "integer" | "mapping" | "null" | "number" | "string";

export type Rule =
  | { readonly kind: "anything" }
  | { readonly kind: "types"; readonly types: readonly TypeName[] }
  | { readonly kind: "list"; readonly items: Rule; readonly unique?: boolean }
  | {
      readonly kind: "map";
      readonly fields?: Readonly<Record<string, Rule>>;
      /** Keys without a field of their own; those that match none are refused, unless there is no pattern and no field. */
      readonly patterns?: readonly (readonly [RegExp, Rule])[];
      readonly required?: readonly string[];
      /** Keys that nothing above covers are accepted. */
      readonly open?: boolean;
    }
  | { readonly kind: "any-of"; readonly rules: readonly Rule[] };

export interface Violation {
  /** Dotted path, then the reason. */
  readonly text: string;
  readonly depth: number;
  readonly range: SourceRange;
}

export const types = (...names: readonly TypeName[]): Rule => ({ kind: "types", types: names });
export const listOf = (items: Rule, unique = false): Rule => ({ kind: "list", items, ...(unique ? { unique } : {}) });
export const anyOf = (...rules: readonly Rule[]): Rule => ({ kind: "any-of", rules });

/** Of the violations the one whose place is deepest; among equals the first. Undefined for a model that keeps the rule. */
export function violationOf(node: ComposeNode, rule: Rule, path: readonly string[]): Violation | undefined {
  switch (rule.kind) {
    case "anything":
      return undefined;
    case "types":
      return rule.types.some((type) => isOfType(node, type)) ? undefined : wrongType(node, rule.types, path);
    case "list": {
      if (node.kind !== "list") return wrongType(node, ["array"], path);
      let found = rule.unique ? repeatIn(node.items, path) : undefined;
      for (let i = 0; i < node.items.length; i++) found = deeper(found, violationOf(node.items[i] as ComposeNode, rule.items, [...path, String(i)]));
      return found;
    }
    case "map":
      return mapViolation(node, rule, path);
    case "any-of": {
      let found: Violation | undefined;
      for (const alternative of rule.rules) {
        const violation = violationOf(node, alternative, path);
        if (!violation) return undefined;
        found = deeper(found, violation);
      }
      return found;
    }
    default:
      return rule satisfies never;
  }
}

const deeper = (a: Violation | undefined, b: Violation | undefined): Violation | undefined => (a && (!b || b.depth <= a.depth) ? a : b);

function mapViolation(node: ComposeNode, { fields, patterns, required, open }: Extract<Rule, { kind: "map" }>, path: readonly string[]): Violation | undefined {
  if (node.kind !== "map") return wrongType(node, ["mapping"], path);
  let found: Violation | undefined;
  const unknown: { readonly key: string; readonly range: SourceRange }[] = [];
  for (const [key, { key: range, value }] of node.entries) {
    const rule = (fields && Object.hasOwn(fields, key) ? fields[key] : undefined) ?? patterns?.find(([pattern]) => pattern.test(key))?.[1];
    if (rule) {
      if (rule.kind !== "anything") found = deeper(found, violationOf(value, rule, [...path, key]));
    } else if (!open) unknown.push({ key, range });
  }
  const [first] = unknown;
  if (first) {
    const names = unknown.map(({ key }) => key).sort(compareBytes);
    found = deeper(found, {
      text: `${path.join(".")} additional properties ${names.map((name) => `'${name.replaceAll("'", "\\'")}'`).join(", ")} not allowed`,
      depth: path.length + 1,
      range: first.range,
    });
  }
  const missing = (required ?? []).filter((key) => !node.entries.has(key));
  if (missing.length > 0) {
    const noun = missing.length > 1 ? "properties" : "property";
    found = deeper(found, {
      text: `${path.join(".")} missing ${noun} ${missing.map((name) => `'${name}'`).join(", ")}`,
      depth: path.length,
      range: node.range,
    });
  }
  return found;
}

/** Types are listed in the order of their own names, in which a mapping is an object. */
function wrongType(node: ComposeNode, wanted: readonly TypeName[], path: readonly string[]): Violation {
  const name = (type: TypeName): string => (type === "mapping" ? "object" : type);
  const names = [...wanted].sort((a, b) => compareBytes(name(a), name(b)));
  const text = names.length === 1 ? (names[0] as string) : `${names.slice(0, -1).join(", ")} or ${names[names.length - 1]}`;
  return { text: `${path.join(".")} must be a ${text}`, depth: path.length, range: node.range };
}

function isOfType(node: ComposeNode, type: TypeName): boolean {
  if (node.kind === "list") return type === "array";
  if (node.kind === "map") return type === "mapping";
  switch (node.type) {
    case "string":
    case "date":
      return type === "string";
    case "bool":
      return type === "boolean";
    case "null":
      return type === "null";
    case "int":
      return type === "integer" || type === "number";
    case "float":
      return type === "number" || (type === "integer" && Number.isInteger(Number(node.text)));
    default:
      return node.type satisfies never;
  }
}

function repeatIn(items: readonly ComposeNode[], path: readonly string[]): Violation | undefined {
  const places = new Map<string, number>();
  for (let i = 0; i < items.length; i++) {
    const item = items[i] as ComposeNode;
    if (!isString(item)) continue;
    const earlier = places.get(item.text);
    if (earlier !== undefined) return { text: `${path.join(".")} items at ${earlier} and ${i} are equal`, depth: path.length, range: item.range };
    places.set(item.text, i);
  }
  return undefined;
}
