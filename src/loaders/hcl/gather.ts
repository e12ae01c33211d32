/**
 * Lists whose length is not known yet, on one stack: lists within lists come and go in turn. What is cut off it has exactly the
 * places it needs, while a list that grows by pushing takes more than a dozen with its first item.
 */

const stack: unknown[] = [];
let top = 0;
const EMPTY: readonly never[] = [];

/** Where a list begins that is about to be gathered. */
export const listStart = (): number => top;

/** Adds an item to the list that was begun last. */
export function gather(item: unknown): void {
  stack[top++] = item;
}

/** Ends the list that began there. */
export function listFrom<T>(start: number): readonly T[] {
  if (start === top) return EMPTY;
  const list = stack.slice(start, top) as T[];
  top = start;
  return list;
}

/** Forgets the lists that a mistake left unfinished, and what the others held. */
export function forgetLists(): void {
  stack.length = 0;
  top = 0;
}
