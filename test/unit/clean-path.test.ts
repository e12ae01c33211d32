/** Slash paths as Go's path package cleans them. */
import { expect, it } from "vitest";
import { cleanPath } from "../../src/clean-path.ts";

it.each([
  ["", "."],
  [".", "."],
  ["a", "a"],
  ["a/b-c/d_e.f", "a/b-c/d_e.f"],
  ["/a/b", "/a/b"],
  ["/", "/"],
  ["a/", "a"],
  ["a//b", "a/b"],
  ["./a", "a"],
  ["a/./b", "a/b"],
  ["a/../b", "b"],
  ["a/..", "."],
  ["../a", "../a"],
  ["/../a", "/a"],
  ["a/..b", "a/..b"],
  ["a/.b", "a/.b"],
  ["a/b..", "a/b.."],
  ["é/b", "é/b"],
  ["a\n", "a\n"],
])("%j is %j", (path, expected) => {
  expect(cleanPath(path)).toBe(expected);
});
