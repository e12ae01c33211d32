/** Names that an expression can see: nested scopes of variables, and one set of functions. */
import type { HclFunction } from "./functions/function.ts";
import type { Value } from "./values.ts";

/** What the evaluation of one definition has cost, so that hostile input ends (spec/hcl.md 9). */
export interface Budget {
  steps: number;
  /** Levels of expressions being evaluated right now. */
  depth: number;
}

/** The budget of a definition: one for all its scopes. */
export const newBudget = (): Budget => ({ steps: 0, depth: 0 });

export interface Scope {
  readonly parent?: Scope;
  readonly variables: { get(name: string): Value | undefined; keys(): Iterable<string> };
  /** Only the outermost scope holds functions. */
  readonly functions?: { get(name: string): HclFunction | undefined; keys(): Iterable<string> };
  readonly budget: Budget;
}

export function lookupVariable(scope: Scope, name: string): Value | undefined {
  for (let at: Scope | undefined = scope; at; at = at.parent) {
    const value = at.variables.get(name);
    if (value) return value;
  }
  return undefined;
}

export function lookupFunction(scope: Scope, name: string): HclFunction | undefined {
  for (let at: Scope | undefined = scope; at; at = at.parent) {
    const found = at.functions?.get(name);
    if (found) return found;
  }
  return undefined;
}

/** A scope inside another, with a few more variables. */
export function childScope(parent: Scope, variables: ReadonlyMap<string, Value>): Scope {
  return { parent, variables, budget: parent.budget };
}

/** A scope inside another in which few names stand for values, as in the body of a function: looking at each is faster than a map. */
export function scopeOf(parent: Scope, names: readonly string[], values: readonly Value[]): Scope {
  return { parent, variables: new Bindings(names, values), budget: parent.budget };
}

class Bindings {
  private readonly names: readonly string[];
  private readonly values: readonly Value[];

  constructor(names: readonly string[], values: readonly Value[]) {
    this.names = names;
    this.values = values;
  }

  /** Of equal names the last one counts. */
  get(name: string): Value | undefined {
    const { names } = this;
    for (let i = names.length - 1; i >= 0; i--) if (names[i] === name) return this.values[i];
    return undefined;
  }

  keys(): Iterable<string> {
    return new Set(this.names);
  }
}
