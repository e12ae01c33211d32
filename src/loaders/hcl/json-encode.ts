/** Values as JSON text, as `jsonencode`, `format("%v")` and listings write them (spec/hcl.md 4.9). */
import { boolOf, entriesOf, itemsOf, numberOf, textOf, type Value } from "./values.ts";

export type Encoded = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly message: string };

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is escaped
const ESCAPED = /[\u0000-\u001f"\\<>&\u2028\u2029]/g;
const SHORT: Readonly<Record<string, string>> = {
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  '"': '\\"',
  "\\": "\\\\",
};

/** A JSON string with `< > &` and line separators escaped. */
export function quoteJson(text: string): string {
  return `"${text.replace(ESCAPED, (char) => SHORT[char] ?? `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`)}"`;
}

/** No spaces, keys in byte order; infinities cannot be written. The value must be wholly known. */
export function encodeJson(value: Value): Encoded {
  const parts: string[] = [];
  return write(value, parts) ? { ok: true, text: parts.join("") } : { ok: false, message: "cannot serialize infinity as JSON" };
}

function write(value: Value, parts: string[]): boolean {
  if (value.state !== "known") {
    parts.push("null");
    return true;
  }
  switch (value.type.kind) {
    case "string":
      parts.push(quoteJson(textOf(value)));
      return true;
    case "number":
      if (numberOf(value).infinite) return false;
      parts.push(numberOf(value).toString());
      return true;
    case "bool":
      parts.push(String(boolOf(value)));
      return true;
    case "list":
    case "set":
    case "tuple":
      return writeItems(itemsOf(value), parts);
    case "map":
    case "object":
      return writeEntries(entriesOf(value), parts);
    default:
      return false;
  }
}

function writeItems(items: readonly Value[], parts: string[]): boolean {
  parts.push("[");
  for (const [i, item] of items.entries()) {
    if (i > 0) parts.push(",");
    if (!write(item, parts)) return false;
  }
  parts.push("]");
  return true;
}

function writeEntries(entries: ReadonlyMap<string, Value>, parts: string[]): boolean {
  let separator = "{";
  for (const [key, item] of entries) {
    parts.push(separator, quoteJson(key), ":");
    if (!write(item, parts)) return false;
    separator = ",";
  }
  parts.push(separator === "{" ? "{}" : "}");
  return true;
}
