/** JSON texts (`NAME_JSON`) as values of a declared type (spec/bake.md 5.3). Messages are the reference's. */
import { convert } from "../hcl/convert.ts";
import { makeSet } from "../hcl/equality.ts";
import { decodeJson } from "../hcl/functions/json-decode.ts";
import {
  BOOL,
  DYNAMIC,
  entriesOf,
  itemsOf,
  list,
  listOf,
  map,
  mapOf,
  nullOf,
  NUMBER,
  object,
  setOf,
  STRING,
  textOf,
  tuple,
  type Type,
  type Value,
} from "../hcl/values.ts";
import { type Read, read, refuse } from "./override-text.ts";

export function readJson(name: string, text: string, type: Type): Read {
  const decoded = decodeJson(text);
  const outcome = decoded.ok ? fit(decoded.value, type) : decoded;
  return outcome.ok ? outcome : refuse(`failed to convert variable ${name} from JSON: ${outcome.message}`);
}

/** A decoded value as the type asks: null everywhere, texts for numbers and booleans and back. */
function fit(value: Value, type: Type): Read {
  if (type.kind === "dynamic") return fitWrapped(value);
  if (value.state === "null") return read(nullOf(type));
  switch (type.kind) {
    case "string":
    case "number":
    case "bool":
      return fitPrimitive(value, type);
    case "list":
    case "set":
    case "tuple":
      return value.type.kind === "tuple" ? fitItems(itemsOf(value), type) : refuse("missing expected [");
    case "map":
    case "object":
      return value.type.kind === "object" ? fitEntries(entriesOf(value), type) : refuse("missing expected {");
    default:
      return refuse(`unsupported type ${type.kind}`);
  }
}

function fitPrimitive(value: Value, type: Type): Read {
  const { kind } = value.type;
  const primitive = kind === "string" || kind === "number" || kind === "bool";
  if (!primitive || (kind !== "string" && type.kind !== "string" && kind !== type.kind)) return refuse(`${type.kind} is required`);
  return convert(value, type);
}

function fitItems(items: readonly Value[], type: Extract<Type, { kind: "list" | "set" | "tuple" }>): Read {
  const count = type.kind === "tuple" ? type.elements.length : items.length;
  if (items.length > count) return refuse(`too many tuple elements (need ${count})`);
  if (items.length < count) return refuse(`not enough tuple elements (need ${count})`);
  const out: Value[] = [];
  for (const [i, item] of items.entries()) {
    const fitted = fit(item, type.kind === "tuple" ? (type.elements[i] as Type) : type.element);
    if (!fitted.ok) return fitted;
    out.push(fitted.value);
  }
  if (type.kind === "tuple") return read(tuple(out));
  const element = type.element.kind === "dynamic" ? (out[0]?.type ?? DYNAMIC) : type.element;
  return read(type.kind === "set" ? makeSet(element, out) : list(element, out));
}

function fitEntries(entries: ReadonlyMap<string, Value>, type: Extract<Type, { kind: "map" | "object" }>): Read {
  const out: [string, Value][] = [];
  for (const [key, item] of entries) {
    const wanted = type.kind === "map" ? type.element : type.attributes.get(key);
    if (!wanted) return refuse(`unsupported attribute ${JSON.stringify(key)}`);
    const fitted = fit(item, wanted);
    if (!fitted.ok) return fitted;
    out.push([key, fitted.value]);
  }
  if (type.kind === "map") return read(map(type.element.kind === "dynamic" ? (out[0]?.[1].type ?? DYNAMIC) : type.element, out));
  for (const [key, wanted] of type.attributes) if (!entries.has(key)) out.push([key, nullOf(wanted)]);
  return read(object(out));
}

/** A value of any type names its type: `{"value": 1, "type": "number"}`. */
function fitWrapped(value: Value): Read {
  if (value.state === "null") return read(nullOf(DYNAMIC));
  if (value.type.kind !== "object") return refuse("missing expected {");
  const wrapper = entriesOf(value);
  const inner = wrapper.get("value");
  const spelled = wrapper.get("type");
  if (!spelled) return refuse("missing type in dynamically-typed value");
  if (!inner) return refuse("missing value in dynamically-typed value");
  const type = spelledType(spelled);
  return type ? fit(inner, type) : refuse("invalid type in dynamically-typed value");
}

const COLLECTIONS: Readonly<Record<string, (element: Type) => Type>> = { list: listOf, set: setOf, map: mapOf };
const PRIMITIVES: Readonly<Record<string, Type>> = { string: STRING, number: NUMBER, bool: BOOL, dynamic: DYNAMIC };

/** `"number"`, `["list", "string"]`, `["object", {"a": "string"}]`. */
function spelledType(value: Value): Type | undefined {
  if (value.state !== "known") return undefined;
  if (value.type.kind === "string") return PRIMITIVES[textOf(value)];
  if (value.type.kind !== "tuple") return undefined;
  const [head, rest] = itemsOf(value);
  if (!head || !rest || head.type.kind !== "string") return undefined;
  const kind = textOf(head);
  const collection = COLLECTIONS[kind];
  if (collection) {
    const element = spelledType(rest);
    return element && collection(element);
  }
  if (kind === "tuple" && rest.type.kind === "tuple") {
    const elements = itemsOf(rest).map(spelledType);
    return elements.every((element) => element !== undefined) ? { kind: "tuple", elements } : undefined;
  }
  if (kind === "object" && rest.type.kind === "object") {
    const attributes = new Map<string, Type>();
    for (const [name, spelled] of entriesOf(rest)) {
      const type = spelledType(spelled);
      if (!type) return undefined;
      attributes.set(name, type);
    }
    return { kind: "object", attributes };
  }
  return undefined;
}
