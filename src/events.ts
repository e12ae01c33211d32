/**
 * The one event stream of a bake: loading, remote reading and the runner emit into it; renderers,
 * the metadata file and reports subscribe to it. Plain data; times are nanoseconds since the epoch.
 */

/** A time in milliseconds, as hosts tell it, in the unit of events. */
export const nanosecondsOf = (milliseconds: number): bigint => BigInt(Math.round(milliseconds)) * 1_000_000n;

export interface Vertex {
  readonly digest: string;
  readonly inputs: readonly string[];
  readonly name: string;
  readonly cached: boolean;
  readonly started?: bigint;
  readonly completed?: bigint;
  readonly error?: string;
  readonly progressGroup?: { readonly id: string; readonly name: string; readonly weak: boolean };
}

export interface VertexStatus {
  readonly id: string;
  readonly vertex: string;
  readonly name: string;
  readonly current: number;
  readonly total: number;
  readonly timestamp?: bigint;
  readonly started?: bigint;
  readonly completed?: bigint;
}

export interface VertexLog {
  readonly vertex: string;
  /** 1 stdout, 2 stderr. */
  readonly stream: number;
  readonly data: Uint8Array;
  readonly timestamp?: bigint;
}

export interface SourceLines {
  readonly filename: string;
  readonly data: Uint8Array;
  readonly language: string;
  /** How the engine read the file: a definition as it came. */
  readonly definition?: Uint8Array;
}

export interface LineRange {
  readonly start: { readonly line: number; readonly character: number };
  readonly end: { readonly line: number; readonly character: number };
}

export interface VertexWarning {
  readonly vertex: string;
  readonly level: number;
  readonly short: Uint8Array;
  readonly detail: readonly Uint8Array[];
  readonly url: string;
  readonly source?: SourceLines;
  readonly ranges: readonly LineRange[];
}

/** One message of a solve's status stream, or a vertex made by tsbake itself (then `target` may be absent). */
export interface StatusEvent {
  readonly type: "status";
  readonly target?: string;
  readonly vertexes?: readonly Vertex[];
  readonly statuses?: readonly VertexStatus[];
  readonly logs?: readonly VertexLog[];
  readonly warnings?: readonly VertexWarning[];
}

export type TargetState = "waiting" | "running" | "exporting" | "succeeded" | "failed" | "cancelled" | "skipped";

/** Lines of a Dockerfile that a failure points at, 1-based and inclusive. */
export interface FailurePlace {
  readonly filename: string;
  readonly text: string;
  readonly first: number;
  readonly last: number;
}

/** The image that a target gave, and whether it was pushed. */
export interface TargetImage {
  readonly digest?: string;
  readonly names: readonly string[];
  readonly pushed: boolean;
}

/** A target changed state. `error` is the redacted message of the failure. */
export interface TargetEvent {
  readonly type: "target";
  readonly target: string;
  readonly state: TargetState;
  readonly attempt: number;
  readonly time: bigint;
  readonly error?: string;
  /** With `failed`: the places of the failure, innermost first. */
  readonly places?: readonly FailurePlace[];
  /** With `succeeded`: what was made, where the target's outputs are images. */
  readonly image?: TargetImage;
}

/** The run begins: which builder, and the targets that will get a row. */
export interface StartEvent {
  readonly type: "start";
  readonly builder: string;
  readonly driver: string;
  readonly targets: readonly string[];
  readonly time: bigint;
}

/** Client-side bytes of a local context or an output. */
export interface TransferEvent {
  readonly type: "transfer";
  readonly target?: string;
  readonly direction: "send" | "receive";
  readonly name: string;
  readonly bytes: number;
  readonly files: number;
  readonly done: boolean;
  readonly time: bigint;
}

/** A message for people that renderers hold back until the display is free. */
export interface MessageEvent {
  readonly type: "message";
  readonly severity: "error" | "warning" | "info" | "debug";
  readonly text: string;
}

export interface EndEvent {
  readonly type: "end";
  readonly succeeded: readonly string[];
  readonly failed: readonly string[];
  readonly cancelled: readonly string[];
  readonly skipped: readonly string[];
  readonly time: bigint;
}

export type BakeEvent = StartEvent | StatusEvent | TargetEvent | TransferEvent | MessageEvent | EndEvent;
