/** Where mistakes are: each error names file, line and column, also where the reference names none. */
import { expect, test } from "vitest";
import { formatRange } from "../../../../src/diagnostics.ts";
import { bakeErrorAt, loadFiles } from "./rig.ts";

const SERVICE = "services:\n  web:\n    build:\n";

test("a value of a wrong type", async () => {
  expect(await bakeErrorAt(`${SERVICE}      tags: one\n`)).toBe("compose.yaml:4,13-16: services.web.build.tags must be a array");
});

test("an unknown key", async () => {
  expect(await bakeErrorAt(`${SERVICE}      context: .\n      colour: red\n`)).toBe(
    "compose.yaml:5,7-13: services.web.build additional properties 'colour' not allowed",
  );
});

test("an empty value is at its key", async () => {
  expect(await bakeErrorAt(`${SERVICE}      target:\n`)).toBe("compose.yaml:4,7-13: services.web.build.target must be a string");
});

test("a value that comes from an anchor is where it is written", async () => {
  expect(await bakeErrorAt(`x-tags: &tags\n  - 5\n${SERVICE}      tags: *tags\n`)).toBe("compose.yaml:2,5-6: services.web.build.tags.[0]: unexpected type int");
});

test("a mistake of syntax, with the place where it begins", async () => {
  const loaded = await loadFiles("services:\n  web: [a,\n  b: c\n");
  const [error] = loaded.diagnostics;
  expect(error?.summary).toBe("failed to parse compose.yaml: yaml: line 4, column 1: did not find expected ',' or ']'");
  expect(error?.range && formatRange(error.range)).toBe("compose.yaml:4,1-1");
  expect(error?.related?.map(({ message, range }) => `${formatRange(range)}: ${message}`)).toEqual(["compose.yaml:2,8-9: it begins here"]);
});

test("a quoted text without an end", async () => {
  const loaded = await loadFiles('services:\n  web: {image: "a}\n');
  const [error] = loaded.diagnostics;
  expect(error?.summary).toBe("failed to parse compose.yaml: yaml: line 3, column 1: missing closing double quote");
  expect(error?.related?.map(({ range }) => formatRange(range))).toEqual(["compose.yaml:2,16-17"]);
});

test("a key given twice also names the first", async () => {
  const loaded = await loadFiles(`${SERVICE}      target: a\n      target: b\n`);
  const [error] = loaded.diagnostics;
  expect(error?.summary).toBe('failed to parse compose.yaml: yaml: construct errors:\n  line 1: line 5: mapping key "target" already defined at line 4');
  expect(error?.range && formatRange(error.range)).toBe("compose.yaml:5,7-13");
  expect(error?.related?.map(({ message, range }) => `${formatRange(range)}: ${message}`)).toEqual(['compose.yaml:4,7-13: "target" was defined here']);
});

test("all faults of interpolation, in the order of their paths", async () => {
  const loaded = await loadFiles(`${SERVICE}      target: \${B\n      context: \${A:?none}\n`);
  const [error] = loaded.diagnostics;
  expect(error?.summary).toBe(
    "error while interpolating services.web.build.context: required variable A is missing a value: none\n" +
      "invalid interpolation format for services.web.build.target.\nYou may need to escape any $ with another $.\n${B",
  );
  expect(error?.range && formatRange(error.range)).toBe("compose.yaml:5,16-26");
  expect(error?.related?.map(({ range }) => formatRange(range))).toEqual(["compose.yaml:4,15-18"]);
});

test("a mistake of a later file is in that file", async () => {
  const files = { "a.yaml": `${SERVICE}      tags: [a]\n`, "b.yaml": `${SERVICE}      tags: b\n` };
  expect(await bakeErrorAt(files, { f: ["a.yaml", "b.yaml"] })).toBe("b.yaml:4,13-14: services.web.build.tags must be a array");
});

test("what cannot be merged names both places", async () => {
  const files = { "a.yaml": `${SERVICE}      ssh: [default]\n`, "b.yaml": `${SERVICE}      ssh: ["k=/p"]\n` };
  const loaded = await loadFiles(files, { f: ["a.yaml", "b.yaml"] });
  const [error] = loaded.diagnostics;
  expect(error?.summary).toBe("failed to parse compose file: cannot override services.web.build.ssh");
  expect(error?.range && formatRange(error.range)).toBe("b.yaml:4,12-20");
  expect(error?.related?.map(({ range }) => formatRange(range))).toEqual(["a.yaml:4,12-21"]);
});

test("a mistake of an included file is in that file", async () => {
  const files = { "compose.yaml": "include: [sub/inc.yaml]\n", "sub/inc.yaml": `${SERVICE}      foo: 1\n` };
  expect(await bakeErrorAt(files)).toBe("sub/inc.yaml:4,7-10: services.web.build additional properties 'foo' not allowed");
});

test("a missing included file is where it is named", async () => {
  expect(await bakeErrorAt("include:\n  - gone.yaml\n")).toBe("compose.yaml:2,5-14: open gone.yaml: no such file or directory");
});

test("an unknown base is where it is named", async () => {
  expect(await bakeErrorAt("services:\n  web:\n    extends: gone\n")).toBe('compose.yaml:3,14-18: cannot extend service "web" in : service "gone" not found');
});

test("an inconsistent service is at its name", async () => {
  expect(await bakeErrorAt("services:\n  web:\n    command: x\n")).toBe(
    'compose.yaml:2,3-6: failed to parse compose file: service "web" has neither an image nor a build context specified: invalid compose project',
  );
});

test("a cache without a type", async () => {
  expect(await bakeErrorAt(`${SERVICE}      cache_from:\n        - type=gha\n        - src=a\n`)).toBe(
    'compose.yaml:6,11-16: failed to parse compose file: type required for "src=a"',
  );
});

test("a mistake in .env", async () => {
  expect(await bakeErrorAt({ "compose.yaml": `${SERVICE}      context: .\n`, ".env": "A=1\nB C=2\n" })).toBe(
    ".env:2,1-1: failed to parse compose.yaml: parsing yaml: line 2: key cannot contain a space",
  );
});

test("a mistake in a file of variables", async () => {
  const files = { "compose.yaml": "services:\n  web:\n    build: .\n    env_file: web.env\n", "web.env": 'A=1\nB="open\n' };
  expect(await bakeErrorAt(files)).toBe('web.env:2,3-3: failed to read web.env: line 3: unterminated quoted value "open');
});

test("every attribute of a target knows its place", async () => {
  const loaded = await loadFiles(`services:
  web:
    image: i
    build:
      context: app
      args:
        A: 1
        B: 2
      x-bake:
        tags: [t, u]
`);
  if (!loaded.ok) throw new Error("refused");
  const [target] = loaded.value.targets;
  expect(target?.range && formatRange(target.range)).toBe("compose.yaml:2,3-6");
  expect(Object.fromEntries([...(target?.origins ?? [])].map(([key, range]) => [key, formatRange(range)]))).toEqual({
    context: "compose.yaml:5,16-19",
    args: "compose.yaml:7,12-13",
    "args/A": "compose.yaml:7,12-13",
    "args/B": "compose.yaml:8,12-13",
    tags: "compose.yaml:10,16-17",
    "tags/0": "compose.yaml:10,16-17",
    "tags/1": "compose.yaml:10,19-20",
  });
  expect(loaded.value.groups.map(({ name, targets }) => ({ name, targets }))).toEqual([{ name: "default", targets: ["web"] }]);
});
