/** Offers a session to the engine of a node: on a stream of its own where the driver can, else through Control.Session. */
import { ControlClient } from "./buildkit/client.ts";
import type { NodeLease } from "./connect.ts";
import type { Session } from "./session/session.ts";
import { openTunnel } from "./session/tunnel.ts";

/** Resolves once the session is offered; it is served until it is closed. */
export async function attachSession(session: Session, { node, channel }: NodeLease, signal?: AbortSignal): Promise<void> {
  const { driver } = node;
  const stream = driver.attachSession
    ? await driver.attachSession(session.handshakeHeaders, signal)
    : openTunnel(new ControlClient(channel), session.handshakeHeaders);
  // A session that is lost is reported by the build that misses it.
  stream.on("error", () => undefined);
  void session.serve(stream);
}
