/** What a terminal shows before there are targets to show: the step that is waited for. It leaves no trace. */
import type { BakeEvent } from "../../events.ts";
import { Painter } from "./painter.ts";
import { ellipsis, paint, styleOf, type Style } from "./palette.ts";
import type { Display, Renderer } from "./renderer.ts";
import { FRAME_MS, spinner } from "./row-line.ts";
import { TargetRows } from "./rows.ts";
import { fit, plainText } from "./text.ts";

const LOG_LINES = 3;

export class WaitingRenderer implements Renderer {
  readonly #display: Display;
  readonly #model: TargetRows;
  readonly #painter: Painter;
  readonly #style: Style;
  readonly #startedAt: number;
  #part = "";
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
    if (event.type === "status") this.#part = event.statuses?.at(-1)?.id ?? this.#part;
    this.#timer ??= setInterval(() => this.#draw(), FRAME_MS);
    this.#draw();
  }

  finish(): Promise<void> {
    if (this.#timer) {
      clearInterval(this.#timer);
      this.#painter.paint([], this.#columns);
      this.#painter.release();
    }
    return Promise.resolve();
  }

  get #columns(): number {
    return this.#display.size?.().columns ?? 80;
  }

  #draw(): void {
    const style = this.#style;
    const { step, logs } = this.#model.client;
    const width = Math.max(20, this.#columns - 1);
    const now = this.#display.now();
    const line = (text: string): string => fit(plainText(text), width, ellipsis(style));
    const seconds = ((now - this.#startedAt) / 1000).toFixed(1);
    const first = step ? [` ${paint(style, "run", spinner(style, now))} ${fit(`${plainText(step.name)} ${seconds}s`, width - 3, ellipsis(style))}`] : [];
    const more = [...(this.#part === "" ? [] : [this.#part]), ...logs.slice(-LOG_LINES)];
    this.#painter.paint([...first, ...(step ? more.map((text) => paint(style, "dim", line(`     ${text}`))) : [])], this.#columns);
  }
}
