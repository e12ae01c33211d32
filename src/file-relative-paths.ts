/** The setting behind which paths are relative to the file that holds them (spec/bake.md 2.4). Loading refuses a bad one, resolving uses it. */
import { fail, ok, plainError, type Result } from "./diagnostics.ts";
import { goBool, notBool, quote } from "./go-text.ts";
import type { Host } from "./host.ts";

const variable = "BUILDX_BAKE_FILE_RELATIVE_PATHS";

/** Whether paths are relative to files; off unless asked for. */
export function parseFileRelativePaths(host: Host): Result<boolean> {
  const text = (host.env[variable] ?? "").trim();
  if (text === "") return ok(false);
  const value = goBool(text);
  return value === undefined ? fail(plainError("bake.relative-paths", `failed to parse ${variable} value ${quote(text)}: ${notBool(text)}`)) : ok(value);
}
