/**
 * The model of a compose file between parsing and lowering: maps, lists and scalars that remember where
 * they were written. Nodes are never changed in place; stages share what they leave alone.
 */
import type { SourceRange } from "../../diagnostics.ts";
import { compareBytes } from "../../byte-order.ts";

/** What a scalar was resolved to (spec/compose.md 1.3). */
export type ScalarType = "string" | "int" | "float" | "bool" | "null" | "date";

/** `text` is what the value becomes where text is wanted; empty for null. */
export interface Scalar {
  readonly kind: "scalar";
  readonly type: ScalarType;
  readonly text: string;
  readonly range: SourceRange;
}

export interface StringScalar extends Scalar {
  readonly type: "string";
}

export interface List {
  readonly kind: "list";
  readonly items: readonly ComposeNode[];
  readonly range: SourceRange;
}

/** One entry of a map: the key's place and the value. */
export interface Entry {
  readonly key: SourceRange;
  readonly value: ComposeNode;
}

export interface Mapping {
  readonly kind: "map";
  readonly entries: ReadonlyMap<string, Entry>;
  readonly range: SourceRange;
}

export type ComposeNode = Scalar | List | Mapping;

export const scalar = (type: ScalarType, text: string, range: SourceRange): Scalar => ({ kind: "scalar", type, text, range });
export const string = (text: string, range: SourceRange): StringScalar => ({ kind: "scalar", type: "string", text, range });
export const list = (items: readonly ComposeNode[], range: SourceRange): List => ({ kind: "list", items, range });
export const mapping = (entries: ReadonlyMap<string, Entry>, range: SourceRange): Mapping => ({ kind: "map", entries, range });

export const isNull = (node: ComposeNode | undefined): boolean => node?.kind === "scalar" && node.type === "null";
export const isString = (node: ComposeNode | undefined): node is StringScalar => node?.kind === "scalar" && node.type === "string";

/** The value under a key of a map. */
export const valueAt = (node: ComposeNode | undefined, key: string): ComposeNode | undefined =>
  node?.kind === "map" ? node.entries.get(key)?.value : undefined;

/** The map with one entry set: in place when the key exists, else at the end. */
export function withEntry(map: Mapping, key: string, value: ComposeNode, keyRange: SourceRange = value.range): Mapping {
  const entries = new Map(map.entries);
  entries.set(key, { key: entries.get(key)?.key ?? keyRange, value });
  return mapping(entries, map.range);
}

export function withoutEntry(map: Mapping, key: string): Mapping {
  if (!map.entries.has(key)) return map;
  const entries = new Map(map.entries);
  entries.delete(key);
  return mapping(entries, map.range);
}

/** The map with every value replaced; the same map when none changes. */
export function mapValues(map: Mapping, change: (value: ComposeNode, key: string) => ComposeNode): Mapping {
  let entries: Map<string, Entry> | undefined;
  for (const [key, entry] of map.entries) {
    const value = change(entry.value, key);
    if (value === entry.value) continue;
    entries ??= new Map(map.entries);
    entries.set(key, { key: entry.key, value });
  }
  return entries ? mapping(entries, map.range) : map;
}

/** What a list or map holds, each with its step in a path: `[]` or the key. */
export function* partsOf(node: List | Mapping): Iterable<readonly [step: string, value: ComposeNode]> {
  if (node.kind === "list") for (const item of node.items) yield ["[]", item];
  else for (const [key, { value }] of node.entries) yield [key, value];
}

/** The list with every item replaced; the same list when none changes. */
export function mapItems(node: List, change: (item: ComposeNode, index: number) => ComposeNode): List {
  let items: ComposeNode[] | undefined;
  for (let i = 0; i < node.items.length; i++) {
    const item = node.items[i] as ComposeNode;
    const changed = change(item, i);
    if (changed === item) continue;
    items ??= [...node.items];
    items[i] = changed;
  }
  return items ? list(items, node.range) : node;
}

const GO_TYPES: Readonly<Record<ScalarType, string>> = { string: "string", int: "int", float: "float64", bool: "bool", null: "<nil>", date: "time.Time" };

/** The type's name in the reference's messages. */
export function typeName(node: ComposeNode): string {
  if (node.kind === "list") return "[]interface {}";
  if (node.kind === "map") return "map[string]interface {}";
  return node.type === "int" && isBeyondInt64(node.text) ? "uint64" : GO_TYPES[node.type];
}

const isBeyondInt64 = (digits: string): boolean => digits.length > 19 || (digits.length === 19 && !digits.startsWith("-") && digits > "9223372036854775807");

/** The value as text in the way the reference writes any value: `<nil>`, `[a b]`, `map[a:1 b:2]`. */
export function valueText(node: ComposeNode): string {
  switch (node.kind) {
    case "scalar":
      return node.type === "null" ? "<nil>" : node.text;
    case "list":
      return `[${node.items.map(valueText).join(" ")}]`;
    case "map":
      return `map[${sortedEntries(node)
        .map(([key, entry]) => `${key}:${valueText(entry.value)}`)
        .join(" ")}]`;
    default:
      return node satisfies never;
  }
}

/** Entries in the order of their keys' bytes. */
export const sortedEntries = (map: Mapping): [string, Entry][] => [...map.entries].sort(([a], [b]) => compareBytes(a, b));
