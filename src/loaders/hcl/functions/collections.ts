/** Lists and tuples: looking into them and making others of them (spec/hcl.md 6.3). */
import { convert } from "../convert.ts";
import { identity, valuesEqual } from "../equality.ts";
import { add, compareNumbers, numberFromInt, type BigNumber } from "../number.ts";
import { friendlyName, isSequence } from "../types.ts";
import { unifyTypes } from "../unify.ts";
import { bool, DYNAMIC, entriesOf, int, itemsOf, list, listOf, number, NUMBER, numberOf, STRING, textOf, tuple, type Type, type Value } from "../values.ts";
import { fn, type FunctionTable, NOT_WHOLE, nullable, numeric, param, variadic, wholeNumber } from "./define.ts";
import { type CallOutcome, failure, result } from "./function.ts";

const NO_COLLECTION = "collection must be a list, a map or a tuple";

/** The element type of a list or set; anything for a tuple. */
const elementType = (type: Type): Type => (type.kind === "list" || type.kind === "set" || type.kind === "map" ? type.element : DYNAMIC);
const isOrdered = (type: Type): boolean => type.kind === "list" || type.kind === "tuple";

/** Items in the kind of sequence that they came in. */
const like = (source: Value, items: readonly Value[]): Value => (source.type.kind === "list" ? list(source.type.element, items) : tuple(items));

function length([collection]: readonly Value[]): CallOutcome {
  const value = collection as Value;
  if (value.type.kind === "map") return result(int(entriesOf(value).size));
  return isSequence(value.type) ? result(int(itemsOf(value).length)) : failure(NO_COLLECTION);
}

function element([source, indexValue]: readonly Value[]): CallOutcome {
  const value = source as Value;
  if (!isOrdered(value.type)) return failure(`cannot read elements from ${friendlyName(value.type)}`);
  const index = wholeNumber(indexValue as Value);
  if (index === undefined) return failure(`invalid index: ${NOT_WHOLE}`);
  const items = itemsOf(value);
  if (items.length === 0) return failure("cannot use element function with an empty list");
  const count = BigInt(items.length);
  return result(items[Number(((index % count) + count) % count)] as Value);
}

/** Why a key can never fit a collection, or undefined. */
function wrongKey(collection: Value, key: Value): string | undefined {
  const wanted = collection.type.kind === "map" ? "string" : "number";
  return key.type.kind === wanted ? undefined : `key for ${collection.type.kind} must be ${wanted}`;
}

function find(collection: Value, key: Value): Value | undefined {
  if (collection.type.kind === "map") return entriesOf(collection).get(textOf(key));
  const index = wholeNumber(key);
  return index === undefined || index < 0n ? undefined : itemsOf(collection)[Number(index)];
}

function index([collection, key]: readonly Value[]): CallOutcome {
  const [source, at] = [collection as Value, key as Value];
  if (!isOrdered(source.type) && source.type.kind !== "map") return failure(NO_COLLECTION);
  const wrong = wrongKey(source, at);
  if (wrong) return failure(wrong);
  if (source.type.kind === "tuple") {
    if (wholeNumber(at) === undefined) return failure(`invalid key for tuple: ${NOT_WHOLE}`);
    if (!find(source, at)) return failure(`key must be between 0 and ${itemsOf(source).length} inclusive`);
  }
  const found = find(source, at);
  return found ? result(found) : failure("invalid index");
}

function hasIndex([collection, key]: readonly Value[]): CallOutcome {
  const [source, at] = [collection as Value, key as Value];
  if (!isOrdered(source.type) && source.type.kind !== "map") return failure(NO_COLLECTION);
  return result(bool(!wrongKey(source, at) && find(source, at) !== undefined));
}

function indexOf([source, wanted]: readonly Value[]): CallOutcome {
  const value = source as Value;
  if (!isOrdered(value.type)) return failure("argument must be a list or tuple");
  if (itemsOf(value).length === 0) return failure("cannot search an empty list");
  const at = itemsOf(value).findIndex((item) => valuesEqual(item, wanted as Value) === true);
  return at < 0 ? failure("item not found") : result(int(at));
}

function contains([source, wanted]: readonly Value[]): CallOutcome {
  const value = source as Value;
  if (!isSequence(value.type)) return failure("argument must be list, tuple, or set");
  return result(bool(itemsOf(value).some((item) => valuesEqual(item, wanted as Value) === true)));
}

/** Lists that have a common element type stay a list; anything else makes a tuple. */
function concat(args: readonly Value[]): CallOutcome {
  if (args.length === 0) return failure("at least one argument is required");
  const odd = args.findIndex((arg) => !isOrdered(arg.type));
  if (odd >= 0) return failure(`all arguments must be lists or tuples; got ${friendlyName((args[odd] as Value).type)}`, odd);
  const items = args.flatMap(itemsOf);
  const common = args.every((arg) => arg.type.kind === "list") ? unifyTypes(args.map((arg) => elementType(arg.type))) : undefined;
  if (!common) return result(tuple(items));
  const converted: Value[] = [];
  for (const item of items) {
    const outcome = convert(item, common);
    if (!outcome.ok) return failure(outcome.message);
    converted.push(outcome.value);
  }
  return result(list(common, converted));
}

function flatten([source]: readonly Value[]): CallOutcome {
  const value = source as Value;
  if (!isSequence(value.type)) return failure("can only flatten lists, sets and tuples");
  const flat: Value[] = [];
  const collect = (item: Value): void => {
    if (item.state === "known" && isSequence(item.type)) itemsOf(item).forEach(collect);
    else flat.push(item);
  };
  itemsOf(value).forEach(collect);
  return result(tuple(flat));
}

function distinct([source]: readonly Value[]): CallOutcome {
  const seen = new Set<string>();
  const kept = itemsOf(source as Value).filter((item) => {
    const key = identity(item);
    return !seen.has(key) && seen.add(key) !== undefined;
  });
  return result(list(elementType((source as Value).type), kept));
}

function compact([source]: readonly Value[]): CallOutcome {
  return result(
    list(
      STRING,
      itemsOf(source as Value).filter((item) => item.state === "known" && textOf(item) !== ""),
    ),
  );
}

/** Size 0 asks for one chunk. */
function chunk([source, sizeValue]: readonly Value[]): CallOutcome {
  const value = source as Value;
  const size = wholeNumber(sizeValue as Value);
  if (size === undefined) return failure(`invalid size: ${NOT_WHOLE}`);
  if (size < 0n) return failure("the size argument must be positive");
  const items = itemsOf(value);
  const step = size === 0n ? items.length : Number(size);
  const chunks: Value[] = [];
  for (let at = 0; at < items.length; at += step) chunks.push(list(elementType(value.type), items.slice(at, at + step)));
  return result(list(listOf(elementType(value.type)), chunks));
}

const SET_SLICE = "cannot slice a set, because its elements do not have indices; explicitly convert to a list if the ordering of the result is not important";

function slice([source, startValue, endValue]: readonly Value[]): CallOutcome {
  const value = source as Value;
  if (value.type.kind === "set") return failure(SET_SLICE, 0);
  if (!isOrdered(value.type)) return failure("must be a list or tuple value", 0);
  const start = wholeNumber(startValue as Value);
  if (start === undefined) return failure(`invalid start index: ${NOT_WHOLE}`, 1);
  const end = wholeNumber(endValue as Value);
  if (end === undefined) return failure(`invalid end index: ${NOT_WHOLE}`, 2);
  const size = BigInt(itemsOf(value).length);
  if (start < 0n) return failure("start index must not be less than zero", 1);
  if (start > size) return failure("start index must not be greater than the length of the list", 1);
  if (end < 0n) return failure("end index must not be less than zero", 2);
  if (end > size) return failure("end index must not be greater than the length of the list", 2);
  if (start > end) return failure("start index must not be greater than end index", 1);
  return result(like(value, itemsOf(value).slice(Number(start), Number(end))));
}

function reverse([source]: readonly Value[]): CallOutcome {
  const value = source as Value;
  if (!isSequence(value.type)) return failure(`can only reverse list or tuple values, not ${friendlyName(value.type)}`, 0);
  const items = [...itemsOf(value)].reverse();
  return result(value.type.kind === "set" ? list(value.type.element, items) : like(value, items));
}

const RANGE_LIMIT = 1024;

/** One and two arguments may count down; a step of 0 runs into the limit, as in the reference. */
function range(args: readonly Value[]): CallOutcome {
  if (args.length === 0 || args.length > 3) return failure("must have one, two, or three arguments");
  const zero = numberFromInt(0);
  const [start, end] = args.length === 1 ? [zero, numberOf(args[0] as Value)] : [numberOf(args[0] as Value), numberOf(args[1] as Value)];
  const step = args[2] ? numberOf(args[2]) : numberFromInt(compareNumbers(end, start) < 0 ? -1 : 1);
  const down = step.sign < 0;
  const order = compareNumbers(end, start);
  if (down && order > 0) return failure("end must be less than start when step is negative", 1);
  if (!down && order < 0) return failure("end must be greater than start when step is positive", 1);
  const items: Value[] = [];
  for (let at: BigNumber = start; compareNumbers(at, end) * (down ? -1 : 1) < 0; ) {
    if (items.length >= RANGE_LIMIT) {
      return failure("more than 1024 values were generated; either decrease the difference between start and end or use a smaller step");
    }
    items.push(number(at));
    const next = add(at, step);
    if ("error" in next) return failure(next.error);
    at = next;
  }
  return result(list(NUMBER, items));
}

/** The first non-null, in the type that all have in common. */
function coalesce(args: readonly Value[]): CallOutcome {
  const common = args.length === 0 ? undefined : unifyTypes(args.map((arg) => arg.type));
  if (!common) return failure("all arguments must have the same type");
  const first = args.find((arg) => arg.state === "known");
  if (!first) return failure("no non-null arguments");
  const converted = convert(first, common);
  return converted.ok ? result(converted.value) : failure(converted.message);
}

function coalesceList(args: readonly Value[]): CallOutcome {
  if (args.length === 0) return failure("at least one argument is required");
  if (!args.every((arg) => isOrdered(arg.type))) return failure("coalescelist arguments must be lists or tuples");
  const found = args.find((arg) => arg.state === "known" && itemsOf(arg).length > 0);
  return found ? result(found) : failure("no non-null arguments");
}

export function collectionFunctions(): FunctionTable {
  const anyList = param("list", listOf(DYNAMIC));
  return {
    length: fn([param("collection")], length),
    element: fn([param("list"), numeric("index")], element),
    index: fn([param("collection"), param("key")], index),
    hasindex: fn([param("collection"), param("key")], hasIndex),
    indexof: fn([param("list"), param("value")], indexOf),
    contains: fn([param("list"), param("value")], contains),
    concat: variadic([], param("seqs"), concat),
    flatten: fn([param("list")], flatten),
    distinct: fn([anyList], distinct),
    compact: fn([param("list", listOf(STRING))], compact),
    chunklist: fn([anyList, numeric("size")], chunk),
    slice: fn([param("list"), numeric("start_index"), numeric("end_index")], slice),
    reverselist: fn([param("list")], reverse),
    range: variadic([], numeric("params"), range),
    coalesce: variadic([], nullable("vals"), coalesce),
    coalescelist: variadic([], nullable("vals"), coalesceList),
  };
}
