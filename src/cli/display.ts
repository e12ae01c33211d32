/** Chooses how progress is shown and connects the renderer to standard error. */
import { BakeError } from "../diagnostics.ts";
import type { Host } from "../host.ts";
import type { GitHubOptions } from "../runner/progress/github.ts";
import type { Display, Renderer } from "../runner/progress/renderer.ts";
import { writeAll } from "./output.ts";

/** `github` and `stamped` are what auto means in continuous integration; they cannot be asked for. */
export type ProgressMode = "tty" | "plain" | "quiet" | "rawjson" | "github" | "stamped";

const MODES = new Set(["auto", "none", "plain", "quiet", "rawjson", "tty"]);

/** A word of `--progress`: a mode, or `auto`, whose meaning depends on where the output goes. */
export type ProgressWord = "auto" | "plain" | "quiet" | "rawjson" | "tty";

/** What `--progress` says; `BUILDKIT_PROGRESS` stands in for auto (spec/buildkit.md 8.2). Undefined when the word is no mode. */
export function progressWord(flag: string | undefined, host: Host): ProgressWord | undefined {
  const given = flag || "auto";
  const word = given === "auto" ? host.env["BUILDKIT_PROGRESS"] || "auto" : given;
  if (!MODES.has(word)) return undefined;
  return word === "none" ? "quiet" : (word as ProgressWord);
}

/** The mode that a word means: auto is tty on a terminal and plain elsewhere, in continuous integration with groups or time stamps. */
export const progressMode = (word: ProgressWord, host: Host): ProgressMode => (word === "auto" ? automatic(host) : word);

function automatic({ env, tty }: Host): ProgressMode {
  if (env["GITHUB_ACTIONS"] === "true") return "github";
  if (/^(?:1|true)$/i.test(env["CI"] ?? "")) return "stamped";
  return tty.stderr && env["TERM"] !== "dumb" ? "tty" : "plain";
}

export const NO_CONSOLE = "failed to get console: provided file is not a console";

/** Standard error as a place to draw on. */
export function stderrDisplay(host: Host): Display {
  return {
    write: (text) => writeAll(2, text),
    env: host.env,
    now: () => host.now(),
    ...(host.tty.stderr && { size: () => ({ columns: process.stderr.columns ?? 80, rows: process.stderr.rows ?? 24 }) }),
  };
}

/** The renderer of a mode; each is loaded only when it is the one. */
export async function createRenderer(mode: ProgressMode, display: Display, github: () => GitHubOptions): Promise<Renderer> {
  switch (mode) {
    case "tty": {
      if (!display.size) throw new BakeError("cli.progress", NO_CONSOLE);
      const { TerminalRenderer } = await import("../runner/progress/terminal.ts");
      const { RESTORE } = await import("../runner/progress/painter.ts");
      // A second Ctrl-C ends the process in the middle of a frame.
      process.once("exit", () => display.write(RESTORE));
      return new TerminalRenderer(display);
    }
    case "rawjson": {
      const { RawJsonRenderer } = await import("../runner/progress/rawjson.ts");
      return new RawJsonRenderer(display);
    }
    case "plain":
    case "stamped": {
      const { PlainRenderer } = await import("../runner/progress/plain.ts");
      const { stamped } = await import("../runner/progress/stamped.ts");
      return new PlainRenderer(mode === "stamped" ? stamped(display) : display);
    }
    case "github": {
      const { GitHubRenderer } = await import("../runner/progress/github.ts");
      return new GitHubRenderer(display, github());
    }
    case "quiet":
      return { handle: () => undefined, finish: () => Promise.resolve() };
    default:
      return mode satisfies never;
  }
}
