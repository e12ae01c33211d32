/** What a plain scalar means (spec/compose.md 1.3): YAML 1.2 core rules with the leftovers of 1.1 that the reference keeps. */
import { dateText } from "./date.ts";
import type { ScalarType } from "./node.ts";

export interface Resolved {
  readonly type: ScalarType;
  readonly text: string;
}

const NULLS = new Set(["", "~", "null", "Null", "NULL"]);
const TRUES = new Set(["true", "True", "TRUE"]);
const FALSES = new Set(["false", "False", "FALSE"]);
const NOT_A_NUMBER = new Set([".nan", ".NaN", ".NAN"]);
const INFINITE = /^([-+]?)\.(?:inf|Inf|INF)$/;
const DOT_FLOAT = /^\.[0-9](?:_?[0-9])*(?:[eE][-+]?[0-9]+)?$/;
const INTEGER = /^([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|([1-9][0-9]*|0))$/;
const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const MAX = 2n ** 64n - 1n;
const MIN = -(2n ** 63n);

const NULL: Resolved = { type: "null", text: "" };
const TRUE: Resolved = { type: "bool", text: "true" };
const FALSE: Resolved = { type: "bool", text: "false" };

/** The meaning of plain, untagged text. */
export function resolvePlain(text: string): Resolved {
  if (NULLS.has(text)) return NULL;
  const first = text.charCodeAt(0);
  const numeric = (first >= 0x30 && first <= 0x39) || first === 0x2b || first === 0x2d;
  if (!numeric && first !== 0x2e) {
    if (TRUES.has(text)) return TRUE;
    if (FALSES.has(text)) return FALSE;
    return { type: "string", text };
  }
  if (NOT_A_NUMBER.has(text)) return { type: "float", text: "NaN" };
  const infinite = INFINITE.exec(text);
  if (infinite) return { type: "float", text: infinite[1] === "-" ? "-Inf" : "+Inf" };
  if (!numeric) return DOT_FLOAT.test(text) ? floatOf(text) : { type: "string", text };
  const date = dateText(text);
  if (date !== undefined) return { type: "date", text: date };
  return numberOf(text.replaceAll("_", "")) ?? { type: "string", text };
}

function numberOf(plain: string): Resolved | undefined {
  if (plain === "-0") return { type: "float", text: "-0" };
  const integer = integerOf(plain);
  if (integer !== undefined) return { type: "int", text: integer };
  if (!FLOAT.test(plain)) return undefined;
  const value = Number(plain);
  return Number.isFinite(value) ? { type: "float", text: floatText(value) } : undefined;
}

/** Decimal digits of an integer that fits 64 bits, signed, or unsigned when it has no sign. */
function integerOf(plain: string): string | undefined {
  const match = INTEGER.exec(plain);
  if (!match) return undefined;
  const [, sign = "", hex, binary, octal, decimal] = match;
  if (decimal !== undefined && decimal.length < 16) return sign === "-" && decimal !== "0" ? `-${decimal}` : decimal;
  const size = BigInt(hex !== undefined ? `0x${hex}` : binary !== undefined ? `0b${binary}` : octal !== undefined ? `0o${octal}` : (decimal as string));
  const value = sign === "-" ? -size : size;
  const max = sign === "" ? MAX : -MIN - 1n;
  return value >= MIN && value <= max ? value.toString() : undefined;
}

function floatOf(text: string): Resolved {
  const value = Number(text.replaceAll("_", ""));
  return Number.isFinite(value) ? { type: "float", text: floatText(value) } : { type: "string", text };
}

/** Shortest digits that read back the same: plain from 1e-4 up to 1e6, with an exponent of two digits beyond. */
export function floatText(value: number): string {
  if (value === 0) return Object.is(value, -0) ? "-0" : "0";
  const [digits = "", exponent = ""] = value.toExponential().split("e");
  const power = Number(exponent);
  if (power < -4 || power >= 6) return `${digits}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
  return String(value);
}

/** How a tag other than `!!str` reads a text; undefined when the text is not of that type. */
export function resolveTagged(tag: string, text: string, plain: boolean): Resolved | undefined {
  const found = resolvePlain(text);
  switch (tag) {
    case "int":
      return found.type === "int" ? found : undefined;
    case "float":
      if (found.type === "int") return { type: "float", text: floatText(Number(found.text)) };
      return found.type === "float" ? found : undefined;
    case "bool":
      return found.type === "bool" ? found : undefined;
    case "null":
      return found.type === "null" || (text === "" && !plain) ? NULL : undefined;
    case "timestamp":
      return found.type === "date" ? found : undefined;
    case "binary":
      return { type: "string", text: new TextDecoder().decode(Buffer.from(text, "base64")) };
    default:
      return { type: "string", text };
  }
}
