/** What expressions see of a block: its own evaluated attributes (spec/bake.md 5.5). */
import type { EntryMap } from "../../bake/definition.ts";
import { compareBytes } from "../../byte-order.ts";
import { convert } from "../hcl/convert.ts";
import { list, map, nullOf, object, STRING, string, type Type, type Value } from "../hcl/values.ts";
import { type Decoder, entryType, plainType } from "./decode.ts";
import { type Resources, RESOURCES, resourcesValue } from "./resources.ts";

/** How one kind of block reads back. */
export interface BlockShape {
  readonly type: Type;
  /** What an attribute is before it is evaluated, or when it is not set. */
  readonly unset: ReadonlyMap<string, Value>;
}

/** A block that is seen: attributes are filled in as they are evaluated. */
export interface SeenBlock {
  readonly value: Value;
  set(attribute: string, value: Value): void;
}

export function blockShape(decoders: Iterable<Decoder>): BlockShape {
  const rows: [string, Value][] = [["name", string("")]];
  for (const decoder of decoders) rows.push([decoder.name, unsetValue(decoder)]);
  rows.sort(([a], [b]) => compareBytes(a, b));
  return { type: { kind: "object", attributes: new Map(rows.map(([name, value]) => [name, value.type])) }, unset: new Map(rows) };
}

export function seenBlock({ type, unset }: BlockShape, name: string): SeenBlock {
  const content = new Map(unset);
  content.set("name", string(name));
  return {
    value: { type, state: "known", content },
    set: (attribute, value) => {
      if (content.has(attribute)) content.set(attribute, value);
    },
  };
}

const strictType = (type: Type): Type => (type.kind === "object" ? { kind: "object", attributes: type.attributes } : type);

function unsetValue(decoder: Decoder): Value {
  if (decoder.name === "description") return string("");
  if (decoder.kind === "entries") return list(strictType(entryType(decoder)), []);
  return nullOf(decoder.kind === "resources" ? RESOURCES : (plainType(decoder.kind) as Type));
}

/** An attribute's value as others read it; `content` is what decoding gave. */
export function readBack(value: Value, content: unknown, decoder: Decoder): Value {
  if (content === undefined) return unsetValue(decoder);
  const plain = plainType(decoder.kind);
  if (plain) {
    const converted = convert(value, plain);
    return converted.ok ? converted.value : nullOf(plain);
  }
  if (decoder.kind === "resources") return resourcesValue(content as Resources);
  const type = entryType(decoder);
  const items = (content as readonly never[]).map((entry) => entryValue(decoder.toMap?.(entry) ?? new Map(), type));
  return list(strictType(type), items);
}

function entryValue(entry: EntryMap, type: Type): Value {
  const parts = [...entry].map(([key, part]): [string, Value] => [key, typeof part === "string" ? string(part) : list(STRING, part.map(string))]);
  return type.kind === "object" ? object(parts) : map(STRING, parts);
}
