/** `--env-file`: variable values below the environment and `--var`, above defaults (design D13). */
import { type Host, HostError } from "../host.ts";

export type EnvFiles = { readonly ok: true; readonly vars: ReadonlyMap<string, string> } | { readonly ok: false; readonly message: string };

/** Reads the files in order, later ones win. dotenv is loaded only when there is a file to read. */
export async function readEnvFiles(files: readonly string[], host: Host): Promise<EnvFiles> {
  const vars = new Map<string, string>();
  if (files.length === 0) return { ok: true, vars };
  const { parse } = await import("dotenv");
  for (const file of files) {
    try {
      for (const [name, value] of Object.entries(parse(Buffer.from(host.readFile(file))))) vars.set(name, value);
    } catch (error) {
      if (error instanceof HostError) return { ok: false, message: `--env-file: ${error.message}` };
      throw error;
    }
  }
  return { ok: true, vars };
}
