/** Identifiers: ID_Start and ID_Continue of Unicode 9.0, `_`, and dashes inside (spec/hcl.md 1.3). */
import { ID_CONTINUE, ID_START } from "../../unicode-tables.ts";

type Ranges = readonly (readonly [number, number])[];

function decode(text: string): Ranges {
  let at = 0;
  return text.split(" ").map((row) => {
    const [gap = "", length = "0"] = row.split(",");
    const first = at + Number.parseInt(gap, 36);
    at = first + Number.parseInt(length, 36);
    return [first, at];
  });
}

let start: Ranges | undefined;
let rest: Ranges | undefined;

function contains(ranges: Ranges, code: number): boolean {
  let low = 0;
  let high = ranges.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const [first, last] = ranges[middle] as readonly [number, number];
    if (code < first) high = middle - 1;
    else if (code > last) low = middle + 1;
    else return true;
  }
  return false;
}

const isLetter = (code: number): boolean => (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95;

export function isIdentifierStart(code: number): boolean {
  if (code < 0x80) return isLetter(code);
  start ??= decode(ID_START);
  return contains(start, code);
}

export function isIdentifierPart(code: number): boolean {
  if (code < 0x80) return isLetter(code) || (code >= 48 && code <= 57) || code === 45;
  rest ??= decode(ID_CONTINUE);
  return contains(rest, code);
}

/** Whether the whole text is one identifier. */
export function isIdentifier(text: string): boolean {
  let first = true;
  for (const char of text) {
    const code = char.codePointAt(0) as number;
    if (first ? !isIdentifierStart(code) : !isIdentifierPart(code)) return false;
    first = false;
  }
  return !first;
}
