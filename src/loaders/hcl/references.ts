/** What an expression refers to, found in its syntax: all branches and all arguments (spec/hcl.md 5.3). */
import type { CallNode, Expression, ForNode, ObjectKeyNode, ObjectNode, TraversalNode } from "./ast.ts";
import { keywordOf } from "./static-forms.ts";

/** What an expression mentions, each list in the order in which it is written. */
export interface Mentions {
  /** All calls, outer ones before those in their arguments. */
  readonly calls: readonly CallNode[];
  /** The references whose root name no `for` around them binds. */
  readonly references: readonly TraversalNode[];
}

const NO_CALLS: CallNode[] = [];
const NO_REFERENCES: TraversalNode[] = [];

export function mentionsOf(expression: Expression): Mentions {
  const found: Found = { calls: NO_CALLS, references: NO_REFERENCES };
  visit(expression, undefined, found);
  return found;
}

/** Lists are made with their first item: most expressions mention one thing, or none. */
interface Found {
  calls: CallNode[];
  references: TraversalNode[];
}

/** Names that loops bind, from the inside out. */
interface Bound {
  readonly names: readonly (string | undefined)[];
  readonly outer: Bound | undefined;
}

/** Depth first, in the order in which the reference looks at things. The parser bounds the depth of all that is not a chain. */
function visit(node: Expression, bound: Bound | undefined, found: Found): void {
  switch (node.kind) {
    case "literal":
      return;
    case "template":
      return visitAll(node.parts, bound, found);
    case "traversal":
      if (bound && isBound(node.root, bound)) return;
      if (found.references === NO_REFERENCES) found.references = [node];
      else found.references.push(node);
      return;
    case "tuple":
      // A list of constants mentions nothing.
      return node.constant ? undefined : visitAll(node.items, bound, found);
    case "object":
      return visitItems(node, bound, found);
    case "call":
      if (found.calls === NO_CALLS) found.calls = [node];
      else found.calls.push(node);
      return visitAll(node.args, bound, found);
    case "binary":
    case "relative-traversal":
    case "index":
    case "splat":
      return visitChain(node, bound, found);
    case "conditional":
      visit(node.condition, bound, found);
      visit(node.then, bound, found);
      return visit(node.else, bound, found);
    case "template-wrap":
      return visit(node.wrapped, bound, found);
    case "template-join":
      return visit(node.tuple, bound, found);
    case "unary":
      return visit(node.operand, bound, found);
    case "parentheses":
      return visit(node.inner, bound, found);
    case "object-key":
      return isBareWord(node) ? undefined : visit(node.wrapped, bound, found);
    case "for":
      return visitFor(node, bound, found);
    case "json-string":
      return visit(node.template().expression, bound, found);
    case "anonymous":
      return;
  }
}

function isBound(name: string, bound: Bound | undefined): boolean {
  for (let at = bound; at; at = at.outer) if (at.names.includes(name)) return true;
  return false;
}

function visitAll(nodes: readonly Expression[], bound: Bound | undefined, found: Found): void {
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[i] as Expression;
    if (node.kind !== "literal") visit(node, bound, found);
  }
}

function visitItems({ items }: ObjectNode, bound: Bound | undefined, found: Found): void {
  for (let i = 0; i < items.length; i++) {
    const { key, value } = items[i] as ObjectNode["items"][number];
    if (key.kind !== "object-key" || !isBareWord(key)) visit(key, bound, found);
    if (value.kind !== "literal") visit(value, bound, found);
  }
}

/** A bare word as a key is a name, not a reference. */
const isBareWord = ({ forced, wrapped }: ObjectKeyNode): boolean => !forced && keywordOf(wrapped) !== undefined;

/** Operators and steps begin with what is left of them, to any depth: that costs no stack. */
function visitChain(node: Expression, bound: Bound | undefined, found: Found): void {
  const rest: Expression[] = [];
  let first = node;
  for (let next = firstOf(first); next; next = firstOf(first)) {
    const then = secondOf(first);
    if (then) rest.push(then);
    first = next;
  }
  visit(first, bound, found);
  for (let i = rest.length - 1; i >= 0; i--) visit(rest[i] as Expression, bound, found);
}

/** The operand, or what is looked into, that stands at the front of a link of a chain. */
function firstOf(node: Expression): Expression | undefined {
  switch (node.kind) {
    case "binary":
      return node.left;
    case "index":
      return node.collection;
    case "relative-traversal":
    case "splat":
      return node.source;
    default:
      return undefined;
  }
}

/** What a link of a chain holds beside its front. */
function secondOf(node: Expression): Expression | undefined {
  switch (node.kind) {
    case "binary":
      return node.right;
    case "index":
      return node.key;
    case "splat":
      return node.each;
    default:
      return undefined;
  }
}

/** The collection is evaluated outside the loop. */
function visitFor(node: ForNode, outer: Bound | undefined, found: Found): void {
  visit(node.collection, outer, found);
  const inner: Bound = { names: [node.keyName, node.valueName], outer };
  if (node.key) visit(node.key, inner, found);
  visit(node.value, inner, found);
  if (node.condition) visit(node.condition, inner, found);
}
