/** How the stages of this folder stop: they throw a problem, which the door of the folder turns into a result. */
import type { Diagnostic, RelatedPlace, SourceRange } from "../../diagnostics.ts";

/** Thrown inside `compose/` only. */
export class ComposeProblem extends Error {
  override readonly name = "ComposeProblem";
  readonly diagnostic: Diagnostic;
  constructor(diagnostic: Diagnostic) {
    super(diagnostic.summary);
    this.diagnostic = diagnostic;
  }
}

export type ProblemCode =
  | "compose.yaml"
  | "compose.limit"
  | "compose.empty"
  | "compose.key"
  | "compose.interpolation"
  | "compose.merge"
  | "compose.include"
  | "compose.extends"
  | "compose.form"
  | "compose.schema"
  | "compose.value"
  | "compose.consistency"
  | "compose.env-file"
  | "compose.x-bake"
  | "compose.warning";

/** Stops with the reference's wording, which has no place; the place in the file goes into a note. */
export function refuse(
  code: ProblemCode,
  summary: string,
  range: SourceRange | undefined,
  more: { readonly related?: readonly RelatedPlace[]; readonly hint?: string } = {},
): never {
  throw new ComposeProblem({ severity: "error", code, summary, plain: true, ...(range ? { range } : {}), ...more });
}

/** A part of a problem that is reported together with others of its stage. */
export interface Fault {
  readonly text: string;
  readonly range: SourceRange;
}

/** Stops with all faults of a stage: one text as the reference writes it, each fault with its place. */
export function refuseAll(code: ProblemCode, header: string, faults: readonly Fault[]): never {
  const related = faults.slice(1).map((fault) => ({ message: fault.text, range: fault.range }));
  refuse(code, header + faults.map((fault) => fault.text).join("\n"), faults[0]?.range, related.length > 0 ? { related } : {});
}

/** In the reference's words, which name no place. */
export const warning = (summary: string, range?: SourceRange): Diagnostic => ({
  severity: "warning",
  code: "compose.warning",
  summary,
  plain: true,
  ...(range ? { range } : {}),
});
