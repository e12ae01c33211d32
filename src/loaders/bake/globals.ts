/**
 * The names that every expression of a definition sees, and what an expression needs before it can be
 * evaluated (spec/hcl.md 5.3): all names it mentions, whichever branch is taken.
 */
import type { Diagnostic } from "../../diagnostics.ts";
import { type CallNode, type Expression, fixedValueOf, type TraversalNode } from "../hcl/ast.ts";
import type { HclFunction } from "../hcl/functions/function.ts";
import type { FunctionLibrary } from "../hcl/functions/standard.ts";
import { type Mention, mentionsOf } from "../hcl/references.ts";
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
        // No name is in both.
        get: (name) => userFunctions.get(name) ?? library.get(name),
        keys: () => [...library.keys(), ...userFunctions.keys()],
      },
      budget: newBudget(),
    };
  }

  /** `hidden` are the names of an inner scope, which hide global ones. */
  needsOf(expression: Expression, hidden: NameSet = NO_NAMES, options: NeedOptions = PLAIN): Needs {
    if (fixedValueOf(expression)) return NO_NEEDS;
    const mentions = mentionsOf(expression);
    if (mentions.length === 0) return NO_NEEDS;
    const needs: Gathered = { nodes: undefined, diagnostics: undefined };
    // Calls come first, wherever they stand.
    for (let i = 0; i < mentions.length; i++) {
      const mention = mentions[i] as Mention;
      if (mention.kind === "call") this.#addCall(mention, expression, options, needs);
    }
    for (let i = 0; i < mentions.length; i++) {
      const mention = mentions[i] as Mention;
      if (mention.kind === "traversal") this.#addReference(mention, expression, hidden, options, needs);
    }
    return needs.nodes || needs.diagnostics ? { nodes: needs.nodes ?? [], diagnostics: needs.diagnostics ?? [] } : NO_NEEDS;
  }

  #addCall({ name, file }: CallNode, expression: Expression, { strict, beforeFunctions }: NeedOptions, needs: Gathered): void {
    if (beforeFunctions) return;
    const node = this.functions.get(name);
    if (node) addNode(needs, node, expression);
    // The reference does not see calls in strings of JSON: they fail when they are made.
    else if (strict && !file.within && !this.library.get(name)) addProblem(needs, `function ${JSON.stringify(name)} does not exist: undefined`, expression);
  }

  #addReference(reference: TraversalNode, expression: Expression, hidden: NameSet, { strict }: NeedOptions, needs: Gathered): void {
    const { root } = reference;
    const isBlockRoot = (root === "target" || root === "group") && (strict || this.knowsBlocks);
    // Parameters hide the blocks, axes of a matrix do not.
    if (hidden.has(root) && (strict || !isBlockRoot)) return;
    if (!isBlockRoot) {
      const node = this.names.get(root);
      if (node) addNode(needs, node, expression);
      else if (strict && !this.values.has(root)) addProblem(needs, `variable ${JSON.stringify(root)} does not exist: undefined`, expression);
      return;
    }
    if (strict) return addProblem(needs, `variable ${JSON.stringify(root)} does not exist: undefined`, expression);
    const [first, second] = reference.steps;
    if (!first) return addProblem(needs, `cannot access ${root} as a variable`, expression);
    if (first.kind === "index") return addProblem(needs, `cannot traverse ${root} without attribute`, expression);
    const attribute = second?.kind === "attribute" ? second.name : undefined;
    for (const node of this.blocks?.nodesFor(root, first.name, attribute) ?? []) addNode(needs, node, expression);
  }
}

interface NameSet {
  has(name: string): boolean;
}

const NO_NAMES: NameSet = new Set();
const PLAIN: NeedOptions = {};

/** What an expression needs, while it is gathered: mostly nothing. */
interface Gathered {
  nodes: Need[] | undefined;
  diagnostics: Diagnostic[] | undefined;
}

/** What is done is needed no more. */
function addNode(needs: Gathered, node: GraphNode, by: Expression): void {
  if (node.state !== "done") (needs.nodes ??= []).push({ node, by });
}

function addProblem(needs: Gathered, message: string, expression: Expression): void {
  (needs.diagnostics ??= []).push(invalidExpression(message, expression));
}
