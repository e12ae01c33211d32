/** A relay between tsbake and a real engine: connections can be watched, cut, or wrapped in TLS. */
import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { createServer as createTlsServer, type TlsOptions } from "node:tls";
import { onTestFinished } from "vitest";
import { temporaryFolder } from "./rig.ts";

export interface Relay {
  /** `unix://...` or `tcp://127.0.0.1:PORT`. */
  readonly address: string;
  readonly connections: number;
  /** Breaks every connection that is open; new ones are taken. */
  breakAll(): void;
  /** Breaks every connection and takes no more. */
  cut(): void;
  /** From now on nothing that the engine says comes through, on any connection; it hears everything. */
  hold(): void;
}

/** Relays to `unix://` addresses. With `tls` it listens on a loopback port. */
export async function startRelay(target: string, options: { readonly tls?: TlsOptions } = {}): Promise<Relay> {
  const open = new Set<Socket>();
  const engines = new Set<Socket>();
  let held = false;
  let connections = 0;
  const accept = (socket: Socket): void => {
    connections++;
    const engine = connect(target.slice("unix://".length));
    engines.add(engine);
    engine.on("close", () => engines.delete(engine));
    for (const [from, to] of [
      [socket, engine],
      [engine, socket],
    ] as const) {
      open.add(from);
      from.on("error", () => to.destroy());
      from.on("close", () => {
        open.delete(from);
        to.destroy();
      });
      if (from !== engine || !held) from.pipe(to);
    }
  };
  const hold = (): void => {
    held = true;
    for (const engine of engines) engine.unpipe().pause();
  };
  const server: Server = options.tls ? createTlsServer({ ALPNProtocols: ["h2"], ...options.tls }, accept) : createServer(accept);
  const breakAll = (): void => {
    for (const socket of open) socket.destroy();
  };
  const cut = (): void => {
    server.close();
    breakAll();
  };
  onTestFinished(cut);
  const path = join(temporaryFolder(), "relay.sock");
  if (options.tls) server.listen(0, "127.0.0.1");
  else server.listen(path);
  await once(server, "listening");
  const address = server.address();
  return {
    address: typeof address === "object" && address ? `tcp://127.0.0.1:${address.port}` : `unix://${path}`,
    get connections() {
      return connections;
    },
    breakAll,
    cut,
    hold,
  };
}
