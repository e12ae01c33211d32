/**
 * Progress on a terminal: a listr2 list with one item a target, drawn by a renderer class of our own,
 * because listr2's prints every row and cannot fit hundreds. listr2 is a view: our events settle its items.
 */
import type { ListrRenderer } from "listr2";
import type { BakeEvent, EndEvent, StartEvent } from "../../events.ts";
import { Painter } from "./painter.ts";
import { type Style, styleOf } from "./palette.ts";
import type { Display, Renderer } from "./renderer.ts";
import { FRAME_MS } from "./row-line.ts";
import { isFinal, TargetRows } from "./rows.ts";
import { summarise } from "./summary.ts";
import { drawFinal, drawWindow, type WindowInput } from "./window.ts";

const DEFAULT_LOG_LINES = 6;

interface Settle {
  readonly done: () => void;
  readonly failed: (error: Error) => void;
}

export class TerminalRenderer implements Renderer {
  readonly showsFailures = true;
  readonly #display: Display;
  readonly #model: TargetRows;
  readonly #painter: Painter;
  readonly #style: Style;
  readonly #settle = new Map<string, Settle>();
  readonly #startedAt: number;
  #start: StartEvent | undefined;
  #end: EndEvent | undefined;
  #list: Promise<unknown> | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(display: Display) {
    this.#display = display;
    this.#model = new TargetRows(display.now);
    this.#painter = new Painter(display);
    this.#style = styleOf(display.env);
    this.#startedAt = display.now();
  }

  handle(event: BakeEvent): void {
    this.#model.apply(event);
    if (event.type === "start") {
      this.#start = event;
      this.#list = this.#run(event.targets);
    } else if (event.type === "end") {
      this.#end = event;
    } else if (event.type === "target" && isFinal(event.state)) {
      const settle = this.#settle.get(event.target);
      if (event.state === "succeeded") settle?.done();
      else settle?.failed(new Error(event.error ?? event.state));
    }
  }

  async finish(): Promise<void> {
    for (const settle of this.#settle.values()) settle.done();
    await this.#list;
    this.#stop();
    if (!this.#start) return;
    const input = this.#input();
    this.#painter.paint(drawFinal(input), input.columns);
    this.#painter.release();
    if (this.#end) this.#display.write(summarise(this.#model, { style: this.#style, seconds: (input.now - this.#startedAt) / 1000 }));
  }

  /** listr2 is loaded here, so that nothing but a terminal ever pays for it. */
  async #run(targets: readonly string[]): Promise<void> {
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
    const render = (): void => {
      this.#timer = setInterval(() => this.#draw(), FRAME_MS);
      this.#draw();
    };
    const end = (): void => this.#stop();
    return class {
      static rendererOptions: Record<PropertyKey, unknown>;
      static rendererTaskOptions: Record<PropertyKey, unknown>;
      static nonTTY = true;
      render = render;
      end = end;
    };
  }

  #stop(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #draw(): void {
    const input = this.#input();
    this.#painter.paint(drawWindow(input), input.columns);
  }

  #input(): WindowInput {
    const { columns, rows } = this.#display.size?.() ?? { columns: 80, rows: 24 };
    const { driver, builder } = this.#start as StartEvent;
    return {
      model: this.#model,
      columns,
      height: rows,
      now: this.#display.now(),
      startedAt: this.#startedAt,
      style: this.#style,
      logLines: logLines(this.#display.env["BUILDKIT_TTY_LOG_LINES"]),
      builder: `${driver}:${builder}`,
    };
  }
}

/** 0 turns the lines off; what is no number keeps the default. */
function logLines(text: string | undefined): number {
  return text !== undefined && /^\d{1,4}$/.test(text) ? Number(text) : DEFAULT_LOG_LINES;
}
