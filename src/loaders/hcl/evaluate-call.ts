/** Function calls (spec/hcl.md 3.10). */
import type { SourceRange } from "../../diagnostics.ts";
import { calledRange, type CallNode, type Expression } from "./ast.ts";
import { convert } from "./convert.ts";
import { bounded } from "./evaluate-collection.ts";
import { type EvaluationRun, rangeOf, type ScopeOrNone } from "./evaluation.ts";
import type { CallOutcome, HclFunction, Parameter } from "./functions/function.ts";
import { closestName } from "./name-suggestion.ts";
import { lookupFunction, type Scope } from "./scope.ts";
import { startRange } from "./start-range.ts";
import { isWhollyKnown } from "./value-size.ts";
import { DYNAMIC, itemsOf, UNKNOWN, type Value } from "./values.ts";

export function callValue(node: CallNode, scope: ScopeOrNone, run: EvaluationRun): Value {
  const callee = scope && lookupFunction(scope, node.name);
  if (!callee) {
    if (!scope || !hasFunctions(scope)) return run.fail("functions-not-allowed", "Function calls not allowed", "Functions may not be called here.", node);
    return run.fail("unknown-function", "Call to unknown function", unknownFunction(node.name, scope), calledRange(node));
  }
  const expressions = node.expandFinal ? expandFinal(node, scope, run) : node.args;
  if (!expressions || !checkCount(node, callee, expressions, run)) return UNKNOWN;
  if (callee.lazy) {
    const outcome = callee.lazy({ expressions, evaluate: (expression) => run.apart(expression, scope) });
    return conclude(node, callee, expressions, outcome, run);
  }
  const args = argumentValues(callee, expressions, scope, run);
  return args ? conclude(node, callee, expressions, callee.call(args), run) : UNKNOWN;
}

function hasFunctions(scope: Scope): boolean {
  for (let at: Scope | undefined = scope; at; at = at.parent) if (at.functions) return true;
  return false;
}

/** Names are suggested only where the scope itself holds functions: not inside loops. */
function unknownFunction(name: string, scope: Scope): string {
  const namespace = name.lastIndexOf("::");
  if (namespace >= 0) return `There are no functions in namespace "${name.slice(0, namespace + 2)}".`;
  const guess = closestName(name, scope.functions?.keys() ?? []);
  return `There is no function named "${name}".${guess === undefined ? "" : ` Did you mean "${guess}"?`}`;
}

/** The elements of the last argument take its place, each with its range. */
function expandFinal(node: CallNode, scope: Scope, run: EvaluationRun): readonly Expression[] | undefined {
  const last = node.args.at(-1) as Expression;
  const problems = run.diagnostics.length;
  const value = run.value(last, scope);
  if (run.diagnostics.length > problems) return undefined;
  const refuse = (detail: string): undefined =>
    void run.error("expanding-argument", "Invalid expanding argument value", `The expanding argument (indicated by ...) must ${detail}.`, last);
  const { kind } = value.type;
  if (kind !== "dynamic" && kind !== "list" && kind !== "set" && kind !== "tuple") return refuse("be of a tuple, list, or set type");
  if (value.state === "null") return refuse("not be null");
  if (value.state === "unknown") return undefined;
  const range = rangeOf(last);
  return [...node.args.slice(0, -1), ...itemsOf(value).map((item): Expression => ({ kind: "literal", value: item, ...range }))];
}

function checkCount(node: CallNode, callee: HclFunction, expressions: readonly Expression[], run: EvaluationRun): boolean {
  const { parameters, variadic } = callee;
  const missing = parameters[expressions.length];
  if (missing) {
    const detail = `Function "${node.name}" expects${variadic ? " at least" : ""} ${parameters.length} argument(s). Missing value for "${missing.name}".`;
    run.error("arguments", "Not enough function arguments", detail, { file: node.file, start: node.end - 1, end: node.end });
    return false;
  }
  const extra = variadic ? undefined : expressions[parameters.length];
  if (!extra) return true;
  run.error("arguments", "Too many function arguments", `Function "${node.name}" expects only ${parameters.length} argument(s).`, startRange(extra));
  return false;
}

/** Converted arguments; undefined when the function cannot be called. */
function argumentValues(callee: HclFunction, expressions: readonly Expression[], scope: Scope, run: EvaluationRun): readonly Value[] | undefined {
  const problems = run.diagnostics.length;
  const count = expressions.length;
  const args = new Array<Value>(count);
  let hasNull = false;
  let isKnown = true;
  for (let i = 0; i < count; i++) {
    const expression = expressions[i] as Expression;
    const parameter = parameterAt(callee, i);
    const { type } = parameter;
    let value = run.value(expression, scope);
    if (value.type !== type && type !== DYNAMIC) {
      const converted = convert(value, type);
      if (!converted.ok) {
        invalidArgument(run, parameter, converted.message, expression);
        continue;
      }
      value = converted.value;
    }
    args[i] = value;
    if (value.state === "null") hasNull = true;
    else if (!isWhollyKnown(value)) isKnown = false;
  }
  if (run.diagnostics.length > problems) return undefined;
  if (hasNull) {
    for (let i = 0; i < count; i++) {
      const parameter = parameterAt(callee, i);
      if ((args[i] as Value).state !== "null" || parameter.allowNull) continue;
      invalidArgument(run, parameter, "argument must not be null", expressions[i] as Expression);
      return undefined;
    }
  }
  return isKnown ? args : undefined;
}

/** The count was checked: there is a parameter for every argument. */
const parameterAt = (callee: HclFunction, index: number): Parameter => callee.parameters[index] ?? (callee.variadic as Parameter);

function invalidArgument(run: EvaluationRun, parameter: Parameter, reason: string, expression: Expression): void {
  run.error("argument", "Invalid function argument", `Invalid value for "${parameter.name}" parameter: ${reason}.`, startRange(expression));
}

function conclude(node: CallNode, callee: HclFunction, expressions: readonly Expression[], outcome: CallOutcome, run: EvaluationRun): Value {
  if (outcome.ok) {
    // What a function of the definition gives was made by an expression, and bounded there.
    if (callee.user) return outcome.value;
    const { content } = outcome.value;
    if (typeof content === "string") {
      if (content.length >= 64) run.charge(content.length >> 6, node);
    } else if (Array.isArray(content)) run.charge(content.length, node);
    return bounded(outcome.value, node);
  }
  if (outcome.diagnostics) {
    run.diagnostics.push(...outcome.diagnostics);
    return UNKNOWN;
  }
  const blamed = outcome.argument === undefined ? undefined : expressions[outcome.argument];
  if (blamed) {
    invalidArgument(run, parameterAt(callee, outcome.argument as number), outcome.message, blamed);
    return UNKNOWN;
  }
  const place: SourceRange = { file: node.file, start: node.start, end: node.open + 1 };
  return run.fail("call", "Error in function call", `Call to function "${node.name}" failed: ${outcome.message}.`, place);
}
