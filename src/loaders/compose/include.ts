/** Files that a document includes (spec/compose.md 1.6): they are loaded apart and their resources taken over. */
import type { SourceRange } from "../../diagnostics.ts";
import { type ComposeNode, isNull, isString, type List, mapping, type Mapping, typeName, valueAt, valueText, withEntry, withoutEntry } from "./node.ts";
import { parseDotenv } from "./dotenv.ts";
import type { Variables } from "./environment.ts";
import { mergeResource } from "./merge.ts";
import { joinPath } from "../../clean-path.ts";
import { directoryOf, isAbsolute, relativeTo } from "./path-relation.ts";
import { type Fault, refuse, refuseAll, warning } from "./problem.ts";
import { attempt, readVariables } from "./read-file.ts";
import { applyNotes, type Notes } from "./reset.ts";
import { type LoadScope, withVariables } from "./scope.ts";

const RESOURCES = ["services", "secrets", "volumes", "networks", "configs", "models"] as const;

/** An item of `include` in its long form. */
interface Inclusion {
  readonly paths: readonly { readonly text: string; readonly range: SourceRange }[];
  readonly projectDirectory: string;
  readonly envFiles: readonly { readonly text: string; readonly range: SourceRange }[];
  readonly range: SourceRange;
}

/** Loads files as one model, each over those before. */
export type LoadFiles = (paths: Inclusion["paths"], scope: LoadScope) => Mapping;

/** The document with the resources of the files it includes. What the document says itself wins. */
export function applyInclude(document: Mapping, notes: Notes, scope: LoadScope, loadFiles: LoadFiles): Mapping {
  const node = valueAt(document, "include");
  if (!node || isNull(node)) return document;
  if (node.kind !== "list") refuse("compose.include", `\`include\` must be a list, got ${valueText(node)}`, node.range);
  let out = withoutEntry(document, "include");
  for (const inclusion of readInclusions(node)) {
    const [main] = inclusion.paths;
    if (!main) continue;
    const place = placeOf(inclusion, main.text, scope);
    const paths = inclusion.paths.map(({ text, range }) => ({ text: isAbsolute(text) ? text : joinPath(scope.directory, text), range }));
    for (const { text, range } of paths) if (scope.including.includes(text)) refuseCycle([...scope.including, text], range);
    const inner = withVariables(
      { ...scope, ...place, including: [...scope.including, (paths[0] as { text: string }).text] },
      includedVariables(inclusion, place.directory, scope),
    );
    out = importResources(out, loadFiles(paths, inner), notes);
  }
  return out;
}

function refuseCycle([first = "", ...others]: readonly string[], range: SourceRange): never {
  refuse("compose.include", `include cycle detected:\n${first}\n include ${others.join("\n include ")}`, range);
}

/** Items in their long form; those without a path are passed over. */
function readInclusions(node: List): Inclusion[] {
  const faults: Fault[] = [];
  const inclusions = node.items.map((item, i) => readInclusion(item, `[${i}]`, faults));
  if (faults.length > 0) refuseAll("compose.include", "decoding failed due to the following error(s):\n\n", faults);
  return inclusions;
}

function readInclusion(item: ComposeNode, place: string, faults: Fault[]): Inclusion {
  const { range } = item;
  const nothing: Inclusion = { paths: [], projectDirectory: "", envFiles: [], range };
  if (isString(item)) return { ...nothing, paths: [item] };
  if (item.kind !== "map") {
    const empty = item.kind === "scalar" && (item.type === "null" || item.type === "date");
    if (!empty) faults.push({ text: `'${place}' expected a map or struct, got "${item.kind === "list" ? "slice" : typeName(item)}"`, range });
    return nothing;
  }
  const directory = valueAt(item, "project_directory");
  if (directory && directory.kind !== "scalar") {
    faults.push({ text: `'${place}.project_directory' expected type 'string', got unconvertible type '${typeName(directory)}'`, range: directory.range });
  }
  return {
    paths: readTexts(item, "path", place, faults),
    projectDirectory: directory?.kind === "scalar" ? directory.text : "",
    envFiles: readTexts(item, "env_file", place, faults),
    range,
  };
}

function readTexts(item: Mapping, key: string, place: string, faults: Fault[]): Inclusion["paths"] {
  const node = valueAt(item, key);
  if (!node || isNull(node)) return [];
  if (isString(node)) return [node];
  if (node.kind === "list" && node.items.every(isString)) return node.items;
  faults.push({ text: `'${place}.${key}' invalid type ${typeName(node)} for string list`, range: node.range });
  return [];
}

/** The directories of the included files: for the names they use, and for the paths in their models. */
function placeOf({ projectDirectory }: Inclusion, path: string, scope: LoadScope): { readonly directory: string; readonly workingDirectory: string } {
  const local = isAbsolute(path) ? path : joinPath(scope.directory, path);
  if (projectDirectory === "") return { directory: directoryOf(local), workingDirectory: relativeDirectory(path, scope) };
  if (isAbsolute(projectDirectory)) return { directory: projectDirectory, workingDirectory: projectDirectory };
  return { directory: joinPath(scope.workingDirectory, projectDirectory), workingDirectory: relativeDirectory(projectDirectory, scope) };
}

/** The directory at a path, or around it, as seen from the scope's own. */
export function relativeDirectory(path: string, { directory, host }: LoadScope): string {
  const at = (text: string): string => (isAbsolute(text) ? text : joinPath(directory, text));
  let full = at(path);
  if (attempt("compose.include", undefined, () => host.stat(full)?.kind) !== "directory") full = at(directoryOf(path));
  return relativeTo(directory, full);
}

/** The variables so far, and those of the inclusion's env files that are not set yet. */
function includedVariables({ envFiles, range }: Inclusion, directory: string, scope: LoadScope): Variables {
  const files: { readonly path: string; readonly range: SourceRange }[] = [];
  for (const { text, range: place } of envFiles) {
    if (text === "/dev/null") continue;
    const path = isAbsolute(text) ? text : joinPath(scope.workingDirectory, text);
    const stat = attempt("compose.include", place, () => scope.host.stat(path));
    if (!stat) refuse("compose.include", isAbsolute(text) ? `couldn't find env file: ${text}` : `stat ${path}: no such file or directory`, place);
    if (stat.kind === "directory") refuse("compose.include", `${path} is not a file`, place);
    files.push({ path, range: place });
  }
  const own = joinPath(directory, ".env");
  if (envFiles.length === 0 && attempt("compose.include", range, () => scope.host.stat(own))?.kind === "file") files.push({ path: own, range });
  if (files.length === 0) return scope.variables;
  const added = new Map<string, string>();
  for (const { path, range: place } of files) {
    const file = readVariables(path, place, scope);
    const parsed = parseDotenv({ text: file.text, lookup: (name) => scope.lookup(name) ?? added.get(name) });
    for (const text of parsed.warnings) scope.warn(warning(text));
    if (!parsed.ok) {
      const absolute = isAbsolute(path) ? path : joinPath(scope.host.cwd, path);
      refuse("compose.env-file", `failed to read ${absolute}: ${parsed.message}`, { file, start: parsed.offset, end: parsed.offset });
    }
    for (const [name, value] of parsed.vars) added.set(name, value);
  }
  const variables = new Map(scope.variables);
  for (const [name, value] of added) if (!variables.has(name)) variables.set(name, value);
  return variables;
}

function importResources(document: Mapping, included: Mapping, notes: Notes): Mapping {
  let out = document;
  for (const kind of RESOURCES) {
    const from = valueAt(included, kind);
    if (from?.kind !== "map") continue;
    const into = valueAt(out, kind);
    const entries = new Map(into?.kind === "map" ? into.entries : []);
    for (const [name, { key, value }] of from.entries) {
      const own = entries.get(name);
      entries.set(name, own ? { key: own.key, value: mergeResource(kind, name, stripped(kind, name, value, notes), own.value) } : { key, value });
    }
    out = withEntry(out, kind, mapping(entries, (into ?? from).range));
  }
  return out;
}

function stripped(kind: string, name: string, resource: ComposeNode, notes: Notes): ComposeNode {
  if (notes.length === 0) return resource;
  const wrap = (key: string, value: ComposeNode): Mapping => mapping(new Map([[key, { key: value.range, value }]]), value.range);
  return valueAt(valueAt(applyNotes(wrap(kind, wrap(name, resource)), notes), kind), name) ?? mapping(new Map(), resource.range);
}
