/** "Did you mean": names that are few edits away (spec/hcl.md 8.4). */
import { compareBytes } from "../../byte-order.ts";

/** The first candidate with fewer than three edits (spec/hcl.md 8.4). */
export function nearName(given: string, candidates: Iterable<string>): string | undefined {
  for (const candidate of candidates) if (distance(given, candidate) < 3) return candidate;
  return undefined;
}

/** The candidate with the fewest edits below three, the first in byte order among equals; never the empty name. */
export function closestName(given: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let least = 3;
  for (const candidate of candidates) {
    const edits = candidate === "" ? 3 : distance(given, candidate);
    if (edits > least || edits >= 3) continue;
    if (best === undefined || edits < least || compareBytes(candidate, best) < 0) best = candidate;
    least = edits;
  }
  return best;
}

/** Edits between two names over code points; stops counting at lengths that are too far apart. */
function distance(a: string, b: string): number {
  const [left, right] = [Array.from(a), Array.from(b)];
  if (Math.abs(left.length - right.length) >= 3) return 3;
  const row = Array.from({ length: right.length + 1 }, (_, i) => i);
  for (const [i, char] of left.entries()) {
    let diagonal = row[0] as number;
    row[0] = i + 1;
    for (let j = 1; j <= right.length; j++) {
      const above = row[j] as number;
      row[j] = Math.min(above + 1, (row[j - 1] as number) + 1, diagonal + (char === right[j - 1] ? 0 : 1));
      diagonal = above;
    }
  }
  return row[right.length] as number;
}
