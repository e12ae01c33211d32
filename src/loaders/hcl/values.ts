/**
 * The cty value model: types and values of expressions (spec/hcl.md 4). Values are immutable; texts are
 * NFC from the moment a value holds them.
 */
import { areSorted, sortedKeys, sortShort, SHORT } from "../../byte-order.ts";
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
  /** Of collections: what value-size.ts found, once somebody asked. */
  extent?: Extent | undefined;
}

/** A value with all its parts. */
export interface Extent {
  readonly weight: number;
  readonly depth: number;
  /** Nothing in it is unknown. */
  readonly isKnown: boolean;
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

/** From here on characters combine with others, or are halves of one. Texts without them are NFC already. */
const COMBINING = /[\u0300-\uffff]/;

/** Whether a text, and each part of it, surely has the form in which values hold it. */
export const isNormalForm = (text: string): boolean => !COMBINING.test(text);

/** Text in the form in which values hold it. */
export function normalise(text: string): string {
  return isNormalForm(text) ? text : text.toWellFormed().normalize("NFC");
}

export function string(text: string): Value {
  return { type: STRING, state: "known", content: normalise(text) };
}

/** A text that has the form of values already, as all of ASCII has. */
export function normalString(text: string): Value {
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

/** The type of a tuple that is there. Hardly anybody asks for the types of its elements: they are put together then. */
class TupleType {
  readonly kind: "tuple";
  private readonly items: readonly Value[];
  private known: readonly Type[] | undefined;

  constructor(items: readonly Value[]) {
    this.kind = "tuple";
    this.items = items;
    this.known = undefined;
  }

  get elements(): readonly Type[] {
    return (this.known ??= this.items.map((item) => item.type));
  }
}

/** The type of an object that is there, as `TupleType`. */
class ObjectType {
  readonly kind: "object";
  private readonly content: ReadonlyMap<string, Value>;
  private known: ReadonlyMap<string, Type> | undefined;

  constructor(content: ReadonlyMap<string, Value>) {
    this.kind = "object";
    this.content = content;
    this.known = undefined;
  }

  get attributes(): ReadonlyMap<string, Type> {
    if (!this.known) {
      const attributes = new Map<string, Type>();
      this.content.forEach((value, key) => attributes.set(key, value.type));
      this.known = attributes;
    }
    return this.known;
  }
}

export function tuple(items: readonly Value[]): Value {
  return { type: new TupleType(items), state: "known", content: items, extent: undefined };
}

/** The items must have the element type already. */
export function list(element: Type, items: readonly Value[]): Value {
  return { type: listOf(element), state: "known", content: items, extent: undefined };
}

/** Keys may come in any order; values must have the element type already. */
export function map(element: Type, entries: Iterable<readonly [string, Value]>): Value {
  return { type: mapOf(element), state: "known", content: normalEntries(entries), extent: undefined };
}

/** Keys may come in any order. A map that has the form of values already is taken as it is. */
export function object(entries: Iterable<readonly [string, Value]>): Value {
  const content = normalEntries(entries);
  return { type: new ObjectType(content), state: "known", content, extent: undefined };
}

/** An object of keys that have the form of values already. The lists belong to it from now on. */
export function objectOf(keys: string[], values: Value[]): Value {
  const content = inOrder(keys, values);
  return { type: new ObjectType(content), state: "known", content, extent: undefined };
}

/** An object of keys in byte order, each with the place of its value; of equal keys the last one counts. */
export function objectInOrder(keys: readonly string[], places: readonly number[], values: readonly Value[]): Value {
  const content = new Map<string, Value>();
  for (let i = 0; i < keys.length; i++) content.set(keys[i] as string, values[places[i] as number] as Value);
  return { type: new ObjectType(content), state: "known", content, extent: undefined };
}

function normalEntries(entries: Iterable<readonly [string, Value]>): ReadonlyMap<string, Value> {
  if (entries instanceof Map) {
    const names = [...(entries as ReadonlyMap<string, Value>).keys()];
    if (areSorted(names) && names.every((name) => normalise(name) === name)) return entries;
  }
  const keys: string[] = [];
  const values: Value[] = [];
  for (const [key, value] of entries) {
    keys.push(normalise(key));
    values.push(value);
  }
  return inOrder(keys, values);
}

/** A map in byte order of keys; a later entry replaces an earlier one of the same key. */
function inOrder(keys: string[], values: Value[]): ReadonlyMap<string, Value> {
  if (keys.length <= SHORT) sortShort(keys, values);
  const content = new Map<string, Value>();
  for (let i = 0; i < keys.length; i++) content.set(keys[i] as string, values[i] as Value);
  if (keys.length <= SHORT || areSorted(keys)) return content;
  const ordered = new Map<string, Value>();
  for (const key of sortedKeys(content.keys())) ordered.set(key, content.get(key) as Value);
  return ordered;
}

export const isKnown = (value: Value): boolean => value.state === "known";
export const isNull = (value: Value): boolean => value.state === "null";

/** Content accessors for values whose type and state the caller has checked. */
export const textOf = (value: Value): string => value.content as string;
export const numberOf = (value: Value): BigNumber => value.content as BigNumber;
export const boolOf = (value: Value): boolean => value.content as boolean;
export const itemsOf = (value: Value): readonly Value[] => value.content as readonly Value[];
export const entriesOf = (value: Value): ReadonlyMap<string, Value> => value.content as ReadonlyMap<string, Value>;
