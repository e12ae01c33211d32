/** A project as typed services and secrets: what a checked model becomes. Values keep their places. */
import type { SourceRange } from "../../diagnostics.ts";
import type { ComposeNode } from "./node.ts";

/** A text with its place. */
export interface Text {
  readonly text: string;
  readonly range: SourceRange;
}

/** A named value; without text it is to be looked up. */
export interface Variable {
  readonly text?: string;
  readonly range: SourceRange;
}

export interface BuildSecret {
  readonly source: string;
  readonly range: SourceRange;
}

export interface Build {
  readonly range: SourceRange;
  readonly context?: Text;
  readonly dockerfile?: Text;
  readonly inline?: Text;
  readonly target?: Text;
  readonly network?: Text;
  readonly provenance?: Text;
  readonly sbom?: Text;
  readonly args: ReadonlyMap<string, Variable>;
  readonly labels: ReadonlyMap<string, Variable>;
  readonly contexts: ReadonlyMap<string, Text>;
  readonly ssh: ReadonlyMap<string, Variable>;
  readonly tags: readonly Text[];
  readonly platforms: readonly Text[];
  readonly cacheFrom: readonly Text[];
  readonly cacheTo: readonly Text[];
  readonly secrets: readonly BuildSecret[];
  readonly noCache?: Flag;
  readonly pull?: Flag;
  /** Bytes; absent when they are none. */
  readonly shmSize?: { readonly bytes: number; readonly range: SourceRange };
  readonly extraHosts: ReadonlyMap<string, Text>;
  readonly ulimits: ReadonlyMap<string, Ulimit>;
  readonly xBake?: ComposeNode;
}

export interface Flag {
  readonly value: boolean;
  readonly range: SourceRange;
}

export interface Ulimit {
  readonly soft: bigint;
  readonly hard: bigint;
  readonly range: SourceRange;
}

export interface Service {
  readonly name: string;
  /** The key. */
  readonly range: SourceRange;
  readonly image?: Text;
  readonly build?: Build;
  readonly environment: ReadonlyMap<string, Variable>;
  readonly envFiles: readonly EnvFile[];
}

export interface EnvFile {
  readonly path: Text;
  readonly required: boolean;
  readonly format: string;
}

export interface Secret {
  readonly name?: string;
  readonly file?: Text;
  readonly environment?: Text;
  readonly external: boolean;
  readonly range: SourceRange;
}

export interface Project {
  readonly services: readonly Service[];
  readonly secrets: ReadonlyMap<string, Secret>;
}
