/** A recording proxy in front of a real BuildKit: everything passes, and the requests of some methods are kept. */
import { once } from "node:events";
import { connect as connectHttp2, createServer, type ClientHttp2Session, type IncomingHttpHeaders, type ServerHttp2Stream } from "node:http2";
import { connect } from "node:net";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { temporaryFolder } from "./rig.ts";

export interface Recorder {
  readonly address: string;
  /** Messages by method path, in the order in which they were sent. */
  readonly messages: ReadonlyMap<string, readonly Buffer[]>;
}

const framePrefix = 5;

/** Forwards to a `unix://` address. */
export async function startRecorder(target: string, methods: readonly string[]): Promise<Recorder> {
  const messages = new Map<string, Buffer[]>(methods.map((method) => [method, []]));
  const upstreams = new Set<ClientHttp2Session>();
  const server = createServer();
  server.on("session", (session) => {
    const upstream = connectHttp2("http://localhost", { createConnection: () => connect(target.slice("unix://".length)) });
    upstreams.add(upstream);
    upstream.on("error", () => session.destroy());
    session.on("error", () => upstream.destroy());
    session.on("close", () => upstream.close());
    session.on("stream", (stream: ServerHttp2Stream, headers: IncomingHttpHeaders, _flags: number, raw: readonly string[]) =>
      forward(stream, raw, upstream, messages.get(String(headers[":path"]))),
    );
  });
  const path = join(temporaryFolder(), "recorder.sock");
  server.listen(path);
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
    for (const upstream of upstreams) upstream.destroy();
  });
  return { address: `unix://${path}`, messages };
}

function forward(stream: ServerHttp2Stream, raw: readonly string[], upstream: ClientHttp2Session, kept: Buffer[] | undefined): void {
  const request = upstream.request(grouped(raw), { endStream: false });
  const body: Buffer[] = [];
  stream.on("data", (chunk: Buffer) => {
    if (kept) body.push(chunk);
    if (!request.write(chunk)) {
      stream.pause();
      request.once("drain", () => stream.resume());
    }
  });
  stream.on("end", () => {
    if (kept) kept.push(Buffer.concat(body).subarray(framePrefix));
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
