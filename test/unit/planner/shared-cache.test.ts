/** `--cache`: one place, a scope for each target, and the scopes of linked targets. */
import { describe, expect, test } from "vitest";
import type { Cache } from "../../../src/planner/caches.ts";
import { cachePlace, type CachePlace } from "../../../src/planner/shared-cache.ts";
import type { Plan } from "../../../src/planner/plan.ts";
import type { TargetInput } from "../../../src/planner/target.ts";
import { builder, localFacts, node, planOf, target, valueOf } from "./rig.ts";

const placeOf = (type: string, attributes: Record<string, string>): CachePlace => valueOf(cachePlace({ type, attributes })) as CachePlace;
const registry = placeOf("registry", { ref: "r.example/app/cache" });

const of = (name: string, ...parents: readonly string[]): TargetInput =>
  target(name, { args: [["NAME", name]], contexts: parents.map((parent) => [parent, `target:${parent}`]) });

const wiring = (plan: Plan): unknown =>
  plan.jobs.map(({ id, request: { cacheFrom, cacheTo } }) => [
    id,
    cacheFrom.map(({ attributes }) => attributes["ref"]),
    cacheTo.map(({ attributes }) => attributes["ref"]),
  ]);

describe("scopes", () => {
  test.each<[string, Cache, Cache, Cache]>([
    [
      "a repository",
      { type: "registry", attributes: { ref: "r/c" } },
      { type: "registry", attributes: { mode: "max", ref: "r/c:web" } },
      { type: "registry", attributes: { ref: "r/c:web" } },
    ],
    [
      "a port is no tag",
      { type: "registry", attributes: { ref: "r:5000/c" } },
      { type: "registry", attributes: { mode: "max", ref: "r:5000/c:web" } },
      { type: "registry", attributes: { ref: "r:5000/c:web" } },
    ],
    [
      "a tag, and attributes",
      { type: "registry", attributes: { ref: "r/c:main", mode: "min", insecure: "true" } },
      { type: "registry", attributes: { mode: "min", insecure: "true", ref: "r/c:main-web" } },
      { type: "registry", attributes: { insecure: "true", ref: "r/c:main-web" } },
    ],
    ["GitHub", { type: "gha", attributes: {} }, { type: "gha", attributes: { mode: "max", scope: "web" } }, { type: "gha", attributes: { scope: "web" } }],
    [
      "a bucket",
      { type: "s3", attributes: { bucket: "b", name: "n" } },
      { type: "s3", attributes: { mode: "max", bucket: "b", name: "n-web" } },
      { type: "s3", attributes: { bucket: "b", name: "n-web" } },
    ],
  ])("%s", (_, given, exported, imported) => {
    const place = placeOf(given.type, { ...given.attributes });
    expect([place.entry("web", "export"), place.entry("web", "import")]).toEqual([exported, imported]);
  });

  test("what has no scopes is refused", () => {
    expect(valueOf(cachePlace({ type: "inline", attributes: {} }))).toEqual([
      'invalid value for --cache: type "inline" has no scopes; use one of registry, gha, s3, azblob',
    ]);
    expect(valueOf(cachePlace({ type: "registry", attributes: { ref: "r/c@sha256:1" } }))).toEqual([
      "invalid value for --cache: a registry cache needs a reference without digest, such as registry.example/app/cache",
    ]);
  });
});

describe("wiring", () => {
  test("each target has its own scope and imports those of its neighbours", () => {
    const plan = planOf([of("app", "base"), of("base"), of("alone")], { cache: registry });
    const ref = (name: string): string => `r.example/app/cache:${name}`;
    expect(wiring(plan)).toEqual([
      ["app", [ref("app"), ref("base")], [ref("app")]],
      ["base", [ref("base"), ref("app")], [ref("base")]],
      ["alone", [ref("alone")], [ref("alone")]],
    ]);
    expect(plan.sharedCache).toEqual({
      type: "registry",
      place: "r.example/app/cache",
      scopes: [
        { job: "app", exports: ["app"], imports: ["app", "base"] },
        { job: "base", exports: ["base"], imports: ["base", "app"] },
        { job: "alone", exports: ["alone"], imports: ["alone"] },
      ],
    });
  });

  test("entries of the targets stay, and requests without --cache are as they were", () => {
    const own = { cacheFrom: [{ type: "registry", attributes: { ref: "old" } }] };
    expect(wiring(planOf([target("a", own)], { cache: registry }))).toEqual([["a", ["old", "r.example/app/cache:a"], ["r.example/app/cache:a"]]]);
    expect(wiring(planOf([target("a", own)]))).toEqual([["a", ["old"], []]]);
  });

  test("one solve for two targets writes the scopes of both", () => {
    expect(wiring(planOf([target("a"), target("b")], { cache: registry }))).toEqual([
      ["a", ["r.example/app/cache:a", "r.example/app/cache:b"], ["r.example/app/cache:a", "r.example/app/cache:b"]],
    ]);
  });

  test("nodes have scopes of their own", () => {
    const nodes = builder(node({ configuredPlatforms: ["linux/amd64"] }), node({ configuredPlatforms: ["linux/arm64"] }));
    const plan = planOf([target("a", { platforms: ["linux/amd64", "linux/arm64"] })], { engine: nodes, cache: registry });
    expect(plan.sharedCache?.scopes.map(({ exports }) => exports)).toEqual([["a-linux-amd64"], ["a-linux-arm64"]]);
  });

  test("a target with very many dependants imports only some of their scopes", () => {
    const children = Array.from({ length: 100 }, (_, i) => of(`c${i}`, "base"));
    const plan = planOf([...children, of("base")], { cache: registry });
    expect(plan.jobs.find(({ id }) => id === "base")?.request.cacheFrom).toHaveLength(17);
  });

  test("questions have no cache", () => {
    expect(wiring(planOf([target("a", { call: { name: "lint", ignoreStatus: false } })], { cache: registry }))).toEqual([["a", [], []]]);
  });

  test("GitHub tokens are references", () => {
    const facts = localFacts({ secretEnv: ["ACTIONS_RUNTIME_TOKEN", "ACTIONS_CACHE_URL"] });
    const plan = planOf([target("a")], { facts, cache: placeOf("gha", {}) });
    expect(plan.jobs[0]?.request.cacheTo).toEqual([
      { type: "gha", attributes: { mode: "max", scope: "a", token: { ref: "env:ACTIONS_RUNTIME_TOKEN" }, url: { ref: "env:ACTIONS_CACHE_URL" } } },
    ]);
  });
});
