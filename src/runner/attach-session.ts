/**
 * Offers a session to the engine of a node: on a stream of its own where the driver can, else through
 * Control.Session, on a connection for sessions where another one costs nothing.
 */
import type { Duplex } from "node:stream";
import { ControlClient } from "./buildkit/client.ts";
import type { NodeLease } from "./connect.ts";
import type { Driver } from "./engine/driver.ts";
import { DirectTunnels } from "./session/direct-tunnel.ts";
import type { Session } from "./session/session.ts";
import { openTunnel } from "./session/tunnel.ts";

/** A session that was offered to an engine. */
export interface Attachment {
  /** The engine cannot reach it any more. */
  readonly isOver: () => boolean;
}

/** Resolves once the session is offered; it is served until it is closed or its connection is lost. */
export async function attachSession(session: Session, lease: NodeLease, signal?: AbortSignal): Promise<Attachment> {
  const stream = await openStream(session, lease, signal);
  // A session that is lost is reported by the build that misses it.
  stream.on("error", () => undefined);
  let over = false;
  void session.serve(stream).then(() => {
    over = true;
  });
  return { isOver: () => over };
}

const tunnels = new WeakMap<Driver, DirectTunnels>();

async function openStream({ handshakeHeaders }: Session, { node, channel }: NodeLease, signal: AbortSignal | undefined): Promise<Duplex> {
  const { driver } = node;
  if (driver.attachSession) return await driver.attachSession(handshakeHeaders, signal);
  // Child processes carry one connection each: there the one that is open has to do.
  if (!driver.probeSettings) return openTunnel(new ControlClient(channel), handshakeHeaders);
  const known = tunnels.get(driver) ?? new DirectTunnels(driver);
  tunnels.set(driver, known);
  return await known.open(handshakeHeaders, signal);
}
