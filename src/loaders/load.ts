/** Definition files to one `Definition`: reading them, choosing a parser for each, and putting the results together (spec/bake.md 2). */
import type { Definition, GroupBlock, LoadInput, LoadResult, TargetBlock } from "../bake/definition.ts";
import { fail, ok, type Diagnostic, type Result, type SourceFile } from "../diagnostics.ts";
import { parseFileRelativePaths } from "../file-relative-paths.ts";
import type { Host, RemoteReader } from "../host.ts";
import { evaluateDefinition } from "./bake/evaluate-definition.ts";
import type { ComposeSource } from "./compose/load.ts";
import type { Body } from "./hcl/ast.ts";
import { rareFamilies } from "./hcl/functions/standard.ts";
import { parseFile } from "./parse-file.ts";
import { type ReadFile, readFiles } from "./read.ts";
import { directoryOfPath } from "./source-text.ts";

export interface LoadContext {
  readonly host: Host;
  /** Needed only for definitions behind a URL. */
  readonly remote?: RemoteReader;
  /** Told the size of all files together, in bytes, before the first is parsed. */
  readonly onRead?: (bytes: number) => void;
}

/**
 * Loads what `input` names, or the default files. Compose files are loaded together and come first; HCL
 * and JSON files are evaluated as one body on top of them.
 */
export async function load(input: LoadInput, { host, remote, onRead }: LoadContext): Promise<LoadResult> {
  const read = await readFiles(input, host, remote);
  if (!read.ok) return read;
  onRead?.(read.value.files.reduce((bytes, { data }) => bytes + data.length, 0));
  const relative = parseFileRelativePaths(host);
  if (!relative.ok) return relative;
  const parsed = await parseAll(read.value.files, input, host);
  if (!parsed.ok) return parsed;
  const { bodies, compose, files, directories } = parsed.value;
  const services = compose.length > 0 ? await loadComposeFiles(compose, input, host) : ok(NO_SERVICES);
  if (!services.ok) return services;
  const warnings: Diagnostic[] = [...services.diagnostics];
  let definition: Pick<Definition, "targets" | "groups" | "variables"> = { ...services.value, variables: [] };
  if (bodies.length > 0) {
    const rare = await rareFamilies(files.map(({ text }) => text));
    const evaluated = evaluateDefinition({ ...input, bodies, host, rare, directoryOf: (file) => directories.get(file) });
    if (!evaluated.ok) return evaluated;
    const { targets, groups, variables } = evaluated.value;
    for (const warning of evaluated.value.warnings) warnings.push(warning);
    definition =
      compose.length > 0
        ? { targets: [...services.value.targets, ...targets], groups: [...services.value.groups, ...groups], variables }
        : { targets, groups, variables };
  }
  return ok({
    files: [...new Set([...services.value.files, ...files])],
    targets: definition.targets,
    groups: definition.groups,
    variables: definition.variables,
    hasHcl: bodies.length > 0,
    ...(read.value.remote && { remote: read.value.remote }),
    warnings,
  });
}

interface Services {
  readonly targets: readonly TargetBlock[];
  readonly groups: readonly GroupBlock[];
  readonly files: readonly SourceFile[];
}

const NO_SERVICES: Services = { targets: [], groups: [], files: [] };

async function loadComposeFiles(compose: readonly ComposeSource[], { decoders, vars, remote }: LoadInput, host: Host): Promise<Result<Services>> {
  const { loadCompose } = await import("./compose/load.ts");
  return loadCompose(compose, { host, decoders, vars, ...(remote !== undefined && { remote: true }) });
}

interface Parsed {
  readonly bodies: Body[];
  readonly compose: ComposeSource[];
  /** HCL and JSON files. */
  readonly files: SourceFile[];
  readonly directories: Map<SourceFile, string>;
}

async function firstRefused(sources: readonly ComposeSource[], options: Parameters<typeof parseFile>[1]): Promise<Result<undefined> | undefined> {
  if (sources.length === 0) return undefined;
  const { checkCompose } = await import("./compose/load.ts");
  return sources.map(({ file }) => checkCompose(file, options)).find(({ ok: accepted }) => !accepted);
}

/** The first file that cannot be parsed ends it. Compose files are read together later: one before it may be the first. */
async function parseAll(files: readonly ReadFile[], input: LoadInput, host: Host): Promise<Result<Parsed>> {
  const out: Parsed = { bodies: [], compose: [], files: [], directories: new Map() };
  const options = { host, decoders: input.decoders, vars: input.vars, ...(input.remote !== undefined && { remote: true }) };
  for (const file of files) {
    const parsed = await parseFile(file, options);
    if (!parsed.ok) return fail(...((await firstRefused(out.compose, options)) ?? parsed).diagnostics);
    if (parsed.value.kind === "compose") {
      out.compose.push(parsed.value.source);
      continue;
    }
    const { body } = parsed.value;
    out.bodies.push(body);
    out.files.push(body.file);
    if (file.path !== undefined) out.directories.set(body.file, directoryOfPath(file.path));
  }
  return ok(out);
}
