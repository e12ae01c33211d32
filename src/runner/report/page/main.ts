/** The page of a report: reads the data in it, draws the chart, and answers clicks. It asks the network for nothing. */
import type { Report } from "../report.ts";
import { stepDetails, targetDetails, transferDetails } from "./details.ts";
import { button, element, part } from "./dom.ts";
import { matcher, ordered } from "./filter.ts";
import { formatBytes, formatDuration, plural } from "./format.ts";
import { Rows } from "./rows.ts";
import { drawAxis, drawLoad } from "./scale.ts";

const HIGHEST_ZOOM = 400;
const ZOOM_STEP = 1.5;

const report = JSON.parse(part("report", HTMLScriptElement).textContent) as Report;
const chart = part("chart", HTMLElement);
const canvas = part("canvas", HTMLDivElement);
const axis = part("axis", HTMLDivElement);
const list = part("rows", HTMLDivElement);
const details = part("details", HTMLElement);
const rows = new Rows(report);
const viewOf = new Map(rows.views.map((view) => [view.section, view]));
let zoom = 1;

function showFacts(): void {
  const { targets, steps, transfers, duration } = report;
  const count = (state: string): number => targets.filter((target) => target.state === state).length;
  const cached = steps.filter((step) => step.state === "cached").length;
  const sum = (direction: string): number => transfers.filter((transfer) => transfer.direction === direction).reduce((all, { bytes }) => all + bytes, 0);
  const failed = count("failed");
  const pairs: readonly (readonly [string, string, string?])[] = [
    ["Started", new Date(report.started).toLocaleString()],
    ["Time", formatDuration(duration)],
    ["Targets", `${count("succeeded")} of ${targets.length} succeeded`],
    ...(failed > 0 ? [["Failed", String(failed), "bad"] as const] : []),
    ["Steps", `${cached} of ${steps.length} cached`],
    ["Sent", formatBytes(sum("send"))],
    ["Received", formatBytes(sum("receive"))],
    ["Builder", `${report.builder} (${report.driver})`],
    ["By", report.tool],
  ];
  const made = pairs.map(([label, value, kind]) => element("div", {}, element("dt", {}, label), element("dd", { class: kind ?? "" }, value)));
  part("facts", HTMLDListElement).append(...made);
  document.title = `Bake of ${plural(targets.length, "target")}, ${formatDuration(duration)}`;
}

function showWarnings(): void {
  const place = part("warnings", HTMLElement);
  place.hidden = report.warnings.length === 0;
  const items = report.warnings.map(({ text, file, first, targets }) => {
    const where = file === undefined ? undefined : element("code", {}, first === undefined ? file : `${file}:${first}`);
    const names = targets
      .map((i) => report.targets[i]?.name ?? "")
      .slice(0, 5)
      .join(", ");
    return element("li", {}, where, ` ${text} `, element("small", {}, names));
  });
  place.querySelector("ul")?.append(...items);
}

function applyFilter(): void {
  const matches = matcher(report, { text: part("filter", HTMLInputElement).value, kind: part("kind", HTMLSelectElement).value });
  let shown = 0;
  for (const view of rows.views) {
    view.section.hidden = !matches(view);
    if (!view.section.hidden && view.target) shown++;
  }
  part("count", HTMLOutputElement).value = `${shown} of ${plural(report.targets.length, "target")}`;
}

function applyOrder(): void {
  list.append(...ordered(rows.views, part("order", HTMLSelectElement).value).map((view) => view.section));
}

/** Changes the zoom; what is at `x` of the chart stays there. */
function setZoom(wanted: number, x: number = chart.clientWidth / 2): void {
  const before = axis.clientWidth;
  const at = chart.scrollLeft + x - axis.offsetLeft;
  zoom = Math.min(HIGHEST_ZOOM, Math.max(1, wanted));
  document.documentElement.style.setProperty("--zoom", String(zoom));
  chart.scrollLeft += at * (axis.clientWidth / Math.max(before, 1) - 1);
  drawAxis(axis, report.duration, axis.clientWidth);
}

function showDetails(content: readonly (Node | undefined)[], selector: string): void {
  const close = button("×", { class: "close", title: "Close" });
  close.addEventListener("click", () => {
    details.hidden = true;
  });
  details.replaceChildren(close, ...content.filter((node) => node !== undefined));
  details.hidden = false;
  for (const bar of canvas.querySelectorAll(".selected")) bar.classList.remove("selected");
  for (const bar of canvas.querySelectorAll(`.bar${selector}`)) bar.classList.add("selected");
}

function click(event: MouseEvent): void {
  const clicked = event.target instanceof Element ? event.target : undefined;
  const view = viewOf.get(clicked?.closest("section.target") as HTMLElement);
  if (view && (clicked?.matches(".fold") || (clicked?.matches(".name button") && view.target === undefined && !clicked.matches("[data-step]"))))
    rows.toggle(view);
  const { step, target, transfer } = clicked?.closest<HTMLElement>("[data-step], [data-target], [data-transfer]")?.dataset ?? {};
  if (step !== undefined) showDetails(stepDetails(report, Number(step)), `[data-step="${step}"]`);
  else if (target !== undefined) showDetails(targetDetails(report, Number(target)), `[data-target="${target}"]`);
  else if (transfer !== undefined) showDetails(transferDetails(report, Number(transfer)), `[data-transfer="${transfer}"]`);
}

function listen(): void {
  const on = (id: string, type: string, run: () => void): void => document.getElementById(id)?.addEventListener(type, run);
  document.addEventListener("click", click);
  part("tools", HTMLFormElement).addEventListener("submit", (event) => event.preventDefault());
  on("filter", "input", applyFilter);
  on("kind", "change", applyFilter);
  on("order", "change", applyOrder);
  on("critical", "change", () => canvas.classList.toggle("only-critical", part("critical", HTMLInputElement).checked));
  on("zoom-in", "click", () => setZoom(zoom * ZOOM_STEP));
  on("zoom-out", "click", () => setZoom(zoom / ZOOM_STEP));
  on("zoom-fit", "click", () => setZoom(1));
  on("expand", "click", () => {
    const open = rows.views.some((view) => !view.section.hidden && view.section.dataset["open"] !== "true");
    for (const view of rows.views) if (!view.section.hidden) rows.toggle(view, open);
    part("expand", HTMLButtonElement).textContent = open ? "fold all" : "expand all";
  });
  on("theme", "click", () => {
    const root = document.documentElement;
    const dark = root.dataset["theme"] === undefined ? matchMedia("(prefers-color-scheme: dark)").matches : root.dataset["theme"] === "dark";
    root.dataset["theme"] = dark ? "light" : "dark";
  });
  chart.addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      setZoom(zoom * ZOOM_STEP ** (event.deltaY < 0 ? 1 : -1), event.clientX - chart.getBoundingClientRect().left);
    },
    { passive: false },
  );
  addEventListener("resize", () => drawAxis(axis, report.duration, axis.clientWidth));
}

showFacts();
showWarnings();
applyOrder();
applyFilter();
part("load-text", HTMLDivElement).textContent = drawLoad(part("load", HTMLDivElement), report);
setZoom(1);
listen();
requestAnimationFrame(() => {
  // Milliseconds from the navigation to the first whole frame.
  document.documentElement.dataset["ready"] = String(Math.round(performance.now()));
});
