/** The x-bake extension (spec/compose.md 10, lines 142 to 153). */
import { expect, test } from "vitest";
import { bakeError, bakeTarget } from "./rig.ts";

test("[compose 142] x-bake appends tags and platforms", async () => {
  expect(await bakeTarget("a", `services: {a: {build: {tags: [t], platforms: [linux/amd64], x-bake: {tags: "u  v", platforms: linux/arm64}}}}`)).toMatchObject({
    tags: ["t", "u", "v"],
    platforms: ["linux/amd64", "linux/arm64"],
  });
});

test("[compose 143] x-bake sets outputs", async () => {
  expect((await bakeTarget("a", `services: {a: {build: {x-bake: {output: "type=docker type=tar,dest=o"}}}}`)).output).toEqual([
    { type: "docker" },
    { dest: "o", type: "tar" },
  ]);
});

test("[compose 144] x-bake flags win, also false", async () => {
  expect(await bakeTarget("a", "services: {a: {build: {pull: true, x-bake: {pull: false, no-cache: yes}}}}")).toMatchObject({ pull: false, "no-cache": true });
});

test("[compose 145] x-bake flags are no quoted texts", async () => {
  expect(await bakeError(`services: {a: {build: {x-bake: {pull: "true"}}}}`)).toBe(`failed to parse compose file: yaml: unmarshal errors:
  line 1: cannot unmarshal !!str \`true\` into bool`);
});

test("[compose 146] x-bake sets the cache filter", async () => {
  expect((await bakeTarget("a", `services: {a: {build: {x-bake: {no-cache-filter: "a b"}}}}`))["no-cache-filter"]).toEqual(["a", "b"]);
});

test("[compose 147] contexts of the build win over those of x-bake", async () => {
  expect((await bakeTarget("a", "services: {a: {build: {additional_contexts: {q: ./y}, x-bake: {contexts: {q: z, r: ./w}}}}}")).contexts).toEqual({
    q: "y",
    r: "./w",
  });
});

test("[compose 148] unknown keys of x-bake are ignored", async () => {
  expect((await bakeTarget("a", "services: {a: {build: {x-bake: {foo: bar, args: {A: 1}}}}}")).args).toBeUndefined();
});

test("[compose 149] x-bake is a map", async () => {
  expect(await bakeError("services: {a: {build: {x-bake: foo}}}")).toBe(`failed to parse compose file: yaml: unmarshal errors:
  line 1: cannot unmarshal !!str \`foo\` into bake.xbake`);
});

test("[compose 150] x-bake lists hold texts", async () => {
  expect(await bakeError("services: {a: {build: {x-bake: {tags: {a: b}}}}}")).toBe(`failed to parse compose file: yaml: unmarshal errors:
  line 2: cannot unmarshal !!map into string`);
});

test("[compose 151] x-bake appends caches", async () => {
  expect((await bakeTarget("a", `services: {a: {build: {cache_from: [z], x-bake: {cache-from: "a b"}}}}`))["cache-from"]).toEqual([
    { ref: "z", type: "registry" },
    { ref: "a", type: "registry" },
    { ref: "b", type: "registry" },
  ]);
});

test("[compose 152] x-bake adds secrets", async () => {
  expect((await bakeTarget("a", `services: {a: {build: {x-bake: {secret: "id=a,env=B"}}}}`)).secret).toEqual([{ id: "a", env: "B" }]);
});

test("[compose 153] x-bake secrets are key=value", async () => {
  expect(await bakeError("services: {a: {build: {x-bake: {secret: foo}}}}")).toBe("failed to parse compose file: invalid field 'foo' must be a key=value pair");
});

test("whole numbers with an exponent count as integers in x-bake", async () => {
  expect(await bakeError("services: {a: {build: {x-bake: {pull: 1e3}}}}")).toBe(
    "failed to parse compose file: yaml: unmarshal errors:\n  line 1: cannot unmarshal !!int `1000` into bool",
  );
  expect(await bakeError("services: {a: {build: {x-bake: {pull: 1.5}}}}")).toBe(
    "failed to parse compose file: yaml: unmarshal errors:\n  line 1: cannot unmarshal !!float `1.5` into bool",
  );
});
