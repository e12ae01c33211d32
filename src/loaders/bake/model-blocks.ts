/** Evaluated blocks as the blocks of a definition. */
import type { BlockAttributes, GroupBlock, TargetBlock } from "../../bake/definition.ts";
import type { SourceFile } from "../../diagnostics.ts";
import type { Expression, Label } from "../hcl/ast.ts";
import type { BlockTable } from "./block-table.ts";
import type { AttributeNode, BlockEntry } from "./blocks.ts";
import type { Instance } from "./matrix.ts";
import { BlockOrigins } from "./origins.ts";

/** Directory of a file, for paths relative to it; undefined for standard input and remote files. */
export type DirectoryOf = (file: SourceFile) => string | undefined;

const labelOf = (entry: BlockEntry): Label => entry.block.labels[0] as Label;
const directoryOf = (entry: BlockEntry, directories: DirectoryOf): string | undefined => directories(entry.block.body.file);

/** What all blocks of a definition share. */
export interface BlockContext {
  readonly table: BlockTable;
  readonly directories: DirectoryOf;
  readonly bases: ContextBases;
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

export function addTargetBlocks(targets: TargetBlock[], entry: BlockEntry, context: BlockContext): void {
  const label = labelOf(entry);
  const directory = directoryOf(entry, context.directories);
  const contextBase = contextBaseOf(entry, context);
  const { instances } = entry;
  for (let i = 0; i < instances.length; i++) {
    const { name } = instances[i] as Instance;
    const attributes = contentsOf(entry, i) as BlockAttributes;
    const block: Writable<TargetBlock> = { name, label: label.text, attributes, origins: new BlockOrigins(entry.nodes, i), range: label.range, source: "hcl" };
    if (directory !== undefined) block.directory = directory;
    if (contextBase !== undefined) block.contextBase = contextBase;
    targets.push(block);
  }
}

export function groupBlocks(entry: BlockEntry): GroupBlock[] {
  const { description, targets = null } = contentsOf(entry, 0) as { description?: string; targets?: readonly string[] };
  const { text, range } = labelOf(entry);
  return [{ name: text, ...(description ? { description } : {}), targets, origins: new BlockOrigins(entry.nodes, 0), range, source: "hcl", generated: false }];
}

function contentsOf({ nodes }: BlockEntry, i: number): Record<string, unknown> {
  const contents: Record<string, unknown> = {};
  for (let at = 0; at < nodes.length; at++) {
    const node = nodes[at] as AttributeNode;
    const content = node.contentOf(i);
    if (content !== undefined) contents[node.attribute.name] = content;
  }
  return contents;
}

/** The label of a block whose matrix gave it other names; undefined for most blocks. */
export function renamedLabel(entry: BlockEntry): string | undefined {
  const { kind, instances } = entry;
  const { text } = labelOf(entry);
  // Names of several instances differ from each other.
  const isRenamed = kind === "target" && instances.length > 0 && (instances.length > 1 || instances[0]?.name !== text);
  return isRenamed ? text : undefined;
}

/** Groups that stand for the labels of matrices: the names they produced, in order (spec/bake.md 6.4). */
export function generatedGroups(entries: readonly BlockEntry[], renamed: ReadonlySet<string>): GroupBlock[] {
  if (renamed.size === 0) return [];
  const byLabel = new Map<string, { readonly entry: BlockEntry; readonly names: Set<string> }>();
  for (const entry of entries) {
    const label = labelOf(entry).text;
    if (entry.kind !== "target" || !renamed.has(label)) continue;
    let row = byLabel.get(label);
    if (!row) byLabel.set(label, (row = { entry, names: new Set() }));
    for (const { name } of entry.instances) row.names.add(name);
  }
  return [...byLabel].map(([label, { entry, names }]) => ({
    name: label,
    targets: [...names],
    origins: new Map(),
    range: labelOf(entry).range,
    source: "hcl",
    generated: true,
  }));
}

/** Directories of contexts that are read from other targets, by block. */
export type ContextBases = Map<BlockEntry, string | undefined>;

/** A context that is exactly `target.NAME.context` is relative to what NAME's is relative to; undefined for any other. */
function contextBaseOf(entry: BlockEntry, { table, directories, bases }: BlockContext): string | undefined {
  const source = contextSource(entry, table);
  if (!source || bases.has(entry)) return bases.get(entry);
  const passed = [entry];
  let at = source;
  for (let next = contextSource(at, table); next && !bases.has(at); next = contextSource(at, table)) {
    passed.push(at);
    at = next;
  }
  const base = bases.has(at) ? bases.get(at) : directoryOf(at, directories);
  for (const each of passed) bases.set(each, base);
  return base;
}

function contextSource({ nodes }: BlockEntry, table: BlockTable): BlockEntry | undefined {
  let expression: Expression | undefined;
  for (let i = 0; i < nodes.length && !expression; i++) {
    const { attribute } = nodes[i] as AttributeNode;
    if (attribute.name === "context") expression = attribute.expression;
  }
  if (expression?.kind !== "traversal" || expression.root !== "target" || expression.steps.length !== 2) return undefined;
  const [name, attribute] = expression.steps;
  if (name?.kind !== "attribute" || attribute?.kind !== "attribute" || attribute.name !== "context") return undefined;
  return table.last("target", name.name);
}
