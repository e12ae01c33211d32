/** Unary and binary operators (spec/hcl.md 3.4). */
import type { SourceRange } from "../../diagnostics.ts";
import type { BinaryNode, BinaryOperator, Expression, UnaryNode } from "./ast.ts";
import { convert } from "./convert.ts";
import { valuesEqual } from "./equality.ts";
import type { EvaluationRun, ScopeOrNone } from "./evaluation.ts";
import { add, type Arithmetic, type BigNumber, compareNumbers, divide, modulo, multiply, negate, subtract } from "./number.ts";
import { BOOL, bool, boolOf, DYNAMIC, FALSE, NUMBER, number, numberOf, TRUE, type Type, unknownOf, type Value } from "./values.ts";

interface Operator {
  readonly operand: Type;
  readonly result: Type;
  /** Operands are known, and null only where the operand type is dynamic. */
  readonly apply: (left: Value, right: Value) => Value | { readonly error: string };
}

function arithmetic(of: (left: BigNumber, right: BigNumber) => Arithmetic): Operator {
  const apply: Operator["apply"] = (left, right) => {
    const outcome = of(numberOf(left), numberOf(right));
    return "error" in outcome ? outcome : number(outcome);
  };
  return { operand: NUMBER, result: NUMBER, apply };
}

const comparison = (of: (order: number) => boolean): Operator => ({
  operand: NUMBER,
  result: BOOL,
  apply: (left, right) => bool(of(compareNumbers(numberOf(left), numberOf(right)))),
});

const logic = (of: (left: boolean, right: boolean) => boolean): Operator => ({
  operand: BOOL,
  result: BOOL,
  apply: (left, right) => bool(of(boolOf(left), boolOf(right))),
});

function equality(negated: boolean): Operator {
  const apply: Operator["apply"] = (left, right) => {
    const equal = valuesEqual(left, right);
    return equal === undefined ? unknownOf(BOOL) : bool(equal !== negated);
  };
  return { operand: DYNAMIC, result: BOOL, apply };
}

const OPERATORS: Readonly<Record<BinaryOperator, Operator>> = {
  "||": logic((left, right) => left || right),
  "&&": logic((left, right) => left && right),
  "==": equality(false),
  "!=": equality(true),
  "<": comparison((order) => order < 0),
  "<=": comparison((order) => order <= 0),
  ">": comparison((order) => order > 0),
  ">=": comparison((order) => order >= 0),
  "+": arithmetic(add),
  "-": arithmetic(subtract),
  "*": arithmetic(multiply),
  "/": arithmetic(divide),
  "%": arithmetic(modulo),
};

const NULL_OPERAND = "argument must not be null";

/** Chains of left operands are a loop, so that their length costs no stack. */
export function binaryValue(node: BinaryNode, scope: ScopeOrNone, run: EvaluationRun): Value {
  const start = run.diagnostics.length;
  if (node.left.kind !== "binary") return operate(node, run.value(node.left, scope), start, scope, run);
  const chain: BinaryNode[] = [];
  let first: Expression = node;
  while (first.kind === "binary") {
    chain.push(first);
    first = first.left;
  }
  let value = run.value(first, scope);
  for (let link = chain.pop(); link; link = chain.pop()) value = operate(link, value, start, scope, run);
  return value;
}

/** One operator, its left operand evaluated. `start` is how many problems there were before the chain. */
function operate(node: BinaryNode, left: Value, start: number, scope: ScopeOrNone, run: EvaluationRun): Value {
  run.charge(1, node);
  const operator = OPERATORS[node.operator];
  const { diagnostics } = run;
  const between = diagnostics.length;
  const right = run.value(node.right, scope);
  const end = diagnostics.length;
  const leftValue = operand(left, operator.operand, "left", node.left, run);
  const rightValue = operand(right, operator.operand, "right", node.right, run);
  if (!leftValue || !rightValue) {
    // Operands of the wrong type are reported before the problems inside of them.
    diagnostics.splice(start, 0, ...diagnostics.splice(end));
    return unknownOf(operator.result);
  }
  if (operator.operand === BOOL) {
    const decisive = node.operator === "||";
    if (decides(leftValue, decisive)) {
      diagnostics.length = between;
      return bool(decisive);
    }
    if (decides(rightValue, decisive)) {
      diagnostics.splice(start, between - start);
      return bool(decisive);
    }
  }
  if (diagnostics.length > start) return unknownOf(operator.result);
  if (operator.operand !== DYNAMIC && (leftValue.state === "null" || rightValue.state === "null")) {
    return failed(NULL_OPERAND, node, operator.result, run);
  }
  if (leftValue.state === "unknown" || rightValue.state === "unknown") return unknownOf(operator.result);
  const outcome = operator.apply(leftValue, rightValue);
  return "error" in outcome ? failed(outcome.error, node, operator.result, run) : outcome;
}

/** A null counts as false. */
function decides(value: Value, decisive: boolean): boolean {
  if (value.type.kind !== "bool" || value.state === "unknown") return false;
  return (value.state === "known" && boolOf(value)) === decisive;
}

function operand(value: Value, type: Type, side: "left" | "right" | "unary", range: SourceRange, run: EvaluationRun): Value | undefined {
  if (value.type === type || type === DYNAMIC) return value;
  const converted = convert(value, type);
  if (!converted.ok) {
    run.error("operand", "Invalid operand", `Unsuitable value for ${side} operand: ${converted.message}.`, range);
    return undefined;
  }
  const typed = converted.value;
  if (typed.type === type || typed.state === "known") return typed;
  // Nulls and unknowns of any type take that of the operator.
  return typed.state === "null" ? { type, state: "null", content: undefined } : unknownOf(type);
}

function failed(reason: string, node: SourceRange, type: Type, run: EvaluationRun): Value {
  run.error("operation", "Operation failed", `Error during operation: ${reason}.`, node);
  return unknownOf(type);
}

export function unaryValue(node: UnaryNode, scope: ScopeOrNone, run: EvaluationRun): Value {
  const type = node.operator === "-" ? NUMBER : BOOL;
  const before = run.diagnostics.length;
  const value = operand(run.value(node.operand, scope), type, "unary", node.operand, run);
  if (!value || run.diagnostics.length > before) return unknownOf(type);
  if (value.state === "null") return failed(NULL_OPERAND, node, type, run);
  if (value.state === "unknown") return unknownOf(type);
  if (node.operator === "-") return number(negate(numberOf(value)));
  return boolOf(value) ? FALSE : TRUE;
}
