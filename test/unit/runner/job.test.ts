import { describe, expect, test } from "vitest";
import type { Job } from "../../../src/planner/plan.ts";
import type { BuildCalls, FrontendResult } from "../../../src/runner/build-calls.ts";
import { driveJob, JobProgress, LinkedFailure } from "../../../src/runner/job.ts";
import { depths, Gate } from "../../../src/runner/schedule.ts";

const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Records what an engine would be asked, in order, and how many jobs evaluate at once. */
class Recorder {
  readonly log: string[] = [];
  working = 0;
  peak = 0;

  async work(entry: string): Promise<void> {
    this.working++;
    this.peak = Math.max(this.peak, this.working);
    this.log.push(entry);
    await tick();
    this.working--;
  }

  at(entry: string): number {
    return this.log.indexOf(entry);
  }
}

function callsOf(name: string, recorder: Recorder, failing?: ReadonlySet<string>): BuildCalls {
  let finish: (response: Record<string, string>) => void = () => undefined;
  let fail: (error: unknown) => void = () => undefined;
  let parents: readonly string[] = [];
  return {
    startSolve: () =>
      new Promise((resolve, reject) => {
        finish = resolve;
        fail = reject;
      }),
    open(results) {
      parents = [...results.keys()].sort();
      return tick();
    },
    ping: tick,
    async solveFrontend(): Promise<FrontendResult> {
      await recorder.work(`solve ${name} (${parents.join(",")})`);
      recorder.log.push(`solved ${name}`);
      return { metadata: new Map(), received: new Uint8Array(0), refs: [] };
    },
    async evaluate() {
      if (failing?.has(name) === true) throw new Error(`${name} broke`);
      await recorder.work(`evaluate ${name}`);
    },
    async giveBack() {
      recorder.log.push(`return ${name}`);
      await tick();
      finish({ name });
    },
    async giveBackError(error) {
      await tick();
      fail(error);
    },
    cancel: () => recorder.log.push(`cancel ${name}`),
  };
}

type Edge = { from: string; to: string };

function start(names: readonly string[], edges: readonly Edge[], options: { slots: number; failing?: ReadonlySet<string> }): { recorder: Recorder; outcomes: Promise<PromiseSettledResult<unknown>[]> } {
  const recorder = new Recorder();
  const slots = new Gate(options.slots);
  const depth = depths(names, edges);
  const jobs = new Map(names.map((name) => [name, new JobProgress({ id: name, target: name } as Job, depth.get(name) ?? 0)]));
  for (const { from, to } of edges) {
    const [parent, child] = [jobs.get(from) as JobProgress, jobs.get(to) as JobProgress];
    parent.children.push(child);
    child.parents.push(parent);
  }
  const { signal } = new AbortController();
  const outcomes = Promise.allSettled([...jobs].map(([name, job]) => driveJob(job, { calls: callsOf(name, recorder, options.failing), slots, signal })));
  return { recorder, outcomes };
}

/** A small generator with a fixed seed: the same graphs every time. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

describe("linked jobs", () => {
  test.each([1, 2, 4])("random graphs end with %i slots, every job once, after its inputs", async (limit) => {
    for (let seed = 1; seed <= 20; seed++) {
      const next = random(seed * 7919);
      const names = Array.from({ length: 12 }, (_, i) => `t${i}`);
      const edges = names.flatMap((to, i) => names.slice(0, i).flatMap((from) => (next() < 0.2 ? [{ from, to }] : [])));
      const { recorder, outcomes } = start(names, edges, { slots: limit });
      expect((await outcomes).map(({ status }) => status)).toEqual(names.map(() => "fulfilled"));
      expect(recorder.peak).toBeLessThanOrEqual(limit);
      expect(recorder.log.filter((entry) => entry.startsWith("return")).sort()).toEqual(names.map((name) => `return ${name}`).sort());
      for (const { from, to } of edges) {
        const solve = recorder.log.findIndex((entry) => entry.startsWith(`solve ${to} `));
        expect(recorder.at(`solved ${from}`)).toBeLessThan(solve);
        expect(recorder.at(`evaluate ${from}`)).toBeLessThan(recorder.at(`evaluate ${to}`));
        // The parent stays open until its child has evaluated.
        expect(recorder.at(`evaluate ${to}`)).toBeLessThan(recorder.at(`return ${from}`));
      }
    }
  });

  test("a child gets the results of all its parents", async () => {
    const edges = [
      { from: "a", to: "c" },
      { from: "b", to: "c" },
    ];
    const { recorder, outcomes } = start(["a", "b", "c"], edges, { slots: 8 });
    await outcomes;
    expect(recorder.log).toContain("solve c (a,b)");
  });

  test("a failed parent fails its children as a consequence, a failed child does not fail its parent", async () => {
    const edges = [
      { from: "base", to: "app" },
      { from: "base", to: "tool" },
      { from: "app", to: "leaf" },
    ];
    const { outcomes } = start(["base", "app", "tool", "leaf"], edges, { slots: 8, failing: new Set(["app"]) });
    const [base, app, tool, leaf] = await outcomes;
    expect([base?.status, tool?.status]).toEqual(["fulfilled", "fulfilled"]);
    expect(app).toMatchObject({ status: "rejected", reason: new Error("app broke") });
    expect((leaf as PromiseRejectedResult).reason).toBeInstanceOf(LinkedFailure);
  });
});
