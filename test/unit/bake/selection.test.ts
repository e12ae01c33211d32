import { describe, expect, test } from "vitest";
import { compilePattern } from "../../../src/bake/pattern.ts";
import { print, printed, run } from "./rig.ts";

const files = {
  target: { a: {}, b: {}, c: {}, x: {}, "web-1": {}, "web-2": {}, a_b: {} },
  group: {
    default: { description: "D", targets: ["b", "a"] },
    withdef: { targets: ["c", "default"] },
    x: { targets: ["x", "a"] },
    c1: { targets: ["c2"] },
    c2: { targets: ["c1", "a"] },
    bad: { targets: ["nope"] },
    none: { targets: null },
    empty: { targets: [] },
    nested: { targets: ["empty"] },
  },
};

/** Groups and target names of a print. */
function shape(targets: readonly string[]): unknown {
  const text = print(files, { targets });
  if (!text.startsWith("{")) return text;
  const { group, target } = JSON.parse(text) as { group: Record<string, { targets: unknown }>; target: object };
  return [Object.fromEntries(Object.entries(group).map(([name, { targets: members }]) => [name, members])), Object.keys(target)];
}

describe("selection", () => {
  test("no names mean default", () => {
    expect(shape([])).toEqual([{ default: ["a", "b"] }, ["a", "b"]]);
  });
  test("[bake 81] dots become underscores and patterns match groups before targets", () => {
    expect(shape(["a.b"])).toEqual([{ default: ["a_b"] }, ["a_b"]]);
    expect(shape(["web-*"])).toEqual([{ default: ["web-1", "web-2"] }, ["web-1", "web-2"]]);
    expect(shape(["zzz*"])).toBe('could not find any target matching "zzz*"');
    expect(shape(["\\*"])).toBe('could not find any target matching "\\\\*"');
    expect(shape(["[a"])).toBe('could not find any target matching "[a"');
    expect(shape(["nope"])).toBe("failed to find target nope");
  });
  test("a target called default is a member of the printed default group when it was requested first", () => {
    const members = (targets: readonly string[]): unknown => {
      const bake = { target: { default: {}, a: {}, b: {} }, group: { h: { targets: ["a"] } } };
      return (JSON.parse(print(bake, { targets })) as { group: Record<string, { targets: unknown }> }).group["default"]?.targets;
    };
    expect(members(["default"])).toEqual(["default"]);
    expect(members(["default", "a"])).toEqual(["a", "default"]);
    expect(members(["a", "default"])).toEqual(["a"]);
    expect(members(["b", "default", "h"])).toEqual(["b", "h"]);
    expect(members(["*"])).toEqual(["a", "b", "h"]);
  });
  test("[bake 59] a group that holds its own name builds the target of that name", () => {
    expect(shape(["x"])).toEqual([{ default: ["x"], x: ["x", "a"] }, ["a", "x"]]);
  });
  test("[bake 60] a cycle of groups ends at the name that came back", () => {
    expect(shape(["c1"])).toBe("failed to find target c1");
    expect(shape(["c2"])).toBe("failed to find target c2");
  });
  test("[bake 61] an unknown member counts only when its group is asked for", () => {
    expect(shape(["bad"])).toBe("failed to find target nope");
    expect(shape(["a"])).toEqual([{ default: ["a"] }, ["a"]]);
  });
  test("an unknown member is pointed at in its group", () => {
    const result = run(files, { targets: ["bad"] });
    expect(result.ok || result.diagnostics.map(({ code, plain }) => ({ code, plain }))).toEqual([{ code: "bake.unknown-target", plain: true }]);
  });
  test("an empty group stands for the target of its name inside another group only", () => {
    expect(shape(["empty"])).toEqual([{ default: ["empty"], empty: [] }, []]);
    expect(shape(["none"])).toEqual([{ default: ["none"], none: null }, []]);
    expect(shape(["nested"])).toBe("failed to find target empty");
  });
  test("[bake 82] default is always printed, sorted; other groups keep their order", () => {
    expect(shape(["web-2", "x"])).toEqual([{ default: ["web-2", "x"], x: ["x", "a"] }, ["a", "web-2", "x"]]);
  });
  test("[bake 83] a nested default group gets the requested names too", () => {
    expect(shape(["withdef"])).toEqual([{ default: ["a", "b", "withdef"], withdef: ["c", "default"] }, ["a", "b", "c"]]);
  });
  test("a suggestion is made for a near miss", () => {
    const result = run(files, { targets: ["withdfe"] });
    expect(result.ok || result.diagnostics[0]?.hint).toBe('did you mean "withdef"?');
  });
  test("[bake 65] a group wins over one made from a matrix", () => {
    const two = { target: { "app-1": {}, b: {} }, group: { app: { targets: ["b"] } } };
    const generated = { group: { app: { targets: ["app-1"], generated: true } } };
    expect(Object.keys(printed({ "a.json": generated, "b.json": two }, { targets: ["app"] }))).toEqual(["b"]);
  });
});

describe("patterns", () => {
  test.each([
    ["*", "a-1", true],
    ["a?c", "abc", true],
    ["a?c", "a/c", false],
    ["[a-c]x", "bx", true],
    ["[^a-c]x", "bx", false],
    ["[^a]", "b", true],
    ["a.c", "abc", false],
    ["\\*", "*", true],
    ["\\*", "a", false],
    ["[\\]]", "]", true],
    ["{a,b}", "a", false],
  ])("%s against %s is %s", (pattern, name, expected) => {
    expect(compilePattern(pattern)?.(name)).toBe(expected);
  });
  test.each(["[", "[]", "[a", "[a-", "[-a]", "a\\", "[^]"])("%s is malformed", (pattern) => {
    expect(compilePattern(pattern)).toBeUndefined();
  });
});
