/** The order of UTF-8 bytes, which is the order of code points and not that of JavaScript strings. Imports nothing. */

/** Code units whose order is not that of the bytes: surrogates, and what stands behind them. */
const BEYOND = /[\ud800-\uffff]/;

/** Negative, zero or positive, by the UTF-8 bytes of both texts. */
export function compareBytes(a: string, b: string): number {
  if (a === b) return 0;
  // The engine compares code units. Only where both texts hold units from the surrogates on can bytes order them otherwise.
  if (BEYOND.test(a) && BEYOND.test(b)) return compareCodePoints(a, b);
  return a < b ? -1 : 1;
}

function compareCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    let left = a.charCodeAt(i);
    let right = b.charCodeAt(i);
    if (left === right) continue;
    // Surrogates stand for code points above every other code unit.
    if (left >= 0xd800 && right >= 0xd800) {
      left = left >= 0xe000 ? left - 0x800 : left + 0x2000;
      right = right >= 0xe000 ? right - 0x800 : right + 0x2000;
    }
    return left - right;
  }
  return a.length - b.length;
}

/** Whether texts are in byte order. */
export function areSorted(texts: readonly string[]): boolean {
  for (let i = 1; i < texts.length; i++) if (compareBytes(texts[i - 1] as string, texts[i] as string) > 0) return false;
  return true;
}

/** The keys of a map or record in byte order. */
export function sortedKeys(keys: Iterable<string>): string[] {
  const sorted = [...keys];
  if (sorted.length <= SHORT || areSorted(sorted)) return sortInPlace(sorted, compareBytes);
  // Without a function to ask, the engine sorts by code units, and faster.
  return sorted.some((key) => BEYOND.test(key)) ? sorted.sort(compareBytes) : sorted.sort();
}

/** Up to here inserting costs less than what the engine's own sort sets up. */
export const SHORT = 12;

/** Sorts a list, stably. Lists are mostly short, and in order as they come. */
export function sortInPlace<T>(list: T[], compare: (a: T, b: T) => number): T[] {
  const { length } = list;
  for (let i = 1; i < length; i++) {
    const item = list[i] as T;
    let at = i;
    while (at > 0 && compare(list[at - 1] as T, item) > 0) at--;
    if (at === i) continue;
    if (length > SHORT) return list.sort(compare);
    for (let to = i; to > at; to--) list[to] = list[to - 1] as T;
    list[at] = item;
  }
  return list;
}

/** Sorts a short list of texts, stably, and another list along with it. */
export function sortShort(texts: string[], others: unknown[]): void {
  const { length } = texts;
  for (let i = 1; i < length; i++) {
    const text = texts[i] as string;
    let at = i;
    while (at > 0 && compareBytes(texts[at - 1] as string, text) > 0) at--;
    if (at === i) continue;
    const other = others[i];
    for (let to = i; to > at; to--) {
      texts[to] = texts[to - 1] as string;
      others[to] = others[to - 1];
    }
    texts[at] = text;
    others[at] = other;
  }
}
