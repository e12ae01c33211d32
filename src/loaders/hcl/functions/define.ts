/** The words in which the standard library's functions are written down, and what their arguments share. */
import { numberOf, textOf, DYNAMIC, NUMBER, STRING, string, type Type, type Value } from "../values.ts";
import { type CallOutcome, failure, type HclFunction, type Parameter, result } from "./function.ts";

/** A family of functions by name. */
export type FunctionTable = Readonly<Record<string, HclFunction>>;

export const param = (name: string, type: Type = DYNAMIC): Parameter => ({ name, type });
export const nullable = (name: string, type: Type = DYNAMIC): Parameter => ({ name, type, allowNull: true });
export const text = (name: string): Parameter => param(name, STRING);
export const numeric = (name: string): Parameter => param(name, NUMBER);

export const fn = (parameters: readonly Parameter[], call: HclFunction["call"]): HclFunction => ({ parameters, call });
export const variadic = (parameters: readonly Parameter[], rest: Parameter, call: HclFunction["call"]): HclFunction => ({
  parameters,
  variadic: rest,
  call,
});

/** A function from texts to a text. */
export const textual = (names: readonly string[], of: (...texts: string[]) => string): HclFunction =>
  fn(names.map(text), (args) => result(string(args.length === 1 ? of(textOf(args[0] as Value)) : of(...args.map(textOf)))));

export const NOT_WHOLE = "value must be a whole number, between -9223372036854775808 and 9223372036854775807";
const MAX_INT = 2n ** 63n - 1n;

/** An argument as a 64-bit whole number; undefined when it is none. */
export function wholeNumber(value: Value): bigint | undefined {
  const number = numberOf(value);
  if (!number.isInteger || number.exponent > 63) return undefined;
  const whole = number.toBigInt();
  return whole > MAX_INT || whole < -MAX_INT - 1n ? undefined : whole;
}

/** Where the reference's implementation crashes, it prints this before its stack; only the first line is worth having. */
export const crashed = (reason: string): CallOutcome => failure(`panic in function implementation: ${reason}`);

/** Longest text a function makes, in UTF-16 units: larger ones only come from hostile widths and counts (spec/hcl.md 9). */
export const MAX_TEXT: number = 16 * 1024 * 1024;
export const TOO_LONG = "the result is longer than the limit of 16 MiB";
