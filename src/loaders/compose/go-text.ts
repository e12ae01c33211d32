/** Small texts as the reference reads and writes them: booleans and quoted strings. Rooms share types only, so these are the loaders' own. */

const WORDS = new Map([
  ..."1 t T TRUE true True".split(" ").map((word) => [word, true] as const),
  ..."0 f F FALSE false False".split(" ").map((word) => [word, false] as const),
]);

/** The value of a boolean word, or undefined. */
export const goBool = (text: string): boolean | undefined => WORDS.get(text);

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  "\\": "\\\\",
  "\u0007": "\\a",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\v": "\\v",
};
/** Quotes, backslashes, and what does not print: controls, spaces other than the ASCII one, marks without width. */
const ESCAPED = /["\\]|[^\P{C}]|[^\P{Z} ]/gu;

/** In double quotes, with what does not print escaped. */
export function goQuote(text: string): string {
  const inner = text.replaceAll(ESCAPED, (char) => {
    const code = char.codePointAt(0) as number;
    const hex = code.toString(16);
    return ESCAPES[char] ?? (code < 0x80 ? `\\x${hex.padStart(2, "0")}` : code < 0x10000 ? `\\u${hex.padStart(4, "0")}` : `\\U${hex.padStart(8, "0")}`);
  });
  return `"${inner}"`;
}
