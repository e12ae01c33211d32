/**
 * A session served over a real connection, with a gRPC client at the other end in the engine's place. The
 * client is grpc-js: nothing of the session's own transport is trusted to test itself.
 */
import { Client, credentials, Metadata, type ClientDuplexStream, type ServiceError } from "@grpc/grpc-js";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { Host } from "../../../../src/host.ts";
import { nodeHost } from "../../../../src/node-host.ts";
import type { Service } from "../../../../src/runner/session/rpc.ts";
import { openSession, type Session } from "../../../../src/runner/session/session.ts";

interface Codec<T> {
  encode(message: T): { finish(): Uint8Array };
  decode(bytes: Uint8Array): T;
}

/** Metadata of a call; several values travel as several headers. */
export type CallMetadata = Readonly<Record<string, string | readonly string[]>>;

export interface UnaryCall<Request, Response> {
  readonly path: string;
  readonly request: Codec<Request>;
  readonly response: Codec<Response>;
  readonly message: Request;
  readonly metadata?: CallMetadata;
}

export interface Engine {
  readonly session: Session;
  /** The engine's connections to the session. */
  readonly sockets: readonly Socket[];
  unary<Request, Response>(call: UnaryCall<Request, Response>): Promise<Response>;
  /** A stream of undecoded messages. */
  stream(path: string, metadata?: CallMetadata): ClientDuplexStream<Uint8Array, Buffer>;
}

/** A directory that is removed after the test. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "session-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** This machine with nothing of the tester's own: an empty home, no configuration. */
export function quietHost(home: string, env: Record<string, string> = {}): Host {
  return { ...nodeHost(), env: { PATH: process.env["PATH"] ?? "", ...env }, home, cwd: home };
}

export async function engineFor(...services: readonly Service[]): Promise<Engine> {
  const directory = mkdtempSync(join(tmpdir(), "session-"));
  const session = openSession({ id: "session-under-test", services });
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    void session.serve(socket);
  });
  const path = join(directory, "s");
  await new Promise<void>((resolve) => server.listen(path, resolve));
  const client = new Client(`unix:${path}`, credentials.createInsecure(), { "grpc.max_receive_message_length": -1, "grpc.default_authority": "localhost" });
  onTestFinished(async () => {
    client.close();
    await session.close();
    await new Promise<void>((resolve) => server.close(() => resolve()));
    rmSync(directory, { recursive: true, force: true });
  });
  return {
    session,
    sockets,
    unary: ({ path: method, request, response, message, metadata }) =>
      new Promise((resolve, reject) => {
        const encode = (value: typeof message): Buffer => Buffer.from(request.encode(value).finish());
        client.makeUnaryRequest(
          method,
          encode,
          (bytes) => response.decode(bytes),
          message,
          metadataOf(metadata),
          (error, answer) => {
            if (error) reject(error);
            else if (answer === undefined) reject(new Error("neither answer nor error"));
            else resolve(answer);
          },
        );
      }),
    stream: (method, metadata) =>
      client.makeBidiStreamRequest(
        method,
        (bytes: Uint8Array) => Buffer.from(bytes),
        (bytes: Buffer) => bytes,
        metadataOf(metadata),
      ),
  };
}

function metadataOf(values: CallMetadata = {}): Metadata {
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(values)) for (const each of typeof value === "string" ? [value] : value) metadata.add(name, each);
  return metadata;
}

/** Everything the session sends until the call is over. Rejects with the call's status. */
export function collect(stream: ClientDuplexStream<Uint8Array, Buffer>): Promise<readonly Buffer[]> {
  return new Promise((resolve, reject) => {
    const received: Buffer[] = [];
    stream.on("data", (message: Buffer) => received.push(message));
    stream.on("end", () => resolve(received));
    stream.on("error", reject);
  });
}

/** The status of a call that fails. */
export async function statusOf(call: Promise<unknown>): Promise<{ readonly code: number; readonly details: string }> {
  try {
    await call;
  } catch (error) {
    const { code, details } = error as ServiceError;
    return { code, details };
  }
  throw new Error("the call was expected to fail");
}
