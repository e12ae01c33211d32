/** Tables of text: every column as wide as its widest cell and some blanks; the last cell of a row is not filled up. */

/** Rows as lines. Widths count code points. */
export function table(rows: readonly (readonly string[])[], padding: number): string {
  const widths: number[] = [];
  const length = (text: string): number => [...text].length;
  for (const row of rows) row.slice(0, -1).forEach((cell, column) => void (widths[column] = Math.max(widths[column] ?? 0, length(cell) + padding)));
  const line = (row: readonly string[]): string =>
    row.map((cell, column) => (column === row.length - 1 ? cell : cell + " ".repeat((widths[column] ?? 0) - length(cell)))).join("");
  return rows.map((row) => `${line(row)}\n`).join("");
}
