/** Wildcards in ignore files, requests for files and target patterns: what they match, also where the pattern is hostile. */
import { describe, expect, test } from "vitest";
import { compilePattern } from "../../src/bake/pattern.ts";
import { PatternMatcher } from "../../src/runner/session/patterns.ts";
import { wildcardMatcher, type WildcardStep } from "../../src/wildcard.ts";

const steps: Readonly<Record<string, WildcardStep>> = {
  "*": { kind: "name" },
  "%": { kind: "rest" },
  "/": { kind: "directories" },
  "?": { kind: "one", test: (char) => char !== "/" },
};
/** `D` and the like stand for themselves; the wildcards are the keys above. */
const matches = (pattern: string, text: string): boolean => wildcardMatcher([...pattern].map((char) => steps[char] ?? { kind: "char", char }))(text);

describe("wildcards", () => {
  test.each<[string, string, boolean]>([
    ["", "", true],
    ["", "a", false],
    ["ab", "ab", true],
    ["ab", "abc", false],
    ["*", "", true],
    ["*", "a/b", false],
    ["a*a", "a", false],
    ["a*a", "aa", true],
    ["a*b*c", "a1b2b3c", true],
    ["a*b*c", "a1c2", false],
    ["a*b*c", "a/b/c", false],
    ["a%c", "a/b/c", true],
    ["a%c", "a\nc", false],
    ["/x", "x", true],
    ["/x", "a/b/x", true],
    ["/x", "a/bx", false],
    ["a/b", "ab", true],
    ["a/b", "a/b", true],
    ["a/b", "axyb", false],
    ["a//b", "ax/y/b", true],
    ["/*", "a/b/c", true],
    ["/*?", "a/b/", false],
    ["?", "é", true],
    ["?", "😀", true],
    ["??", "😀", false],
  ])("%j on %j is %j", (pattern, text, expected) => {
    expect(matches(pattern, text)).toBe(expected);
  });

  test("say the same as regular expressions for all short patterns and texts", () => {
    const sources: Readonly<Record<string, string>> = { "*": "[^/]*", "%": ".*", "/": "(.*/)?", "?": "[^/]" };
    const all = (alphabet: string, length: number): string[] =>
      length === 0 ? [""] : all(alphabet, length - 1).flatMap((start) => [start, ...[...alphabet].map((char) => start + char)]);
    const texts = [...new Set(all("ab/", 4))];
    for (const pattern of new Set(all("ab*%/?", 4))) {
      const regex = new RegExp(`^${[...pattern].map((char) => sources[char] ?? char).join("")}$`);
      const wrong = texts.filter((text) => matches(pattern, text) !== regex.test(text));
      expect({ pattern, wrong }).toEqual({ pattern, wrong: [] });
    }
  });
});

/** Matched by trying one way after the other, each of these takes longer than the universe has. */
describe("hostile patterns", () => {
  const name = "a".repeat(255);
  const path = Array.from({ length: 16 }, () => name).join("/");

  test.each([
    ["stars between letters", `${"*a".repeat(100)}*b`],
    ["directories between letters", `${"**/a*".repeat(50)}/b`],
    ["everything between letters", `${"**a".repeat(100)}b?`],
    ["classes and stars", `${"*[a-c]".repeat(100)}*[!b]x`],
    ["stars at the end of a path of stars", `${"*/".repeat(15)}${"*a".repeat(100)}*b*`],
  ])("in an ignore file: %s", (_what, pattern) => {
    const matcher = new PatternMatcher([pattern, `!${pattern}`]);
    expect([matcher.match(path, undefined).matched, matcher.match(name, undefined).matched]).toEqual([false, false]);
  });

  test("in an ignore file that matches in the end", () => {
    expect(new PatternMatcher([`${"**/*a".repeat(15)}*`]).match(path, undefined).matched).toBe(true);
  });

  test("for names of targets", () => {
    const matcher = compilePattern(`${"*a".repeat(200)}*b`);
    expect([matcher?.("a".repeat(1000)), matcher?.(`${"a".repeat(1000)}b`)]).toEqual([false, true]);
  });
});
