import { expect, test } from "vitest";
import type { Job, Plan } from "../../../src/planner/plan.ts";
import { jobGroups, linkProgress } from "../../../src/runner/job-groups.ts";

/** As much of a plan as grouping looks at. */
const planOf = (part: Pick<Plan, "order" | "groups" | "edges">): Plan =>
  ({ ...part, jobs: [...part.order].sort().map((id) => ({ id, target: id }) as Job) }) as unknown as Plan;

test("groups come in the order of the plan: that of their first member", () => {
  const plan = planOf({
    order: ["late", "root", "alone", "leaf", "last"],
    groups: [["root", "leaf"]],
    edges: [{ from: "root", to: "leaf", context: "base" }],
  });
  const groups = jobGroups(plan, linkProgress(plan));
  expect(groups.map((group) => group.map(({ job }) => job.id))).toEqual([["late"], ["root", "leaf"], ["alone"], ["last"]]);
});
