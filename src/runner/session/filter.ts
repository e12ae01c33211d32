/**
 * Which entries of a tree a request wants, and a walk over just those, in the order of the protocol
 * (spec/buildkit.md 6.3). Directories that cannot hold anything wanted are not entered.
 */
import { setImmediate as nextTurn } from "node:timers/promises";
import { followPaths, withoutNested } from "./follow-paths.ts";
import { PatternMatcher, type ParentMatch } from "./patterns.ts";
import { isDirectory, type FileTree, type TreeEntry } from "./tree.ts";

export interface FilterRequest {
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  /** Paths whose symlinks are followed; undefined when the request has none. */
  readonly follow?: readonly string[];
}

/** Takes an entry; a promise makes the walk wait. */
export type Visit = (path: string, entry: TreeEntry) => Promise<void> | undefined;

interface Frame {
  readonly path: string;
  readonly entry: TreeEntry | undefined;
  readonly entries: readonly TreeEntry[];
  readonly included: ParentMatch | undefined;
  readonly excluded: ParentMatch | undefined;
  next: number;
  visited: boolean;
}

const wildcardCharacters = process.platform === "win32" ? /[*[\]?^]/ : /[*[\]?^\\]/;
/** A walk gives the event loop back after this many entries. */
const sliceEntries = 500;

export class TreeFilter {
  readonly #include: PatternMatcher | undefined;
  readonly #exclude: PatternMatcher | undefined;
  /** Directories that patterns without wildcards lead through; undefined when wildcards could match anywhere. */
  readonly #includePrefixes: readonly string[] | undefined;
  readonly #exceptionPrefixes: readonly string[] | undefined;

  /** Looks at the tree only to follow symlinks. Throws Error for a broken pattern. */
  constructor(tree: FileTree, { include, exclude, follow }: FilterRequest) {
    const patterns = includePatterns(tree, include, follow);
    this.#include = patterns.length > 0 ? new PatternMatcher(patterns) : undefined;
    this.#exclude = exclude.length > 0 ? new PatternMatcher(exclude) : undefined;
    this.#includePrefixes = plainPrefixes(this.#include?.patterns.filter(({ exception }) => !exception) ?? []);
    this.#exceptionPrefixes = plainPrefixes(this.#exclude?.patterns.filter(({ exception }) => exception) ?? []);
  }

  /** Visits the wanted entries, a directory before its children and only where something in it is wanted or it is itself. */
  async walk(tree: FileTree, visit: Visit, signal?: AbortSignal): Promise<void> {
    const frames: Frame[] = [{ path: "", entry: undefined, entries: tree.list("") ?? [], included: undefined, excluded: undefined, next: 0, visited: true }];
    let count = 0;
    for (let frame = frames.at(-1); frame; frame = frames.at(-1)) {
      const entry = frame.entries[frame.next++];
      if (!entry) {
        frames.pop();
        continue;
      }
      if (++count % sliceEntries === 0) {
        await nextTurn();
        signal?.throwIfAborted();
      }
      const path = frame.path === "" ? entry.name : `${frame.path}/${entry.name}`;
      const { skip, enter, included, excluded } = this.#judge(path, entry, frame);
      if (!skip) {
        for (const parent of frames) {
          if (parent.visited || !parent.entry) continue;
          parent.visited = true;
          await visit(parent.path, parent.entry);
        }
        const wait = visit(path, entry);
        if (wait) await wait;
      }
      if (enter) frames.push({ path, entry, entries: listUnlessSkipped(tree, path, skip), included, excluded, next: 0, visited: !skip });
    }
  }

  #judge(
    path: string,
    entry: TreeEntry,
    parent: Frame,
  ): { skip: boolean; enter: boolean; included: ParentMatch | undefined; excluded: ParentMatch | undefined } {
    const directory = isDirectory(entry.mode);
    const include = this.#include?.match(path, parent.included);
    const exclude = this.#exclude?.match(path, parent.excluded);
    const included = include === undefined || include.matched;
    const excluded = exclude?.matched === true;
    const enter =
      directory &&
      (included || leadsInto(this.#includePrefixes, path)) &&
      (!excluded || (this.#exclude?.hasExceptions === true && leadsInto(this.#exceptionPrefixes, path)));
    return { skip: !included || excluded, enter, included: include?.byPattern, excluded: exclude?.byPattern };
  }
}

/** A directory that is only looked through for something deeper may be unreadable. */
function listUnlessSkipped(tree: FileTree, path: string, skipped: boolean): readonly TreeEntry[] {
  try {
    return tree.list(path) ?? [];
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (skipped && (code === "EACCES" || code === "EPERM")) return [];
    throw error;
  }
}

function includePatterns(tree: FileTree, include: readonly string[], follow: readonly string[] | undefined): readonly string[] {
  if (!follow) return include;
  const followed = followPaths(tree, follow);
  // A followed path that is the root asks for nothing in particular: the explicit patterns stay alone.
  return followed ? (withoutNested([...include, ...followed]) ?? []) : include;
}

function plainPrefixes(patterns: readonly { readonly text: string }[]): readonly string[] | undefined {
  const prefixes = patterns.map(({ text }) => `${text.replace(/\/\*\*?$/, "")}/`);
  return prefixes.some((prefix) => wildcardCharacters.test(prefix)) ? undefined : prefixes;
}

const leadsInto = (prefixes: readonly string[] | undefined, directory: string): boolean =>
  prefixes === undefined || prefixes.some((prefix) => prefix.startsWith(`${directory}/`));
