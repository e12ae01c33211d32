/** `try`, `can` and `convert`: functions that look at expressions, not at values (spec/hcl.md 6.4). */
import { type Diagnostic, formatRange } from "../../../diagnostics.ts";
import type { Expression } from "../ast.ts";
import { convert } from "../convert.ts";
import { parseTypeExpression, requireAll } from "../type-expression.ts";
import { isWhollyKnown } from "../value-size.ts";
import { BOOL, bool, UNKNOWN, unknownOf } from "../values.ts";
import { type FunctionTable, nullable } from "./define.ts";
import { type CallOutcome, failure, type HclFunction, type LazyArguments, type Parameter, result } from "./function.ts";

const isError = (diagnostic: Diagnostic): boolean => diagnostic.severity === "error";

/** The first argument that evaluates without an error; null is a success. */
function tryEach({ expressions, evaluate }: LazyArguments): CallOutcome {
  if (expressions.length === 0) return failure("at least one argument is required");
  const problems: Diagnostic[] = [];
  for (const expression of expressions) {
    const { value, diagnostics } = evaluate(expression);
    if (!diagnostics.some(isError)) return result(isWhollyKnown(value) ? value : UNKNOWN);
    problems.push(...diagnostics);
  }
  const lines = problems.map(({ summary, range, detail }) => `- ${summary}${range ? ` (at ${formatRange(range)})` : ""}\n  ${detail ?? ""}\n`);
  return failure(`no expression succeeded:\n${lines.join("")}\nAt least one expression must produce a successful result`);
}

function canEvaluate({ expressions, evaluate }: LazyArguments): CallOutcome {
  const { value, diagnostics } = evaluate(expressions[0] as Expression);
  if (diagnostics.some(isError)) return result(bool(false));
  return result(isWhollyKnown(value) ? bool(true) : unknownOf(BOOL));
}

function convertTo({ expressions, evaluate }: LazyArguments): CallOutcome {
  const [source, wanted] = expressions as readonly [Expression, Expression];
  const { value, diagnostics } = evaluate(source);
  const type = parseTypeExpression(wanted);
  const problems = [...diagnostics.filter(isError), ...(type.ok ? [] : [type.diagnostic])];
  if (!type.ok || problems.length > 0) return { ...failure("the arguments have errors"), diagnostics: problems } as CallOutcome;
  const converted = convert(value, requireAll(type.type));
  return converted.ok ? result(converted.value) : failure(converted.message, 0);
}

/** The evaluator never calls these with values. */
const lazy = (parameters: readonly Parameter[], evaluate: NonNullable<HclFunction["lazy"]>, variadic?: Parameter): HclFunction => ({
  parameters,
  ...(variadic && { variadic }),
  call: () => failure("the function takes expressions"),
  lazy: evaluate,
});

export function lazyFunctions(): FunctionTable {
  return {
    try: lazy([], tryEach, nullable("expressions")),
    can: lazy([nullable("expression")], canEvaluate),
    convert: lazy([nullable("value"), nullable("type")], convertTo),
  };
}
