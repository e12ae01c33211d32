/**
 * How large a value is when it is written out. Values share their parts, so a few lines of a definition can
 * describe a structure that no machine can walk: such values are refused where they are made (spec/hcl.md 9).
 */
import { itemsOf, entriesOf, textOf, type Value } from "./values.ts";

export const MAX_ITEMS = 2_000_000;
export const MAX_VALUE_DEPTH = 250;
/** UTF-16 units of one text. */
export const MAX_TEXT: number = 16 * 1024 * 1024;
/** Texts weigh one more for every so many characters. */
const CHARACTERS = 64;

interface Size {
  readonly weight: number;
  readonly depth: number;
}

const LEAF: Size = { weight: 1, depth: 0 };
/** Sizes of larger values, so that shared parts are measured once. */
const known = new WeakMap<object, Size>();
const REMEMBERED = 64;

function sizeOf(value: Value): Size {
  const { content } = value;
  if (typeof content === "string") return content.length < CHARACTERS ? LEAF : { weight: 1 + Math.floor(content.length / CHARACTERS), depth: 0 };
  const isArray = Array.isArray(content);
  if (!isArray && !(content instanceof Map)) return LEAF;
  const found = known.get(content as object);
  if (found) return found;
  let weight = 1;
  let depth = 0;
  for (const part of isArray ? itemsOf(value) : entriesOf(value).values()) {
    const size = sizeOf(part);
    weight += size.weight;
    if (size.depth > depth) depth = size.depth;
  }
  const size = { weight, depth: depth + 1 };
  if (weight >= REMEMBERED) known.set(content as object, size);
  return size;
}

/** Why a value is refused; undefined for all that real definitions hold. */
export function excess(value: Value): string | undefined {
  if (value.state !== "known") return undefined;
  if (value.type.kind === "string") return textOf(value).length > MAX_TEXT ? `A text may have at most ${MAX_TEXT} characters.` : undefined;
  const { weight, depth } = sizeOf(value);
  if (weight > MAX_ITEMS) return `A value may have at most ${MAX_ITEMS} elements in all.`;
  return depth > MAX_VALUE_DEPTH ? `A value may be nested at most ${MAX_VALUE_DEPTH} levels deep.` : undefined;
}
