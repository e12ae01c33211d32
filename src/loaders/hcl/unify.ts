/**
 * What can be known of conversions from types alone: which are possible, and the common type of several
 * types, as for conditional branches, `coalesce` and `list(any)` (spec/hcl.md 4.5, 4.6).
 */
import { isCollection, typesEqual } from "./types.ts";
import { DYNAMIC, listOf, mapOf, type Type } from "./values.ts";

/** The type to which all can be converted (unsafe conversions allowed), or undefined. No types: dynamic. */
export function unifyTypes(types: readonly Type[]): Type | undefined {
  const first = types[0];
  if (!first) return DYNAMIC;
  if (types.every((type) => typesEqual(type, first))) return first;
  const kinds = new Set(types.filter((type) => type.kind !== "dynamic").map((type) => type.kind));
  const structural = [...kinds].some((kind) => kind === "list" || kind === "set" || kind === "map" || kind === "tuple" || kind === "object");
  if (structural && types.some((type) => type.kind === "dynamic")) return DYNAMIC;
  const only = (...allowed: Type["kind"][]): boolean => [...kinds].every((kind) => allowed.includes(kind));
  if (only("map") || only("list") || only("set")) return unifyCollections(types) ?? pick(types);
  if (only("map", "object") && kinds.has("map")) return unifyMaps(types) ?? pick(types);
  if (only("list", "tuple") && kinds.has("list")) return unifyLists(types) ?? pick(types);
  if (only("object")) return unifyObjects(types);
  if (only("tuple")) return unifyTuples(types);
  if (kinds.has("object") && kinds.has("tuple")) return undefined;
  return pick(types);
}

function unifyCollections(types: readonly Type[]): Type | undefined {
  const element = unifyTypes(types.map((type) => (isCollection(type) ? type.element : type)));
  return element && ({ kind: types[0]?.kind, element } as Type);
}

function unifyMaps(types: readonly Type[]): Type | undefined {
  const maps: Type[] = [];
  for (const type of types) {
    if (type.kind !== "object") maps.push(type);
    else {
      const element = unifyTypes([...type.attributes.values()]);
      if (!element) return undefined;
      maps.push(mapOf(element));
    }
  }
  return unifyCollections(maps);
}

function unifyLists(types: readonly Type[]): Type | undefined {
  const lists: Type[] = [];
  for (const type of types) {
    if (type.kind !== "tuple") lists.push(type);
    else {
      const element = unifyTypes(type.elements);
      if (!element) return undefined;
      lists.push(listOf(element));
    }
  }
  return unifyCollections(lists);
}

function unifyObjects(types: readonly Type[]): Type | undefined {
  const objects = types as readonly Extract<Type, { kind: "object" }>[];
  const names = [...(objects[0]?.attributes.keys() ?? [])];
  const same = objects.every((type) => type.attributes.size === names.length && names.every((name) => type.attributes.has(name)));
  if (!same) {
    const element = unifyTypes(objects.flatMap((type) => [...type.attributes.values()]));
    return element && mapOf(element);
  }
  const attributes = new Map<string, Type>();
  for (const name of names) {
    const type = unifyTypes(objects.map((each) => each.attributes.get(name) as Type));
    if (!type) return undefined;
    attributes.set(name, type);
  }
  return { kind: "object", attributes };
}

function unifyTuples(types: readonly Type[]): Type | undefined {
  const tuples = types as readonly Extract<Type, { kind: "tuple" }>[];
  const length = tuples[0]?.elements.length ?? 0;
  if (tuples.some((type) => type.elements.length !== length)) {
    const element = unifyTypes(tuples.flatMap((type) => type.elements));
    return element && listOf(element);
  }
  const elements: Type[] = [];
  for (let i = 0; i < length; i++) {
    const type = unifyTypes(tuples.map((each) => each.elements[i] as Type));
    if (!type) return undefined;
    elements.push(type);
  }
  return { kind: "tuple", elements };
}

/** String before number and bool, list and tuple before set, else source order. */
function pick(types: readonly Type[]): Type | undefined {
  const rank = (type: Type): number => (type.kind === "string" ? 0 : type.kind === "set" ? 2 : 1);
  const candidates = types.filter((type) => type.kind !== "dynamic").map((type, i) => ({ type, i }));
  candidates.sort((a, b) => rank(a.type) - rank(b.type) || a.i - b.i);
  for (const { type } of candidates) {
    if (types.every((other) => other.kind === "dynamic" || typesEqual(other, type) || canConvert(other, type))) return type;
  }
  return candidates.length === 0 ? DYNAMIC : undefined;
}

/** Whether a value of one type may convert to another; it can still fail on the value ("unsafe"). */
export function canConvert(from: Type, to: Type): boolean {
  if (from.kind === "dynamic" || to.kind === "dynamic" || typesEqual(from, to)) return true;
  switch (to.kind) {
    case "string":
      return from.kind === "number" || from.kind === "bool";
    case "number":
    case "bool":
      return from.kind === "string";
    case "list":
    case "set":
      if (from.kind === "tuple") return elementsFit(from.elements, to.element);
      return (from.kind === "list" || from.kind === "set") && canConvert(from.element, to.element);
    case "map":
      if (from.kind === "object") return elementsFit([...from.attributes.values()], to.element);
      return from.kind === "map" && canConvert(from.element, to.element);
    case "tuple":
      return from.kind === "tuple" && from.elements.length === to.elements.length && from.elements.every((element, i) => canConvert(element, to.elements[i] as Type));
    case "object":
      return attributesFit(from, to);
    default:
      return false;
  }
}

function elementsFit(types: readonly Type[], element: Type): boolean {
  return element.kind === "dynamic" ? unifyTypes(types) !== undefined : types.every((type) => canConvert(type, element));
}

function attributesFit(from: Type, to: Extract<Type, { kind: "object" }>): boolean {
  if (from.kind !== "object" && from.kind !== "map") return false;
  for (const [name, want] of to.attributes) {
    const have = from.kind === "map" ? from.element : from.attributes.get(name);
    if (have ? !canConvert(have, want) : !to.optional?.has(name)) return false;
  }
  return true;
}
