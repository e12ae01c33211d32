/**
 * One request to a registry or a token server over node's own http and https, with what the reference's
 * client does by itself: the machine's certificates, proxies of the environment, redirects. Answers are
 * small and read whole. Credentials are not sent on to another host.
 */
import * as http from "node:http";
import * as https from "node:https";
import { connect as connectTls } from "node:tls";
import { isIP, type Socket } from "node:net";
import { BakeError } from "../../diagnostics.ts";
import type { Host } from "../../host.ts";
import { proxyFor } from "./http-proxy.ts";
import { trustedCertificates } from "./trusted-certificates.ts";

export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

export interface HttpOptions {
  readonly host: Host;
  readonly signal?: AbortSignal | undefined;
  /** Certificates are not checked. */
  readonly insecure?: boolean;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
}

const redirectLimit = 10;
const answerLimit = 64 * 1024 * 1024;
/** Without a byte for this long the other side counts as gone. */
const idleMs = 60_000;

/** Any status is an answer. Rejects with a BakeError when there is none. */
export async function sendHttp(request: HttpRequest, options: HttpOptions): Promise<HttpAnswer> {
  let current = request;
  for (let hop = 0; hop <= redirectLimit; hop++) {
    const answer = await sendOnce(current, options);
    const location = answer.headers.location;
    if (location === undefined || ![301, 302, 303, 307, 308].includes(answer.status)) return answer;
    current = redirected(current, location, answer.status);
  }
  throw new BakeError("registry.request", `${request.method} ${shown(request.url)}: stopped after ${redirectLimit} redirects`);
}

function redirected({ method, url, headers = {}, body }: HttpRequest, location: string, status: number): HttpRequest {
  const next = new URL(location, url);
  const keep = { ...headers };
  if (next.host !== new URL(url).host) for (const name of Object.keys(keep)) if (/^(authorization|cookie)$/i.test(name)) delete keep[name];
  if (status >= 307 || method === "GET" || method === "HEAD") return { method, url: next.href, headers: keep, ...(body === undefined ? {} : { body }) };
  return { method: "GET", url: next.href, headers: keep };
}

async function sendOnce(request: HttpRequest, options: HttpOptions): Promise<HttpAnswer> {
  const url = new URL(request.url);
  if (url.protocol !== "http:" && url.protocol !== "https:") throw new BakeError("registry.request", `unsupported protocol scheme in ${shown(request.url)}`);
  try {
    const proxy = proxyFor(url, options.host.env);
    const outgoing = url.protocol === "https:" ? await startHttps(url, request, options, proxy) : startHttp(url, request, proxy);
    return await exchange(outgoing, request, options.signal);
  } catch (cause) {
    if (cause instanceof BakeError) throw cause;
    throw new BakeError("registry.request", `${request.method} ${shown(request.url)}: ${reasonOf(cause)}`, { cause });
  }
}

/** A connection that was tried on several addresses fails with all their reasons at once. */
function reasonOf(cause: unknown): string {
  if (cause instanceof AggregateError && cause.errors.length > 0) return (cause.errors as Error[]).map(({ message }) => message).join("; ");
  return (cause as Error).message;
}

function startHttp(url: URL, { method, headers }: HttpRequest, proxy: URL | undefined): http.ClientRequest {
  if (!proxy) return http.request(url, { method, headers: { ...headers }, agent: false });
  return http.request({
    host: proxy.hostname,
    port: portOf(proxy),
    method,
    path: url.href,
    agent: false,
    headers: { host: url.host, ...headers, ...proxyAuthorization(proxy) },
  });
}

async function startHttps(
  url: URL,
  { method, headers }: HttpRequest,
  { host, insecure = false, signal }: HttpOptions,
  proxy: URL | undefined,
): Promise<http.ClientRequest> {
  const tls = { ca: [...trustedCertificates(host)], rejectUnauthorized: !insecure };
  if (!proxy) return https.request(url, { method, headers: { ...headers }, agent: false, ...tls });
  const socket = await openProxyTunnel(url, proxy, signal);
  // An agent, even none, would make a connection of its own.
  const createConnection = (): Socket => connectTls({ socket, ...(isIP(url.hostname) === 0 ? { servername: url.hostname } : { host: url.hostname }), ...tls });
  return https.request(url, { method, headers: { ...headers }, createConnection });
}

function openProxyTunnel(url: URL, proxy: URL, signal: AbortSignal | undefined): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const { request } = proxy.protocol === "https:" ? https : http;
    const target = `${url.hostname}:${portOf(url)}`;
    const outgoing = request({
      host: proxy.hostname,
      port: portOf(proxy),
      method: "CONNECT",
      path: target,
      agent: false,
      headers: { host: target, ...proxyAuthorization(proxy) },
      ...(signal ? { signal } : {}),
    });
    outgoing.once("connect", (answer, socket: Socket) => {
      if (answer.statusCode === 200) resolve(socket);
      else {
        socket.destroy();
        reject(new Error(`proxy ${proxy.host} answered ${answer.statusCode ?? 0}`));
      }
    });
    outgoing.once("error", reject);
    outgoing.end();
  });
}

const portOf = (url: URL): string => url.port || (url.protocol === "https:" ? "443" : "80");

function proxyAuthorization({ username, password }: URL): Record<string, string> {
  if (username === "") return {};
  return { "proxy-authorization": basicAuthorization(decodeURIComponent(username), decodeURIComponent(password)) };
}

export const basicAuthorization = (username: string, secret: string): string => `Basic ${Buffer.from(`${username}:${secret}`).toString("base64")}`;

function exchange(outgoing: http.ClientRequest, { body, method, url }: HttpRequest, signal: AbortSignal | undefined): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const cancel = (): void => void outgoing.destroy(signal?.reason instanceof Error ? signal.reason : new Error("context canceled"));
    if (signal?.aborted === true) cancel();
    signal?.addEventListener("abort", cancel, { once: true });
    outgoing.once("close", () => signal?.removeEventListener("abort", cancel));
    outgoing.setTimeout(idleMs, () => outgoing.destroy(new Error("timed out")));
    outgoing.on("error", reject);
    outgoing.once("response", (incoming) => {
      const chunks: Buffer[] = [];
      let size = 0;
      incoming.on("data", (chunk: Buffer) => {
        size += chunk.length;
        if (size > answerLimit) incoming.destroy(new Error(`answer larger than ${answerLimit} bytes`));
        else chunks.push(chunk);
      });
      incoming.once("error", reject);
      incoming.once("end", () => resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: Buffer.concat(chunks, size) }));
      incoming.once("close", () => reject(new Error(`the answer to ${method} ${shown(url)} ended early`)));
    });
    if (body !== undefined) outgoing.setHeader("content-length", Buffer.byteLength(body));
    outgoing.end(body);
  });
}

/** A URL for messages: queries and user information may hold secrets. */
export function shown(url: string): string {
  try {
    const { protocol, host, pathname } = new URL(url);
    return `"${protocol}//${host}${pathname}"`;
  } catch {
    return "an invalid URL";
  }
}
