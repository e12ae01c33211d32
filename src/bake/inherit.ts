/**
 * Putting a target together from its parents, its own blocks and its overrides (spec/bake.md 6.2). Each
 * target is put together once, whoever asks; long chains do not use the call stack.
 */
import { fail, ok, plainError, type Result } from "../diagnostics.ts";
import { ownAttributes, type Catalogue, type TargetEntry } from "./catalogue.ts";
import type { BlockAttributes, TargetBlock } from "./definition.ts";
import { copyDraft, type Draft, Merging, normaliseDraft } from "./merge.ts";
import { applyOverrides, type Grants } from "./override-apply.ts";
import type { Overrides } from "./override-parse.ts";
import type { Layer } from "./resolved.ts";
import { unknownTarget } from "./selection.ts";

/** A merged, overridden and normalised target. Shared between all that inherit from it: not to be changed. */
export interface MergedTarget {
  readonly entry: TargetEntry;
  readonly draft: Readonly<Draft>;
  readonly layers: readonly Layer[];
}

export interface InheritInput {
  readonly catalogue: Catalogue;
  readonly overrides: Overrides;
  readonly grants: Grants;
  readonly attributesOf: (block: TargetBlock) => BlockAttributes;
}

interface Frame {
  readonly entry: TargetEntry;
  readonly own: BlockAttributes;
  readonly parents: readonly string[];
  next: number;
  readonly merging: Merging;
  readonly layers: Layer[];
  /** Something on the way was left out because it was still open: true only for this root. */
  partial: boolean;
}

/** Gives merged targets by name, remembering them. */
export function inheritance(input: InheritInput): (name: string) => Result<MergedTarget> {
  const whole = new Map<string, MergedTarget>();
  const roots = new Map<string, MergedTarget>();
  return (name) => {
    const known = whole.get(name) ?? roots.get(name);
    if (known) return ok(known);
    const merged = mergeFrom(name, input, whole);
    if (merged.ok) roots.set(name, merged.value);
    return merged;
  };
}

/** Walks from one root. `whole` keeps what holds for every root; what a cycle cut short is kept for this one. */
function mergeFrom(root: string, input: InheritInput, whole: Map<string, MergedTarget>): Result<MergedTarget> {
  const first = input.catalogue.targets.get(root);
  if (!first) return fail(unknownTarget(root, input.catalogue));
  const merged = mergeKnown(first, input, whole);
  if (merged) return merged;
  const partial = new Map<string, MergedTarget>();
  const open = new Set<string>([root]);
  const stack: Frame[] = [openFrame(first, input)];
  for (;;) {
    const frame = stack[stack.length - 1] as Frame;
    const parent = frame.parents[frame.next++];
    if (parent === undefined) {
      const merged = closeFrame(frame, input);
      if (!merged.ok) return merged;
      const { name } = frame.entry;
      open.delete(name);
      (frame.partial ? partial : whole).set(name, merged.value);
      stack.pop();
      const child = stack[stack.length - 1];
      if (!child) return merged;
      addParent(child, merged.value, frame.partial);
      continue;
    }
    if (open.has(parent)) {
      frame.partial = true;
      continue;
    }
    const cut = partial.get(parent);
    const known = whole.get(parent) ?? cut;
    if (known) {
      addParent(frame, known, cut !== undefined);
      continue;
    }
    const entry = input.catalogue.targets.get(parent);
    if (!entry) return fail(unknownTarget(parent, input.catalogue, inheritsPlace(frame.entry, parent)));
    open.add(parent);
    stack.push(openFrame(entry, input));
  }
}

/** Puts a target together whose parents have all been put together already: that needs no walk. Undefined for others. */
function mergeKnown(entry: TargetEntry, input: InheritInput, whole: Map<string, MergedTarget>): Result<MergedTarget> | undefined {
  const own = ownAttributes(entry, input.attributesOf);
  const parents = own.inherits ?? NO_PARENTS;
  const count = parents.length;
  const layers = new Array<Layer>(count + entry.blocks.length);
  let merging: Merging | undefined;
  for (let i = 0; i < count; i++) {
    const parent = whole.get(parents[i] as string);
    if (!parent) return undefined;
    // On top of nothing a merged target is what it is.
    if (merging) merging.add(parent.draft);
    else merging = new Merging(copyDraft(parent.draft));
    layers[i] = { kind: "parent", name: parent.entry.name, layers: parent.layers };
  }
  for (let i = 0; i < entry.blocks.length; i++) layers[count + i] = { kind: "block", block: entry.blocks[i] as TargetBlock };
  const merged = complete(entry, own, merging ?? new Merging(), layers, input);
  if (merged.ok) whole.set(entry.name, merged.value);
  return merged;
}

const NO_PARENTS: readonly string[] = [];

function openFrame(entry: TargetEntry, input: InheritInput): Frame {
  const own = ownAttributes(entry, input.attributesOf);
  return { entry, own, parents: own.inherits ?? NO_PARENTS, next: 0, merging: new Merging(), layers: [], partial: false };
}

function addParent(frame: Frame, { entry, draft, layers }: MergedTarget, partial: boolean): void {
  frame.merging.add(draft);
  frame.layers.push({ kind: "parent", name: entry.name, layers });
  frame.partial ||= partial;
}

function closeFrame({ entry, own, merging, layers }: Frame, input: InheritInput): Result<MergedTarget> {
  for (const block of entry.blocks) layers.push({ kind: "block", block });
  return complete(entry, own, merging, layers, input);
}

/** What the parents gave, and on top of it the target's own attributes and its overrides. */
function complete(entry: TargetEntry, own: BlockAttributes, merging: Merging, layers: Layer[], { overrides, grants }: InheritInput): Result<MergedTarget> {
  const { draft } = merging;
  merging.add(own);
  const given = overrides.get(entry.name);
  if (given) {
    const problem = applyOverrides(draft, given.values(), { layers, grants });
    if (problem !== undefined) return fail(plainError("bake.override", problem));
  }
  normaliseDraft(draft);
  return ok({ entry, draft, layers });
}

/** Where a block names the parent. */
function inheritsPlace({ blocks }: TargetEntry, parent: string): { range?: TargetBlock["range"] } {
  for (const { attributes, origins, range } of blocks) {
    const at = attributes.inherits?.indexOf(parent) ?? -1;
    if (at >= 0) return { range: origins.get(`inherits/${at}`) ?? origins.get("inherits") ?? range };
  }
  return {};
}
