/** What a failed target expands to: the failing step with the end of its log, and the Dockerfile lines. */
import { formatExcerpt } from "../../diagnostics.ts";
import type { FailurePlace } from "../../events.ts";
import type { TargetRow } from "./rows.ts";

/** Lines without colour; the caller indents and cuts them. */
export function expandFailure(row: TargetRow): readonly string[] {
  const step = row.failedStep;
  const message = row.error ?? step?.error;
  return [...(step ? [`> ${step.name}:`, ...step.lines] : []), ...row.places.flatMap(placeLines), ...(message === undefined ? [] : message.split("\n"))];
}

export function placeLines({ filename, text, first, last }: FailurePlace): readonly string[] {
  return formatExcerpt(filename, text.split("\n"), first, last).trimEnd().split("\n");
}
