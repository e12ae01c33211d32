/**
 * Tunnels of sessions on a connection of their own, straight on node:http2: the same Control.Session as
 * in tunnel.ts, without the copies that a gRPC library makes of every message. For engines on sockets,
 * where a connection more costs nothing.
 */
import { connect, constants, type ClientHttp2Session, type ClientHttp2Stream, type IncomingHttpHeaders } from "node:http2";
import { Duplex } from "node:stream";
import { varintLength, writeVarint } from "../buildkit/bytes-message.ts";
import type { Dial } from "../engine/driver.ts";
import { BytesReader } from "./bytes-reader.ts";
import { framePrefix, writePrefix } from "./frame-writer.ts";

export interface DirectTunnelOptions {
  readonly dial: Dial;
  readonly authority: string;
}

type Headers = readonly (readonly [name: string, value: string])[];

const window = 1024 * 1024;
const highWater = 1024 * 1024;
/** A connection without tunnels stays this long for the next one. */
const idleMs = 5000;
const closeGraceMs = 1000;
const noLimit = 2 ** 31;

interface Connection {
  readonly session: ClientHttp2Session;
  tunnels: number;
  idle: NodeJS.Timeout | undefined;
}

/** The connections to one engine. */
export class DirectTunnels {
  readonly #options: DirectTunnelOptions;
  readonly #connections = new Set<Connection>();
  #dialling: Promise<Connection> | undefined;

  constructor(options: DirectTunnelOptions) {
    this.#options = options;
  }

  /** Opens a tunnel for the session of these headers. It half-closes when destroyed, so that the call ends with OK. */
  async open(headers: Headers, signal?: AbortSignal): Promise<Duplex> {
    const connection = await this.#connection(signal);
    const { session } = connection;
    connection.tunnels++;
    session.ref();
    clearTimeout(connection.idle);
    const stream = session.request({ ...requestHeaders(headers), ":authority": this.#options.authority });
    stream.once("close", () => this.#release(connection));
    return new DirectTunnel(stream);
  }

  async #connection(signal: AbortSignal | undefined): Promise<Connection> {
    for (;;) {
      const free = [...this.#connections].find(
        ({ session, tunnels }) => !session.closed && !session.destroyed && tunnels < (session.remoteSettings?.maxConcurrentStreams ?? noLimit),
      );
      if (free) return free;
      this.#dialling ??= this.#connect(signal).finally(() => {
        this.#dialling = undefined;
      });
      await this.#dialling;
    }
  }

  async #connect(signal: AbortSignal | undefined): Promise<Connection> {
    const socket = await this.#options.dial(signal);
    const session = connect(`http://${this.#options.authority}`, {
      createConnection: () => socket,
      settings: { initialWindowSize: window, enablePush: false },
    });
    const connection: Connection = { session, tunnels: 0, idle: undefined };
    session.once("connect", () => session.setLocalWindowSize(8 * window));
    // What breaks is told by the streams.
    session.on("error", () => undefined);
    session.once("close", () => {
      clearTimeout(connection.idle);
      this.#connections.delete(connection);
      socket.destroy();
    });
    this.#connections.add(connection);
    return connection;
  }

  #release(connection: Connection): void {
    connection.tunnels--;
    if (connection.tunnels > 0) return;
    connection.idle = setTimeout(() => connection.session.destroy(), idleMs);
    // Nobody waits for it: the process may end.
    connection.idle.unref();
    if (!connection.session.destroyed) connection.session.unref();
  }
}

function requestHeaders(headers: Headers): Record<string, string | readonly string[]> {
  const named: Record<string, string[]> = {};
  for (const [name, value] of headers) (named[name.toLowerCase()] ??= []).push(value);
  return { ":method": "POST", ":path": "/moby.buildkit.v1.Control/Session", ":scheme": "http", "content-type": "application/grpc", te: "trailers", ...named };
}

class DirectTunnel extends Duplex {
  readonly #stream: ClientHttp2Stream;
  readonly #reader = new BytesReader();
  #status: string | undefined;
  #message = "";

  constructor(stream: ClientHttp2Stream) {
    super({ allowHalfOpen: true, readableHighWaterMark: highWater, writableHighWaterMark: highWater });
    this.#stream = stream;
    stream.on("response", (headers) => this.#note(headers));
    stream.on("trailers", (headers: IncomingHttpHeaders) => this.#note(headers));
    stream.on("data", (chunk: Buffer) => this.#receive(chunk));
    stream.on("end", () => this.push(null));
    stream.on("error", (error: Error) => this.destroy(error));
    stream.on("close", () => {
      if (this.#status === "0") this.push(null);
      else
        this.destroy(
          new Error(this.#message || (this.#status === undefined ? "the connection of the session was lost" : `session ended with status ${this.#status}`)),
        );
    });
  }

  override _read(): void {
    this.#stream.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, callback: (error?: Error | null) => void): void {
    this.#stream.cork();
    this.#stream.write(messageHead(chunk.length));
    this.#stream.write(chunk, callback);
    this.#stream.uncork();
  }

  override _final(callback: (error?: Error | null) => void): void {
    this.#stream.end();
    callback();
  }

  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    if (this.#stream.closed || this.#stream.destroyed) {
      callback(error);
      return;
    }
    const timer = setTimeout(() => {
      this.#stream.close(constants.NGHTTP2_CANCEL);
      this.#stream.destroy();
    }, closeGraceMs);
    this.#stream.once("close", () => {
      clearTimeout(timer);
      callback(error);
    });
    this.#stream.end();
    this.#stream.resume();
  }

  #receive(chunk: Buffer): void {
    // What still comes must run out for the stream to end.
    if (this.destroyed) return;
    const pieces: Buffer[] = [];
    try {
      this.#reader.push(chunk, pieces);
      for (const piece of pieces) if (!this.push(piece)) this.#stream.pause();
    } catch (error) {
      this.destroy(error as Error);
    }
  }

  /** Status of the call, from its trailers or, where nothing was sent, from its headers. */
  #note(headers: IncomingHttpHeaders): void {
    const { "grpc-status": status, "grpc-message": message } = headers;
    if (typeof status !== "string") return;
    this.#status = status;
    try {
      this.#message = decodeURIComponent(typeof message === "string" ? message : "");
    } catch {
      this.#message = String(message);
    }
  }
}

/** What stands in front of bytes that are one message: the frame's prefix, and the field's tag and length. */
function messageHead(length: number): Buffer {
  const size = 1 + varintLength(length);
  const head = Buffer.allocUnsafe(framePrefix + size);
  writePrefix(head, 0, size + length);
  head[framePrefix] = 0x0a;
  writeVarint(head, framePrefix + 1, length);
  return head;
}
