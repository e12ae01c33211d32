/** Evaluated values as attributes of blocks (spec/hcl.md 5.10, spec/bake.md 4.2): converted, checked for nulls, entries read by the table. */
import type { AttributeDecoder, EntryMap } from "../../bake/definition.ts";
import { convert, mismatch } from "../hcl/convert.ts";
import { BOOL, boolOf, entriesOf, itemsOf, listOf, mapOf, NUMBER, STRING, textOf, type Type, type Value } from "../hcl/values.ts";
import { isPrimitive } from "../hcl/types.ts";
import { type Decoded, NULL_VALUE, UNKNOWN_VALUE } from "./decoded.ts";
import { readResources } from "./resources.ts";

/** A row of the table; attributes of groups have rows too. */
export type Decoder = Omit<AttributeDecoder, "name"> & { readonly name: string };

const UNSET: Decoded = { ok: true, content: undefined };
const refused = (message: string): Decoded => ({ ok: false, message });
const NO_NULL = refused(NULL_VALUE);
const NOT_KNOWN = refused(UNKNOWN_VALUE);

const STRINGS = listOf(STRING);
const STRING_MAP = mapOf(STRING);

export function decodeAttribute(value: Value, decoder: Decoder): Decoded {
  switch (decoder.kind) {
    case "string":
      return decodeText(value, decoder.name === "description");
    case "bool":
      return decodeBool(value);
    case "string-list":
      return decodeTexts(value);
    case "string-map":
      return decodeTextMap(value, false);
    case "nullable-string-map":
      return decodeTextMap(value, true);
    case "entries":
      return decodeEntries(value, decoder);
    case "resources":
      return readResources(value);
    default:
      return decoder.kind satisfies never;
  }
}

/** The type that an attribute of plain kind is converted to; how `target.NAME.ATTR` reads it back. */
export function plainType(kind: AttributeDecoder["kind"]): Type | undefined {
  if (kind === "string") return STRING;
  if (kind === "bool") return BOOL;
  if (kind === "string-list") return STRINGS;
  return kind === "string-map" || kind === "nullable-string-map" ? STRING_MAP : undefined;
}

function decodeText(value: Value, required: boolean): Decoded {
  const text = plainText(value);
  if (text !== undefined) return { ok: true, content: text };
  const converted = convert(value, STRING);
  if (!converted.ok) return converted;
  const { state } = converted.value;
  if (state === "unknown") return NOT_KNOWN;
  if (state === "null") return required ? NO_NULL : UNSET;
  return { ok: true, content: textOf(converted.value) };
}

/** The text that a known text, number or truth value converts to: what most values are. Undefined for any other. */
function plainText({ type, state, content }: Value): string | undefined {
  if (state !== "known") return undefined;
  if (type === STRING) return content as string;
  return type === NUMBER || type === BOOL ? String(content) : undefined;
}

function decodeBool(value: Value): Decoded {
  const converted = convert(value, BOOL);
  if (!converted.ok) return converted;
  const { state } = converted.value;
  if (state === "unknown") return NOT_KNOWN;
  return state === "null" ? UNSET : { ok: true, content: boolOf(converted.value) };
}

/** A list of strings; `null` is not set. */
export function decodeTexts(value: Value): Decoded {
  const plain = plainTexts(value);
  if (plain) return { ok: true, content: plain };
  const converted = convert(value, STRINGS);
  if (!converted.ok) return converted;
  const { state } = converted.value;
  if (state === "unknown") return NOT_KNOWN;
  if (state === "null") return UNSET;
  const texts: string[] = [];
  for (const item of itemsOf(converted.value)) {
    if (item.state === "unknown") return NOT_KNOWN;
    if (item.state === "null") return NO_NULL;
    texts.push(textOf(item));
  }
  return { ok: true, content: texts };
}

/** The texts of a tuple or list of nothing but values that convert to one; undefined for any other. */
function plainTexts({ type, state, content }: Value): readonly string[] | undefined {
  if (state !== "known" || (type.kind !== "tuple" && type.kind !== "list")) return undefined;
  const items = content as readonly Value[];
  const texts = new Array<string>(items.length);
  for (let i = 0; i < items.length; i++) {
    const text = plainText(items[i] as Value);
    if (text === undefined) return undefined;
    texts[i] = text;
  }
  return texts;
}

function decodeTextMap(value: Value, dropNulls: boolean): Decoded {
  const plain = plainTextMap(value, dropNulls);
  if (plain) return { ok: true, content: plain };
  const converted = convert(value, STRING_MAP);
  if (!converted.ok) return converted;
  const { state } = converted.value;
  if (state === "unknown") return NOT_KNOWN;
  if (state === "null") return UNSET;
  const texts = new Map<string, string>();
  for (const [key, item] of entriesOf(converted.value)) {
    if (item.state === "unknown") return NOT_KNOWN;
    if (item.state === "known") texts.set(key, textOf(item));
    else if (!dropNulls) return NO_NULL;
  }
  return { ok: true, content: texts };
}

/** The texts of an object or map of nothing but values that convert to one, and nulls that are dropped; undefined for any other. */
function plainTextMap({ type, state, content }: Value, dropNulls: boolean): ReadonlyMap<string, string> | undefined {
  if (state !== "known" || (type.kind !== "object" && type.kind !== "map")) return undefined;
  const texts = new Map<string, string>();
  let isPlain = true;
  (content as ReadonlyMap<string, Value>).forEach((item, key) => {
    const text = plainText(item);
    if (text !== undefined) texts.set(key, text);
    else if (item.state !== "null" || !dropNulls || !(item.type.kind === "dynamic" || isPrimitive(item.type))) isPlain = false;
  });
  return isPlain ? texts : undefined;
}

/** The object form of an entry as a type: every key may be absent. */
export function entryType({ constraint, toMap }: Decoder): Type {
  if (constraint !== "object") return STRING_MAP;
  const attributes = new Map<string, Type>();
  for (const [key, example] of toMap?.({} as never) ?? []) attributes.set(key, typeof example === "string" ? STRING : STRINGS);
  return { kind: "object", attributes, optional: new Set(attributes.keys()) };
}

function decodeEntries(value: Value, decoder: Decoder): Decoded {
  if (value.state === "unknown") return NOT_KNOWN;
  if (value.state === "null") return NO_NULL;
  if (value.type.kind !== "tuple" && value.type.kind !== "list") return refused(mismatch(value.type, listOf(entryType(decoder))));
  const content: unknown[] = [];
  const counts: number[] = [];
  let type: Type | undefined;
  for (const item of itemsOf(value)) {
    const before = content.length;
    if (item.state === "null") return NO_NULL;
    // What failed has been reported; an empty string is no entry.
    if (item.state === "known" && item.content !== "") {
      const entries = item.type.kind === "string" ? decoder.parseText?.(textOf(item)) : decodeEntryMap(item, (type ??= entryType(decoder)), decoder);
      if (entries && !entries.ok) return refused(entries.message);
      if (entries) content.push(...entries.entries);
    }
    counts.push(content.length - before);
  }
  return { ok: true, content, counts };
}

function decodeEntryMap(item: Value, type: Type, decoder: Decoder): ReturnType<NonNullable<AttributeDecoder["parseMap"]>> | undefined {
  const converted = convert(item, type);
  if (!converted.ok) return converted;
  const map = new Map<string, string | readonly string[]>();
  for (const [key, part] of entriesOf(converted.value)) {
    if (part.state === "unknown") return undefined;
    if (part.state === "null") continue;
    if (part.type.kind === "string") map.set(key, textOf(part));
    else {
      const texts = decodeTexts(part);
      if (!texts.ok) return texts;
      map.set(key, texts.content as readonly string[]);
    }
  }
  return decoder.parseMap?.(map satisfies EntryMap);
}
