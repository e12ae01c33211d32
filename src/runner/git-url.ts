/** Git URLs of remote definitions in all their forms, as the source that an engine understands (spec/buildkit.md 3, spec/bake.md 2.6). */
import { BakeError } from "../diagnostics.ts";
import { goBool, quote } from "../go-text.ts";
import type { Definition } from "./buildkit/messages.ts";
import { gitSource } from "./buildkit/source-definition.ts";

export interface GitUrl {
  /** What to clone, without fragment and query. */
  readonly remote: string;
  readonly host: string;
  /** `host/path#ref:directory`: the same for every protocol. */
  readonly identifier: string;
  readonly checksum: string;
  readonly keepGitDirectory: boolean;
  readonly submodules: boolean;
  /** `checkout`, `commit`, or empty for what is usual. */
  readonly mtime: string;
  readonly fetchByCommit: boolean;
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
  const { ref, directory, ...options } = readQuery(text, query, fromFragment);
  const where = `${ref}${directory === "" ? "" : `:${directory}`}`;
  return { remote, host: place.host, identifier: `${place.host}/${place.path}${where === "" ? "" : `#${where}`}`, ssh: place.ssh, ...options };
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

/** What a query may say; ref and directory may stand in the fragment as well. */
interface Query {
  ref: string;
  directory: string;
  checksum: string;
  keepGitDirectory: boolean;
  submodules: boolean;
  mtime: string;
  fetchByCommit: boolean;
}

/** Keys that mean true without a value. */
const switches: ReadonlySet<string> = new Set(["keep-git-dir", "submodules", "fetch-by-commit"]);

/** Throws for keys that nobody knows, and for what contradicts itself. */
function readQuery(text: string, query: URLSearchParams, fragment: { readonly ref: string; readonly directory: string }): Query {
  const fail = (reason: string): never => {
    throw new BakeError("remote.query", `${reason} in ${text}`);
  };
  const found: Query = { ...fragment, checksum: "", keepGitDirectory: false, submodules: true, mtime: "", fetchByCommit: false };
  const setRef = (ref: string): void => {
    if (found.ref !== "" && found.ref !== ref) fail(`ref conflicts: ${quote(found.ref)} vs ${quote(ref)}`);
    found.ref = ref;
  };
  for (const key of new Set(query.keys())) {
    const [value = "", ...more] = query.getAll(key);
    if (more.length > 0) fail(`query ${quote(key)} has multiple values`);
    if (value === "" && !switches.has(key)) fail(`query ${quote(key)} has no value`);
    const truth = (): boolean => (value === "" ? true : (goBool(value) ?? fail(`invalid ${key} value: ${quote(value)}`)));
    switch (key) {
      case "ref":
        setRef(value);
        break;
      case "tag":
      case "branch":
        break;
      case "subdir":
        if (found.directory !== "" && found.directory !== value) fail(`subdir conflicts: ${quote(found.directory)} vs ${quote(value)}`);
        found.directory = value.replace(/^\/+/, "");
        break;
      case "checksum":
      case "commit":
        found.checksum = value;
        break;
      case "keep-git-dir":
        found.keepGitDirectory = truth();
        break;
      case "submodules":
        found.submodules = truth();
        break;
      case "mtime":
        if (value !== "checkout" && value !== "commit") fail(`invalid mtime value: ${quote(value)} (must be "checkout" or "commit")`);
        found.mtime = value;
        break;
      case "fetch-by-commit":
        found.fetchByCommit = truth();
        break;
      default:
        fail(`unexpected query ${quote(key)}`);
    }
  }
  const [tag, branch] = [query.get("tag"), query.get("branch")];
  if (tag !== null && branch !== null) fail("branch conflicts with tag");
  if (tag !== null) setRef(withPrefix("refs/tags/", tag));
  if (branch !== null) setRef(withPrefix("refs/heads/", branch));
  return found;
}

const withPrefix = (prefix: string, text: string): string => (text.startsWith(prefix) ? text : prefix + text);

/** What the engine is asked for, credentials by the names under which sessions offer them. */
export function gitDefinition({ remote, identifier, ssh: overSsh, ...options }: GitUrl, url: string): Definition {
  const attributes = {
    "git.authheadersecret": "GIT_AUTH_HEADER",
    "git.authtokensecret": "GIT_AUTH_TOKEN",
    "git.fullurl": remote,
    ...(options.checksum === "" ? {} : { "git.checksum": options.checksum }),
    ...(options.keepGitDirectory ? { "git.keepgitdir": "true" } : {}),
    ...(options.submodules ? {} : { "git.skipsubmodules": "true" }),
    ...(options.mtime === "" ? {} : { "git.mtime": options.mtime }),
    ...(options.fetchByCommit ? { "git.fetchbycommit": "true" } : {}),
    ...(overSsh ? { "git.mountsshsock": "default" } : {}),
  };
  return gitSource(identifier, { name: `[internal] load git source ${url}`, attributes });
}
