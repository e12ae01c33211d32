import { expect, test } from "vitest";
import { OutcomeTable } from "../../../src/cli/outcome-table.ts";
import type { TargetState } from "../../../src/events.ts";

test("failed targets come first, with their reasons; attempts are counted", () => {
  const table = new OutcomeTable();
  const at = (target: string, state: TargetState, seconds: number, rest: { attempt?: number; error?: string } = {}): void =>
    table.handle({ type: "target", target, state, attempt: 1, time: BigInt(seconds) * 1_000_000_000n, ...rest });
  for (const name of ["api", "web", "e2e"]) at(name, "waiting", 0);
  at("api", "running", 1);
  at("web", "running", 1);
  at("web", "waiting", 2, { attempt: 2, error: "target web: busy" });
  at("web", "running", 3, { attempt: 2 });
  at("web", "failed", 4, { attempt: 2, error: "target web: failed to solve: exit code: 1\nmore" });
  at("e2e", "running", 2);
  at("e2e", "skipped", 4, { error: "target web, which this target is linked to, failed" });
  at("api", "exporting", 4);
  at("api", "succeeded", 6);
  const rows = table
    .format()
    .trimEnd()
    .split("\n")
    .map((row) => row.split(/\t+/));
  expect(rows).toEqual([
    ["TARGET", "RESULT", "TIME", "WHY"],
    ["web", "failed (attempt 2)", "3.0s", "failed to solve: exit code: 1"],
    ["e2e", "skipped", "target web, which this target is linked to, failed"],
    ["api", "succeeded", "5.0s"],
  ]);
});
