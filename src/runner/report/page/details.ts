/** What the panel tells of a step, a target or a transfer. */
import type { FailurePlace } from "../../../events.ts";
import type { Report, ReportStep, ReportTarget, ReportTransfer } from "../report.ts";
import { button, element, facts } from "./dom.ts";
import { formatBytes, formatDuration, lengthOf, plural } from "./format.ts";

export function stepDetails(report: Report, index: number): readonly (Node | undefined)[] {
  const step = report.steps[index] as ReportStep;
  const { runs, targets, inputs, sizes, log, logDropped, error } = step;
  return [
    element("h2", {}, step.name),
    facts([
      ["State", step.state],
      ["Time", step.state === "cached" ? undefined : formatDuration(lengthOf(runs))],
      ["Started", runs.map(([from]) => `at ${formatDuration(from)}`).join(", ")],
      ["Critical path", step.critical ? "yes" : undefined],
      ["Targets", links(targets.map((i) => [report.targets[i]?.name ?? "", { target: i }]))],
      ["Uses", links(inputs.map((i) => [report.steps[i]?.name ?? "", { step: i }]))],
    ]),
    ...(sizes.length > 0
      ? [
          preformatted(
            "Transferred",
            sizes.map(({ id, current, total }) => `${id} ${formatBytes(current)}${total > 0 ? ` / ${formatBytes(total)}` : ""}`),
          ),
        ]
      : []),
    ...(error === undefined ? [] : [preformatted("Error", [error])]),
    ...(log.length > 0 ? [preformatted(logDropped > 0 ? `Log (${plural(logDropped, "earlier line")} left out)` : "Log", log)] : []),
  ];
}

export function targetDetails(report: Report, index: number): readonly (Node | undefined)[] {
  const target = report.targets[index] as ReportTarget;
  const { span, steps, image, error, places, attempts } = target;
  const cached = steps.filter((i) => report.steps[i]?.state === "cached").length;
  const sent = report.transfers.filter((transfer) => transfer.target === index).reduce((sum, { bytes }) => sum + bytes, 0);
  return [
    element("h2", {}, target.name),
    facts([
      ["State", target.state],
      ["Time", span && `${formatDuration(span[1] - span[0])}, from ${formatDuration(span[0])} to ${formatDuration(span[1])}`],
      ["Attempts", attempts > 1 ? String(attempts) : undefined],
      ["Steps", `${cached} of ${steps.length} cached`],
      ["Transferred", sent > 0 ? formatBytes(sent) : undefined],
      ["Image", image?.names.join(", ")],
      ["Digest", image?.digest],
      ["Pushed", image && (image.pushed ? "yes" : "no")],
    ]),
    ...(error === undefined ? [] : [preformatted("Error", [error])]),
    ...(places ?? []).map((place) => preformatted(`${place.filename}:${place.first}`, placeLines(place))),
    links(
      steps.filter((i) => report.steps[i]?.critical).map((i) => [report.steps[i]?.name ?? "", { step: i }]),
      "Steps on the critical path",
    ),
  ];
}

export function transferDetails(report: Report, index: number): readonly (Node | undefined)[] {
  const { name, direction, span, bytes, files, target } = report.transfers[index] as ReportTransfer;
  const seconds = span[1] - span[0];
  return [
    element("h2", {}, `${direction} ${name}`),
    facts([
      ["Target", target === undefined ? "shared" : report.targets[target]?.name],
      ["Bytes", formatBytes(bytes)],
      ["Files", String(files)],
      ["Time", formatDuration(seconds)],
      ["Rate", seconds > 0 ? `${formatBytes(Math.round(bytes / seconds))}/s` : undefined],
    ]),
  ];
}

function preformatted(title: string, lines: readonly string[]): Node {
  return element("div", {}, element("h2", {}, title), element("pre", {}, lines.join("\n")));
}

/** Lines of a Dockerfile with the failed ones marked, two more on each side. */
function placeLines({ text, first, last }: FailurePlace): readonly string[] {
  const lines = text.split("\n");
  const from = Math.max(1, first - 2);
  return lines
    .slice(from - 1, Math.min(lines.length, last + 2))
    .map((line, i) => `${String(from + i).padStart(4)} | ${from + i >= first && from + i <= last ? ">>>" : "   "} ${line}`);
}

const SHOWN_LINKS = 50;

function links(entries: readonly (readonly [string, Readonly<Record<string, number>>])[], title?: string): HTMLElement | undefined {
  if (entries.length === 0) return undefined;
  const list = entries.slice(0, SHOWN_LINKS).map(([text, data]) => element("div", {}, button(text, { class: "link", data })));
  const more = entries.length > SHOWN_LINKS ? element("div", {}, `and ${entries.length - SHOWN_LINKS} more`) : undefined;
  return element("div", {}, title === undefined ? undefined : element("h2", {}, title), ...list, more);
}
