import { expect, test } from "vitest";
import { planText } from "../../../src/planner/plan-text.ts";
import { cachePlace, type CachePlace } from "../../../src/planner/shared-cache.ts";
import { planOf, target, valueOf } from "./rig.ts";

test("a plan for people", () => {
  const plan = planOf(
    [
      target("app", { contexts: [["os", "target:base"]], tags: ["r/app:1"], outputs: [{ type: "image", dest: "", attributes: { push: "true" } }] }),
      target("copy", { contexts: [["os", "target:base"]], tags: ["r/copy:1"], outputs: [{ type: "image", dest: "", attributes: { push: "true" } }] }),
      target("files", { contexts: [["os", "target:base"]], outputs: [{ type: "local", dest: "out", attributes: {} }] }),
      target("check", { platforms: ["linux/amd64"], call: { name: "lint", ignoreStatus: false } }),
      target("base", { requested: false, pull: true }),
    ],
    { cache: valueOf(cachePlace({ type: "registry", attributes: { ref: "r/cache" } })) as CachePlace },
  );
  expect(planText(plan)).toBe(`5 targets in 4 solves on builder "b" (remote, 1 node)

Order
  1.  base   node0               only for others
  2.  app    node0               needs base as os
  3.  copy   node0               after app, the same solve: only its outputs have work
  4.  check  node0  linux/amd64  asks for lint

Solved once
  files is built by app, with its outputs
  copy is the same solve as app; it only exports

Contexts
  /w (context, dockerfile): sent once for app, copy, check, base

Caches (all in r/cache)
  app from registry r/cache:app
  app from registry r/cache:files
  app from registry r/cache:base
  app to registry r/cache:app
  app to registry r/cache:files
  copy from registry r/cache:copy
  copy from registry r/cache:base
  copy to registry r/cache:copy
  base from registry r/cache:base
  base from registry r/cache:app
  base from registry r/cache:copy
  base to registry r/cache:base

Outputs
  app: image r/app:1 pushed
  app: local to /w/out
  copy: image r/copy:1 pushed
`);
});
