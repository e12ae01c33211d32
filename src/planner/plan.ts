/**
 * The plan: what the runner will do, as pure data. It can be printed, diffed, asserted on and sharded
 * before anything runs. Nothing secret is in it: secrets, tokens, proxy settings and session ids are
 * named references that the runner fills in when it sends a request.
 */

/**
 * A value that only the runner knows, with fixed text around it. Kinds:
 * `env:NAME` environment variable · `proxy:NAME` proxy setting of the client configuration ·
 * `aws:NAME` default credential chain · `session:ID` a shared session of this plan ·
 * `shared-key:BASE` `BASE:` and this machine's node id · `store:NAME` a content store of the job ·
 * `upload:NAME` a stream offered by the session.
 */
export interface ValueReference {
  readonly ref: string;
  readonly prefix?: string;
  readonly suffix?: string;
}

export type PlanValue = string | ValueReference;
export type PlanAttributes = Readonly<Record<string, PlanValue>>;

/** Where an exporter's bytes go on the client. Absent where the engine keeps or pushes the result. */
export type Sink =
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "stdout" }
  | { readonly kind: "directory"; readonly path: string; readonly mode: "copy" | "delete" }
  | { readonly kind: "layout"; readonly path: string }
  | { readonly kind: "load"; readonly context?: string };

export interface PlannedExporter {
  /** Type on the wire (spec/buildkit.md 7.5). */
  readonly type: string;
  readonly attributes: PlanAttributes;
  readonly sink?: Sink;
}

export interface PlannedCache {
  readonly type: string;
  readonly attributes: PlanAttributes;
}

/** The complete solve request of one target on one node. */
export interface PlannedRequest {
  readonly frontend: string;
  readonly attributes: PlanAttributes;
  readonly exporters: readonly PlannedExporter[];
  readonly cacheTo: readonly PlannedCache[];
  readonly cacheFrom: readonly PlannedCache[];
  readonly entitlements: readonly string[];
  /** Not recorded in the engine's history (calls). */
  readonly internal: boolean;
  /** File of the source policy that is sent along. */
  readonly sourcePolicy?: string;
}

/** A directory, a text or a downloaded file that the session serves under a mount name. */
export interface Mount {
  readonly name: string;
  readonly source:
    | { readonly kind: "directory"; readonly path: string }
    | { readonly kind: "text"; readonly file: string; readonly text: string }
    | { readonly kind: "url"; readonly url: string };
  /** Id of the shared session that serves it; absent: the job's own session. */
  readonly session?: string;
}

/** A content store served by the session (spec/buildkit.md 6.8). */
export interface Store {
  /** Name that `store:` references use; for caches the id on the wire itself. */
  readonly name: string;
  readonly kind: "oci-layout" | "cache" | "output";
  readonly directory: string;
}

export interface SecretReference {
  readonly id: string;
  readonly source: { readonly kind: "env"; readonly name: string } | { readonly kind: "file"; readonly path: string };
}

export interface SshReference {
  readonly id: string;
  /** Empty: the agent of SSH_AUTH_SOCK. */
  readonly paths: readonly string[];
}

/** A context that is the result of another target on the same node (spec/buildkit.md 4.5). */
export interface Link {
  /** Name of the context in the child. */
  readonly context: string;
  /** Target that gives it. */
  readonly target: string;
  /** Id of the job that gives it. */
  readonly job: string;
  /** Key of the frontend input, `0-base`. */
  readonly input: string;
}

/** What a lint, outline or targets request asks for instead of a build. */
export interface PlannedCall {
  readonly name: string;
  readonly format?: string;
  readonly ignoreStatus: boolean;
}

export interface PlannedPolicy {
  readonly files: readonly string[];
  readonly strict?: boolean;
  readonly logLevel?: string;
  /** Its files may be missing: the default one in a remote context, which only the engine can look into. */
  readonly optional?: boolean;
}

export interface Job {
  /** The target's name, with `@NODE` appended when the target runs on several nodes. */
  readonly id: string;
  readonly target: string;
  /** Index of the node in the builder. */
  readonly node: number;
  /** Normalised platforms; empty means the node's own. */
  readonly platforms: readonly string[];
  /** False for targets that are only built because others link to them. */
  readonly requested: boolean;
  readonly request: PlannedRequest;
  /** Base name of the context directory: the session's shared key is it, `:` and the node id. */
  readonly sharedKey?: string;
  readonly mounts: readonly Mount[];
  readonly stores: readonly Store[];
  readonly secrets: readonly SecretReference[];
  readonly ssh: readonly SshReference[];
  readonly links: readonly Link[];
  readonly call?: PlannedCall;
  /** Policy sets the engine must ask the client about; empty when the target has none. */
  readonly policies: readonly PlannedPolicy[];
  /** What `refs/` remembers of this build (spec/buildkit.md 9.4). */
  readonly localState: { readonly localPath: string; readonly dockerfilePath: string };
  /** Id of a job with the same solve: this one begins when that one is evaluated, and finds every step done. */
  readonly repeats?: string;
  /** Image names that are the target's own, where its exporters write those of twins too. */
  readonly names?: readonly string[];
}

/** A target without a job of its own: the job of another target builds and exports it too. */
export interface Twin {
  readonly target: string;
  readonly requested: boolean;
  readonly job: string;
  /** Indexes of the job's exporters that are this target's. */
  readonly exporters: readonly number[];
  /** Names of its images: the exporter may write those of others too. */
  readonly names: readonly string[];
}

/** `to` needs the result of `from`. Ids of jobs. */
export interface Edge {
  readonly from: string;
  readonly to: string;
  readonly context: string;
}

/** A session that serves directories to several jobs of one node (spec/buildkit.md 5.5). */
export interface SharedSession {
  readonly id: string;
  readonly node: number;
  readonly sharedKey: string;
  readonly mounts: readonly { readonly name: string; readonly path: string }[];
  readonly jobs: readonly string[];
}

/** A directory that jobs of a node read: walked once a run, and sent once for each request that the engine makes of it. */
export interface PlannedContext {
  readonly node: number;
  readonly path: string;
  /** Names it is mounted under. */
  readonly mounts: readonly string[];
  readonly jobs: readonly string[];
}

/** What `--cache` adds: one place for all targets, with a scope for each job. */
export interface SharedCache {
  readonly type: string;
  readonly place: string;
  readonly scopes: readonly { readonly job: string; readonly exports: readonly string[]; readonly imports: readonly string[] }[];
}

/** Pushed images of several nodes that are merged into one index (spec/buildkit.md 10.2). */
export interface IndexMerge {
  readonly target: string;
  readonly jobs: readonly string[];
  readonly names: readonly string[];
  readonly annotations: Readonly<Record<string, string>>;
  readonly insecure: boolean;
}

/** An image the client pushes through the engine's API after the build (classic image store). */
export interface EnginePush {
  readonly target: string;
  readonly job: string;
  readonly names: readonly string[];
}

export interface PlanNode {
  readonly index: number;
  readonly name: string;
  /** Platforms of the jobs that run there, in plan order. */
  readonly platforms: readonly string[];
  readonly jobs: readonly string[];
}

export interface Plan {
  readonly version: 1;
  /** `unknown` when no engine was asked: a builder with every feature is assumed. */
  readonly engine: "known" | "unknown";
  readonly builder: string;
  readonly driver: string;
  /** Targets as selected on the command line. */
  readonly selection: readonly string[];
  readonly jobs: readonly Job[];
  readonly edges: readonly Edge[];
  /** Job ids that must be active together because they are linked, largest structure first seen. */
  readonly groups: readonly (readonly string[])[];
  /** Ids of all jobs in the order in which they are given slots: inputs first, the longest way to the end first. */
  readonly order: readonly string[];
  /** Targets that another target's job builds. */
  readonly twins: readonly Twin[];
  readonly contexts: readonly PlannedContext[];
  readonly sharedCache?: SharedCache;
  readonly sharedSessions: readonly SharedSession[];
  readonly nodes: readonly PlanNode[];
  readonly merges: readonly IndexMerge[];
  readonly pushes: readonly EnginePush[];
  /** Messages for people, such as targets without output. */
  readonly warnings: readonly string[];
}

/** Same input, same bytes: objects are built in a fixed key order and maps are sorted where they are made. Ends with a newline. */
export function printPlan(plan: Plan): string {
  return `${JSON.stringify(plan, undefined, 2)}\n`;
}
