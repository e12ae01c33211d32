/**
 * The contract between loaders and bake: what loading a set of definition files yields. Loaders
 * produce it, bake consumes it; neither imports the other's code.
 */
import type { Diagnostic, Result, SourceFile, SourceRange } from "../diagnostics.ts";
import type { AttestEntry, CacheEntry, OutputEntry, PolicyEntry, Resources, SecretEntry, SshEntry } from "./model.ts";

/** Attributes that one block sets, decoded but neither merged nor defaulted. Absent means not set. */
export interface BlockAttributes {
  readonly description?: string;
  readonly inherits?: readonly string[];
  readonly annotations?: readonly string[];
  readonly attest?: readonly AttestEntry[];
  readonly context?: string;
  readonly contexts?: ReadonlyMap<string, string>;
  readonly dockerfile?: string;
  readonly "dockerfile-inline"?: string;
  /** Null values are dropped by the decoder: a null never deletes. */
  readonly args?: ReadonlyMap<string, string>;
  readonly labels?: ReadonlyMap<string, string>;
  readonly tags?: readonly string[];
  readonly "cache-from"?: readonly CacheEntry[];
  readonly "cache-to"?: readonly CacheEntry[];
  readonly target?: string;
  readonly secret?: readonly SecretEntry[];
  readonly ssh?: readonly SshEntry[];
  readonly platforms?: readonly string[];
  readonly output?: readonly OutputEntry[];
  readonly pull?: boolean;
  readonly "no-cache"?: boolean;
  readonly network?: string;
  readonly "no-cache-filter"?: readonly string[];
  readonly "shm-size"?: string;
  readonly ulimits?: readonly string[];
  readonly resources?: Resources;
  readonly call?: string;
  readonly entitlements?: readonly string[];
  readonly "extra-hosts"?: ReadonlyMap<string, string>;
  readonly policy?: readonly PolicyEntry[];
}

export type AttributeName = keyof BlockAttributes;

/**
 * Where each attribute came from: key `tags`, or `args/NAME` for a map entry, or `tags/0` for a list
 * item (joined by "/"; the name part may itself hold slashes, only the first one separates).
 */
export type Origins = ReadonlyMap<string, SourceRange>;

/** One `target` block after matrix expansion, or one compose service. */
export interface TargetBlock {
  readonly name: string;
  /** The block's label; differs from `name` for matrix instances. */
  readonly label: string;
  readonly attributes: BlockAttributes;
  readonly origins: Origins;
  /** The label or service key. */
  readonly range: SourceRange;
  readonly source: "compose" | "hcl";
  /**
   * Directory of the file that holds the block, for file-relative paths (spec/bake.md 2.4);
   * undefined for stdin and remote files.
   */
  readonly directory?: string;
  /** Bases that differ from `directory`, because the expression is exactly `target.NAME.context`. */
  readonly contextBase?: string;
}

export interface GroupBlock {
  readonly name: string;
  readonly description?: string;
  /** null when the file says `targets = null`. */
  readonly targets: readonly string[] | null;
  /** `targets/0` and so on. */
  readonly origins: Origins;
  readonly range?: SourceRange;
  readonly source: "compose" | "hcl";
  /** Made from a matrix: an existing group of the name wins over it (spec/bake.md 6.4). */
  readonly generated: boolean;
}

/** A `variable` block with its effective value, for `--list` and explain. */
export interface VariableInfo {
  readonly name: string;
  readonly description?: string;
  /** Friendly type name, only when declared (`list of string`). */
  readonly type?: string;
  /** As `--list=variables` shows it; absent for null. */
  readonly value?: string;
  readonly range: SourceRange;
  readonly origin: "default" | "environment" | "flag" | "env-file";
}

/** Compose blocks come first, then HCL and JSON blocks in file order: merging is a left fold. */
export interface Definition {
  readonly files: readonly SourceFile[];
  readonly targets: readonly TargetBlock[];
  readonly groups: readonly GroupBlock[];
  readonly variables: readonly VariableInfo[];
  /** True when at least one HCL or JSON file was read (`--list=variables` prints null otherwise). */
  readonly hasHcl: boolean;
  /** Set when the definition came from a URL (spec/bake.md 2.5). */
  readonly remote?: { readonly url: string; readonly tree: boolean };
  readonly warnings: readonly Diagnostic[];
}

/** How a value of one attribute is read from a file, independent of the file's syntax. */
export type AttributeKind = "string" | "bool" | "string-list" | "string-map" | "nullable-string-map" | "entries" | "resources";

/** One row of what loaders need to know of a target attribute; bake/fields.ts provides the table. */
export interface AttributeDecoder {
  readonly name: AttributeName;
  readonly kind: AttributeKind;
  /** Friendly constraint in conversion errors: `list of map of string` or `list of object`. */
  readonly constraint?: "map" | "object";
  /** kind "entries": one CSV or plain string; may give none (empty string) or several entries. */
  readonly parseText?: (text: string) => Entries;
  /** kind "entries": one map or object form; values already strings, null values absent. */
  readonly parseMap?: (map: EntryMap) => Entries;
  /** kind "entries": how `target.NAME.ATTR` reads back an entry. */
  readonly toMap?: (entry: never) => EntryMap;
}

/** Object form of an entry: strings, or a list of strings (`paths` of ssh). */
export type EntryMap = ReadonlyMap<string, string | readonly string[]>;

/** Entries, or the reference's message without position. */
export type Entries = { readonly ok: true; readonly entries: readonly unknown[] } | { readonly ok: false; readonly message: string };

export interface LoadInput {
  /** `-f` values in order; empty means discovery (spec/bake.md 2.1). */
  readonly files: readonly string[];
  /** First positional arguments that are remote URLs. */
  readonly remote?: string;
  readonly commandContext?: string;
  /** `--var name=value`, validated, last wins. */
  readonly vars: ReadonlyMap<string, string>;
  /** Values of `--env-file`, below the environment. */
  readonly envFileVars?: ReadonlyMap<string, string>;
  readonly decoders: readonly AttributeDecoder[];
}

export type LoadResult = Result<Definition>;
