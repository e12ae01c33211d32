/** Which files a bake reads when, or although, none is named (spec/bake.md 2.1). */
import { fail, ok, plainError, type Result } from "../diagnostics.ts";
import { DEFAULT_FILES, type Host, HostError } from "../host.ts";

/** Names from `-f` or BUILDX_BAKE_FILE; none means the default names. */
export function namedFiles(files: readonly string[], host: Host): Result<readonly string[]> {
  if (files.length > 0) return ok(files);
  const value = host.env["BUILDX_BAKE_FILE"];
  if (value === undefined) return ok([]);
  const separator = host.env["BUILDX_BAKE_PATH_SEPARATOR"] || (host.platform.startsWith("windows/") ? ";" : ":");
  const names: string[] = [];
  for (const part of value.split(separator)) {
    const name = part.trim();
    if (name === "") continue;
    const problem = name === "-" ? undefined : absence(name, host);
    if (problem !== undefined) return fail(plainError("load.file", problem));
    names.push(name);
  }
  return ok(names);
}

/** The default names that exist. */
export function defaultFiles(host: Host): readonly string[] {
  return DEFAULT_FILES.filter((name) => absence(name, host) === undefined);
}

function absence(name: string, host: Host): string | undefined {
  try {
    return host.stat(name) ? undefined : `stat ${name}: no such file or directory`;
  } catch (error) {
    if (error instanceof HostError) return error.message;
    throw error;
  }
}
