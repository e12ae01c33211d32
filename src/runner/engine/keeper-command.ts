/** The command that runs a keeper: the program of this package, wherever this code runs from. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";

declare const TSBAKE_VERSION: string | undefined;

/** Arguments are added behind; see `src/cli/commands/engine.ts`. */
export function keeperCommand(): readonly [string, ...string[]] {
  // In the bundle everything is in one folder; the library has its own beside it.
  const program = typeof TSBAKE_VERSION === "string" ? join(__dirname, "tsbake.cjs") : fileURLToPath(new URL("../../bin/tsbake.cjs", import.meta.url));
  return [process.execPath, program, "engine", "keep"];
}
