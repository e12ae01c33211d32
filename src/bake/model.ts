/** Types of the resolved model. Generated from schema/resolved.json by scripts/gen-model.ts: do not edit. */

/** A cache to import from or export to: `type` and the attributes of that type. */
export interface CacheEntry {
  readonly type: string;
  readonly [attribute: string]: string;
}

/** An exporter: `type`, `dest` where it writes to this machine, and the attributes of that type. */
export interface OutputEntry {
  readonly type: string;
  readonly [attribute: string]: string;
}

/** An attestation: `type`, its attributes, and `disabled` (true or absent). */
export interface AttestEntry {
  readonly type: string;
  readonly [attribute: string]: string | boolean;
}

/** A secret and the file or environment variable that holds it. */
export interface SecretEntry {
  readonly id?: string;
  readonly src?: string;
  readonly env?: string;
}

/** An SSH agent, or keys, offered under an id. */
export interface SshEntry {
  readonly id?: string;
  readonly paths?: readonly string[];
}

/** A file of a policy set. */
export interface PolicyFile {
  readonly Filename: string;
  readonly Data: null;
}

/** A step of policy composition. */
export interface PolicyEntry {
  readonly Files: readonly PolicyFile[] | null;
  readonly Reset: boolean;
  readonly Disabled: boolean;
  readonly Strict: boolean | null;
  readonly LogLevel: string | null;
}

/** Limits of build containers. Sizes are text with units; whole numbers beyond 2^53 are bigints. */
export interface Resources {
  readonly memory?: string;
  readonly "memory-swap"?: string;
  readonly "cpu-shares"?: number | bigint;
  readonly "cpu-period"?: number | bigint;
  readonly "cpu-quota"?: number | bigint;
  readonly "cpuset-cpus"?: string;
  readonly "cpuset-mems"?: string;
}

/** A target as it will be built: merged, overridden, normalised. */
export interface Target {
  readonly description?: string;
  readonly annotations?: readonly string[];
  readonly attest?: readonly AttestEntry[];
  readonly context: string;
  readonly contexts?: Readonly<Record<string, string>>;
  readonly dockerfile: string;
  readonly "dockerfile-inline"?: string;
  readonly args?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
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
  readonly "extra-hosts"?: Readonly<Record<string, string>>;
  readonly policy?: readonly PolicyEntry[];
}

/** A group as written: members are not expanded. */
export interface Group {
  readonly description?: string;
  readonly targets: readonly string[] | null;
}

/** What `--print` writes. */
export interface Resolved {
  readonly group: Readonly<Record<string, Group>>;
  readonly target: Readonly<Record<string, Target>>;
}
