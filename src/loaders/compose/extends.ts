/** Services that extend others, of the same document or of another file (spec/compose.md 1.6). */
import type { SourceRange } from "../../diagnostics.ts";
import { quote } from "../../go-text.ts";
import { type ComposeNode, type Entry, isNull, isString, mapping, type Mapping, typeName, valueAt, withEntry, withoutEntry } from "./node.ts";
import { mergeService } from "./merge.ts";
import { joinPath } from "../../clean-path.ts";
import { refuse } from "./problem.ts";
import { applyNotes, type Notes } from "./reset.ts";
import type { LoadScope } from "./scope.ts";

/** The services of a file that others extend, with paths already relative to its directory, and its notes. */
export interface BaseFile {
  readonly services: Mapping | undefined;
  readonly notes: Notes;
}

export interface ExtendsInput {
  readonly scope: LoadScope;
  readonly notes: Notes;
  /** The file at a path that was joined to the scope's directory; read once a load. */
  readonly baseFile: (path: string, range: SourceRange) => BaseFile;
}

interface Services {
  readonly file: string;
  readonly map: Mapping;
  readonly done: Map<string, ComposeNode>;
}

/** The document with every `extends` of its services worked out. */
export function applyExtends(document: Mapping, input: ExtendsInput): Mapping {
  const services = valueAt(document, "services");
  if (!services) return document;
  if (services.kind !== "map") refuse("compose.schema", "services must be a mapping", services.range);
  let extending = false;
  for (const { value } of services.entries.values()) extending ||= value.kind === "map" && value.entries.has("extends");
  for (const [name, { value }] of services.entries)
    if (value.kind !== "map" && !isNull(value)) refuse("compose.schema", `services.${name} must be a mapping`, value.range);
  if (!extending) return document;
  const own: Services = { file: "", map: services, done: new Map() };
  const files = new Map<string, Services>();
  const entries = new Map<string, Entry>();
  for (const [name, entry] of services.entries) entries.set(name, { key: entry.key, value: extendService(name, own, files, input) });
  return withEntry(document, "services", mapping(entries, services.range));
}

interface Link {
  readonly name: string;
  readonly services: Services;
  readonly service: Mapping;
  /** Notes of the base file that this service is in. */
  readonly notes: Notes;
}

/** Follows the chain to its end, then merges back up. Nothing recurses: a chain may be as long as the file. */
function extendService(name: string, own: Services, files: Map<string, Services>, input: ExtendsInput): ComposeNode {
  const chain: Link[] = [];
  const seen = new Map<string, number>();
  let at: { name: string; services: Services; notes: Notes } = { name, services: own, notes: [] };
  let base: ComposeNode;
  for (;;) {
    const known = at.services.done.get(at.name);
    const service = known ?? (valueAt(at.services.map, at.name) as ComposeNode);
    if (known || service.kind !== "map" || !service.entries.has("extends")) {
      if (service.kind !== "map" && !isNull(service)) refuse("compose.schema", `services.${at.name} must be a mapping`, service.range);
      base = service;
      break;
    }
    const next = baseOf(at, service, files, input);
    // The reference names a service together with the file that its base is in.
    const place = `${at.name} in ${next.services.file}`;
    if (seen.has(place)) refuseCircle([...[...seen].slice(seen.get(place)).map(([earlier]) => earlier), place], service);
    seen.set(place, chain.length);
    chain.push({ ...at, service });
    at = next;
  }
  for (let link = chain.pop(); link; link = chain.pop()) {
    const over = withoutEntry(link.service, "extends");
    base = isNull(base) ? link.service : mergeService(strippedBase(base, link.name, [...input.notes, ...link.notes]), over);
    link.services.done.set(link.name, base);
  }
  return base;
}

/** What the document takes away from earlier definitions of the service, it takes away from its base too. */
function strippedBase(base: ComposeNode, name: string, notes: Notes): ComposeNode {
  if (notes.length === 0) return base;
  const wrap = (key: string, value: ComposeNode): Mapping => mapping(new Map([[key, { key: value.range, value }]]), value.range);
  const stripped = applyNotes(wrap("services", wrap(name, base)), notes);
  return valueAt(valueAt(stripped, "services"), name) ?? mapping(new Map(), base.range);
}

function baseOf(
  at: { readonly name: string; readonly services: Services },
  service: Mapping,
  files: Map<string, Services>,
  input: ExtendsInput,
): { name: string; services: Services; notes: Notes } {
  const node = valueAt(service, "extends") as ComposeNode;
  const named = node.kind === "map" ? valueAt(node, "service") : node;
  if (node.kind === "map" && !isString(named)) refuse("compose.extends", `extends.${at.name}.service is required`, node.range);
  const name = isString(named) ? named.text : "";
  const file = node.kind === "map" ? valueAt(node, "file") : undefined;
  const range = (named ?? node).range;
  if (!file || isNull(file)) {
    if (!at.services.map.entries.has(name))
      refuse("compose.extends", `cannot extend service ${quote(at.name)} in ${at.services.file}: service ${quote(name)} not found`, range);
    return { name, services: at.services, notes: [] };
  }
  if (!isString(file)) refuse("compose.extends", `extends.${at.name}.file: unexpected type ${typeName(file)}`, file.range);
  const path = file.text.startsWith("/") ? file.text : joinPath(input.scope.directory, file.text);
  const base = input.baseFile(path, file.range);
  if (!base.services) refuse("compose.extends", `cannot extend service ${quote(at.name)} in ${path}: no services section`, file.range);
  if (!base.services.entries.has(name))
    refuse("compose.extends", `cannot extend service ${quote(at.name)} in ${at.services.file}: service ${quote(name)} not found in ${file.text}`, range);
  let services = files.get(path);
  if (!services) files.set(path, (services = { file: file.text, map: base.services, done: new Map() }));
  return { name, services, notes: base.notes };
}

function refuseCircle(places: readonly string[], service: Mapping): never {
  const { range } = valueAt(service, "extends") as ComposeNode;
  refuse("compose.extends", `Circular reference:\n  ${places.join("\n  extends ")}`, range);
}
