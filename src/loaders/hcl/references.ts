/** What an expression refers to, found in its syntax: all branches and all arguments (spec/hcl.md 5.3). */
import type { CallNode, Expression, ForNode, ObjectNode, TraversalNode } from "./ast.ts";
import { keywordOf } from "./static-forms.ts";

/** The references whose root name no `for` around them binds, in the order in which they are written. */
export function referencesOf(expression: Expression): readonly TraversalNode[] {
  return walk(expression).references;
}

/** All calls, outer ones before those in their arguments. */
export function callsOf(expression: Expression): readonly CallNode[] {
  return walk(expression).calls;
}

interface Found {
  readonly references: readonly TraversalNode[];
  readonly calls: readonly CallNode[];
}

/** Names that loops bind, from the inside out. */
interface Bound {
  readonly names: readonly (string | undefined)[];
  readonly outer: Bound | undefined;
}

/** The last answer: both questions are asked of one expression after the other, and mostly once. */
let last: { readonly expression: Expression; readonly found: Found } | undefined;

function walk(expression: Expression): Found {
  if (last?.expression !== expression) last = { expression, found: collect(expression) };
  return last.found;
}

/** Depth first without recursion: the depth of an expression is up to its author. */
function collect(root: Expression): Found {
  const references: TraversalNode[] = [];
  const calls: CallNode[] = [];
  const pending: { readonly node: Expression; readonly bound: Bound | undefined }[] = [{ node: root, bound: undefined }];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { node, bound } = next;
    if (node.kind === "traversal" && !isBound(node.root, bound)) references.push(node);
    if (node.kind === "call") calls.push(node);
    const inner = node.kind === "for" ? { names: [node.keyName, node.valueName], outer: bound } : bound;
    const children = childrenOf(node);
    for (let i = children.length - 1; i >= 0; i--) {
      const child = children[i] as Expression;
      // Most of a definition is literals.
      if (child.kind === "literal") continue;
      pending.push({ node: child, bound: node.kind === "for" && child === node.collection ? bound : inner });
    }
  }
  return { references, calls };
}

function isBound(name: string, bound: Bound | undefined): boolean {
  for (let at = bound; at; at = at.outer) if (at.names.includes(name)) return true;
  return false;
}

const NONE: readonly Expression[] = [];

/** In the order in which the reference looks at them. */
function childrenOf(node: Expression): readonly Expression[] {
  switch (node.kind) {
    case "template":
      return node.parts;
    case "template-wrap":
      return [node.wrapped];
    case "template-join":
      return [node.tuple];
    case "relative-traversal":
      return [node.source];
    case "index":
      return [node.collection, node.key];
    case "splat":
      return [node.source, node.each];
    case "call":
      return node.args;
    case "conditional":
      return [node.condition, node.then, node.else];
    case "binary":
      return [node.left, node.right];
    case "unary":
      return [node.operand];
    case "parentheses":
      return [node.inner];
    case "tuple":
      return node.items;
    case "object":
      return objectChildren(node);
    case "object-key":
      // A bare word is a name, not a reference.
      return !node.forced && keywordOf(node.wrapped) !== undefined ? NONE : [node.wrapped];
    case "for":
      return forChildren(node);
    case "json-string":
      return [node.template().expression];
    default:
      return NONE;
  }
}

/** Bare words as keys are left out. */
function objectChildren({ items }: ObjectNode): readonly Expression[] {
  const children: Expression[] = [];
  for (const { key, value } of items) {
    if (key.kind !== "object-key" || key.forced || keywordOf(key.wrapped) === undefined) children.push(key);
    children.push(value);
  }
  return children;
}

function forChildren(node: ForNode): readonly Expression[] {
  const children = [node.collection];
  if (node.key) children.push(node.key);
  children.push(node.value);
  if (node.condition) children.push(node.condition);
  return children;
}
