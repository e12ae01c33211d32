/** From files to one canonical model: every document merged over those before it (spec/compose.md 0, steps L2 to L5). */
import type { SourceFile } from "../../diagnostics.ts";
import { noAnchors } from "./anchors.ts";
import { canonicalise } from "./canonical.ts";
import { type BaseFile, applyExtends } from "./extends.ts";
import { applyInclude, relativeDirectory } from "./include.ts";
import { interpolate } from "./interpolate.ts";
import { mergeModels } from "./merge.ts";
import { type ComposeNode, isString, mapItems, mapping, type Mapping, mapValues, string, valueAt, withEntry } from "./node.ts";
import { resolvePaths } from "./paths.ts";
import { readYaml } from "./read-file.ts";
import { applyNotes, type Notes } from "./reset.ts";
import type { LoadScope } from "./scope.ts";
import { buildTree, type RawDocument } from "./tree.ts";
import { dropRepeats } from "./unique.ts";
import { parseYaml } from "./yaml-parse.ts";

/** The documents of a file as written; parsed once, although a file is loaded alone and together with others. */
export type RawDocuments = (file: SourceFile) => Iterable<RawDocument>;

export function rawDocuments(): RawDocuments {
  const known = new WeakMap<SourceFile, RawDocument[]>();
  return function* (file) {
    const before = known.get(file);
    if (before) return yield* before;
    const documents: RawDocument[] = [];
    const parsed = parseYaml(file);
    const anchors = noAnchors();
    for (const document of parsed.documents) {
      const raw = buildTree(parsed, document, anchors);
      documents.push(raw);
      yield raw;
    }
    known.set(file, documents);
    return undefined;
  };
}

interface ModelInput {
  readonly scope: LoadScope;
  readonly raw: RawDocuments;
  /** False for files that others extend: their includes and chains are not followed here. */
  readonly follow: boolean;
}

/** The merged, canonical model with resolved paths; an empty map when the files have no document. */
export function loadModel(files: Iterable<SourceFile>, scope: LoadScope, raw: RawDocuments): Mapping {
  const { model } = mergeFiles(files, { scope, raw, follow: true });
  return resolveEnvironment(resolvePaths(withDefaultContexts(model), scope.workingDirectory, scope), scope);
}

function mergeFiles(files: Iterable<SourceFile>, { scope, raw, follow }: ModelInput): { readonly model: Mapping; readonly notes: Notes } {
  let model: Mapping | undefined;
  const notes: (readonly string[])[] = [];
  const distinct = new WeakSet<ComposeNode>();
  const canonical = new WeakSet<ComposeNode>();
  const bases = new Map<string, BaseFile>();
  const loadFiles = function* (
    paths: readonly { readonly text: string; readonly range: Parameters<typeof readYaml>[1] }[],
    inner: LoadScope,
  ): Iterable<SourceFile> {
    for (const { text, range } of paths) yield readYaml(text, range, "compose.include", inner);
  };
  for (const file of files) {
    for (const { root, notes: own } of raw(file)) {
      let document = interpolate(root, scope);
      if (follow) document = applyInclude(document, own, scope, (paths, inner) => loadModel(loadFiles(paths, inner), inner, raw));
      if (model) model = applyNotes(model, own);
      if (follow) {
        document = applyExtends(document, {
          scope,
          notes: own,
          baseFile: (path, range) => {
            let base = bases.get(path);
            if (!base) bases.set(path, (base = loadBase(readYaml(path, range, "compose.extends", scope), scope, raw)));
            return base;
          },
        });
      }
      model = mergeModels(model ?? mapping(new Map(), document.range), document);
      model = dropRepeats(canonicalise(dropRepeats(model, distinct), scope, canonical), distinct);
      notes.push(...own);
    }
  }
  return { model: model ?? mapping(new Map(), { file: { name: "", text: "" }, start: 0, end: 0 }), notes };
}

function loadBase(file: SourceFile, scope: LoadScope, raw: RawDocuments): BaseFile {
  const { model, notes } = mergeFiles([file], { scope, raw, follow: false });
  const services = valueAt(resolvePaths(model, relativeDirectory(file.name, { ...scope, directory: scope.directory }), scope), "services");
  return { services: services?.kind === "map" ? services : undefined, notes };
}

function withDefaultContexts(model: Mapping): Mapping {
  const services = valueAt(model, "services");
  if (services?.kind !== "map") return model;
  const changed = mapValues(services, (service) => {
    const build = valueAt(service, "build");
    if (service.kind !== "map" || build?.kind !== "map" || build.entries.has("context")) return service;
    return withEntry(service, "build", withEntry(build, "context", string(".", build.range)));
  });
  return changed === services ? model : withEntry(model, "services", changed);
}

/** In lists of variables, a bare name that is known becomes `NAME=value`. */
function resolveEnvironment(model: Mapping, scope: LoadScope): Mapping {
  const services = valueAt(model, "services");
  if (services?.kind !== "map") return model;
  const changed = mapValues(services, (service) => {
    const environment = valueAt(service, "environment");
    if (service.kind !== "map" || environment?.kind !== "list") return service;
    const items = mapItems(environment, (item) => {
      const value = isString(item) && !item.text.includes("=") ? scope.lookup(item.text) : undefined;
      return value === undefined ? item : string(`${(item as { text: string }).text}=${value}`, item.range);
    });
    return items === environment ? service : withEntry(service, "environment", items);
  });
  return changed === services ? model : withEntry(model, "services", changed);
}
