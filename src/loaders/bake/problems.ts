/** Diagnostics as evaluation makes them. */
import type { Diagnostic, SourceRange } from "../../diagnostics.ts";

/** Ranges may come as syntax nodes: only the place is kept. */
export function problem(code: string, summary: string, detail: string, { file, start, end }: SourceRange): Diagnostic {
  return { severity: "error", code, summary, detail, range: { file, start, end } };
}

export const invalidName = (message: string, range: SourceRange): Diagnostic => problem("bake.name", "Invalid name", message, range);
export const invalidValue = (message: string, range: SourceRange): Diagnostic => problem("bake.value", "Invalid value", message, range);
export const invalidExpression = (message: string, range: SourceRange): Diagnostic => problem("bake.expression", "Invalid expression", message, range);
export const invalidFunction = (message: string, range: SourceRange): Diagnostic => problem("bake.function", "Invalid function", message, range);
export const unsuitable = (message: string, range: SourceRange): Diagnostic =>
  problem("bake.value-type", "Unsuitable value type", `Unsuitable value: ${message}`, range);

/** Several diagnostics as one line, the way the reference counts them. */
export function countOthers(first: string, count: number): string {
  return count > 1 ? `${first}, and ${count - 1} other diagnostic(s)` : first;
}
