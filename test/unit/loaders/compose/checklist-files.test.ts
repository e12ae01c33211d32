/** Which files are Compose files, and which services are targets (spec/compose.md 10, lines 1 to 26). */
import { expect, test } from "vitest";
import { bake, bakeError, bakeTarget } from "./rig.ts";

test("[compose 1] an empty file is no definition", async () => {
  expect(await bakeError("")).toBe("couldn't find a bake definition");
});

test("[compose 2] a file with only a comment is an empty compose file", async () => {
  expect(
    await bakeError(`# only a comment
`),
  ).toBe("empty compose file");
});

test("[compose 3] a document without content is no mapping", async () => {
  expect(
    await bakeError(`---
`),
  ).toBe("top-level object must be a mapping");
});

test("[compose 4] a list at the top is no mapping", async () => {
  expect(
    await bakeError(`[]
`),
  ).toBe("top-level object must be a mapping");
});

test("[compose 5] without services and secrets a file counts as empty", async () => {
  expect(await bakeError("networks: {}")).toBe("empty compose file");
});

test("[compose 6] null services are no mapping", async () => {
  expect(await bakeError("services:")).toBe("services must be a mapping");
});

test("[compose 7] no services make no default group", async () => {
  expect(await bakeError("services: {}")).toBe("failed to find target default");
});

test("[compose 8] keys are told apart by letter case", async () => {
  expect(await bakeError("Services: {a: {build: .}}")).toBe("empty compose file");
});

test("[compose 9] both default names are read and merged", async () => {
  const { targets } = await bake({
    "compose.yaml": "services: {a: {build: one}}",
    "docker-compose.yml": "services: {a: {build: {target: t}}, b: {build: two}}",
  });
  expect(targets["a"]?.context).toEqual("one");
  expect(targets["a"]?.target).toEqual("t");
  expect(targets["b"]?.context).toEqual("two");
});

test("[compose 10] override files are not read by default", async () => {
  expect(await bakeError({ "compose.override.yaml": "services: {a: {build: .}}" })).toBe("couldn't find a bake definition");
});

test("[compose 11] a name without an extension is tried as a compose file", async () => {
  expect((await bakeTarget("a", { foo: "services: {a: {build: x}}" }, { f: ["foo"] })).context).toEqual("x");
});

test("[compose 12] the extension counts in any letter case", async () => {
  expect((await bakeTarget("a", { "foo.YML": "services: {a: {build: x}}" }, { f: ["foo.YML"] })).context).toEqual("x");
});

test("[compose 13] a .json file is never a compose file", async () => {
  expect(await bakeError({ "foo.json": `{"services":{"a":{"build":"x"}}}` }, { f: ["foo.json"], targets: ["a"] })).toBe("failed to find target a");
});

test("[compose 14] JSON with services under a plain name is a compose file", async () => {
  expect((await bakeTarget("a", { foo: `{"services":{"a":{"build":"x"}}}` }, { f: ["foo"] })).context).toEqual("x");
});

test("[compose 15] HCL under a plain name is HCL", async () => {
  expect((await bakeTarget("a", { foo: `target "a" { target = "q" }` }, { f: ["foo"], targets: ["a"] })).target).toEqual("q");
});

test("[compose 16] standard input may be a compose file", async () => {
  expect((await bakeTarget("a", { "-": "services: {a: {build: x}}" }, { f: ["-"] })).context).toEqual("x");
});

test("[compose 17] services without a build give a null group", async () => {
  const { groups, targets } = await bake("services: {a: {image: x}}");
  expect(groups).toEqual({ default: { targets: null } });
  expect(targets).toEqual({});
});

test("[compose 18] a service needs an image or a build", async () => {
  expect(await bakeError("services: {a: {command: x}}")).toBe(
    `failed to parse compose file: service "a" has neither an image nor a build context specified: invalid compose project`,
  );
});

test("[compose 19] a null service needs them too", async () => {
  expect(await bakeError("services: {a: }")).toBe(
    `failed to parse compose file: service "a" has neither an image nor a build context specified: invalid compose project`,
  );
});

test("[compose 20] a null build is refused", async () => {
  expect(await bakeError("services: {a: {build: }}")).toBe("services.a.build: invalid type <nil> for build");
});

test("[compose 21] a number is no build", async () => {
  expect(await bakeError("services: {a: {build: 5}}")).toBe("services.a.build: invalid type int for build");
});

test("[compose 22] dots in service names become underscores, also in requested names", async () => {
  expect((await bakeTarget("a_b", "services: {a.b: {build: x}}", { targets: ["a.b"] })).context).toEqual("x");
});

test("[compose 23] service names have no blanks", async () => {
  expect(await bakeError(`services: {"a b": {build: x}}`)).toBe("services additional properties 'a b' not allowed");
});

test("[compose 24] profiles do not hide services", async () => {
  expect((await bakeTarget("a", "services: {a: {build: ., profiles: [p]}}")).context).toEqual(".");
});

test("[compose 25] unknown keys of the file and of services are dropped", async () => {
  expect(
    (
      await bakeTarget(
        "a",
        `version: "3"
foo: bar
services: {a: {build: ., foo: bar}}`,
      )
    ).context,
  ).toEqual(".");
});

test("[compose 26] an unknown name is not found", async () => {
  expect(await bakeError("services: {a: {build: .}}", { targets: ["b"] })).toBe("failed to find target b");
});
