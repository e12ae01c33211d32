/** The variables of a service, which fill its null build arguments (spec/compose.md 2.5). */
import { parseDotenv } from "./dotenv.ts";
import { quote } from "../../go-text.ts";
import { refuse, warning } from "./problem.ts";
import { attempt, readVariables } from "./read-file.ts";
import type { LoadScope } from "./scope.ts";
import type { EnvFile, Service } from "./project.ts";

/** Texts of env files, read once although many services share them. */
export type EnvFileCache = Map<string, ReturnType<typeof readVariables> | undefined>;

/** Variables of the env files, overridden by `environment`. A name listed there without any value hides the files'. */
export function serviceVariables({ environment, envFiles }: Service, scope: LoadScope, cache: EnvFileCache): ReadonlyMap<string, string> {
  const own = new Map<string, string>();
  for (const [name, { text }] of environment) {
    const value = text ?? scope.lookup(name);
    if (value !== undefined) own.set(name, value);
  }
  const out = new Map<string, string>();
  for (const file of envFiles) readInto(out, own, file, scope, cache);
  for (const name of environment.keys()) out.delete(name);
  for (const [name, value] of own) out.set(name, value);
  return out;
}

function readInto(
  out: Map<string, string>,
  own: ReadonlyMap<string, string>,
  { path, required, format }: EnvFile,
  scope: LoadScope,
  cache: EnvFileCache,
): void {
  if (!cache.has(path.text)) {
    const there = attempt("compose.env-file", path.range, () => scope.host.stat(path.text)) !== undefined;
    cache.set(path.text, there ? readVariables(path.text, path.range, scope) : undefined);
  }
  const file = cache.get(path.text);
  if (!file) {
    if (required) refuse("compose.env-file", `env file ${path.text} not found: stat ${path.text}: no such file or directory`, path.range);
    return;
  }
  if (format !== "" && format !== ".env") refuse("compose.env-file", `unsupported env_file format ${quote(format)}`, path.range);
  const parsed = parseDotenv({ text: file.text, lookup: (name) => scope.lookup(name) ?? own.get(name) ?? out.get(name) });
  for (const text of parsed.warnings) scope.warn(warning(text));
  if (!parsed.ok) refuse("compose.env-file", `failed to read ${path.text}: ${parsed.message}`, { file, start: parsed.offset, end: parsed.offset });
  for (const [name, value] of parsed.vars) out.set(name, value);
}
