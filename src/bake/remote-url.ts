/** What counts as a remote URL, and how a directory inside a remote tree is written (spec/bake.md 2.5 and 2.6). */
import { cleanPath, joinPath } from "../clean-path.ts";

const GIT_SCHEME = /^(?:git|ssh):\/\//;
const GIT_OVER_HTTP = /^https?:\/\/[^/?#]+\/[^?#]*\.git(?:[?#]|$)/;
const SCP_FORM = /^[A-Za-z0-9_-]+@[A-Za-z0-9.-]+:(?!\/\/)/;

/** An http(s) URL, or a Git reference in any of its forms. */
export function isRemoteUrl(text: string): boolean {
  if (text.startsWith("./") || text.startsWith("../") || text.startsWith("/")) return false;
  return isHttpUrl(text) || isGitUrl(text);
}

export const isHttpUrl = (text: string): boolean => text.startsWith("http://") || text.startsWith("https://");

/** `git://`, `ssh://`, http(s) with a path that ends in `.git`, `user@host:path`, or `github.com/`. */
export function isGitUrl(text: string): boolean {
  if (text.startsWith("./") || text.startsWith("../")) return false;
  if (GIT_SCHEME.test(text) || text.startsWith("github.com/")) return true;
  if (isHttpUrl(text)) return GIT_OVER_HTTP.test(text);
  return SCP_FORM.test(text);
}

/** Git over SSH: these need an agent. */
export const isGitSshUrl = (text: string): boolean => text.startsWith("ssh://") || SCP_FORM.test(text);

/** The URL of directory `path` inside the tree that `url` names: `URL#ref:path`, joined to a directory already there. */
export function remoteDirectory(url: string, path: string): string {
  const hash = url.indexOf("#");
  if (hash < 0) {
    const query = /([?&]subdir=)([^&]*)/.exec(url);
    if (query) {
      const start = query.index + (query[1] as string).length;
      const joined = joinPath(decodeURIComponent(query[2] as string), path);
      return url.slice(0, start) + encodeURIComponent(joined).replaceAll("%2F", "/") + url.slice(start + (query[2] as string).length);
    }
    return `${url}#:${cleanPath(path)}`;
  }
  const fragment = url.slice(hash + 1);
  const colon = fragment.indexOf(":");
  const ref = colon < 0 ? fragment : fragment.slice(0, colon);
  const directory = colon < 0 ? "" : fragment.slice(colon + 1);
  return `${url.slice(0, hash)}#${ref}:${directory === "" ? cleanPath(path) : joinPath(directory, path)}`;
}
