/** Texts from the environment or `--var` as values of a variable's type (spec/bake.md 5.3). Messages are the reference's. */
import { goBool, notBool, quote } from "../../go-text.ts";
import { makeSet } from "../hcl/equality.ts";
import { numberFromDouble } from "../hcl/number.ts";
import { constraintName, friendlyName, isPrimitive } from "../hcl/types.ts";
import { bool, list, map, number, string, tuple, type Type, type Value } from "../hcl/values.ts";
import { csvRecord } from "./csv-record.ts";

export type Read = { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly message: string };

export const read = (value: Value): Read => ({ ok: true, value });
export const refuse = (message: string): Read => ({ ok: false, message });

/** A text as a value of a primitive type; other types are not supported. */
export function readPrimitive(name: string, text: string, type: Type): Read {
  switch (type.kind) {
    case "string":
      return read(string(text));
    case "bool": {
      const word = goBool(text);
      return word === undefined ? refuse(`failed to parse ${name} as bool: ${notBool(text)}`) : read(bool(word));
    }
    case "number": {
      const parsed = parseDouble(text);
      if (typeof parsed === "string") return refuse(`failed to parse ${name} as number: ${parsed}`);
      return read(number(numberFromDouble(parsed)));
    }
    default:
      return refuse(`unsupported type ${friendlyName(type)} for variable ${name}`);
  }
}

const DECIMAL = /^[+-]?(?:\d(?:_?\d)*(?:\.(?:\d(?:_?\d)*)?)?|\.\d(?:_?\d)*)(?:[eE][+-]?\d(?:_?\d)*)?$/;
const HEX = /^([+-]?)0[xX]_?([\da-fA-F](?:_?[\da-fA-F])*)?(?:\.((?:[\da-fA-F](?:_?[\da-fA-F])*)?))?[pP]([+-]?\d(?:_?\d)*)$/;

/** A double as Go reads one, or the reason why not. */
function parseDouble(text: string): number | string {
  const syntax = `strconv.ParseFloat: parsing ${quote(text)}: invalid syntax`;
  if (/^[+-]?inf(?:inity)?$|^nan$/i.test(text)) return "invalid number value";
  const hex = HEX.exec(text);
  const value = hex ? parseHex(hex) : DECIMAL.test(text) ? Number(text.replaceAll("_", "")) : undefined;
  if (value === undefined) return syntax;
  return Number.isFinite(value) ? value : `strconv.ParseFloat: parsing ${quote(text)}: value out of range`;
}

function parseHex([, sign, whole = "", fraction = "", exponent = "0"]: RegExpExecArray): number | undefined {
  const digits = `${whole}${fraction}`.replaceAll("_", "");
  if (digits === "") return undefined;
  const scale = Number(exponent.replaceAll("_", "")) - 4 * fraction.replaceAll("_", "").length;
  const value = Number(BigInt(`0x${digits}`)) * 2 ** scale;
  return sign === "-" ? -value : value;
}

/** A text as one CSV record of items, or of `key:value` pairs for a map. */
export function readCsv(name: string, text: string, type: Type): Read {
  const outcome = readRecord(name, text, type);
  return outcome.ok ? outcome : refuse(`failed to convert variable ${name} from CSV: ${outcome.message}`);
}

/** Types that a text can be split for. */
export const isCsvType = ({ kind }: Type): boolean => kind === "list" || kind === "set" || kind === "tuple" || kind === "map";

function readRecord(name: string, text: string, type: Type): Read {
  const record = csvRecord(text, ",");
  if (!record.ok) return refuse(`failed to parse ${text} as CSV: ${record.message}`);
  if (type.kind === "tuple" && type.elements.length !== record.fields.length) {
    return refuse(`tuple expects ${type.elements.length} elements but only ${record.fields.length} provided`);
  }
  if (type.kind === "tuple" ? !type.elements.every(isPrimitive) : !("element" in type) || !isPrimitive(type.element)) {
    return refuse(`unsupported type ${friendlyName(type)} for CSV specification`);
  }
  if (type.kind === "map") return readPairs(name, record.fields, type);
  const items: Value[] = [];
  for (const [i, field] of record.fields.entries()) {
    const item = readPrimitive(name, field, type.kind === "tuple" ? (type.elements[i] as Type) : (type as { element: Type }).element);
    if (!item.ok) return refuse(`failed to parse element of type ${constraintName(type)}: ${item.message}`);
    items.push(item.value);
  }
  if (type.kind === "tuple") return read(tuple(items));
  const { element } = type as { readonly element: Type };
  return read(type.kind === "set" ? makeSet(element, items) : list(element, items));
}

function readPairs(name: string, fields: readonly string[], type: Extract<Type, { kind: "map" }>): Read {
  const entries: [string, Value][] = [];
  for (const field of fields) {
    const pair = csvRecord(field, ":");
    if (!pair.ok) return refuse(`failed to parse ${field} as k/v for variable ${name}: ${pair.message}`);
    const [key, text, ...rest] = pair.fields;
    if (key === undefined || text === undefined || rest.length > 0) return refuse(`expected one k/v pair but got ${pair.fields.length} pieces from ${field}`);
    const item = readPrimitive(name, text, type.element);
    if (!item.ok) return refuse(`failed to parse element from type ${constraintName(type)}: ${item.message}`);
    entries.push([key, item.value]);
  }
  return read(map(type.element, entries));
}
