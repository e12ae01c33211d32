/** `[for …]` and `{for …}` (spec/hcl.md 3.8). */
import type { Expression, ForNode } from "./ast.ts";
import { convert } from "./convert.ts";
import { bounded } from "./evaluate-collection.ts";
import type { EvaluationRun, ScopeOrNone } from "./evaluation.ts";
import { newBudget, type Scope } from "./scope.ts";
import { friendlyName, isCollection } from "./types.ts";
import { BOOL, boolOf, entriesOf, int, itemsOf, object, STRING, string, textOf, tuple, UNKNOWN, type Value } from "./values.ts";

export function forValue(node: ForNode, scope: ScopeOrNone, run: EvaluationRun): Value {
  const collection = run.value(node.collection, scope);
  if (collection.state === "null") {
    const detail = "A null value cannot be used as the collection in a 'for' expression.";
    return run.fail("for-null", "Iteration over null value", detail, node.collection);
  }
  const { type } = collection;
  if (type.kind === "dynamic") return UNKNOWN;
  if (!isCollection(type) && type.kind !== "tuple" && type.kind !== "object") {
    const detail = `A value of type ${friendlyName(type)} cannot be used as the collection in a 'for' expression.`;
    return run.fail("for-collection", "Iteration over non-iterable value", detail, node.collection);
  }
  if (collection.state === "unknown") return UNKNOWN;
  const loop = new Loop(node, scope, run);
  if (node.condition && !loop.precheck(node.condition)) return UNKNOWN;
  return node.key ? loop.object(node.key, collection) : loop.tuple(collection);
}

/** Keys as the loop's names see them: a set has its elements for keys. */
function keysOf(collection: Value): readonly Value[] {
  const { kind } = collection.type;
  if (kind === "map" || kind === "object") return Array.from(entriesOf(collection).keys(), string);
  return kind === "set" ? itemsOf(collection) : itemsOf(collection).map((_, i) => int(i));
}

function valuesOf(collection: Value): readonly Value[] {
  return collection.content instanceof Map ? [...entriesOf(collection).values()] : itemsOf(collection);
}

class Loop {
  readonly #node: ForNode;
  readonly #run: EvaluationRun;
  readonly #variables = new Map<string, Value>();
  readonly #scope: Scope;
  /** Problems after the first that leaves the result unknown are not worth reporting. */
  #isKnown = true;

  constructor(node: ForNode, scope: ScopeOrNone, run: EvaluationRun) {
    this.#node = node;
    this.#run = run;
    this.#scope = { ...(scope && { parent: scope }), variables: this.#variables, budget: scope?.budget ?? newBudget() };
  }

  #bind(key: Value | undefined, value: Value): void {
    if (this.#node.keyName !== undefined && key) this.#variables.set(this.#node.keyName, key);
    this.#variables.set(this.#node.valueName, value);
  }

  /** Binds the names to each element in turn. */
  *#elements(collection: Value): Iterable<void> {
    const keys = this.#node.keyName === undefined ? undefined : keysOf(collection);
    for (const [i, value] of valuesOf(collection).entries()) {
      this.#bind(keys?.[i], value);
      yield;
    }
  }

  /** The condition is looked at once with unknown names, so that a wrong one is wrong over an empty collection too. */
  precheck(condition: Expression): boolean {
    const run = this.#run;
    this.#bind(UNKNOWN, UNKNOWN);
    const problems = run.diagnostics.length;
    const value = run.value(condition, this.#scope);
    if (value.state === "null") {
      run.error("for-condition", "Condition is null", "The value of the 'if' clause must not be null.", condition);
      return false;
    }
    const converted = convert(value, BOOL);
    if (!converted.ok) run.error("for-condition", "Invalid 'for' condition", `The 'if' clause value is invalid: ${converted.message}.`, condition);
    return run.diagnostics.length === problems;
  }

  /** Whether an element takes part. */
  #includes(): boolean {
    const { condition } = this.#node;
    if (!condition) return true;
    const value = this.#run.value(condition, this.#scope);
    if (value.state === "null") return this.#lost("for-condition", "Invalid 'for' condition", "The value of the 'if' clause must not be null.", condition);
    const converted = convert(value, BOOL);
    if (!converted.ok) return this.#lost("for-condition", "Invalid 'for' condition", `The 'if' clause value is invalid: ${converted.message}.`, condition);
    if (converted.value.state === "known") return boolOf(converted.value);
    this.#isKnown = false;
    return false;
  }

  #lost(code: string, summary: string, detail: string, place: Expression): false {
    if (this.#isKnown) this.#run.error(code, summary, detail, place);
    this.#isKnown = false;
    return false;
  }

  tuple(collection: Value): Value {
    const items: Value[] = [];
    for (const _ of this.#elements(collection)) {
      if (this.#includes()) items.push(this.#run.value(this.#node.value, this.#scope));
    }
    return this.#isKnown ? bounded(tuple(items), this.#node) : UNKNOWN;
  }

  object(keyExpression: Expression, collection: Value): Value {
    const groups = new Map<string, Value[]>();
    for (const _ of this.#elements(collection)) {
      if (!this.#includes()) continue;
      const name = this.#key(keyExpression);
      if (name === undefined) continue;
      const item = this.#run.value(this.#node.value, this.#scope);
      const group = groups.get(name);
      if (!group) groups.set(name, [item]);
      else if (this.#node.group) group.push(item);
      else this.#duplicate(name, keyExpression);
    }
    if (!this.#isKnown) return UNKNOWN;
    const entries = [...groups].map(([name, group]): [string, Value] => [name, this.#node.group ? tuple(group) : (group[0] as Value)]);
    return bounded(object(entries), this.#node);
  }

  #key(expression: Expression): string | undefined {
    const value = this.#run.value(expression, this.#scope);
    if (value.state === "null") {
      this.#lost("for-key", "Invalid object key", "Key expression in 'for' expression must not produce a null value.", expression);
      return undefined;
    }
    const converted = convert(value, STRING);
    if (!converted.ok) this.#lost("for-key", "Invalid object key", `The key expression produced an invalid result: ${converted.message}.`, expression);
    else if (converted.value.state === "known") return textOf(converted.value);
    this.#isKnown = false;
    return undefined;
  }

  #duplicate(name: string, expression: Expression): void {
    const detail = `Two different items produced the key "${name}" in this 'for' expression. If duplicates are expected, use the ellipsis (...) after the value expression to enable grouping by key.`;
    this.#run.error("for-duplicate", "Duplicate object key", detail, expression);
  }
}
