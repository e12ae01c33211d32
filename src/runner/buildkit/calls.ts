/** Calls over a grpc-js channel: one function a call kind, errors typed, every wait cancellable. Knows no service. */
import { Client, credentials, Metadata, type Channel, type ClientDuplexStream } from "@grpc/grpc-js";
import { toSolveError } from "./errors.ts";

/** The path of a method and how its messages are written and read. */
export interface Method<Request, Response> {
  readonly path: string;
  readonly encode: (request: Request) => Buffer;
  readonly decode: (bytes: Buffer) => Response;
}

/** A generated message type, as far as methods need it. */
interface Codec<T> {
  encode(message: T): { finish(): Uint8Array };
  decode(bytes: Uint8Array): T;
}

export interface CallOptions {
  /** Cancels the call; it then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** gRPC metadata; a key may occur several times. */
export type Headers = readonly (readonly [name: string, value: string])[];

/** A method whose messages are generated types. */
export function method<Request, Response>(path: string, request: Codec<Request>, response: Codec<Response>): Method<Request, Response> {
  return { path, encode: (message) => asBuffer(request.encode(message).finish()), decode: (bytes) => response.decode(bytes) };
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Calls on one channel with the same metadata. Does not own the channel. */
export class Caller {
  readonly #client: Client;
  readonly #metadata: Metadata;

  constructor(channel: Channel, headers: Headers = []) {
    this.#client = new Client(channel.getTarget(), credentials.createInsecure(), { channelOverride: channel });
    this.#metadata = new Metadata();
    for (const [name, value] of headers) this.#metadata.add(name, value);
  }

  /** One request, one answer. Rejects with a SolveError. */
  unary<Request, Response>({ path, encode, decode }: Method<Request, Response>, request: Request, { signal }: CallOptions = {}): Promise<Response> {
    return new Promise<Response>((resolve, reject) => {
      if (signal?.aborted === true) {
        reject(signal.reason as Error);
        return;
      }
      const abort = (): void => call.cancel();
      const call = this.#client.makeUnaryRequest<Request, Response>(path, encode, decode, request, this.#metadata, (error, value) => {
        signal?.removeEventListener("abort", abort);
        if (!error && value !== undefined) resolve(value);
        else if (signal?.aborted === true) reject(signal.reason as Error);
        else reject(toSolveError(error) as Error);
      });
      signal?.addEventListener("abort", abort, { once: true });
    });
  }

  /** One request, a stream of answers. Leaving the loop cancels the call. */
  async *serverStream<Request, Response>(
    { path, encode, decode }: Method<Request, Response>,
    request: Request,
    { signal }: CallOptions = {},
  ): AsyncGenerator<Response, void, undefined> {
    signal?.throwIfAborted();
    const call = this.#client.makeServerStreamRequest<Request, Response>(path, encode, decode, request, this.#metadata);
    // The error that follows a cancel of ours has no reader any more.
    call.on("error", () => undefined);
    const abort = (): void => call.cancel();
    signal?.addEventListener("abort", abort, { once: true });
    try {
      for await (const message of call as AsyncIterable<Response>) yield message;
      signal?.throwIfAborted();
    } catch (error) {
      throw signal?.aborted === true ? signal.reason : toSolveError(error);
    } finally {
      signal?.removeEventListener("abort", abort);
      call.cancel();
    }
  }

  /** A stream in both directions, with further metadata of its own. */
  duplex<Request, Response>({ path, encode, decode }: Method<Request, Response>, headers: Headers): ClientDuplexStream<Request, Response> {
    const metadata = this.#metadata.clone();
    for (const [name, value] of headers) metadata.add(name, value);
    return this.#client.makeBidiStreamRequest<Request, Response>(path, encode, decode, metadata);
  }
}
