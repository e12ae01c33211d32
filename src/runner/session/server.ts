/**
 * The gRPC server of a session, directly on node:http2: streams to calls, handlers to trailers. It takes
 * repeated headers from the raw list (node joins them elsewhere). What the calls mean is the services'.
 */
import { constants, performServerHandshake, type IncomingHttpHeaders, type ServerHttp2Session, type ServerHttp2Stream } from "node:http2";
import type { Duplex } from "node:stream";
import { status } from "../buildkit/errors.ts";
import { FrameReader } from "./frame-reader.ts";
import { FrameWriter } from "./frame-writer.ts";
import { RequestMetadata, RpcError, type Call, type Handler, type Service } from "./rpc.ts";

const streamWindow = 1024 * 1024;
const connectionWindow = 8 * 1024 * 1024;
/** Bytes of unread messages that a call holds before the peer is made to wait. */
const readLimit = 1024 * 1024;

/** Serves the services on a connection whose peer speaks HTTP/2 as a client. */
export function serveConnection(duplex: Duplex, services: readonly Service[]): ServerHttp2Session {
  const handlers = new Map(services.flatMap(({ methods }) => Object.entries(methods)));
  // Node's types name sockets only; any duplex stream works.
  const session = performServerHandshake(duplex as Parameters<typeof performServerHandshake>[0], { settings: { initialWindowSize: streamWindow } });
  session.setLocalWindowSize(connectionWindow);
  session.on("error", () => session.destroy());
  session.on("stream", (stream: ServerHttp2Stream, headers: IncomingHttpHeaders, _flags: number, raw?: readonly string[]) => {
    const path = String(headers[":path"]);
    void new ServerCall(stream, path, raw ?? []).run(handlers.get(path));
  });
  return session;
}

class ServerCall implements Call {
  readonly path: string;
  readonly metadata: RequestMetadata;
  readonly writer: FrameWriter;
  readonly #stream: ServerHttp2Stream;
  readonly #abort = new AbortController();
  readonly #frames = new FrameReader();
  #unread: Buffer[] = [];
  #unreadBytes = 0;
  #ended = false;
  #failure: unknown;
  #wake: (() => void) | undefined;

  constructor(stream: ServerHttp2Stream, path: string, raw: readonly string[]) {
    this.path = path;
    this.metadata = new RequestMetadata(raw);
    this.#stream = stream;
    stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
    this.writer = new FrameWriter(stream);
    stream.on("data", (chunk: Buffer) => this.#receive(chunk));
    stream.on("end", () => this.#finishReading());
    stream.on("error", () => undefined);
    stream.on("close", () => {
      this.#failure ??= new RpcError(status.cancelled, "call cancelled by the engine");
      this.#abort.abort(this.#failure);
      this.#finishReading();
    });
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Runs the handler and ends the stream with its status. Never rejects. */
  async run(handler: Handler | undefined): Promise<void> {
    let code: number = status.ok;
    let message = "";
    try {
      if (!handler) throw new RpcError(status.unimplemented, `unknown method ${this.path}`);
      await handler(this);
    } catch (error) {
      code = error instanceof RpcError ? error.code : status.unknown;
      message = error instanceof Error ? error.message : String(error);
    }
    if (this.#stream.destroyed || this.#stream.closed) return;
    this.writer.flush();
    this.#stream.once("wantTrailers", () => this.#sendTrailers(code, message));
    // What the peer still sends is of no interest.
    this.#stream.removeAllListeners("data");
    this.#stream.resume();
    this.#stream.end();
  }

  async read(): Promise<readonly Buffer[] | undefined> {
    while (this.#unread.length === 0) {
      if (this.#failure !== undefined) throw this.#failure as Error;
      if (this.#ended) return undefined;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const batch = this.#unread;
    this.#unread = [];
    this.#unreadBytes = 0;
    if (this.#stream.isPaused()) this.#stream.resume();
    return batch;
  }

  #receive(chunk: Buffer): void {
    try {
      this.#frames.push(chunk, this.#unread);
    } catch (error) {
      this.#failure = error;
    }
    this.#unreadBytes += chunk.length;
    // Only a message that is complete can be read: one that is still coming must not stop what completes it.
    if (this.#unread.length > 0 && this.#unreadBytes > readLimit) this.#stream.pause();
    this.#wakeReader();
  }

  #finishReading(): void {
    if (this.#frames.partial) this.#failure ??= new RpcError(status.internal, "the stream ended inside a message");
    this.#ended = true;
    this.#wakeReader();
  }

  #wakeReader(): void {
    this.#wake?.();
    this.#wake = undefined;
  }

  #sendTrailers(code: number, message: string): void {
    const trailers = { "grpc-status": String(code), ...(message === "" ? {} : { "grpc-message": percentEncode(message) }) };
    try {
      this.#stream.sendTrailers(trailers);
    } catch {
      this.#stream.close(constants.NGHTTP2_INTERNAL_ERROR);
    }
  }
}

/** Status messages travel as printable ASCII; every other byte is escaped. */
export function percentEncode(text: string): string {
  let out = "";
  for (const byte of Buffer.from(text, "utf8")) {
    out += byte >= 0x20 && byte <= 0x7e && byte !== 0x25 ? String.fromCharCode(byte) : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return out;
}
