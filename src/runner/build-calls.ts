/** What a job asks of the engine, in the runner's words; buildkit-calls.ts speaks it over gRPC. */
import type { GatewayResult } from "./buildkit/messages.ts";

/** A frontend's result: what linking needs, and the whole as it is given back. */
export type FrontendResult = GatewayResult;

export interface BuildCalls {
  /** Makes everything ready that the build needs on this side, with the results of the parents by job id. */
  open(parents: ReadonlyMap<string, FrontendResult>): Promise<void>;
  /** Starts Control.Solve and Status; resolves with the exporter response. */
  startSolve(): Promise<Readonly<Record<string, string>>>;
  /** Resolves once the engine knows the build. */
  ping(): Promise<void>;
  /** Runs the frontend. */
  solveFrontend(): Promise<FrontendResult>;
  /** Makes the engine do the work of every part of the result. */
  evaluate(result: FrontendResult): Promise<void>;
  giveBack(result: FrontendResult): Promise<void>;
  giveBackError(error: unknown): Promise<void>;
  /** Cancels the build on the engine. */
  cancel(): void;
}
