/** The order of UTF-8 bytes, by the short ways and by the long one. */
import { describe, expect, it } from "vitest";
import { areSorted, compareBytes, SHORT, sortedKeys, sortInPlace, sortShort } from "../../src/byte-order.ts";

/** ASCII, Latin, the last unit before the surrogates, behind them, and code points that two surrogates stand for. */
const TEXTS = ["", "a", "ab", "b", "é", "\u0300", "\ud7ff", "\ue000", "\uffff", "\u{10000}", "\u{10ffff}", "a\uffff", "a\u{10000}", "\u{10000}a", "\uffffa"];

const byBuffer = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

describe("byte order", () => {
  it("is that of the encoded texts", () => {
    for (const a of TEXTS) for (const b of TEXTS) expect([a, b, Math.sign(compareBytes(a, b))]).toEqual([a, b, byBuffer(a, b)]);
  });

  it.each([TEXTS, [...TEXTS].reverse(), TEXTS.slice(0, 6).reverse(), Array.from({ length: 40 }, (_, i) => `key${(i * 7) % 40}`)])(
    "sorts short and long lists",
    (...texts) => {
      const expected = [...texts].sort(byBuffer);
      expect(sortedKeys(texts)).toEqual(expected);
      expect(sortInPlace([...texts], compareBytes)).toEqual(expected);
      expect(areSorted(expected)).toBe(true);
    },
  );

  it("sorts others along, equal texts as they came", () => {
    const texts = ["b", "a", "\u{10000}", "\uffff", "a"];
    const others = [1, 2, 3, 4, 5];
    expect(texts.length).toBeLessThanOrEqual(SHORT);
    sortShort(texts, others);
    expect(texts).toEqual(["a", "a", "b", "\uffff", "\u{10000}"]);
    expect(others).toEqual([2, 5, 1, 4, 3]);
  });
});
