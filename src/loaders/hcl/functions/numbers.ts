/** Numbers and logic (spec/hcl.md 6.1). */
import { valuesEqual } from "../equality.ts";
import {
  add,
  type Arithmetic,
  type BigNumber,
  ceil,
  compareNumbers,
  divide,
  floor,
  modulo,
  multiply,
  negate,
  numberFromBigInt,
  numberFromDouble,
  subtract,
  truncate,
} from "../number.ts";
import { friendlyName } from "../types.ts";
import { bool, BOOL, boolOf, int, number, numberOf, textOf, type Value } from "../values.ts";
import { crashed, fn, type FunctionTable, NOT_WHOLE, nullable, numeric, param, variadic, wholeNumber } from "./define.ts";
import { power } from "./float.ts";
import { type CallOutcome, failure, type HclFunction, result } from "./function.ts";

const TWO = [numeric("a"), numeric("b")];
const FLAGS = [param("a", BOOL), param("b", BOOL)];

function arithmetic(operate: (a: BigNumber, b: BigNumber) => Arithmetic): HclFunction {
  return fn(TWO, ([a, b]) => {
    const outcome = operate(numberOf(a as Value), numberOf(b as Value));
    return "error" in outcome ? failure(outcome.error) : result(number(outcome));
  });
}

const comparison = (holds: (order: number) => boolean): HclFunction =>
  fn(TWO, ([a, b]) => result(bool(holds(compareNumbers(numberOf(a as Value), numberOf(b as Value))))));

const logic = (of: (a: boolean, b: boolean) => boolean): HclFunction => fn(FLAGS, ([a, b]) => result(bool(of(boolOf(a as Value), boolOf(b as Value)))));

const unary = (of: (x: BigNumber) => BigNumber): HclFunction => fn([numeric("num")], ([x]) => result(number(of(numberOf(x as Value)))));

/** Rounding loses the sign of zero. */
const unsigned = (x: BigNumber): BigNumber => (x.isZero && x.negative ? negate(x) : x);

function toInteger([x]: readonly Value[]): CallOutcome {
  const value = numberOf(x as Value);
  if (value.infinite) return failure("an infinite number has no integer part");
  return result(number(value.isInteger ? value : numberFromBigInt(truncate(value).toBigInt())));
}

/** A double, or why the number is none. */
function toDouble(x: BigNumber): number | undefined {
  const double = x.toDouble();
  return Number.isFinite(double) || x.infinite ? double : undefined;
}

function floating(names: readonly [string, string], of: (x: number, y: number) => number): HclFunction {
  return fn(names.map(numeric), ([a, b]) => {
    const x = toDouble(numberOf(a as Value));
    const y = toDouble(numberOf(b as Value));
    if (x === undefined || y === undefined) {
      const limit = `${2n ** 1024n - 2n ** 971n}.000000`;
      return failure(`value must be between -${limit} and ${limit} inclusive`);
    }
    const outcome = of(x, y);
    return Number.isNaN(outcome) ? crashed("Float.SetFloat64(NaN)") : result(number(numberFromDouble(outcome)));
  });
}

/** The first of equals wins. */
function extreme(better: (order: number) => boolean): HclFunction {
  return variadic([], numeric("numbers"), (args) => {
    let best = args[0];
    if (!best) return failure("must pass at least one number");
    for (const value of args) if (better(compareNumbers(numberOf(value), numberOf(best)))) best = value;
    return result(best);
  });
}

function signum([x]: readonly Value[]): CallOutcome {
  const whole = wholeNumber(x as Value);
  if (whole === undefined) return failure(NOT_WHOLE);
  return result(int(whole < 0n ? -1 : whole > 0n ? 1 : 0));
}

const DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

function parseInteger([source, baseValue]: readonly Value[]): CallOutcome {
  const type = (source as Value).type;
  if (type.kind !== "string") return failure(`first argument must be a string, not ${friendlyName(type)}`, 0);
  const base = wholeNumber(baseValue as Value);
  if (base === undefined) return failure(NOT_WHOLE, 1);
  if (base < 2n || base > 62n) return failure("base must be a whole number between 2 and 62 inclusive", 1);
  const written = textOf(source as Value);
  const parsed = digits(written, Number(base));
  if (parsed === undefined) return failure(`cannot parse ${JSON.stringify(written)} as a base ${base} integer`, 0);
  return result(number(numberFromBigInt(parsed)));
}

function digits(written: string, base: number): bigint | undefined {
  const signed = /^[+-]/.test(written);
  const body = base <= 36 ? written.slice(signed ? 1 : 0).toLowerCase() : written.slice(signed ? 1 : 0);
  if (body === "" || !/^[0-9a-zA-Z]+$/.test(body)) return undefined;
  let value = 0n;
  if (base === 10) {
    if (!/^\d+$/.test(body)) return undefined;
    value = BigInt(body);
  } else {
    for (const char of body) {
      const digit = DIGITS.indexOf(char);
      if (digit >= base) return undefined;
      value = value * BigInt(base) + BigInt(digit);
    }
  }
  return written.startsWith("-") ? -value : value;
}

const absolute = (x: BigNumber): BigNumber => (x.negative ? negate(x) : x);

export function numberFunctions(): FunctionTable {
  const equality = (wanted: boolean): HclFunction =>
    fn([nullable("a"), nullable("b")], ([a, b]) => result(bool((valuesEqual(a as Value, b as Value) ?? false) === wanted)));
  return {
    absolute: unary(absolute),
    add: arithmetic(add),
    subtract: arithmetic(subtract),
    multiply: arithmetic(multiply),
    divide: arithmetic(divide),
    modulo: arithmetic(modulo),
    negate: unary(negate),
    and: logic((a, b) => a && b),
    or: logic((a, b) => a || b),
    not: fn([param("val", BOOL)], ([value]) => result(bool(!boolOf(value as Value)))),
    equal: equality(true),
    notequal: equality(false),
    greaterthan: comparison((order) => order > 0),
    greaterthanorequalto: comparison((order) => order >= 0),
    lessthan: comparison((order) => order < 0),
    lessthanorequalto: comparison((order) => order <= 0),
    ceil: unary((x) => unsigned(ceil(x))),
    floor: unary((x) => unsigned(floor(x))),
    int: fn([numeric("num")], toInteger),
    log: floating(["num", "base"], (x, base) => Math.log(x) / Math.log(base)),
    pow: floating(["num", "power"], power),
    signum: fn([numeric("num")], signum),
    max: extreme((order) => order > 0),
    min: extreme((order) => order < 0),
    parseint: fn([param("number"), numeric("base")], parseInteger),
  };
}
