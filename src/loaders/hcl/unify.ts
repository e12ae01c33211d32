/**
 * What can be known of conversions from types alone: which are possible, and the common type of several
 * types, as for conditional branches, `coalesce` and `list(any)` (spec/hcl.md 4.5, 4.6).
 */
import { isCollection, typesEqual } from "./types.ts";
import { DYNAMIC, listOf, mapOf, type Type } from "./values.ts";

/**
 * The type to which all can be converted (unsafe conversions allowed), or undefined. No types: dynamic.
 * Dynamic is also the answer where a value that is not known yet would decide.
 */
export function unifyTypes(types: readonly Type[]): Type | undefined {
  const first = types[0];
  if (!first) return DYNAMIC;
  if (areAll(types, first)) return first;
  let all = 0;
  for (let i = 0; i < types.length; i++) all |= KINDS[(types[i] as Type).kind];
  const kinds = all & ~KINDS.dynamic;
  const dynamic = kinds !== all;
  if (isOnly(kinds, KINDS.map) || isOnly(kinds, KINDS.list) || isOnly(kinds, KINDS.set)) return dynamic ? DYNAMIC : unifyCollections(types);
  if (isOnly(kinds, KINDS.map | KINDS.object) && (kinds & KINDS.map) !== 0) return unifyAs(types, mapOf) ?? pick(types);
  if (isOnly(kinds, KINDS.list | KINDS.tuple) && (kinds & KINDS.list) !== 0) return unifyAs(types, listOf) ?? pick(types);
  if (isOnly(kinds, KINDS.object)) return dynamic ? DYNAMIC : unifyObjects(types);
  if (isOnly(kinds, KINDS.tuple)) return dynamic ? DYNAMIC : unifyTuples(types);
  if ((kinds & KINDS.object) !== 0 && (kinds & KINDS.tuple) !== 0) return undefined;
  return pick(types);
}

/** Kinds as bits: lists of types are looked at once for what they hold. */
const KINDS = { string: 1, number: 2, bool: 4, bytes: 8, list: 16, set: 32, map: 64, tuple: 128, object: 256, dynamic: 512 } satisfies Record<
  Type["kind"],
  number
>;

/** Whether there is no kind but the allowed ones. */
const isOnly = (kinds: number, allowed: number): boolean => (kinds & ~allowed) === 0;

function areAll(types: readonly Type[], first: Type): boolean {
  for (let i = 1; i < types.length; i++) if (!typesEqual(types[i] as Type, first)) return false;
  return true;
}

function unifyCollections(types: readonly Type[]): Type | undefined {
  const element = unifyTypes(types.map((type) => (isCollection(type) ? type.element : type)));
  return element && ({ kind: types[0]?.kind, element } as Type);
}

/** Objects as maps, or tuples as lists, beside real ones; dynamic types take no part. */
function unifyAs(types: readonly Type[], collectionOf: (element: Type) => Type): Type | undefined {
  const collections: Type[] = [];
  for (const type of types) {
    if (type.kind === "dynamic") continue;
    if (isCollection(type)) {
      collections.push(type);
      continue;
    }
    const element = unifyTypes(elementsOf(type));
    if (!element) return undefined;
    collections.push(collectionOf(element));
  }
  return unifyCollections(collections);
}

const elementsOf = (type: Type): readonly Type[] => (type.kind === "tuple" ? type.elements : type.kind === "object" ? [...type.attributes.values()] : []);

function unifyObjects(types: readonly Type[]): Type | undefined {
  const objects = types as readonly Extract<Type, { kind: "object" }>[];
  const names = [...(objects[0]?.attributes.keys() ?? [])];
  const same = objects.every((type) => type.attributes.size === names.length && names.every((name) => type.attributes.has(name)));
  if (!same) {
    const element = unifyTypes(objects.flatMap((type) => [...type.attributes.values()]));
    return element && fitting(types, mapOf(element));
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
    return element && fitting(types, listOf(element));
  }
  const elements: Type[] = [];
  for (let i = 0; i < length; i++) {
    const type = unifyTypes(tuples.map((each) => each.elements[i] as Type));
    if (!type) return undefined;
    elements.push(type);
  }
  return { kind: "tuple", elements };
}

const fitting = (types: readonly Type[], wanted: Type): Type | undefined => (types.every((type) => canConvert(type, wanted)) ? wanted : undefined);

/** The first type, in order of preference, to which all others convert. */
function pick(types: readonly Type[]): Type | undefined {
  const rest = distinctPrimitives(types);
  while (rest.length > 0) {
    const best = rest.findIndex((type) => !rest.some((other) => prefers(other, type)));
    const [type] = rest.splice(Math.max(best, 0), 1);
    if (type && types.every((other) => canConvert(other, type))) return type;
  }
  return undefined;
}

/** Long lists repeat few primitive types. */
function distinctPrimitives(types: readonly Type[]): Type[] {
  const seen = new Set<Type["kind"]>();
  return types.filter((type) => {
    if (isCollection(type) || type.kind === "tuple" || type.kind === "object") return true;
    return !seen.has(type.kind) && seen.add(type.kind) !== undefined;
  });
}

/** Anything before dynamic, string before other primitives, list and tuple before set; collections of one kind by their elements. */
function prefers(a: Type, b: Type): boolean {
  if (b.kind === "dynamic") return a.kind !== "dynamic";
  if (a.kind === "string") return b.kind === "number" || b.kind === "bool";
  if (b.kind === "set" && (a.kind === "list" || a.kind === "tuple")) return true;
  return isCollection(a) && isCollection(b) && a.kind === b.kind && prefers(a.element, b.element);
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
      return (
        from.kind === "tuple" && from.elements.length === to.elements.length && from.elements.every((element, i) => canConvert(element, to.elements[i] as Type))
      );
    case "object":
      return attributesFit(from, to);
    default:
      return false;
  }
}

function elementsFit(types: readonly Type[], element: Type): boolean {
  if (element.kind !== "dynamic") return types.every((type) => canConvert(type, element));
  const common = unifyTypes(types);
  // Only nulls may be left without a type.
  return common !== undefined && (common.kind !== "dynamic" || types.every((type) => type.kind === "dynamic"));
}

function attributesFit(from: Type, to: Extract<Type, { kind: "object" }>): boolean {
  if (from.kind !== "object" && from.kind !== "map") return false;
  for (const [name, want] of to.attributes) {
    const have = from.kind === "map" ? from.element : from.attributes.get(name);
    if (have ? !canConvert(have, want) : !to.optional?.has(name)) return false;
  }
  return true;
}
