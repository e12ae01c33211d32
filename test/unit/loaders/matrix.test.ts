/** Matrices: names, combinations, groups (spec/hcl.md 5.9, spec/bake.md 6.4). */
import { describe, expect, test } from "vitest";
import { loaded, loads, outcome } from "./rig.ts";

const target = (body: string, name = "app"): string => `target "${name}" {\n${body}\n}\n`;

loads("matrices", [
  [
    "what is written once is evaluated for each combination",
    `function "of" {
  params = [name]
  result = { z = name, a = "first", m = upper(name), a = "last" }
}
function "fixed" {
  params = [name]
  result = { z = "1", a = "2" }
}
${target('  matrix = { n = ["p", "q", "r"] }\n  name = "app-${n}"\n  args = of(n)\n  labels = fixed(n)\n  attest = ["type=sbom"]\n  tags = n == "q" ? ["one", "two"] : ["three"]')}`,
    {
      "app-p": { args: { a: "last", m: "P", z: "p" }, labels: { a: "2", z: "1" }, attest: [{ type: "sbom" }], tags: ["three"] },
      "app-q": { args: { a: "last", m: "Q", z: "q" }, labels: { a: "2", z: "1" }, attest: [{ type: "sbom" }], tags: ["one", "two"] },
      "app-r": { args: { a: "last", m: "R", z: "r" }, labels: { a: "2", z: "1" }, attest: [{ type: "sbom" }], tags: ["three"] },
    },
    { targets: ["app"] },
  ],
  [
    "values are seen in all attributes, over global names",
    `a = "global"\n${target('  matrix = { a = ["x", "y"] }\n  name = "app-${a}"\n  args = { A = a }\n  tags = ["t:${a}"]')}`,
    { "app-x": { args: { A: "x" }, tags: ["t:x"] }, "app-y": { args: { A: "y" }, tags: ["t:y"] } },
    { targets: ["app"] },
  ],
  [
    "values may be objects",
    target('  matrix = { o = [{ n = "x", v = 1 }] }\n  name = o.n\n  args = { V = o.v }'),
    { x: { args: { V: "1" } } },
    { targets: ["x"] },
  ],
  [
    "axes may be maps, sets and lists",
    target('  matrix = { m = { k = "v" }, s = setunion(["s"], []), l = slice(["l", "z"], 0, 1) }\n  name = "${m}${s}${l}"'),
    { vsl: {} },
    { targets: ["app"] },
  ],
  [
    "the matrix may come from a variable",
    `variable "M" {\n  type = map(list(string))\n  default = { v = ["a"] }\n}\n${target('  matrix = M\n  name = "n-${v}"')}`,
    { "n-a": {} },
    { targets: ["app"] },
  ],
  ["[bake 63] an empty axis gives nothing", target("  matrix = { a = [] }"), "✗ failed to find target app", { targets: ["app"] }],
  ["[bake 63] an empty matrix gives one", target("  matrix = {}\n  args = { A = 1 }"), { app: { args: { A: "1" } } }, { targets: ["app"] }],
  ["one combination needs no name", target('  matrix = { a = ["x"] }\n  args = { A = a }'), { app: { args: { A: "x" } } }, { targets: ["app"] }],
  ["[bake 62] two do", target('  matrix = { a = ["x", "y"] }'), '✗ docker-bake.hcl:1,8-13: Invalid name; duplicate name "app"'],
  [
    "[bake 64] characters of names",
    target('  matrix = { a = ["x y"] }\n  name = a'),
    '✗ docker-bake.hcl:1,8-13: Invalid name; only "[a-zA-Z0-9_-]+" are allowed',
  ],
  ["a name of a number", target("  matrix = { a = [1, 2] }\n  name = a"), { "1": {}, "2": {} }, { targets: ["app"] }],
  ["a name that is no text", target("  matrix = { a = [1] }\n  name = []"), "✗ docker-bake.hcl:1,8-13: Invalid name; string required, but have tuple"],
  [
    "a name with a mistake",
    target('  matrix = { a = [1] }\n  name = "${foo}"'),
    '✗ docker-bake.hcl:3,13-16: Unknown variable; There is no variable named "foo".',
  ],
  ["a matrix that is no map", target("  matrix = []"), "✗ docker-bake.hcl:1,8-13: Invalid name; matrix must be a map"],
  ["a null matrix", target("  matrix = null"), "✗ docker-bake.hcl:1,8-13: Invalid name; matrix must be a map"],
  ["an axis that is no list", target('  matrix = { a = "x" }'), "✗ docker-bake.hcl:1,8-13: Invalid name; matrix values must be a list"],
  ["a null axis", target("  matrix = { a = null }"), "✗ docker-bake.hcl:1,8-13: Invalid name; matrix values must be a list"],
  ["a matrix with a mistake", target("  matrix = foo"), '✗ docker-bake.hcl:2,12-15: Unknown variable; There is no variable named "foo".'],
  [
    "targets are not seen by matrices",
    `${target("  matrix = { a = target.b.tags }")}${target('  tags = ["x"]', "b")}`,
    '✗ docker-bake.hcl:2,24-26: Missing map element; This map does not have an element with the key "b".',
  ],
  [
    "an axis cannot hide the targets",
    target('  matrix = { target = ["x"] }\n  args = { v = target }'),
    "✗ docker-bake.hcl:3,10-24: Invalid expression; cannot access target as a variable",
  ],
  [
    "combinations are read by their names",
    `${target('  matrix = { a = ["x", "y"] }\n  name = "app-${a}"\n  tags = [a]')}${target('  args = { v = target["app-y"].tags[0] }', "b")}`,
    "✗ docker-bake.hcl:7,10-41: Invalid expression; cannot traverse target without attribute",
    { targets: ["b"] },
  ],
  [
    "names with dashes too",
    `${target('  matrix = { a = ["x", "y"] }\n  name = "app-${a}"\n  tags = [a]')}${target("  args = { v = target.app-y.tags[0] }", "b")}`,
    { b: { args: { v: "y" } } },
    { targets: ["b"] },
  ],
  [
    "the label is no target",
    `${target('  matrix = { a = ["x"] }\n  name = "app-${a}"')}${target("  tags = target.app.tags", "b")}`,
    '✗ docker-bake.hcl:6,16-20: Unsupported attribute; This object does not have an attribute named "app"., and 1 other diagnostic(s)',
  ],
  [
    "combinations of a block cannot read the attribute that they set",
    target('  matrix = { a = ["x", "y"] }\n  name = "app-${a}"\n  args = { v = target.app-x.args }'),
    "✗ docker-bake.hcl:4,10-35: Invalid expression; reference cycle not allowed for target.app-x.args",
  ],
  [
    "names merge with targets of the name",
    `${target('  matrix = { a = ["x"] }\n  name = "app-${a}"\n  args = { A = 1 }')}${target("  args = { B = 2 }", "app-x")}`,
    { "app-x": { args: { A: "1", B: "2" } } },
    { targets: ["app"] },
  ],
  [
    "JSON",
    { "b.json": '{"target":{"app":{"matrix":{"a":["x","y"]},"name":"n-${a}","args":{"A":"${a}"}}}}' },
    { "n-x": { args: { A: "x" } }, "n-y": { args: { A: "y" } } },
    { f: ["b.json"], targets: ["app"] },
  ],
]);

describe("groups of matrices", () => {
  const groups = async (files: string): Promise<unknown> => (await loaded(files)).groups.map(({ name, targets, generated }) => [name, targets, generated]);

  test("[bake 66] axes are sorted, and the first varies fastest", async () => {
    expect(await groups(target('  matrix = { version = ["1", "2"], tgt = ["foo", "bar"] }\n  name = "app-${tgt}-${version}"'))).toEqual([
      ["app", ["app-foo-1", "app-bar-1", "app-foo-2", "app-bar-2"], true],
    ]);
  });
  test("blocks of one label share a group, plain ones included", async () => {
    const files =
      target('  matrix = { a = ["1", "2"] }\n  name = "app-${a}"') + target('  matrix = { a = ["2", "3"] }\n  name = "app-${a}"') + target('  tags = ["x"]');
    expect(await groups(files)).toEqual([["app", ["app-1", "app-2", "app-3", "app"], true]]);
  });
  test("a matrix that only makes its label has none", async () => {
    expect(await groups(target('  matrix = { a = ["x"] }'))).toEqual([]);
  });
  test("[bake 65] a group of the label wins when it is resolved", async () => {
    const files = `group "app" { targets = ["other"] }\n${target('  matrix = { a = ["x"] }\n  name = "app-${a}"')}${target("", "other")}`;
    expect(await outcome(files, { targets: ["app"] })).toEqual({ other: {} });
  });
});

describe("matrices beyond the reference", () => {
  test("a null name is an error, not a crash", async () => {
    expect(await outcome(target("  matrix = { a = [1] }\n  name = null"))).toBe("✗ docker-bake.hcl:1,8-13: Invalid name; name must not be null");
  });
  test("combinations are limited", async () => {
    expect(await outcome(target("  matrix = { a = range(200), b = range(200) }"))).toBe(
      "✗ docker-bake.hcl:1,8-13: Invalid name; the matrix has more than 10000 combinations",
    );
  });
  test("a mistake that all combinations share is told once", async () => {
    expect(await outcome(target('  matrix = { a = ["x", "y"] }\n  name = "app-${a}"\n  tags = [foo]'))).toBe(
      '✗ docker-bake.hcl:4,11-14: Unknown variable; There is no variable named "foo"., and 1 other diagnostic(s)',
    );
  });
});
