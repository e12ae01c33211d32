/** Text for terminals: stripped of control characters, measured and cut by columns. */

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to remove
const CONTROL = /\u001b\[[0-9;?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)|\u001b.|[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** Without escape sequences and control characters; tabs become spaces, only the text after the last CR stays. */
export function plainText(text: string): string {
  const visible = text.slice(text.replace(/\r+$/, "").lastIndexOf("\r") + 1);
  return visible.replace(/\t/g, "    ").replace(CONTROL, "");
}

function charWidth(code: number): number {
  if (code < 0x300) return 1;
  if (code <= 0x36f || (code >= 0x200b && code <= 0x200f) || (code >= 0xfe00 && code <= 0xfe0f)) return 0;
  const wide =
    (code >= 0x1100 && code <= 0x115f) ||
    (code >= 0x2e80 && code <= 0xa4cf) ||
    (code >= 0xac00 && code <= 0xd7a3) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0xfe30 && code <= 0xfe6f) ||
    (code >= 0xff00 && code <= 0xff60) ||
    (code >= 0xffe0 && code <= 0xffe6) ||
    (code >= 0x1f300 && code <= 0x1faff) ||
    (code >= 0x20000 && code <= 0x3fffd);
  return wide ? 2 : 1;
}

/** Columns that a text without control characters takes. */
export function textWidth(text: string): number {
  let width = 0;
  for (const char of text) width += charWidth(char.codePointAt(0) ?? 0);
  return width;
}

/** The text cut to a number of columns, with an ellipsis when something was cut. */
export function fit(text: string, columns: number, ellipsis: string): string {
  if (textWidth(text) <= columns) return text;
  const room = columns - textWidth(ellipsis);
  let out = "";
  let width = 0;
  for (const char of text) {
    width += charWidth(char.codePointAt(0) ?? 0);
    if (width > room) break;
    out += char;
  }
  return out + ellipsis;
}

/** The text in exactly so many columns: cut, or filled with spaces. */
export function column(text: string, columns: number, ellipsis: string): string {
  const cut = fit(text, columns, ellipsis);
  return cut + " ".repeat(Math.max(0, columns - textWidth(cut)));
}
