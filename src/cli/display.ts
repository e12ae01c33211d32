/** Chooses how progress is shown and connects the renderer to standard error. */
import type { Host } from "../host.ts";
import type { Display, Renderer } from "../runner/progress/renderer.ts";
import { writeAll } from "./output.ts";

export type ProgressMode = "tty" | "plain" | "quiet" | "rawjson";

const MODES = new Set(["auto", "none", "plain", "quiet", "rawjson", "tty"]);

/**
 * The mode that a `--progress` value means: `BUILDKIT_PROGRESS` stands in for auto, auto is tty on a
 * terminal and plain elsewhere (spec/buildkit.md 8.2). Undefined when the word is no mode.
 */
export function progressMode(flag: string | undefined, host: Host): ProgressMode | undefined {
  const given = flag ?? "auto";
  const word = given === "auto" ? host.env["BUILDKIT_PROGRESS"] || "auto" : given;
  if (!MODES.has(word)) return undefined;
  if (word === "auto") return host.tty.stderr && host.env["TERM"] !== "dumb" ? "tty" : "plain";
  return word === "none" ? "quiet" : (word as ProgressMode);
}

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
export async function createRenderer(mode: ProgressMode, display: Display): Promise<Renderer> {
  switch (mode) {
    case "tty": {
      const { TerminalRenderer } = await import("../runner/progress/terminal.ts");
      return new TerminalRenderer(display);
    }
    case "rawjson": {
      const { RawJsonRenderer } = await import("../runner/progress/rawjson.ts");
      return new RawJsonRenderer(display);
    }
    case "plain": {
      const { PlainRenderer } = await import("../runner/progress/plain.ts");
      return new PlainRenderer(display);
    }
    case "quiet":
      return { handle: () => undefined, finish: () => Promise.resolve() };
    default:
      return mode satisfies never;
  }
}
