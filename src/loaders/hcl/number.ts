/**
 * Numbers of the language: binary floating point of a given precision, as the reference's big floats
 * (spec/hcl.md 4.2). Rounding is to nearest, ties to even. Immutable.
 */
import { bitLength, formatBinary } from "./decimal.ts";

/** Bits of literals and of numbers read from text. */
export const LITERAL_PRECISION = 512;
/** Decimal exponents beyond this are refused: such numbers cost minutes to print (spec/hcl.md 9). */
const MAX_DECIMAL_EXPONENT = 100_000;

export class BigNumber {
  readonly negative: boolean;
  /** The value is `mantissa * 2 ** exponent`. */
  readonly exponent: number;
  readonly precision: number;
  readonly infinite: boolean;
  /** The value, where it is known to be a small whole number; else -1. */
  readonly small: number;
  private odd: bigint | undefined;
  private text: string | undefined;

  /** A mantissa may be left out where the value is small. */
  constructor(negative: boolean, mantissa: bigint | undefined, exponent: number, precision: number, infinite = false, small = -1) {
    this.negative = negative;
    this.odd = mantissa;
    this.exponent = exponent;
    this.precision = precision;
    this.infinite = infinite;
    this.small = small;
    this.text = undefined;
  }

  /** Odd, or zero for zero. Small values mostly get by without. */
  get mantissa(): bigint {
    return (this.odd ??= BigInt(this.small >>> this.exponent));
  }

  get isZero(): boolean {
    return this.small >= 0 ? this.small === 0 : this.mantissa === 0n && !this.infinite;
  }

  /** Whole numbers; infinities are none. */
  get isInteger(): boolean {
    return this.small >= 0 || (!this.infinite && (this.exponent >= 0 || this.mantissa === 0n));
  }

  /** -1, 0 or 1. */
  get sign(): number {
    return this.isZero ? 0 : this.negative ? -1 : 1;
  }

  /** The whole number; only for `isInteger`. */
  toBigInt(): bigint {
    if (this.small >= 0) return BigInt(this.small);
    const magnitude = this.exponent >= 0 ? this.mantissa << BigInt(this.exponent) : this.mantissa >> BigInt(-this.exponent);
    return this.negative ? -magnitude : magnitude;
  }

  /** The nearest double. */
  toDouble(): number {
    if (this.small >= 0) return this.small;
    if (this.infinite) return this.negative ? -Infinity : Infinity;
    if (this.isZero) return this.negative ? -0 : 0;
    // Below the normal range a double has fewer bits.
    const top = this.exponent + bitLength(this.mantissa);
    const bits = Math.min(53, 1074 + top);
    if (bits < 0) return this.negative ? -0 : 0;
    const rounded = bits === 0 ? this : rounding(this.negative, this.mantissa, this.exponent, bits);
    const magnitude = bits === 0 ? (this.mantissa > 1n ? Number.MIN_VALUE : 0) : Number(rounded.mantissa) * 2 ** Math.max(rounded.exponent, -1074);
    return rounded.negative ? -magnitude : magnitude;
  }

  /** The value rounded to a precision in bits. */
  withPrecision(precision: number): BigNumber {
    if (this.infinite || this.isZero) return new BigNumber(this.negative, this.mantissa, this.exponent, precision, this.infinite);
    return rounding(this.negative, this.mantissa, this.exponent, precision);
  }

  /** Plain decimal: the shortest that identifies the value at its precision. */
  toString(): string {
    return (this.text ??= this.small >= 0 ? String(this.small) : formatBinary(this));
  }
}

/** Rounds to a precision and makes the mantissa odd. */
function rounding(negative: boolean, mantissa: bigint, exponent: number, precision: number, sticky = false): BigNumber {
  if (mantissa === 0n) return new BigNumber(negative, 0n, 0, precision);
  let bits = bitLength(mantissa);
  let m = mantissa;
  let e = exponent;
  if (bits > precision) {
    const drop = BigInt(bits - precision);
    const half = 1n << (drop - 1n);
    const rest = m & ((1n << drop) - 1n);
    m >>= drop;
    e += bits - precision;
    if (rest > half || (rest === half && (sticky || (m & 1n) === 1n))) m += 1n;
    bits = precision;
  }
  return withoutZeros(negative, m, e, precision);
}

/** With an odd mantissa. */
function withoutZeros(negative: boolean, mantissa: bigint, exponent: number, precision: number): BigNumber {
  const low = Number(BigInt.asUintN(32, mantissa));
  if ((low & 1) === 1) return new BigNumber(negative, mantissa, exponent, precision);
  if (low !== 0) {
    const zeros = 31 - Math.clz32(low & -low);
    return new BigNumber(negative, mantissa >> BigInt(zeros), exponent + zeros, precision);
  }
  let m = mantissa;
  let e = exponent;
  for (let step = 1024; step > 0; step >>= 1) {
    const mask = (1n << BigInt(step)) - 1n;
    while ((m & mask) === 0n) {
      m >>= BigInt(step);
      e += step;
    }
  }
  return new BigNumber(negative, m, e, precision);
}

/** A native whole number, such as a length or an index. */
export function numberFromInt(value: number | bigint, precision = 64): BigNumber {
  if (typeof value === "number" && value >= 0 && value <= MAX_SMALL && precision >= 32) return smallInteger(value, precision);
  const big = BigInt(value);
  return rounding(big < 0n, big < 0n ? -big : big, 0, Math.max(precision, 1));
}

/** A whole number of any size: precision is its bit length, at least 64. */
export function numberFromBigInt(value: bigint): BigNumber {
  const magnitude = value < 0n ? -value : value;
  return numberFromInt(value, Math.max(64, bitLength(magnitude)));
}

/** An IEEE double; NaN is refused by the callers. */
export function numberFromDouble(value: number): BigNumber {
  if (!Number.isFinite(value)) return new BigNumber(value < 0, 0n, 0, 53, true);
  if (value === 0) return new BigNumber(Object.is(value, -0), 0n, 0, 53);
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const biased = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xfffffffffffffn;
  return rounding(value < 0, biased === 0 ? fraction : fraction | 0x10000000000000n, (biased === 0 ? 1 : biased) - 1075, 53);
}

/** Small whole numbers as definitions write them: no digit is ever lost to rounding. */
const SMALL_INTEGER = /^\d{1,9}$/;
const MAX_SMALL = 2 ** 30;

function smallInteger(value: number, precision: number): BigNumber {
  const exponent = value === 0 ? 0 : 31 - Math.clz32(value & -value);
  return new BigNumber(false, undefined, exponent, precision, false, value);
}

/** The result of arithmetic on small numbers, when it is one itself and so exact in the precision of both. */
function smallResult(value: number, x: BigNumber, y: BigNumber): BigNumber | undefined {
  const precision = Math.max(x.precision, y.precision);
  return x.small >= 0 && y.small >= 0 && value <= MAX_SMALL && precision >= 32 ? smallInteger(value, precision) : undefined;
}

const NUMBER_TEXT = /^([+-]?)(?:(\d*)(?:\.(\d*))?(?:([eEpP])([+-]?\d+))?|([iI]nf))$/;

/**
 * A number from text as conversions accept it: optional sign, digits with an optional point on either
 * side, a decimal (`e`) or binary (`p`) exponent, or `inf`. Undefined when it is none.
 */
export function parseNumber(text: string): BigNumber | undefined {
  if (SMALL_INTEGER.test(text)) return smallInteger(Number(text), LITERAL_PRECISION);
  const match = NUMBER_TEXT.exec(text);
  if (!match) return undefined;
  const [, sign, whole = "", fraction = "", marker, exponentText, infinite] = match;
  const negative = sign === "-";
  if (infinite) return new BigNumber(negative, 0n, 0, LITERAL_PRECISION, true);
  if (whole === "" && fraction === "") return undefined;
  const exponent = exponentText === undefined ? 0 : Number(exponentText);
  const binary = marker === "p" || marker === "P";
  const digits = BigInt(whole + fraction);
  if (digits === 0n) return new BigNumber(negative, 0n, 0, LITERAL_PRECISION);
  const decimal = (binary ? 0 : exponent) - fraction.length;
  if (Math.abs(decimal) > MAX_DECIMAL_EXPONENT || Math.abs(exponent) > MAX_DECIMAL_EXPONENT * 4) return undefined;
  const shift = binary ? exponent : 0;
  if (decimal >= 0) return rounding(negative, digits * 10n ** BigInt(decimal), shift, LITERAL_PRECISION);
  return quotient({ negative, top: digits, bottom: 10n ** BigInt(-decimal), exponent: shift, precision: LITERAL_PRECISION });
}

/** `top / bottom * 2 ** exponent`, correctly rounded. */
function quotient(input: { negative: boolean; top: bigint; bottom: bigint; exponent: number; precision: number }): BigNumber {
  const extra = Math.max(0, input.precision + 2 - bitLength(input.top) + bitLength(input.bottom));
  const scaled = input.top << BigInt(extra);
  const whole = scaled / input.bottom;
  const inexact = whole * input.bottom !== scaled;
  // A sticky bit below the guard bits stands for everything that was cut off.
  return rounding(input.negative, (whole << 1n) | (inexact ? 1n : 0n), input.exponent - extra - 1, input.precision);
}

/** The reasons for which arithmetic is refused, in the reference's words. */
export type Arithmetic = BigNumber | { readonly error: string };

const infinity = (negative: boolean, precision: number): BigNumber => new BigNumber(negative, 0n, 0, precision, true);

export function negate(x: BigNumber): BigNumber {
  return new BigNumber(!x.negative, x.mantissa, x.exponent, x.precision, x.infinite);
}

export function add(x: BigNumber, y: BigNumber): Arithmetic {
  const small = smallResult(x.small + y.small, x, y);
  if (small) return small;
  const precision = Math.max(x.precision, y.precision);
  if (x.infinite && y.infinite) return x.negative === y.negative ? x : { error: "can't compute sum of opposing infinities" };
  if (x.infinite || y.infinite) return infinity(x.infinite ? x.negative : y.negative, precision);
  return sum(x, y, precision);
}

export function subtract(x: BigNumber, y: BigNumber): Arithmetic {
  const precision = Math.max(x.precision, y.precision);
  if (x.infinite && y.infinite) return x.negative !== y.negative ? x : { error: "can't subtract infinity from itself" };
  if (x.infinite || y.infinite) return infinity(x.infinite ? x.negative : !y.negative, precision);
  return sum(x, negate(y), precision);
}

function sum(x: BigNumber, y: BigNumber, precision: number): BigNumber {
  const exponent = Math.min(x.isZero ? y.exponent : x.exponent, y.isZero ? x.exponent : y.exponent);
  const aligned = (n: BigNumber): bigint => (n.isZero ? 0n : (n.negative ? -n.mantissa : n.mantissa) << BigInt(n.exponent - exponent));
  const total = aligned(x) + aligned(y);
  if (total === 0n) return new BigNumber(x.negative && y.negative, 0n, 0, precision);
  return rounding(total < 0n, total < 0n ? -total : total, exponent, precision);
}

export function multiply(x: BigNumber, y: BigNumber): Arithmetic {
  const small = smallResult(x.small * y.small, x, y);
  if (small) return small;
  const negative = x.negative !== y.negative;
  if (x.infinite || y.infinite)
    return x.isZero || y.isZero ? { error: "can't multiply zero by infinity" } : infinity(negative, Math.max(x.precision, y.precision));
  const product = rounding(negative, x.mantissa * y.mantissa, x.exponent + y.exponent, LITERAL_PRECISION);
  return product.withPrecision(Math.max(x.precision, y.precision, bitLength(product.mantissa)));
}

export function divide(x: BigNumber, y: BigNumber): Arithmetic {
  const precision = Math.max(x.precision, y.precision);
  const negative = x.negative !== y.negative;
  if ((x.isZero && y.isZero) || (x.infinite && y.infinite)) return { error: "can't divide zero by zero or infinity by infinity" };
  if (x.infinite || y.isZero) return infinity(negative, precision);
  if (y.infinite || x.isZero) return new BigNumber(negative, 0n, 0, precision);
  return quotient({ negative, top: x.mantissa, bottom: y.mantissa, exponent: x.exponent - y.exponent, precision });
}

/** Truncated remainder with the sign of the dividend; `x % 0` is x. */
export function modulo(x: BigNumber, y: BigNumber): Arithmetic {
  if (x.infinite || y.infinite) return { error: "can't use modulo with zero and infinity" };
  if (y.isZero) return x;
  const ratio = divide(x, y) as BigNumber;
  const whole = truncate(ratio).withPrecision(x.precision);
  const product = rounding(whole.negative !== y.negative, whole.mantissa * y.mantissa, whole.exponent + y.exponent, x.precision);
  return sum(x, negate(product), x.precision);
}

/** Towards zero. */
export function truncate(x: BigNumber): BigNumber {
  if (x.isInteger || x.infinite) return x;
  const magnitude = x.mantissa >> BigInt(-x.exponent);
  return rounding(x.negative, magnitude, 0, x.precision);
}

export function floor(x: BigNumber): BigNumber {
  if (x.isInteger || x.infinite) return x;
  const cut = truncate(x);
  return x.negative ? sum(cut, numberFromInt(-1), x.precision) : cut;
}

export function ceil(x: BigNumber): BigNumber {
  return negate(floor(negate(x)));
}

/** Exact comparison: negative, zero or positive. */
export function compareNumbers(x: BigNumber, y: BigNumber): number {
  if (x.small >= 0 && y.small >= 0) return x.small - y.small;
  if (x.infinite || y.infinite) return (x.infinite ? x.sign : 0) - (y.infinite ? y.sign : 0);
  if (x.sign !== y.sign) return x.sign - y.sign;
  if (x.isZero) return 0;
  const exponent = Math.min(x.exponent, y.exponent);
  const left = x.mantissa << BigInt(x.exponent - exponent);
  const right = y.mantissa << BigInt(y.exponent - exponent);
  return (left < right ? -1 : left > right ? 1 : 0) * x.sign;
}

/** Equality of the language: whole numbers exactly, fractions by their shortest text. */
export function numbersEqual(x: BigNumber, y: BigNumber): boolean {
  if (x.small >= 0 && y.small >= 0) return x.small === y.small;
  if (x.infinite || y.infinite) return x.infinite && y.infinite && x.negative === y.negative;
  if (x.isInteger !== y.isInteger) return false;
  return x.isInteger ? compareNumbers(x, y) === 0 : x.toString() === y.toString();
}
