/** Normalising lists of a target (spec/bake.md 4.4). Linear in the list. */
import type { NormaliseRule } from "./fields.ts";

type Flat = Readonly<Record<string, unknown>>;

/** The normalised list; the same array when nothing changes. */
export function normaliseList(list: readonly unknown[], rule: NormaliseRule): readonly unknown[] {
  switch (rule) {
    case "distinct":
      return distinct(list as readonly string[]);
    case "swap":
      return list.length < 2 ? list : withoutRepeats(list);
    case "by-type":
      return list.length < 2 ? list : lastByKey(list, "type");
    case "by-id":
      return list.length < 2 ? list : lastByKey(list, "id");
    default:
      return rule satisfies never;
  }
}

/** Without empty texts and later duplicates, in order. */
export function distinct(list: readonly string[]): readonly string[] {
  if (list.length <= SHORT && isDistinct(list)) return list;
  const out = new Set(list);
  out.delete("");
  return [...out];
}

/** Up to here looking for each item costs less than a set. */
const SHORT = 8;

function isDistinct(list: readonly string[]): boolean {
  for (let i = 0; i < list.length; i++) {
    const item = list[i] as string;
    if (item === "" || list.indexOf(item) !== i) return false;
  }
  return true;
}

function lastByKey(list: readonly unknown[], key: string): readonly unknown[] {
  const out = new Map<unknown, unknown>();
  for (const entry of list) out.set((entry as Flat)[key] ?? "", entry);
  return [...out.values()];
}

/** Of entries, which many targets share and nothing changes. */
const KEYS = new WeakMap<object, string>();

/** What makes two entries the same: their attributes, in any order. */
export function entryKey(entry: unknown): string {
  const flat = entry as Flat;
  let key = KEYS.get(flat);
  if (key === undefined) KEYS.set(flat, (key = writeKey(flat)));
  return key;
}

function writeKey(flat: Flat): string {
  return JSON.stringify(
    Object.keys(flat)
      .sort()
      .map((key) => [key, flat[key]]),
  );
}

/**
 * From the end to the front, an entry that is met again later gives the later place to the last entry of
 * the list. So the first of equals stays, but others may move forward: users rely on what it prints.
 */
function withoutRepeats(list: readonly unknown[]): readonly unknown[] {
  const out = [...list];
  const keys = list.map(entryKey);
  const places = new Map([[keys[keys.length - 1] as string, keys.length - 1]]);
  for (let i = out.length - 2; i >= 0; i--) {
    const key = keys[i] as string;
    const later = places.get(key);
    if (later !== undefined) {
      const last = out.length - 1;
      out[later] = out[last];
      keys[later] = keys[last] as string;
      places.set(keys[later] as string, later);
      out.pop();
      keys.pop();
    }
    places.set(key, i);
  }
  return out;
}
