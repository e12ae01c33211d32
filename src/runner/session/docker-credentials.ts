/**
 * Registry credentials as the docker client configuration gives them: DOCKER_AUTH_CONFIG, credential
 * helpers, the credential store, `auths` (spec/buildkit.md 1.9). What is found is remembered for a while.
 * No value of a secret gets into a message.
 */
import type { Host } from "../../host.ts";
import { BakeError } from "../../diagnostics.ts";
import { dockerConfigDirectory } from "../engine/docker-context.ts";
import { alternativeConfigs, chooseConfig, type AlternativeConfig } from "./alternative-config.ts";
import { askHelper } from "./credential-helper.ts";

/** What is known for a registry; everything empty means anonymous. */
export interface RegistryCredentials {
  readonly username: string;
  readonly password: string;
  /** Stands for user and password; exchanged for tokens. */
  readonly identityToken: string;
  /** A bearer token that is sent as it is. */
  readonly registryToken: string;
}

export const anonymous: RegistryCredentials = { username: "", password: "", identityToken: "", registryToken: "" };

/** The secret of a credential: what a token is fetched with. */
export const secretOf = ({ identityToken, password }: RegistryCredentials): string => identityToken || password;

/** The user that goes with `secretOf`: an identity token stands alone. */
export const userOf = ({ identityToken, username }: RegistryCredentials): string => (identityToken === "" ? username : "");

const hubHost = "registry-1.docker.io";
const hubKey = "https://index.docker.io/v1/";
/** Registries that take the credentials of Docker Hub when they have none of their own. */
const hubBacked: ReadonlySet<string> = new Set(["dhi.io", "registry.scout.docker.com"]);
/** Some helpers give tokens that live five minutes. */
const rememberMs = 290_000;

interface AuthEntry {
  readonly auth?: string;
  readonly username?: string;
  readonly password?: string;
  readonly identitytoken?: string;
  readonly registrytoken?: string;
}

interface AuthFile {
  readonly auths?: Readonly<Record<string, AuthEntry>>;
  readonly credsStore?: string;
  readonly credHelpers?: Readonly<Record<string, string>>;
}

export class DockerCredentials {
  readonly #host: Host;
  readonly #known = new Map<string, { readonly until: number; readonly credentials: Promise<RegistryCredentials> }>();
  #alternatives: readonly AlternativeConfig[] | undefined;

  constructor(host: Host) {
    this.#host = host;
  }

  /** Credentials for a registry host. Scopes matter only where the builder store holds configurations for them. */
  async get(registry: string, scopes: readonly string[] = []): Promise<RegistryCredentials> {
    const own = await this.#remembered(registry, scopes);
    if (own !== anonymous || !hubBacked.has(registry)) return own;
    return this.#remembered(hubHost, scopes).catch(() => anonymous);
  }

  #remembered(registry: string, scopes: readonly string[]): Promise<RegistryCredentials> {
    this.#alternatives ??= alternativeConfigs(this.#host);
    const directory = chooseConfig(this.#alternatives, registry, scopes) ?? dockerConfigDirectory(this.#host);
    const key = `${registry}|${directory}`;
    const now = this.#host.now();
    const known = this.#known.get(key);
    if (known && now < known.until) return known.credentials;
    const credentials = this.#load(registry, directory);
    this.#known.set(key, { until: now + rememberMs, credentials });
    // A failure is asked for again: a helper may have been waiting for a person.
    credentials.catch(() => this.#known.delete(key));
    return credentials;
  }

  async #load(registry: string, directory: string): Promise<RegistryCredentials> {
    const key = configKey(registry);
    const fromEnvironment = this.#environmentFile()?.auths?.[key];
    if (fromEnvironment) return ofEntry(fromEnvironment, "DOCKER_AUTH_CONFIG");
    const path = `${directory}/config.json`;
    const file = readAuthFile(this.#host, path);
    const helper = file.credHelpers?.[key] ?? file.credsStore ?? "";
    if (helper === "") return ofEntry(findEntry(file.auths ?? {}, key), path);
    const answer = await askHelper(helper, key, this.#host);
    // Helpers do not know static tokens: these stay in the file.
    const registryToken = findEntry(file.auths ?? {}, key)?.registrytoken ?? "";
    return known({ ...anonymous, registryToken, ...answer });
  }

  /** A broken value counts as none, as in the reference. */
  #environmentFile(): AuthFile | undefined {
    const text = this.#host.env["DOCKER_AUTH_CONFIG"] ?? "";
    if (text === "") return undefined;
    try {
      const file = JSON.parse(text) as AuthFile;
      const entries = Object.values(file.auths ?? {});
      return entries.every(({ auth }) => typeof auth === "string" && decodeAuth(auth) !== undefined) ? file : undefined;
    } catch {
      return undefined;
    }
  }
}

const shared = new WeakMap<Host, DockerCredentials>();

/** The credentials of a host; everyone who asks shares what is remembered, so a helper is asked once. */
export function credentialsOf(host: Host): DockerCredentials {
  let credentials = shared.get(host);
  if (!credentials) {
    credentials = new DockerCredentials(host);
    shared.set(host, credentials);
  }
  return credentials;
}

/** Under which key the configuration holds a registry. */
export function configKey(registry: string): string {
  return registry === hubHost || registry === "docker.io" || registry === "index.docker.io" ? hubKey : registry;
}

function readAuthFile(host: Host, path: string): AuthFile {
  if (host.stat(path) === undefined) return {};
  try {
    return JSON.parse(Buffer.from(host.readFile(path)).toString("utf8")) as AuthFile;
  } catch (cause) {
    // The parser's message may quote the text, which holds secrets.
    const reason = cause instanceof SyntaxError ? "invalid JSON" : (cause as Error).message;
    throw new BakeError("docker.config", `failed to parse ${path}: ${reason}`);
  }
}

/** Old files have URLs as keys: then the host in them counts. */
function findEntry(auths: Readonly<Record<string, AuthEntry>>, key: string): AuthEntry | undefined {
  if (Object.hasOwn(auths, key)) return auths[key];
  return Object.entries(auths).find(([url]) => hostOf(url) === key)?.[1];
}

const hostOf = (url: string): string => {
  const rest = url.replace(/^[A-Za-z][A-Za-z0-9+.-]*:\/\//, "");
  const slash = rest.indexOf("/");
  return slash < 0 ? rest : rest.slice(0, slash);
};

function ofEntry(entry: AuthEntry | undefined, source: string): RegistryCredentials {
  if (!entry) return anonymous;
  const decoded = entry.auth ? decodeAuth(entry.auth) : { username: entry.username ?? "", password: entry.password ?? "" };
  if (!decoded) throw new BakeError("docker.config", `invalid auth configuration file: an entry of ${source} is not user:password in base64`);
  return known({ ...decoded, identityToken: entry.identitytoken ?? "", registryToken: entry.registrytoken ?? "" });
}

/** Credentials without any value are `anonymous` itself. */
function known(credentials: RegistryCredentials): RegistryCredentials {
  return Object.values(credentials).every((value) => value === "") ? anonymous : credentials;
}

function decodeAuth(auth: string): { username: string; password: string } | undefined {
  if (auth === "") return { username: "", password: "" };
  if (!/^[A-Za-z0-9+/\r\n]*={0,2}\s*$/.test(auth)) return undefined;
  const text = Buffer.from(auth, "base64").toString("utf8");
  const colon = text.indexOf(":");
  if (colon < 1) return undefined;
  return { username: text.slice(0, colon), password: text.slice(colon + 1).replace(/^\0+|\0+$/g, "") };
}
