/** What the clients take and give, in the runner's words: no wire type leaves this room. */

/** A serialised pb.Definition, passed on byte for byte. */
export type Definition = Uint8Array;

/** The definition of an empty result (scratch). */
export const emptyDefinition: Definition = new Uint8Array(0);

export type Attributes = Readonly<Record<string, string>>;

/** A type with attributes: an exporter, a cache export, a cache import. */
export interface Entry {
  readonly type: string;
  readonly attributes: Attributes;
}

/** Control.Solve (spec/buildkit.md 2.1). Without a frontend the build is driven through the gateway. */
export interface SolveRequest {
  readonly ref: string;
  /** Id of the session that serves the build. */
  readonly session: string;
  readonly frontend?: string;
  readonly frontendAttributes: Attributes;
  readonly frontendInputs?: ReadonlyMap<string, Definition>;
  readonly definition?: Definition;
  /** Their order is the id under which each asks the session. */
  readonly exporters: readonly Entry[];
  readonly cacheExports: readonly Entry[];
  readonly cacheImports: readonly Entry[];
  readonly entitlements: readonly string[];
  /** Not recorded in the engine's history. */
  readonly internal?: boolean;
  /** Serialised policy; see source-policy.ts. */
  readonly sourcePolicy?: Uint8Array;
  /** Id of the session that decides about sources. */
  readonly sourcePolicySession?: string;
  /** Steps are run behind the engine's capturing proxy. */
  readonly proxyNetwork?: boolean;
  readonly enableSessionExporter?: boolean;
}

/** Exporter response: metadata such as `containerimage.digest`. */
export type SolveResponse = Attributes;

export interface BuildkitVersion {
  readonly package: string;
  readonly version: string;
  readonly revision: string;
  readonly dockerfileVersion: string;
}

export interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly variant: string;
  readonly osVersion: string;
  readonly osFeatures: readonly string[];
}

/** Durations in nanoseconds, sizes in bytes. */
export interface GcRule {
  readonly all: boolean;
  readonly keepDuration: bigint;
  readonly reservedSpace: bigint;
  readonly maxUsedSpace: bigint;
  readonly minFreeSpace: bigint;
  readonly filters: readonly string[];
}

export interface Worker {
  readonly id: string;
  readonly labels: Attributes;
  readonly platforms: readonly Platform[];
  readonly gcPolicy: readonly GcRule[];
  readonly version?: BuildkitVersion;
  readonly devices: readonly { readonly name: string; readonly autoAllow: boolean; readonly onDemand: boolean; readonly annotations: Attributes }[];
}

/** A record of the build cache. Times are nanoseconds since the epoch. */
export interface UsageRecord {
  readonly id: string;
  readonly mutable: boolean;
  readonly inUse: boolean;
  readonly size: bigint;
  readonly parents: readonly string[];
  readonly createdAt?: bigint;
  readonly lastUsedAt?: bigint;
  readonly usageCount: bigint;
  readonly description: string;
  readonly recordType: string;
  readonly shared: boolean;
}

/** What Control.Prune removes; durations in nanoseconds, sizes in bytes (spec/buildkit.md 2.5). */
export interface PruneRequest {
  readonly filter: readonly string[];
  readonly all?: boolean;
  readonly keepDuration?: bigint;
  readonly reservedSpace?: bigint;
  readonly maxUsedSpace?: bigint;
  readonly minFreeSpace?: bigint;
}

export interface HistoryRequest {
  readonly activeOnly?: boolean;
  readonly ref?: string;
  /** Stop after the records that exist. */
  readonly earlyExit?: boolean;
  readonly filter?: readonly string[];
  readonly limit?: number;
}

export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: bigint;
  readonly annotations: Attributes;
}

export interface HistoryResult {
  readonly attestations: readonly Descriptor[];
  /** By index of the exporter. */
  readonly results: ReadonlyMap<number, Descriptor>;
}

/** A build in the engine's history (spec/buildkit.md 2.7). Times are nanoseconds since the epoch. */
export interface HistoryRecord {
  readonly ref: string;
  readonly frontend: string;
  readonly frontendAttributes: Attributes;
  readonly exporters: readonly Entry[];
  readonly error?: { readonly code: number; readonly message: string };
  readonly createdAt?: bigint;
  readonly completedAt?: bigint;
  readonly logs?: Descriptor;
  readonly trace?: Descriptor;
  readonly externalError?: Descriptor;
  readonly exporterResponse: Attributes;
  readonly result?: HistoryResult;
  /** By platform, for multi-platform builds. */
  readonly results: ReadonlyMap<string, HistoryResult>;
  readonly generation: number;
  readonly pinned: boolean;
  readonly cachedSteps: number;
  readonly totalSteps: number;
  readonly completedSteps: number;
  readonly warnings: number;
}

export interface HistoryEvent {
  readonly type: "started" | "complete" | "deleted";
  readonly record: HistoryRecord;
}

/** The frontend run of a gateway build (spec/buildkit.md 4.2). */
export interface FrontendRequest {
  readonly frontend?: string;
  readonly attributes?: Attributes;
  readonly inputs?: ReadonlyMap<string, Definition>;
  readonly definition?: Definition;
  readonly evaluate?: boolean;
}

/** A result of the gateway. A part without a ref id is empty (scratch, or a subrequest's answer). */
export interface GatewayResult {
  /** The message exactly as received, for Return. */
  readonly received: Uint8Array;
  /** Definition of a single result; undefined when it is empty. */
  readonly single?: Definition | undefined;
  /** Definitions by normalised platform, of a multi-platform result. */
  readonly byPlatform?: ReadonlyMap<string, Definition | undefined>;
  /** Ids of all non-empty parts. */
  readonly refs: readonly string[];
  readonly metadata: ReadonlyMap<string, Uint8Array>;
}

/** Answer of Ping: ids of the capabilities that are enabled, and the workers. */
export interface Pong {
  readonly frontendCapabilities: ReadonlySet<string>;
  readonly llbCapabilities: ReadonlySet<string>;
  readonly workers: readonly Worker[];
}

/** A file of a result. `mode` holds Go FileMode bits. */
export interface FileInfo {
  readonly path: string;
  readonly mode: number;
  readonly size: bigint;
  readonly modTime: bigint;
  readonly linkname: string;
}
