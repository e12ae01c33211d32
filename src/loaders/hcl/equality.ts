/** Equality of values, and the order and uniqueness of set elements (spec/hcl.md 4.7, 4.8). */
import { compareBytes, sortInPlace } from "../../byte-order.ts";
import { roundDecimal, shortestDecimal } from "./decimal.ts";
import { type BigNumber, compareNumbers, numbersEqual } from "./number.ts";
import { typesEqual } from "./types.ts";
import { boolOf, entriesOf, isKnown, itemsOf, numberOf, setOf, textOf, type Type, type Value } from "./values.ts";

/** Types must be identical; nulls are equal to each other whatever their type. Unknowns are undefined. */
export function valuesEqual(a: Value, b: Value): boolean | undefined {
  if (a.state === "unknown" || b.state === "unknown") return undefined;
  if (a.state === "null" || b.state === "null") return a.state === b.state;
  if (!typesEqual(a.type, b.type)) return false;
  switch (a.type.kind) {
    case "string":
      return textOf(a) === textOf(b);
    case "bool":
      return boolOf(a) === boolOf(b);
    case "number":
      return numbersEqual(numberOf(a), numberOf(b));
    case "list":
    case "set":
    case "tuple": {
      const [left, right] = [itemsOf(a), itemsOf(b)];
      return left.length === right.length && all(left.map((item, i) => valuesEqual(item, right[i] as Value)));
    }
    case "map":
    case "object": {
      const [left, right] = [entriesOf(a), entriesOf(b)];
      if (left.size !== right.size) return false;
      return all(
        [...left].map(([key, value]) => {
          const other = right.get(key);
          return other ? valuesEqual(value, other) : false;
        }),
      );
    }
    default:
      return false;
  }
}

/** False wins over undefined, undefined over true. */
function all(results: readonly (boolean | undefined)[]): boolean | undefined {
  if (results.includes(false)) return false;
  return results.includes(undefined) ? undefined : true;
}

/**
 * A text that two known values of one type share exactly when they are equal: what makes finding
 * duplicates linear.
 */
export function identity(value: Value): string {
  if (value.state !== "known") return value.state === "null" ? "~" : "?";
  switch (value.type.kind) {
    case "string":
      // The length tells where it ends, whatever is in it.
      return `${textOf(value).length}"${textOf(value)}`;
    case "number":
      return numberIdentity(numberOf(value));
    case "bool":
      return boolOf(value) ? "T" : "F";
    case "list":
    case "set":
    case "tuple":
      return `[${itemsOf(value).map(identity).join()}]`;
    case "map":
    case "object":
      return `{${[...entriesOf(value)].map(([key, item]) => `${JSON.stringify(key)}:${identity(item)}`).join()}}`;
    default:
      return "";
  }
}

function numberIdentity(x: BigNumber): string {
  if (x.isZero) return "0";
  return x.isInteger ? `${x.negative ? "-" : ""}${x.mantissa.toString(36)}*${x.exponent}` : x.toString();
}

/** A set of the given values: duplicates removed, in set order. The items must have the element type. */
export function makeSet(element: Type, items: readonly Value[]): Value {
  const content = element.kind === "string" && items.every(isKnown) ? distinctTexts(items) : distinctValues(items);
  return { type: setOf(element), state: "known", content, extent: undefined };
}

/** Sets of texts, which nearly all sets are, need no keys to be ordered by. */
function distinctTexts(items: readonly Value[]): readonly Value[] {
  const ordered = sortInPlace(items.slice(), (a, b) => compareBytes(textOf(a), textOf(b)));
  return ordered.filter((item, i) => i === 0 || textOf(item) !== textOf(ordered[i - 1] as Value));
}

function distinctValues(items: readonly Value[]): readonly Value[] {
  const ordered = items.map((value) => ({ value, key: setKey(value) })).sort((a, b) => compareElements(a, b));
  const unique: Value[] = [];
  for (const { value } of ordered) {
    const last = unique.at(-1);
    if (!last || valuesEqual(last, value) !== true) unique.push(value);
  }
  return unique;
}

interface Keyed {
  readonly value: Value;
  readonly key: string;
}

function compareElements(a: Keyed, b: Keyed): number {
  const [left, right] = [a.value, b.value];
  // Null elements come last.
  if (left.state !== "known" || right.state !== "known") return (left.state === "known" ? 0 : 1) - (right.state === "known" ? 0 : 1);
  switch (left.type.kind) {
    case "string":
      return compareBytes(textOf(left), textOf(right));
    case "number":
      return compareNumbers(numberOf(left), numberOf(right));
    case "bool":
      return Number(boolOf(left)) - Number(boolOf(right));
    default:
      return compareBytes(a.key, b.key);
  }
}

/** The canonical text by which structures are ordered in a set. */
function setKey(value: Value): string {
  if (value.state === "null") return "~";
  if (value.state === "unknown") return "?";
  switch (value.type.kind) {
    case "string":
      return JSON.stringify(textOf(value));
    case "number":
      return formatShort(numberOf(value));
    case "bool":
      return boolOf(value) ? "T" : "F";
    case "list":
    case "set":
      return `[${itemsOf(value)
        .map((item) => `${setKey(item)};`)
        .join("")}]`;
    case "tuple":
      return `<${itemsOf(value)
        .map((item) => `${setKey(item)};`)
        .join("")}>`;
    case "map":
      return `{${[...entriesOf(value)].map(([key, item]) => `${JSON.stringify(key)}:${setKey(item)};`).join("")}}`;
    case "object":
      return `<${[...entriesOf(value).values()].map((item) => `${setKey(item)};`).join("")}>`;
    default:
      return "";
  }
}

/** Up to ten significant digits, as `%g` writes them. */
function formatShort(x: BigNumber): string {
  if (x.infinite || x.isZero) return x.toString();
  const { digits, point } = roundDecimal(shortestDecimal(x), 10);
  const sign = x.negative ? "-" : "";
  const exponent = point - 1;
  if (exponent < -4 || exponent >= 10) {
    const mantissa = digits.length > 1 ? `${digits[0]}.${digits.slice(1)}` : digits;
    return `${sign}${mantissa}e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
  }
  if (point <= 0) return `${sign}0.${"0".repeat(-point)}${digits}`;
  return point >= digits.length ? sign + digits.padEnd(point, "0") : `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}
