/**
 * Lookup by name over a definition: blocks of a target folded together, the group that counts for a
 * name, the names in order. Built once for each resolve.
 */
import type { BlockAttributes, Definition, GroupBlock, TargetBlock } from "./definition.ts";
import { copyDraft, Merging } from "./merge.ts";

/** All blocks of one target. */
export interface TargetEntry {
  readonly name: string;
  readonly blocks: readonly TargetBlock[];
}

export interface Catalogue {
  readonly targets: ReadonlyMap<string, TargetEntry>;
  readonly groups: ReadonlyMap<string, GroupEntry>;
}

/** The group that counts for a name, members without repeats. */
export interface GroupEntry {
  readonly block: GroupBlock;
  readonly members: readonly string[];
}

/** A later group replaces an earlier one of its name; one made from a matrix never does, and comes after all others (spec/bake.md 2.3, 6.4). */
export function catalogueOf(definition: Definition): Catalogue {
  const targets = new Map<string, { name: string; blocks: TargetBlock[] }>();
  for (const block of definition.targets) {
    const entry = targets.get(block.name);
    if (entry) entry.blocks.push(block);
    else targets.set(block.name, { name: block.name, blocks: [block] });
  }
  const groups = new Map<string, GroupEntry>();
  for (const block of definition.groups) if (!block.generated) groups.set(block.name, groupEntry(block));
  for (const block of definition.groups) if (block.generated && !groups.has(block.name)) groups.set(block.name, groupEntry(block));
  return { targets, groups };
}

const groupEntry = (block: GroupBlock): GroupEntry => ({ block, members: [...new Set(block.targets ?? [])] });

/** The target's own attributes: its blocks, later ones on top, with contexts put where their files are when asked. */
export function ownAttributes({ blocks }: TargetEntry, attributesOf: (block: TargetBlock) => BlockAttributes): BlockAttributes {
  const [first] = blocks;
  if (!first) return {};
  if (blocks.length === 1) return attributesOf(first);
  // Repeats of the first block count when lists meet: they decide where the reference puts what follows.
  const merging = new Merging(copyDraft(attributesOf(first)));
  const { draft } = merging;
  for (const block of blocks.slice(1)) {
    const attributes = attributesOf(block);
    merging.add(attributes);
    if (attributes.inherits) draft.inherits = [...(draft.inherits ?? []), ...attributes.inherits];
  }
  return draft;
}
