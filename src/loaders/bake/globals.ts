/**
 * The names that every expression of a definition sees, and what an expression needs before it can be
 * evaluated (spec/hcl.md 5.3): all names it mentions, whichever branch is taken.
 */
import type { Diagnostic } from "../../diagnostics.ts";
import { fixedValueOf, type Expression, type TraversalNode } from "../hcl/ast.ts";
import type { HclFunction } from "../hcl/functions/function.ts";
import type { FunctionLibrary } from "../hcl/functions/standard.ts";
import { callsOf, referencesOf } from "../hcl/references.ts";
import { newBudget, type Scope } from "../hcl/scope.ts";
import type { Value } from "../hcl/values.ts";
import { type GraphNode, type Need, type Needs, NO_NEEDS } from "./graph.ts";
import { invalidExpression } from "./problems.ts";

/** Blocks as references to `target.NAME.ATTR` see them. */
export interface BlockNodes {
  /** What a reference below `target` or `group` needs; nothing when there is no such block. */
  nodesFor(kind: BlockKind, name: string, attribute: string | undefined): readonly GraphNode[];
}

export type BlockKind = "target" | "group";

export interface NeedOptions {
  /** Names of an inner scope, which hide global ones. */
  readonly hidden?: { has(name: string): boolean };
  /** Unknown names are errors at once: bodies of functions. */
  readonly strict?: boolean;
  /** User functions do not exist yet: only those that variables needed are there. */
  readonly beforeFunctions?: boolean;
}

export class Globals {
  /** Resolved variables, attributes and built-ins; later also the blocks by kind. */
  readonly values: Map<string, Value> = new Map();
  readonly userFunctions: Map<string, HclFunction> = new Map();
  /** Variables and attributes by name. */
  readonly names: Map<string, GraphNode> = new Map();
  /** User functions by name, those that the library hides left out. */
  readonly functions: Map<string, GraphNode> = new Map();
  readonly library: FunctionLibrary;
  readonly scope: Scope;
  /** Before the first block is looked at, `target` and `group` are names like any other. */
  knowsBlocks = false;
  /** Absent until the names of all blocks are known: variables and functions cannot see blocks. */
  blocks: BlockNodes | undefined;

  constructor(library: FunctionLibrary) {
    this.library = library;
    const { userFunctions } = this;
    this.scope = {
      variables: this.values,
      functions: {
        get: (name) => library.get(name) ?? userFunctions.get(name),
        keys: () => [...library.keys(), ...userFunctions.keys()],
      },
      budget: newBudget(),
    };
  }

  needsOf(expression: Expression, options: NeedOptions = {}): Needs {
    if (fixedValueOf(expression)) return NO_NEEDS;
    const calls = callsOf(expression);
    const references = referencesOf(expression);
    if (calls.length === 0 && references.length === 0) return NO_NEEDS;
    const nodes: Need[] = [];
    const diagnostics: Diagnostic[] = [];
    for (const { name, file } of calls) {
      if (options.beforeFunctions || this.library.get(name)) continue;
      const node = this.functions.get(name);
      if (node) {
        if (node.state !== "done") nodes.push({ node, by: expression });
      } else if (options.strict && !file.within) {
        // The reference does not see calls in strings of JSON: they fail when they are made.
        diagnostics.push(invalidExpression(`function ${JSON.stringify(name)} does not exist: undefined`, expression));
      }
    }
    for (const reference of references) this.#addReference(reference, expression, options, nodes, diagnostics);
    return nodes.length === 0 && diagnostics.length === 0 ? NO_NEEDS : { nodes, diagnostics };
  }

  #addReference(reference: TraversalNode, expression: Expression, { hidden, strict }: NeedOptions, nodes: Need[], diagnostics: Diagnostic[]): void {
    const { root } = reference;
    const isBlockRoot = (root === "target" || root === "group") && (strict || this.knowsBlocks);
    // Parameters hide the blocks, axes of a matrix do not.
    if (hidden?.has(root) && (strict || !isBlockRoot)) return;
    if (!isBlockRoot) {
      const node = this.names.get(root);
      if (node) {
        if (node.state !== "done") nodes.push({ node, by: expression });
      } else if (strict && !this.values.has(root)) {
        diagnostics.push(invalidExpression(`variable ${JSON.stringify(root)} does not exist: undefined`, expression));
      }
      return;
    }
    if (strict) {
      diagnostics.push(invalidExpression(`variable ${JSON.stringify(root)} does not exist: undefined`, expression));
      return;
    }
    const [first, second] = reference.steps;
    if (!first) diagnostics.push(invalidExpression(`cannot access ${root} as a variable`, expression));
    else if (first.kind === "index") diagnostics.push(invalidExpression(`cannot traverse ${root} without attribute`, expression));
    else {
      const attribute = second?.kind === "attribute" ? second.name : undefined;
      for (const node of this.blocks?.nodesFor(root, first.name, attribute) ?? []) if (node.state !== "done") nodes.push({ node, by: expression });
    }
  }
}
