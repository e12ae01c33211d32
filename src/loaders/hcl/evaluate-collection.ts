/** Tuples, objects and splats (spec/hcl.md 3.6, 3.7). */
import { compareBytes } from "../../byte-order.ts";
import { formatRange, type SourceRange } from "../../diagnostics.ts";
import {
  type Expression,
  fixedValueOf,
  type ObjectItem,
  type ObjectKeyNode,
  type ObjectLayout,
  type ObjectNode,
  type SplatNode,
  type TupleNode,
} from "./ast.ts";
import { convert } from "./convert.ts";
import { type EvaluationRun, LimitReached, type ScopeOrNone } from "./evaluation.ts";
import { keywordOf } from "./static-forms.ts";
import { typesEqual } from "./types.ts";
import { entriesOf, itemsOf, list, normalise, objectInOrder, objectOf, STRING, string, textOf, tuple, type Type, UNKNOWN, type Value } from "./values.ts";
import { excess, extentOfParts } from "./value-size.ts";

/** A value within the limits of size. */
export function bounded(value: Value, range: SourceRange): Value {
  const problem = excess(value);
  if (problem !== undefined) throw new LimitReached("Value too large", problem, range);
  return value;
}

export function tupleValue(node: TupleNode, scope: ScopeOrNone, run: EvaluationRun): Value {
  if (node.constant) return node.constant;
  const { items } = node;
  const count = items.length;
  const values = new Array<Value>(count);
  for (let i = 0; i < count; i++) values[i] = run.value(items[i] as Expression, scope);
  return bounded(tuple(values), node);
}

/** A key that cannot be used makes the whole object unknown. */
export function objectValue(node: ObjectNode, scope: ScopeOrNone, run: EvaluationRun): Value {
  if (node.json) return jsonObjectValue(node, scope, run);
  const { layout } = node;
  if (layout?.keys) return layout.constant ?? wordedObject(node, layout, layout.keys, scope, run);
  // Most objects are evaluated once: for these it would be a waste.
  if (layout !== ANY_KEYS) node.layout = layout ? layoutOf(node) : EVALUATED;
  const { items } = node;
  const count = items.length;
  const keys = new Array<string>(count);
  const values = new Array<Value>(count);
  let isKnown = true;
  for (let i = 0; i < count; i++) {
    const item = items[i] as ObjectItem;
    const problems = run.diagnostics.length;
    const given = keyOf(item.key, scope, run);
    const failed = run.diagnostics.length > problems;
    values[i] = run.value(item.value, scope);
    const key = typeof given === "string" ? given : failed ? undefined : keyText(given, item, false, run);
    if (key === undefined) isKnown = false;
    else keys[i] = key;
  }
  if (!isKnown) return UNKNOWN;
  return boundedObject(objectOf(keys, values), values, node);
}

/** An object that was made of the values, within the limits of size. */
function boundedObject(object: Value, values: readonly Value[], node: ObjectNode): Value {
  // Walking the list is faster than walking the map; of equal keys only the last one is there.
  if (entriesOf(object).size === values.length) object.extent = extentOfParts(values);
  return bounded(object, node);
}

/** Of an object that was evaluated once, and of one whose keys may be others each time. */
const EVALUATED: ObjectLayout = { keys: undefined, places: [], constant: undefined };
const ANY_KEYS: ObjectLayout = { ...EVALUATED };

function layoutOf({ items }: ObjectNode): ObjectLayout {
  const keys: string[] = [];
  for (const { key } of items) {
    if (key.kind !== "object-key" || typeof key.given !== "string") return ANY_KEYS;
    keys.push(normalise(key.given));
  }
  const places = keys.map((_, place) => place).sort((a, b) => compareBytes(keys[a] as string, keys[b] as string));
  return { keys: places.map((place) => keys[place] as string), places, constant: undefined };
}

/** An object whose keys are all bare words. */
function wordedObject(node: ObjectNode, layout: ObjectLayout, keys: readonly string[], scope: ScopeOrNone, run: EvaluationRun): Value {
  const { items } = node;
  const count = items.length;
  const values = new Array<Value>(count);
  run.charge(count, node);
  let isConstant = true;
  for (let i = 0; i < count; i++) {
    const { value } = items[i] as ObjectItem;
    const fixed = fixedValueOf(value);
    if (!fixed) isConstant = false;
    values[i] = fixed ?? run.value(value, scope);
  }
  const object = boundedObject(objectInOrder(keys, layout.places, values), values, node);
  if (isConstant) layout.constant = object;
  return object;
}

/** The text of a bare word; the value of any other key. */
function keyOf(key: Expression, scope: ScopeOrNone, run: EvaluationRun): string | Value {
  if (key.kind !== "object-key" || typeof key.given !== "string") return run.value(key, scope);
  run.pass(key);
  return normalise(key.given);
}

/** Objects of JSON tell keys that are there twice, and go on without an entry whose key is no text. */
function jsonObjectValue(node: ObjectNode, scope: ScopeOrNone, run: EvaluationRun): Value {
  const entries = new Map<string, Value>();
  const ranges = new Map<string, SourceRange>();
  let isKnown = true;
  for (const item of node.items) {
    const problems = run.diagnostics.length;
    const given = run.value(item.key, scope);
    const failed = run.diagnostics.length > problems;
    const value = run.value(item.value, scope);
    const key = failed ? undefined : keyText(given, item, true, run);
    if (key === undefined) {
      isKnown &&= !failed && given.state !== "unknown";
      continue;
    }
    const first = ranges.get(key);
    if (first) {
      run.error("duplicate-attribute", "Duplicate object attribute", `An attribute named "${key}" was already defined at ${formatRange(first)}.`, item.key);
      continue;
    }
    ranges.set(key, item.key);
    entries.set(key, value);
  }
  return isKnown ? bounded(objectOf([...entries.keys()], [...entries.values()]), node) : UNKNOWN;
}

/** The text of a key's value; undefined where it is none. */
function keyText(given: Value, item: ObjectItem, json: boolean, run: EvaluationRun): string | undefined {
  if (given.state === "known" && given.type === STRING) return textOf(given);
  const summary = json ? "Invalid object key expression" : undefined;
  if (given.state === "null") {
    const detail = json ? "Cannot use null value as an object key." : "Can't use a null value as a key.";
    run.error("object-key", summary ?? "Null value as key", detail, json ? item.key : item.value);
    return undefined;
  }
  const converted = convert(given, STRING);
  if (!converted.ok) {
    const detail = json ? `Cannot use this expression as an object key: ${converted.message}.` : `Can't use this value as a key: ${converted.message}.`;
    run.error("object-key", summary ?? "Incorrect key type", detail, item.key);
    return undefined;
  }
  return converted.value.state === "known" ? textOf(converted.value) : undefined;
}

const AMBIGUOUS =
  "If this expression is intended to be a reference, wrap it in parentheses. If it's instead intended as a literal name containing periods, wrap it in quotes to create a string literal.";

export function objectKeyValue(node: ObjectKeyNode, scope: ScopeOrNone, run: EvaluationRun): Value {
  if (!node.forced) {
    const { wrapped } = node;
    if (wrapped.kind === "traversal" && wrapped.steps.length > 0) return run.fail("ambiguous-key", "Ambiguous attribute key", AMBIGUOUS, node);
    const word = keywordOf(wrapped);
    if (word !== undefined) return string(word);
  }
  return run.value(node.wrapped, scope);
}

const NULL_SPLAT = "Splat expressions (with the * symbol) cannot be applied to null sequences.";
const NESTED_SPLAT =
  "The second level of splat expressions produced elements of different types, so it isn't possible to represent the result as a valid list. Consider using a for expression instead, to produce a tuple type which can support elements of differing types.";

/** What is no sequence counts as a sequence of itself, and a null of such a type as an empty one. */
export function splatValue(node: SplatNode, scope: ScopeOrNone, run: EvaluationRun): Value {
  const problems = run.diagnostics.length;
  const source = run.value(node.source, scope);
  if (run.diagnostics.length > problems) return UNKNOWN;
  const { type } = source;
  const isSequence = type.kind === "tuple" || type.kind === "list" || type.kind === "set";
  if (source.state === "null") return isSequence ? run.fail("splat-null", "Splat of null value", NULL_SPLAT, node.source) : tuple([]);
  if (source.state === "unknown") return UNKNOWN;
  const each = (item: Value): Value => {
    run.items.set(node.item, item);
    return run.value(node.each, scope);
  };
  const outer = run.items.get(node.item);
  const results = isSequence ? itemsOf(source).map(each) : [each(source)];
  const empty = type.kind === "list" || type.kind === "set" ? emptyList(type.element, results, each) : undefined;
  if (outer) run.items.set(node.item, outer);
  if (run.diagnostics.length > problems) return UNKNOWN;
  if (type.kind !== "list" && type.kind !== "set") return bounded(tuple(results), node);
  if (empty) return empty;
  const first = (results[0] as Value).type;
  if (!results.every((result) => typesEqual(result.type, first))) return run.fail("nested-splat", "Invalid nested splat expressions", NESTED_SPLAT, node.each);
  return bounded(list(first, results), node);
}

/** An empty list of what the elements would have become. */
function emptyList(element: Type, results: readonly Value[], each: (item: Value) => Value): Value | undefined {
  return results.length > 0 ? undefined : list(each({ type: element, state: "unknown", content: undefined }).type, []);
}
