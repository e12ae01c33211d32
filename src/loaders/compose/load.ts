/**
 * The door of the folder: Compose files in, target and group blocks out (spec/compose.md 0). Each file is
 * loaded alone first, then all of them as one project, because the reference refuses and warns in both.
 */
import type { AttributeDecoder, GroupBlock, TargetBlock } from "../../bake/definition.ts";
import { type Diagnostic, fail, ok, type Result, type SourceFile } from "../../diagnostics.ts";
import type { Host } from "../../host.ts";
import { directoryOfPath } from "../source-text.ts";
import { checkConsistency } from "./consistency.ts";
import { type Environment, readEnvironment } from "./environment.ts";
import { type Lowered, lowerProject } from "./lower.ts";
import { loadModel, rawDocuments, type RawDocuments } from "./model.ts";
import { type Entry, isNull, mapping, type Mapping, mapValues } from "./node.ts";
import { ComposeProblem, refuse } from "./problem.ts";
import type { Project } from "./project.ts";
import { projectName } from "./project-name.ts";
import { readProject } from "./read-project.ts";
import { checkSchema } from "./schema.ts";
import { type LoadScope, scopeOf, type ScopeInput } from "./scope.ts";
import { type EnvFileCache, serviceVariables } from "./service-variables.ts";

export interface ComposeSource {
  readonly file: SourceFile;
  /** As named, for relative paths; absent for stdin and remote files. */
  readonly path?: string;
}

export interface ComposeOptions {
  readonly host: Host;
  readonly decoders: readonly AttributeDecoder[];
  /** `--var` values. */
  readonly vars: ReadonlyMap<string, string>;
  readonly remote?: boolean;
}

export interface ComposeProject {
  readonly targets: readonly TargetBlock[];
  readonly groups: readonly GroupBlock[];
  /** The named files and those that they include, extend or read variables from. */
  readonly files: readonly SourceFile[];
}

/** What failures of the whole project start with; those of a file alone do not. */
const PREFIX = "failed to parse compose file: ";

/** Loads a project. Warnings come once for each time that the reference meets them. */
export function loadCompose(sources: readonly ComposeSource[], options: ComposeOptions): Result<ComposeProject> {
  const diagnostics: Diagnostic[] = [];
  const read = new Map<string, SourceFile>();
  const raw = rawDocuments();
  const ports: Ports = { host: options.host, warn: (diagnostic) => diagnostics.push(diagnostic), readFile: (file) => read.set(file.name, file) };
  const files = sources.map(({ file }) => file);
  try {
    const environment = environmentOf(sources, options);
    const alone = files.map((file) => loadFiles([file], environment, ports, raw));
    const lowered = prefixed(() => {
      const [only] = alone;
      // A file alone is the whole project already; the reference loads it again, and says again what it warned of.
      if (alone.length === 1 && only) diagnostics.push(...diagnostics);
      return lower(alone.length === 1 && only ? only : loadFiles(files, environment, ports, raw), sources, options);
    });
    return ok({ ...lowered, files: [...files, ...read.values()] }, diagnostics);
  } catch (error) {
    if (error instanceof ComposeProblem) return fail(error.diagnostic, ...diagnostics);
    throw error;
  }
}

/**
 * Whether a file whose name does not tell is a Compose file: its load alone succeeds (spec/bake.md 2.2).
 * The failure is what `parsing yaml:` says of it. Consistency is not asked for.
 */
export function checkCompose(file: SourceFile, { host, vars }: Pick<ComposeOptions, "host" | "vars">): Result<undefined> {
  try {
    loadFiles([file], readEnvironment(host, vars), { host, warn: () => undefined, readFile: () => undefined }, rawDocuments());
    return ok(undefined);
  } catch (error) {
    if (error instanceof ComposeProblem) return fail(error.diagnostic);
    throw error;
  }
}

/** Without variables no file counts as a Compose file: the reference then tries to read the first as HCL, and says so. */
function environmentOf([first]: readonly ComposeSource[], { host, vars }: ComposeOptions): Environment {
  try {
    return readEnvironment(host, vars);
  } catch (error) {
    if (!(error instanceof ComposeProblem) || !first) throw error;
    throw new ComposeProblem({ ...error.diagnostic, summary: `failed to parse ${first.file.name}: parsing yaml: ${error.diagnostic.summary}` });
  }
}

/** Mistakes of the whole project are told from those of a file. */
function prefixed<T>(load: () => T): T {
  try {
    return load();
  } catch (error) {
    if (!(error instanceof ComposeProblem)) throw error;
    throw new ComposeProblem({ ...error.diagnostic, summary: PREFIX + error.diagnostic.summary });
  }
}

/** The world as a load sees it. */
type Ports = Pick<ScopeInput, "host" | "warn" | "readFile">;

interface Loaded {
  readonly project: Project;
  readonly scope: LoadScope;
  /** Variables of each service, by its name. */
  readonly variables: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

/** All steps but consistency, which only the whole project is asked for. */
function loadFiles(files: readonly SourceFile[], { variables, warnings }: Environment, ports: Ports, raw: RawDocuments): Loaded {
  for (const warning of warnings) ports.warn(warning);
  const named = new Map(variables);
  named.set("COMPOSE_PROJECT_NAME", projectName(files, scopeOf({ ...ports, variables }), raw));
  const scope = scopeOf({ ...ports, variables: named });
  const kept = keptParts(loadModel(files, scope, raw), files);
  checkSchema(kept);
  const project = readProject(kept, scope.warn);
  const cache: EnvFileCache = new Map();
  return { project, scope, variables: new Map(project.services.map((service) => [service.name, serviceVariables(service, scope, cache)])) };
}

function lower({ project, scope, variables }: Loaded, [first]: readonly ComposeSource[], { decoders, remote }: ComposeOptions): Lowered {
  checkConsistency(project);
  const directory = remote === true || first?.path === undefined ? undefined : directoryOfPath(first.path);
  return lowerProject({ project, scope, decoders, variables, ...(directory === undefined ? {} : { directory }) });
}

const KEPT = new Set(["image", "build", "environment", "env_file"]);

/** Services, reduced to what bake reads, and secrets. */
function keptParts(model: Mapping, [file]: readonly SourceFile[]): Mapping {
  const entries = new Map<string, Entry>();
  const services = model.entries.get("services");
  if (services) {
    const { value } = services;
    const reduced =
      value.kind === "map"
        ? mapValues(value, (service) => (isNull(service) ? mapping(new Map(), service.range) : service.kind === "map" ? keptKeys(service) : service))
        : value;
    entries.set("services", { key: services.key, value: reduced });
  }
  const secrets = model.entries.get("secrets");
  if (secrets) entries.set("secrets", secrets);
  if (entries.size === 0) refuse("compose.empty", "empty compose file", file && { file, start: 0, end: 0 });
  return mapping(entries, model.range);
}

function keptKeys(service: Mapping): Mapping {
  const entries = new Map<string, Entry>();
  for (const key of KEPT) {
    const entry = service.entries.get(key);
    if (entry) entries.set(key, entry);
  }
  return mapping(entries, service.range);
}
