/**
 * The docker engine's HTTP API, as far as builds need it (spec/buildkit.md 1.4): information, loading
 * and pushing images, containers and exec. One socket for each request; no docker CLI.
 */
import { request as httpRequest, type IncomingMessage } from "node:http";
import type { Duplex, Readable } from "node:stream";
import { BakeError } from "../../diagnostics.ts";
import { upgrade } from "./upgrade.ts";

/** Opens a byte stream to the engine's HTTP port or socket. */
export type OpenStream = (signal?: AbortSignal) => Promise<Duplex>;

export interface EngineRequest {
  readonly method: "GET" | "POST" | "PUT" | "DELETE" | "HEAD";
  /** Without the version prefix. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON to send, or a stream of bytes. */
  readonly json?: unknown;
  readonly body?: Readable;
  readonly signal?: AbortSignal;
}

export interface EngineInfo {
  readonly apiVersion: string;
  readonly version: string;
  /** Engine's operating system and processor as a platform. */
  readonly platform: string;
  /** Whether images live in containerd's store: `load` then takes OCI archives. */
  readonly containerdStore: boolean;
  readonly cgroupDriver: string;
  readonly securityOptions: readonly string[];
}

/** An answer other than success; `status` is the HTTP status. */
export class EngineApiError extends BakeError {
  readonly status: number;
  constructor(status: number, message: string) {
    super("engine.api", message);
    this.status = status;
  }
}

export class EngineApi {
  readonly #open: OpenStream;
  /** The address in messages: `unix:///var/run/docker.sock`. */
  readonly host: string;
  #version: Promise<string> | undefined;
  #info: Promise<EngineInfo> | undefined;

  constructor(host: string, open: OpenStream) {
    this.host = host;
    this.#open = open;
  }

  /** A raw stream for `/grpc` and `/session`, which take no version prefix. */
  async upgradeTo(path: "/grpc" | "/session", headers: readonly (readonly [string, string])[] = [], signal?: AbortSignal): Promise<Duplex> {
    const stream = await this.#open(signal);
    return await upgrade(stream, { method: "POST", path, protocol: "h2c", headers, endpoint: this.host });
  }

  /** The stream of a started exec, still multiplexed. */
  async startExec(id: string): Promise<Duplex> {
    const version = await this.#apiVersion();
    const body = JSON.stringify({ Detach: false, Tty: false });
    return await upgrade(await this.#open(), { method: "POST", path: `/v${version}/exec/${id}/start`, protocol: "tcp", body, endpoint: this.host });
  }

  /** Sends a request; resolves with a 2xx answer whose body is still to be read, rejects with EngineApiError otherwise. */
  async send(request: EngineRequest): Promise<IncomingMessage> {
    return await this.#send(request, `/v${await this.#apiVersion()}${request.path}`);
  }

  /** Sends a request and parses the JSON answer. */
  async json<T>(request: EngineRequest): Promise<T> {
    return JSON.parse(await readText(await this.send(request))) as T;
  }

  /** Version, platform and image store; asked once. */
  info(): Promise<EngineInfo> {
    this.#info ??= this.#readInfo();
    return this.#info;
  }

  /** Resolves when the engine answers at all. */
  async ping(signal?: AbortSignal): Promise<void> {
    await readText(await this.#send({ method: "GET", path: "/_ping", ...(signal ? { signal } : {}) }, "/_ping"));
  }

  async #readInfo(): Promise<EngineInfo> {
    type Info = {
      ServerVersion?: string;
      OSType?: string;
      Architecture?: string;
      DriverStatus?: readonly (readonly string[])[];
      CgroupDriver?: string;
      SecurityOptions?: readonly string[] | null;
    };
    const [apiVersion, info] = await Promise.all([this.#apiVersion(), this.json<Info>({ method: "GET", path: "/info" })]);
    return {
      apiVersion,
      version: info.ServerVersion ?? "",
      platform: `${info.OSType ?? "linux"}/${info.Architecture ?? ""}`,
      containerdStore: (info.DriverStatus ?? []).some(([key, value]) => key === "driver-type" && value === "io.containerd.snapshotter.v1"),
      cgroupDriver: info.CgroupDriver ?? "",
      securityOptions: info.SecurityOptions ?? [],
    };
  }

  #apiVersion(): Promise<string> {
    this.#version ??= this.#send({ method: "GET", path: "/_ping" }, "/_ping").then(async (answer) => {
      await readText(answer);
      const version = answer.headers["api-version"];
      return typeof version === "string" ? version : "1.41";
    });
    this.#version.catch(() => {
      this.#version = undefined;
    });
    return this.#version;
  }

  async #send({ method, headers = {}, json, body, signal, path: name }: EngineRequest, path: string): Promise<IncomingMessage> {
    const socket = await this.#open(signal);
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const payload = json === undefined ? undefined : Buffer.from(JSON.stringify(json));
      const outgoing = httpRequest({
        method,
        path,
        createConnection: () => socket,
        headers: {
          Host: "docker",
          Connection: "close",
          ...(payload ? { "Content-Type": "application/json", "Content-Length": String(payload.length) } : {}),
          ...headers,
        },
        ...(signal ? { signal } : {}),
      });
      outgoing.once("response", resolve);
      outgoing.once("error", (error) => reject(new BakeError("engine.api", `${this.host}: ${method} ${name}: ${error.message}`, { cause: error })));
      if (body) {
        body.once("error", (error) => outgoing.destroy(error));
        body.pipe(outgoing);
      } else {
        outgoing.end(payload);
      }
    });
    const status = answer.statusCode ?? 0;
    if (status >= 200 && status < 300) return answer;
    throw new EngineApiError(status, errorMessage(await readText(answer), status));
  }
}

function errorMessage(body: string, status: number): string {
  try {
    return (JSON.parse(body) as { message?: string }).message ?? body.trim();
  } catch {
    return body.trim() === "" ? `the docker engine answered with status ${status}` : body.trim();
  }
}

/** The whole body of an answer as text. */
export async function readText(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}
