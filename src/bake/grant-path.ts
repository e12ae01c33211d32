/** Which paths a grant covers (spec/bake.md 10.2): absolute, with symlinks resolved, compared by whole components. */
import { fail, ok, plainError, type Result } from "../diagnostics.ts";
import { HostError, type Host } from "../host.ts";
import { absolutePath, cleanPath } from "../clean-path.ts";

/** A set of granted paths. */
export interface GrantedPaths {
  readonly everything: boolean;
  readonly paths: readonly string[];
}

const maxLinks = 40;

/** Granted paths keep the part that does not exist. `*` grants everything, the empty text the current directory. */
export function grantedPaths(values: Iterable<string>, host: Host): Result<GrantedPaths> {
  const paths = new Set<string>();
  for (const value of values) {
    if (value === "*") return ok({ everything: true, paths: [] });
    const { real, missing } = existing(absolutePath(value === "" ? "." : value, host.cwd), value, host);
    if (typeof real !== "string") return fail(real);
    paths.add(missing === "" ? real : cleanPath(`${real}/${missing}`));
  }
  return ok({ everything: false, paths: [...paths] });
}

/**
 * The needed paths that no grant covers, sorted, none inside another. A path that does not exist yet is
 * covered by a grant of itself; when it is not covered, its deepest existing ancestor is asked for.
 */
export function missingPaths(needed: Iterable<string>, { everything, paths }: GrantedPaths, host: Host): Result<readonly string[]> {
  if (everything) return ok([]);
  const missing = new Set<string>();
  for (const path of needed) {
    const { real, missing: rest } = existing(absolutePath(path, host.cwd), path, host);
    if (typeof real !== "string") return fail(real);
    const whole = rest === "" ? real : cleanPath(`${real}/${rest}`);
    if (!paths.some((granted) => isInside(whole, granted))) missing.add(real);
  }
  const sorted = [...missing].sort();
  return ok(sorted.filter((path) => !sorted.some((other) => other !== path && isInside(path, other))));
}

/** True for the directory itself and what is below it. */
export const isInside = (path: string, directory: string): boolean => path === directory || path.startsWith(directory === "/" ? "/" : `${directory}/`);

type Existing = { readonly real: string | ReturnType<typeof plainError>; readonly missing: string };

/**
 * The real path of the part that exists, and the part that does not. A link to something that does not
 * exist counts as what it points to: writing through it would create that.
 */
function existing(path: string, shown: string, host: Host, links = 0): Existing {
  let at = path;
  let missing = "";
  for (;;) {
    try {
      return { real: host.realpath(at), missing };
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      if (error.code !== "ENOENT" || at === "/" || links > maxLinks) return { real: plainError("bake.entitlement-path", evaluation(shown, error)), missing };
    }
    const parent = at.slice(0, at.lastIndexOf("/")) || "/";
    const target = danglingLink(at, host);
    if (target !== undefined) {
      const found = existing(absolutePath(target, parent), shown, host, links + 1);
      return { real: found.real, missing: [found.missing, missing].filter((part) => part !== "").join("/") };
    }
    missing = missing === "" ? at.slice(at.lastIndexOf("/") + 1) : `${at.slice(at.lastIndexOf("/") + 1)}/${missing}`;
    at = parent;
  }
}

function danglingLink(path: string, host: Host): string | undefined {
  try {
    return host.lstat(path)?.kind === "symlink" ? host.readLink(path) : undefined;
  } catch (error) {
    // Nothing can be looked up below a missing directory; its parent is tried next.
    if (error instanceof HostError) return undefined;
    throw error;
  }
}

const evaluation = (path: string, { message }: HostError): string => `failed to evaluate path "${path}": ${message.slice(message.lastIndexOf(": ") + 2)}`;

/** A path as users see it: relative to the current directory unless that would begin with `../..`. */
export function shownPath(path: string, host: Host): string {
  const cwd = host.realpath(host.cwd);
  const from = cwd === "/" ? [] : cwd.slice(1).split("/");
  const to = path === "/" ? [] : path.slice(1).split("/");
  let same = 0;
  while (same < from.length && same < to.length && from[same] === to[same]) same++;
  const up = from.length - same;
  if (up > 1) return path;
  return [...Array.from({ length: up }, () => ".."), ...to.slice(same)].join("/") || ".";
}
