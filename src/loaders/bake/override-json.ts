/** JSON texts (`NAME_JSON`) as values of a declared type (spec/bake.md 5.3). Messages are the reference's. */
import { convert } from "../hcl/convert.ts";
import { makeSet } from "../hcl/equality.ts";
import { attempt, JsonProblem, JsonReader } from "../hcl/functions/json-decode.ts";
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
  string,
  textOf,
  tuple,
  type Type,
  type Value,
} from "../hcl/values.ts";
import { type Read, read, refuse } from "./override-text.ts";

export function readJson(name: string, text: string, type: Type): Read {
  const outcome = attempt(() => fit(new JsonReader(text), type, false));
  return outcome.ok ? outcome : refuse(`failed to convert variable ${name} from JSON: ${outcome.message}`);
}

/**
 * The value that comes as the type asks: null everywhere, texts for numbers and booleans and back. The text is read as far as the
 * type needs it, and what follows does not matter. `checked` says that the value is known to be well formed.
 */
function fit(reader: JsonReader, type: Type, checked: boolean): Read {
  const token = reader.token();
  if (token.kind === "scalar" && token.value.state === "null") return read(nullOf(type));
  switch (type.kind) {
    case "dynamic":
      return token.kind === "{" ? fitWrapped(reader) : refuse("missing expected {");
    case "string":
    case "number":
    case "bool":
      return token.kind === "scalar" ? fitPrimitive(token.value, token.written, type) : refuse(`${type.kind} is required`);
    case "list":
    case "set":
    case "tuple":
      return token.kind === "[" ? fitItems(reader, type, checked) : refuse("missing expected [");
    case "map":
    case "object":
      return token.kind === "{" ? fitEntries(reader, type, checked) : refuse("missing expected {");
    default:
      return refuse(`unsupported type ${type.kind}`);
  }
}

/** Numbers keep their spelling as texts. */
function fitPrimitive(value: Value, written: string, type: Type): Read {
  const { kind } = value.type;
  if (type.kind === "string") return read(kind === "string" ? value : string(written));
  return kind === "string" || kind === type.kind ? convert(value, type) : refuse(`${type.kind} is required`);
}

/** What reading a part of something throws, with the name of the part in front. */
function part<T>(name: string, action: () => T): T {
  const outcome = attempt(() => ({ ok: true as const, done: action() }));
  if (outcome.ok) return outcome.done;
  throw new JsonProblem(`failed to read ${name}: ${outcome.message}`);
}

function fitItems(reader: JsonReader, type: Extract<Type, { kind: "list" | "set" | "tuple" }>, checked: boolean): Read {
  const count = type.kind === "tuple" ? type.elements.length : Number.POSITIVE_INFINITY;
  const out: Value[] = [];
  while (reader.more()) {
    if (out.length === count) return refuse(`too many tuple elements (need ${count})`);
    part(`${type.kind} value`, () => {
      if (out.length > 0) reader.comma();
      if (!checked) reader.check();
    });
    const fitted = fit(reader, type.kind === "tuple" ? (type.elements[out.length] as Type) : type.element, true);
    if (!fitted.ok) return fitted;
    out.push(fitted.value);
  }
  reader.close("]");
  if (type.kind === "tuple") return out.length < count ? refuse(`not enough tuple elements (need ${count})`) : read(tuple(out));
  const element = type.element.kind === "dynamic" ? (out[0]?.type ?? DYNAMIC) : type.element;
  return read(type.kind === "set" ? makeSet(element, out) : list(element, out));
}

function fitEntries(reader: JsonReader, type: Extract<Type, { kind: "map" | "object" }>, checked: boolean): Read {
  const out = new Map<string, Value>();
  for (let first = true; reader.more(); first = false) {
    const key = part(`${type.kind} key`, () => reader.key(first));
    const wanted = type.kind === "map" ? type.element : type.attributes.get(key);
    if (!wanted) return refuse(`unsupported attribute ${JSON.stringify(key)}`);
    part(`${type.kind} value`, () => {
      reader.colon();
      if (!checked) reader.check();
    });
    const fitted = fit(reader, wanted, true);
    if (!fitted.ok) return fitted;
    out.set(key, fitted.value);
  }
  reader.close("}");
  if (type.kind === "map") return read(map(type.element.kind === "dynamic" ? ([...out.values()][0]?.type ?? DYNAMIC) : type.element, out));
  for (const [key, wanted] of type.attributes) if (!out.has(key)) out.set(key, nullOf(wanted));
  return read(object(out));
}

/** A value of any type names its type: `{"value": 1, "type": "number"}`. */
function fitWrapped(reader: JsonReader): Read {
  let inner: JsonReader | undefined;
  let type: Type | undefined;
  for (let first = true; reader.more(); first = false) {
    const key = part("dynamic type descriptor key", () => reader.key(first));
    const value = part("dynamic type descriptor value", () => {
      reader.colon();
      return reader.skip();
    });
    if (key === "value") inner = value;
    else if (key !== "type") return refuse(`invalid key ${JSON.stringify(key)} in dynamically-typed value`);
    else {
      const spelled = spelledType(value.read());
      if (typeof spelled === "string") return refuse(`failed to decode type for dynamic value: ${spelled}`);
      type = spelled;
    }
  }
  reader.close("}");
  if (!type) return refuse("missing type in dynamically-typed value");
  if (!inner) return refuse("missing value in dynamically-typed value");
  return fit(inner, type, true);
}

const COLLECTIONS: Readonly<Record<string, (element: Type) => Type>> = { list: listOf, set: setOf, map: mapOf };
const PRIMITIVES: Readonly<Record<string, Type>> = { string: STRING, number: NUMBER, bool: BOOL, dynamic: DYNAMIC };

/** `"number"`, `["list", "string"]`, `["object", {"a": "string"}]`; or what is wrong with it. */
function spelledType(value: Value): Type | string {
  if (value.state !== "known") return "invalid type description";
  if (value.type.kind === "string") return PRIMITIVES[textOf(value)] ?? `invalid primitive type name ${JSON.stringify(textOf(value))}`;
  if (value.type.kind === "object") return "invalid complex type description";
  if (value.type.kind !== "tuple") return "invalid type description";
  const [head, rest] = itemsOf(value);
  if (head?.type.kind !== "string") return "invalid complex type kind name";
  const kind = textOf(head);
  const collection = COLLECTIONS[kind];
  if (!collection && kind !== "tuple" && kind !== "object") return "invalid complex type kind name";
  if (!rest) return "expected comma after array element";
  if (collection) {
    const element = spelledType(rest);
    return typeof element === "string" ? element : collection(element);
  }
  if (rest.type.kind !== kind) return "invalid type description";
  const attributes = new Map<string, Type>();
  for (const [i, spelled] of kind === "tuple" ? itemsOf(rest).entries() : entriesOf(rest)) {
    const type = spelledType(spelled);
    if (typeof type === "string") return type;
    attributes.set(String(i), type);
  }
  return kind === "tuple" ? { kind: "tuple", elements: [...attributes.values()] } : { kind: "object", attributes };
}
