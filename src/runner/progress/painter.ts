/** Owns a block of lines at the bottom of the terminal and redraws it in place. */
import type { Display } from "./renderer.ts";
import { textWidth } from "./text.ts";

const HIDE_CURSOR = "\u001b[?25l";
const SHOW_CURSOR = "\u001b[?25h";
/** Between these marks a terminal that knows them shows nothing half-drawn. */
const BEGIN_FRAME = "\u001b[?2026h";
const END_FRAME = "\u001b[?2026l";
const CLEAR_LINE_END = "\u001b[K";
const CLEAR_BELOW = "\u001b[J";

/** What makes a terminal usable again after a program that was drawing ended in the middle. */
export const RESTORE: string = `${END_FRAME}${SHOW_CURSOR}`;

export class Painter {
  readonly #display: Display;
  #lines: readonly string[] = [];
  #columns = 0;
  #drawing = false;

  constructor(display: Display) {
    this.#display = display;
  }

  /** One write a frame. Every line is written anew: what someone else put on the terminal does not stay. */
  paint(lines: readonly string[], columns: number): void {
    const body = lines.map((line) => `${line}${CLEAR_LINE_END}\n`).join("");
    this.#display.write(`${BEGIN_FRAME}${this.#drawing ? "" : HIDE_CURSOR}${this.#up(columns)}${body}${CLEAR_BELOW}${END_FRAME}`);
    this.#lines = lines;
    this.#columns = columns;
    this.#drawing = true;
  }

  /** Leaves the block where it is: what is written next comes below it. */
  release(): void {
    if (this.#drawing) this.#display.write(SHOW_CURSOR);
    this.#drawing = false;
    this.#lines = [];
  }

  /** To the first line of the block. Lines drawn for a wider terminal have been wrapped by a narrower one. */
  #up(columns: number): string {
    let count = 0;
    for (const line of this.#lines) count += columns === this.#columns ? 1 : Math.max(1, Math.ceil(visibleWidth(line) / columns));
    return count > 0 ? `\r\u001b[${count}A` : "\r";
  }
}

function visibleWidth(line: string): number {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colour sequences take no columns
  return textWidth(line.replace(/\u001b\[[0-9;]*m/g, ""));
}
