import { describe, expect, test } from "vitest";
import type { Job } from "../../../src/planner/plan.ts";
import type { BuildCalls, FrontendResult } from "../../../src/runner/build-calls.ts";
import { driveJob, JobProgress, LinkedFailure } from "../../../src/runner/job.ts";
import { Barrier, Gate } from "../../../src/runner/schedule.ts";
import { WorkClock } from "../../../src/runner/work-clock.ts";

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

interface StartOptions {
  readonly slots: number;
  readonly failing?: ReadonlySet<string>;
  /** Outputs wait until every job has evaluated. */
  readonly deferOutput?: boolean;
  /** Jobs that find the work of another one done. */
  readonly repeats?: Readonly<Record<string, string>>;
}

function start(
  names: readonly string[],
  edges: readonly Edge[],
  options: StartOptions,
): { recorder: Recorder; outcomes: Promise<PromiseSettledResult<unknown>[]> } {
  const recorder = new Recorder();
  const slots = new Gate(options.slots);
  const barrier = options.deferOutput === true ? new Barrier(names) : undefined;
  const jobs = new Map(names.map((name, index) => [name, new JobProgress({ id: name, target: name } as Job, names.length - index)]));
  for (const [name, leader] of Object.entries(options.repeats ?? {})) {
    const [own, other] = [jobs.get(name) as JobProgress, jobs.get(leader) as JobProgress];
    own.leader = other;
    other.followed = true;
  }
  for (const { from, to } of edges) {
    const [parent, child] = [jobs.get(from) as JobProgress, jobs.get(to) as JobProgress];
    parent.children.push(child);
    child.parents.push(parent);
  }
  const abort = new AbortController();
  const drive = async ([name, job]: [string, JobProgress]): Promise<unknown> => {
    try {
      const clock = new WorkClock(undefined, () => undefined);
      return await driveJob(job, { calls: callsOf(name, recorder, options.failing), slots, signal: abort.signal, clock, ...(barrier ? { barrier } : {}) });
    } catch (error) {
      job.fail(error);
      // Deferred outputs are for nobody when one target fails.
      if (barrier) abort.abort(error);
      throw error;
    }
  };
  return { recorder, outcomes: Promise.allSettled([...jobs].map(drive)) };
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

  test.each([1, 2, 4])("random graphs with deferred outputs and %i slots give nothing back before everything is evaluated", async (limit) => {
    for (let seed = 1; seed <= 20; seed++) {
      const next = random(seed * 104_729);
      const names = Array.from({ length: 12 }, (_, i) => `t${i}`);
      const edges = names.flatMap((to, i) => names.slice(0, i).flatMap((from) => (next() < 0.15 ? [{ from, to }] : [])));
      const { recorder, outcomes } = start(names, edges, { slots: limit, deferOutput: true });
      expect((await outcomes).map(({ status }) => status)).toEqual(names.map(() => "fulfilled"));
      expect(recorder.peak).toBeLessThanOrEqual(limit);
      const firstReturn = recorder.log.findIndex((entry) => entry.startsWith("return"));
      expect(recorder.log.slice(0, firstReturn).filter((entry) => entry.startsWith("evaluate"))).toHaveLength(names.length);
    }
  });

  test.each([1, 3])("random graphs with a failing job and %i slots: dependants are told, all others end well", async (limit) => {
    for (let seed = 1; seed <= 20; seed++) {
      const next = random(seed * 1_299_709);
      const names = Array.from({ length: 12 }, (_, i) => `t${i}`);
      const edges = names.flatMap((to, i) => names.slice(0, i).flatMap((from) => (next() < 0.15 ? [{ from, to }] : [])));
      // Only linked jobs evaluate by themselves.
      const failing = edges[0]?.from ?? "";
      const below = new Set([failing]);
      for (const name of names) if (edges.some(({ from, to }) => to === name && below.has(from))) below.add(name);
      const settled = await start(names, edges, { slots: limit, failing: new Set([failing]) }).outcomes;
      expect(names.filter((_, i) => settled[i]?.status === "rejected")).toEqual(names.filter((name) => below.has(name)));
      for (const [i, name] of names.entries()) {
        const outcome = settled[i];
        if (outcome?.status === "rejected" && name !== failing) expect(outcome.reason).toBeInstanceOf(LinkedFailure);
      }
    }
  });

  test("deferred outputs: a failure keeps everybody's result back", async () => {
    const { recorder, outcomes } = start(["a", "b", "c"], [], { slots: 1, deferOutput: true, failing: new Set(["c"]) });
    expect((await outcomes).map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
    expect(recorder.log.filter((entry) => entry.startsWith("return"))).toEqual([]);
  });

  test("the same solve again begins when the first has evaluated, and fails with it", async () => {
    const { recorder, outcomes } = start(["a", "b"], [], { slots: 8, repeats: { b: "a" } });
    await outcomes;
    expect(recorder.at("evaluate a")).toBeLessThan(recorder.at("solve b ()"));
    const failed = start(["a", "b"], [], { slots: 8, repeats: { b: "a" }, failing: new Set(["a"]) });
    expect(await failed.outcomes).toMatchObject([{ reason: new Error("a broke") }, { reason: new Error("a broke") }]);
    expect(failed.recorder.log).not.toContain("solve b ()");
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
