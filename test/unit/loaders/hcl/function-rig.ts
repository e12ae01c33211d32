/** Calls functions of the standard library as an evaluator does, with plain JavaScript values, and shows what comes back. */
import { expect, it } from "vitest";
import { convert } from "../../../../src/loaders/hcl/convert.ts";
import { makeSet } from "../../../../src/loaders/hcl/equality.ts";
import { RARE_FAMILIES } from "../../../../src/loaders/hcl/functions/rare.ts";
import { type FunctionLibrary, standardFunctions } from "../../../../src/loaders/hcl/functions/standard.ts";
import { encodeJson } from "../../../../src/loaders/hcl/json-encode.ts";
import { type BigNumber, parseNumber } from "../../../../src/loaders/hcl/number.ts";
import { bool, list, listOf, map, NULL, nullOf, number, object, STRING, string, tuple, type Value } from "../../../../src/loaders/hcl/values.ts";

/** Plain data, or a value that has a type which data cannot show. */
export type Data = string | number | boolean | null | Value | readonly Data[] | { readonly [key: string]: Data };

const isValue = (data: Data): data is Value => typeof data === "object" && data !== null && "state" in data && "type" in data && "content" in data;

/** Numbers as literals have them. */
export function literal(value: number): Value {
  const text = Object.is(value, -0) ? "-0" : Number.isFinite(value) ? String(value) : value < 0 ? "-inf" : "inf";
  return number(parseNumber(text) as BigNumber);
}

/** Arrays are tuples and records objects, as literals of the language are. */
export function toValue(data: Data): Value {
  if (data === null) return NULL;
  if (typeof data === "string") return string(data);
  if (typeof data === "number") return literal(data);
  if (typeof data === "boolean") return bool(data);
  if (isValue(data)) return data;
  if (Array.isArray(data)) return tuple((data as readonly Data[]).map(toValue));
  return object(Object.entries(data as { readonly [key: string]: Data }).map(([key, item]) => [key, toValue(item)]));
}

export const strings = (...items: readonly (string | null)[]): Value =>
  list(
    STRING,
    items.map((item) => (item === null ? nullOf(STRING) : string(item))),
  );
export const stringSet = (...items: readonly string[]): Value => makeSet(STRING, items.map(string));
export const stringMap = (entries: Readonly<Record<string, string>>): Value =>
  map(
    STRING,
    Object.entries(entries).map(([key, item]) => [key, string(item)]),
  );
export const noStrings: Value = nullOf(listOf(STRING));

/** A machine whose clock stands still and whose dice always show the same. */
export const library: FunctionLibrary = standardFunctions(
  {
    env: { HOME: "/home/u" },
    home: "/fallback",
    now: () => Date.UTC(2024, 1, 29, 12, 30, 15, 999),
    randomBytes: (length) => Uint8Array.from({ length }, (_, i) => i * 16 + 1),
  },
  RARE_FAMILIES,
);

export type Called = { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly message: string };

/** The value, or the message; a message about an argument starts with the parameter's name. */
export function call(name: string, args: readonly Data[]): Called {
  const wanted = library.get(name);
  if (!wanted) throw new Error(`there is no function ${name}`);
  const nameOf = (index: number): string => (wanted.parameters[index] ?? wanted.variadic)?.name ?? "";
  const converted: Value[] = [];
  for (const [i, data] of args.entries()) {
    const parameter = wanted.parameters[i] ?? wanted.variadic;
    if (!parameter) throw new Error(`${name} takes fewer arguments`);
    const outcome = convert(toValue(data), parameter.type);
    if (!outcome.ok) return { ok: false, message: `${nameOf(i)}: ${outcome.message}` };
    converted.push(outcome.value);
  }
  // All arguments are converted before the first null is refused.
  const missing = converted.findIndex((value, i) => value.state === "null" && !(wanted.parameters[i] ?? wanted.variadic)?.allowNull);
  if (missing >= 0) return { ok: false, message: `${nameOf(missing)}: argument must not be null` };
  if (args.length < wanted.parameters.length) throw new Error(`${name} takes more arguments`);
  const outcome = wanted.call(converted);
  if (outcome.ok) return outcome;
  return { ok: false, message: outcome.argument === undefined ? outcome.message : `${nameOf(outcome.argument)}: ${outcome.message}` };
}

/** JSON of the result, or `✗` and the message. */
export function show(outcome: Called): string {
  if (!outcome.ok) return `✗ ${outcome.message}`;
  const encoded = encodeJson(outcome.value);
  return encoded.ok ? encoded.text : `✗ ${encoded.message}`;
}

function written(data: Data): string {
  return data !== null && typeof data === "object" && isValue(data)
    ? `${data.type.kind} ${show({ ok: true, value: data })}`
    : show({ ok: true, value: toValue(data) });
}

/** One answer of a function: `upper("a") is "A"`. */
export function answers(name: string, args: readonly Data[], expected: string): void {
  it(`${name}(${args.map(written).join(", ")}) is ${expected}`, () => {
    expect(show(call(name, args))).toBe(expected);
  });
}
