/**
 * The words services and the session server share: a call as a service sees it, errors with a gRPC
 * status, and wrappers for simple methods. Knows nothing of HTTP/2.
 */
import { status } from "../buildkit/errors.ts";
import type { FrameWriter } from "./frame-writer.ts";

/** An error that reaches the engine with its status and text. Other errors become status unknown. */
export class RpcError extends Error {
  override readonly name = "RpcError";
  readonly code: number;
  constructor(code: number, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/** Request metadata: names in lower case, repeated names kept apart. */
export class RequestMetadata {
  readonly #values = new Map<string, string[]>();

  /** `raw` is a flat list of names and values, as node:http2 gives it. */
  constructor(raw: readonly string[]) {
    for (let i = 0; i + 1 < raw.length; i += 2) {
      const name = (raw[i] ?? "").toLowerCase();
      const values = this.#values.get(name);
      if (values) values.push(raw[i + 1] ?? "");
      else this.#values.set(name, [raw[i + 1] ?? ""]);
    }
  }

  /** The first value; undefined when the name does not occur. */
  get(name: string): string | undefined {
    return this.#values.get(name)?.[0];
  }

  all(name: string): readonly string[] {
    return this.#values.get(name) ?? [];
  }

  names(): Iterable<string> {
    return this.#values.keys();
  }
}

/** One call of the engine. The handler's promise ends it: fulfilled is OK, rejected carries the status. */
export interface Call {
  /** `/package.Service/Method`. */
  readonly path: string;
  readonly metadata: RequestMetadata;
  /** Fires when the engine cancels the call or the connection is gone. */
  readonly signal: AbortSignal;
  readonly writer: FrameWriter;
  /** All messages that have arrived since the last read; waits for one. Undefined once the engine has half-closed. */
  read(): Promise<readonly Buffer[] | undefined>;
  /** The data of all messages, which are BytesMessages, in pieces as they come. To be called at once, and instead of `read`. */
  bytes(): AsyncIterable<Buffer>;
}

export type Handler = (call: Call) => Promise<void>;

/** What a session offers: handlers by method path. */
export interface Service {
  readonly methods: Readonly<Record<string, Handler>>;
}

interface Codec<T> {
  encode(message: T): { finish(): Uint8Array };
  decode(bytes: Uint8Array): T;
}

/** A method with one request and one answer, given by the generated types of both. */
export function unary<Request, Response>(
  request: Codec<Request>,
  response: Codec<Response>,
  handle: (request: Request, call: Call) => Response | Promise<Response>,
): Handler {
  return async (call) => {
    const answer = await handle(request.decode(await readOne(call)), call);
    call.writer.message(response.encode(answer).finish());
  };
}

/** A method with one request and a stream of answers. */
export function serverStream<Request, Response>(
  request: Codec<Request>,
  response: Codec<Response>,
  handle: (request: Request, call: Call) => AsyncIterable<Response>,
): Handler {
  return async (call) => {
    for await (const answer of handle(request.decode(await readOne(call)), call)) {
      call.writer.message(response.encode(answer).finish());
      await call.writer.drained();
    }
  };
}

async function readOne(call: Call): Promise<Buffer> {
  const first = (await call.read())?.[0];
  if (!first) throw new RpcError(status.internal, "request without a message");
  return first;
}

/** The messages of a call one by one. */
export async function* messages(call: Call): AsyncGenerator<Buffer, void, undefined> {
  for (let batch = await call.read(); batch; batch = await call.read()) yield* batch;
}
