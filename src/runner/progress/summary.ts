/** The last lines on a terminal: how many targets, how much was cached, how long, and what came out. */
import type { TargetState } from "../../events.ts";
import { paint, type Style } from "./palette.ts";
import type { TargetRow, TargetRows } from "./rows.ts";
import { plainText } from "./text.ts";
import { formatBytes } from "./units.ts";

/** Images listed by name; of more only the number is told. */
const LISTED_IMAGES = 30;

const ORDER: readonly TargetState[] = ["succeeded", "failed", "cancelled", "skipped"];

/** Ends with a newline. */
export function summarise(model: TargetRows, { style, seconds }: { readonly style: Style; readonly seconds: number }): string {
  const rows = [...model.rows.values()];
  const states = ORDER.flatMap((state) => {
    const count = rows.filter((row) => row.state === state).length;
    return count === 0 ? [] : [paint(style, state === "failed" ? "error" : state === "succeeded" ? "done" : "cancel", `${count} ${state}`)];
  });
  const facts = [
    `${rows.length} ${rows.length === 1 ? "target" : "targets"} in ${seconds.toFixed(1)}s: ${states.join(", ")}`,
    cachedFact(rows),
    transferFact(model),
  ];
  return `\n${facts.filter((fact) => fact !== undefined).join("; ")}\n${imageLines(rows).join("")}`;
}

function cachedFact(rows: readonly TargetRow[]): string | undefined {
  let cached = 0;
  let total = 0;
  for (const row of rows) {
    cached += row.steps.cached;
    total += row.steps.total;
  }
  return total === 0 ? undefined : `${cached} of ${total} steps cached (${Math.floor((100 * cached) / total)}%)`;
}

function transferFact({ transferred }: TargetRows): string | undefined {
  const { send, receive } = transferred;
  const facts = [...(send > 0 ? [`sent ${formatBytes(send)}`] : []), ...(receive > 0 ? [`received ${formatBytes(receive)}`] : [])];
  return facts.length === 0 ? undefined : facts.join(", ");
}

/** ` web: pushed registry/web:1@sha256:...`; of images that were not pushed the names, or the digest where there is no name. */
function imageLines(rows: readonly TargetRow[]): readonly string[] {
  const lines = rows.flatMap(({ target, image }) => {
    if (!image) return [];
    const { names, pushed, digest } = image;
    if (pushed && digest !== undefined) return names.map((name) => ` ${target}: pushed ${plainText(name)}@${digest}\n`);
    const what = names.length > 0 ? names.map(plainText).join(" ") : digest;
    return what === undefined ? [] : [` ${target}: ${what}\n`];
  });
  if (lines.length <= LISTED_IMAGES) return lines;
  return [...lines.slice(0, LISTED_IMAGES), ` ... and ${lines.length - LISTED_IMAGES} more; --metadata-file lists them all\n`];
}
