/** Failed solves as errors for people: the message, the Dockerfile lines and the exit status (spec/buildkit.md 8.5). */
import { BakeError, type Diagnostic } from "../diagnostics.ts";
import type { FailurePlace } from "../events.ts";
import type { Plan } from "../planner/plan.ts";
import { targetsOf } from "./plan-targets.ts";
import { isConnectionLost } from "./transient.ts";

/** Dockerfile lines that an engine's error points at; lines are 1-based. */
export interface FailureSource {
  readonly filename: string;
  readonly data: Uint8Array;
  readonly ranges: readonly { readonly start: number; readonly end: number }[];
}

/** What a failed build is made of. */
export interface SolveFailureParts {
  readonly target: string;
  readonly message: string;
  readonly exitCode: number;
  readonly places: readonly FailurePlace[];
  readonly vertex?: string;
  readonly denials?: readonly string[];
  readonly cause: unknown;
  readonly diagnostics: readonly Diagnostic[];
}

/** A failed build. `message` is the line behind `ERROR: `. */
export class SolveFailure extends BakeError {
  readonly target: string;
  /** Dockerfile lines to show before the message, innermost first. */
  readonly places: readonly FailurePlace[];
  /** Digest of the step that failed. */
  readonly vertex: string | undefined;
  /** What a policy says about the source that it denied. */
  readonly denials: readonly string[];
  constructor(options: SolveFailureParts) {
    super("run.solve", options.message, { exitCode: options.exitCode, cause: options.cause, diagnostics: options.diagnostics });
    this.target = options.target;
    this.places = options.places;
    this.vertex = options.vertex;
    this.denials = options.denials ?? [];
  }

  /** The same failure with other parts. */
  copy(parts: Partial<SolveFailureParts>): SolveFailure {
    const { target, message, exitCode, places, vertex, denials, cause, diagnostics } = this;
    return new SolveFailure({ target, message, exitCode, places, ...(vertex === undefined ? {} : { vertex }), denials, cause, diagnostics, ...parts });
  }
}

/** An error of a call to the engine. */
export interface EngineFailure {
  readonly code: number;
  readonly message: string;
  readonly sources: readonly FailureSource[];
  readonly vertex?: string;
  readonly denials?: readonly string[];
}

const exitCodes: Readonly<Record<number, number>> = { 1: 130, 8: 102, 13: 100 };

const unsupportedFrontend: readonly (readonly [part: string, message: string])[] = [
  [
    "unsupported frontend capability moby.buildkit.frontend.contexts",
    "current frontend does not support defining additional contexts for targets. Named contexts are supported since Dockerfile v1.4. " +
      "Use #syntax directive in Dockerfile or update to latest BuildKit.",
  ],
  [
    "unsupported frontend capability moby.buildkit.frontend.gitquerystring",
    "current frontend does not support Git URLs with query string components. Git URLs with query string are supported since Dockerfile v1.18 " +
      "and BuildKit v0.24. Use BUILDKIT_SYNTAX build-arg, #syntax directive in Dockerfile or update to latest BuildKit.",
  ],
];

/** The error of a target that failed; with several targets in the plan its name is in front. */
export function targetFailure(error: unknown, target: string, plan: Plan): BakeError {
  const several = targetsOf(plan).length > 1;
  const prefix = several ? `target ${target}: ` : "";
  const failure = engineFailure(error);
  if (failure && isConnectionLost(error)) {
    return new BakeError("run.connection", `${prefix}the connection to builder ${plan.builder} was lost: ${failure.message}`, { cause: error });
  }
  if (!failure) {
    if (error instanceof BakeError)
      return new BakeError(error.code, `${prefix}${error.message}`, { exitCode: error.exitCode, cause: error, diagnostics: error.diagnostics });
    return new BakeError("run.failed", `${prefix}${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
  const special = unsupportedFrontend.find(([part]) => failure.message.includes(part))?.[1];
  const places = failure.sources.filter(({ ranges }) => ranges.length > 0).map(placeOf);
  return new SolveFailure({
    target,
    message: special ?? `${prefix}failed to solve: ${failure.message}`,
    exitCode: exitCodes[failure.code] ?? 1,
    places,
    ...(failure.vertex === undefined ? {} : { vertex: failure.vertex }),
    ...(failure.denials === undefined ? {} : { denials: failure.denials }),
    cause: error,
    diagnostics: places.map((place) => diagnosticOf(place, failure.message)),
  });
}

/** Where in a Dockerfile a target failed, as data; innermost first. */
export function failurePlaces(error: BakeError): readonly FailurePlace[] {
  return error instanceof SolveFailure ? error.places : [];
}

function placeOf({ filename, data, ranges }: FailureSource): FailurePlace {
  return {
    filename,
    text: Buffer.from(data).toString("utf8"),
    first: Math.min(...ranges.map(({ start }) => start)),
    last: Math.max(...ranges.map(({ end }) => end)),
  };
}

function diagnosticOf({ filename, text, first, last }: FailurePlace, summary: string): Diagnostic {
  const offset = (line: number): number =>
    text
      .split("\n")
      .slice(0, line - 1)
      .join("\n").length + (line > 1 ? 1 : 0);
  return {
    severity: "error",
    code: "run.solve",
    summary,
    range: { file: { name: filename, text }, start: offset(first), end: Math.max(offset(first), offset(last + 1) - 1) },
  };
}

/** The engine's failure behind an error; undefined for errors of our own. */
function engineFailure(error: unknown): EngineFailure | undefined {
  const candidate = error as Partial<EngineFailure> | undefined;
  return typeof candidate?.code === "number" && Array.isArray(candidate.sources) ? (candidate as EngineFailure) : undefined;
}
