/**
 * What must be known before what: variables, functions and block attributes need each other, and are worked
 * out on demand, each once. The walk has its own stack, so that a chain of any length ends (spec/hcl.md 5.3).
 */
import type { Diagnostic, RelatedPlace, SourceRange } from "../../diagnostics.ts";

export type NodeState = "new" | "open" | "done" | "failed";

/** Something that is worked out once: from what it needs, then by itself. */
export interface GraphNode {
  state: NodeState;
  /** The reference's words when it needs itself: `variable cycle not allowed for a`. */
  readonly cycleMessage: string;
  /** How notes call it: `variable a`, `target.web.args`. */
  readonly title: string;
  /** The definition, for notes. */
  readonly range: SourceRange;
  /** Called once, when the node is first asked for. */
  needs(): Needs;
  /** Called once, when all that it needs is done. Diagnostics mean that it failed. */
  finish(): readonly Diagnostic[];
}

export interface Need {
  readonly node: GraphNode;
  /** The expression that names it: errors about cycles point at the whole of it. */
  readonly by: SourceRange;
}

export interface Needs {
  readonly nodes: readonly Need[];
  /** Mistakes that can be seen without evaluating; they fail the node. */
  readonly diagnostics: readonly Diagnostic[];
}

export const NO_NEEDS: Needs = { nodes: [], diagnostics: [] };

interface Frame {
  readonly node: GraphNode;
  readonly needs: readonly Need[];
  next: number;
}

export interface ResolveOptions {
  /**
   * The root is an attribute of a block that is evaluated as a whole: the reference sees its cycle only when it
   * comes to the attribute again and goes on from there, and so points at the step after it.
   */
  readonly wholeBlock?: boolean;
}

const PLAIN: ResolveOptions = {};
const NONE: readonly Diagnostic[] = [];

/** Works out a node and what it needs. The mistakes met on the way are told once; what depends on a failed node fails in silence. */
export function resolveNode(root: GraphNode, { wholeBlock = false }: ResolveOptions = PLAIN): readonly Diagnostic[] {
  if (root.state !== "new") return NONE;
  const opened = open(root);
  if (opened.diagnostics.length > 0) return opened.diagnostics;
  if (opened.nodes.length === 0) return finish(root);
  const stack: Frame[] = [{ node: root, needs: opened.nodes, next: 0 }];
  for (;;) {
    const frame = stack[stack.length - 1] as Frame;
    const need = frame.needs[frame.next++];
    if (!need) {
      const diagnostics = frame.node.finish();
      if (diagnostics.length > 0) return failAll(stack, diagnostics);
      frame.node.state = "done";
      stack.pop();
      if (stack.length === 0) return [];
      continue;
    }
    if (need.node.state === "done") continue;
    if (need.node.state === "failed") return failAll(stack, []);
    if (need.node.state === "open") return failAll(stack, [cycle(stack, need, wholeBlock)]);
    const next = open(need.node);
    if (next.diagnostics.length > 0) return failAll(stack, next.diagnostics);
    stack.push({ node: need.node, needs: next.nodes, next: 0 });
  }
}

function finish(node: GraphNode): readonly Diagnostic[] {
  const diagnostics = node.finish();
  node.state = diagnostics.length > 0 ? "failed" : "done";
  return diagnostics;
}

/** What a node needs; with diagnostics it has failed. */
function open(node: GraphNode): Needs {
  node.state = "open";
  const needs = node.needs();
  if (needs.diagnostics.length > 0) node.state = "failed";
  return needs;
}

function failAll(stack: readonly Frame[], diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  for (const { node } of stack) node.state = "failed";
  return diagnostics;
}

/** Longest walk around a cycle that is shown. */
const MAX_STEPS = 16;

function cycle(stack: readonly Frame[], last: Need, wholeBlock: boolean): Diagnostic {
  const ring = stack.slice(stack.findIndex((frame) => frame.node === last.node));
  const [first] = ring;
  const { node, by } = (wholeBlock && first === stack[0] ? first?.needs[first.next - 1] : undefined) ?? last;
  const related: RelatedPlace[] = [];
  for (const [i, frame] of ring.slice(0, MAX_STEPS).entries()) {
    const next = ring[i + 1]?.node ?? last.node;
    const need = frame.needs[frame.next - 1];
    related.push({ message: `${frame.node.title} needs ${next.title}`, range: need?.by ?? frame.node.range });
  }
  return { severity: "error", code: "bake.cycle", summary: "Invalid expression", detail: node.cycleMessage, range: by, related };
}

/** Works out what an expression outside the graph needs. */
export function resolveNeeds({ nodes, diagnostics }: Needs): readonly Diagnostic[] {
  if (nodes.length === 0) return diagnostics;
  const problems = [...diagnostics];
  for (const { node } of nodes) if (node.state === "new") problems.push(...resolveNode(node));
  return problems;
}
