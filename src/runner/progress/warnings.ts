/** Warnings of Dockerfile checks, shown after the display (spec/buildkit.md 8.4). */
import { formatExcerpt } from "../../diagnostics.ts";
import type { VertexWarning } from "../../events.ts";

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();

/** What makes two warnings the same: everything but the step that gave them (spec/buildkit.md 8.1). */
export function warningKey(warning: VertexWarning): string {
  return JSON.stringify([text(warning.short), warning.detail.map(text), warning.url, warning.level, warning.ranges, warning.source?.filename]);
}

/** Collects warnings of all targets; the same one of several targets counts once. */
export class WarningList {
  readonly #seen = new Map<string, VertexWarning>();

  add(warning: VertexWarning): void {
    const key = warningKey(warning);
    if (!this.#seen.has(key)) this.#seen.set(key, warning);
  }

  get all(): readonly VertexWarning[] {
    return [...this.#seen.values()];
  }

  /** The block after the display; empty without warnings. `debug` shows details and source lines. */
  format(debug: boolean, color: boolean): string {
    const warnings = this.all;
    if (warnings.length === 0) return "";
    const count = warnings.length === 1 ? "1 warning found" : `${warnings.length} warnings found`;
    const title = `${count}${debug ? "" : " (use --debug to expand)"}:`;
    let out = `\n ${color ? `\u001b[33m${title}\u001b[0m` : title}\n`;
    for (const warning of warnings) out += ` - ${text(warning.short)}\n${debug ? details(warning) : ""}`;
    return out;
  }
}

function details(warning: VertexWarning): string {
  let out = warning.detail.map((line) => `${text(line)}\n`).join("");
  if (warning.url) out += `More info: ${warning.url}\n`;
  if (warning.source && warning.ranges.length > 0) {
    const first = Math.min(...warning.ranges.map((range) => range.start.line));
    const last = Math.max(...warning.ranges.map((range) => range.end.line));
    out += formatExcerpt(warning.source.filename, text(warning.source.data).split("\n"), first, last);
  }
  return `${out}\n`;
}
