/**
 * What concerns a value with all its parts: how large it is when it is written out, and whether it is known
 * through and through. Values share their parts, so a few lines of a definition can describe a structure that no
 * machine can walk: such values are refused where they are made (spec/hcl.md 9). What was found is kept with the
 * value, so that shared parts are looked at once.
 */
import type { Extent, Value } from "./values.ts";

export const MAX_ITEMS = 2_000_000;
export const MAX_VALUE_DEPTH = 250;
/** UTF-16 units of one text. */
export const MAX_TEXT: number = 16 * 1024 * 1024;
/** Texts weigh one more for every so many characters. */
const CHARACTERS = 64;

const LEAF: Extent = { weight: 1, depth: 0, isKnown: true };
const UNKNOWN_LEAF: Extent = { weight: 1, depth: 0, isKnown: false };
/** Collections of so many leaves at most share what is known of them. */
const FLAT: readonly Extent[] = Array.from({ length: 33 }, (_, count): Extent => ({ weight: 1 + count, depth: 1, isKnown: true }));

function extentOf(value: Value): Extent {
  const { content } = value;
  if (typeof content === "string") return content.length < CHARACTERS ? LEAF : { weight: 1 + Math.floor(content.length / CHARACTERS), depth: 0, isKnown: true };
  if (value.extent) return value.extent;
  if (Array.isArray(content)) return remember(value, extentOfParts(content as readonly Value[]));
  if (content instanceof Map) return remember(value, extentOfParts([...(content as ReadonlyMap<string, Value>).values()]));
  return value.state === "unknown" ? UNKNOWN_LEAF : LEAF;
}

/** Blocks that others see are filled in later: only what is made whole has a place to remember. */
function remember(value: Value, extent: Extent): Extent {
  if ("extent" in value) value.extent = extent;
  return extent;
}

/** The extent of a collection with these parts. */
export function extentOfParts(parts: readonly Value[]): Extent {
  const count = parts.length;
  let weight = 1;
  let depth = 0;
  let isKnown = true;
  for (let i = 0; i < count; i++) {
    const part = parts[i] as Value;
    const { content } = part;
    // Short texts are what most collections hold.
    if (typeof content === "string" && content.length < CHARACTERS) {
      weight++;
      continue;
    }
    const extent = extentOf(part);
    weight += extent.weight;
    if (extent.depth > depth) depth = extent.depth;
    if (!extent.isKnown) isKnown = false;
  }
  const flat = depth === 0 && isKnown && weight === count + 1 ? FLAT[count] : undefined;
  return flat ?? { weight, depth: depth + 1, isKnown };
}

/** Known through and through. */
export function isWhollyKnown(value: Value): boolean {
  return typeof value.content === "string" || extentOf(value).isKnown;
}

/** Why a value is refused; undefined for all that real definitions hold. */
export function excess(value: Value): string | undefined {
  const { content } = value;
  if (typeof content === "string") return content.length > MAX_TEXT ? `A text may have at most ${MAX_TEXT} characters.` : undefined;
  const { weight, depth } = extentOf(value);
  if (weight > MAX_ITEMS) return `A value may have at most ${MAX_ITEMS} elements in all.`;
  return depth > MAX_VALUE_DEPTH ? `A value may be nested at most ${MAX_VALUE_DEPTH} levels deep.` : undefined;
}
