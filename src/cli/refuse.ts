/** How every command ends that was given something wrong. */
import type { Diagnostic } from "../diagnostics.ts";
import { formatFailure, formatWarnings } from "./failures.ts";
import { writeAll } from "./output.ts";

/** Prints mistakes; the exit status is that of a mistake. */
export function refuse(diagnostics: readonly Diagnostic[]): number {
  writeAll(2, formatWarnings(diagnostics) + formatFailure(diagnostics));
  return 1;
}
