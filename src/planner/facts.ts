/**
 * What the planner is told about the world: the engine's nodes and abilities, and what was looked up
 * on this machine before planning. Plain data: the planner asks nothing itself.
 */

/** Features of a driver (spec/buildkit.md 1.5). */
export interface Features {
  readonly ociExporter: boolean;
  readonly dockerExporter: boolean;
  readonly cacheExport: boolean;
  readonly multiPlatform: boolean;
  readonly directPush: boolean;
  readonly preferImageDigest: boolean;
  readonly defaultLoad: boolean;
}

export interface NodeFacts {
  readonly name: string;
  /** Platforms the builder's configuration gives to this node, normalised. */
  readonly configuredPlatforms: readonly string[];
  /** Platforms its workers report; empty while the node has not been asked. */
  readonly platforms: readonly string[];
  /** Whether the engine behind the node was asked: the fields below are only then meaningful. */
  readonly loaded: boolean;
  readonly features: Features;
  /** Enabled capabilities (spec/buildkit.md 4.4), sorted. */
  readonly capabilities: readonly string[];
  /** Labels of the first worker. */
  readonly labels: Readonly<Record<string, string>>;
  readonly version?: string;
}

export interface EngineFacts {
  readonly builder: string;
  readonly driver: string;
  readonly nodes: readonly NodeFacts[];
  /** Whether the docker engine that loads images takes OCI archives (containerd image store). */
  readonly loadsOciArchives?: boolean;
}

/** Git facts of one directory (spec/buildkit.md 7.4, git info). */
export interface GitFacts {
  /** Absolute path of the work tree. */
  readonly root: string;
  /** HEAD commit, with `-dirty` when that was asked for. */
  readonly revision?: string;
  /** URL of the remote, without credentials. */
  readonly source?: string;
}

/** What a path turned out to be. Keyed by absolute path in LocalFacts. */
export interface PathFacts {
  readonly kind: "directory" | "file" | "missing";
  /** With symlinks resolved; absent when missing. */
  readonly real?: string;
}

/** What an OCI layout reference resolved to, or why it did not. Keyed by the reference as written. */
export type LayoutFacts = { readonly digest: string } | { readonly error: string };

export interface LocalFacts {
  /** Absolute working directory. */
  readonly cwd: string;
  /** `linux/amd64` form of this machine: what the platform `local` means. */
  readonly platform: string;
  readonly paths: ReadonlyMap<string, PathFacts>;
  readonly git: ReadonlyMap<string, GitFacts>;
  readonly layouts: ReadonlyMap<string, LayoutFacts>;
  /** Local cache imports by directory and tag, joined by NUL: the digest, or the warning to show. */
  readonly localCaches: ReadonlyMap<string, LayoutFacts>;
  /** Names of the proxy settings in the client configuration, such as `httpProxy`. */
  readonly proxySettings: readonly string[];
  /** Names of AWS credential values that the default chain provides. */
  readonly awsCredentials: readonly string[];
  /** Set, non-empty environment variables among those that change requests (spec/buildkit.md 7.8), never secret ones' values. */
  readonly env: Readonly<Record<string, string>>;
  /** Names of environment variables that are set (perhaps to nothing) and may only be referenced. */
  readonly secretEnv: readonly string[];
  /** File of EXPERIMENTAL_BUILDKIT_SOURCE_POLICY. */
  readonly sourcePolicy?: string;
}

/** What the planner assumes when no engine was asked. */
export const unknownFeatures: Features = {
  ociExporter: true,
  dockerExporter: true,
  cacheExport: true,
  multiPlatform: true,
  directPush: true,
  preferImageDigest: false,
  defaultLoad: false,
};
