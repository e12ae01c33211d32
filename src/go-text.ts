/** How the reference reads and writes small texts: booleans, quoted strings, wholes, durations. Shared by all rooms, imports nothing. */

/** The value of a Go boolean word (`1 t T TRUE true True`, `0 f F FALSE false False`); undefined for anything else, also when absent. */
export function goBool(text: string | undefined): boolean | undefined {
  switch (text) {
    case "1":
    case "t":
    case "T":
    case "TRUE":
    case "true":
    case "True":
      return true;
    case "0":
    case "f":
    case "F":
    case "FALSE":
    case "false":
    case "False":
      return false;
    default:
      return undefined;
  }
}

/** What the reference says of a text that is no boolean. */
export const notBool = (text: string): string => `strconv.ParseBool: parsing ${quote(text)}: invalid syntax`;

const escapes: Readonly<Record<string, string>> = {
  '"': '\\"',
  "\\": "\\\\",
  "\x07": "\\a",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\v": "\\v",
};

/** A text in double quotes as Go's %q writes it: printable characters stay, others are escaped. */
export function quote(text: string): string {
  if (/^[ !#-[\]-~]*$/.test(text)) return `"${text}"`;
  let out = "";
  for (const char of text) {
    const code = char.codePointAt(0) as number;
    const known = escapes[char];
    if (known !== undefined) out += known;
    else if (code < 0x20 || code === 0x7f) out += `\\x${code.toString(16).padStart(2, "0")}`;
    else if (code < 0x7f || /[\p{L}\p{M}\p{N}\p{P}\p{S}]/u.test(char)) out += char;
    else out += code > 0xffff ? `\\U${code.toString(16).padStart(8, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
  }
  return `"${out}"`;
}

/** A 64-bit whole number in decimal, exact; undefined when the text is none or out of range. */
export function goInt64(text: string): number | bigint | undefined {
  if (!/^[+-]?[0-9]+$/.test(text)) return undefined;
  const value = BigInt(text.replace(/^\+/, ""));
  if (value < -(1n << 63n) || value >= 1n << 63n) return undefined;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
/** What a timer can hold. */
const longestMs = 2 ** 31 - 1;

/** Milliseconds of `1h30m`, `90s`, `1.5m`, at most what a timer can hold; a plain number is seconds. */
export function parseDuration(text: string): number | undefined {
  if (/^\d+$/.test(text)) return Math.min(Number(text) * 1000, longestMs);
  if (!/^(?:\d+(?:\.\d+)?(?:ms|s|m|h))+$/.test(text)) return undefined;
  let total = 0;
  for (const [, number = "", unit = ""] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)) total += Number(number) * (units[unit] ?? 0);
  return Math.min(Math.ceil(total), longestMs);
}
