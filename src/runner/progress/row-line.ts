/** One line for one target: symbol, name, what it does, and its numbers on the right. */
import { ellipsis, paint, type Style } from "./palette.ts";
import type { Transfer, TargetRow } from "./rows.ts";
import { isActive } from "./rows.ts";
import { column, fit, plainText, textWidth } from "./text.ts";
import { formatBytes } from "./units.ts";

const SPINNER = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const ASCII_SPINNER = ["|", "/", "-", "\\"];
/** How often rows that move are drawn again. */
export const FRAME_MS = 100;
const BAR_WIDTH = 12;

export interface LineContext {
  readonly style: Style;
  readonly width: number;
  readonly nameWidth: number;
  /** Milliseconds on the local clock. */
  readonly now: number;
}

export function spinner(style: Style, now: number): string {
  const frames = style.unicode ? SPINNER : ASCII_SPINNER;
  return frames[Math.floor(now / FRAME_MS) % frames.length] as string;
}

function symbol(row: TargetRow, { style, now }: LineContext): string {
  switch (row.state) {
    case "succeeded":
      return paint(style, "done", style.unicode ? "✔" : "v");
    case "failed":
      return paint(style, "error", style.unicode ? "✖" : "x");
    case "cancelled":
      return paint(style, "cancel", style.unicode ? "◼" : "!");
    case "skipped":
      return paint(style, "cancel", style.unicode ? "↓" : "-");
    case "waiting":
      return paint(style, "dim", style.unicode ? "·" : ".");
    case "running":
    case "exporting":
      return paint(style, "run", spinner(style, now));
    default:
      return row.state satisfies never;
  }
}

export function rowLine(row: TargetRow, context: LineContext): string {
  const { style, width, nameWidth, now } = context;
  const dots = ellipsis(style);
  const numbers = fit(rowNumbers(row, now), Math.floor(width / 2), dots);
  const room = width - 5 - nameWidth - textWidth(numbers);
  const doing = room > 3 ? column(plainText(rowAction(row, style, room)), room, dots) : " ".repeat(Math.max(0, room));
  return ` ${symbol(row, context)} ${column(row.target, nameWidth, dots)} ${row.state === "failed" ? paint(style, "error", doing) : doing} ${paint(style, "dim", numbers)}`;
}

/** `3/9 2 cached  1.98MB  4.2s` */
function rowNumbers(row: TargetRow, now: number): string {
  const facts: string[] = [];
  const { done, cached, total } = row.steps;
  if (total > 0) facts.push(`${done}/${total}${cached > 0 ? ` ${cached} cached` : ""}`);
  if (row.bytes > 0) facts.push(formatBytes(row.bytes));
  if (row.startedAt !== undefined) facts.push(`${(((row.endedAt ?? now) - row.startedAt) / 1000).toFixed(1)}s`);
  return facts.join("  ");
}

function rowAction(row: TargetRow, style: Style, room: number): string {
  if (row.state === "succeeded") return "";
  if (row.state === "failed") return row.failedStep?.name ?? row.error?.split("\n")[0] ?? "failed";
  if (!isActive(row.state)) return row.state;
  const again = row.attempt > 1 ? `attempt ${row.attempt}: ` : "";
  const progress = row.step?.progress;
  const bar = progress && room > 40 ? `${progressBar(progress.current / progress.total, style)} ` : "";
  return `${bar}${again}${row.step?.name ?? row.state}`;
}

function progressBar(share: number, style: Style): string {
  const full = Math.max(0, Math.min(BAR_WIDTH, Math.floor(share * BAR_WIDTH)));
  return style.unicode ? "█".repeat(full) + "░".repeat(BAR_WIDTH - full) : `[${"=".repeat(full)}${" ".repeat(BAR_WIDTH - full)}]`;
}

/** A bar without an end: nobody knows how much the engine will ask for. */
function movingBar(style: Style, now: number): string {
  const at = Math.floor(now / FRAME_MS) % BAR_WIDTH;
  const cells = Array.from({ length: BAR_WIDTH }, (_, i) => ((i - at + BAR_WIDTH) % BAR_WIDTH < 3 ? 1 : 0));
  const [on, off] = style.unicode ? ["█", "░"] : ["=", " "];
  const text = cells.map((cell) => (cell === 1 ? on : off)).join("");
  return style.unicode ? text : `[${text}]`;
}

/** `   ↑ web context  ███░░░  12.3MB  1234 files  4.1MB/s` */
export function transferLine({ event, startedAt }: Transfer, { style, width, now }: LineContext): string {
  const arrow = event.direction === "send" ? (style.unicode ? "↑" : ">") : style.unicode ? "↓" : "<";
  const seconds = (now - startedAt) / 1000;
  const rate = seconds > 0.5 ? `  ${formatBytes(Math.round(event.bytes / seconds))}/s` : "";
  const files = event.files > 1 ? `  ${event.files} files` : "";
  const what = plainText(event.target === undefined ? event.name : `${event.target} ${event.name}`);
  return fit(` ${arrow} ${movingBar(style, now)} ${what}  ${formatBytes(event.bytes)}${files}${rate}`, width, ellipsis(style));
}
