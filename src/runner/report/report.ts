/** The data of a report: a finished build as plain JSON (schema/report.json). Times are seconds since the start. */
import type { FailurePlace, TargetImage, TargetState } from "../../events.ts";

export type StepState = "done" | "cached" | "failed" | "cancelled" | "running";

/** From and to; a step may run more than once. */
export type Span = readonly [from: number, to: number];

export interface ReportSize {
  readonly id: string;
  readonly current: number;
  readonly total: number;
}

export interface ReportStep {
  readonly name: string;
  /** Indexes of the targets that the step is part of. */
  readonly targets: readonly number[];
  /** Indexes of the steps whose results it uses. */
  readonly inputs: readonly number[];
  readonly state: StepState;
  /** In order of time; they do not overlap. */
  readonly runs: readonly Span[];
  readonly error?: string;
  /** Layers, contexts and exports with their bytes. */
  readonly sizes: readonly ReportSize[];
  /** The end of the log. */
  readonly log: readonly string[];
  /** Lines before those that were left out. */
  readonly logDropped: number;
  /** On the chain of steps that decided how long the build took. */
  readonly critical: boolean;
}

export interface ReportTarget {
  readonly name: string;
  readonly state: TargetState;
  readonly attempts: number;
  /** Absent for targets that never started. */
  readonly span?: Span;
  /** Indexes, by start. */
  readonly steps: readonly number[];
  readonly error?: string;
  readonly places?: readonly FailurePlace[];
  readonly image?: TargetImage;
}

export interface ReportTransfer {
  readonly name: string;
  readonly direction: "send" | "receive";
  /** Absent for what several targets share. */
  readonly target?: number;
  readonly span: Span;
  readonly bytes: number;
  readonly files: number;
}

export interface ReportWarning {
  readonly text: string;
  readonly detail: readonly string[];
  readonly url: string;
  readonly targets: readonly number[];
  readonly file?: string;
  readonly first?: number;
  readonly last?: number;
}

/** How many are under way from a time on. */
export type Level = readonly [time: number, count: number];

export interface Report {
  readonly version: 1;
  readonly tool: string;
  readonly builder: string;
  readonly driver: string;
  /** RFC 3339. */
  readonly started: string;
  readonly duration: number;
  readonly targets: readonly ReportTarget[];
  readonly steps: readonly ReportStep[];
  readonly transfers: readonly ReportTransfer[];
  readonly warnings: readonly ReportWarning[];
  /** Indexes of steps, in order of time. */
  readonly criticalPath: readonly number[];
  readonly concurrency: { readonly targets: readonly Level[]; readonly steps: readonly Level[] };
}
