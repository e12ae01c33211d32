/** Columns kept apart by tabs, as the reference prints its lists. */

const tab = 8;

/** Lines whose cells start at tab stops. The last cell of a row stands free; a line feed in a cell starts a new row. */
export function formatTable(rows: readonly (readonly string[])[]): string {
  const lines = rows
    .map((row) => row.join("\t"))
    .join("\n")
    .split("\n")
    .map((line) => line.split("\t"));
  const widths = lines.map((cells) => cells.slice(0, -1).map(() => 0));
  const columns = Math.max(0, ...widths.map(({ length }) => length));
  for (let column = 0; column < columns; column++) alignColumn(lines, widths, column);
  return lines.map((cells, i) => `${cells.map((cell, column) => padded(cell, widths[i]?.[column])).join("")}\n`).join("");
}

/** Neighbouring lines that have the column share a width. */
function alignColumn(lines: readonly (readonly string[])[], widths: number[][], column: number): void {
  for (let start = 0; start < lines.length; start++) {
    let end = start;
    let longest = 0;
    for (; end < lines.length && (lines[end]?.length ?? 0) - 1 > column; end++) longest = Math.max(longest, [...(lines[end]?.[column] ?? "")].length);
    const width = Math.ceil((longest + 1) / tab) * tab;
    for (let i = start; i < end; i++) (widths[i] as number[])[column] = width;
    start = Math.max(start, end - 1);
  }
}

const padded = (cell: string, width: number | undefined): string =>
  width === undefined ? cell : cell + "\t".repeat(Math.ceil((width - [...cell].length) / tab));
