/** Offers a session to the engine of a node: on a stream of its own where the driver can, else through Control.Session. */
import { ControlClient } from "./buildkit/client.ts";
import type { NodeLease } from "./connect.ts";
import type { Session } from "./session/session.ts";
import { openTunnel } from "./session/tunnel.ts";

/** A session that was offered to an engine. */
export interface Attachment {
  /** The engine cannot reach it any more. */
  readonly isOver: () => boolean;
}

/** Resolves once the session is offered; it is served until it is closed or its connection is lost. */
export async function attachSession(session: Session, { node, channel }: NodeLease, signal?: AbortSignal): Promise<Attachment> {
  const { driver } = node;
  const stream = driver.attachSession
    ? await driver.attachSession(session.handshakeHeaders, signal)
    : openTunnel(new ControlClient(channel), session.handshakeHeaders);
  // A session that is lost is reported by the build that misses it.
  stream.on("error", () => undefined);
  let over = false;
  void session.serve(stream).then(() => {
    over = true;
  });
  return { isOver: () => over };
}
