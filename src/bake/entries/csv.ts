/**
 * One line of comma separated values, and the `key=value` fields most entries are written in. The
 * dialect and the messages are those of the reference (spec/bake.md 4.3).
 */

export type Fields = { readonly ok: true; readonly fields: readonly string[] } | { readonly ok: false; readonly message: string };

const utf8Length = (text: string): number => {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code >= 0x80) bytes += code >= 0x800 && (code < 0xd800 || code > 0xdfff) ? 2 : 1;
  }
  return bytes;
};

const syntaxError = (column: number, problem: string): Fields => ({ ok: false, message: `parse error on line 1, column ${column}: ${problem}` });

/**
 * Splits a line at commas. A field that begins with a quote ends at its closing quote; `""` inside is
 * a quote. One newline at the end is dropped; columns in messages count bytes.
 */
export function csvFields(text: string): Fields {
  const line = text.endsWith("\r\n") ? text.slice(0, -2) : text.endsWith("\n") ? text.slice(0, -1) : text;
  if (line === "") return { ok: false, message: "EOF" };
  if (!line.includes('"')) return { ok: true, fields: line.split(",") };
  const fields: string[] = [];
  let at = 0;
  for (;;) {
    const field = line[at] === '"' ? quotedField(line, at) : plainField(line, at);
    if ("ok" in field) return field;
    fields.push(field.value);
    if (field.end >= line.length) return { ok: true, fields };
    at = field.end + 1;
  }
}

type Field = { readonly value: string; readonly end: number };

function plainField(line: string, start: number): Field | Fields {
  const comma = line.indexOf(",", start);
  const end = comma < 0 ? line.length : comma;
  const value = line.slice(start, end);
  const bare = value.indexOf('"');
  return bare < 0 ? { value, end } : syntaxError(utf8Length(line.slice(0, start + bare)) + 1, 'bare " in non-quoted-field');
}

function quotedField(line: string, start: number): Field | Fields {
  let value = "";
  let at = start + 1;
  for (;;) {
    const close = line.indexOf('"', at);
    if (close < 0) return syntaxError(utf8Length(line.slice(0, at)) + 1, 'extraneous or missing " in quoted-field');
    value += line.slice(at, close);
    const next = line[close + 1];
    if (next === undefined || next === ",") return { value, end: close + 1 };
    if (next !== '"') return syntaxError(utf8Length(line.slice(0, close)) + 1, 'extraneous or missing " in quoted-field');
    value += '"';
    at = close + 2;
  }
}

/** What a key of an entry does with its value; a returned text is the error. */
export type KeyReader<Draft> = (draft: Draft, value: string, field: string, key: string) => string | undefined;

/** The fields of a kind of entry: known keys, and what happens with others and with fields without `=`. */
export interface EntryKeys<Draft> {
  /** From the key as written to the name it is looked up by. */
  readonly fold: (key: string) => string;
  readonly known: Readonly<Record<string, KeyReader<Draft>>>;
  readonly other: KeyReader<Draft>;
  readonly noValue: (field: string) => string;
}

/** Reads `key=value` fields into a draft; gives the first error's text. */
export function readFields<Draft>(fields: readonly string[], keys: EntryKeys<Draft>, draft: Draft): string | undefined {
  for (const field of fields) {
    const equals = field.indexOf("=");
    if (equals < 0) return keys.noValue(field);
    const key = field.slice(0, equals);
    const folded = keys.fold(key);
    const read = Object.hasOwn(keys.known, folded) ? (keys.known[folded] as KeyReader<Draft>) : keys.other;
    const problem = read(draft, field.slice(equals + 1), field, key);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

export const invalidValue = (field: string): string => `invalid value ${field}`;
