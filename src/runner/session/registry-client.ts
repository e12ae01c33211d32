/**
 * Requests to one registry with whatever it asks for: bearer tokens by scope, a password, or nothing
 * (spec/buildkit.md 10.3). What the requests mean is the caller's.
 */
import { BakeError } from "../../diagnostics.ts";
import type { Host } from "../../host.ts";
import { credentialsOf, secretOf, userOf, type RegistryCredentials } from "./docker-credentials.ts";
import { basicAuthorization, sendHttp, type HttpAnswer, type HttpOptions } from "./http-request.ts";
import { parseChallenges, type Challenge } from "./challenge.ts";
import { fetchToken } from "./token.ts";

export interface RegistryClientOptions {
  readonly host: Host;
  /** `registry.example.com:5000`; `docker.io` is Docker Hub. */
  readonly registry: string;
  /** Plain http, and no check of certificates where it is https after all. */
  readonly insecure?: boolean;
  readonly signal?: AbortSignal;
}

export interface RegistryRequest {
  readonly method: string;
  /** `/v2/a/b/manifests/latest`, or a whole URL that the registry has named. */
  readonly path: string;
  /** Names the token that is needed: `a/b` and `pull` or `pull,push`. */
  readonly repository: string;
  readonly actions: "pull" | "pull,push";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

export interface RegistryClient {
  readonly registry: string;
  /** Any status is an answer, except that credentials which do not suffice give 401 or 403. Rejects with a BakeError. */
  send(request: RegistryRequest): Promise<HttpAnswer>;
}

/** Tokens are not used in their last seconds. */
const tokenMarginMs = 10_000;

export function registryClient(options: RegistryClientOptions): RegistryClient {
  return new Client(options);
}

class Client implements RegistryClient {
  readonly registry: string;
  readonly #options: RegistryClientOptions;
  readonly #http: HttpOptions;
  #base: string;
  readonly #authorizations = new Map<string, { readonly until: number; readonly value: string }>();

  constructor(options: RegistryClientOptions) {
    const { registry, insecure = false } = options;
    this.#options = options;
    this.registry = registry === "docker.io" ? "registry-1.docker.io" : registry;
    this.#base = `${insecure ? "http" : "https"}://${this.registry}`;
    this.#http = { host: options.host, signal: options.signal, insecure };
  }

  async send(request: RegistryRequest): Promise<HttpAnswer> {
    const scope = `repository:${request.repository}:${request.actions}`;
    const known = this.#authorizations.get(scope);
    const first = await this.#exchange(request, known && this.#options.host.now() < known.until ? known.value : undefined);
    if (first.status !== 401) return first;
    const authorization = await this.#authorize(parseChallenges(first.headers["www-authenticate"] ?? ""), scope);
    return authorization === undefined ? first : this.#exchange(request, authorization);
  }

  async #exchange(request: RegistryRequest, authorization: string | undefined): Promise<HttpAnswer> {
    try {
      return await this.#exchangeAt(this.#base, request, authorization);
    } catch (error) {
      const plain = plainFallback(this.#base, error);
      if (plain === undefined) throw error;
      const answer = await this.#exchangeAt(plain, request, authorization);
      this.#base = plain;
      return answer;
    }
  }

  #exchangeAt(base: string, { method, path, headers = {}, body }: RegistryRequest, authorization: string | undefined): Promise<HttpAnswer> {
    const url = new URL(path, base);
    // A place the registry has named elsewhere, such as a blob store, gets no credentials of this one.
    const own = url.host === new URL(base).host;
    const all = { ...headers, ...(authorization === undefined || !own ? {} : { authorization }) };
    return sendHttp({ method, url: url.href, headers: all, ...(body === undefined ? {} : { body }) }, this.#http);
  }

  /** A new value of the header; undefined when nothing more can be offered. */
  async #authorize(challenges: readonly Challenge[], scope: string): Promise<string | undefined> {
    const { host, signal } = this.#options;
    const bearer = challenges.find(({ scheme }) => scheme === "bearer");
    const credentials: RegistryCredentials = await credentialsOf(host).get(this.registry, [scope]);
    if (bearer) {
      const { realm = "", service = "" } = bearer.parameters;
      if (realm === "") throw new BakeError("registry.auth", `no realm specified for token auth challenge of ${this.registry}`);
      const token = await fetchToken({ realm, service, scopes: scopesOf(bearer, scope) }, credentials, { host, signal });
      this.#remember(scope, `Bearer ${token.token}`, token.expiresIn * 1000 - tokenMarginMs);
      return `Bearer ${token.token}`;
    }
    if (!challenges.some(({ scheme }) => scheme === "basic") || secretOf(credentials) === "") return undefined;
    const value = basicAuthorization(userOf(credentials), secretOf(credentials));
    this.#remember(scope, value, Number.POSITIVE_INFINITY);
    return value;
  }

  #remember(scope: string, value: string, livesMs: number): void {
    this.#authorizations.set(scope, { value, until: this.#options.host.now() + livesMs });
  }
}

/** The scopes of the challenge, and ours where they lack it. */
function scopesOf({ parameters }: Challenge, wanted: string): readonly string[] {
  const asked = (parameters["scope"] ?? "").split(" ").filter((scope) => scope !== "");
  const [, repository, actions = ""] = wanted.split(":");
  const covered = asked.some((scope) => {
    const parts = scope.split(":");
    return parts[1] === repository && actions.split(",").every((action) => (parts[2] ?? "").split(",").includes(action));
  });
  return covered ? asked : [...asked.filter((scope) => scope.split(":")[1] !== repository), wanted];
}

/** Registries on this machine often speak plain http: it is tried when https does not work out. */
function plainFallback(base: string, error: unknown): string | undefined {
  const { protocol, hostname, host } = new URL(base);
  const local = hostname === "localhost" || hostname === "[::1]" || /^127\./.test(hostname);
  const { code = "" } = ((error as BakeError).cause ?? {}) as NodeJS.ErrnoException;
  return protocol === "https:" && local && /^(ERR_SSL|EPROTO|ECONNRESET|ECONNREFUSED)/.test(code) ? `http://${host}` : undefined;
}
