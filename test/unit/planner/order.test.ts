import { expect, test } from "vitest";
import type { TargetInput } from "../../../src/planner/target.ts";
import { planOf, target } from "./rig.ts";

const of = (name: string, ...parents: readonly string[]): TargetInput =>
  target(name, { args: [["NAME", name]], contexts: parents.map((parent) => [parent, `target:${parent}`]) });

//  base ── mid ── app      tool ── base      alone
const targets = [of("alone"), of("app", "mid"), of("tool", "base"), of("mid", "base"), of("base")];

test("without history the longest chain of jobs comes first", () => {
  expect(planOf(targets).order).toEqual(["base", "mid", "alone", "app", "tool"]);
});

test("recorded durations decide, and inputs still come first", () => {
  const durations = new Map([
    ["alone", 60_000],
    ["tool", 40_000],
    ["mid", 1000],
    ["base", 500],
    ["app", 10],
  ]);
  expect(planOf(targets, { durations }).order).toEqual(["alone", "base", "tool", "mid", "app"]);
});

test("a target that was never timed counts as the median", () => {
  const durations = new Map([
    ["alone", 100],
    ["tool", 300],
    ["app", 200],
  ]);
  const plan = planOf([of("alone"), of("tool"), of("fresh"), of("app")], { durations });
  expect(plan.order).toEqual(["tool", "fresh", "app", "alone"]);
});
