/** `validation` blocks of variables, checked once all variables are known and before there are user functions (spec/hcl.md 5.6). */
import type { Diagnostic, SourceRange } from "../../diagnostics.ts";
import type { Block, Expression } from "../hcl/ast.ts";
import { convert } from "../hcl/convert.ts";
import { evaluate } from "../hcl/evaluate.ts";
import { BOOL, STRING, textOf, type Value } from "../hcl/values.ts";
import type { Globals } from "./globals.ts";
import { resolveNeeds } from "./graph.ts";
import { problem } from "./problems.ts";
import type { VariableDeclaration } from "./variables.ts";

const SCHEMA = { blocks: [], attributes: [{ name: "condition" }, { name: "error_message" }] } as const;

/** Arguments that do not belong in a validation block. */
export const validationProblems = ({ validations }: VariableDeclaration): readonly Diagnostic[] =>
  validations.flatMap((block) => block.body.content(SCHEMA).diagnostics);

/** All rules that a variable breaks. */
export function brokenRules({ name, validations }: VariableDeclaration, globals: Globals): readonly Diagnostic[] {
  return validations.flatMap((block) => brokenRule(name, block, globals));
}

function brokenRule(name: string, block: Block, globals: Globals): readonly Diagnostic[] {
  const { attributes } = block.body.partialContent(SCHEMA);
  const condition = attributes.get("condition")?.expression;
  const place: SourceRange = condition ? { file: condition.file, start: condition.start, end: condition.end } : block.body.missingItemRange;
  const invalid = (detail: string): readonly Diagnostic[] => [problem("bake.condition", "Invalid condition result", detail, place)];
  const outcome = condition && valueOf(condition, globals);
  if (outcome?.diagnostics.length) return outcome.diagnostics;
  if (!outcome || outcome.value.state === "null") return invalid("Condition expression must return either true or false, not null.");
  const converted = convert(outcome.value, BOOL);
  if (!converted.ok) return invalid(`Invalid condition result value: ${converted.message}`);
  if (converted.value.content === true) return [];
  const message = messageOf(attributes.get("error_message")?.expression, globals);
  return message.diagnostics ?? [{ ...problem("bake.validation", "Validation failed", message.text, place), path: ["variable", name] }];
}

function valueOf(expression: Expression, globals: Globals): { readonly value: Value; readonly diagnostics: readonly Diagnostic[] } {
  const diagnostics = resolveNeeds(globals.needsOf(expression, undefined, { beforeFunctions: true }));
  const outcome = evaluate(expression, globals.scope);
  return diagnostics.length > 0 ? { ...outcome, diagnostics } : outcome;
}

type Message = { readonly text: string; readonly diagnostics?: undefined } | { readonly diagnostics: readonly Diagnostic[] };

function messageOf(expression: Expression | undefined, globals: Globals): Message {
  const outcome = expression && valueOf(expression, globals);
  if (outcome && outcome.diagnostics.length > 0) return { diagnostics: outcome.diagnostics };
  const converted = outcome && convert(outcome.value, STRING);
  return { text: converted?.ok && converted.value.state === "known" ? textOf(converted.value) : "This check failed, but has an invalid error message." };
}
