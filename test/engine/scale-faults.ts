/** Faults on real connections: a registry that fails until it is told not to, and a relay whose connections break. */
import { once } from "node:events";
import { createServer as createHttpServer, request } from "node:http";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { temporaryFolder } from "./rig.ts";

export interface FailingRegistry {
  /** `localhost:PORT`. */
  readonly address: string;
  /** From now on requests reach the registry. */
  heal(): void;
}

/** A proxy of a registry that answers every request with a status until it is healed. */
export async function startFailingRegistry(registry: string, status: number): Promise<FailingRegistry> {
  let healed = false;
  const [host = "", port = ""] = registry.split(":");
  const server = createHttpServer((incoming, outgoing) => {
    if (!healed) {
      incoming.resume();
      outgoing.writeHead(status, { "content-type": "text/plain" }).end("not now\n");
      return;
    }
    const forward = request({ host, port, method: incoming.method, path: incoming.url, headers: incoming.headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    forward.on("error", () => outgoing.destroy());
    incoming.pipe(forward);
  });
  onTestFinished(() => void server.close().closeAllConnections());
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { address: `localhost:${(server.address() as AddressInfo).port}`, heal: () => (healed = true) };
}

export interface BreakingRelay {
  readonly address: string;
  /** Breaks every connection that is open; new ones are taken. */
  breakAll(): void;
}

/** Relays connections to a `unix://` address. */
export async function startBreakingRelay(target: string): Promise<BreakingRelay> {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    const engine = connect(target.slice("unix://".length));
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
      from.pipe(to);
    }
  });
  const breakAll = (): void => open.forEach((socket) => socket.destroy());
  onTestFinished(() => {
    server.close();
    breakAll();
  });
  const path = join(temporaryFolder(), "relay.sock");
  server.listen(path);
  await once(server, "listening");
  return { address: `unix://${path}`, breakAll };
}
