/**
 * A proxy in front of a real BuildKit: everything passes, and the requests of some methods are kept. On demand it takes only so many
 * streams, or answers some calls itself with an error.
 */
import { once } from "node:events";
import {
  connect as connectHttp2,
  createServer,
  type ClientHttp2Session,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from "node:http2";
import { connect } from "node:net";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { temporaryFolder } from "./rig.ts";

/** One request of a method that is kept. */
export interface Recorded {
  readonly message: Buffer;
  /** Which connection it came on, counted from 0. */
  readonly connection: number;
}

export interface Recorder {
  readonly address: string;
  /** Messages by method path, in the order in which they were sent. */
  readonly messages: ReadonlyMap<string, readonly Buffer[]>;
  /** The same with their connections. */
  readonly requests: ReadonlyMap<string, readonly Recorded[]>;
}

/** A gRPC error that the engine did not make. */
export interface Refusal {
  readonly code: number;
  readonly message: string;
}

export interface RecorderOptions {
  readonly maxConcurrentStreams?: number;
  /** Asked about each call, `count` of which of its method came before; what it gives is the answer instead of the engine's. */
  readonly refuse?: (path: string, count: number) => Refusal | undefined;
}

const framePrefix = 5;

/** Forwards to a `unix://` address. */
export async function startRecorder(target: string, methods: readonly string[], options: RecorderOptions = {}): Promise<Recorder> {
  const { maxConcurrentStreams, refuse } = options;
  const requests = new Map<string, Recorded[]>(methods.map((method) => [method, []]));
  const counts = new Map<string, number>();
  const upstreams = new Set<ClientHttp2Session>();
  let connections = 0;
  const server = createServer(maxConcurrentStreams === undefined ? {} : { settings: { maxConcurrentStreams } });
  server.on("session", (session: ServerHttp2Session) => {
    const connection = connections++;
    const upstream = connectHttp2("http://localhost", { createConnection: () => connect(target.slice("unix://".length)) });
    upstreams.add(upstream);
    upstream.on("error", () => session.destroy());
    session.on("error", () => upstream.destroy());
    session.on("close", () => upstream.close());
    session.on("stream", (stream: ServerHttp2Stream, headers: IncomingHttpHeaders, _flags: number, raw: readonly string[]) => {
      const path = String(headers[":path"]);
      const count = counts.get(path) ?? 0;
      counts.set(path, count + 1);
      const refusal = refuse?.(path, count);
      if (refusal) answer(stream, refusal);
      else forward(stream, raw, upstream, (message) => requests.get(path)?.push({ message, connection }));
    });
  });
  const path = join(temporaryFolder(), "recorder.sock");
  server.listen(path);
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
    for (const upstream of upstreams) upstream.destroy();
  });
  return {
    address: `unix://${path}`,
    requests,
    get messages() {
      return new Map([...requests].map(([method, list]) => [method, list.map(({ message }) => message)]));
    },
  };
}

function answer(stream: ServerHttp2Stream, { code, message }: Refusal): void {
  stream.resume();
  stream.on("error", () => undefined);
  stream.respond({ ":status": 200, "content-type": "application/grpc", "grpc-status": String(code), "grpc-message": message }, { endStream: true });
}

/** Passes a call on; `keep` gets its first message, without the frame, when the request is complete. */
function forward(stream: ServerHttp2Stream, raw: readonly string[], upstream: ClientHttp2Session, keep: (message: Buffer) => void): void {
  const request = upstream.request(grouped(raw), { endStream: false });
  const unary = !String(raw[raw.indexOf(":path") + 1]).endsWith("/Session");
  const body: Buffer[] = [];
  stream.on("data", (chunk: Buffer) => {
    if (unary) body.push(chunk);
    if (!request.write(chunk)) {
      stream.pause();
      request.once("drain", () => stream.resume());
    }
  });
  stream.on("end", () => {
    if (unary) keep(Buffer.concat(body).subarray(framePrefix));
    request.end();
  });
  let trailers: IncomingHttpHeaders = {};
  request.on("response", (headers, flags) => {
    // An answer without a body has its status in the headers.
    const alone = (flags & 1) !== 0;
    if (!stream.destroyed) stream.respond(headers, { endStream: alone, waitForTrailers: !alone });
  });
  request.on("trailers", (received: IncomingHttpHeaders) => {
    trailers = received;
  });
  request.on("data", (chunk: Buffer) => {
    if (!stream.write(chunk)) {
      request.pause();
      stream.once("drain", () => request.resume());
    }
  });
  request.on("end", () => stream.end());
  stream.on("wantTrailers", () => stream.sendTrailers(trailers));
  stream.on("error", () => request.close());
  stream.on("aborted", () => request.close(8));
  request.on("error", () => stream.close());
}

/** Headers as an object that keeps repeated names apart. */
function grouped(raw: readonly string[]): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = {};
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const [name = "", value = ""] = [raw[i], raw[i + 1]];
    const before = headers[name];
    headers[name] = before === undefined ? value : [before, value].flat();
  }
  return headers;
}
