/**
 * Expressions to values (spec/hcl.md 3). A problem is reported once: its place yields an unknown value, and
 * nothing that is computed from an unknown value reports again.
 */
import type { Diagnostic } from "../../diagnostics.ts";
import { fixedValueOf, type Expression } from "./ast.ts";
import { callValue } from "./evaluate-call.ts";
import { objectKeyValue, objectValue, splatValue, tupleValue } from "./evaluate-collection.ts";
import { conditionalValue } from "./evaluate-conditional.ts";
import { forValue } from "./evaluate-for.ts";
import { binaryValue, unaryValue } from "./evaluate-operator.ts";
import { templateJoinValue, templateValue } from "./evaluate-template.ts";
import { EvaluationRun, LimitReached, rangeOf, type ScopeOrNone } from "./evaluation.ts";
import { newBudget, type Scope } from "./scope.ts";
import { indexInto, relativeTraversalValue, traversalValue } from "./traversal.ts";
import { string, UNKNOWN, type Value } from "./values.ts";

export interface Evaluation {
  /** Unknown, or with unknown parts, where there are diagnostics. */
  readonly value: Value;
  readonly diagnostics: readonly Diagnostic[];
}

const NONE: readonly Diagnostic[] = [];

/** The value of an expression. Without a scope neither variables nor functions are allowed, and JSON strings are plain text. */
export function evaluate(expression: Expression, scope?: Scope): Evaluation {
  const constant = fixedValueOf(expression);
  if (constant) return { value: constant, diagnostics: NONE };
  const budget = scope?.budget ?? newBudget();
  const run = spare ?? new EvaluationRun(budget, valueOf);
  spare = undefined;
  run.budget = budget;
  const { depth } = budget;
  try {
    const value = run.value(expression, scope);
    return { value, diagnostics: run.end() };
  } catch (error) {
    run.end();
    budget.depth = depth;
    return { value: UNKNOWN, diagnostics: [limitOf(error, expression)] };
  } finally {
    spare = run;
  }
}

/** A run that is over, for the next evaluation. While one is going on there is none: functions of a definition evaluate within it. */
let spare: EvaluationRun | undefined;

/** The caller's own stack may be deep already: running out of it is a limit like the others. */
function limitOf(error: unknown, expression: Expression): Diagnostic {
  if (error instanceof LimitReached) return error.diagnostic;
  if (!(error instanceof RangeError) || !/call stack/.test(error.message)) throw error;
  const detail = "Definitions that refer to each other are nested too deeply.";
  return { severity: "error", code: "hcl.limit", summary: "Nesting too deep", detail, range: rangeOf(expression) };
}

/** The value of what is no constant. The most frequent kinds first: they are compared in turn. */
function valueOf(node: Expression, scope: ScopeOrNone, run: EvaluationRun): Value {
  switch (node.kind) {
    case "traversal":
      return traversalValue(node, scope, run);
    case "template":
      return templateValue(node, scope, run);
    case "tuple":
      return tupleValue(node, scope, run);
    case "call":
      return callValue(node, scope, run);
    case "object":
      return objectValue(node, scope, run);
    case "binary":
      return binaryValue(node, scope, run);
    case "conditional":
      return conditionalValue(node, scope, run);
    case "template-wrap":
      return run.value(node.wrapped, scope);
    case "object-key":
      return objectKeyValue(node, scope, run);
    case "literal":
      return node.value;
    case "unary":
      return unaryValue(node, scope, run);
    case "parentheses":
      return run.value(node.inner, scope);
    case "for":
      return forValue(node, scope, run);
    case "template-join":
      return templateJoinValue(node, scope, run);
    case "relative-traversal":
      return relativeTraversalValue(node, scope, run);
    case "index":
      return indexInto(run.value(node.collection, scope), run.value(node.key, scope), node.bracketRange, run);
    case "splat":
      return splatValue(node, scope, run);
    case "anonymous":
      return run.items.get(node) ?? UNKNOWN;
    case "json-string": {
      if (!scope) return string(node.text);
      const { expression, diagnostics } = node.template();
      if (diagnostics.length === 0) return run.value(expression, scope);
      run.diagnostics.push(...diagnostics);
      return UNKNOWN;
    }
  }
}
