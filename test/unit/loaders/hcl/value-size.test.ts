/** What concerns a value with all its parts: size, and whether all of it is known (spec/hcl.md 9). */
import { expect, it } from "vitest";
import { excess, isWhollyKnown, MAX_ITEMS, MAX_VALUE_DEPTH } from "../../../../src/loaders/hcl/value-size.ts";
import { list, map, NULL, object, STRING, string, tuple, UNKNOWN, unknownOf, type Value } from "../../../../src/loaders/hcl/values.ts";

const texts = (count: number): Value => tuple(Array.from({ length: count }, () => string("x")));

it("is unknown with any part that is, asked once or again", () => {
  const parts = [UNKNOWN, tuple([string("a"), UNKNOWN]), object([["a", tuple([UNKNOWN])]]), list(STRING, [unknownOf(STRING)]), map(STRING, [["a", UNKNOWN]])];
  for (const part of parts) expect([part, tuple([texts(40), part]), part].map(isWhollyKnown)).toEqual([false, false, false]);
  for (const part of [NULL, string("a"), texts(3), texts(40), object([["a", NULL]])]) expect([part, tuple([part])].map(isWhollyKnown)).toEqual([true, true]);
});

it("is bounded in depth, however its parts were made", () => {
  let value = texts(1);
  for (let depth = 1; depth < MAX_VALUE_DEPTH; depth++) value = depth % 2 === 0 ? tuple([value]) : object([["a", value]]);
  expect(excess(value)).toBeUndefined();
  expect(excess(tuple([value]))).toMatch(/nested/);
});

it("is bounded in weight, long texts weighing more", () => {
  const half = texts(MAX_ITEMS / 2 - 1);
  expect(excess(tuple([half, texts(MAX_ITEMS / 2 - 3), string("x")]))).toBeUndefined();
  expect(excess(tuple([half, texts(MAX_ITEMS / 2 - 2), string("x")]))).toMatch(/elements in all/);
  expect(excess(tuple([half, texts(MAX_ITEMS / 2 - 3), string("x".repeat(64))]))).toMatch(/elements in all/);
});
