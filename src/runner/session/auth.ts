/**
 * The Auth service: credentials and tokens of registries for the engine (spec/buildkit.md 6.6), and the
 * same credentials in the form that a docker engine takes. Secrets leave only in the answers themselves.
 */
import type { Host } from "../../host.ts";
import { status } from "../buildkit/errors.ts";
import {
  CredentialsRequest,
  CredentialsResponse,
  FetchTokenRequest,
  FetchTokenResponse,
  GetTokenAuthorityRequest,
  GetTokenAuthorityResponse,
  VerifyTokenAuthorityRequest,
  VerifyTokenAuthorityResponse,
} from "../buildkit/wire/auth.ts";
import { configKey, credentialsOf, secretOf, userOf, type DockerCredentials } from "./docker-credentials.ts";
import { RpcError, unary, type Service } from "./rpc.ts";
import { authorityOf, TokenSeeds, type Authority } from "./token-authority.ts";
import { fetchToken } from "./token.ts";

export interface AuthOptions {
  readonly host: Host;
  /** Ends requests to token servers. */
  readonly signal?: AbortSignal;
  /** Hears once of each use: `[auth] a/b:pull token for HOST`, `[auth] sharing credentials for HOST`. Holds no secret. */
  readonly onUse?: (message: string) => void;
}

export function auth({ host, signal, onUse }: AuthOptions): Service {
  const credentials = credentialsOf(host);
  const seeds = new TokenSeeds(host);
  const told = new Set<string>();
  const tell = (message: string): void => {
    if (told.has(message)) return;
    told.add(message);
    onUse?.(message);
  };
  const authority = async (registry: string, salt: Uint8Array): Promise<Authority> => {
    if (isTrue(host.env["BUILDKIT_NO_CLIENT_TOKEN"])) throw new RpcError(status.unavailable, "client side tokens disabled");
    const known = await credentials.get(registry);
    return authorityOf(secretOf(known) === "" ? undefined : seeds.get(registry), salt);
  };
  return {
    methods: {
      "/moby.filesync.v1.Auth/Credentials": unary(CredentialsRequest, CredentialsResponse, async ({ host: registry }) => {
        const known = await credentials.get(registry);
        const secret = secretOf(known);
        if (secret !== "") tell(`[auth] sharing credentials for ${registry}`);
        return { username: userOf(known), secret };
      }),
      "/moby.filesync.v1.Auth/FetchToken": unary(FetchTokenRequest, FetchTokenResponse, async ({ host: registry, realm, service, scopes }, call) => {
        const known = await credentials.get(registry, scopes);
        if (secretOf(known) !== "") tell(`[auth] ${scopes.map((scope) => scope.replace(/^repository:/, "")).join(" ")} token for ${registry}`);
        const either = signal ? AbortSignal.any([signal, call.signal]) : call.signal;
        const { token, expiresIn, issuedAt } = await fetchToken({ realm, service, scopes }, known, { host, signal: either });
        return { token, expiresIn: BigInt(expiresIn), issuedAt: BigInt(issuedAt ?? 0) };
      }),
      "/moby.filesync.v1.Auth/GetTokenAuthority": unary(GetTokenAuthorityRequest, GetTokenAuthorityResponse, async ({ host: registry, salt }) => {
        const { publicKey } = await authority(registry, salt);
        return { publicKey };
      }),
      "/moby.filesync.v1.Auth/VerifyTokenAuthority": unary(
        VerifyTokenAuthorityRequest,
        VerifyTokenAuthorityResponse,
        async ({ host: registry, payload, salt }) => {
          const key = await authority(registry, salt);
          return { signed: key.sign(payload) };
        },
      ),
    },
  };
}

const isTrue = (value: string | undefined): boolean => value !== undefined && ["1", "t", "T", "true", "TRUE", "True"].includes(value);

/** Value of `X-Registry-Auth` for a push or pull through a docker engine; `registry` is a host, or `docker.io`. */
export async function registryAuth(host: Host, registry: string, credentials: DockerCredentials = credentialsOf(host)): Promise<string> {
  const { username, password, identityToken, registryToken } = await credentials.get(registry);
  const fields = { username, password, serveraddress: configKey(registry), identitytoken: identityToken, registrytoken: registryToken };
  const json = JSON.stringify(Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== "")));
  // Padded, as the reference's encoder does it.
  return Buffer.from(json, "utf8").toString("base64").replaceAll("+", "-").replaceAll("/", "_");
}
