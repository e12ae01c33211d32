/** One evaluation of an expression: where problems are gathered, and what bounds its cost (spec/hcl.md 9). */
import type { Diagnostic, SourceRange } from "../../diagnostics.ts";
import type { AnonymousNode, Expression } from "./ast.ts";
import type { Budget, Scope } from "./scope.ts";
import { UNKNOWN, type Value } from "./values.ts";

/** Nodes that all expressions of a definition may evaluate together. */
export const MAX_STEPS = 10_000_000;
/** Levels of expressions within each other, calls of the definition's functions included. */
export const MAX_DEPTH = 600;

/** Carries a limit to the door of the evaluator; never leaves it. */
export class LimitReached extends Error {
  readonly diagnostic: Diagnostic;
  constructor(summary: string, detail: string, range: SourceRange) {
    super(summary);
    this.diagnostic = { severity: "error", code: "hcl.limit", summary, detail, range: rangeOf(range) };
  }
}

/** The range alone, without the node that it is. */
export const rangeOf = ({ file, start, end }: SourceRange): SourceRange => ({ file, start, end });

/** From the start of one node to the end of another. */
export const rangeBetween = (first: SourceRange, last: SourceRange): SourceRange => ({ file: first.file, start: first.start, end: last.end });

/** Without a scope only constants can be evaluated. */
export type ScopeOrNone = Scope | undefined;

export type ValueOf = (expression: Expression, scope: ScopeOrNone, run: EvaluationRun) => Value;

const NONE: readonly Diagnostic[] = [];

export class EvaluationRun {
  /** Problems so far; those of branches that are not taken are cut off again. */
  diagnostics: Diagnostic[];
  budget: Budget;
  private readonly evaluate: ValueOf;
  private known: Map<AnonymousNode, Value> | undefined;

  constructor(budget: Budget, evaluate: ValueOf) {
    this.diagnostics = [];
    this.budget = budget;
    this.evaluate = evaluate;
    this.known = undefined;
  }

  /** Ends this evaluation, so that another can begin; yields its problems. */
  end(): readonly Diagnostic[] {
    const { diagnostics } = this;
    this.known = undefined;
    if (diagnostics.length === 0) return NONE;
    this.diagnostics = [];
    return diagnostics;
  }

  /** What the `anonymous` nodes of splats stand for at the moment. */
  get items(): Map<AnonymousNode, Value> {
    return (this.known ??= new Map());
  }

  value(expression: Expression, scope: ScopeOrNone): Value {
    const { budget } = this;
    if (++budget.steps > MAX_STEPS || budget.depth >= MAX_DEPTH) this.#exhausted(expression);
    // Half of all nodes are constants, and go no further.
    if (expression.kind === "literal") return expression.value;
    if (expression.kind === "template" && expression.constant) return expression.constant;
    budget.depth++;
    const value = this.evaluate(expression, scope, this);
    budget.depth--;
    return value;
  }

  /** Charges a node that was looked at without being evaluated. */
  pass(expression: Expression): void {
    const { budget } = this;
    if (++budget.steps > MAX_STEPS || budget.depth >= MAX_DEPTH) this.#exhausted(expression);
  }

  /** Evaluates apart: the problems are returned instead of gathered. */
  apart(expression: Expression, scope: ScopeOrNone): { readonly value: Value; readonly diagnostics: Diagnostic[] } {
    const before = this.diagnostics.length;
    const value = this.value(expression, scope);
    return { value, diagnostics: this.diagnostics.splice(before) };
  }

  /** Charges work that is not a node: characters joined, items made. */
  charge(steps: number, range: SourceRange): void {
    this.budget.steps += steps;
    if (this.budget.steps > MAX_STEPS) this.#exhausted(range);
  }

  #exhausted(range: SourceRange): never {
    if (this.budget.steps > MAX_STEPS) {
      throw new LimitReached("Evaluation too expensive", `A definition may take at most ${MAX_STEPS} evaluation steps.`, range);
    }
    throw new LimitReached("Nesting too deep", `Expressions and calls may be nested at most ${MAX_DEPTH} levels deep.`, range);
  }

  error(code: string, summary: string, detail: string, range: SourceRange): void {
    this.diagnostics.push({ severity: "error", code: `hcl.${code}`, summary, detail, range: rangeOf(range) });
  }

  /** Reports and yields the value that makes no second diagnostic. */
  fail(code: string, summary: string, detail: string, range: SourceRange): Value {
    this.error(code, summary, detail, range);
    return UNKNOWN;
  }
}
