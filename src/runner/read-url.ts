/** Reads a file behind a URL through the engine: an internal build of one source (spec/buildkit.md 3, 7.6). */
import { BakeError } from "../diagnostics.ts";
import type { StatusEvent } from "../events.ts";
import type { GatewayClient } from "./buildkit/gateway.ts";
import type { Definition } from "./buildkit/messages.ts";
import { httpSource } from "./buildkit/source-definition.ts";
import type { NodeLease } from "./connect.ts";
import { withInternalBuild } from "./internal-build.ts";
import type { Service } from "./session/rpc.ts";

const sizeLimit = 2 * 1024 * 1024;

export interface ReadUrlOptions {
  readonly lease: NodeLease;
  /** Name the file gets. */
  readonly file: string;
  readonly target: string;
  readonly services?: readonly Service[];
  readonly emit: (event: StatusEvent) => void;
  readonly signal: AbortSignal;
}

/** The Dockerfile behind a URL; larger ones than 2 MiB are refused. */
export async function readUrl(url: string, { lease, file, target, services = [], emit, signal }: ReadUrlOptions): Promise<Uint8Array> {
  const definition = httpSource(url, { filename: file, name: `[internal] load ${url}` });
  const onStatus = (event: StatusEvent): void => emit({ ...event, target });
  return await withInternalBuild({ lease, services, signal, onStatus }, async (gateway) => {
    const ref = await solveSource(gateway, definition, signal);
    const { size } = await gateway.statFile(ref, file, { signal });
    if (size > BigInt(sizeLimit)) throw new BakeError("run.dockerfile", `Dockerfile ${url} bigger than allowed max size (2.097MB)`);
    return await gateway.readFile(ref, file, { signal });
  });
}

/** Solves a definition and gives the ref of its result. */
export async function solveSource(gateway: GatewayClient, definition: Definition, signal: AbortSignal): Promise<string> {
  const { refs } = await gateway.solve({ definition }, { signal });
  const [ref] = refs;
  if (ref === undefined) throw new BakeError("run.source", "the engine gave an empty result");
  return ref;
}
