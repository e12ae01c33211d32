/** `condition ? a : b` and `%{ if }` (spec/hcl.md 3.5). */
import type { Diagnostic } from "../../diagnostics.ts";
import type { ConditionalNode } from "./ast.ts";
import { convert } from "./convert.ts";
import { type EvaluationRun, rangeBetween, type ScopeOrNone } from "./evaluation.ts";
import { friendlyName, isCollection, typesEqual } from "./types.ts";
import { unifyTypes } from "./unify.ts";
import { BOOL, boolOf, DYNAMIC, FALSE, TRUE, type Type, unknownOf, type Value } from "./values.ts";

/** Both branches are evaluated, for their types; the problems of the one that is not taken are dropped. */
export function conditionalValue(node: ConditionalNode, scope: ScopeOrNone, run: EvaluationRun): Value {
  const { diagnostics } = run;
  const start = diagnostics.length;
  const then = run.value(node.then, scope);
  const between = diagnostics.length;
  const otherwise = run.value(node.else, scope);
  // Nearly always there are none: then nothing needs to be put aside.
  const problems = diagnostics.length > start ? diagnostics.splice(start) : NONE;
  const type = resultType(then, otherwise);
  if (!type) {
    const detail = `The true and false result expressions must have consistent types. ${describeMismatch(then.type, otherwise.type)}.`;
    return run.fail("conditional-types", "Inconsistent conditional result types", detail, rangeBetween(node.then, node.else));
  }
  const condition = run.value(node.condition, scope);
  if (condition.state === "null") {
    run.error("null-condition", "Null condition", "The condition value is null. Conditions must either be true or false.", node.condition);
    return unknownOf(type);
  }
  const truth = decisionOf(condition);
  if (truth === undefined) {
    run.error("condition-type", "Incorrect condition type", "The condition expression must be of type bool.", node.condition);
    return unknownOf(type);
  }
  if (truth === "unknown") return unknownOf(type);
  if (problems.length > 0) diagnostics.push(...(truth ? problems.slice(0, between - start) : problems.slice(between - start)));
  const taken = truth ? then : otherwise;
  if (taken.type === type) return taken;
  const converted = convert(taken, type);
  if (converted.ok) return converted.value;
  const detail = `The ${truth} result value has the wrong type: ${converted.message}.`;
  run.error("conditional-types", "Inconsistent conditional result types", detail, rangeBetween(node.then, node.else));
  return unknownOf(type);
}

const NONE: readonly Diagnostic[] = [];

/** What a condition that is not null says; undefined where it is no truth value. */
function decisionOf(condition: Value): boolean | "unknown" | undefined {
  if (condition === TRUE || condition === FALSE) return condition === TRUE;
  const converted = convert(condition, BOOL);
  if (!converted.ok) return undefined;
  return converted.value.state === "known" ? boolOf(converted.value) : "unknown";
}

const isUntypedNull = (value: Value): boolean => value.state === "null" && value.type.kind === "dynamic";

/** The type of both branches; dynamic leaves the taken one as it is; undefined when they have none in common. */
function resultType(then: Value, otherwise: Value): Type | undefined {
  if (isUntypedNull(then)) return otherwise.type;
  if (isUntypedNull(otherwise)) return then.type;
  if (then.type.kind === "dynamic" || otherwise.type.kind === "dynamic") return DYNAMIC;
  return then.type === otherwise.type ? then.type : unifyTypes([then.type, otherwise.type]);
}

function describeMismatch(then: Type, otherwise: Type): string {
  if (then.kind === "object" && otherwise.kind === "object") {
    const found = describeObjects(then.attributes, otherwise.attributes);
    if (found !== undefined) return found;
  }
  if (then.kind === "tuple" && otherwise.kind === "tuple") {
    const [left, right] = [then.elements, otherwise.elements];
    if (left.length !== right.length) return `The 'true' tuple has length ${left.length}, but the 'false' tuple has length ${right.length}`;
    for (const [i, type] of left.entries()) {
      const other = right[i] as Type;
      if (!typesEqual(type, other)) return `Type mismatch for tuple element ${i}: ${describeMismatch(type, other)}`;
    }
  }
  if (isCollection(then) && isCollection(otherwise) && then.kind === otherwise.kind) {
    const [left, right] = [then.element, otherwise.element];
    if (left.kind === right.kind && (left.kind === "object" || left.kind === "tuple"))
      return `Mismatched ${then.kind} element types: ${describeMismatch(left, right)}`;
  }
  const [thenName, otherwiseName] = [friendlyName(then), friendlyName(otherwise)];
  if (thenName === otherwiseName) {
    return "At least one deeply-nested attribute or element is not compatible across both the 'true' and the 'false' value";
  }
  return `The 'true' value is ${thenName}, but the 'false' value is ${otherwiseName}`;
}

function describeObjects(then: ReadonlyMap<string, Type>, otherwise: ReadonlyMap<string, Type>): string | undefined {
  for (const [name, type] of then) {
    const other = otherwise.get(name);
    if (!other) return `The 'true' value includes object attribute "${name}", which is absent in the 'false' value`;
    if (!typesEqual(type, other)) return `Type mismatch for object attribute "${name}": ${describeMismatch(type, other)}`;
  }
  for (const name of otherwise.keys()) {
    if (!then.has(name)) return `The 'false' value includes object attribute "${name}", which is absent in the 'true' value`;
  }
  return undefined;
}
