/**
 * Turns the paths a frontend asks for into include patterns: symlinks on the way are followed inside the
 * tree and every link and target is included (spec/buildkit.md 6.3).
 */
import { sortedKeys } from "../../byte-order.ts";
import { wildcardMatcher, type WildcardStep } from "../../wildcard.ts";
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

/** Links followed from one path, and for one request: links may lead through themselves, and then on for ever. */
const hopLimit = 255;
const linkLimit = 10_000;

class Resolver {
  readonly resolved: Set<string> = new Set();
  readonly #tree: FileTree;
  /** Links with what is wanted behind them, as far as followed. */
  readonly #followed = new Set<string>();

  constructor(tree: FileTree) {
    this.#tree = tree;
  }

  add(path: string): void {
    const pending = [{ path: relative(path), hops: 0 }];
    for (let next = pending.pop(); next; next = pending.pop()) {
      const hops = next.hops + 1;
      for (const target of this.#step(next.path)) if (hops <= hopLimit) pending.push({ path: target, hops });
    }
  }

  /** Records the path, or its first link; gives the paths that the link leads to. */
  #step(path: string): readonly string[] {
    const parts = path.split("/");
    let current = "";
    for (let i = 0; i < parts.length; i++) {
      current = current === "" ? (parts[i] ?? "") : `${current}/${parts[i] ?? ""}`;
      const targets = this.#targets(current);
      if (!targets) continue;
      this.resolved.add(current);
      const rest = parts.slice(i + 1).join("/");
      const key = `${current}\0${rest}`;
      if (this.#followed.has(key) || this.#followed.size >= linkLimit) return [];
      this.#followed.add(key);
      return targets.map((target) => relative(`${target}/${rest}`));
    }
    this.resolved.add(path);
    return [];
  }

  /** Where a symlink, or the symlinks that a wildcard matches, point to; undefined when there is none. Rooted: `..` cannot leave the tree. */
  #targets(path: string): readonly string[] | undefined {
    if (path === "." || path === ".." || path.startsWith("../")) return undefined;
    const at = path.lastIndexOf("/");
    const directory = path.slice(0, Math.max(at, 0));
    const name = path.slice(at + 1);
    const entries = this.#tree.list(directory) ?? [];
    const matches = wildcards.test(name) ? nameMatcher(name) : (other: string): boolean => other === name;
    const links = entries.filter((entry) => isSymlink(entry.mode) && matches(entry.name));
    if (links.length === 0) return undefined;
    return links.map(({ linkname }) => cleanPath(linkname.startsWith("/") ? linkname : `/${directory}/${linkname}`));
  }
}

/** Clean and relative; `.` is the root itself. What leaves the root by `..` stays so, and names nothing. */
function relative(path: string): string {
  return cleanPath(`./${path}`);
}

/** Go's filepath.Match for one path component; a broken pattern matches nothing. */
function nameMatcher(pattern: string): (name: string) => boolean {
  const steps: WildcardStep[] = [];
  const chars = [...pattern];
  for (let i = 0; i < chars.length; i++) {
    const char = chars[i] as string;
    if (char === "*") steps.push({ kind: "name" });
    else if (char === "?") steps.push({ kind: "one", test: (other) => other !== "/" });
    else if (char === "[") {
      const end = chars.indexOf("]", i + 2);
      const test = end < 0 ? undefined : classTest(chars.slice(i + 1, end).join(""));
      if (!test) return () => false;
      steps.push({ kind: "one", test });
      i = end;
    } else steps.push({ kind: "char", char: char === "\\" ? (chars[++i] ?? "\\") : char });
  }
  return wildcardMatcher(steps);
}

/** Undefined for a class that is broken. */
function classTest(members: string): ((char: string) => boolean) | undefined {
  try {
    const regex = new RegExp(`^[${members.replace(/[[\](){}/|]/g, "\\$&")}]$`, "u");
    return (char) => regex.test(char);
  } catch {
    return undefined;
  }
}
