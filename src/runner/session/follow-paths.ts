/**
 * Turns the paths a frontend asks for into include patterns: symlinks on the way are followed inside the
 * tree and every link and target is included (spec/buildkit.md 6.3).
 */
import { sortedKeys } from "../../byte-order.ts";
import { cleanPath } from "./patterns.ts";
import { isSymlink, type FileTree } from "./tree.ts";

/** A wildcard that no backslash takes the meaning from. */
const wildcards = /^(?:[^\\*?[]|\\.)*[*?[]/s;

/** Sorted include patterns without entries below another one; undefined when the whole tree is meant. */
export function followPaths(tree: FileTree, paths: readonly string[]): readonly string[] | undefined {
  const resolver = new Resolver(tree);
  for (const path of paths) resolver.add(path);
  return withoutNested(sortedKeys(resolver.resolved));
}

/** Drops entries below the one before them; undefined when the root is among them. */
export function withoutNested(sorted: readonly string[]): readonly string[] | undefined {
  const kept: string[] = [];
  for (const path of sorted) {
    if (path === ".") return undefined;
    const last = kept.at(-1);
    if (last === undefined || !path.startsWith(`${last}/`)) kept.push(path);
  }
  return kept;
}

class Resolver {
  readonly resolved: Set<string> = new Set();
  readonly #tree: FileTree;

  constructor(tree: FileTree) {
    this.#tree = tree;
  }

  add(path: string): void {
    const parts = insideRoot(path).split("/");
    let current = "";
    for (let i = 0; i < parts.length; i++) {
      current = current === "" ? (parts[i] ?? "") : `${current}/${parts[i] ?? ""}`;
      const last = i === parts.length - 1;
      const targets = this.#targets(current);
      if ((last || targets) && this.resolved.has(current)) return;
      if (targets || last) this.resolved.add(current);
      if (!targets) continue;
      const rest = parts.slice(i + 1).join("/");
      for (const target of targets) this.add(`${target}/${rest}`);
      return;
    }
  }

  /** Where a symlink, or the symlinks that a wildcard matches, point to; undefined when there is none. */
  #targets(path: string): readonly string[] | undefined {
    const at = path.lastIndexOf("/");
    const directory = path.slice(0, Math.max(at, 0));
    const name = path.slice(at + 1);
    const entries = this.#tree.list(directory) ?? [];
    const matches = wildcards.test(name) ? nameMatcher(name) : (other: string): boolean => other === name;
    const links = entries.filter((entry) => isSymlink(entry.mode) && matches(entry.name));
    if (links.length === 0) return undefined;
    return links.map(({ linkname }) => (linkname.startsWith("/") ? linkname : insideRoot(`${directory}/${linkname}`)));
  }
}

/** A clean path that cannot leave the root; `.` is the root itself. */
function insideRoot(path: string): string {
  const clean = cleanPath(`/${path}`);
  return clean === "/" ? "." : clean.slice(1);
}

/** Go's filepath.Match for one path component; a broken pattern matches nothing. */
function nameMatcher(pattern: string): (name: string) => boolean {
  let source = "";
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern[i] as string;
    if (char === "*") source += "[^/]*";
    else if (char === "?") source += "[^/]";
    else if (char === "[") {
      const end = pattern.indexOf("]", i + 2);
      if (end < 0) return () => false;
      source += `[${pattern.slice(i + 1, end).replace(/[[\](){}/|]/g, "\\$&")}]`;
      i = end;
    } else if (char === "\\") source += literal(pattern[++i] ?? "\\");
    else source += literal(char);
  }
  try {
    const regex = new RegExp(`^${source}$`, "u");
    return (name) => regex.test(name);
  } catch {
    return () => false;
  }
}

const literal = (char: string): string => char.replace(/[\^$\\.*+?()[\]{}|/]/g, "\\$&");
