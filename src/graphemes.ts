/**
 * Extended grapheme clusters (UAX #29, Unicode 15.0, without the later Indic rule GB9c): columns,
 * `strlen`, `substr`, `reverse`. The engine's own segmenter follows newer rules and costs start-up time.
 */
import { GRAPHEME_BREAKS } from "./unicode-tables.ts";

interface Table {
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  readonly classes: string;
}

let table: Table | undefined;

/** Decoded when the first text beyond ASCII is segmented. */
function breaks(): Table {
  if (table) return table;
  const rows = GRAPHEME_BREAKS.split(" ");
  const starts = new Uint32Array(rows.length);
  const ends = new Uint32Array(rows.length);
  let classes = "";
  let at = 0;
  rows.forEach((row, i) => {
    const [gap = "", length = "0"] = row.slice(1).split(",");
    starts[i] = at + Number.parseInt(gap, 36);
    at = starts[i] as number;
    at += Number.parseInt(length, 36);
    ends[i] = at;
    classes += row[0];
  });
  table = { starts, ends, classes };
  return table;
}

/** Break class of a code point; "-" is "other". */
function classOf(code: number): string {
  if (code >= 0xac00 && code <= 0xd7a3) return (code - 0xac00) % 28 === 0 ? "A" : "B";
  const { starts, ends, classes } = breaks();
  let low = 0;
  let high = starts.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (code < (starts[middle] as number)) high = middle - 1;
    else if (code > (ends[middle] as number)) low = middle + 1;
    else return classes[middle] as string;
  }
  return "-";
}

const PLAIN = /^[\u0020-\u007e\t]*$/;

/** Number of extended grapheme clusters. */
export function countGraphemes(text: string): number {
  if (PLAIN.test(text)) return text.length;
  let count = 0;
  walk(text, () => count++);
  return count;
}

/** The text cut into its extended grapheme clusters. */
export function splitGraphemes(text: string): string[] {
  if (PLAIN.test(text)) return text.split("");
  const clusters: string[] = [];
  walk(text, (start, end) => clusters.push(text.slice(start, end)));
  return clusters;
}

/** Calls back with each cluster's UTF-16 range. */
function walk(text: string, visit: (start: number, end: number) => void): void {
  let start = 0;
  let previous = "";
  let indicators = 0;
  /** An Extended_Pictographic, any Extends, then perhaps a ZWJ (GB11). */
  let pictograph = false;
  let joined = false;
  for (let i = 0; i < text.length; ) {
    const code = text.codePointAt(i) as number;
    const current = classOf(code);
    if (i > start && isBoundary(previous, current, { joined: joined && current === "x", pair: indicators % 2 === 1 })) {
      visit(start, i);
      start = i;
      indicators = 0;
      pictograph = false;
    }
    joined = current === "z" && pictograph;
    if (current === "x") pictograph = true;
    else if (current !== "e" && current !== "z") pictograph = false;
    indicators = current === "i" ? indicators + 1 : 0;
    previous = current;
    i += code > 0xffff ? 2 : 1;
  }
  if (start < text.length) visit(start, text.length);
}

/** Rules GB3 to GB999. */
function isBoundary(before: string, after: string, state: { readonly joined: boolean; readonly pair: boolean }): boolean {
  if (before === "r" && after === "n") return false;
  if ("rnc".includes(before) || "rnc".includes(after)) return true;
  if (before === "L" && "LVAB".includes(after)) return false;
  if ((before === "A" || before === "V") && (after === "V" || after === "T")) return false;
  if ((before === "B" || before === "T") && after === "T") return false;
  if (after === "e" || after === "z" || after === "s" || before === "p") return false;
  if (state.joined) return false;
  return !(before === "i" && after === "i" && state.pair);
}
