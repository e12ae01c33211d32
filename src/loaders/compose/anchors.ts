/** Which node each alias of a document stands for. Anchors stay known in later documents of a file (spec/compose.md 1.2). */
import { type Alias, isAlias, isMap, isScalar, isSeq, type Node, type Pair } from "yaml";
import { position } from "../../diagnostics.ts";
import { refuse } from "./problem.ts";
import type { ParsedFile } from "./yaml-parse.ts";

/** The anchors and aliases of a file so far; filled document by document. */
export interface Anchors {
  /** Anchored nodes, the latest of each name. */
  readonly nodes: Map<string, Node>;
  readonly targets: Map<Alias, Node>;
}

export const noAnchors = (): Anchors => ({ nodes: new Map(), targets: new Map() });

/** Binds in the order of the text, because an anchor may be redefined. Iterative, and linear in the document. */
export function bindAliases(parsed: ParsedFile, root: Node, { nodes, targets }: Anchors): void {
  const stack: (Node | null)[] = [root];
  while (stack.length > 0) {
    const node = stack.pop();
    if (!node) continue;
    if (isAlias(node)) {
      targets.set(node, nodes.get(node.source) ?? unknownAnchor(parsed, node));
      continue;
    }
    const { anchor } = node as { anchor?: string };
    if (anchor !== undefined && anchor !== "") nodes.set(anchor, node);
    if (isScalar(node)) continue;
    const items = isMap(node) || isSeq(node) ? node.items : [];
    for (let i = items.length - 1; i >= 0; i--) {
      const item = items[i] as Node | Pair<Node, Node | null>;
      if ("key" in item && !isScalar(item)) stack.push((item as Pair<Node, Node | null>).value, (item as Pair<Node, Node | null>).key);
      else stack.push(item as Node);
    }
  }
}

function unknownAnchor({ file, rangeOf }: ParsedFile, alias: Alias): never {
  const range = rangeOf(alias.range?.[0] ?? 0, alias.range?.[1] ?? 0);
  const { line, column } = position(file, range.start);
  // The reference's column is one more than the real one.
  refuse("compose.yaml", `failed to parse ${file.name}: yaml: line ${line}, column ${column + 1}: unknown anchor '${alias.source}' referenced`, range);
}
