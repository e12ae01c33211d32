/** Where every attribute, map entry and list item comes from, as later stages ask for it. */
import { describe, expect, test } from "vitest";
import type { SourceRange } from "../../../src/diagnostics.ts";
import { loaded, type Options } from "./rig.ts";

async function places(files: Parameters<typeof loaded>[0], options: Options = {}): Promise<Record<string, string>> {
  const { targets, groups } = await loaded(files, options);
  const origins = targets[0]?.origins ?? groups[0]?.origins ?? new Map<string, SourceRange>();
  return Object.fromEntries([...origins].map(([key, { file, start, end }]) => [key, file.text.slice(start, end)]));
}

describe("origins", () => {
  test("of attributes, list items and map entries", async () => {
    const files = `target "a" {
  context = "c"
  tags    = (["x", upper("y")])
  args = {
    A     = 1
    "B"   = "b"
    ("C") = 2
    D     = null
  }
  pull = null
}
`;
    expect(await places(files)).toEqual({
      context: 'context = "c"',
      tags: 'tags    = (["x", upper("y")])',
      "tags/0": '"x"',
      "tags/1": 'upper("y")',
      args: 'args = {\n    A     = 1\n    "B"   = "b"\n    ("C") = 2\n    D     = null\n  }',
      "args/A": "A     = 1",
      "args/B": '"B"   = "b"',
      "args/D": "D     = null",
    });
  });
  test("of map entries, however the key ends", async () => {
    expect(await places('target "a" { args = { A : 1, B /* b */ = 2, null = 3 } }')).toMatchObject({ "args/A": "A : 1", "args/B": "B /* b */ = 2" });
  });
  test("of entries, however many an item gives", async () => {
    expect(await places('target "a" { cache-from = ["", "a,b", { type = "gha" }] }')).toEqual({
      "cache-from": 'cache-from = ["", "a,b", { type = "gha" }]',
      "cache-from/0": '"a,b"',
      "cache-from/1": '"a,b"',
      "cache-from/2": '{ type = "gha" }',
    });
  });
  test("of what is computed: the attribute alone", async () => {
    expect(await places('target "a" { tags = concat(["x"], ["y"]) }')).toEqual({ tags: 'tags = concat(["x"], ["y"])' });
  });
  test("of JSON", async () => {
    expect(await places({ "b.json": '{"target":{"a":{"tags":["x","${1}"],"args":{"A":1}}}}' }, { f: ["b.json"] })).toEqual({
      tags: '"tags":["x","${1}"]',
      "tags/0": '"x"',
      "tags/1": '"${1}"',
      args: '"args":{"A":1}',
      "args/A": '"A":1',
    });
  });
  test("of members of groups", async () => {
    expect(await places('group "g" { targets = ["x", "y"] }')).toEqual({ targets: 'targets = ["x", "y"]', "targets/0": '"x"', "targets/1": '"y"' });
  });
  test("can be asked in every way of a map", async () => {
    const { targets } = await loaded('target "a" { tags = ["x"] }');
    const origins = targets[0]?.origins;
    const seen: string[] = [];
    origins?.forEach((_, key) => seen.push(key));
    expect([
      origins?.size,
      origins?.has("tags/0"),
      origins?.has("tags/1"),
      [...(origins?.keys() ?? [])],
      [...(origins?.values() ?? [])].length,
      seen,
      origins?.get("x"),
    ]).toEqual([2, true, false, ["tags", "tags/0"], 2, ["tags", "tags/0"], undefined]);
  });
  test("a block is at its label", async () => {
    const { targets } = await loaded('target "a" {\n  matrix = { v = [1] }\n  name = "b"\n}\n');
    expect(targets.map(({ name, label, range }) => [name, label, range.file.text.slice(range.start, range.end)])).toEqual([["b", "a", '"a"']]);
  });
});

test("twenty thousand targets load", async () => {
  const blocks = Array.from(
    { length: 20_000 },
    (_, i) => `target "t${i}" {\n  tags = ["x:\${v}"]\n  args = { p = ${i === 0 ? '"0"' : `target.t${i - 1}.args.p`} }\n}\n`,
  ).join("");
  const { targets } = await loaded(`v = 1\n${blocks}`);
  expect([targets.length, targets.at(-1)?.attributes.args?.get("p")]).toEqual([20_000, "0"]);
}, 60_000);
