/** Definitions in memory: loaded, resolved, and shown as what `--print` says of the targets, or as the error's last line. */
import { describe, expect, test } from "vitest";
import type { Definition } from "../../../src/bake/definition.ts";
import { DECODERS } from "../../../src/bake/fields.ts";
import { printDefinition } from "../../../src/bake/print.ts";
import { resolve } from "../../../src/bake/resolve.ts";
import { type Diagnostic, formatDiagnosticLine, type Result } from "../../../src/diagnostics.ts";
import type { Host, RemoteReader } from "../../../src/host.ts";
import { load } from "../../../src/loaders/load.ts";
import { fakeHost } from "../bake/rig.ts";

/** Contents by name; a text alone is docker-bake.hcl. `-` is standard input. */
export type Files = string | Readonly<Record<string, string>>;

export interface Options {
  readonly f?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly vars?: Readonly<Record<string, string>>;
  readonly envFile?: Readonly<Record<string, string>>;
  readonly targets?: readonly string[];
  readonly set?: readonly string[];
  readonly remote?: string;
  readonly commandContext?: string;
  readonly reader?: RemoteReader;
}

export function hostOf(files: Files, env: Options["env"] = {}): Host {
  const named = typeof files === "string" ? { "docker-bake.hcl": files } : files;
  const host = fakeHost({ env, files: Object.fromEntries(Object.entries(named).map(([name, text]) => [`/w/${name}`, text])) });
  const randomBytes = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));
  return { ...host, readStdin: () => new TextEncoder().encode(named["-"] ?? ""), randomBytes };
}

export async function loadFiles(files: Files, { f = [], env, vars = {}, envFile, remote, commandContext, reader }: Options = {}): Promise<Result<Definition>> {
  const input = {
    files: f,
    vars: new Map(Object.entries(vars)),
    decoders: DECODERS,
    ...(envFile && { envFileVars: new Map(Object.entries(envFile)) }),
    ...(remote !== undefined && { remote }),
    ...(commandContext !== undefined && { commandContext }),
  };
  return load(input, { host: hostOf(files, env), ...(reader && { remote: reader }) });
}

/** The definition; fails the test when the files are refused. */
export async function loaded(files: Files, options: Options = {}): Promise<Definition> {
  const result = await loadFiles(files, options);
  if (!result.ok) throw new Error(errorLine(result.diagnostics));
  return result.value;
}

/** All that is wrong with the files; fails the test when nothing is. */
export async function refusal(files: Files, options: Options = {}): Promise<readonly Diagnostic[]> {
  const result = await loadFiles(files, options);
  if (result.ok) throw new Error("the files were loaded");
  return result.diagnostics;
}

/** What follows `ERROR: `. */
export function errorLine([first, ...others]: readonly Diagnostic[]): string {
  return `${first ? formatDiagnosticLine(first) : ""}${others.length > 0 ? `, and ${others.length} other diagnostic(s)` : ""}`;
}

/** A printed target without `context` and `dockerfile` where they are the defaults. */
export type Printed = Readonly<Record<string, unknown>>;

/** Printed targets by name, or `✗ ` and the error. */
export async function outcome(files: Files, options: Options = {}): Promise<string | Readonly<Record<string, Printed>>> {
  const result = await loadFiles(files, options);
  if (!result.ok) return `✗ ${errorLine(result.diagnostics)}`;
  const resolved = resolve(result.value, { targets: options.targets ?? [], overrides: options.set ?? [], host: hostOf(files, options.env) });
  if (!resolved.ok) return `✗ ${errorLine(resolved.diagnostics)}`;
  const { target } = JSON.parse(printDefinition(resolved.value)) as { readonly target: Record<string, Record<string, unknown>> };
  for (const printed of Object.values(target)) {
    if (printed["context"] === ".") delete printed["context"];
    if (printed["dockerfile"] === "Dockerfile") delete printed["dockerfile"];
  }
  return target;
}

/** A case: its title with the numbers of checklists, the files, and the printed targets or the error. Expectations are the reference's. */
export type Case = readonly [title: string, files: Files, expected: string | Readonly<Record<string, Printed>>, options?: Options];

export function loads(subject: string, cases: readonly Case[]): void {
  describe(subject, () => {
    for (const [title, files, expected, options] of cases) test(title, async () => expect(await outcome(files, options)).toEqual(expected));
  });
}

/** A file whose target `default` has the expression as argument `v`. */
export const argument = (expression: string, names = ""): string =>
  `${names}${names === "" ? "" : "\n"}target "default" {\n  args = { v = ${expression} }\n}\n`;

/** What `argument` prints when the expression gives the text. */
export const gives = (v: string): Readonly<Record<string, Printed>> => ({ default: { args: { v } } });
