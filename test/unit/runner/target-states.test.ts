/** States of targets, of several jobs, of twins, and over attempts. */
import { expect, test } from "vitest";
import type { Job, Plan } from "../../../src/planner/plan.ts";
import { TargetStates } from "../../../src/runner/target-states.ts";

type Pairs = readonly (readonly [string, string])[];

function states(jobs: Pairs, twins: Pairs = []): { readonly states: TargetStates; readonly log: string[] } {
  const log: string[] = [];
  const plan = {
    jobs: jobs.map(([id, target]) => ({ id, target }) as Job),
    twins: twins.map(([target, job]) => ({ target, job, requested: true, exporters: [], names: [] })),
  } as unknown as Plan;
  return { states: new TargetStates(plan, ({ target, state, attempt }) => log.push(`${target} ${state} ${attempt}`)), log };
}

test("states go forwards, and a final one stays", () => {
  const { states: own, log } = states([["a", "a"]]);
  own.set("a", "waiting");
  own.set("a", "exporting");
  own.set("a", "running");
  own.set("a", "failed");
  own.set("a", "succeeded");
  expect(log).toEqual(["a waiting 1", "a exporting 1", "a failed 1"]);
});

test("twins have the state of the job that builds them", () => {
  const { states: own, log } = states(
    [
      ["a", "a"],
      ["c", "c"],
    ],
    [["b", "a"]],
  );
  expect(own.targets).toEqual(["a", "c", "b"]);
  own.setJob("a", "running");
  own.setJob("a", "failed");
  expect(log).toEqual(["a running 1", "b running 1", "a failed 1", "b failed 1"]);
  expect(own.summary()).toEqual({ succeeded: [], failed: ["a", "b"], cancelled: ["c"], skipped: [] });
});

test("another attempt begins anew, once for all jobs of a target", () => {
  const { states: own, log } = states([
    ["a@0", "a"],
    ["a@1", "a"],
  ]);
  own.setJob("a@0", "running");
  own.retry("a@0", 2, "busy");
  own.retry("a@1", 2, "busy");
  own.setJob("a@0", "running");
  expect(log).toEqual(["a running 1", "a waiting 2", "a running 2"]);
  expect([own.jobDone("a"), own.jobDone("a")]).toEqual([false, true]);
});
