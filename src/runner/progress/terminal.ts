/**
 * Progress on a terminal: a listr2 list with one item a target, drawn by a renderer class of our own,
 * because listr2's prints every row and cannot fit hundreds. listr2 is a view: our events settle its items.
 */
import type { ListrRenderer } from "listr2";
import type { BakeEvent } from "../../events.ts";
import { StatusFeed } from "./feed.ts";
import type { Display, Renderer } from "./renderer.ts";
import { isFinal, TargetRows } from "./rows.ts";
import { styleOf, textWidth } from "./text.ts";
import { Trace } from "./trace.ts";
import { drawWindow } from "./window.ts";

const FRAME_MS = 100;
const DEFAULT_LOG_LINES = 6;

/** Owns a block of lines at the bottom of the terminal and redraws it in place. */
class WindowPainter {
  readonly #display: Display;
  #widths: number[] = [];

  constructor(display: Display) {
    this.#display = display;
  }

  /** One write a frame inside synchronised-output marks, so that nothing flickers. */
  paint(lines: readonly string[], columns: number): void {
    const body = lines.map((line) => `${line}\u001b[K\n`).join("");
    this.#display.write(`\u001b[?2026h\u001b[?25l${this.#up(columns)}${body}\u001b[J\u001b[?2026l`);
    this.#widths = lines.map(visibleWidth);
  }

  restore(): void {
    this.#display.write("\u001b[?25h");
  }

  /** Lines drawn for a wider terminal have been wrapped by a narrower one. */
  #up(columns: number): string {
    let count = 0;
    for (const width of this.#widths) count += Math.max(1, Math.ceil(width / columns));
    return count > 0 ? `\r\u001b[${count}A` : "\r";
  }
}

function visibleWidth(line: string): number {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colour sequences take no columns
  return textWidth(line.replace(/\u001b\[[0-9;]*m/g, ""));
}

export class TerminalRenderer implements Renderer {
  readonly #display: Display;
  readonly #rows: TargetRows;
  readonly #feed: StatusFeed;
  readonly #trace: Trace;
  readonly #painter: WindowPainter;
  readonly #settle = new Map<string, { done: () => void; failed: (error: Error) => void }>();
  readonly #startedAt: number;
  #list: Promise<unknown> | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(display: Display) {
    this.#display = display;
    this.#rows = new TargetRows(display.now);
    this.#feed = new StatusFeed(() => BigInt(display.now()) * 1_000_000n);
    this.#trace = new Trace(display.now);
    this.#painter = new WindowPainter(display);
    this.#startedAt = display.now();
  }

  handle(event: BakeEvent): void {
    if (event.type === "status") this.#trace.apply(this.#feed.normalise(event));
    this.#rows.apply(event);
    if (event.type === "start") this.#list = this.#start(event.targets);
    if (event.type === "target" && isFinal(event.state)) {
      const settle = this.#settle.get(event.target);
      if (event.state === "succeeded") settle?.done();
      else settle?.failed(new Error(event.error ?? event.state));
    }
  }

  async finish(): Promise<void> {
    for (const settle of this.#settle.values()) settle.done();
    await this.#list;
    if (this.#timer) clearInterval(this.#timer);
    this.#draw(true);
    for (const vertex of this.#trace.vertices.values()) {
      if (!vertex.started || !vertex.error || vertex.cancelled || vertex.groupId !== undefined) continue;
      this.#display.write(`------\n > ${vertex.name}:\n${vertex.lastLines.map((line) => `${line}\n`).join("")}------\n`);
    }
    this.#painter.restore();
  }

  /** listr2 is loaded here, so that nothing but a terminal ever pays for it. */
  async #start(targets: readonly string[]): Promise<void> {
    const settled = targets.map((target) => new Promise<void>((done, failed) => this.#settle.set(target, { done, failed })));
    for (const promise of settled) promise.catch(() => undefined);
    const { Listr } = await import("listr2");
    const list = new Listr(
      targets.map((target, i) => ({ title: target, task: () => settled[i] as Promise<void> })),
      { concurrent: true, exitOnError: false, registerSignalListeners: false, renderer: this.#rendererClass(), fallbackRenderer: "silent" },
    );
    await list.run().catch(() => undefined);
  }

  #rendererClass(): typeof ListrRenderer {
    const start = (): void => {
      this.#timer = setInterval(() => this.#draw(false), FRAME_MS);
      this.#draw(false);
    };
    const stop = (): void => {
      if (this.#timer) clearInterval(this.#timer);
      this.#timer = undefined;
    };
    return class {
      static rendererOptions: Record<PropertyKey, unknown>;
      static rendererTaskOptions: Record<PropertyKey, unknown>;
      static nonTTY = true;
      render = start;
      end = stop;
    };
  }

  #draw(finished: boolean): void {
    const size = this.#display.size?.() ?? { columns: 80, rows: 24 };
    const lines = drawWindow({
      rows: [...this.#rows.rows.values()],
      columns: size.columns,
      height: size.rows,
      now: this.#display.now(),
      startedAt: this.#startedAt,
      style: styleOf(this.#display.env),
      logLines: Number(this.#display.env["BUILDKIT_TTY_LOG_LINES"]) || DEFAULT_LOG_LINES,
      finished,
    });
    this.#painter.paint(lines, size.columns);
  }
}
