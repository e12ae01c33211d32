/**
 * Targets that use other targets as contexts (spec/bake.md 7.1). Every link is followed once; long chains
 * do not use the call stack.
 */
import { fail, ok, plainError, type Diagnostic, type Result } from "../diagnostics.ts";
import { sortedKeys } from "../byte-order.ts";
import type { Catalogue } from "./catalogue.ts";
import type { MergedTarget } from "./inherit.ts";
import { copyDraft, type Draft } from "./merge.ts";
import { distinct } from "./normalise.ts";
import type { Layer } from "./resolved.ts";
import { unknownTarget } from "./selection.ts";

/** A target of the result while links are followed. Draft and layers are those of the merged target until a link changes them. */
export interface LinkedTarget {
  readonly merged: MergedTarget;
  draft: Readonly<Draft>;
  layers: readonly Layer[];
  readonly linkedOnly: boolean;
}

export const linkPrefix = "target:";

interface Frame {
  readonly name: string;
  readonly target: LinkedTarget;
  readonly links: readonly Link[];
  next: number;
}

interface Link {
  readonly context: string;
  readonly to: string;
}

export interface LinkInput {
  /** Resolved targets by name; linked ones are added. */
  readonly targets: Map<string, LinkedTarget>;
  readonly resolve: (name: string) => Result<MergedTarget>;
  readonly catalogue: Catalogue;
}

/** Adds what the targets link to, and hands entitlements on to the linking targets. */
export function followLinks(input: LinkInput): Result<undefined> {
  const done = new Set<string>();
  for (const name of [...input.targets.keys()]) {
    if (done.has(name)) continue;
    const target = input.targets.get(name) as LinkedTarget;
    if (!target.draft.contexts) {
      // Most targets have none, and so nothing to follow.
      done.add(name);
      continue;
    }
    const followed = followFrom(name, target, input, done);
    if (!followed.ok) return followed;
  }
  return ok(undefined);
}

function followFrom(root: string, target: LinkedTarget, input: LinkInput, done: Set<string>): Result<undefined> {
  const open = new Set([root]);
  const stack: Frame[] = [frameOf(root, target)];
  for (let frame = stack[stack.length - 1]; frame; frame = stack[stack.length - 1]) {
    const link = frame.links[frame.next];
    if (!link) {
      open.delete(frame.name);
      done.add(frame.name);
      stack.pop();
      continue;
    }
    const { to } = link;
    if (to === frame.name) return fail(linkError(`target ${to} cannot link to itself`, frame, link));
    if (open.has(to)) return fail(linkError(`infinite loop from ${frame.name} to ${to}`, frame, link));
    if (!done.has(to)) {
      const found = targetOf(to, frame, link, input);
      if (!found.ok) return found;
      open.add(to);
      stack.push(frameOf(to, found.value));
      continue;
    }
    const problem = useLinked(frame, link, input.targets.get(to) as LinkedTarget);
    if (problem) return fail(problem);
    frame.next++;
  }
  return ok(undefined);
}

function frameOf(name: string, target: LinkedTarget): Frame {
  const { contexts } = target.draft;
  if (!contexts) return { name, target, links: [], next: 0 };
  const links: Link[] = [];
  for (const context of sortedKeys(contexts.keys())) {
    const value = contexts.get(context) as string;
    if (value.startsWith(linkPrefix)) links.push({ context, to: value.slice(linkPrefix.length) });
  }
  return { name, target, links, next: 0 };
}

function targetOf(name: string, frame: Frame, link: Link, { targets, resolve, catalogue }: LinkInput): Result<LinkedTarget> {
  const known = targets.get(name);
  if (known) return ok(known);
  if (!catalogue.targets.has(name)) return fail(unknownTarget(name, catalogue, linkPlace(frame, link)));
  const merged = resolve(name);
  if (!merged.ok) return merged;
  const draft = copyDraft(merged.value.draft);
  draft.output = [{ type: "cacheonly" }];
  const target: LinkedTarget = {
    merged: merged.value,
    draft,
    layers: [...merged.value.layers, { kind: "link", attribute: "output", target: frame.name }],
    linkedOnly: true,
  };
  targets.set(name, target);
  return ok(target);
}

function useLinked(frame: Frame, link: Link, linked: LinkedTarget): Diagnostic | undefined {
  const { target } = frame;
  const { draft } = target;
  const platforms = draft.platforms ?? [];
  const theirs = linked.draft.platforms ?? [];
  if (platforms.length > 1 && theirs.length > 1 && !platforms.every((platform) => theirs.includes(platform))) {
    return linkError(
      `target ${link.to} can't be used by ${frame.name} because its platforms [${platforms.join(" ")}] are not a subset of [${theirs.join(" ")}]`,
      frame,
      link,
    );
  }
  if (linked.draft.entitlements && linked.draft.entitlements.length > 0) {
    const own = copyDraft(draft);
    own.entitlements = distinct([...(draft.entitlements ?? []), ...linked.draft.entitlements]);
    target.draft = own;
    target.layers = [...target.layers, { kind: "link", attribute: "entitlements", target: link.to }];
  }
  return undefined;
}

const linkError = (summary: string, frame: Frame, link: Link): Diagnostic => ({ ...plainError("bake.link", summary), ...linkPlace(frame, link) });

/** Where the context that links is written: in the target's last block that sets it. */
function linkPlace({ target }: Frame, { context }: Link): Pick<Diagnostic, "range"> {
  for (const { origins } of target.merged.entry.blocks.toReversed()) {
    const range = origins.get(`contexts/${context}`);
    if (range) return { range };
  }
  return {};
}
