/**
 * Connections to one node. No connection ever holds more streams than its peer allows (dockerd: 250):
 * a build leases its share of a connection, and another connection is opened when none has room
 * (spec/buildkit.md 10.4). Leases of a linked group stay on one connection as long as it fits.
 */
import { connect as connectHttp2, type Settings } from "node:http2";
import type { Duplex } from "node:stream";
import { TLSSocket } from "node:tls";
import { Channel } from "@grpc/grpc-js";
import { connectionError } from "./socket.ts";
import type { Dial, Driver } from "./driver.ts";
import { DialCredentials, enterGate, leaveGate } from "./gate.ts";

/** Long streams of one build: Solve, Status, and two gateway calls; one more when the session is tunnelled. */
const streamsPerBuild = 4;
/** Streams that are kept free for short calls. */
const reserve = 10;
const messageLimit = 16 * 1024 * 1024;
const window = 1024 * 1024;
const settingsTimeoutMs = 5000;

/** A share of a connection. */
export interface Lease {
  readonly channel: Channel;
  release(): void;
}

interface Connection {
  readonly channel: Channel;
  streams: number;
}

export class ConnectionPool {
  readonly #driver: Driver;
  readonly #limit: number;
  readonly #connections: Connection[] = [];
  readonly #address: string;
  readonly #dial: Dial;
  #closed = false;
  #dialFailure: Error | undefined;

  private constructor(driver: Driver, address: string, limit: number) {
    this.#driver = driver;
    this.#address = address;
    this.#limit = limit;
    this.#dial = async (signal) => {
      try {
        const stream = await driver.dial(signal);
        this.#dialFailure = undefined;
        // A child that ends says why on the stream, when the connection seemed to be made already.
        stream.once("error", (error: Error) => {
          this.#dialFailure = error;
        });
        return stream;
      } catch (error) {
        this.#dialFailure = error as Error;
        throw error;
      }
    };
  }

  /** Reads the peer's stream limit and opens the pool. Rejects when the engine cannot be reached. */
  static async open(driver: Driver, signal?: AbortSignal): Promise<ConnectionPool> {
    const limit = driver.probeSettings ? await readStreamLimit(driver, signal) : Number.POSITIVE_INFINITY;
    return new ConnectionPool(driver, await enterGate(), limit);
  }

  /** How many builds fit on one connection. */
  get buildsPerConnection(): number {
    return Math.max(1, Math.floor((this.#limit - reserve) / this.#streamsPerBuild));
  }

  /** Connections that are open, for tests and `--debug`. */
  get size(): number {
    return this.#connections.length;
  }

  /** Why the last connection failed or broke; undefined when it did not. grpc-js tells only that it did. */
  get dialFailure(): Error | undefined {
    return this.#dialFailure;
  }

  /** A channel for short calls; holds no share. */
  get channel(): Channel {
    return (this.#connections[0] ?? this.#connect()).channel;
  }

  get #streamsPerBuild(): number {
    return this.#driver.attachSession ? streamsPerBuild : streamsPerBuild + 1;
  }

  /**
   * Leases shares for builds that must be active together, in the order asked. A group that is larger
   * than a connection is spread over as few as possible: all its members still get their streams at once.
   */
  lease(builds: number): readonly Lease[] {
    const leases: Lease[] = [];
    while (leases.length < builds) {
      const left = builds - leases.length;
      const wanted = Math.min(left, this.buildsPerConnection) * this.#streamsPerBuild;
      const connection = this.#connections.find(({ streams }) => streams + wanted <= this.#limit - reserve) ?? this.#connect();
      const share = Math.min(left, this.buildsPerConnection);
      for (let i = 0; i < share; i++) leases.push(this.#take(connection));
    }
    return leases;
  }

  /** Closes every connection; running calls fail. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const { channel } of this.#connections) channel.close();
    leaveGate();
  }

  #take(connection: Connection): Lease {
    const streams = this.#streamsPerBuild;
    connection.streams += streams;
    let released = false;
    return {
      channel: connection.channel,
      release: () => {
        if (!released) connection.streams -= streams;
        released = true;
      },
    };
  }

  #connect(): Connection {
    const channel = new Channel(this.#address, new DialCredentials(this.#dial), {
      "grpc.default_authority": this.#driver.authority,
      "grpc.max_receive_message_length": messageLimit,
      "grpc.max_send_message_length": messageLimit,
      "grpc.use_local_subchannel_pool": 1,
      "grpc.enable_http_proxy": 0,
      "grpc.initial_reconnect_backoff_ms": 500,
      "grpc.max_reconnect_backoff_ms": 2000,
      "grpc-node.flow_control_window": window,
    });
    const connection = { channel, streams: 0 };
    this.#connections.push(connection);
    return connection;
  }
}

/** Asks a connection of its own for the peer's concurrent stream limit; a peer that names none has none. */
async function readStreamLimit(driver: Driver, signal?: AbortSignal): Promise<number> {
  const stream = await driver.dial(signal);
  const unanswered = unansweredReason(stream);
  return await new Promise<number>((resolve, reject) => {
    const session = connectHttp2(`http://${driver.authority}`, { createConnection: () => stream });
    const finish = (error?: Error, limit = Number.POSITIVE_INFINITY): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
      session.removeAllListeners();
      session.on("error", () => undefined);
      session.destroy();
      stream.destroy();
      if (signal?.aborted === true) reject(signal.reason as Error);
      else if (error) reject(connectionError(driver.endpoint, (error as NodeJS.ErrnoException).code === "ECONNRESET" ? (unanswered ?? error) : error));
      else resolve(limit);
    };
    const timer = setTimeout(() => finish(new Error("no HTTP/2 settings received")), settingsTimeoutMs);
    const abort = (): void => finish();
    signal?.addEventListener("abort", abort, { once: true });
    session.once("remoteSettings", ({ maxConcurrentStreams }: Settings) =>
      // Node reports 2^32-1 for "unlimited".
      finish(undefined, maxConcurrentStreams === undefined || maxConcurrentStreams > 1e9 ? Number.POSITIVE_INFINITY : maxConcurrentStreams),
    );
    session.once("error", (error: Error) => finish(error));
    // What TLS has to say after the handshake comes on the stream, such as that a client certificate is missing.
    stream.once("error", (error: Error) => finish(error));
    session.once("close", () => finish(unanswered ?? new Error("the connection was closed before BuildKit answered")));
  });
}

/**
 * Why an engine hangs up on a TLS connection before it says anything. It tells the reason in an alert, but that is lost when we were
 * writing at the moment: the reset overtakes it.
 */
function unansweredReason(stream: Duplex): Error | undefined {
  if (!(stream instanceof TLSSocket)) return undefined;
  const offered = Object.keys(stream.getCertificate() ?? {}).length > 0;
  return new Error(
    `the engine closed the connection, perhaps because it ${offered ? "does not trust" : "asks for"} ${offered ? "the" : "a"} client certificate`,
  );
}
