/** JSON strings as Go's encoder writes them, with HTML-safe escapes. The print path's only string writer. */

const plain = /^[ !#-%'-;=?-[\]-\u2027\u202a-\ud7ff\ue000-\uffff]*$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON escapes control characters
const special = /[\u0000-\u001f"\\<>&\u2028\u2029\ud800-\udfff]/gu;

const short: Readonly<Record<string, string>> = { '"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** What stands between the quotes of a JSON string: `<`, `>`, `&`, U+2028 and U+2029 escaped, lone surrogates replaced. */
export const escapeText = (text: string): string => (plain.test(text) ? text : text.replace(special, escapeChar));

/** A JSON string literal. */
export const jsonString = (text: string): string => `"${escapeText(text)}"`;

function escapeChar(char: string): string {
  const code = char.charCodeAt(0);
  if (code >= 0xd800 && code < 0xe000) return "\ufffd";
  return short[char] ?? `\\u${code.toString(16).padStart(4, "0")}`;
}
