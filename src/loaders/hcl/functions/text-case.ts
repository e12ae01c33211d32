/**
 * Case of single code points, as the reference maps them: one to one, without context or locale
 * (spec/hcl.md 6.5).
 */

/** First capital with prosgegrammeni, first small with ypogegrammeni, and how many follow. */
const IOTA: readonly (readonly [upper: number, lower: number, count: number])[] = [
  [0x1f88, 0x1f80, 8],
  [0x1f98, 0x1f90, 8],
  [0x1fa8, 0x1fa0, 8],
  [0x1fbc, 0x1fb3, 1],
  [0x1fcc, 0x1fc3, 1],
  [0x1ffc, 0x1ff3, 1],
];

/** Title case forms of the digraphs, with their capital and small forms around them. */
const DIGRAPHS = [0x1c5, 0x1c8, 0x1cb, 0x1f2];

function upperOf(char: string): string {
  const mapped = char.toUpperCase();
  if (mapped === char || Array.from(mapped).length === 1) return mapped;
  const code = char.codePointAt(0) as number;
  for (const [upper, lower, count] of IOTA) if (code >= lower && code < lower + count) return String.fromCodePoint(upper + code - lower);
  return char;
}

function titleOf(char: string): string {
  const code = char.codePointAt(0) as number;
  const digraph = DIGRAPHS.find((middle) => Math.abs(code - middle) <= 1);
  if (digraph !== undefined) return String.fromCodePoint(digraph);
  // Georgian letters have capitals that are not for titles.
  return code >= 0x10d0 && code <= 0x10ff ? char : upperOf(char);
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: the question is whether all is ASCII
const ASCII = /^[\u0000-\u007f]*$/;

export function upperCase(text: string): string {
  return ASCII.test(text) ? text.toUpperCase() : Array.from(text, upperOf).join("");
}

export function lowerCase(text: string): string {
  if (ASCII.test(text)) return text.toLowerCase();
  // One character at a time there is no final sigma; the dotted capital I alone grows.
  return Array.from(text, (char) => (char === "\u0130" ? "i" : char.toLowerCase())).join("");
}

/** ASCII that is no letter, digit or `_`, and other white space. */
const SEPARATOR = /[^0-9A-Za-z_\u0080-\u{10ffff}]|[\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/u;

/** Each code point at the start or behind a separator in title case, the rest untouched. */
export function titleCase(text: string): string {
  let fresh = true;
  return Array.from(text, (char) => {
    const mapped = fresh ? titleOf(char) : char;
    fresh = SEPARATOR.test(char);
    return mapped;
  }).join("");
}

const SPACE = /[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;

/** Without white space at both ends; what counts is Unicode's White_Space. */
export function trimSpace(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && SPACE.test(text[start] as string)) start++;
  while (end > start && SPACE.test(text[end - 1] as string)) end--;
  return text.slice(start, end);
}
