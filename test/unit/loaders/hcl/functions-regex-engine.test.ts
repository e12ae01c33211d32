/** The regular expression engine: the same answers as another implementation of the dialect, in linear time (spec/hcl.md 6.7). */
import { RE2JS } from "re2js";
import { describe, expect, it } from "vitest";
import { Matcher } from "../../../../src/loaders/hcl/functions/regex-matcher.ts";
import { compileProgram, type Program } from "../../../../src/loaders/hcl/functions/regex-program.ts";
import { parseRegex } from "../../../../src/loaders/hcl/functions/regex-syntax.ts";

/** Offsets of the first match and its groups, `none`, or the error. */
function ours(pattern: string, text: string): string {
  const parsed = parseRegex(pattern);
  if (!parsed.ok) return `${parsed.code}${parsed.fragment && `: \`${parsed.fragment}\``}`;
  const match = new Matcher(compileProgram(parsed.syntax) as Program, text).find(0);
  return match ? Array.from(match).join() : "none";
}

function theirs(pattern: string, text: string): string {
  try {
    const matcher = RE2JS.compile(pattern).matcher(text);
    if (!matcher.find()) return "none";
    return Array.from({ length: matcher.groupCount() + 1 }, (_, group) => [matcher.start(group), matcher.end(group)])
      .flat()
      .join();
  } catch (error) {
    return (error as Error).message.replace(/^error parsing regexp: /, "");
  }
}

const ATOMS =
  "a b c . [ab] [^a] \\w \\W \\d \\b \\B ^ $ (?i) (?s) (?m) (?U) (?-i) é \\pL [[:alpha:]] \\n [a-c-] K s \\Q*\\E \\x41 \\x{1F600} [\\d_] (?:) | \\A \\z".split(
    " ",
  );
const REPEATS = "* + ? *? +? ?? {2} {1,2} {0,1}? {2,} {,2}".split(" ");
const BROKEN = "[ ] ) ( { \\ * ? (?".split(" ");
const TEXTS = ["a", "b", "c", "A", "B", " ", "\n", "é", "1", "_", "😀", "\u212a", "ſ", "*", "-", "k"];

/** Repeatable choices. */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return Math.floor((state / 0x80000000) * sides);
  };
}

function randomPattern(roll: (sides: number) => number, depth: number): string {
  let pattern = "";
  const inner = (): string => randomPattern(roll, depth + 1);
  for (let count = roll(4) + (depth > 2 ? 0 : 1); count > 0; count--) {
    const kind = depth > 3 ? 0 : roll(10);
    if (kind < 5) pattern += ATOMS[roll(ATOMS.length)];
    else if (kind < 7) pattern += `(${inner()})`;
    else if (kind < 8) pattern += `(?:${inner()})`;
    else if (kind < 9) pattern += `${inner()}|${inner()}`;
    else pattern += BROKEN[roll(BROKEN.length)];
    if (roll(3) === 0) pattern += REPEATS[roll(REPEATS.length)];
  }
  return pattern;
}

describe("the engine", () => {
  it("agrees with re2js on random patterns, errors included", () => {
    const roll = dice(20260801);
    const disagreements: object[] = [];
    for (let round = 0; round < 2000; round++) {
      const pattern = randomPattern(roll, 0);
      const text = Array.from({ length: roll(9) }, () => TEXTS[roll(TEXTS.length)]).join("");
      const [match, expected] = [ours(pattern, text), theirs(pattern, text)];
      if (match !== expected) disagreements.push({ pattern, text, match, expected });
    }
    expect(disagreements).toEqual([]);
  });

  it("takes linear time where backtracking would never end", () => {
    expect(ours("^(a+)+$", `${"a".repeat(50_000)}b`)).toBe("none");
    expect(ours("(x+x+)+y", "x".repeat(20_000))).toBe("none");
  });

  it("refuses what would grow without bounds", () => {
    expect(ours("((((a{1000})))){2}", "a")).toBe("invalid repeat count: `{2}`");
    expect(ours(`${"(".repeat(1500)}a${")".repeat(1500)}`, "a")).toMatch(/^expression nests too deeply/);
    const parsed = parseRegex("(?:abc){1000}".repeat(400));
    expect(parsed.ok && compileProgram(parsed.syntax)).toBeUndefined();
  });

  it("takes long sequences of repetitions, which nest nothing", () => {
    expect(ours("a*".repeat(3000), "aa")).toBe("0,2");
  });

  it("takes properties by any spelling of their name, and repeated group names", () => {
    expect(ours("\\p{greek}+", "aβγ")).toBe("1,3");
    expect(ours("\\p{uppercase letter}", "aB")).toBe("1,2");
    expect(ours("(?P<n>a)(?P<n>b)", "ab")).toBe("0,2,0,1,1,2");
    expect(ours("\\p{Grek}", "β")).toBe("invalid character class range: `\\p{Grek}`");
  });
});
