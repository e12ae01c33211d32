/** Sets (spec/hcl.md 6.3). */
import { convert } from "../convert.ts";
import { identity, makeSet } from "../equality.ts";
import { isSequence, typesEqual } from "../types.ts";
import { unifyTypes } from "../unify.ts";
import { bool, DYNAMIC, itemsOf, list, setOf, tuple, type Type, type Value } from "../values.ts";
import { fn, type FunctionTable, param, variadic } from "./define.ts";
import { type CallOutcome, failure, type HclFunction, result } from "./function.ts";

type Combine = (left: Value, right: Value) => readonly Value[];

const elementOf = (value: Value): Type => (value.type as { readonly element: Type }).element;

/** Membership; both sides have the same element type. */
function holds(set: Value): (item: Value) => boolean {
  const known = new Set(itemsOf(set).map(identity));
  return (item) => known.has(identity(item));
}

/** No conversion: an element of another type is none. */
function hasElement([set, item]: readonly Value[]): CallOutcome {
  const [source, wanted] = [set as Value, item as Value];
  return result(bool(typesEqual(elementOf(source), wanted.type) && holds(source)(wanted)));
}

const union: Combine = (left, right) => [...itemsOf(left), ...itemsOf(right)];
const intersection: Combine = (left, right) => itemsOf(left).filter(holds(right));
const difference: Combine = (left, right) => {
  const inRight = holds(right);
  return itemsOf(left).filter((item) => !inRight(item));
};
const symmetric: Combine = (left, right) => [...difference(left, right), ...difference(right, left)];

/** Folds from the left, in the element type that all sets have in common. */
function folded(combine: Combine): HclFunction["call"] {
  return (args) => {
    const element = unifyTypes(args.map(elementOf));
    if (!element) return failure("given sets must all have compatible element types");
    const sets: Value[] = [];
    for (const arg of args) {
      const converted = convert(arg, setOf(element));
      if (!converted.ok) return failure(converted.message);
      sets.push(converted.value);
    }
    return result(sets.reduce((left, right) => makeSet(element, combine(left, right))));
  };
}

/** Most elements of a product (spec/hcl.md 9). */
const MAX_PRODUCT = 1_000_000;

function product(args: readonly Value[]): CallOutcome {
  if (args.length < 2) return failure("at least two arguments are required");
  const columns: { readonly element: Type; readonly items: readonly Value[] }[] = [];
  for (const [at, arg] of args.entries()) {
    if (!isSequence(arg.type)) return failure("a set or a list is required", at);
    const element = arg.type.kind === "tuple" ? unifyTypes(arg.type.elements) : elementOf(arg);
    if (!element) return failure("all elements must be of the same type", at);
    const items = itemsOf(arg).map((item) => convert(item, element));
    const bad = items.find((item) => !item.ok);
    if (bad && !bad.ok) return failure(bad.message, at);
    columns.push({ element, items: items.flatMap((item) => (item.ok ? [item.value] : [])) });
  }
  if (columns.reduce((size, column) => size * column.items.length, 1) > MAX_PRODUCT) return failure("the product has more than 1000000 elements");
  let rows: Value[][] = [[]];
  for (const column of columns) rows = rows.flatMap((row) => column.items.map((item) => [...row, item]));
  const type: Type = { kind: "tuple", elements: columns.map((column) => column.element) };
  const tuples = rows.map(tuple);
  return result(args.some((arg) => arg.type.kind === "set") ? makeSet(type, tuples) : list(type, tuples));
}

export function setFunctions(): FunctionTable {
  const anySet = setOf(DYNAMIC);
  const many = (combine: Combine): HclFunction => variadic([param("first_set", anySet)], param("other_sets", anySet), folded(combine));
  return {
    setunion: many(union),
    setintersection: many(intersection),
    setsymmetricdifference: many(symmetric),
    setsubtract: fn([param("a", anySet), param("b", anySet)], folded(difference)),
    sethaselement: fn([param("set", anySet), param("elem")], hasElement),
    setproduct: variadic([], param("sets"), product),
  };
}
