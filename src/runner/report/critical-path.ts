/**
 * The chain of steps that decided how long the build took: from the step that ended last back, each time to the
 * input that was ready last. A step without inputs waited for what its target did before it.
 */
import type { Span } from "./report.ts";

export interface PathStep {
  readonly targets: readonly number[];
  readonly inputs: readonly number[];
  readonly runs: readonly Span[];
}

/** Times within this are taken as one after the other: engines report with some jitter. */
const SLACK = 0.005;

/** Indexes in order of time. */
export function criticalPath(steps: readonly PathStep[]): readonly number[] {
  const ran = steps.flatMap((step, i) => (step.runs.length > 0 ? [i] : []));
  const byTarget = stepsOfTargets(steps, ran);
  const path: number[] = [];
  const seen = new Set<number>();
  for (let current = latest(ran, steps); current !== undefined && !seen.has(current); ) {
    seen.add(current);
    path.push(current);
    const step = steps[current] as PathStep;
    const before = startOf(step) + SLACK;
    const ready = (i: number): boolean => !seen.has(i) && (steps[i] as PathStep).runs.length > 0 && endOf(steps[i] as PathStep) <= before;
    const inputs = step.inputs.filter(ready);
    current = latest(inputs, steps) ?? latest(step.targets.flatMap((target) => byTarget.get(target) ?? []).filter(ready), steps);
  }
  return path.reverse();
}

const startOf = ({ runs }: PathStep): number => runs[0]?.[0] ?? 0;
const endOf = ({ runs }: PathStep): number => runs.at(-1)?.[1] ?? 0;

function latest(candidates: readonly number[], steps: readonly PathStep[]): number | undefined {
  let best: number | undefined;
  for (const i of candidates) if (best === undefined || endOf(steps[i] as PathStep) > endOf(steps[best] as PathStep)) best = i;
  return best;
}

function stepsOfTargets(steps: readonly PathStep[], ran: readonly number[]): ReadonlyMap<number, readonly number[]> {
  const byTarget = new Map<number, number[]>();
  for (const i of ran) {
    for (const target of (steps[i] as PathStep).targets) {
      const list = byTarget.get(target) ?? [];
      list.push(i);
      byTarget.set(target, list);
    }
  }
  return byTarget;
}
