/** A fault on a real connection: a registry that fails until it is told not to. */
import { once } from "node:events";
import { createServer as createHttpServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

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
