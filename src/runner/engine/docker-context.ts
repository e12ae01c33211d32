/**
 * Docker client configuration on disk: where it lies, which docker context is current, and which
 * endpoint a context has (spec/buildkit.md 1.8). Reads through the Host port only.
 */
import { createHash } from "node:crypto";
import { BakeError } from "../../diagnostics.ts";
import type { Host } from "../../host.ts";
import type { TlsMaterial } from "./socket.ts";

export interface DockerContext {
  readonly name: string;
  /** `unix:///var/run/docker.sock`, `tcp://host:2376`, `ssh://user@host`. */
  readonly host: string;
  readonly tls?: TlsMaterial;
}

/** The parsed `config.json`, or an empty object where there is none. */
export interface DockerConfig {
  readonly currentContext?: string;
  readonly proxies?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** `$DOCKER_CONFIG` or `~/.docker`. */
export function dockerConfigDirectory(host: Host): string {
  return host.env["DOCKER_CONFIG"] || `${host.home}/.docker`;
}

/** Reads `config.json`; a missing file is an empty configuration, a broken one an error. */
export function readDockerConfig(host: Host): DockerConfig {
  const path = `${dockerConfigDirectory(host)}/config.json`;
  const text = readOptional(host, path);
  if (text === undefined) return {};
  try {
    return JSON.parse(Buffer.from(text).toString("utf8")) as DockerConfig;
  } catch (error) {
    throw new BakeError("docker.config", `failed to parse ${path}: ${(error as Error).message}`, { cause: error });
  }
}

/** Name of the context that is in effect: DOCKER_HOST means `default`, then DOCKER_CONTEXT, then the configuration. */
export function currentContextName(host: Host): string {
  if (host.env["DOCKER_HOST"]) return "default";
  return host.env["DOCKER_CONTEXT"] || readDockerConfig(host).currentContext || "default";
}

/** The key under which the builder store remembers a choice: the context, or the engine host for `default` (1.6). */
export function currentEndpointKey(host: Host): string {
  const name = currentContextName(host);
  return name === "default" ? defaultDockerHost(host) : name;
}

const defaultDockerHost = (host: Host): string =>
  host.env["DOCKER_HOST"] || (process.platform === "win32" ? "npipe:////./pipe/docker_engine" : "unix:///var/run/docker.sock");

/** A context by name; undefined when there is none. */
export function findContext(host: Host, name: string): DockerContext | undefined {
  if (name === "default") return defaultContext(host);
  const root = `${dockerConfigDirectory(host)}/contexts`;
  const id = createHash("sha256").update(name).digest("hex");
  const text = readOptional(host, `${root}/meta/${id}/meta.json`);
  if (text === undefined) return undefined;
  type Meta = { Endpoints?: { docker?: { Host?: string; SkipTLSVerify?: boolean } } };
  const endpoint = (JSON.parse(Buffer.from(text).toString("utf8")) as Meta).Endpoints?.docker;
  if (!endpoint?.Host) return undefined;
  const tls = tlsFromDirectory(host, `${root}/tls/${id}/docker`, endpoint.SkipTLSVerify === true);
  return { name, host: endpoint.Host, ...(tls ? { tls } : {}) };
}

function defaultContext(host: Host): DockerContext {
  const verify = host.env["DOCKER_TLS_VERIFY"] ?? "";
  const directory = host.env["DOCKER_CERT_PATH"] || (verify === "" ? "" : dockerConfigDirectory(host));
  const tls = directory === "" ? undefined : tlsFromDirectory(host, directory, verify === "");
  return { name: "default", host: defaultDockerHost(host), ...(tls ? { tls } : {}) };
}

function tlsFromDirectory(host: Host, directory: string, skipVerify: boolean): TlsMaterial | undefined {
  const ca = readOptional(host, `${directory}/ca.pem`);
  const cert = readOptional(host, `${directory}/cert.pem`);
  const key = readOptional(host, `${directory}/key.pem`);
  if (!ca && !cert && !key && !skipVerify) return undefined;
  return { ...(ca ? { ca } : {}), ...(cert ? { cert } : {}), ...(key ? { key } : {}), skipVerify };
}

function readOptional(host: Host, path: string): Uint8Array | undefined {
  return host.stat(path)?.kind === "file" ? host.readFile(path) : undefined;
}
