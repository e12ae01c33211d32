/** A job's build over gRPC: Control.Solve without a frontend, driven through the gateway (spec/buildkit.md 4.3). */
import type { StatusEvent } from "../events.ts";
import type { Job } from "../planner/plan.ts";
import type { BuildCalls, FrontendResult } from "./build-calls.ts";
import { fallbackRequest } from "./call-fallback.ts";
import { ControlClient } from "./buildkit/client.ts";
import { GatewayClient } from "./buildkit/gateway.ts";
import type { FrontendRequest } from "./buildkit/messages.ts";
import type { NodeLease } from "./connect.ts";
import type { FilledRequest } from "./request.ts";
import { StatusFollower } from "./status-follower.ts";

/** What is ready once a job's session is offered to the engine. */
export interface OpenedBuild {
  readonly session: string;
  readonly request: FilledRequest;
  readonly sourcePolicy?: Uint8Array;
  /** The session that is asked about sources. */
  readonly sourcePolicySession?: string;
  readonly proxyNetwork?: boolean;
}

export interface BuildkitCallsOptions {
  readonly job: Job;
  readonly ref: string;
  readonly lease: NodeLease;
  readonly signal: AbortSignal;
  /** Opens the session and fills the request in. */
  readonly open: (parents: ReadonlyMap<string, FrontendResult>) => Promise<OpenedBuild>;
  readonly onStatus: (event: StatusEvent) => void;
  /** The result is on its way to the exporters. */
  readonly onReturn: () => void;
}

export class BuildkitCalls implements BuildCalls {
  readonly #options: BuildkitCallsOptions;
  readonly #control: ControlClient;
  readonly #gateway: GatewayClient;
  readonly #abort = new AbortController();
  readonly #signal: AbortSignal;
  #opened: OpenedBuild | undefined;
  #status: StatusFollower | undefined;
  /** The frontend's result, which answers a call. */
  result: FrontendResult | undefined;

  constructor(options: BuildkitCallsOptions) {
    this.#options = options;
    this.#control = new ControlClient(options.lease.channel);
    this.#gateway = new GatewayClient(options.lease.channel, options.ref);
    this.#signal = AbortSignal.any([options.signal, this.#abort.signal]);
  }

  async open(parents: ReadonlyMap<string, FrontendResult>): Promise<void> {
    this.#opened = await this.#options.open(parents);
  }

  startSolve(): Promise<Readonly<Record<string, string>>> {
    const { job, ref, onStatus } = this.#options;
    const { session, request, sourcePolicy, sourcePolicySession, proxyNetwork } = this.#ready;
    const { entitlements, internal } = job.request;
    const { attributes, exporters, cacheExports, cacheImports } = request;
    const solving = this.#control.solve(
      {
        ref,
        session,
        frontendAttributes: attributes,
        exporters,
        cacheExports,
        cacheImports,
        entitlements,
        internal,
        ...(sourcePolicy ? { sourcePolicy } : {}),
        ...(sourcePolicySession === undefined ? {} : { sourcePolicySession }),
        ...(proxyNetwork === undefined ? {} : { proxyNetwork }),
      },
      { signal: this.#signal },
    );
    this.#status = new StatusFollower((signal) => this.#control.status(ref, { signal }), onStatus);
    return solving;
  }

  ping(): Promise<void> {
    return this.#gateway.ping({ signal: this.#signal }).then(() => undefined);
  }

  async solveFrontend(): Promise<FrontendResult> {
    const { frontend, attributes, inputs } = this.#ready.request;
    const { call } = this.#options.job;
    const request: FrontendRequest = { frontend, attributes, inputs };
    const solve = (asked: FrontendRequest): Promise<FrontendResult> => this.#gateway.solve(asked, { signal: this.#signal });
    try {
      this.result = await solve(request);
    } catch (error) {
      const fallback = call && fallbackRequest(request, call.name, error);
      if (!fallback) throw error;
      this.result = await solve(fallback);
    }
    return this.result;
  }

  async evaluate({ refs }: FrontendResult): Promise<void> {
    await Promise.all(refs.map((ref) => this.#gateway.evaluate(ref, { signal: this.#signal })));
  }

  async giveBack(result: FrontendResult): Promise<void> {
    this.#options.onReturn();
    await this.#gateway.return(result, { signal: this.#signal });
  }

  async giveBackError(error: unknown): Promise<void> {
    await this.#gateway.returnError(error, { signal: this.#signal });
  }

  cancel(): void {
    this.#abort.abort();
  }

  /** The solve has ended, one way or another: waits for the rest of its status. */
  async drainStatus(): Promise<void> {
    await this.#status?.drain({ cancelled: this.#signal.aborted });
  }

  get #ready(): OpenedBuild {
    if (!this.#opened) throw new Error("the build was not opened");
    return this.#opened;
  }
}
