/** The Markdown page that GitHub shows for a job: a table of the targets, what failed and why, and the warnings. */
import { appendFileSync } from "node:fs";
import { BakeError } from "../../diagnostics.ts";
import type { BakeEvent } from "../../events.ts";
import { placeLines } from "./expansion.ts";
import type { Renderer } from "./renderer.ts";
import { isFinal, type TargetRow, TargetRows } from "./rows.ts";
import { plainText } from "./text.ts";
import { formatBytes } from "./units.ts";
import { WarningList } from "./warnings.ts";
import { annotationPath, type SourceMap } from "./workflow-command.ts";

/** GitHub takes one mebibyte a step; rows and failures beyond these are counted. */
const LISTED_TARGETS = 500;
const LISTED_FAILURES = 20;
const LISTED_WARNINGS = 100;

const SYMBOLS = { succeeded: "✅", failed: "❌", cancelled: "⏹️", skipped: "⏭️", waiting: "⏹️", running: "⏹️", exporting: "⏹️" } as const;

export class JobSummary implements Renderer {
  readonly #path: string;
  readonly #sources: SourceMap;
  readonly #model: TargetRows;
  readonly #warnings = new WarningList();
  readonly #warned = new Map<string, string>();

  constructor(path: string, options: { readonly sources: SourceMap; readonly now: () => number }) {
    this.#path = path;
    this.#sources = options.sources;
    this.#model = new TargetRows(options.now);
  }

  handle(event: BakeEvent): void {
    this.#model.apply(event);
    if (event.type !== "status") return;
    for (const warning of event.warnings ?? []) {
      this.#warnings.add(warning);
      if (event.target !== undefined && warning.source) this.#warned.set(warning.vertex, event.target);
    }
  }

  finish(): Promise<void> {
    if (this.#model.rows.size > 0) {
      try {
        appendFileSync(this.#path, this.#markdown());
      } catch (cause) {
        return Promise.reject(
          new BakeError("summary.write", `cannot write the job summary: ${cause instanceof Error ? cause.message : String(cause)}`, { cause }),
        );
      }
    }
    return Promise.resolve();
  }

  #markdown(): string {
    const rows = [...this.#model.rows.values()];
    const failed = rows.filter((row) => row.state === "failed");
    return [`### Bake: ${heading(rows)}\n\n`, table(rows), ...failed.slice(0, LISTED_FAILURES).map(failure), this.#warningList(), "\n"].join("");
  }

  #warningList(): string {
    const all = this.#warnings.all;
    if (all.length === 0) return "";
    const lines = all.slice(0, LISTED_WARNINGS).map((warning) => {
      const range = warning.ranges[0];
      const file = warning.source && annotationPath(warning.source.filename, this.#warned.get(warning.vertex), this.#sources);
      const place = file === undefined ? "" : `${code(range ? `${file}:${range.start.line}` : file)} `;
      return `- ${place}${escape(Buffer.from(warning.short).toString())}\n`;
    });
    const more = all.length > LISTED_WARNINGS ? `- … and ${all.length - LISTED_WARNINGS} more\n` : "";
    return `\n#### ${all.length} ${all.length === 1 ? "warning" : "warnings"}\n\n${lines.join("")}${more}`;
  }
}

function heading(rows: readonly TargetRow[]): string {
  const count = (state: TargetRow["state"]): number => rows.filter((row) => row.state === state).length;
  const parts = (["succeeded", "failed", "cancelled", "skipped"] as const).flatMap((state) => (count(state) > 0 ? [`${count(state)} ${state}`] : []));
  const open = rows.filter((row) => !isFinal(row.state)).length;
  return [...parts, ...(open > 0 ? [`${open} not finished`] : [])].join(", ");
}

function table(rows: readonly TargetRow[]): string {
  const lines = rows.slice(0, LISTED_TARGETS).map((row) => {
    const { done, cached } = row.steps;
    const seconds = row.startedAt === undefined || row.endedAt === undefined ? "" : `${((row.endedAt - row.startedAt) / 1000).toFixed(1)}s`;
    const cells = [
      `${SYMBOLS[row.state]} ${row.state}`,
      escape(row.target),
      seconds,
      done > 0 ? `${cached} of ${done}` : "",
      row.bytes > 0 ? formatBytes(row.bytes) : "",
      image(row),
    ];
    return `| ${cells.join(" | ")} |\n`;
  });
  const more = rows.length > LISTED_TARGETS ? `\n… and ${rows.length - LISTED_TARGETS} more targets\n` : "";
  return `| State | Target | Time | Cached steps | Transferred | Image |\n| --- | --- | ---: | ---: | ---: | --- |\n${lines.join("")}${more}`;
}

function image({ image }: TargetRow): string {
  if (!image) return "";
  const names = image.names.map(code).join(" ");
  return [names, image.digest === undefined ? "" : code(image.digest)].filter((part) => part !== "").join("<br>");
}

function failure(row: TargetRow): string {
  const log = row.failedStep ? [`> ${row.failedStep.name}:`, ...row.failedStep.lines] : [];
  const lines = [...log, ...row.places.flatMap(placeLines), row.error ?? "failed"].map(plainText).join("\n");
  return `\n<details open><summary>❌ ${escape(row.target)}</summary>\n\n<pre>${escapeHtml(lines)}</pre>\n</details>\n`;
}

const escapeHtml = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
/** Text in a table or a list: no markup of its own. */
const escape = (text: string): string => escapeHtml(plainText(text.replaceAll("\n", " "))).replace(/[\\`*_[\]|~#]/g, "\\$&");
const code = (text: string): string => `<code>${escapeHtml(plainText(text)).replaceAll("|", "&#124;")}</code>`;
