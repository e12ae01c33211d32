import { describe, expect, test } from "vitest";
import { FIELD_NAMES } from "../../../src/bake/fields.ts";
import { normaliseList } from "../../../src/bake/normalise.ts";
import { print, printed } from "./rig.ts";

const none = { context: ".", dockerfile: "Dockerfile" };

/** Base value, value on top, and what comes out; one row for each attribute of table 6.1. */
const rules: readonly [name: string, base: never, over: never, merged: unknown][] = (
  [
    ["description", "b", "o", "o"],
    ["description", "b", "", "b"],
    ["context", "b", "o", "o"],
    ["dockerfile", "b", "o", "o"],
    ["dockerfile-inline", "b", "", ""],
    ["target", "b", "", ""],
    ["call", "b", "o", "o"],
    ["pull", true, false, false],
    ["no-cache", true, false, false],
    ["network", "b", "", ""],
    ["shm-size", "1g", "2g", "2g"],
    ["tags", ["b"], ["o"], ["o"]],
    ["tags", ["b"], [], undefined],
    ["platforms", ["b"], ["o"], ["o"]],
    ["platforms", ["b"], [], undefined],
    ["output", ["type=b"], ["type=o"], [{ type: "o" }]],
    ["output", ["type=b"], [], undefined],
    ["cache-to", ["b"], ["o"], [{ type: "registry", ref: "o" }]],
    ["cache-to", ["b"], [], undefined],
    ["args", { a: "b", k: "b" }, { k: "o", n: "o", a: null }, { a: "b", k: "o", n: "o" }],
    ["labels", { a: "b", k: "b" }, { k: "o" }, { a: "b", k: "o" }],
    ["extra-hosts", { a: "b", k: "b" }, { k: "o" }, { a: "b", k: "o" }],
    ["contexts", { a: "b", k: "b" }, { k: "o", a: "" }, { k: "o" }],
    ["annotations", ["a=1", "b=1"], ["a=2", "a=1"], ["a=1", "b=1", "a=2"]],
    ["entitlements", ["a", "b"], ["c", "a"], ["a", "b", "c"]],
    ["no-cache-filter", ["a", "b"], ["c", "a"], ["a", "b", "c"]],
    ["ulimits", ["a", "b"], ["c", "a"], ["a", "b", "c"]],
    ["ulimits", ["a"], [], ["a"]],
    [
      "cache-from",
      ["a", "b"],
      ["c", "a"],
      [
        { type: "registry", ref: "a" },
        { type: "registry", ref: "b" },
        { type: "registry", ref: "c" },
      ],
    ],
    ["attest", ["type=a,x=1", "type=b"], ["type=a,y=1"], [{ type: "a", y: "1" }, { type: "b" }]],
    [
      "secret",
      ["id=a,env=A", "id=b,env=B"],
      ["id=a,env=C"],
      [
        { id: "a", env: "C" },
        { id: "b", env: "B" },
      ],
    ],
    ["ssh", ["a=x", "b"], ["a=y"], [{ id: "a", paths: ["y"] }, { id: "b" }]],
    [
      "policy",
      ["strict=true"],
      ["strict=true"],
      [
        { Files: null, Reset: false, Disabled: false, Strict: true, LogLevel: null },
        { Files: null, Reset: false, Disabled: false, Strict: true, LogLevel: null },
      ],
    ],
    ["resources", { memory: "1g", "cpu-shares": 1 }, { "cpu-shares": 2 }, { memory: "1g", "cpu-shares": 2 }],
  ] as const
).map((row) => row as unknown as (typeof rules)[number]);

test("what a target takes from several parents is not seen by them, nor by others that inherit from it", () => {
  const files = {
    target: {
      a: { args: { A: "a", S: "a" } },
      b: { args: { B: "b", S: "b" } },
      c: { inherits: ["a", "b"], args: { C: "c" } },
      d: { inherits: ["c", "b"], args: { D: "d" } },
      e: { inherits: ["c"], args: { E: "e" } },
    },
  };
  const all = printed(files as never, { targets: ["a", "b", "c", "d", "e"] });
  expect(Object.entries(all).map(([name, { args }]) => [name, args])).toEqual([
    ["a", { A: "a", S: "a" }],
    ["b", { B: "b", S: "b" }],
    ["c", { A: "a", B: "b", C: "c", S: "b" }],
    ["d", { A: "a", B: "b", C: "c", D: "d", S: "b" }],
    ["e", { A: "a", B: "b", C: "c", E: "e", S: "b" }],
  ]);
});

test("fields are few enough for the bits of a number", () => {
  expect(FIELD_NAMES.length).toBeLessThan(32);
});

describe("[bake 54] merge rules", () => {
  test("there is a row for every attribute", () => {
    expect([...new Set(rules.map(([name]) => name))].sort()).toEqual([...FIELD_NAMES].sort());
  });
  test.each(rules)("%s: %j under %j in two files", (name, base, over, merged) => {
    const target = printed({ "a.json": { target: { t: { [name]: base } } }, "b.json": { target: { t: { [name]: over } } } }, { targets: ["t"] })["t"];
    expect(target?.[name]).toEqual(merged);
  });
  test.each(rules)("%s: %j under %j by inheriting", (name, base, over, merged) => {
    const target = printed({ target: { p: { [name]: base }, t: { inherits: ["p"], [name]: over } } }, { targets: ["t"] })["t"];
    expect(target?.[name]).toEqual(merged);
  });
});

describe("normalising", () => {
  test("[bake 25] repeats are dropped in the order that users know", () => {
    expect(
      normaliseList(
        [..."aabc"].map((type) => ({ type })),
        "swap",
      ),
    ).toEqual([..."acb"].map((type) => ({ type })));
    expect(
      normaliseList(
        [..."abacbd"].map((type) => ({ type })),
        "swap",
      ),
    ).toEqual([..."abdc"].map((type) => ({ type })));
  });
  test("entries are the same whatever the order of their attributes", () => {
    expect(
      normaliseList(
        [
          { type: "a", x: "1" },
          { x: "1", type: "a" },
        ],
        "swap",
      ),
    ).toEqual([{ type: "a", x: "1" }]);
  });
  test("[bake 29] the last attestation of a type takes the first one's place", () => {
    expect(printed({ target: { default: { attest: ["type=sbom,a=1", "type=provenance", "type=sbom,b=2"] } } })["default"]?.["attest"]).toEqual([
      { type: "sbom", b: "2" },
      { type: "provenance" },
    ]);
  });
  test("[bake 20] an empty context disappears", () => {
    expect(printed({ target: { default: { contexts: { a: "" } } } })).toEqual({ default: none });
  });
  test("[bake 33] the host network brings its entitlement along", () => {
    expect(printed({ target: { default: { network: "host" } } })["default"]).toEqual({ ...none, network: "host", entitlements: ["network.host"] });
  });
  test("an empty Dockerfile name is the default one", () => {
    expect(printed({ target: { default: { dockerfile: "", context: "" } } })).toEqual({ default: none });
  });
});

describe("inherits", () => {
  const diamond = {
    target: { root: { args: { A: "root", B: "root" } }, l: { inherits: ["root"], args: { A: "l" } }, r: { inherits: ["root"] }, d: { inherits: ["l", "r"] } },
  };
  test("[bake 55] a later parent's inherited values win over an earlier parent's own", () => {
    expect(printed(diamond, { targets: ["d"] })["d"]?.["args"]).toEqual({ A: "root", B: "root" });
  });
  test("[bake 56] a cycle leaves out what is still open, from each side", () => {
    const files = {
      target: { a: { inherits: ["b"], args: { x: "a" } }, b: { inherits: ["a"], args: { x: "b" } }, s: { inherits: ["s"] }, c: { inherits: ["b", "a"] } },
    };
    expect(printed(files, { targets: ["a", "b", "c", "s"] })).toEqual({
      a: { ...none, args: { x: "a" } },
      b: { ...none, args: { x: "b" } },
      c: { ...none, args: { x: "a" } },
      s: none,
    });
  });
  test("[bake 57] groups are not parents; the message points at the name and suggests one that exists", () => {
    const files = { target: { base: {}, t: { inherits: ["bsae"] }, u: { inherits: ["g"] } }, group: { g: { targets: ["base"] } } };
    expect(print(files, { targets: ["u"] })).toBe("failed to find target g");
    expect(print(files, { targets: ["t"] })).toBe("failed to find target bsae");
  });
  test("[bake 58] the description is inherited", () => {
    expect(printed({ target: { p: { description: "d" }, t: { inherits: ["p"] } } }, { targets: ["t"] })["t"]?.["description"]).toBe("d");
  });
});

describe("a parent whose list was cleared", () => {
  const files = (name: string, value: string[]) => ({
    target: { a: { [name]: value }, b: { [name]: [] }, c: { inherits: ["a", "b"] }, d: { inherits: ["a"], [name]: [] } },
  });
  test.each(["output", "cache-to"])("%s: clears nothing in those that inherit from it", (name) => {
    const { c, d } = printed(files(name, ["type=local,dest=x"]), { targets: ["c", "d"] });
    expect(c?.[name as "output"]).toEqual([{ dest: "x", type: "local" }]);
    expect(d?.[name as "output"]).toBeUndefined();
  });
  test.each(["tags", "platforms"])("%s: clears what came before", (name) => {
    const { c, d } = printed(files(name, ["linux/amd64"]), { targets: ["c", "d"] });
    expect(c?.[name as "tags"]).toBeUndefined();
    expect(d?.[name as "tags"]).toBeUndefined();
  });
});
