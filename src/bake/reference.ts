/** Image names: `[host[:port]/]path[:tag][@digest]`, by the rules of the distribution project. */
import type { Parsed } from "./parsed.ts";

export interface Reference {
  /** Registry host; `docker.io` when the name has none. */
  readonly domain: string;
  /** Path in the registry; `library/` is added to short names of docker.io. */
  readonly path: string;
  readonly tag?: string;
  readonly digest?: string;
}

const component = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
const label = "(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])";
const domain = `(?:${label}(?:\\.${label})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?`;
const whole = `^(?:(${domain})/)?(${component}(?:/${component})*)(?::([\\w][\\w.-]{0,127}))?(?:@([A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}))?$`;
const digestLengths: Readonly<Record<string, number>> = { sha256: 64, sha384: 96, sha512: 128 };

/** Parses a name as people write it: short names belong to docker.io. Messages are the reference's. */
export function parseReference(text: string): Parsed<Reference> {
  if (/^[a-f0-9]{64}$/.test(text)) return bad(`invalid repository name (${text}), cannot specify 64-byte hexadecimal strings`);
  const { host, rest } = splitDomain(text);
  const remote = /^[^:@]*/.exec(rest)?.[0] ?? "";
  if (remote.toLowerCase() !== remote) return bad(`invalid reference format: repository name (${remote}) must be lowercase`);
  const match = new RegExp(whole).exec(`${host}/${rest}`);
  if (!match) return bad("invalid reference format");
  const [, matched = "", path = "", tag, digest] = match;
  if (path.length > 255 - matched.length - 1) return bad("repository name must not be more than 255 characters");
  if (digest !== undefined && !isDigest(digest)) return bad("invalid checksum digest length");
  return { ok: true, value: { domain: matched, path, ...(tag === undefined ? {} : { tag }), ...(digest === undefined ? {} : { digest }) } };
}

const bad = (message: string): { readonly ok: false; readonly message: string } => ({ ok: false, message });

/** The part before the first slash is a host when it looks like one. */
function splitDomain(text: string): { readonly host: string; readonly rest: string } {
  const slash = text.indexOf("/");
  const first = text.slice(0, Math.max(0, slash));
  const isHost = slash >= 0 && (/[.:]/.test(first) || first === "localhost" || first.toLowerCase() !== first);
  const host = isHost ? first : "docker.io";
  const rest = isHost ? text.slice(slash + 1) : text;
  const official = host === "index.docker.io" ? "docker.io" : host;
  return { host: official, rest: official === "docker.io" && !rest.includes("/") ? `library/${rest}` : rest };
}

function isDigest(digest: string): boolean {
  const colon = digest.indexOf(":");
  const length = digestLengths[digest.slice(0, colon)];
  const hex = digest.slice(colon + 1);
  return length === undefined || (hex.length === length && /^[a-f0-9]+$/.test(hex));
}

/** The name in full, with `latest` when it has neither tag nor digest. */
export function formatReference({ domain: host, path, tag, digest }: Reference): string {
  const shown = tag ?? (digest === undefined ? "latest" : undefined);
  return `${host}/${path}${shown === undefined ? "" : `:${shown}`}${digest === undefined ? "" : `@${digest}`}`;
}
