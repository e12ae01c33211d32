/**
 * Lays the rows of all targets out in the height of the terminal: what runs and what failed is always
 * shown, the rest is counted. Pure: rows and a size in, lines out.
 */
import { isFinal, type TargetRow } from "./rows.ts";
import { fit, paint, plainText, type Style, textWidth } from "./text.ts";
import { formatBytes } from "./units.ts";

export interface WindowInput {
  readonly rows: readonly TargetRow[];
  readonly columns: number;
  readonly height: number;
  /** Milliseconds on the local clock. */
  readonly now: number;
  readonly startedAt: number;
  readonly style: Style;
  /** Log lines under a running target, where there is room. */
  readonly logLines: number;
  readonly finished: boolean;
}

const SPINNER = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const ASCII_SPINNER = ["|", "/", "-", "\\"];
const RANK = { failed: 0, running: 1, exporting: 1, waiting: 2, cancelled: 3, skipped: 3, succeeded: 4 } as const;

/** The lines to draw, each at most `columns - 1` wide so that no terminal wraps them. */
export function drawWindow(input: WindowInput): string[] {
  const width = Math.max(20, input.columns - 1);
  const room = Math.max(3, input.height - 1);
  const head = header(input);
  const ordered = input.rows.map((row, i) => ({ row, i })).sort((a, b) => RANK[a.row.state] - RANK[b.row.state] || a.i - b.i).map(({ row }) => row);
  const fits = ordered.length <= room - 1;
  const shown = fits ? (input.finished ? input.rows : ordered) : ordered.slice(0, room - 2);
  const nameWidth = Math.min(Math.max(0, ...shown.map((row) => textWidth(row.target))), Math.floor(width / 3));
  let spare = room - 1 - shown.length - (fits ? 0 : 1);
  const active = shown.filter((row) => row.state === "running" || row.state === "exporting").length;
  const logsEach = active > 0 && !input.finished ? Math.min(input.logLines, Math.floor(spare / active)) : 0;
  const lines = [fit(head, width, ellipsis(input.style))];
  for (const row of shown) {
    lines.push(drawRow(row, input, { width, nameWidth }));
    if (isFinal(row.state) || logsEach === 0) continue;
    for (const line of row.logs.slice(-logsEach)) {
      if (spare-- <= 0) break;
      lines.push(paint(input.style, "dim", fit(`     ${plainText(line)}`, width, ellipsis(input.style))));
    }
  }
  if (!fits) lines.push(fit(rest(ordered.slice(shown.length), input.style), width, ellipsis(input.style)));
  return lines;
}

const ellipsis = (style: Style): string => (style.unicode ? "…" : "...");

function header(input: WindowInput): string {
  const finals = input.rows.filter((row) => isFinal(row.state)).length;
  let cached = 0;
  let total = 0;
  for (const row of input.rows) {
    const steps = row.steps;
    cached += steps.cached;
    total += steps.total;
  }
  const time = ((input.now - input.startedAt) / 1000).toFixed(1);
  return `[+] Baking ${time}s (${finals}/${input.rows.length} targets, ${cached}/${total} steps cached)${input.finished ? " FINISHED" : ""}`;
}

function symbol(row: TargetRow, input: WindowInput): string {
  const { style } = input;
  switch (row.state) {
    case "succeeded":
      return paint(style, "green", style.unicode ? "✔" : "v");
    case "failed":
      return paint(style, "red", style.unicode ? "✖" : "x");
    case "cancelled":
      return paint(style, "yellow", style.unicode ? "◼" : "!");
    case "skipped":
      return paint(style, "yellow", style.unicode ? "↓" : "-");
    case "waiting":
      return paint(style, "dim", style.unicode ? "·" : ".");
    case "running":
    case "exporting": {
      const frames = style.unicode ? SPINNER : ASCII_SPINNER;
      return paint(style, "cyan", frames[Math.floor(input.now / 100) % frames.length] as string);
    }
    default:
      return row.state satisfies never;
  }
}

function drawRow(row: TargetRow, input: WindowInput, layout: { width: number; nameWidth: number }): string {
  const { style } = input;
  const name = fit(row.target, layout.nameWidth, ellipsis(style));
  const steps = row.steps;
  const facts: string[] = [];
  if (steps.total > 0) facts.push(`${steps.done}/${steps.total}${steps.cached > 0 ? ` ${steps.cached} cached` : ""}`);
  if (row.bytes > 0) facts.push(formatBytes(row.bytes));
  if (row.startedAt !== undefined) facts.push(`${(((row.endedAt ?? input.now) - row.startedAt) / 1000).toFixed(1)}s`);
  const right = facts.join("  ");
  const room = layout.width - 5 - layout.nameWidth - textWidth(right);
  const middle = room > 3 ? fit(plainText(doing(row)), room, ellipsis(style)) : "";
  const padded = middle + " ".repeat(Math.max(0, room - textWidth(middle)));
  const pad = " ".repeat(layout.nameWidth - textWidth(name));
  return ` ${symbol(row, input)} ${name}${pad} ${row.state === "failed" ? paint(style, "red", padded) : padded} ${paint(style, "dim", right)}`;
}

function doing(row: TargetRow): string {
  if (row.state === "failed") return row.failedStep ?? row.error?.split("\n")[0] ?? "failed";
  if (row.state === "succeeded") return "";
  if (row.state === "running" || row.state === "exporting") return row.step ?? row.state;
  return row.state;
}

function rest(rows: readonly TargetRow[], style: Style): string {
  const counts = new Map<string, number>();
  for (const row of rows) counts.set(row.state, (counts.get(row.state) ?? 0) + 1);
  return ` ${ellipsis(style)} ${[...counts].map(([state, count]) => `${count} ${state === "succeeded" ? "done" : state}`).join(", ")}`;
}
