/** The order of UTF-8 bytes, which is the order of code points and not that of JavaScript strings. Imports nothing. */

/** Negative, zero or positive, by the UTF-8 bytes of both texts. */
export function compareBytes(a: string, b: string): number {
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

/** The keys of a map or record in byte order. */
export function sortedKeys(keys: Iterable<string>): string[] {
  return sortInPlace([...keys], compareBytes);
}

/** Up to here inserting costs less than what the engine's own sort sets up. */
const SHORT = 12;

/** Sorts a list, stably. Lists are mostly short, and in order as they come. */
export function sortInPlace<T>(list: T[], compare: (a: T, b: T) => number): T[] {
  for (let i = 1; i < list.length; i++) {
    const item = list[i] as T;
    let at = i;
    while (at > 0 && compare(list[at - 1] as T, item) > 0) at--;
    if (at === i) continue;
    if (list.length > SHORT) return list.sort(compare);
    list.copyWithin(at + 1, at, i);
    list[at] = item;
  }
  return list;
}
