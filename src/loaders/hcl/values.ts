/**
 * The cty value model: types and values of expressions (spec/hcl.md 4). Values are immutable; texts are
 * NFC from the moment a value holds them.
 */
import { compareBytes, sortedKeys } from "../../byte-order.ts";
import { type BigNumber, numberFromInt } from "./number.ts";

export type Type =
  | { readonly kind: "string" }
  | { readonly kind: "number" }
  | { readonly kind: "bool" }
  | { readonly kind: "dynamic" }
  /** Exists so that functions can ask for it; nothing in a definition makes one. */
  | { readonly kind: "bytes" }
  | { readonly kind: "list"; readonly element: Type }
  | { readonly kind: "set"; readonly element: Type }
  | { readonly kind: "map"; readonly element: Type }
  | { readonly kind: "tuple"; readonly elements: readonly Type[] }
  /** Attribute names in byte order. */
  | { readonly kind: "object"; readonly attributes: ReadonlyMap<string, Type>; readonly optional?: ReadonlySet<string> };

/**
 * `content` by type: string, BigNumber, boolean; an array for list, tuple and set (in set order);
 * a Map in byte order of keys for map and object. `state` "null" and "unknown" have no content.
 */
export interface Value {
  readonly type: Type;
  readonly state: "known" | "null" | "unknown";
  readonly content: string | BigNumber | boolean | readonly Value[] | ReadonlyMap<string, Value> | undefined;
}

export const STRING: Type = { kind: "string" };
export const NUMBER: Type = { kind: "number" };
export const BOOL: Type = { kind: "bool" };
export const DYNAMIC: Type = { kind: "dynamic" };

export const listOf = (element: Type): Type => ({ kind: "list", element });
export const setOf = (element: Type): Type => ({ kind: "set", element });
export const mapOf = (element: Type): Type => ({ kind: "map", element });

export const TRUE: Value = { type: BOOL, state: "known", content: true };
export const FALSE: Value = { type: BOOL, state: "known", content: false };
export const NULL: Value = { type: DYNAMIC, state: "null", content: undefined };
export const UNKNOWN: Value = { type: DYNAMIC, state: "unknown", content: undefined };

// biome-ignore lint/suspicious/noControlCharactersInRegex: the question is whether all is ASCII
const ASCII = /^[\u0000-\u007f]*$/;

/** Text in the form in which values hold it. */
export function normalise(text: string): string {
  return ASCII.test(text) ? text : text.toWellFormed().normalize("NFC");
}

export function string(text: string): Value {
  return { type: STRING, state: "known", content: normalise(text) };
}

/** A text that is in normal form already, as all of ASCII is. */
export function plainString(text: string): Value {
  return { type: STRING, state: "known", content: text };
}

export function number(value: BigNumber): Value {
  return { type: NUMBER, state: "known", content: value };
}

/** A native whole number: 64 bits of precision. */
export function int(value: number): Value {
  return number(numberFromInt(value));
}

export const bool = (value: boolean): Value => (value ? TRUE : FALSE);
export const nullOf = (type: Type): Value => (type.kind === "dynamic" ? NULL : { type, state: "null", content: undefined });
export const unknownOf = (type: Type): Value => (type.kind === "dynamic" ? UNKNOWN : { type, state: "unknown", content: undefined });

export function tuple(items: readonly Value[]): Value {
  return { type: { kind: "tuple", elements: items.map((item) => item.type) }, state: "known", content: items };
}

/** The items must have the element type already. */
export function list(element: Type, items: readonly Value[]): Value {
  return { type: listOf(element), state: "known", content: items };
}

/** Keys may come in any order; values must have the element type already. */
export function map(element: Type, entries: Iterable<readonly [string, Value]>): Value {
  return { type: mapOf(element), state: "known", content: sortEntries(entries) };
}

export function object(entries: Iterable<readonly [string, Value]>): Value {
  const content = sortEntries(entries);
  const attributes = new Map<string, Type>();
  content.forEach((value, key) => attributes.set(key, value.type));
  return { type: { kind: "object", attributes }, state: "known", content };
}

/** Normalised keys in byte order; a later entry replaces an earlier one of the same key. A map that is so already is taken as it is. */
function sortEntries(entries: Iterable<readonly [string, Value]>): ReadonlyMap<string, Value> {
  if (entries instanceof Map && isSorted(entries.keys())) return entries;
  const collected = new Map<string, Value>();
  for (const [key, value] of entries) collected.set(normalise(key), value);
  if (isSorted(collected.keys())) return collected;
  return new Map(sortedKeys(collected.keys()).map((key) => [key, collected.get(key) as Value]));
}

function isSorted(keys: Iterable<string>): boolean {
  let last: string | undefined;
  for (const key of keys) {
    if (normalise(key) !== key || (last !== undefined && compareBytes(last, key) > 0)) return false;
    last = key;
  }
  return true;
}

export const isKnown = (value: Value): boolean => value.state === "known";
export const isNull = (value: Value): boolean => value.state === "null";

/** Known through and through. */
export function isWhollyKnown(value: Value): boolean {
  if (value.state === "unknown") return false;
  if (value.state === "null") return true;
  const { content } = value;
  if (Array.isArray(content)) return (content as readonly Value[]).every(isWhollyKnown);
  if (content instanceof Map) for (const part of (content as ReadonlyMap<string, Value>).values()) if (!isWhollyKnown(part)) return false;
  return true;
}

/** Content accessors for values whose type and state the caller has checked. */
export const textOf = (value: Value): string => value.content as string;
export const numberOf = (value: Value): BigNumber => value.content as BigNumber;
export const boolOf = (value: Value): boolean => value.content as boolean;
export const itemsOf = (value: Value): readonly Value[] => value.content as readonly Value[];
export const entriesOf = (value: Value): ReadonlyMap<string, Value> => value.content as ReadonlyMap<string, Value>;
