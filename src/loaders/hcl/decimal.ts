/**
 * Decimal digits of binary numbers: exact, shortest, rounded (spec/hcl.md 4.2). Leaves arithmetic to
 * `number.ts`.
 */

/** A number as `mantissa * 2 ** exponent` with a precision in bits. */
interface BinaryParts {
  readonly negative: boolean;
  readonly mantissa: bigint;
  readonly exponent: number;
  readonly precision: number;
  readonly infinite: boolean;
}

export function bitLength(value: bigint): number {
  if (value < 0x1_0000_0000n) return 32 - Math.clz32(Number(value));
  const hex = value.toString(16);
  return (hex.length - 1) * 4 + (32 - Math.clz32(Number.parseInt(hex[0] as string, 16)));
}

/** Decimal digits without trailing zeros, and how many of them stand before the point. */
export interface Decimal {
  readonly digits: string;
  readonly point: number;
}

/** Without the zeros at the end, in linear time. */
function stripZeros(digits: string): string {
  let end = digits.length;
  while (end > 0 && digits[end - 1] === "0") end--;
  return digits.slice(0, end);
}

/** Exact digits of `mantissa * 2 ** exponent`. */
export function exactDecimal(mantissa: bigint, exponent: number): Decimal {
  if (exponent >= 0) {
    const text = (mantissa << BigInt(exponent)).toString();
    return { digits: stripZeros(text), point: text.length };
  }
  const text = (mantissa * 5n ** BigInt(-exponent)).toString();
  return { digits: stripZeros(text), point: text.length + exponent };
}

/** The shortest digits that identify the magnitude of a finite, non-zero number at its precision. */
export function shortestDecimal(x: BinaryParts): Decimal {
  const exact = exactDecimal(x.mantissa, x.exponent);
  const bits = bitLength(x.mantissa);
  if (x.exponent >= 0 && bits + x.exponent <= x.precision) return exact;
  const scaled = x.mantissa << BigInt(x.precision + 1 - bits);
  const exponent = x.exponent + bits - (x.precision + 1);
  const lower = exactDecimal(scaled - 1n, exponent).digits;
  const upper = exactDecimal(scaled + 1n, exponent).digits;
  const inclusive = (scaled & 2n) === 0n;
  const digit = (text: string, i: number): number => (i < text.length ? text.charCodeAt(i) - 48 : 0);
  for (let i = 0; i < exact.digits.length; i++) {
    const m = digit(exact.digits, i);
    const down = digit(lower, i) !== m || (inclusive && i + 1 === lower.length);
    const u = digit(upper, i);
    const up = m !== u && (inclusive || m + 1 < u || i + 1 < upper.length);
    if (down && up) return roundDecimal(exact, i + 1);
    if (down) return trimmed(exact.digits.slice(0, i + 1), exact.point);
    if (up) return roundUp(exact.digits.slice(0, i + 1), exact.point);
  }
  return exact;
}

/** Rounds to a number of digits: nearest, exact halves to even. */
export function roundDecimal(value: Decimal, count: number): Decimal {
  if (count < 0) return { digits: "", point: 0 };
  if (count >= value.digits.length) return value;
  const kept = value.digits.slice(0, count);
  const next = value.digits.charCodeAt(count) - 48;
  const exactHalf = next === 5 && count + 1 === value.digits.length;
  const odd = count > 0 && (kept.charCodeAt(count - 1) & 1) === 1;
  const up = exactHalf ? odd : next >= 5;
  return up ? roundUp(kept, value.point) : trimmed(kept, value.point);
}

function roundUp(digits: string, point: number): Decimal {
  let end = digits.length;
  while (end > 0 && digits[end - 1] === "9") end--;
  if (end === 0) return { digits: "1", point: point + 1 };
  return { digits: digits.slice(0, end - 1) + String.fromCharCode(digits.charCodeAt(end - 1) + 1), point };
}

function trimmed(digits: string, point: number): Decimal {
  const cut = stripZeros(digits);
  return cut === "" ? { digits: "", point: 0 } : { digits: cut, point };
}

/** Plain decimal, never with an exponent: the shortest that identifies the value at its precision. */
export function formatBinary(x: BinaryParts): string {
  const sign = x.negative ? "-" : "";
  if (x.infinite) return x.negative ? "-Inf" : "+Inf";
  if (x.mantissa === 0n) return `${sign}0`;
  const { digits, point } = shortestDecimal(x);
  if (point <= 0) return `${sign}0.${"0".repeat(-point)}${digits}`;
  if (point >= digits.length) return `${sign}${digits}${"0".repeat(point - digits.length)}`;
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}
