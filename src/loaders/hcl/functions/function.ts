/** What a function of the language is, for the evaluator and for the library. */
import type { Diagnostic } from "../../../diagnostics.ts";
import type { Expression } from "../ast.ts";
import type { Type, Value } from "../values.ts";

export interface Parameter {
  readonly name: string;
  readonly type: Type;
  /** Null arguments are refused unless this is set. */
  readonly allowNull?: boolean;
}

/**
 * `argument` is the index of the argument to blame; absent: the call as a whole. `diagnostics` say what was
 * wrong inside the arguments of a lazy function, and are reported as they are instead of the message.
 */
export type CallOutcome =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly message: string; readonly argument?: number; readonly diagnostics?: readonly Diagnostic[] };

/** Evaluates an argument of a lazy function. */
export interface LazyArguments {
  readonly expressions: readonly Expression[];
  evaluate(expression: Expression): { readonly value: Value; readonly diagnostics: readonly Diagnostic[] };
}

export interface HclFunction {
  readonly parameters: readonly Parameter[];
  /** Takes all further arguments. */
  readonly variadic?: Parameter;
  /** Arguments are converted, not null unless allowed, and known. */
  readonly call: (args: readonly Value[]) => CallOutcome;
  /** Instead of `call`: receives expressions (`try`, `can`, `convert`). */
  readonly lazy?: (args: LazyArguments) => CallOutcome;
  /**
   * A function of the definition itself: problems inside it are reported with their own place.
   * Absent for the standard library.
   */
  readonly user?: boolean;
  /** Of a function of the definition: the same arguments give the same result. */
  readonly pure?: boolean;
}

export const result = (value: Value): CallOutcome => ({ ok: true, value });
export const failure = (message: string, argument?: number): CallOutcome => ({
  ok: false,
  message,
  ...(argument !== undefined && { argument }),
});
