/** What holds for the plan of any graph: acyclic, complete, deterministic, each context once a node, inputs before what needs them. */
import { describe, expect, test } from "vitest";
import type { PathFacts } from "../../../src/planner/facts.ts";
import { printPlan } from "../../../src/planner/plan.ts";
import type { TargetInput } from "../../../src/planner/target.ts";
import { builder, localFacts, node, planOf, target } from "./rig.ts";

/** A small generator with a fixed seed: the same graphs every time. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const folders = ["/w", "/w/a", "/w/b", "/else"];
const facts = localFacts({ paths: new Map(folders.map((path): [string, PathFacts] => [path, { kind: "directory", real: path }])) });
const nodes = builder(node({ name: "x", configuredPlatforms: ["linux/amd64"] }), node({ name: "y", configuredPlatforms: ["linux/arm64"] }));

/** Targets in random order, linked without cycles, some of them the same. */
function graph(seed: number): { readonly targets: readonly TargetInput[]; readonly durations: ReadonlyMap<string, number> } {
  const next = random(seed * 7919);
  const pick = <T>(...of: readonly T[]): T => of[Math.floor(next() * of.length)] as T;
  const count = 2 + Math.floor(next() * 25);
  const several = next() < 0.3;
  const targets = Array.from({ length: count }, (_, i): TargetInput => {
    const links = Array.from({ length: i }, (_link, parent) => parent).filter(() => next() < 0.12);
    const named: readonly (readonly [string, string])[] = next() < 0.3 ? [["extra", pick(...folders)]] : [];
    return target(`t${i}`, {
      requested: next() < 0.8,
      context: pick(...folders),
      args: next() < 0.5 ? [["A", pick("1", "2")]] : [],
      contexts: [...links.map((parent): readonly [string, string] => [`c${parent}`, `target:t${parent}`]), ...named],
      platforms: several ? ["linux/amd64", "linux/arm64"] : ["linux/amd64"],
      noCache: next() < 0.1,
      tags: [`r/t${i}`],
      outputs: [{ type: pick("cacheonly", "image", "local"), dest: pick("", "out", `o${i}`) || `d${i}`, attributes: {} }],
    });
  });
  const durations = new Map(targets.filter(() => next() < 0.4).map(({ name }) => [name, Math.floor(next() * 100_000)]));
  return {
    targets: targets
      .map((each) => ({ each, at: next() }))
      .sort((a, b) => a.at - b.at)
      .map(({ each }) => each),
    durations,
  };
}

describe.each(Array.from({ length: 60 }, (_, i) => i + 1))("graph %i", (seed) => {
  const { targets, durations } = graph(seed);
  const changes = { engine: nodes, facts, durations };
  const plan = planOf(targets, changes);

  test("every target is built, by exactly the jobs of its nodes", () => {
    expect([...new Set([...plan.jobs, ...plan.twins].map((each) => each.target))].sort()).toEqual(targets.map(({ name }) => name).sort());
    const ids = plan.jobs.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { name, platforms } of targets) {
      const own = plan.jobs.filter((job) => job.target === name);
      const shared = plan.twins.filter((twin) => twin.target === name);
      expect(own.length + shared.length).toBe(platforms.length);
    }
  });

  test("the order has every job once, after its inputs and after the job that does its work", () => {
    const rank = new Map(plan.order.map((id, index) => [id, index]));
    expect([...plan.order].sort()).toEqual(plan.jobs.map(({ id }) => id).sort());
    for (const { from, to } of plan.edges) expect(rank.get(from)).toBeLessThan(rank.get(to) ?? -1);
    for (const { id, repeats } of plan.jobs) if (repeats !== undefined) expect(rank.get(repeats)).toBeLessThan(rank.get(id) ?? -1);
  });

  test("nothing is lost that a target writes", () => {
    const exporters = plan.jobs.flatMap(({ request }) => request.exporters);
    for (const { outputs, tags } of targets) {
      for (const { type, dest } of outputs) {
        if (type === "local") expect(exporters.some(({ sink }) => sink?.kind === "directory" && sink.path === `/w/${dest}`)).toBe(true);
        if (type === "image")
          expect(
            exporters.some(({ attributes }) =>
              String(attributes["name"])
                .split(",")
                .includes(tags[0] ?? ""),
            ),
          ).toBe(true);
      }
    }
  });

  test("each directory appears once a node, and shared ones come from one session", () => {
    const keys = plan.contexts.map((context) => `${context.node} ${context.path}`);
    expect(new Set(keys).size).toBe(keys.length);
    const served = plan.sharedSessions.flatMap((session) => session.mounts.map(({ name, path }) => `${session.node} ${name} ${path}`));
    expect(new Set(served).size).toBe(served.length);
    for (const job of plan.jobs) {
      for (const { name, source, session } of job.mounts) {
        if (source.kind !== "directory") continue;
        const users = plan.jobs.filter(
          (other) =>
            other.node === job.node &&
            other.mounts.some((mount) => mount.name === name && mount.source.kind === "directory" && mount.source.path === source.path),
        );
        expect(session !== undefined).toBe(users.length > 1);
      }
    }
  });

  test("the same input gives the same bytes", () => {
    expect(printPlan(planOf(targets, changes))).toBe(printPlan(plan));
  });
});
