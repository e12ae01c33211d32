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
  const all = [...keys];
  // Mostly they are in order as they come.
  for (let i = 1; i < all.length; i++) if (compareBytes(all[i - 1] as string, all[i] as string) > 0) return all.sort(compareBytes);
  return all;
}
