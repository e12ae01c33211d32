/**
 * A session: the services that one or more solves may ask of the client, its identity, and the
 * connections they are served on. Opening the byte stream is the driver's, or tunnel.ts's.
 */
import type { Duplex } from "node:stream";
import { health } from "./health.ts";
import type { Http2Connection } from "./http2-connection.ts";
import type { Service } from "./rpc.ts";
import { serveConnection } from "./server.ts";

export interface SessionOptions {
  /** 25-character id; see buildkit/id.ts. */
  readonly id: string;
  /** Lets the engine find its copy of a directory again in a later run (spec/buildkit.md 5.5). */
  readonly sharedKey?: string;
  /** Health is always served. */
  readonly services: readonly Service[];
}

export interface Session {
  readonly id: string;
  /** Paths of every method served. */
  readonly methods: readonly string[];
  /** Headers of the handshake, one entry for each value. */
  readonly handshakeHeaders: readonly (readonly [name: string, value: string])[];
  /** Serves the engine on a connection; resolves when it is over, whoever ended it. */
  serve(duplex: Duplex): Promise<void>;
  /** Ends all connections. Call it after Solve has answered. */
  close(): Promise<void>;
}

export function openSession(options: SessionOptions): Session {
  return new ServedSession(options);
}

class ServedSession implements Session {
  readonly id: string;
  readonly methods: readonly string[];
  readonly handshakeHeaders: readonly (readonly [name: string, value: string])[];
  readonly #services: readonly Service[];
  readonly #connections = new Map<Http2Connection, Promise<void>>();
  #closed = false;

  constructor({ id, sharedKey = "", services }: SessionOptions) {
    this.id = id;
    this.#services = [health(), ...services];
    this.methods = this.#services.flatMap(({ methods }) => Object.keys(methods));
    this.handshakeHeaders = [
      ["X-Docker-Expose-Session-Uuid", id],
      ["X-Docker-Expose-Session-Sharedkey", sharedKey],
      ...this.methods.map((path): readonly [string, string] => ["X-Docker-Expose-Session-Grpc-Method", path]),
    ];
  }

  async serve(duplex: Duplex): Promise<void> {
    if (this.#closed) {
      duplex.destroy();
      return;
    }
    const connection = serveConnection(duplex, this.#services);
    const over = closed(duplex).then(() => {
      this.#connections.delete(connection);
    });
    this.#connections.set(connection, over);
    await over;
  }

  async close(): Promise<void> {
    this.#closed = true;
    const connections = [...this.#connections];
    for (const [connection] of connections) connection.destroy();
    await Promise.all(connections.map(([, over]) => over));
  }
}

function closed(duplex: Duplex): Promise<void> {
  if (duplex.closed) return Promise.resolve();
  return new Promise((resolve) => {
    duplex.once("close", () => resolve());
  });
}
