/** Values of `--var` (spec/bake.md 5.3). */
import { quote } from "../go-text.ts";
import { fail, ok, plainError, type Result } from "../diagnostics.ts";

/** `NAME=VALUE` texts as a map; the last value of a name wins, the empty text means nothing. */
export function parseVars(texts: readonly string[]): Result<ReadonlyMap<string, string>> {
  const vars = new Map<string, string>();
  for (const text of texts) {
    if (text === "") continue;
    const equals = text.indexOf("=");
    if (equals < 0) return fail(plainError("cli.var", `invalid variable ${quote(text)}, expected key=value`));
    if (equals === 0) return fail(plainError("cli.var", `invalid variable ${quote(text)}, key is empty`));
    vars.set(text.slice(0, equals), text.slice(equals + 1));
  }
  return ok(vars);
}
