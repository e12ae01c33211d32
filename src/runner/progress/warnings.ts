/** Warnings of Dockerfile checks, shown after the display (spec/buildkit.md 8.4). */
import { formatExcerpt } from "../../diagnostics.ts";
import type { VertexWarning } from "../../events.ts";

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();

/** What makes two warnings the same: everything but the step that gave them (spec/buildkit.md 8.1). */
export function warningKey(warning: VertexWarning): string {
  return JSON.stringify([text(warning.short), warning.detail.map(text), warning.url, warning.level, warning.ranges, warning.source?.filename]);
}

export interface WarningFormat {
  /** Details and source lines too. */
  readonly debug: boolean;
  readonly color: boolean;
  /** Where each is, and how many targets have it; without, the lines are those of the reference. */
  readonly places: boolean;
}

interface Seen {
  readonly warning: VertexWarning;
  readonly targets: Set<string>;
}

/** Collects warnings of all targets; the same one of several targets counts once. */
export class WarningList {
  readonly #seen = new Map<string, Seen>();

  add(warning: VertexWarning, target?: string): void {
    const key = warningKey(warning);
    const seen = this.#seen.get(key) ?? { warning, targets: new Set() };
    this.#seen.set(key, seen);
    if (target !== undefined) seen.targets.add(target);
  }

  get all(): readonly VertexWarning[] {
    return [...this.#seen.values()].map(({ warning }) => warning);
  }

  /** The block after the display; empty without warnings. */
  format({ debug, color, places }: WarningFormat): string {
    if (this.#seen.size === 0) return "";
    const count = this.#seen.size === 1 ? "1 warning found" : `${this.#seen.size} warnings found`;
    const title = `${count}${debug ? "" : " (use --debug to expand)"}:`;
    let out = `\n ${color ? `\u001b[33m${title}\u001b[0m` : title}\n`;
    for (const { warning, targets } of this.#seen.values()) {
      const shared = places && targets.size > 1 ? ` (${targets.size} targets)` : "";
      out += ` - ${places ? placeOf(warning) : ""}${text(warning.short)}${shared}\n${debug ? details(warning) : ""}`;
    }
    return out;
  }
}

/** `Dockerfile:3: `, or nothing where the engine does not tell. */
function placeOf({ source, ranges }: VertexWarning): string {
  const range = ranges[0];
  return source && range ? `${source.filename}:${range.start.line}: ` : "";
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
