/** JSON as Go's encoder writes it: the engine's, with what means something in HTML escaped. */

const MARKUP = /[<>&\u2028\u2029]/g;

/** JSON text with `<`, `>`, `&`, U+2028 and U+2029 escaped, which stand in strings only. */
export const escapeMarkup = (json: string): string => json.replace(MARKUP, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);

/** A JSON string literal. Lone surrogates become U+FFFD. */
export const jsonString = (text: string): string => escapeMarkup(JSON.stringify(text.toWellFormed()));
