/** `--report`: writes the report of a run when it is over, as a page, as data, or as a trace for other viewers. */
import { statSync } from "node:fs";
import { dirname } from "node:path";
import { BakeError } from "../../diagnostics.ts";
import type { BakeEvent } from "../../events.ts";
import { writeAtomic } from "../engine/builders.ts";
import type { Renderer } from "../progress/renderer.ts";
import { chromeTrace } from "./chrome-trace.ts";
import { reportPage } from "./page.ts";
import { Recorder, type RecorderOptions } from "./recorder.ts";
import type { Report } from "./report.ts";

type Format = (report: Report) => string;

/** The ending of the name chooses; the longer one counts. */
function formatOf(path: string): Format {
  const name = path.toLowerCase();
  if (name.endsWith(".html") || name.endsWith(".htm")) return reportPage;
  if (name.endsWith(".trace.json")) return chromeTrace;
  if (name.endsWith(".json")) return (report) => `${JSON.stringify(report)}\n`;
  throw new BakeError("report.format", `cannot tell the format of report ${JSON.stringify(path)}: its name must end in .html, .json or .trace.json`);
}

export class ReportFiles implements Renderer {
  readonly #recorder: Recorder;
  readonly #files: readonly { readonly path: string; readonly format: Format }[];

  /** Throws where a report could not be written, before anything is built. */
  constructor(paths: readonly string[], options: RecorderOptions) {
    this.#recorder = new Recorder(options);
    this.#files = paths.map((path) => ({ path, format: formatOf(path) }));
    for (const path of paths) {
      if (statSync(dirname(path), { throwIfNoEntry: false })?.isDirectory() !== true)
        throw new BakeError("report.path", `cannot write report ${path}: ${dirname(path)} is no directory`);
    }
  }

  handle(event: BakeEvent): void {
    this.#recorder.handle(event);
  }

  finish(): Promise<void> {
    const report = this.#recorder.report();
    if (!report) return Promise.resolve();
    try {
      for (const { path, format } of this.#files) writeAtomic(path, format(report), 0o644);
    } catch (cause) {
      return Promise.reject(new BakeError("report.write", `cannot write report: ${cause instanceof Error ? cause.message : String(cause)}`, { cause }));
    }
    return Promise.resolve();
  }
}
