/** Texts that are read before anything is in scope: descriptions of variables (spec/hcl.md 5.2). */
import type { Diagnostic } from "../../diagnostics.ts";
import type { Expression } from "../hcl/ast.ts";
import { convert } from "../hcl/convert.ts";
import { evaluate } from "../hcl/evaluate.ts";
import { startRange } from "../hcl/start-range.ts";
import { STRING, textOf } from "../hcl/values.ts";
import { NULL_VALUE, UNKNOWN_VALUE } from "./decoded.ts";
import { unsuitable } from "./problems.ts";

export interface ConstantText {
  readonly text?: string;
  readonly diagnostics: readonly Diagnostic[];
}

export function constantText(expression: Expression | undefined): ConstantText {
  if (!expression) return { diagnostics: [] };
  const { value, diagnostics } = evaluate(expression);
  const converted = convert(value, STRING);
  if (!converted.ok) return { diagnostics: [...diagnostics, unsuitable(converted.message, startRange(expression))] };
  const { state } = converted.value;
  if (state === "known") return { text: textOf(converted.value), diagnostics };
  return { diagnostics: [...diagnostics, unsuitable(state === "null" ? NULL_VALUE : UNKNOWN_VALUE, startRange(expression))] };
}
