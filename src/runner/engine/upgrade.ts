/**
 * The HTTP/1.1 upgrade on a socket of its own (spec/buildkit.md 1.4): the engine's `/grpc`, `/session`
 * and exec streams. No keep-alive agent may see these answers, so the header is parsed here.
 */
import type { Duplex } from "node:stream";
import { BakeError } from "../../diagnostics.ts";

export interface UpgradeRequest {
  readonly method: "POST";
  readonly path: string;
  readonly protocol: "h2c" | "tcp";
  readonly headers?: readonly (readonly [name: string, value: string])[];
  readonly body?: string;
  /** For messages. */
  readonly endpoint: string;
}

const headerLimit = 64 * 1024;
const bodyLimit = 64 * 1024;

/** Sends the request and gives the stream back once the engine switched protocols. Bytes behind the header are kept. */
export async function upgrade<S extends Duplex>(stream: S, request: UpgradeRequest): Promise<S> {
  stream.write(requestText(request));
  const { header, rest } = await readHeader(stream, request.endpoint);
  const [statusLine = ""] = header.split("\r\n", 1);
  const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(statusLine)?.[1]);
  if (status !== 101 && !(status === 200 && request.protocol === "tcp")) {
    const body = await readBody(stream, header, rest);
    stream.destroy();
    throw new BakeError("engine.upgrade", upgradeMessage(request, statusLine, body));
  }
  if (rest.length > 0) stream.unshift(rest);
  return stream;
}

function requestText({ method, path, protocol, headers = [], body = "" }: UpgradeRequest): string {
  const lines = [`${method} ${path} HTTP/1.1`, "Host: docker", "Connection: Upgrade", `Upgrade: ${protocol}`];
  for (const [name, value] of headers) lines.push(`${name}: ${value}`);
  if (body !== "") lines.push("Content-Type: application/json", `Content-Length: ${Buffer.byteLength(body)}`);
  return `${lines.join("\r\n")}\r\n\r\n${body}`;
}

function upgradeMessage(request: UpgradeRequest, statusLine: string, body: string): string {
  let reason = body.trim();
  try {
    reason = (JSON.parse(body) as { message?: string }).message ?? reason;
  } catch {
    // Not every answer is JSON: the text itself is shown.
  }
  return `${request.endpoint} does not answer ${request.path}: ${reason === "" ? statusLine : reason}`;
}

function readHeader(stream: Duplex, endpoint: string): Promise<{ header: string; rest: Buffer }> {
  return new Promise((resolve, reject) => {
    let received = Buffer.alloc(0);
    const finish = (): void => {
      stream.removeListener("readable", read);
      stream.removeListener("error", fail);
      stream.removeListener("end", ended);
      stream.removeListener("close", ended);
    };
    const fail = (error: Error): void => {
      finish();
      stream.destroy();
      reject(new BakeError("engine.upgrade", `${endpoint} closed the connection during the upgrade: ${error.message}`, { cause: error }));
    };
    const ended = (): void => fail(new Error("unexpected end"));
    const read = (): void => {
      for (let chunk = stream.read() as Buffer | null; chunk !== null; chunk = stream.read() as Buffer | null) {
        received = Buffer.concat([received, chunk]);
        const end = received.indexOf("\r\n\r\n");
        if (end >= 0) {
          finish();
          resolve({ header: received.toString("latin1", 0, end), rest: received.subarray(end + 4) });
          return;
        }
        if (received.length > headerLimit) {
          fail(new Error("header too long"));
          return;
        }
      }
    };
    stream.on("readable", read);
    stream.once("error", fail);
    stream.once("end", ended);
    stream.once("close", ended);
  });
}

/** Reads what is left of a refusal; its length is known, or the engine closes. */
async function readBody(stream: Duplex, header: string, rest: Buffer): Promise<string> {
  const length = Number(/^content-length: *(\d+)/im.exec(header)?.[1] ?? Number.NaN);
  const chunked = /^transfer-encoding: *chunked/im.test(header);
  let body = rest;
  const complete = (): boolean => body.length >= bodyLimit || body.length >= length || (chunked && body.includes("\r\n0\r\n"));
  if (!complete()) {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      body = Buffer.concat([body, chunk]);
      if (complete()) break;
    }
  }
  const text = body.toString("utf8");
  return chunked ? text.replace(/^[0-9a-f]+\r\n/gim, "").replace(/\r\n/g, "") : text;
}
