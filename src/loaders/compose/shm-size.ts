/** `shm_size` (spec/compose.md 3.2): bytes or a text with a unit, printed rounded to four digits. */
import { quote } from "../../go-text.ts";
import type { Scalar } from "./node.ts";

export type ReadSize = { readonly ok: true; readonly bytes: number } | { readonly ok: false; readonly message: string };

const UNITS = "bkmgtp";

/** Zero for numbers with a fraction or an exponent, which the reference does not count. */
export function readShmSize({ type, text }: Scalar): ReadSize {
  if (type !== "int" && type !== "string") return { ok: true, bytes: 0 };
  // What does not fit 63 bits counts as nothing.
  if (/^[+-]?[0-9]+$/.test(text)) return { ok: true, bytes: BigInt(text.replace("+", "")) < 2n ** 63n ? Number(text) : 0 };
  const at = Math.max(...[..."0123456789. "].map((char) => text.lastIndexOf(char)));
  if (at < 0) return { ok: false, message: `invalid size: '${text}'` };
  const number = text.slice(0, text[at] === " " ? at : at + 1);
  const written = text.slice(at + 1);
  const suffix = written.toLowerCase();
  const plain = number.replaceAll(/(?<=[0-9])_(?=[0-9])/g, "");
  if (!/^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/.test(plain))
    return { ok: false, message: `strconv.ParseFloat: parsing ${quote(number)}: invalid syntax` };
  const value = Number(plain);
  if (value < 0) return { ok: false, message: `invalid size: '${text}'` };
  const power = suffix === "" ? 0 : UNITS.indexOf(suffix[0] as string);
  const rest = suffix.slice(1);
  if (power < 0 || !(rest === "" || (power > 0 && (rest === "b" || rest === "ib")))) return { ok: false, message: `invalid suffix: '${written}'` };
  const bytes = Math.trunc(value * 1024 ** power);
  return { ok: true, bytes: bytes < 2 ** 63 ? bytes : 0 };
}

const NAMES = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB", "YiB"];

/** Four significant digits in the largest unit of which there is at least one. */
export function sizeText(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < NAMES.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${significant(value)}${NAMES[unit]}`;
}

/** As C writes `%.4g`: trailing zeros dropped, an exponent from 10,000 on. */
function significant(value: number): string {
  const [digits = "", exponent = ""] = value.toExponential(3).split("e");
  if (Number(exponent) >= 4) return `${digits.replace(/\.?0+$/, "")}e+${exponent.slice(1).padStart(2, "0")}`;
  const plain = value.toPrecision(4);
  return plain.includes(".") ? plain.replace(/\.?0+$/, "") : plain;
}
