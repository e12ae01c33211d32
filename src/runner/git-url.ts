/** Git URLs of remote definitions in all their forms, as the source that an engine understands (spec/buildkit.md 3, spec/bake.md 2.6). */
import { BakeError } from "../diagnostics.ts";
import type { Definition } from "./buildkit/messages.ts";
import { gitSource } from "./buildkit/source-definition.ts";

export interface GitUrl {
  /** What to clone, without fragment and query. */
  readonly remote: string;
  readonly host: string;
  /** `host/path#ref:directory`: the same for every protocol. */
  readonly identifier: string;
  readonly checksum: string;
  /** Reached over SSH. */
  readonly ssh: boolean;
}

const scp = /^([A-Za-z0-9_-]+)@([A-Za-z0-9.-]+):(?!\/\/)(.*)$/;

/** Takes a git URL apart; undefined for an http(s) URL that is none. Throws for query keys that nobody knows. */
export function parseGitUrl(text: string): GitUrl | undefined {
  const url = text.startsWith("github.com/") ? `https://${text}` : text;
  const hash = url.indexOf("#");
  const fragment = hash < 0 ? "" : url.slice(hash + 1);
  const whole = hash < 0 ? url : url.slice(0, hash);
  const mark = whole.indexOf("?");
  const remote = mark < 0 ? whole : whole.slice(0, mark);
  const query = new URLSearchParams(mark < 0 ? "" : whole.slice(mark + 1));
  const place = placeOf(remote, text.startsWith("github.com/"));
  if (!place) return undefined;
  const colon = fragment.indexOf(":");
  const fromFragment = { ref: colon < 0 ? fragment : fragment.slice(0, colon), directory: colon < 0 ? "" : fragment.slice(colon + 1) };
  const { ref, directory, checksum } = withQuery(fromFragment, query, text);
  const where = `${ref}${directory === "" ? "" : `:${directory}`}`;
  return { remote, host: place.host, identifier: `${place.host}/${place.path}${where === "" ? "" : `#${where}`}`, checksum, ssh: place.ssh };
}

function placeOf(remote: string, github: boolean): { host: string; path: string; ssh: boolean } | undefined {
  const short = scp.exec(remote);
  if (short) return { host: short[2] ?? "", path: (short[3] ?? "").replace(/^\/+/, ""), ssh: true };
  const long = /^(git|ssh|https?):\/\/(?:[^/@]*@)?([^/]+)\/(.*)$/.exec(remote);
  if (!long) return undefined;
  const [, scheme = "", host = "", path = ""] = long;
  if (scheme.startsWith("http") && !github && !path.endsWith(".git")) return undefined;
  return { host, path, ssh: scheme === "ssh" };
}

interface Where {
  readonly ref: string;
  readonly directory: string;
}

/** The query says what the fragment can, and a checksum. */
function withQuery({ ref, directory }: Where, query: URLSearchParams, text: string): Where & { checksum: string } {
  const found = { ref, directory, checksum: "" };
  for (const [key, value] of query) {
    switch (key) {
      case "ref":
        found.ref = value;
        break;
      case "tag":
        found.ref = `refs/tags/${value}`;
        break;
      case "branch":
        found.ref = `refs/heads/${value}`;
        break;
      case "subdir":
        found.directory = value.replace(/^\/+/, "");
        break;
      case "checksum":
      case "commit":
        found.checksum = value;
        break;
      case "keep-git-dir":
      case "submodules":
        break;
      default:
        throw new BakeError("remote.query", `unexpected query "${key}" in ${text}`);
    }
  }
  return found;
}

/** What the engine is asked for, credentials by the names under which sessions offer them. */
export function gitDefinition({ remote, identifier, checksum, ssh: overSsh }: GitUrl, url: string): Definition {
  const attributes = {
    "git.authheadersecret": "GIT_AUTH_HEADER",
    "git.authtokensecret": "GIT_AUTH_TOKEN",
    "git.fullurl": remote,
    ...(checksum === "" ? {} : { "git.checksum": checksum }),
    ...(overSsh ? { "git.mountsshsock": "default" } : {}),
  };
  return gitSource(identifier, { name: `[internal] load git source ${url}`, attributes });
}
