/** The nearest name, for "did you mean" notes under errors about unknown names. */

/** The candidate within a third of the word's length in edits, or undefined; the first of equally near ones. */
export function nearestName(word: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bound = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const candidate of candidates) {
    if (candidate === word || Math.abs(candidate.length - word.length) >= bound) continue;
    const edits = editsBetween(word, candidate, bound);
    if (edits < bound) {
      best = candidate;
      bound = edits;
    }
  }
  return best;
}

/** Edits between two words; gives up at the bound. */
function editsBetween(from: string, to: string, bound: number): number {
  let row = Array.from({ length: to.length + 1 }, (_, i) => i);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    let least = i;
    for (let j = 1; j <= to.length; j++) {
      const same = from[i - 1] === to[j - 1] ? 0 : 1;
      const edits = Math.min((row[j - 1] as number) + same, (row[j] as number) + 1, (next[j - 1] as number) + 1);
      next.push(edits);
      if (edits < least) least = edits;
    }
    if (least >= bound) return bound;
    row = next;
  }
  return row[to.length] as number;
}

/** A note that suggests the nearest name, when there is one. */
export function didYouMean(word: string, candidates: Iterable<string>): { readonly hint?: string } {
  const name = nearestName(word, candidates);
  return name === undefined ? {} : { hint: `did you mean "${name}"?` };
}
