/** The variables that interpolation and null arguments see (spec/compose.md 2.1, 1.4). */
import type { Diagnostic, SourceFile } from "../../diagnostics.ts";
import { type Host, HostError } from "../../host.ts";
import { decodeText } from "./decode-text.ts";
import { parseDotenv } from "./dotenv.ts";
import { goBool } from "../../go-text.ts";
import { refuse, warning } from "./problem.ts";

export type Variables = ReadonlyMap<string, string>;

const DISABLED = "BUILDX_BAKE_DISABLE_VARS_ENV_LOOKUP";

export interface Environment {
  readonly variables: Variables;
  /** What reading `.env` warned of. */
  readonly warnings: readonly Diagnostic[];
}

/** The process environment, then `.env` of the working directory for what it lacks, then `--var` over both. */
export function readEnvironment(host: Host, vars: ReadonlyMap<string, string>): Environment {
  const variables = new Map<string, string>();
  if (goBool(host.env[DISABLED] ?? "") !== true) {
    for (const [name, value] of Object.entries(host.env)) if (value !== undefined) variables.set(name, value);
  }
  const warnings: Diagnostic[] = [];
  const file = readDotenv(host);
  if (file) {
    const parsed = parseDotenv({ text: file.text, lookup: (name) => variables.get(name) });
    warnings.push(...parsed.warnings.map((text) => warning(text)));
    if (!parsed.ok) refuse("compose.env-file", parsed.message, { file, start: parsed.offset, end: parsed.offset });
    for (const [name, value] of parsed.vars) if (!variables.has(name)) variables.set(name, value);
  }
  for (const [name, value] of vars) variables.set(name, value);
  return { variables, warnings };
}

/** A byte order mark stays, and is then refused as part of a name, as the reference does it for this file only. */
function readDotenv(host: Host): SourceFile | undefined {
  const name = ".env";
  try {
    if (host.stat(name)?.kind !== "file") return undefined;
    return { name, text: decodeText(host.readFile(name)) };
  } catch (error) {
    if (error instanceof HostError) refuse("compose.env-file", error.message, undefined);
    throw error;
  }
}

/** The value of a variable; on Windows also by a name in other letter case. */
export function lookupIn(variables: Variables, host: Host): (name: string) => string | undefined {
  if (!host.platform.startsWith("windows/")) return (name) => variables.get(name);
  let folded: Map<string, string> | undefined;
  return (name) => {
    const exact = variables.get(name);
    if (exact !== undefined) return exact;
    folded ??= new Map([...variables].map(([key, value]) => [key.toLowerCase(), value]));
    return folded.get(name.toLowerCase());
  };
}
