/**
 * Failed calls to the engine as typed errors: status code, message, and the details that BuildKit
 * attaches (spec/buildkit.md 8.5). What people read is made elsewhere.
 */
import { Metadata, type ServiceError } from "@grpc/grpc-js";
import type { Any } from "./wire/common.ts";
import { Status } from "./wire/common.ts";

/** gRPC status codes that are told apart. */
export const status = {
  ok: 0,
  cancelled: 1,
  unknown: 2,
  invalidArgument: 3,
  deadlineExceeded: 4,
  notFound: 5,
  alreadyExists: 6,
  permissionDenied: 7,
  resourceExhausted: 8,
  failedPrecondition: 9,
  aborted: 10,
  outOfRange: 11,
  unimplemented: 12,
  internal: 13,
  unavailable: 14,
} as const;

/** Lines of a file that an error points at; 1-based, both ends inclusive. */
export interface ErrorSource {
  readonly filename: string;
  readonly data: Uint8Array;
  readonly language: string;
  readonly ranges: readonly { readonly start: number; readonly end: number }[];
}

/** What BuildKit told about a failure beside its message. */
export interface ErrorDetails {
  /** Innermost first, as they are to be shown. */
  readonly sources: readonly ErrorSource[];
  /** Digest of the step that failed. */
  readonly vertex?: string;
  /** Exit code of the process that failed. */
  readonly exitCode?: number;
  /** Name of the subrequest that the frontend does not know. */
  readonly subrequest?: string;
  /** Name of the capability that the frontend lacks. */
  readonly frontendCapability?: string;
  /** Messages of a policy that denied a source. */
  readonly denials: readonly string[];
}

/** A call to the engine that failed. `code` is the gRPC status, `message` the engine's text alone. */
export class SolveError extends Error implements ErrorDetails {
  override readonly name = "SolveError";
  readonly code: number;
  readonly sources: readonly ErrorSource[];
  readonly vertex?: string;
  readonly exitCode?: number;
  readonly subrequest?: string;
  readonly frontendCapability?: string;
  readonly denials: readonly string[];
  /** The google.rpc.Status as received, to hand the failure back to the engine. */
  readonly received?: Uint8Array;

  constructor(code: number, message: string, options: { details?: ErrorDetails; received?: Uint8Array; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    const details = options.details ?? noDetails;
    this.sources = details.sources;
    this.denials = details.denials;
    if (details.vertex !== undefined) this.vertex = details.vertex;
    if (details.exitCode !== undefined) this.exitCode = details.exitCode;
    if (details.subrequest !== undefined) this.subrequest = details.subrequest;
    if (details.frontendCapability !== undefined) this.frontendCapability = details.frontendCapability;
    if (options.received) this.received = options.received;
  }
}

/** A file that the engine looked for is not there. */
export const isMissing = (error: unknown): boolean =>
  error instanceof SolveError && (error.code === status.notFound || /no such file or directory/.test(error.message));

const noDetails: ErrorDetails = { sources: [], denials: [] };

/** Whether the engine does not (yet) know the build: Status and Ping may be asked again (spec/buildkit.md 10.4). */
export function isNoSuchJob(error: unknown): boolean {
  return error instanceof SolveError && error.code === status.notFound && error.message.includes("no such job");
}

/** The typed form of an error of grpc-js; other errors are given back as they are. */
export function toSolveError(error: unknown): unknown {
  if (!isServiceError(error)) return error;
  const value = error.metadata.get("grpc-status-details-bin")[0];
  const received = typeof value === "string" ? Buffer.from(value, "base64") : value;
  return new SolveError(error.code, error.details, {
    cause: error,
    ...(received === undefined ? {} : { details: decodeDetails(received), received }),
  });
}

function isServiceError(error: unknown): error is ServiceError {
  const candidate = error as Partial<ServiceError> | undefined;
  return error instanceof Error && typeof candidate?.code === "number" && candidate.metadata instanceof Metadata;
}

/** Details of a serialised google.rpc.Status; what cannot be read is left out, since the message is there anyway. */
export function decodeDetails(received: Uint8Array): ErrorDetails {
  let details: readonly Any[];
  try {
    details = Status.decode(received).details;
  } catch {
    return noDetails;
  }
  const sources: ErrorSource[] = [];
  const denials: string[] = [];
  const found: { vertex?: string; exitCode?: number; subrequest?: string; frontendCapability?: string } = {};
  for (const detail of details) {
    const json = parseDetail(detail);
    if (!json) continue;
    switch (detail.typeUrl.slice(detail.typeUrl.lastIndexOf("/") + 1)) {
      case "errdefs.Source+json":
        sources.push(sourceOf(json));
        break;
      case "errdefs.Vertex+json":
        found.vertex ??= text(json["digest"]);
        break;
      case "errdefs.Subrequest+json":
        found.subrequest ??= text(json["name"]);
        break;
      case "errdefs.FrontendCap+json":
        found.frontendCapability ??= text(json["name"]);
        break;
      case "gatewayapi.ExitMessage+json":
        found.exitCode ??= number(json["Code"]);
        break;
      case "policysession.DecisionResponse+json":
        for (const { message } of list(json["denyMessages"] ?? json["deny_messages"])) denials.push(text(message));
        break;
    }
  }
  return { sources, denials, ...found };
}

type Json = Readonly<Record<string, unknown>>;

const text = (value: unknown): string => (typeof value === "string" ? value : "");
const number = (value: unknown): number => (typeof value === "number" ? value : 0);
const object = (value: unknown): Json => (typeof value === "object" && value !== null ? (value as Json) : {});
const list = (value: unknown): readonly Json[] => (Array.isArray(value) ? value.map(object) : []);

/** Types ending in `+json` carry JSON text, not protobuf. */
function parseDetail({ typeUrl, value }: Any): Json | undefined {
  if (!typeUrl.endsWith("+json")) return undefined;
  try {
    return object(JSON.parse(Buffer.from(value).toString("utf8")));
  } catch {
    return undefined;
  }
}

function sourceOf(json: Json): ErrorSource {
  const info = object(json["info"]);
  return {
    filename: text(info["filename"]),
    data: Buffer.from(text(info["data"]), "base64"),
    language: text(info["language"]),
    ranges: list(json["ranges"]).map(({ start, end }) => {
      const first = number(object(start)["line"]);
      return { start: first, end: Math.max(first, number(object(end)["line"])) };
    }),
  };
}
