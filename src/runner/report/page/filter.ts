/** Which targets are shown, and in which order. */
import type { Report } from "../report.ts";
import type { TargetView } from "./rows.ts";

export interface Filter {
  /** Words that must all occur in the name of the target or of one of its steps. */
  readonly text: string;
  readonly kind: string;
}

/** Gives the test for a filter; what it needs of the report is looked up once. */
export function matcher(report: Report, { text, kind }: Filter): (view: TargetView) => boolean {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  const warned = new Set(report.warnings.flatMap((warning) => warning.targets).map((i) => report.targets[i]));
  const hasStep = (view: TargetView, test: (step: Report["steps"][number]) => boolean): boolean =>
    view.steps.some((i) => report.steps[i] !== undefined && test(report.steps[i]));
  const kinds: Readonly<Record<string, (view: TargetView) => boolean>> = {
    failed: ({ target }) => target?.state === "failed",
    built: (view) => hasStep(view, (step) => step.state !== "cached" && !step.name.startsWith("[internal]")),
    critical: (view) => hasStep(view, (step) => step.critical),
    warned: ({ target }) => target !== undefined && warned.has(target),
  };
  const ofKind = kinds[kind];
  return (view) => words.every((word) => view.text.includes(word)) && (ofKind === undefined || ofKind(view));
}

const ORDERS: Readonly<Record<string, (a: TargetView, b: TargetView) => number>> = {
  start: (a, b) => a.start - b.start,
  duration: (a, b) => b.duration - a.duration,
  name: (a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0),
};

export function ordered(views: readonly TargetView[], order: string): readonly TargetView[] {
  const compare = ORDERS[order];
  return compare === undefined ? views : [...views].sort(compare);
}
