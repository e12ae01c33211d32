/** Comma-separated values by RFC 4180, with the reference's errors (spec/hcl.md 6.4). */

export type ParsedCsv = { readonly ok: true; readonly rows: readonly (readonly string[])[] } | { readonly ok: false; readonly message: string };

const refused = (line: number, reason: string): ParsedCsv => ({ ok: false, message: `CSV parse error on line ${line}: ${reason}` });

const QUOTE = 'extraneous or missing " in quoted-field';

/** Lines with their ends as `\n`; the last may have none. */
function linesOf(text: string): string[] {
  const lines: string[] = [];
  for (let at = 0; at < text.length; ) {
    const end = text.indexOf("\n", at);
    if (end < 0) {
      lines.push(text.slice(at).replace(/\r$/, ""));
      break;
    }
    lines.push(`${text.slice(at, text[end - 1] === "\r" && end > at ? end - 1 : end)}\n`);
    at = end + 1;
  }
  return lines;
}

/** All rows, header included; blank lines are skipped, spaces kept, every row has as many fields as the first. */
export function parseCsv(text: string): ParsedCsv {
  const lines = linesOf(text);
  const rows: string[][] = [];
  for (let at = 0; at < lines.length; ) {
    if (lines[at] === "\n" || lines[at] === "") {
      at++;
      continue;
    }
    const row = readRow(lines, at);
    if (!row.ok) return refused(row.line, row.reason);
    if (rows[0] && row.fields.length !== rows[0].length) return refused(at + 1, "wrong number of fields");
    rows.push(row.fields);
    at = row.next;
  }
  return { ok: true, rows };
}

type Row = { readonly ok: true; readonly fields: string[]; readonly next: number } | { readonly ok: false; readonly line: number; readonly reason: string };

/** A row from a line on; quoted fields may run over several lines. */
function readRow(lines: readonly string[], from: number): Row {
  const fields: string[] = [];
  let at = from;
  let line = lines[at] as string;
  for (;;) {
    if (!line.startsWith('"')) {
      const comma = line.indexOf(",");
      const field = comma < 0 ? line.replace(/\n$/, "") : line.slice(0, comma);
      if (field.includes('"')) return { ok: false, line: at + 1, reason: 'bare " in non-quoted-field' };
      fields.push(field);
      if (comma < 0) return { ok: true, fields, next: at + 1 };
      line = line.slice(comma + 1);
      continue;
    }
    line = line.slice(1);
    let field = "";
    for (;;) {
      const quote = line.indexOf('"');
      if (quote < 0) {
        field += line;
        if (at + 1 >= lines.length) return { ok: false, line: at + 1, reason: QUOTE };
        line = lines[++at] as string;
        continue;
      }
      field += line.slice(0, quote);
      line = line.slice(quote + 1);
      if (!line.startsWith('"')) break;
      field += '"';
      line = line.slice(1);
    }
    fields.push(field);
    if (line === "" || line === "\n") return { ok: true, fields, next: at + 1 };
    if (!line.startsWith(",")) return { ok: false, line: at + 1, reason: QUOTE };
    line = line.slice(1);
  }
}
