/** Conversion of values to types, with the reference's words for what does not fit (spec/hcl.md 4.5). */
import { compareBytes } from "../../byte-order.ts";
import { makeSet } from "./equality.ts";
import { parseNumber } from "./number.ts";
import { constraintName, friendlyName, isCollection, isPrimitive, typesEqual } from "./types.ts";
import { canConvert, unifyTypes } from "./unify.ts";
import {
  bool,
  boolOf,
  entriesOf,
  itemsOf,
  list,
  map,
  nullOf,
  number,
  numberOf,
  object,
  string,
  textOf,
  tuple,
  type Type,
  unknownOf,
  type Value,
} from "./values.ts";

export type Conversion = { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly message: string };

const done = (value: Value): Conversion => ({ ok: true, value });
const refused = (message: string): Conversion => ({ ok: false, message });

/** The value as the type asks, or the reference's reason why not. */
export function convert(value: Value, type: Type): Conversion {
  if (value.type === type || type.kind === "dynamic" || typesEqual(value.type, type)) return done(value);
  if (type.kind === "list" || type.kind === "set") {
    const common = uniformElement(value, type.element);
    if (common) return done(type.kind === "list" ? list(common, itemsOf(value)) : makeSet(common, itemsOf(value)));
  }
  if (!canConvert(value.type, type)) return refused(mismatch(value.type, type));
  if (value.state === "unknown") return done(unknownOf(type));
  if (value.state === "null") return done(nullOf(type));
  switch (type.kind) {
    case "string":
      return done(string(value.type.kind === "number" ? numberOf(value).toString() : String(boolOf(value))));
    case "number": {
      const parsed = parseNumber(textOf(value));
      return parsed ? done(number(parsed)) : refused("a number is required");
    }
    case "bool":
      return parseBool(textOf(value));
    case "list":
    case "set":
      return convertItems(value, type);
    case "map":
      return convertEntries(value, type.element);
    case "tuple":
      return convertTuple(value, type.elements);
    case "object":
      return convertObject(value, type);
    default:
      return refused(mismatch(value.type, type));
  }
}

/** The type of all items of a tuple that are of one plain type, where it is the wanted one or any will do: these become a list as they are. */
function uniformElement({ type, state, content }: Value, wanted: Type): Type | undefined {
  if (state !== "known" || type.kind !== "tuple") return undefined;
  const items = content as readonly Value[];
  const first = items[0]?.type;
  if (!first || !isPrimitive(first) || (wanted !== first && wanted.kind !== "dynamic")) return undefined;
  for (let i = 1; i < items.length; i++) if ((items[i] as Value).type !== first) return undefined;
  return first;
}

function parseBool(text: string): Conversion {
  if (text === "true" || text === "1") return done(bool(true));
  if (text === "false" || text === "0") return done(bool(false));
  const lower = text.toLowerCase();
  const hint = lower === "true" || lower === "false" ? `; to convert from string, use lowercase "${lower}"` : "";
  return refused(`a bool is required${hint}`);
}

function convertAll(items: readonly Value[], type: Type): { readonly ok: true; readonly items: Value[] } | { readonly ok: false; readonly message: string } {
  const converted: Value[] = [];
  for (const item of items) {
    const result = convert(item, type);
    if (!result.ok) return result;
    converted.push(result.value);
  }
  return { ok: true, items: converted };
}

/** A target element type of "any" stands for what the elements have in common. */
function concreteElement(wanted: Type, source: Type, items: readonly Value[]): Type {
  if (wanted.kind !== "dynamic") return wanted;
  if (isCollection(source)) return source.element;
  return unifyTypes(items.map((item) => item.type)) ?? wanted;
}

type Settled = { readonly ok: true; readonly element: Type; readonly items: readonly Value[] } | { readonly ok: false; readonly message: string };

/**
 * Items of one type: where the wanted type left something open, it follows the values, and once more
 * what those have in common.
 */
function settle(wanted: Type, items: readonly Value[], kind: "list" | "set" | "map"): Settled {
  const first = items[0]?.type;
  if (!first) return { ok: true, element: wanted, items };
  if (items.every((item) => typesEqual(item.type, first))) return { ok: true, element: first, items };
  if (kind === "set") return { ok: false, message: "element types must all match for conversion to set" };
  const common = unifyTypes(items.map((item) => item.type));
  const converted = common && common.kind !== "dynamic" ? convertAll(items, common) : undefined;
  if (common && converted?.ok) return { ok: true, element: common, items: converted.items };
  return { ok: false, message: "cannot find a common base type for all elements" };
}

function convertItems(value: Value, type: Extract<Type, { kind: "list" | "set" }>): Conversion {
  const element = concreteElement(type.element, value.type, itemsOf(value));
  const converted = convertAll(itemsOf(value), element);
  if (!converted.ok) return converted;
  const settled = settle(element, converted.items, type.kind);
  if (!settled.ok) return settled;
  return done(type.kind === "list" ? list(settled.element, settled.items) : makeSet(settled.element, settled.items));
}

function convertEntries(value: Value, wanted: Type): Conversion {
  const keys = [...entriesOf(value).keys()];
  const items = [...entriesOf(value).values()];
  const element = concreteElement(wanted, value.type, items);
  const converted = convertAll(items, element);
  if (!converted.ok) return converted;
  const settled = settle(element, converted.items, "map");
  if (!settled.ok) return settled;
  return done(
    map(
      settled.element,
      keys.map((key, i) => [key, settled.items[i] as Value]),
    ),
  );
}

function convertTuple(value: Value, types: readonly Type[]): Conversion {
  const items: Value[] = [];
  for (const [i, item] of itemsOf(value).entries()) {
    const result = convert(item, types[i] as Type);
    if (!result.ok) return result;
    items.push(result.value);
  }
  return done(tuple(items));
}

function convertObject(value: Value, type: Extract<Type, { kind: "object" }>): Conversion {
  const source = entriesOf(value);
  const entries: [string, Value][] = [];
  for (const [name, want] of type.attributes) {
    const item = source.get(name);
    if (!item) {
      if (!type.optional?.has(name)) return refused(`map has no element for required attribute ${JSON.stringify(name)}`);
      entries.push([name, nullOf(want)]);
      continue;
    }
    const result = convert(item, want);
    if (!result.ok) return result;
    entries.push([name, result.value]);
  }
  return done(object(entries));
}

/** Why values of one type never convert to another; the first rule that fits. */
export function mismatch(from: Type, to: Type): string {
  if (from.kind === "object" && to.kind === "object") return objectMismatch(from, to);
  if (from.kind === "tuple" && (to.kind === "list" || to.kind === "set")) {
    if (to.element.kind === "dynamic") return `all ${to.kind} elements must have the same type`;
    const bad = from.elements.findIndex((element) => !canConvert(element, to.element));
    return `element ${bad}: ${mismatch(from.elements[bad] as Type, to.element)}`;
  }
  if (from.kind === "object" && to.kind === "map") {
    if (to.element.kind === "dynamic") return "all map elements must have the same type";
    for (const [name, type] of from.attributes) if (!canConvert(type, to.element)) return `element ${JSON.stringify(name)}: ${mismatch(type, to.element)}`;
  }
  if ((from.kind === "tuple" || from.kind === "object") && isCollection(to)) return `${constraintName(to)} required`;
  if (isCollection(from) && isCollection(to)) {
    const sameShape = from.kind === to.kind || (from.kind !== "map" && to.kind !== "map");
    return sameShape ? `incorrect ${to.kind} element type: ${mismatch(from.element, to.element)}` : `${constraintName(to)} required`;
  }
  const told =
    isPrimitive(from) !== isPrimitive(to) || to.kind === "string" || (isPrimitive(from) && isPrimitive(to)) || (from.kind === "tuple" && to.kind === "object");
  return told ? `${friendlyName(to)} required, but have ${friendlyName(from)}` : `${constraintName(to)} required`;
}

function objectMismatch(from: Extract<Type, { kind: "object" }>, to: Extract<Type, { kind: "object" }>): string {
  const missing = [...to.attributes.keys()]
    .filter((name) => !from.attributes.has(name) && !to.optional?.has(name))
    .sort(compareBytes)
    .map((name) => JSON.stringify(name));
  if (missing.length === 1) return `attribute ${missing[0]} is required`;
  if (missing.length === 2) return `attributes ${missing[0]} and ${missing[1]} are required`;
  if (missing.length > 2) return `attributes ${missing.slice(0, -1).join(", ")}, and ${missing.at(-1)} are required`;
  for (const [name, want] of to.attributes) {
    const have = from.attributes.get(name);
    if (have && !canConvert(have, want)) return `attribute ${JSON.stringify(name)}: ${mismatch(have, want)}`;
  }
  return `${constraintName(to)} required`;
}
