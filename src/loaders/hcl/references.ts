/** What an expression refers to, found in its syntax: all branches and all arguments (spec/hcl.md 5.3). */
import { fixedValueOf, type CallNode, type Expression, type ForNode, type ObjectKeyNode, type ObjectNode, type TraversalNode } from "./ast.ts";
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

/** What is still to be looked at: nodes, and beside each the loops around it. */
interface Pending {
  readonly nodes: Expression[];
  readonly bounds: (Bound | undefined)[];
}

/** Depth first without recursion: the depth of an expression is up to its author. */
function collect(root: Expression): Found {
  const references: TraversalNode[] = [];
  const calls: CallNode[] = [];
  const pending: Pending = { nodes: [root], bounds: [undefined] };
  const { nodes, bounds } = pending;
  for (let node = nodes.pop(); node; node = nodes.pop()) {
    const bound = bounds.pop();
    if (node.kind === "traversal") {
      if (!isBound(node.root, bound)) references.push(node);
      continue;
    }
    if (node.kind === "call") calls.push(node);
    pushChildren(node, bound, pending);
  }
  return { references, calls };
}

function isBound(name: string, bound: Bound | undefined): boolean {
  for (let at = bound; at; at = at.outer) if (at.names.includes(name)) return true;
  return false;
}

/** Adds the children of a node so that they come out in the order in which the reference looks at them. */
function pushChildren(node: Expression, bound: Bound | undefined, pending: Pending): void {
  switch (node.kind) {
    case "template":
      return pushAll(node.parts, bound, pending);
    case "call":
      return pushAll(node.args, bound, pending);
    case "tuple":
      return pushAll(node.items, bound, pending);
    case "object":
      return pushItems(node, bound, pending);
    case "template-wrap":
      return push(node.wrapped, bound, pending);
    case "template-join":
      return push(node.tuple, bound, pending);
    case "relative-traversal":
      return push(node.source, bound, pending);
    case "index":
      push(node.key, bound, pending);
      return push(node.collection, bound, pending);
    case "splat":
      push(node.each, bound, pending);
      return push(node.source, bound, pending);
    case "conditional":
      push(node.else, bound, pending);
      push(node.then, bound, pending);
      return push(node.condition, bound, pending);
    case "binary":
      push(node.right, bound, pending);
      return push(node.left, bound, pending);
    case "unary":
      return push(node.operand, bound, pending);
    case "parentheses":
      return push(node.inner, bound, pending);
    case "object-key":
      if (!isBareWord(node)) push(node.wrapped, bound, pending);
      return;
    case "for":
      return pushFor(node, bound, pending);
    case "json-string":
      return push(node.template().expression, bound, pending);
    default:
  }
}

/** Most of a definition is literals: they mention nothing. */
function push(node: Expression, bound: Bound | undefined, { nodes, bounds }: Pending): void {
  if (fixedValueOf(node)) return;
  nodes.push(node);
  bounds.push(bound);
}

function pushAll(children: readonly Expression[], bound: Bound | undefined, pending: Pending): void {
  for (let i = children.length - 1; i >= 0; i--) push(children[i] as Expression, bound, pending);
}

function pushItems({ items }: ObjectNode, bound: Bound | undefined, pending: Pending): void {
  for (let i = items.length - 1; i >= 0; i--) {
    const { key, value } = items[i] as ObjectNode["items"][number];
    push(value, bound, pending);
    if (key.kind !== "object-key" || !isBareWord(key)) push(key, bound, pending);
  }
}

/** A bare word as a key is a name, not a reference. */
const isBareWord = ({ forced, wrapped }: ObjectKeyNode): boolean => !forced && keywordOf(wrapped) !== undefined;

/** The collection is evaluated outside the loop. */
function pushFor(node: ForNode, outer: Bound | undefined, pending: Pending): void {
  const inner: Bound = { names: [node.keyName, node.valueName], outer };
  if (node.condition) push(node.condition, inner, pending);
  push(node.value, inner, pending);
  if (node.key) push(node.key, inner, pending);
  push(node.collection, outer, pending);
}
