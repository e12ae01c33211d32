/** Failed solves as errors for people (spec/bake.md 12, spec/buildkit.md 8.5). */
import { describe, expect, test } from "vitest";
import type { Job, Plan } from "../../../src/planner/plan.ts";
import { targetFailure } from "../../../src/runner/failure.ts";

/** As much of a plan as a failure looks at. */
const planOf = (...targets: readonly string[]): Plan =>
  ({ builder: "b", jobs: targets.map((target) => ({ id: target, target }) as Job), twins: [] }) as unknown as Plan;

const engineError = (code: number, message: string): object => Object.assign(new Error(message), { code, sources: [] });

describe("the message of a failure", () => {
  test("[bake 103] names the target only when there are several", () => {
    expect(targetFailure(engineError(2, "step failed"), "a", planOf("a")).message).toBe("failed to solve: step failed");
    expect(targetFailure(engineError(2, "step failed"), "a", planOf("a", "b")).message).toBe("target a: failed to solve: step failed");
    expect(targetFailure(new Error("broken"), "a", planOf("a", "b")).message).toBe("target a: broken");
  });
  test.each([
    { code: 13, exit: 100 },
    { code: 8, exit: 102 },
    { code: 1, exit: 130 },
    { code: 2, exit: 1 },
  ])("code $code ends with status $exit", ({ code, exit }) => {
    expect(targetFailure(engineError(code, "x"), "a", planOf("a")).exitCode).toBe(exit);
  });
});
