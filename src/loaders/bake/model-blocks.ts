/** Evaluated blocks as the blocks of a definition. */
import type { BlockAttributes, GroupBlock, TargetBlock } from "../../bake/definition.ts";
import type { SourceFile } from "../../diagnostics.ts";
import type { Label } from "../hcl/ast.ts";
import type { BlockTable } from "./block-table.ts";
import type { BlockEntry } from "./blocks.ts";
import { BlockOrigins } from "./origins.ts";

/** Directory of a file, for paths relative to it; undefined for standard input and remote files. */
export type DirectoryOf = (file: SourceFile) => string | undefined;

const labelOf = (entry: BlockEntry): Label => entry.block.labels[0] as Label;
const directoryOf = (entry: BlockEntry, directories: DirectoryOf): string | undefined => directories(entry.block.body.file);

export function targetBlocks(entry: BlockEntry, table: BlockTable, directories: DirectoryOf): TargetBlock[] {
  const label = labelOf(entry);
  const directory = directoryOf(entry, directories);
  const contextBase = contextBaseOf(entry, table, directories);
  return entry.instances.map(({ name }, i) => ({
    name,
    label: label.text,
    attributes: contentsOf(entry, i) as BlockAttributes,
    origins: originsOf(entry, i),
    range: label.range,
    source: "hcl",
    ...(directory !== undefined && { directory }),
    ...(contextBase !== undefined && { contextBase }),
  }));
}

export function groupBlocks(entry: BlockEntry): GroupBlock[] {
  const { description, targets = null } = contentsOf(entry, 0) as { description?: string; targets?: readonly string[] };
  const { text, range } = labelOf(entry);
  return [{ name: text, ...(description ? { description } : {}), targets, origins: originsOf(entry, 0), range, source: "hcl", generated: false }];
}

function contentsOf({ nodes }: BlockEntry, i: number): Record<string, unknown> {
  const contents: Record<string, unknown> = {};
  for (const { attribute, contents: each } of nodes) if (each[i] !== undefined) contents[attribute.name] = each[i];
  return contents;
}

function originsOf({ nodes }: BlockEntry, i: number): BlockOrigins {
  return new BlockOrigins(
    nodes.filter(({ contents }) => contents[i] !== undefined).map(({ attribute, counts }) => ({ attribute, ...(counts[i] && { counts: counts[i] }) })),
  );
}

/** Groups that stand for the labels of matrices: the names they produced, in order (spec/bake.md 6.4). */
export function generatedGroups(entries: readonly BlockEntry[]): GroupBlock[] {
  const byLabel = new Map<string, { readonly entry: BlockEntry; readonly names: Set<string> }>();
  for (const entry of entries) {
    if (entry.kind !== "target") continue;
    const label = labelOf(entry).text;
    let row = byLabel.get(label);
    if (!row) byLabel.set(label, (row = { entry, names: new Set() }));
    for (const { name } of entry.instances) row.names.add(name);
  }
  const groups: GroupBlock[] = [];
  for (const [label, { entry, names }] of byLabel) {
    if (names.size === 0 || (names.size === 1 && names.has(label))) continue;
    groups.push({ name: label, targets: [...names], origins: new Map(), range: labelOf(entry).range, source: "hcl", generated: true });
  }
  return groups;
}

/** A context that is exactly `target.NAME.context` is relative to what NAME's is relative to; undefined for any other. */
function contextBaseOf(entry: BlockEntry, table: BlockTable, directories: DirectoryOf): string | undefined {
  let at = entry;
  const passed = new Set<BlockEntry>();
  for (let next: BlockEntry | undefined = at; next && !passed.has(next); next = contextSource(at, table)) {
    passed.add(next);
    at = next;
  }
  return at === entry ? undefined : directoryOf(at, directories);
}

function contextSource({ nodes }: BlockEntry, table: BlockTable): BlockEntry | undefined {
  const expression = nodes.find(({ attribute }) => attribute.name === "context")?.attribute.expression;
  if (expression?.kind !== "traversal" || expression.root !== "target" || expression.steps.length !== 2) return undefined;
  const [name, attribute] = expression.steps;
  if (name?.kind !== "attribute" || attribute?.kind !== "attribute" || attribute.name !== "context") return undefined;
  return table.last("target", name.name);
}
