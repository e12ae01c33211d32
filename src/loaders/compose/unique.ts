/** Lists in which a later item takes the place of an earlier one with the same key (spec/compose.md 1.8). */
import { type ComposeNode, isString, list, type List, type Mapping, mapValues, typeName, valueAt, valueText } from "./node.ts";
import { pathTable, type PathTable, step } from "./path-table.ts";
import { refuse } from "./problem.ts";
import { splitPair } from "./sequence.ts";

/** What makes an item the same as another; undefined when it is of a type that has no key. */
interface Key {
  readonly of: (item: ComposeNode) => string | undefined;
  readonly message: (item: ComposeNode) => string;
}

const pair: Key = { of: (item) => (isString(item) ? splitPair(item.text).name : undefined), message: (item) => `unexpected type ${typeName(item)}` };

const unsupported = (item: ComposeNode): string => `unsupported expose value ${goFormat(item)}`;

/** A value where a text was expected, in the way of the reference's formatter. */
function goFormat(item: ComposeNode): string {
  if (item.kind === "list") return `[${item.items.map(goFormat).join(" ")}]`;
  if (item.kind === "map") return `map[${[...item.entries].map(([key, { value }]) => `${key}:${goFormat(value)}`).join(" ")}]`;
  if (item.type === "string") return item.text;
  return item.type === "null" ? "%!s(<nil>)" : `%!s(${typeName(item)}=${valueText(item)})`;
}
const exposed: Key = {
  of: (item) => (item.kind === "scalar" && (item.type === "string" || item.type === "int") ? item.text : undefined),
  message: unsupported,
};

/** Two mounts without a target are two mounts: only text and maps are told from the rest here. */
const mount: Key = {
  of: (item) => {
    if (isString(item)) return item.text;
    if (item.kind !== "map") return undefined;
    const target = valueAt(item, "target") ?? valueAt(item, "source");
    return target ? valueText(target) : "";
  },
  message: unsupported,
};

const environmentFile: Key = {
  of: (item) => {
    if (isString(item)) return item.text;
    // Any other type is left to the schema.
    if (item.kind !== "map") return valueText(item);
    const path = valueAt(item, "path");
    return path ? valueText(path) : undefined;
  },
  message: () => "environment path attribute {place} is missing",
};

const pairs =
  "build.args build.labels build.additional_contexts build.tags environment labels annotations cap_add cap_drop deploy.labels dns dns_opt dns_search links profiles sysctls tmpfs networks.*.aliases networks.*.link_local_ips";
const KEYS = pathTable<Key>([
  ...pairs.split(" ").map((name) => [`services.*.${name}`, pair] as const),
  ["networks.*.labels", pair],
  ["services.*.env_file", environmentFile],
  ["services.*.expose", exposed],
  ["services.*.secrets", mount],
  ["services.*.configs", mount],
]);

/** Services that were found without repeats are not looked at again when the next document is merged. */
export function dropRepeats(model: Mapping, settled: WeakSet<ComposeNode>): Mapping {
  const walk = (node: ComposeNode, keys: PathTable<Key> | undefined, path: string, depth: number): ComposeNode => {
    if (keys === undefined || settled.has(node)) return node;
    if (node.kind === "list") return keys.here ? distinct(node, keys.here, path) : node;
    if (node.kind !== "map") return node;
    const changed = mapValues(node, (value, key) => walk(value, step(keys, key), path === "" ? key : `${path}.${key}`, depth + 1));
    if (depth === 2) settled.add(changed);
    return changed;
  };
  return walk(model, KEYS, "", 0) as Mapping;
}

function distinct(node: List, key: Key, path: string): List {
  const places = new Map<string, number>();
  const items: ComposeNode[] = [];
  node.items.forEach((item, i) => {
    const text = key.of(item);
    const place = `${path}.[${i}]`;
    if (text === undefined) {
      const message = key.message(item);
      refuse("compose.form", message.includes("{place}") ? message.replace("{place}", place) : `${place}: ${message}`, item.range);
    }
    const earlier = places.get(text);
    if (earlier !== undefined) items[earlier] = item;
    else {
      places.set(text, items.length);
      items.push(item);
    }
  });
  return items.length === node.items.length ? node : list(items, node.range);
}
