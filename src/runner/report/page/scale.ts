/** The axis, and the staircase of how much was under way, above the rows. */
import type { Level, Report } from "../report.ts";
import { element } from "./dom.ts";
import { tickStep } from "./format.ts";

const TICK_PIXELS = 90;

/** Ticks for a track of so many pixels. */
export function drawAxis(axis: HTMLElement, duration: number, pixels: number): void {
  const step = tickStep((duration * TICK_PIXELS) / Math.max(pixels, 1));
  const digits = step >= 1 ? 0 : Math.min(3, Math.ceil(-Math.log10(step)));
  const ticks: HTMLElement[] = [];
  for (let n = 0; n * step <= duration; n++) {
    const tick = element("div", { class: "tick" }, (n * step).toFixed(digits));
    tick.style.left = `${(n * step * 100) / Math.max(duration, 0.001)}%`;
    ticks.push(tick);
  }
  axis.replaceChildren(...ticks);
}

const SVG = "http://www.w3.org/2000/svg";

/** Steps as an area, targets as a line; each in its own height. Gives the text that says how many. */
export function drawLoad(place: HTMLElement, { concurrency, duration }: Report): string {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 1000 100");
  svg.setAttribute("preserveAspectRatio", "none");
  const most = (staircase: readonly Level[]): number => Math.max(1, ...staircase.map(([, count]) => count));
  for (const [name, staircase] of [
    ["steps", concurrency.steps],
    ["targets", concurrency.targets],
  ] as const) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("class", name);
    path.setAttribute("d", staircasePath(staircase, duration, most(staircase)));
    svg.append(path);
  }
  place.replaceChildren(svg);
  return `under way: at most ${most(concurrency.targets)} targets (line), ${most(concurrency.steps)} steps (area)`;
}

function staircasePath(staircase: readonly Level[], duration: number, most: number): string {
  let path = "M0 100";
  for (const [time, count] of staircase) path += `H${((time * 1000) / Math.max(duration, 0.001)).toFixed(2)}V${(100 - (count * 92) / most).toFixed(2)}`;
  return `${path}H1000V100`;
}
