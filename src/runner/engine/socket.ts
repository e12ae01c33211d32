/**
 * Plain sockets to engines: unix, named pipe, TCP and TLS, with one clear error each. Knows nothing of
 * HTTP or BuildKit.
 */
import { connect as connectNet, type NetConnectOpts, type Socket } from "node:net";
import { connect as connectTls, type ConnectionOptions } from "node:tls";
import { BakeError } from "../../diagnostics.ts";

/** PEM material of a client connection. `ca` alone is the trust store: system CAs are not used (spec/buildkit.md 1.2). */
export interface TlsMaterial {
  readonly ca?: Uint8Array;
  readonly cert?: Uint8Array;
  readonly key?: Uint8Array;
  readonly serverName?: string;
  readonly skipVerify?: boolean;
}

export type SocketAddress =
  | { readonly kind: "path"; readonly path: string }
  | { readonly kind: "tcp"; readonly host: string; readonly port: number; readonly tls?: TlsMaterial; readonly alpn?: readonly string[] };

const connectTimeoutMs = 30_000;

/** Opens a connected socket. Rejects with a BakeError that names the endpoint and what went wrong. */
export async function openSocket(address: SocketAddress, endpoint: string, signal?: AbortSignal): Promise<Socket> {
  signal?.throwIfAborted();
  const options: NetConnectOpts = address.kind === "path" ? { path: address.path } : { host: address.host, port: address.port, noDelay: true };
  const socket = await settle(connectNet(options), "connect", endpoint, signal);
  if (address.kind === "path" || !address.tls) return socket;
  return await settle(connectTls(tlsOptions(socket, address.host, address.tls, address.alpn)), "secureConnect", endpoint, signal);
}

function tlsOptions(socket: Socket, host: string, tls: TlsMaterial, alpn: readonly string[] | undefined): ConnectionOptions {
  const name = tls.serverName ?? host;
  return {
    socket,
    host: name,
    // An IP address is no valid SNI, but certificates are still checked against it.
    ...(/^[\d.]+$|:/.test(name) ? {} : { servername: name }),
    rejectUnauthorized: tls.skipVerify !== true,
    ...(alpn ? { ALPNProtocols: [...alpn] } : {}),
    ...(tls.ca ? { ca: Buffer.from(tls.ca) } : {}),
    ...(tls.cert ? { cert: Buffer.from(tls.cert) } : {}),
    ...(tls.key ? { key: Buffer.from(tls.key) } : {}),
  };
}

function settle<S extends Socket>(socket: S, ready: string, endpoint: string, signal: AbortSignal | undefined): Promise<S> {
  return new Promise<S>((resolve, reject) => {
    const fail = (error: Error): void => {
      clean();
      socket.on("error", () => undefined);
      socket.destroy();
      reject(signal?.aborted === true ? (signal.reason as Error) : connectionError(endpoint, error));
    };
    const abort = (): void => fail(new Error("aborted"));
    const closed = (): void => fail(new Error("connection closed"));
    const timer = setTimeout(() => fail(new Error("i/o timeout")), connectTimeoutMs);
    const clean = (): void => {
      clearTimeout(timer);
      socket.removeListener("error", fail);
      socket.removeListener("close", closed);
      signal?.removeEventListener("abort", abort);
    };
    socket.once("error", fail);
    socket.once("close", closed);
    signal?.addEventListener("abort", abort, { once: true });
    socket.once(ready, () => {
      clean();
      resolve(socket);
    });
  });
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "no such file or directory",
  ECONNREFUSED: "connection refused",
  EACCES: "permission denied",
  EPERM: "operation not permitted",
  ENOTFOUND: "no such host",
  EAI_AGAIN: "temporary failure in name resolution",
  ETIMEDOUT: "connection timed out",
  EHOSTUNREACH: "no route to host",
  ECONNRESET: "connection reset by peer",
  EPIPE: "broken pipe",
  ERR_HTTP2_ERROR: "what answers there is not BuildKit",
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: "the engine asks for a client certificate",
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: "the engine does not accept the client certificate",
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: "the engine does not trust the client certificate",
  ERR_SSL_WRONG_VERSION_NUMBER: "the engine does not speak TLS",
  ERR_SSL_PACKET_LENGTH_TOO_LONG: "the engine does not speak TLS",
};

/** A refused, missing or untrusted engine, in one sentence. */
export function connectionError(endpoint: string, cause: unknown): BakeError {
  const code = (cause as NodeJS.ErrnoException).code ?? "";
  const text = reasons[code] ?? (cause instanceof Error ? cause.message : String(cause));
  return new BakeError("engine.connect", `failed to connect to ${endpoint}: ${text}`, { cause });
}
