/** Client-side builds: the gateway service of one running solve (spec/buildkit.md 4). */
import type { Channel } from "@grpc/grpc-js";
import { Caller, type CallOptions } from "./calls.ts";
import { retryPause } from "./client.ts";
import { fromWireWorker } from "./control-convert.ts";
import { isNoSuchJob, SolveError, status } from "./errors.ts";
import { gatewayMethods } from "./methods.ts";
import type { Definition, FileInfo, FrontendRequest, GatewayResult, Pong } from "./messages.ts";
import { Status } from "./wire/common.ts";
import type { Stat } from "./wire/fsutil.ts";
import * as wire from "./wire/gateway.ts";

/** Drives the build `ref`, which a Control.Solve without frontend has started. */
export class GatewayClient {
  readonly #calls: Caller;

  constructor(channel: Channel, ref: string) {
    this.#calls = new Caller(channel, [["buildkit-controlapi-buildid", ref]]);
  }

  /** Capabilities of the engine. Asks again, until aborted, while the engine does not know the build. */
  async ping(options: CallOptions = {}): Promise<Pong> {
    for (let attempt = 0; ; attempt++) {
      try {
        return fromPong(await this.#calls.unary(gatewayMethods.ping, {}, options));
      } catch (error) {
        if (!isNoSuchJob(error)) throw error;
        await retryPause(attempt, options.signal);
      }
    }
  }

  async solve(request: FrontendRequest, options?: CallOptions): Promise<GatewayResult> {
    const message = wire.SolveRequest.fromPartial({
      definition: request.definition,
      frontend: request.frontend ?? "",
      frontendOpt: request.attributes ?? {},
      frontendInputs: Object.fromEntries(request.inputs ?? []),
      allowResultReturn: true,
      allowResultArrayRef: true,
      evaluate: request.evaluate === true,
    });
    const { ref, result } = await this.#calls.unary(gatewayMethods.solve, message, options);
    return fromResult(result ?? wire.Result.encode(wire.Result.fromPartial({ refDeprecated: ref })).finish());
  }

  /** Makes the engine do the work of a ref. */
  async evaluate(ref: string, options?: CallOptions): Promise<void> {
    try {
      await this.#calls.unary(gatewayMethods.evaluate, { ref }, options);
    } catch (error) {
      // Old engines evaluate when something in the ref is looked at.
      if (!(error instanceof SolveError) || error.code !== status.unimplemented) throw error;
      await this.statFile(ref, ".", options);
    }
  }

  async readFile(
    ref: string,
    path: string,
    options: CallOptions & { readonly range?: { readonly offset: number; readonly length: number } } = {},
  ): Promise<Uint8Array> {
    const { range } = options;
    const part = range && { offset: BigInt(range.offset), length: BigInt(range.length) };
    const message = wire.ReadFileRequest.fromPartial({ ref, filePath: path, range: part });
    return (await this.#calls.unary(gatewayMethods.readFile, message, options)).data;
  }

  async readDirectory(ref: string, path: string, options?: CallOptions): Promise<readonly FileInfo[]> {
    const message = wire.ReadDirRequest.fromPartial({ ref, dirPath: path });
    return (await this.#calls.unary(gatewayMethods.readDir, message, options)).entries.map(fromStat);
  }

  async statFile(ref: string, path: string, options?: CallOptions): Promise<FileInfo> {
    const { stat } = await this.#calls.unary(gatewayMethods.statFile, { ref, path }, options);
    return fromStat(stat);
  }

  /** Ends the build with a result, exactly as it was received; undefined for an empty one. Once a build. */
  async return(result: Pick<GatewayResult, "received"> | undefined, options?: CallOptions): Promise<void> {
    const message = wire.ReturnRequest.fromPartial({ result: result?.received ?? new Uint8Array(0) });
    await this.#calls.unary(gatewayMethods.return, message, options);
  }

  /** Ends the build with a failure; one that came from the engine goes back with its details. */
  async returnError(error: unknown, options?: CallOptions): Promise<void> {
    await this.#calls.unary(gatewayMethods.return, wire.ReturnRequest.fromPartial({ error: toStatus(error) }), options);
  }
}

function toStatus(error: unknown): Status {
  if (error instanceof SolveError) {
    if (error.received) return Status.decode(error.received);
    return { code: error.code, message: error.message, details: [] };
  }
  return { code: status.unknown, message: error instanceof Error ? error.message : String(error), details: [] };
}

function fromPong({ frontendApiCaps, llbCaps, workers }: wire.PongResponse): Pong {
  const enabled = (caps: readonly wire.APICap[]): ReadonlySet<string> => new Set(caps.filter((cap) => cap.enabled).map(({ id }) => id));
  return { frontendCapabilities: enabled(frontendApiCaps), llbCapabilities: enabled(llbCaps), workers: workers.map(fromWireWorker) };
}

/** Reads what linking needs out of a result that is otherwise opaque. */
function fromResult(received: Uint8Array): GatewayResult {
  const { refDeprecated, refsDeprecated, ref, refs, metadata } = wire.Result.decode(received);
  const base = { received, metadata: new Map(Object.entries(metadata)) };
  if (refs) {
    const parts = Object.entries(refs.refs);
    return { ...base, byPlatform: new Map(parts.map(([platform, part]) => [platform, definitionOf(part)])), refs: idsOf(parts.map(([, { id }]) => id)) };
  }
  if (refsDeprecated) return { ...base, refs: idsOf(Object.values(refsDeprecated.refs)) };
  if (refDeprecated !== undefined) return { ...base, refs: idsOf([refDeprecated]) };
  return { ...base, single: ref && definitionOf(ref), refs: idsOf([ref?.id ?? ""]) };
}

const idsOf = (ids: readonly string[]): readonly string[] => ids.filter((id) => id !== "");

const definitionOf = ({ id, def }: wire.Ref): Definition | undefined => (id === "" ? undefined : def);

function fromStat(stat: Stat | undefined): FileInfo {
  return { path: stat?.path ?? "", mode: stat?.mode ?? 0, size: stat?.size ?? 0n, modTime: stat?.modTime ?? 0n, linkname: stat?.linkname ?? "" };
}
