/**
 * Lays the rows of all targets out in the height of the terminal: what runs and what failed is always
 * shown, the rest is counted. Pure: rows and a size in, lines out.
 */
import type { TargetState } from "../../events.ts";
import { expandFailure } from "./expansion.ts";
import { ellipsis, paint, type Style } from "./palette.ts";
import { type LineContext, rowLine, spinner, transferLine } from "./row-line.ts";
import { isActive, isFinal, type TargetRow, type TargetRows } from "./rows.ts";
import { fit, plainText, textWidth } from "./text.ts";

export interface WindowInput {
  readonly model: TargetRows;
  readonly columns: number;
  readonly height: number;
  /** Milliseconds on the local clock. */
  readonly now: number;
  readonly startedAt: number;
  readonly style: Style;
  /** Log lines under a running target, where there is room. */
  readonly logLines: number;
  /** `driver:builder`, at the right end of the first line. */
  readonly builder?: string;
}

/** Transfers shown at a time, of so many lines one; and how long one must take to be shown. */
const SHOWN_TRANSFERS = 3;
const LINES_A_TRANSFER = 8;
const TRANSFER_MS = 500;

/** The lines to draw, each at most `columns - 1` wide so that no terminal wraps them. */
export function drawWindow(input: WindowInput): string[] {
  const { model, style, now } = input;
  const width = Math.max(20, input.columns - 1);
  const rows = [...model.rows.values()];
  const lines = [header(input, width), ...clientLines(input, width)];
  const room = Math.max(2, input.height - 1 - lines.length);
  const fits = rows.length <= room;
  const shown = fits ? rows : mostTelling(rows).slice(0, room - 1);
  const context: LineContext = { style, width, now, nameWidth: nameWidth(shown, width) };
  const details = allot(
    shown.map((row) => detailLines(row, input, width)),
    room - shown.length - (fits ? 0 : 1),
  );
  shown.forEach((row, i) => lines.push(rowLine(row, context), ...(details[i] as readonly string[])));
  if (!fits) lines.push(restLine(rows, new Set(shown), context));
  return lines;
}

/** Nothing is left to fit in: failed targets expand, finished ones collapse, and many of those are only counted. */
export function drawFinal(input: WindowInput): string[] {
  const { model, style, now } = input;
  const width = Math.max(20, input.columns - 1);
  const rows = [...model.rows.values()];
  const shown = rows.length <= Math.max(20, input.height - 2) ? rows : rows.filter((row) => row.state === "failed");
  const context: LineContext = { style, width, now, nameWidth: nameWidth(shown, width) };
  const lines = [header(input, width, "FINISHED")];
  for (const row of shown) {
    lines.push(rowLine(row, context));
    if (row.state === "failed") lines.push(...expandFailure(row).map((line) => `   ${plainText(line)}`));
  }
  if (shown.length < rows.length) lines.push(restLine(rows, new Set(shown), context));
  return lines;
}

const nameWidth = (rows: readonly TargetRow[], width: number): number =>
  Math.min(Math.max(0, ...rows.map((row) => textWidth(row.target))), Math.floor(width / 3));

/** `[+] Baking 12.3s  3/5 targets  8/20 steps cached                docker:default` */
function header({ model, now, startedAt, style, builder }: WindowInput, width: number, word = ""): string {
  let finals = 0;
  let cached = 0;
  let total = 0;
  for (const row of model.rows.values()) {
    if (isFinal(row.state)) finals++;
    cached += row.steps.cached;
    total += row.steps.total;
  }
  const time = ((now - startedAt) / 1000).toFixed(1);
  const left = fit(
    `[+] Baking ${time}s (${finals}/${model.rows.size} targets, ${cached}/${total} steps cached)${word === "" ? "" : ` ${word}`}`,
    width,
    ellipsis(style),
  );
  const gap = width - textWidth(left) - textWidth(builder ?? "");
  return builder === undefined || gap < 2 ? left : left + " ".repeat(gap) + paint(style, "dim", builder);
}

/** What the client does itself: its running steps, and transfers that take long. */
function clientLines({ model, style, now, height }: WindowInput, width: number): string[] {
  const context: LineContext = { style, width, now, nameWidth: 0 };
  const step = model.client.step;
  const slow = [...model.transfers.values()].filter(({ event, startedAt }) => event.bytes > 0 && now - startedAt >= TRANSFER_MS);
  return [
    ...(step ? [` ${paint(style, "run", spinner(style, now))} ${fit(plainText(step.name), width - 3, ellipsis(style))}`] : []),
    ...slow.slice(0, Math.min(SHOWN_TRANSFERS, Math.floor(height / LINES_A_TRANSFER))).map((transfer) => transferLine(transfer, context)),
  ];
}

/** Failed targets, then running ones; the rest is only counted. */
function mostTelling(rows: readonly TargetRow[]): readonly TargetRow[] {
  return [...rows.filter((row) => row.state === "failed"), ...rows.filter((row) => isActive(row.state))];
}

/** What may stand under a row: a running target's log, a failed one's step and Dockerfile lines. */
function detailLines(row: TargetRow, { style, logLines }: WindowInput, width: number): readonly string[] {
  const text = row.state === "failed" ? expandFailure(row) : isActive(row.state) && logLines > 0 ? row.logs.slice(-logLines) : [];
  return text.map((line) => paint(style, "dim", fit(`     ${plainText(line)}`, width, ellipsis(style))));
}

/** Shares the spare lines out in turn; each row keeps the last ones of what it has. */
function allot(wanted: readonly (readonly string[])[], spare: number): readonly (readonly string[])[] {
  const given = wanted.map(() => 0);
  for (let left = spare, round = 0; left > 0; round++) {
    const asking = wanted.flatMap((lines, i) => (lines.length > round ? [i] : []));
    if (asking.length === 0) break;
    for (const i of asking.slice(0, left)) (given[i] as number)++;
    left -= asking.length;
  }
  return wanted.map((lines, i) => (given[i] === 0 ? [] : lines.slice(-(given[i] as number))));
}

/** What matters most comes first: a narrow terminal cuts the end off. */
const COUNTED: readonly TargetState[] = ["failed", "running", "exporting", "waiting", "succeeded", "cancelled", "skipped"];

function restLine(rows: readonly TargetRow[], shown: ReadonlySet<TargetRow>, { style, width }: LineContext): string {
  const counts = new Map<TargetState, number>();
  for (const row of rows) if (!shown.has(row)) counts.set(row.state, (counts.get(row.state) ?? 0) + 1);
  const words = COUNTED.flatMap((state) => (counts.has(state) ? [`${counts.get(state)} ${state === "succeeded" ? "done" : state}`] : []));
  return fit(` ${ellipsis(style)} ${words.join(", ")}`, width, ellipsis(style));
}
