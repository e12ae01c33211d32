/** The YAML layer (spec/compose.md 10, lines 27 to 43). */
import { expect, test } from "vitest";
import { bake, bakeError, bakeTarget } from "./rig.ts";

test("[compose 27] yes and on are words, true is a truth value, ~ is null", async () => {
  expect((await bakeTarget("a", "services: {a: {build: {args: {A: yes, B: on, C: true, D: ~}}}}")).args).toEqual({ A: "yes", B: "on", C: "true" });
});

test("[compose 28] integers in all bases", async () => {
  expect((await bakeTarget("a", "services: {a: {build: {args: {A: 010, B: 0o10, C: 0x10, D: 0b11, E: 1_000, F: 08}}}}")).args).toEqual({
    A: "8",
    B: "8",
    C: "16",
    D: "3",
    E: "1000",
    F: "8",
  });
});

test("[compose 29] floats print short", async () => {
  expect((await bakeTarget("a", "services: {a: {build: {args: {A: 1.0, B: 1.50, C: 1e3, D: 1000000.0, E: 1e-7, F: -0}}}}")).args).toEqual({
    A: "1",
    B: "1.5",
    C: "1000",
    D: "1e+06",
    E: "1e-07",
    F: "-0",
  });
});

test("[compose 30] quotes and tags make texts; there are no base-60 numbers", async () => {
  expect((await bakeTarget("a", `services: {a: {build: {args: {A: "010", B: !!str 1.0, C: ! 5, D: 12:30}}}}`)).args).toEqual({
    A: "010",
    B: "1.0",
    C: "5",
    D: "12:30",
  });
});

test("[compose 31] a date prints with its time", async () => {
  expect((await bakeTarget("a", "services: {a: {build: {args: {A: 2001-01-01}}}}")).args).toEqual({ A: "2001-01-01 00:00:00 +0000 UTC" });
});

test("[compose 32] infinity has no JSON form", async () => {
  expect(await bakeError("services: {a: {build: {args: {A: .inf}}}}")).toBe("json: unsupported value: +Inf");
});

test("[compose 33] a key may be given once", async () => {
  expect(await bakeError("services: {a: {build: {context: x, context: y}}}")).toBe(`failed to parse compose.yaml: yaml: construct errors:
  line 1: line 1: mapping key "context" already defined at line 1`);
});

test("[compose 34] keys are texts", async () => {
  expect(await bakeError("services: {a: {build: {args: {1: x}}}}")).toBe("non-string key in services.a.build.args: 1");
});

test("[compose 35] keys of the map win over a merge key", async () => {
  expect(
    await bakeTarget(
      "a",
      `x-b: &b {context: c, target: t}
services: {a: {build: {target: u, <<: *b}}}`,
    ),
  ).toMatchObject({ context: "c", target: "u" });
});

test("[compose 36] the earlier source of a merge key wins", async () => {
  expect(
    await bakeTarget(
      "a",
      `x-b: &b {context: b}
x-c: &c {context: c, target: t}
services: {a: {build: {<<: [*b, *c]}}}`,
    ),
  ).toMatchObject({ context: "b", target: "t" });
});

test("[compose 37] a quoted merge key is an ordinary key", async () => {
  expect(
    await bakeError(`x-b: &b {context: b}
services: {a: {build: {"<<": *b}}}`),
  ).toBe("services.a.build additional properties '<<' not allowed");
});

test("[compose 38] a merge key takes maps", async () => {
  expect(await bakeError("services: {a: {build: {<<: foo}}}")).toBe(`failed to parse compose.yaml: yaml: construct errors:
  line 1: yaml: map merge requires map or sequence of maps as the value`);
});

test("[compose 39] an alias needs its anchor", async () => {
  expect(await bakeError("services: {a: {build: *x}}")).toBe("failed to parse compose.yaml: yaml: line 1, column 24: unknown anchor 'x' referenced");
});

test("[compose 40] anchors stay known in later documents", async () => {
  const { targets } = await bake(`services: {a: {build: &q {context: x}}}
---
services: {b: {build: *q}}`);
  expect(targets["a"]?.context).toEqual("x");
  expect(targets["b"]?.context).toEqual("x");
});

test("[compose 41] documents of a file are merged", async () => {
  expect(
    await bakeTarget(
      "a",
      `services: {a: {build: {context: x}}}
---
services: {a: {build: {target: t}}}`,
    ),
  ).toMatchObject({ context: "x", target: "t" });
});

test("[compose 42] a trailing document marker is an empty document", async () => {
  expect(
    await bakeError(`services: {a: {build: .}}
---
`),
  ).toBe("top-level object must be a mapping");
});

test("[compose 43] only YAML 1.1 may be declared", async () => {
  expect(
    await bakeError(`%YAML 1.2
---
services: {a: {build: .}}`),
  ).toBe("failed to parse compose.yaml: yaml: <unknown position>: found incompatible YAML document");
});
