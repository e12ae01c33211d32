/**
 * Clients of the engine's control and content services over a channel that a driver gave. They convert
 * at the door: wire types stay in this folder. Errors are SolveErrors; every call takes an AbortSignal.
 */
import type { Channel, ClientDuplexStream } from "@grpc/grpc-js";
import { setTimeout as sleep } from "node:timers/promises";
import type { StatusEvent } from "../../events.ts";
import { Caller, type CallOptions, type Headers } from "./calls.ts";
import { fromWireHistory, fromWireStatus, fromWireUsage, fromWireWorker, toWireSolve } from "./control-convert.ts";
import { isNoSuchJob } from "./errors.ts";
import { contentMethods, controlMethods } from "./methods.ts";
import type { BuildkitVersion, HistoryEvent, HistoryRequest, PruneRequest, SolveRequest, SolveResponse, UsageRecord, Worker } from "./messages.ts";
import * as wire from "./wire/control.ts";

export type { CallOptions } from "./calls.ts";

const firstRetryMs = 100;
const lastRetryMs = 1000;

/** Waits before the n-th retry (from 0) of a call for a build that the engine does not know yet (spec/buildkit.md 10.4). */
export async function retryPause(attempt: number, signal: AbortSignal | undefined): Promise<void> {
  await sleep(Math.min(firstRetryMs * 2 ** attempt, lastRetryMs), undefined, signal && { signal }).catch(() => signal?.throwIfAborted());
}

/** The engine's control service (spec/buildkit.md 2). */
export class ControlClient {
  readonly #calls: Caller;

  constructor(channel: Channel) {
    this.#calls = new Caller(channel);
  }

  /** Version of the engine; rejects with status unimplemented by daemons before 0.11. */
  async info(options?: CallOptions): Promise<BuildkitVersion | undefined> {
    return (await this.#calls.unary(controlMethods.info, {}, options)).buildkitVersion;
  }

  async listWorkers(options?: CallOptions): Promise<readonly Worker[]> {
    const { record } = await this.#calls.unary(controlMethods.listWorkers, { filter: [] }, options);
    return record.map(fromWireWorker);
  }

  /** Runs a build; resolves with the exporters' metadata. Aborting cancels the build on the engine. */
  async solve(request: SolveRequest, options?: CallOptions): Promise<SolveResponse> {
    return (await this.#calls.unary(controlMethods.solve, toWireSolve(request), options)).exporterResponse;
  }

  /** Messages of a build until it is done. Asks again, until aborted, while the engine does not know the build. */
  async *status(ref: string, options: CallOptions = {}): AsyncGenerator<StatusEvent, void, undefined> {
    for (let attempt = 0; ; attempt++) {
      try {
        for await (const message of this.#calls.serverStream(controlMethods.status, { ref }, options)) yield fromWireStatus(message);
        return;
      } catch (error) {
        if (!isNoSuchJob(error)) throw error;
        await retryPause(attempt, options.signal);
      }
    }
  }

  /** The raw tunnel of a session; session/tunnel.ts makes a byte stream of it. */
  session(headers: Headers): ClientDuplexStream<Uint8Array, Uint8Array> {
    return this.#calls.duplex(controlMethods.session, headers);
  }

  /** `ageLimit` in nanoseconds. */
  async diskUsage(request: { readonly filter: readonly string[]; readonly ageLimit?: bigint }, options?: CallOptions): Promise<readonly UsageRecord[]> {
    const message = wire.DiskUsageRequest.fromPartial({ filter: [...request.filter], ageLimit: request.ageLimit ?? 0n });
    return (await this.#calls.unary(controlMethods.diskUsage, message, options)).record.map(fromWireUsage);
  }

  /** Removes build cache; gives one record for each that was removed. */
  async *prune(request: PruneRequest, options?: CallOptions): AsyncGenerator<UsageRecord, void, undefined> {
    const message = wire.PruneRequest.fromPartial({ ...request, filter: [...request.filter] });
    for await (const record of this.#calls.serverStream(controlMethods.prune, message, options)) yield fromWireUsage(record);
  }

  async *listenBuildHistory(request: HistoryRequest, options?: CallOptions): AsyncGenerator<HistoryEvent, void, undefined> {
    const message = wire.BuildHistoryRequest.fromPartial({ ...request, filter: [...(request.filter ?? [])] });
    for await (const event of this.#calls.serverStream(controlMethods.listenBuildHistory, message, options)) yield fromWireHistory(event);
  }

  /** Delete wins, then finalize; otherwise the record is pinned or unpinned as said. */
  async updateBuildHistory(
    request: { readonly ref: string; readonly pinned?: boolean; readonly delete?: boolean; readonly finalize?: boolean },
    options?: CallOptions,
  ): Promise<void> {
    await this.#calls.unary(controlMethods.updateBuildHistory, wire.UpdateBuildHistoryRequest.fromPartial({ ...request }), options);
  }
}

/** Blobs of the build history (spec/buildkit.md 9.3). */
export class ContentClient {
  readonly #calls: Caller;

  constructor(channel: Channel) {
    this.#calls = new Caller(channel);
  }

  async readBlob(digest: string, options?: CallOptions): Promise<Uint8Array> {
    const chunks: Uint8Array[] = [];
    for await (const { data } of this.#calls.serverStream(contentMethods.read, { digest, offset: 0n, size: 0n }, options)) chunks.push(data);
    return Buffer.concat(chunks);
  }
}
