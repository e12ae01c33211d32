/** Tables keyed by places in the model (`services.*.build.args`), followed step by step while walking down. */

export interface PathTable<T> {
  readonly here?: T;
  readonly children: ReadonlyMap<string, PathTable<T>>;
  /** For any key (`*`) or any list item (`[]`). */
  readonly any?: PathTable<T>;
}

interface Draft<T> {
  here?: T;
  readonly children: Map<string, Draft<T>>;
  any?: Draft<T>;
}

const draft = <T>(): Draft<T> => ({ children: new Map() });

/** Builds a table from paths with `*` and `[]` as wildcards. */
export function pathTable<T>(rows: Iterable<readonly [path: string, value: T]>): PathTable<T> {
  const root = draft<T>();
  for (const [path, value] of rows) {
    let at = root;
    for (const part of path.split(".")) at = part === "*" || part === "[]" ? (at.any ??= draft<T>()) : childOf(at, part);
    at.here = value;
  }
  return root;
}

function childOf<T>(at: Draft<T>, part: string): Draft<T> {
  let child = at.children.get(part);
  if (!child) at.children.set(part, (child = draft<T>()));
  return child;
}

/** One step down; a named row wins over a wildcard. */
export const step = <T>(table: PathTable<T> | undefined, key: string): PathTable<T> | undefined => table && (table.children.get(key) ?? table.any);
export const stepItem = <T>(table: PathTable<T> | undefined): PathTable<T> | undefined => table?.any;
