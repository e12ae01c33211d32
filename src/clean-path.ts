/** Slash paths, cleaned as Go's path package does. No file system. Shared by all rooms, imports nothing. */

/** Names that begin with no dot, between single slashes: most paths are clean already. */
const CLEAN = /^\/?[\w-][\w.-]*(?:\/[\w-][\w.-]*)*$/;

/** The shortest path that means the same: no `.`, no inner `..`, no double or trailing slash. Empty gives `.`. */
export function cleanPath(path: string): string {
  if (path === "" || path === ".") return ".";
  if (CLEAN.test(path)) return path;
  const rooted = path.startsWith("/");
  const out: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") out.push(part);
    else if (out.length > 0 && out[out.length - 1] !== "..") out.pop();
    else if (!rooted) out.push("..");
  }
  const joined = out.join("/");
  return rooted ? `/${joined}` : joined === "" ? "." : joined;
}

/** Joins and cleans; empty parts count for nothing. */
export function joinPath(...parts: readonly string[]): string {
  const present = parts.filter((part) => part !== "");
  return present.length === 0 ? "" : cleanPath(present.join("/"));
}

/** A path against the current directory. */
export const absolutePath = (path: string, cwd: string): string => (path.startsWith("/") ? cleanPath(path) : cleanPath(`${cwd}/${path}`));
