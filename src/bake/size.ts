/** Sizes in bytes as Docker reads them: binary units, fractions allowed. */
import { quote } from "../go-text.ts";
import type { Parsed } from "./parsed.ts";

const units = "bkmgtp";
const limit = 2n ** 63n - 1n;

/** Whole bytes of a text such as `1.5g`, `64000000`, `2 KiB`. Never negative. */
export function parseSize(text: string): Parsed<bigint> {
  const at = Math.max(...[..."0123456789. "].map((char) => text.lastIndexOf(char)));
  if (at < 0) return { ok: false, message: `invalid size: '${text}'` };
  const spaced = text[at] === " ";
  const number = text.slice(0, spaced ? at : at + 1);
  const suffix = text.slice(at + 1).toLowerCase();
  const value = parseNumber(number);
  if (value === undefined) return { ok: false, message: `strconv.ParseFloat: parsing ${quote(number)}: invalid syntax` };
  if (value < 0) return { ok: false, message: `invalid size: '${text}'` };
  const power = suffix === "" ? 0 : units.indexOf(suffix[0] as string);
  const rest = suffix.slice(1);
  const known = power === 0 ? rest === "" : power > 0 && (rest === "" || rest === "b" || rest === "ib");
  if (!known) return { ok: false, message: `invalid suffix: '${suffix}'` };
  const bytes = Math.trunc(value * 1024 ** power);
  const whole = Number.isFinite(bytes) ? BigInt(bytes) : limit;
  return { ok: true, value: whole > limit ? limit : whole };
}

/** A decimal number with optional sign, exponent, and underscores between digits. */
function parseNumber(text: string): number | undefined {
  const plain = text.replaceAll(/(?<=[0-9])_(?=[0-9])/g, "");
  return /^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/.test(plain) ? Number(plain) : undefined;
}
