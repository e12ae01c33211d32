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
  /** Text for `--list`. */
  readonly description?: string;
  /** OCI annotations, `[TYPE[platform]:]KEY=VALUE`; TYPE is manifest, index, manifest-descriptor or index-descriptor. */
  readonly annotations?: readonly string[];
  /** Attestations: `type=provenance,mode=max`, `type=sbom`. */
  readonly attest?: readonly AttestEntry[];
  /** Directory or URL that the build reads; `.` by default. */
  readonly context: string;
  /** Named contexts: a directory, a URL, `docker-image://REF`, `oci-layout://PATH` or `target:NAME`. */
  readonly contexts?: Readonly<Record<string, string>>;
  /** Dockerfile, relative to the context; `cwd://PATH` is relative to the working directory. */
  readonly dockerfile: string;
  /** Text that takes the place of the Dockerfile. */
  readonly "dockerfile-inline"?: string;
  /** Build arguments. */
  readonly args?: Readonly<Record<string, string>>;
  /** Labels of the image. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Names of the image. */
  readonly tags?: readonly string[];
  /** Caches to import: `type=registry,ref=REF`, `type=local,src=DIR`, or a registry reference. */
  readonly "cache-from"?: readonly CacheEntry[];
  /** Caches to export: `type=registry,ref=REF`, `type=inline`, `type=local,dest=DIR`, .... */
  readonly "cache-to"?: readonly CacheEntry[];
  /** Stage of the Dockerfile to build. */
  readonly target?: string;
  /** Secrets: `id=ID,src=FILE` or `id=ID,env=VARIABLE`. */
  readonly secret?: readonly SecretEntry[];
  /** SSH agents or keys: `ID` or `ID=PATH[,PATH...]`. */
  readonly ssh?: readonly SshEntry[];
  /** Platforms to build, `os/architecture[/variant]`. */
  readonly platforms?: readonly string[];
  /** Exporters: `type=image,push=true`, `type=local,dest=DIR`, `type=oci,dest=FILE`, .... */
  readonly output?: readonly OutputEntry[];
  /** Always look for newer base images. */
  readonly pull?: boolean;
  /** Build every step anew. */
  readonly "no-cache"?: boolean;
  /** Network of RUN steps: default, host or none. */
  readonly network?: string;
  /** Stages that are built anew. */
  readonly "no-cache-filter"?: readonly string[];
  /** Size of /dev/shm in RUN steps, such as `128m`. */
  readonly "shm-size"?: string;
  /** Limits of RUN steps, `NAME=SOFT[:HARD]`. */
  readonly ulimits?: readonly string[];
  /** Memory and CPU limits of RUN steps. */
  readonly resources?: Resources;
  /** Question to the frontend instead of a build: check, outline or targets. */
  readonly call?: string;
  /** Privileges that the build asks for: network.host, security.insecure, device. */
  readonly entitlements?: readonly string[];
  /** Names and addresses for RUN steps; `host-gateway` is the engine's host. */
  readonly "extra-hosts"?: Readonly<Record<string, string>>;
  /** Policy files that sources must satisfy. */
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
