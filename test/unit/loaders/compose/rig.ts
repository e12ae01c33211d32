/** Compose projects in memory: what they resolve to, what they are refused with, and what is warned of. */
import type { Definition } from "../../../../src/bake/definition.ts";
import { DECODERS } from "../../../../src/bake/fields.ts";
import type { Target } from "../../../../src/bake/model.ts";
import { printDefinition } from "../../../../src/bake/print.ts";
import { resolve } from "../../../../src/bake/resolve.ts";
import { type Diagnostic, formatRange, ok, type Result } from "../../../../src/diagnostics.ts";
import type { Host } from "../../../../src/host.ts";
import { load } from "../../../../src/loaders/load.ts";
import { fakeHost } from "../../bake/rig.ts";

/** File contents by name, relative to the working directory; a text alone is compose.yaml. */
export type Files = string | Readonly<Record<string, string>>;

export interface BakeOptions {
  /** `-f` values; `-` reads the file of that name. */
  readonly f?: readonly string[];
  readonly targets?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly vars?: Readonly<Record<string, string>>;
}

export interface Baked {
  /** As `--print` shows them. */
  readonly targets: Readonly<Record<string, Partial<Target>>>;
  readonly groups: Readonly<Record<string, unknown>>;
  readonly warnings: readonly string[];
}

export function hostOf(files: Files, env: Readonly<Record<string, string>> = {}): Host {
  const named = typeof files === "string" ? { "compose.yaml": files } : files;
  const host = fakeHost({
    env: { HOME: "/home/me", ...env },
    files: Object.fromEntries(Object.entries(named).map(([name, text]) => [name.startsWith("/") ? name : `/w/${name}`, text])),
  });
  return { ...host, readStdin: () => new TextEncoder().encode(named["-"] ?? "") };
}

export async function loadFiles(files: Files, { f = [], env = {}, vars = {} }: BakeOptions = {}): Promise<Result<Definition>> {
  return load({ files: f, vars: new Map(Object.entries(vars)), decoders: DECODERS }, { host: hostOf(files, env) });
}

async function run(files: Files, options: BakeOptions): Promise<Result<Baked>> {
  const loaded = await loadFiles(files, options);
  if (!loaded.ok) return loaded;
  const resolved = resolve(loaded.value, {
    targets: (options.targets ?? []).map((name) => name.replaceAll(".", "_")),
    overrides: [],
    host: hostOf(files, options.env),
  });
  if (!resolved.ok) return resolved;
  const printed = JSON.parse(printDefinition(resolved.value)) as { readonly group: Baked["groups"]; readonly target: Baked["targets"] };
  return ok({ groups: printed.group, targets: printed.target, warnings: loaded.value.warnings.map(({ summary }) => summary) });
}

/** Groups and targets; fails the test when the project is refused. */
export async function bake(files: Files, options: BakeOptions = {}): Promise<Baked> {
  const result = await run(files, options);
  if (!result.ok) throw new Error(result.diagnostics.map(({ summary }) => summary).join("\n"));
  return result.value;
}

/** One printed target. */
export async function bakeTarget(name: string, files: Files, options: BakeOptions = {}): Promise<Partial<Target>> {
  const { targets } = await bake(files, options);
  return targets[name] ?? {};
}

/** All printed targets, without the dockerfile that every target has by default. */
export async function bakeTargets(files: Files, options: BakeOptions = {}): Promise<Readonly<Record<string, object>>> {
  const { targets } = await bake(files, options);
  return Object.fromEntries(
    Object.entries(targets).map(([name, { dockerfile, ...target }]) => [name, dockerfile === "Dockerfile" ? target : { ...target, dockerfile }]),
  );
}

async function refusal(files: Files, options: BakeOptions): Promise<Diagnostic> {
  const result = await run(files, options);
  const error = result.ok ? undefined : result.diagnostics.find(({ severity }) => severity === "error");
  if (!error) throw new Error("the project was accepted");
  return error;
}

/** The text of the error that the project is refused with. */
export const bakeError = async (files: Files, options: BakeOptions = {}): Promise<string> => (await refusal(files, options)).summary;

/** The error's place and text. */
export async function bakeErrorAt(files: Files, options: BakeOptions = {}): Promise<string> {
  const { range, summary } = await refusal(files, options);
  return `${range ? formatRange(range) : "nowhere"}: ${summary}`;
}
