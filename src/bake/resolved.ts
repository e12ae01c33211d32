/** What resolving gives: groups and targets as they will be built, with what is needed to explain them. Types only. */
import type { SourceRange } from "../diagnostics.ts";
import type { AttributeName, BlockAttributes, Definition, TargetBlock } from "./definition.ts";
import type { Group, Target } from "./model.ts";

/** A `--set` (or a flag that means one) for one target and key, all its values collected. */
export interface Override {
  /** First part of the key: `args`, `tags`, `secret`. */
  readonly key: string;
  /** Rest of the key: the argument's name. */
  readonly name?: string;
  /** In the order given; never empty. */
  readonly values: readonly string[];
  readonly append: boolean;
  /** The flags as typed, one for each value. */
  readonly flags: readonly string[];
}

/** One step of putting a target together, in the order the steps were made. */
export type Layer =
  | { readonly kind: "parent"; readonly name: string; readonly layers: readonly Layer[] }
  | { readonly kind: "block"; readonly block: TargetBlock }
  | {
      readonly kind: "override";
      readonly override: Override;
      readonly attribute: AttributeName;
      readonly before: BlockAttributes;
      readonly after: BlockAttributes;
    }
  | { readonly kind: "link"; readonly attribute: "entitlements" | "output"; readonly target: string }
  | { readonly kind: "environment"; readonly attribute: "args"; readonly name: string };

export interface ResolvedTarget {
  readonly name: string;
  readonly target: Target;
  /** Pulled in by a `target:` context only; its outputs were replaced. */
  readonly linkedOnly: boolean;
  /** The last block of the target. */
  readonly range: SourceRange;
  /** Path of the context inside the remote definition's tree; absent when the context is not in it. */
  readonly contextTree?: string;
  readonly layers: readonly Layer[];
}

/** Paths and privileges that flags name and so grant (spec/bake.md 10.1). */
export interface ImplicitGrants {
  readonly read: ReadonlySet<string>;
  readonly write: ReadonlySet<string>;
}

export interface ResolvedGroup extends Group {
  readonly range?: SourceRange;
}

export interface ResolvedBake {
  /** Names as requested, patterns expanded, dots replaced. */
  readonly requested: readonly string[];
  /** Groups reached from the requested names, and `default`. */
  readonly groups: ReadonlyMap<string, ResolvedGroup>;
  /** In the order of the selection; linked-only targets come after all others. */
  readonly targets: ReadonlyMap<string, ResolvedTarget>;
  readonly grants: ImplicitGrants;
  readonly definition: Definition;
}
