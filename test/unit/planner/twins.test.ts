/** Targets with the same solve: which share one, which only find the work done, and which are not the same at all. */
import { describe, expect, test } from "vitest";
import type { Output } from "../../../src/planner/exporters.ts";
import type { Plan } from "../../../src/planner/plan.ts";
import type { TargetInput } from "../../../src/planner/target.ts";
import { builder, localFacts, node, planOf, target } from "./rig.ts";

const output = (type: string, dest = "", attributes: Record<string, string> = {}): { outputs: readonly Output[] } => ({
  outputs: [{ type, dest, attributes }],
});
const image = (...tags: readonly string[]): Partial<TargetInput> => ({ tags, ...output("image") });
const pushed = (...tags: readonly string[]): Partial<TargetInput> => ({ tags, ...output("image", "", { push: "true" }) });

const jobsOf = (plan: Plan): unknown => plan.jobs.map(({ id, repeats }) => (repeats === undefined ? id : `${id} after ${repeats}`));

describe("one solve for several targets", () => {
  test("targets without outputs", () => {
    const plan = planOf([target("a"), target("b"), target("c", { args: [["X", "1"]] })]);
    expect(jobsOf(plan)).toEqual(["a", "c"]);
    expect(plan.twins).toEqual([{ target: "b", requested: true, job: "a", exporters: [], names: [] }]);
  });

  test("files of each are exporters of the one solve", () => {
    const plan = planOf([
      target("a", image("a:1")),
      target("b", output("local", "out")),
      target("c", output("tar", "c.tar")),
      target("d", output("local", "out")),
    ]);
    expect(jobsOf(plan)).toEqual(["a"]);
    expect(plan.jobs[0]?.request.exporters.map(({ type, sink }) => [type, sink])).toEqual([
      ["image", undefined],
      ["local", { kind: "directory", path: "/w/out", mode: "copy" }],
      ["tar", { kind: "file", path: "/w/c.tar" }],
    ]);
    expect(plan.twins.map(({ target: name, exporters }) => [name, exporters])).toEqual([
      ["b", [1]],
      ["c", [2]],
      ["d", [1]],
    ]);
  });

  test("an engine that takes one exporter gets a solve for each", () => {
    const old = builder(node({ capabilities: [] }));
    expect(jobsOf(planOf([target("a", image("a:1")), target("b", output("local", "out"))], { engine: old }))).toEqual(["a", "b after a"]);
  });

  test("an image that stays in the engine is made once, under the names of all", () => {
    const plan = planOf([target("a", image("a:1", "x:1")), target("b", image("b:1", "x:1"))]);
    expect(jobsOf(plan)).toEqual(["a"]);
    expect(plan.jobs[0]).toMatchObject({ names: ["a:1", "x:1"], request: { exporters: [{ attributes: { name: "a:1,x:1,b:1" } }] } });
    expect(plan.twins).toMatchObject([{ target: "b", exporters: [0], names: ["b:1", "x:1"] }]);
  });

  test("parents that are the same make their children the same", () => {
    const child = (name: string, parent: string): TargetInput => target(name, { contexts: [["base", `target:${parent}`]] });
    const plan = planOf([
      child("x", "one"),
      child("y", "two"),
      target("one", { requested: false, pull: true }),
      target("two", { requested: false, pull: true }),
    ]);
    expect(jobsOf(plan)).toEqual(["x", "one"]);
    expect(plan.edges).toEqual([{ from: "one", to: "x", context: "base" }]);
    expect(plan.twins.map(({ target: name, job }) => [name, job])).toEqual([
      ["y", "x"],
      ["two", "one"],
    ]);
  });
});

describe("a solve that finds its work done", () => {
  test("pushed images of other names", () => {
    const plan = planOf([target("a", pushed("r/a")), target("b", pushed("r/b")), target("c", image("c"))]);
    expect(jobsOf(plan)).toEqual(["a", "b after a", "c after a"]);
    expect(plan.order).toEqual(["a", "b", "c"]);
    expect(plan.twins).toEqual([]);
  });

  test("children take the result of the first, so the others only export", () => {
    const plan = planOf([target("app", { contexts: [["base", "target:two"]] }), target("one", pushed("r/one")), target("two", pushed("r/two"))]);
    expect(plan.edges).toEqual([{ from: "one", to: "app", context: "base" }]);
    expect(jobsOf(plan)).toEqual(["app", "one", "two after one"]);
    expect(plan.jobs[0]?.links).toEqual([{ context: "base", target: "two", job: "one", input: "0-two" }]);
    expect(plan.order[0]).toBe("one");
  });

  test("different attributes of the exporter, and archives", () => {
    const zstd = { tags: ["b"], ...output("image", "", { compression: "zstd" }) };
    expect(jobsOf(planOf([target("a", image("a")), target("b", zstd), target("c", { tags: ["a"], ...output("oci", "c.tar") })]))).toEqual([
      "a",
      "b after a",
      "c after a",
    ]);
  });

  test("another cache to write", () => {
    const cacheTo = [{ type: "registry", attributes: { ref: "r/c" } }];
    expect(jobsOf(planOf([target("a"), target("b", { cacheTo })]))).toEqual(["a", "b after a"]);
    expect(jobsOf(planOf([target("a", { cacheTo }), target("b", { cacheTo }), target("c")]))).toEqual(["a"]);
  });
});

describe("not the same", () => {
  const facts = localFacts({ secretEnv: ["S"] });
  test.each<[string, Partial<TargetInput>, Partial<TargetInput>]>([
    ["built anew", { noCache: true }, { noCache: true }],
    ["stages built anew", { noCacheFilter: ["x"] }, { noCacheFilter: ["x"] }],
    ["other secrets", { secrets: [{ id: "k", env: "A" }] }, { secrets: [{ id: "k", env: "B" }] }],
    ["other agents", { ssh: [{ id: "default", paths: [] }] }, { ssh: [{ id: "default", paths: ["/k"] }] }],
    ["other text", { dockerfileInline: "FROM a" }, { dockerfileInline: "FROM b" }],
    ["other platforms", { platforms: ["linux/amd64"] }, { platforms: ["linux/386"] }],
    ["other imports", { cacheFrom: [{ type: "registry", attributes: { ref: "r/a" } }] }, {}],
    ["privileges", { entitlements: ["security.insecure"] }, {}],
    ["questions", { call: { name: "lint", ignoreStatus: false } }, { call: { name: "lint", ignoreStatus: false } }],
    ["a question and a build", { call: { name: "lint", ignoreStatus: false } }, {}],
    ["policies", { policies: [{ files: ["p"] }] }, { policies: [{ files: ["p"] }] }],
  ])("%s", (_, a, b) => {
    expect(jobsOf(planOf([target("a", a), target("b", b)], { facts }))).toEqual(["a", "b"]);
  });

  test("the order of secrets does not matter", () => {
    const [one, two] = [
      { id: "a", env: "A" },
      { id: "b", env: "B" },
    ];
    expect(jobsOf(planOf([target("a", { secrets: [one, two] }), target("b", { secrets: [two, one] })]))).toEqual(["a"]);
  });

  test("on other nodes", () => {
    const nodes = builder(node({ configuredPlatforms: ["linux/amd64"] }), node({ configuredPlatforms: ["linux/arm64"] }));
    const both = { platforms: ["linux/amd64", "linux/arm64"] };
    const plan = planOf([target("a", both), target("b", both)], { engine: nodes });
    expect(jobsOf(plan)).toEqual(["a@0", "a@1"]);
    expect(plan.twins.map(({ job }) => job)).toEqual(["a@0", "a@1"]);
  });
});
