/**
 * Bearer tokens of registries (spec/buildkit.md 6.6): a POST form with the secret, a GET where the server
 * knows no POST, and a GET without credentials for anonymous use. Answers of servers are not quoted:
 * they may repeat what was sent.
 */
import { BakeError } from "../../diagnostics.ts";
import { userOf, secretOf, type RegistryCredentials } from "./docker-credentials.ts";
import { basicAuthorization, sendHttp, shown, type HttpAnswer, type HttpOptions, type HttpRequest } from "./http-request.ts";

export interface TokenRequest {
  readonly realm: string;
  readonly service: string;
  readonly scopes: readonly string[];
}

export interface Token {
  readonly token: string;
  /** Seconds. */
  readonly expiresIn: number;
  /** Seconds since the epoch; undefined when the server did not say. */
  readonly issuedAt: number | undefined;
}

const clientId = "buildkit-client";
const defaultExpiresIn = 60;

/** Fetches a token with what is known of the registry. Rejects with a BakeError in the reference's words. */
export async function fetchToken(request: TokenRequest, credentials: RegistryCredentials, options: HttpOptions): Promise<Token> {
  if (credentials.registryToken !== "") return { token: credentials.registryToken, expiresIn: defaultExpiresIn, issuedAt: undefined };
  const secret = secretOf(credentials);
  try {
    if (secret === "") return await get(request, undefined, options);
    return await withSecret(request, { username: userOf(credentials), secret }, options);
  } catch (cause) {
    if (options.signal?.aborted === true) throw cause;
    throw new BakeError("auth.token", `failed to fetch ${secret === "" ? "anonymous" : "oauth"} token: ${(cause as Error).message}`, { cause });
  }
}

interface Login {
  readonly username: string;
  readonly secret: string;
}

async function withSecret(request: TokenRequest, login: Login, options: HttpOptions): Promise<Token> {
  const post = oauthRequest(request, login);
  const answer = await sendHttp(post, options);
  // Some registries answer 404 or 401 to the form although they would take the same login by GET.
  const refused = answer.status === 404 || answer.status === 401 || (answer.status === 405 && login.username !== "");
  return refused ? get(request, login, options) : readToken(answer, post);
}

function oauthRequest({ realm, service, scopes }: TokenRequest, { username, secret }: Login): HttpRequest {
  const form = new URLSearchParams();
  if (scopes.length > 0) form.set("scope", scopes.join(" "));
  form.set("service", service);
  form.set("client_id", clientId);
  form.set("grant_type", username === "" ? "refresh_token" : "password");
  if (username === "") form.set("refresh_token", secret);
  else {
    form.set("username", username);
    form.set("password", secret);
  }
  return { method: "POST", url: checkedRealm(realm), body: form.toString(), headers: { "content-type": "application/x-www-form-urlencoded; charset=utf-8" } };
}

async function get({ realm, service, scopes }: TokenRequest, login: Login | undefined, options: HttpOptions): Promise<Token> {
  const url = new URL(checkedRealm(realm));
  if (service !== "") url.searchParams.append("service", service);
  for (const scope of scopes) url.searchParams.append("scope", scope);
  const request = { method: "GET", url: url.href, headers: login ? { authorization: basicAuthorization(login.username, login.secret) } : {} };
  return readToken(await sendHttp(request, options), request);
}

function checkedRealm(realm: string): string {
  if (!URL.canParse(realm)) throw new Error("the registry named no valid address for tokens");
  return realm;
}

function readToken({ status, body }: HttpAnswer, { method, url }: HttpRequest): Token {
  if (status < 200 || status >= 400) throw new Error(`unexpected status from ${method} request to ${shown(url)}: ${status}`);
  let answer: { token?: unknown; access_token?: unknown; expires_in?: unknown; issued_at?: unknown };
  try {
    answer = JSON.parse(body.toString("utf8")) as typeof answer;
  } catch {
    throw new Error("unable to decode token response: invalid JSON");
  }
  const token = [answer.access_token, answer.token].find((value) => typeof value === "string" && value !== "") as string | undefined;
  if (token === undefined) throw new Error("authorization server did not include a token in the response");
  const issued = typeof answer.issued_at === "string" ? Date.parse(answer.issued_at) : Number.NaN;
  return {
    token,
    expiresIn: typeof answer.expires_in === "number" && answer.expires_in > 0 ? Math.floor(answer.expires_in) : defaultExpiresIn,
    issuedAt: Number.isNaN(issued) ? undefined : Math.floor(issued / 1000),
  };
}
