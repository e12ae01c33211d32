/** Numbers as the verbs of `format` write them (spec/hcl.md 6.6). */
import { type Decimal, exactDecimal, roundDecimal, shortestDecimal } from "../decimal.ts";
import type { BigNumber } from "../number.ts";

export interface NumberVerb {
  readonly letter: string;
  readonly plus: boolean;
  readonly minus: boolean;
  readonly zero: boolean;
  readonly space: boolean;
  readonly sharp: boolean;
  /** 0: none. */
  readonly width: number;
  readonly precision: number | undefined;
}

interface Base {
  readonly base: number;
  readonly prefix: string;
}

const BASES: Readonly<Record<string, Base>> = {
  b: { base: 2, prefix: "0b" },
  o: { base: 8, prefix: "0" },
  d: { base: 10, prefix: "" },
  x: { base: 16, prefix: "0x" },
  X: { base: 16, prefix: "0X" },
};

const signOf = (negative: boolean, verb: NumberVerb): string => (negative ? "-" : verb.plus ? "+" : verb.space ? " " : "");

/** A whole number in the verb's base; a precision is a minimum of digits, and turns zero padding off. */
export function formatInteger(value: BigNumber, verb: NumberVerb): string {
  const { base, prefix } = BASES[verb.letter] as Base;
  // Not even the width counts then.
  if (value.isZero && verb.precision === 0) return "";
  // The sign is written apart.
  const digits = value.small >= 0 ? value.small.toString(base) : value.toBigInt().toString(base).replace("-", "");
  const written = (verb.letter === "X" ? digits.toUpperCase() : digits).padStart(verb.precision ?? 0, "0");
  const head = signOf(value.sign < 0, verb) + (verb.sharp ? prefix : "");
  return widen({ head, body: written, zeros: verb.zero && !verb.minus && verb.precision === undefined }, verb);
}

function widen(parts: { readonly head: string; readonly body: string; readonly zeros: boolean }, verb: NumberVerb): string {
  const missing = Math.max(0, verb.width - parts.head.length - parts.body.length);
  if (parts.zeros) return parts.head + "0".repeat(missing) + parts.body;
  const fill = " ".repeat(missing);
  return verb.minus ? parts.head + parts.body + fill : fill + parts.head + parts.body;
}

/** `e`, `E`, `f`, `g`, `G`; zero padding wins over left alignment, infinities are never zero-padded. */
export function formatFloat(value: BigNumber, verb: NumberVerb): string {
  if (value.infinite) return widen({ head: value.negative ? "-" : verb.space && !verb.plus ? " " : "+", body: "Inf", zeros: false }, verb);
  const head = signOf(value.negative, verb);
  const body = floatBody(value, verb);
  return widen({ head, body: verb.letter === "E" || verb.letter === "G" ? body.toUpperCase() : body, zeros: verb.zero }, verb);
}

function floatBody(value: BigNumber, verb: NumberVerb): string {
  const kind = verb.letter.toLowerCase();
  const exact = value.isZero ? { digits: "", point: 0 } : exactDecimal(value.mantissa, value.exponent);
  if (kind === "f") return fixed(roundDecimal(exact, exact.point + (verb.precision ?? 6)), verb.precision ?? 6);
  if (kind === "e") return scientific(roundDecimal(exact, (verb.precision ?? 6) + 1), verb.precision ?? 6);
  if (value.isZero) return "0";
  const wanted = verb.precision === undefined ? undefined : Math.max(1, verb.precision);
  const decimal = wanted === undefined ? shortestDecimal(value) : roundDecimal(exact, wanted);
  return general(decimal, wanted);
}

/** The shorter of plain and exponent form: the latter below 1e-4 and from the threshold on. */
function general(decimal: Decimal, precision: number | undefined): string {
  const { digits, point } = decimal;
  const count = digits.length;
  let threshold = precision ?? 6;
  if (precision !== undefined && precision > count && count >= point) threshold = count;
  if (precision === undefined) threshold = 6;
  const exponent = point - 1;
  if (exponent < -4 || exponent >= threshold) return scientific(decimal, count - 1);
  return fixed(decimal, Math.max(count - point, 0));
}

function fixed({ digits, point }: Decimal, places: number): string {
  const whole = point > 0 ? digits.slice(0, point).padEnd(point, "0") : "0";
  if (places === 0) return whole;
  const fraction = point >= 0 ? digits.slice(point) : "0".repeat(-point) + digits;
  return `${whole}.${fraction.slice(0, places).padEnd(places, "0")}`;
}

function scientific({ digits, point }: Decimal, places: number): string {
  const exponent = digits === "" ? 0 : point - 1;
  const mantissa = `${digits[0] ?? "0"}${places > 0 ? `.${digits.slice(1, places + 1).padEnd(places, "0")}` : ""}`;
  return `${mantissa}e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
}
