/** Builds that only look something up: not recorded, nothing exported, ended with an empty result. */
import type { StatusEvent } from "../events.ts";
import { attachSession } from "./attach-session.ts";
import { ControlClient } from "./buildkit/client.ts";
import { GatewayClient } from "./buildkit/gateway.ts";
import { newId } from "./buildkit/id.ts";
import type { NodeLease } from "./connect.ts";
import type { Service } from "./session/rpc.ts";
import { openSession } from "./session/session.ts";
import { StatusFollower } from "./status-follower.ts";

export interface InternalBuildOptions {
  readonly lease: NodeLease;
  /** What the build may ask of this machine. */
  readonly services: readonly Service[];
  readonly signal: AbortSignal;
  readonly onStatus: (event: StatusEvent) => void;
}

/** Gives the work a gateway to ask; rejects with the build's own failure when it has one. */
export async function withInternalBuild<T>(
  { lease, services, signal, onStatus }: InternalBuildOptions,
  work: (gateway: GatewayClient) => Promise<T>,
): Promise<T> {
  const ref = newId();
  const over = new AbortController();
  const either = AbortSignal.any([signal, over.signal]);
  const control = new ControlClient(lease.channel);
  const gateway = new GatewayClient(lease.channel, ref);
  const session = openSession({ id: newId(), services });
  await attachSession(session, lease, signal);
  const empty = { frontendAttributes: {}, exporters: [], cacheExports: [], cacheImports: [], entitlements: [] };
  const solving = control.solve({ ref, session: session.id, internal: true, ...empty }, { signal: either });
  solving.catch(() => undefined);
  const status = new StatusFollower((abort) => control.status(ref, { signal: abort }), onStatus);
  try {
    await gateway.ping({ signal: either });
    const answer = await work(gateway);
    await gateway.return(undefined, { signal: either });
    await solving;
    return answer;
  } catch (error) {
    if (!signal.aborted) await gateway.returnError(error, { signal: either }).catch(() => undefined);
    throw error;
  } finally {
    over.abort();
    await status.drain({ cancelled: signal.aborted });
    await session.close();
  }
}
