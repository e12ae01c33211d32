/** The rows of the chart: one a target, and under it one a step once it is unfolded. */
import type { Report, ReportStep, ReportTarget, Span } from "../report.ts";
import { button, element } from "./dom.ts";
import { formatBytes, formatDuration, lengthOf } from "./format.ts";

export interface TargetView {
  readonly section: HTMLElement;
  /** Undefined for what the client did itself. */
  readonly target: ReportTarget | undefined;
  /** Lower case, for the filter. */
  readonly text: string;
  readonly steps: readonly number[];
  readonly start: number;
  readonly duration: number;
}

export class Rows {
  readonly views: readonly TargetView[];
  readonly #report: Report;
  readonly #scale: number;

  constructor(report: Report) {
    this.#report = report;
    this.#scale = 100 / Math.max(report.duration, 0.001);
    this.views = [...this.#clientView(), ...report.targets.map((target, i) => this.#targetView(target, i))];
  }

  /** Unfolds or folds a target; its steps are made when they are first seen. */
  toggle(view: TargetView, open: boolean = view.section.dataset["open"] !== "true"): void {
    const { section, steps } = view;
    section.dataset["open"] = String(open);
    const fold = section.querySelector(".fold");
    if (fold) fold.textContent = open ? "▾" : "▸";
    fold?.setAttribute("aria-expanded", String(open));
    const list = section.querySelector<HTMLElement>(".steps");
    if (list) list.hidden = !open;
    else if (open) section.append(element("div", { class: "steps" }, ...steps.map((i) => this.#stepRow(i))));
  }

  #targetView(target: ReportTarget, index: number): TargetView {
    const steps = target.steps.flatMap((i) => this.#report.steps[i] ?? []);
    const [from, to] = target.span ?? [0, 0];
    const track = element("div", { class: "track" });
    if (target.span) track.append(this.#bar("span", target.span, `${target.name} ${target.state}`, { target: index }));
    for (const i of target.steps) track.append(...this.#stepBars(i));
    const cached = steps.filter((step) => step.state === "cached").length;
    const name = element(
      "div",
      { class: "name" },
      foldButton(),
      element("span", { class: `dot ${target.state}`, title: target.state }),
      button(target.name, { title: target.name, data: { target: index } }),
      element("span", { class: "numbers" }, `${cached}/${steps.length} cached  ${target.span ? formatDuration(to - from) : target.state}`),
    );
    return {
      section: element("section", { class: "target", data: { name: target.name } }, element("div", { class: "row" }, name, track)),
      target,
      text: [target.name, ...steps.map((step) => step.name)].join("\n").toLowerCase(),
      steps: target.steps,
      start: from,
      duration: to - from,
    };
  }

  /** Steps of no target, and all transfers. */
  #clientView(): TargetView[] {
    const steps = this.#report.steps.flatMap((step, i) => (step.targets.length === 0 ? [i] : []));
    const { transfers } = this.#report;
    if (steps.length + transfers.length === 0) return [];
    const track = element("div", { class: "track" });
    for (const i of steps) track.append(...this.#stepBars(i));
    transfers.forEach((transfer, i) => {
      const { name, direction, span, bytes } = transfer;
      track.append(this.#bar("transfer", span, `${direction} ${name} ${formatBytes(bytes)}`, { transfer: i }));
    });
    const sum = transfers.reduce((all, { bytes }) => all + bytes, 0);
    const name = element("div", { class: "name" }, foldButton(), button("client"), element("span", { class: "numbers" }, sum > 0 ? formatBytes(sum) : ""));
    return [
      {
        section: element("section", { class: "target", data: { name: "" } }, element("div", { class: "row" }, name, track)),
        target: undefined,
        text: ["client", ...transfers.map((transfer) => transfer.name), ...steps.map((i) => this.#report.steps[i]?.name ?? "")].join("\n").toLowerCase(),
        steps,
        start: 0,
        duration: 0,
      },
    ];
  }

  #stepRow(index: number): HTMLElement {
    const step = this.#report.steps[index] as ReportStep;
    const name = element(
      "div",
      { class: "name" },
      element("span", { class: `dot ${step.state}`, title: step.state }),
      button(step.name, { title: step.name, data: { step: index } }),
      element("span", { class: "numbers" }, step.state === "cached" ? "cached" : formatDuration(lengthOf(step.runs))),
    );
    return element("div", { class: "row step" }, name, element("div", { class: "track" }, ...this.#stepBars(index)));
  }

  #stepBars(index: number): HTMLElement[] {
    const { name, state, critical, runs } = this.#report.steps[index] as ReportStep;
    return runs.map((run) =>
      this.#bar(`${state}${critical ? " critical" : ""}`, run, `${name}\n${state === "cached" ? "cached" : formatDuration(run[1] - run[0])}`, { step: index }),
    );
  }

  #bar(kind: string, [from, to]: Span, title: string, data: Readonly<Record<string, number>>): HTMLElement {
    const bar = element("div", { class: `bar ${kind}`, title, data });
    bar.style.left = `${from * this.#scale}%`;
    bar.style.width = `${(to - from) * this.#scale}%`;
    return bar;
  }
}

function foldButton(): HTMLElement {
  const fold = button("▸", { class: "fold", title: "Steps" });
  fold.setAttribute("aria-expanded", "false");
  return fold;
}
