/** Maps and objects (spec/hcl.md 6.3). */
import { convert } from "../convert.ts";
import { friendlyName, typesEqual } from "../types.ts";
import { entriesOf, itemsOf, list, listOf, map, object, STRING, string, textOf, tuple, type Type, type Value } from "../values.ts";
import { fn, type FunctionTable, nullable, param, text, variadic } from "./define.ts";
import { type CallOutcome, failure, result } from "./function.ts";

const isKeyed = (type: Type): boolean => type.kind === "map" || type.kind === "object";

function keys([source]: readonly Value[]): CallOutcome {
  const value = source as Value;
  if (!isKeyed(value.type)) return failure("must have map or object type", 0);
  const names = [...entriesOf(value).keys()].map(string);
  return result(value.type.kind === "map" ? list(STRING, names) : tuple(names));
}

function values([source]: readonly Value[]): CallOutcome {
  const value = source as Value;
  if (!isKeyed(value.type)) return failure("values() requires a map as the first argument");
  const items = [...entriesOf(value).values()];
  return result(value.type.kind === "map" ? list(value.type.element, items) : tuple(items));
}

function lookup([source, key, fallback]: readonly Value[]): CallOutcome {
  const value = source as Value;
  if (!isKeyed(value.type)) return failure("lookup() requires a map as the first argument", 0);
  const found = entriesOf(value).get(textOf(key as Value));
  if (value.type.kind !== "map") return result(found ?? (fallback as Value));
  const converted = convert(fallback as Value, value.type.element);
  if (!converted.ok) return failure("the default value must have the same type as the map elements", 2);
  return result(found ?? converted.value);
}

/** Maps of one type make a map, anything else an object; nulls are left out. */
function merge(args: readonly Value[]): CallOutcome {
  const odd = args.find((arg) => arg.type.kind !== "dynamic" && !isKeyed(arg.type));
  if (odd) return failure(`arguments must be maps or objects, got ${JSON.stringify(friendlyName(odd.type))}`);
  const merged = new Map<string, Value>();
  for (const arg of args) if (arg.state === "known") for (const [key, value] of entriesOf(arg)) merged.set(key, value);
  const first = args[0]?.type;
  const same = first?.kind === "map" && args.every((arg) => typesEqual(arg.type, first));
  return result(same ? map(first.element, merged) : object(merged));
}

function zip([keyList, valueList]: readonly Value[]): CallOutcome {
  const source = valueList as Value;
  if (source.type.kind !== "list" && source.type.kind !== "tuple") return failure("values argument must be a list or tuple value");
  const [names, items] = [itemsOf(keyList as Value), itemsOf(source)];
  if (names.length !== items.length) return failure(`number of keys (${names.length}) does not match number of values (${items.length})`);
  const missing = names.findIndex((name) => name.state === "null");
  if (missing >= 0) return failure(`keys list has null value at index ${missing}`);
  const entries = names.map((name, i) => [textOf(name), items[i] as Value] as const);
  return result(source.type.kind === "list" ? map(source.type.element, entries) : object(entries));
}

export function mapFunctions(): FunctionTable {
  return {
    keys: fn([param("inputMap")], keys),
    values: fn([param("mapping")], values),
    lookup: fn([param("inputMap"), text("key"), param("default")], lookup),
    merge: variadic([], nullable("maps"), merge),
    zipmap: fn([param("keys", listOf(STRING)), param("values")], zip),
  };
}
