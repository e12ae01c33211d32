// Makes src/unicode-tables.ts from the Unicode 15.0 character database (Debian package unicode-data):
//   node scripts/gen-unicode.mjs [--check] [FOLDER]
// Grapheme break classes are those of 15.0; identifiers are cut to what Unicode 9.0 had.
import { existsSync, readFileSync, writeFileSync } from "node:fs";

const args = process.argv.slice(2);
const check = args.includes("--check");
const folder = args.find((arg) => !arg.startsWith("--")) ?? "/usr/share/unicode";
const target = new URL("../src/unicode-tables.ts", import.meta.url);

if (!existsSync(`${folder}/DerivedAge.txt`) || !readFileSync(`${folder}/DerivedAge.txt`, "utf8").startsWith("# DerivedAge-15.0.0")) {
  console.log("unicode tables: no Unicode 15.0 database here, not checked");
  process.exit(check ? 0 : 1);
}

/** Rows `first..last ; value` of a data file. */
function rows(file) {
  const found = [];
  for (const line of readFileSync(`${folder}/${file}`, "utf8").split("\n")) {
    const match = /^([0-9A-F]+)(?:\.\.([0-9A-F]+))?\s*;\s*([\w.]+)/.exec(line);
    if (match) found.push({ first: Number.parseInt(match[1], 16), last: Number.parseInt(match[2] ?? match[1], 16), value: match[3] });
  }
  return found;
}

const CLASSES = {
  CR: "r",
  LF: "n",
  Control: "c",
  Extend: "e",
  ZWJ: "z",
  Regional_Indicator: "i",
  Prepend: "p",
  SpacingMark: "s",
  L: "L",
  V: "V",
  T: "T",
  LV: "A",
  LVT: "B",
};

function graphemeRanges() {
  const ranges = [];
  for (const { first, last, value } of rows("auxiliary/GraphemeBreakProperty.txt")) {
    // Hangul syllables are computed.
    if (value !== "LV" && value !== "LVT") ranges.push([first, last, CLASSES[value]]);
  }
  for (const { first, last, value } of rows("emoji/emoji-data.txt")) if (value === "Extended_Pictographic") ranges.push([first, last, "x"]);
  return merge(ranges);
}

function identifierRanges(property) {
  const old = new Set();
  for (const { first, last, value } of rows("DerivedAge.txt")) {
    if (Number(value) <= 9) for (let code = first; code <= last; code++) old.add(code);
  }
  const ranges = [];
  for (const { first, last, value } of rows("DerivedCoreProperties.txt")) {
    if (value !== property) continue;
    for (let code = Math.max(first, 0x80); code <= last; code++) if (old.has(code)) ranges.push([code, code, "1"]);
  }
  return merge(ranges);
}

function merge(ranges) {
  ranges.sort((a, b) => a[0] - b[0]);
  const merged = [];
  for (const [first, last, value] of ranges) {
    const previous = merged.at(-1);
    if (previous && previous[1] + 1 === first && previous[2] === value) previous[1] = last;
    else merged.push([first, last, value]);
  }
  return merged;
}

/** `<class><gap to the previous range in base 36>,<length in base 36>` joined by spaces; the class is left out for sets. */
function encode(ranges, withClass) {
  let at = 0;
  return ranges
    .map(([first, last, value]) => {
      const text = `${withClass ? value : ""}${(first - at).toString(36)}${last > first ? `,${(last - first).toString(36)}` : ""}`;
      at = last;
      return text;
    })
    .join(" ");
}

const wrap = (text) =>
  text
    .match(/.{1,110}/g)
    .map((line) => `  ${JSON.stringify(line)}`)
    .join(" +\n");
const source = `// Made by scripts/gen-unicode.mjs from the Unicode 15.0 character database. Not edited by hand.

/** Grapheme break classes; Hangul syllables are computed. */
export const GRAPHEME_BREAKS: string =
${wrap(encode(graphemeRanges(), true))};

/** ID_Start beyond ASCII, as of Unicode 9.0. */
export const ID_START: string =
${wrap(encode(identifierRanges("ID_Start"), false))};

/** ID_Continue beyond ASCII, as of Unicode 9.0. */
export const ID_CONTINUE: string =
${wrap(encode(identifierRanges("ID_Continue"), false))};
`;

if (check) {
  const same = readFileSync(target, "utf8") === source;
  console.log(same ? "unicode tables: fresh" : "unicode tables: stale, run node scripts/gen-unicode.mjs");
  process.exit(same ? 0 : 1);
}
writeFileSync(target, source);
