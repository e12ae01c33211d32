/**
 * The gRPC server of a session: streams to calls, handlers to trailers. What the calls mean is the services'.
 */
import type { Duplex } from "node:stream";
import { status } from "../buildkit/errors.ts";
import { BytesReader } from "./bytes-reader.ts";
import { FrameReader } from "./frame-reader.ts";
import { FrameWriter } from "./frame-writer.ts";
import { Http2Connection } from "./http2-connection.ts";
import type { ServerStream } from "./http2-stream.ts";
import { messages, RequestMetadata, RpcError, type Call, type Handler, type Service } from "./rpc.ts";

/** Bytes of unread messages that a call holds before the peer is made to wait. */
const readLimit = 1024 * 1024;

/** Serves the services on a connection whose peer speaks HTTP/2 as a client. */
export function serveConnection(duplex: Duplex, services: readonly Service[]): Http2Connection {
  const handlers = new Map(services.flatMap(({ methods }) => Object.entries(methods)));
  return new Http2Connection(duplex, (stream) => {
    const metadata = new RequestMetadata(stream.request);
    const path = metadata.get(":path") ?? "";
    void new ServerCall(stream, path, metadata).run(handlers.get(path));
  });
}

class ServerCall implements Call {
  readonly path: string;
  readonly metadata: RequestMetadata;
  readonly writer: FrameWriter;
  readonly #stream: ServerStream;
  readonly #abort = new AbortController();
  #frames: FrameReader | BytesReader = new FrameReader();
  #unread: Buffer[] = [];
  #unreadBytes = 0;
  /** Bytes that the peer is not yet given credit for. */
  #held = 0;
  #ended = false;
  /** The handler is done: what still comes is of no interest. */
  #over = false;
  #failure: unknown;
  #wake: (() => void) | undefined;

  constructor(stream: ServerStream, path: string, metadata: RequestMetadata) {
    this.path = path;
    this.metadata = metadata;
    this.#stream = stream;
    stream.respond([
      [":status", "200"],
      ["content-type", "application/grpc"],
    ]);
    this.writer = new FrameWriter(stream);
    stream.listen({
      data: (bytes) => this.#receive(bytes),
      end: () => this.#finishReading(),
      close: () => {
        this.writer.close();
        this.#failure ??= new RpcError(status.cancelled, "call cancelled by the engine");
        this.#abort.abort(this.#failure);
        this.#finishReading();
      },
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
    this.#over = true;
    this.writer.flush();
    this.#stream.end([["grpc-status", String(code)], ...(message === "" ? [] : [["grpc-message", percentEncode(message)] as const])]);
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
    this.#stream.credit(this.#held);
    this.#held = 0;
    return batch;
  }

  bytes(): AsyncIterable<Buffer> {
    this.#frames = new BytesReader();
    return messages(this);
  }

  #receive(bytes: Buffer): void {
    if (this.#over || this.#failure !== undefined) {
      this.#stream.credit(bytes.length);
      return;
    }
    try {
      this.#frames.push(bytes, this.#unread);
    } catch (error) {
      this.#failure = error;
    }
    this.#unreadBytes += bytes.length;
    // Only a message that is complete can be read: one that is still coming must not stop what completes it.
    if (this.#unread.length > 0 && this.#unreadBytes > readLimit) this.#held += bytes.length;
    else this.#stream.credit(bytes.length);
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
}

/** Status messages travel as printable ASCII; every other byte is escaped. */
export function percentEncode(text: string): string {
  let out = "";
  for (const byte of Buffer.from(text, "utf8")) {
    out += byte >= 0x20 && byte <= 0x7e && byte !== 0x25 ? String.fromCharCode(byte) : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return out;
}
