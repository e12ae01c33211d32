/** One record of separated values by RFC 4180, with the reference's errors; spaces are kept, one newline at the end is dropped. */

export type CsvRecord = { readonly ok: true; readonly fields: readonly string[] } | { readonly ok: false; readonly message: string };

/** Columns in messages count bytes. */
function syntaxError(before: string, reason: string): CsvRecord {
  return { ok: false, message: `parse error on line 1, column ${new TextEncoder().encode(before).length + 1}: ${reason}` };
}

export function csvRecord(text: string, separator: "," | ":"): CsvRecord {
  const line = text.replace(/\r?\n$/, "");
  if (line === "") return { ok: false, message: "EOF" };
  if (!line.includes('"')) return { ok: true, fields: line.split(separator) };
  const fields: string[] = [];
  for (let at = 0; ; ) {
    let end: number;
    if (line[at] === '"') {
      const close = closingQuote(line, at + 1);
      const next = line[close + 1];
      if (close >= line.length) return syntaxError(line.slice(0, line.lastIndexOf('"') + 1), 'extraneous or missing " in quoted-field');
      if (next !== undefined && next !== separator) return syntaxError(line.slice(0, close), 'extraneous or missing " in quoted-field');
      fields.push(line.slice(at + 1, close).replaceAll('""', '"'));
      end = close + 1;
    } else {
      const found = line.indexOf(separator, at);
      end = found < 0 ? line.length : found;
      const bare = line.slice(at, end).indexOf('"');
      if (bare >= 0) return syntaxError(line.slice(0, at + bare), 'bare " in non-quoted-field');
      fields.push(line.slice(at, end));
    }
    if (end >= line.length) return { ok: true, fields };
    at = end + 1;
  }
}

/** The quote that ends a field, doubled quotes being text; the line's length when there is none. */
function closingQuote(line: string, from: number): number {
  for (let at = line.indexOf('"', from); at >= 0; at = line.indexOf('"', at + 2)) if (line[at + 1] !== '"') return at;
  return line.length;
}
