/** What an expression refers to, found in its syntax: all branches and all arguments (spec/hcl.md 5.3). */
import type { CallNode, Expression, ForNode, ObjectKeyNode, ObjectNode, TraversalNode } from "./ast.ts";
import { keywordOf } from "./static-forms.ts";

/** A call, or a reference whose root name no `for` around it binds. */
export type Mention = CallNode | TraversalNode;

const NOTHING: readonly Mention[] = [];
/** What the walk that is going on has found. The list is used again: what is cut off it has exactly the places it needs. */
const found: (Mention | undefined)[] = [];
let count = 0;

/** What an expression mentions, in the order in which it is written: calls before what is in their arguments. */
export function mentionsOf(expression: Expression): readonly Mention[] {
  count = 0;
  visit(expression, undefined);
  if (count === 0) return NOTHING;
  const mentions = found.slice(0, count) as Mention[];
  found.fill(undefined, 0, count);
  return mentions;
}

function add(mention: Mention): void {
  found[count++] = mention;
}

/** Names that loops bind, from the inside out. */
interface Bound {
  readonly names: readonly (string | undefined)[];
  readonly outer: Bound | undefined;
}

/** Depth first, in the order in which the reference looks at things. The parser bounds the depth of all that is not a chain. */
function visit(node: Expression, bound: Bound | undefined): void {
  switch (node.kind) {
    case "literal":
      return;
    // Constants mention nothing.
    case "template":
      return node.constant ? undefined : visitAll(node.parts, bound);
    case "traversal":
      return bound && isBound(node.root, bound) ? undefined : add(node);
    case "tuple":
      return node.constant ? undefined : visitAll(node.items, bound);
    case "object":
      return visitItems(node, bound);
    case "call":
      add(node);
      return visitAll(node.args, bound);
    case "binary":
    case "relative-traversal":
    case "index":
    case "splat":
      return visitChain(node, bound);
    case "conditional":
      visit(node.condition, bound);
      visit(node.then, bound);
      return visit(node.else, bound);
    case "template-wrap":
      return visit(node.wrapped, bound);
    case "template-join":
      return visit(node.tuple, bound);
    case "unary":
      return visit(node.operand, bound);
    case "parentheses":
      return visit(node.inner, bound);
    case "object-key":
      return isBareWord(node) ? undefined : visit(node.wrapped, bound);
    case "for":
      return visitFor(node, bound);
    case "json-string":
      return visit(node.template().expression, bound);
    case "anonymous":
      return;
  }
}

function isBound(name: string, bound: Bound | undefined): boolean {
  for (let at = bound; at; at = at.outer) if (at.names.includes(name)) return true;
  return false;
}

function visitAll(nodes: readonly Expression[], bound: Bound | undefined): void {
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[i] as Expression;
    if (node.kind !== "literal") visit(node, bound);
  }
}

function visitItems({ items }: ObjectNode, bound: Bound | undefined): void {
  for (let i = 0; i < items.length; i++) {
    const { key, value } = items[i] as ObjectNode["items"][number];
    if (key.kind !== "object-key" || !isBareWord(key)) visit(key, bound);
    if (value.kind !== "literal") visit(value, bound);
  }
}

/** A bare word as a key is a name, not a reference. */
const isBareWord = ({ given, forced }: ObjectKeyNode): boolean => typeof given === "string" || (!forced && keywordOf(given) !== undefined);

/** Operators and steps begin with what is left of them, to any depth: that costs no stack. */
function visitChain(node: Expression, bound: Bound | undefined): void {
  const front = firstOf(node) as Expression;
  // One link alone needs no list.
  if (!firstOf(front)) {
    const then = secondOf(node);
    visit(front, bound);
    return then && visit(then, bound);
  }
  const rest: Expression[] = [];
  let first = node;
  for (let next = firstOf(first); next; next = firstOf(first)) {
    const then = secondOf(first);
    if (then) rest.push(then);
    first = next;
  }
  visit(first, bound);
  for (let i = rest.length - 1; i >= 0; i--) visit(rest[i] as Expression, bound);
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
function visitFor(node: ForNode, outer: Bound | undefined): void {
  visit(node.collection, outer);
  const inner: Bound = { names: [node.keyName, node.valueName], outer };
  if (node.key) visit(node.key, inner);
  visit(node.value, inner);
  if (node.condition) visit(node.condition, inner);
}
