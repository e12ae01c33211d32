/** Short forms to long ones (spec/compose.md 1.8), for what bake reads; the rest is checked by `dropped.ts`. */
import { quote } from "../../go-text.ts";
import {
  type ComposeNode,
  type Entry,
  isNull,
  isString,
  list,
  mapItems,
  mapping,
  type Mapping,
  mapValues,
  partsOf,
  scalar,
  string,
  typeName,
  valueAt,
  valueText,
  withEntry,
} from "./node.ts";
import { checkDropped, checkResource } from "./dropped.ts";
import { refuse, warning } from "./problem.ts";
import type { LoadScope } from "./scope.ts";
import { splitPair } from "./sequence.ts";

/** Applied after every merge; services that are canonical already are kept as they are. */
export function canonicalise(model: Mapping, scope: LoadScope, settled: WeakSet<ComposeNode>): Mapping {
  return mapValues(model, (value, kind) => {
    if (kind === "services" && value.kind === "map") {
      return mapValues(value, (service, name) => {
        if (settled.has(service)) return service;
        const changed = canonicalService(service, `services.${name}`);
        settled.add(changed);
        return changed;
      });
    }
    if (kind === "secrets" || kind === "configs" || kind === "volumes" || kind === "networks")
      return value.kind === "map" ? mapValues(value, (resource, name) => maybeExternal(resource, `${kind}.${name}`, scope)) : value;
    return value;
  });
}

type Change = (value: ComposeNode, path: string) => ComposeNode;

const SERVICE: Readonly<Record<string, Change>> = { build: canonicalBuild, env_file: canonicalEnvFile };
const BUILD: Readonly<Record<string, Change>> = { secrets: fileMounts, provenance: text, sbom: text, additional_contexts: pairs, ssh, ulimits };

const changed = (map: Mapping, changes: Readonly<Record<string, Change>>, path: string): Mapping =>
  mapValues(map, (value, key) => (Object.hasOwn(changes, key) ? (changes[key] as Change)(value, `${path}.${key}`) : value));

function canonicalService(service: ComposeNode, path: string): ComposeNode {
  if (service.kind !== "map") return service;
  checkDropped(service, path);
  return changed(service, SERVICE, path);
}

function canonicalBuild(node: ComposeNode, path: string): ComposeNode {
  if (isString(node)) return mapping(new Map([["context", { key: node.range, value: node }]]), node.range);
  if (node.kind !== "map") refuse("compose.form", `${path}: invalid type ${typeName(node)} for build`, node.range);
  return changed(node, BUILD, path);
}

/** Items by name become maps with a source. */
function fileMounts(node: ComposeNode, path: string): ComposeNode {
  const mount = (item: ComposeNode, key: string): ComposeNode => {
    if (isString(item)) return mapping(new Map([["source", { key: item.range, value: item }]]), item.range);
    if (item.kind !== "map") refuse("compose.form", `${path}.${key}: unsupported type ${typeName(item)}`, item.range);
    return item;
  };
  if (node.kind === "list") return mapItems(node, (item) => mount(item, "[]"));
  return node.kind === "map" ? mapValues(node, mount) : node;
}

function text(node: ComposeNode): ComposeNode {
  return isString(node) ? node : string(valueText(node), node.range);
}

function pairs(node: ComposeNode, path: string): ComposeNode {
  if (node.kind === "map") {
    // The reference crashes on these.
    for (const [name, { value }] of node.entries)
      if (value.kind === "scalar" && value.type !== "string") refuse("compose.schema", `${path}.${name} must be a string`, value.range);
    return node;
  }
  if (node.kind !== "list") refuse("compose.form", `${path}: invalid type ${typeName(node)}`, node.range);
  const entries = new Map<string, Entry>();
  for (const item of node.items) {
    const { name, value } = splitPair(item.kind === "scalar" ? item.text : valueText(item));
    if (value === undefined) refuse("compose.form", `${path}: invalid value ${valueText(item)}, expected key=value`, item.range);
    entries.set(name, { key: item.range, value: string(value, item.range) });
  }
  return mapping(entries, node.range);
}

function ssh(node: ComposeNode, path: string): ComposeNode {
  if (node.kind === "map") return node;
  if (node.kind !== "list") refuse("compose.form", `${path}: invalid type ${typeName(node)} for ssh`, node.range);
  const entries = new Map<string, Entry>();
  for (const item of node.items) {
    if (!isString(item)) refuse("compose.form", `invalid ssh key type ${typeName(item)}`, item.range);
    const { name, value } = splitPair(item.text);
    if (value === undefined && name !== "default")
      refuse("compose.form", `invalid ssh key ${quote(item.text)}`, item.range, { hint: "write `default`, or `id=path`" });
    entries.set(name, { key: item.range, value: value === undefined ? scalar("null", "", item.range) : string(value, item.range) });
  }
  return mapping(entries, node.range);
}

function ulimits(node: ComposeNode, path: string): ComposeNode {
  if (node.kind === "scalar") return node;
  for (const [step, value] of partsOf(node)) {
    if (value.kind !== "map" && !(value.kind === "scalar" && value.type === "int"))
      refuse("compose.form", `${path}.${step}: invalid type ${typeName(value)} for external`, value.range);
  }
  return node;
}

const REQUIRED = "required";

function canonicalEnvFile(node: ComposeNode, path: string): ComposeNode {
  const entry = (item: ComposeNode): ComposeNode => {
    const required = { key: item.range, value: scalar("bool", "true", item.range) };
    if (isString(item))
      return mapping(
        new Map<string, Entry>([
          ["path", { key: item.range, value: item }],
          [REQUIRED, required],
        ]),
        item.range,
      );
    return item.kind === "map" && !item.entries.has(REQUIRED) ? withEntry(item, REQUIRED, required.value) : item;
  };
  if (isString(node)) return list([entry(node)], node.range);
  if (node.kind !== "list") refuse("compose.form", `${path}: invalid type ${typeName(node)} for env_file`, node.range);
  return mapItems(node, entry);
}

/** `external: {name: n}` is the old way to write `external: true` with a name. */
function maybeExternal(node: ComposeNode, path: string, scope: LoadScope): ComposeNode {
  checkResource(node, path);
  if (node.kind !== "map") return node;
  const external = valueAt(node, "external");
  if (external?.kind !== "map") return node;
  const outer = valueAt(node, "name");
  const inner = valueAt(external, "name");
  scope.warn(warning(`${path}: external.name is deprecated. Please set name and external: true`, external.range));
  if (outer && inner && !isNull(outer) && valueText(outer) !== valueText(inner))
    refuse("compose.form", `${path}: name and external.name conflict; only use name`, inner.range);
  const named = inner ? withEntry(node, "name", inner) : node;
  return withEntry(named, "external", scalar("bool", "true", external.range));
}
