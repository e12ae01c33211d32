/** Mistakes in service keys that bake does not read but the reference still refuses (spec/compose.md 5.3). */
import { type ComposeNode, isNull, isString, type Mapping, partsOf, typeName, valueAt, valueText } from "./node.ts";
import { portProblem } from "./port.ts";
import { refuse } from "./problem.ts";

type Check = (value: ComposeNode, path: string) => void;

function wrongType(node: ComposeNode, path: string, noun: string): never {
  refuse("compose.form", `${path}: invalid type ${typeName(node)} for ${noun}`, node.range);
}

const ports: Check = (node, path) => {
  if (node.kind !== "list") wrongType(node, path, "port");
  node.items.forEach((item, i) => {
    if (item.kind === "map") {
      if (!item.entries.has("target")) refuse("compose.form", `service ports ${path}.[${i}] is missing a target port`, item.range);
      return;
    }
    if (item.kind !== "scalar" || (item.type !== "string" && item.type !== "int")) wrongType(item, path, "port");
    const problem = portProblem(item.text);
    if (problem !== undefined) refuse("compose.form", problem, item.range);
  });
};

function isText(map: Mapping, key: string, text: string): boolean {
  const value = valueAt(map, key);
  return isString(value) && value.text === text;
}

/** Items are texts, or maps that name a target. */
const mounts =
  (noun: string, text: (text: string) => string | undefined): Check =>
  (node, path) => {
    if (node.kind === "scalar") return;
    let index = 0;
    for (const [step, item] of partsOf(node)) {
      if (item.kind === "map") {
        if (node.kind === "list" && !isString(valueAt(item, "target")))
          refuse("compose.form", `service ${noun} ${path}.[${index}] is missing a mount target`, item.range);
        if (isText(item, "type", "bind") && !item.entries.has("source")) {
          refuse("compose.form", 'invalid mount config for type "bind": field Source must not be empty', item.range);
        }
      } else {
        if (!isString(item)) wrongType(item, `${path}.${step}`, "service volume mount");
        const problem = text(item.text);
        if (problem !== undefined) refuse("compose.form", problem, item.range);
      }
      index++;
    }
  };

const dependsOn: Check = (node, path) => {
  if (node.kind === "list") {
    for (const item of node.items) if (!isString(item)) wrongType(item, `${path}.[]`, "depend_on");
    return;
  }
  if (node.kind !== "map") wrongType(node, path, "depend_on");
  for (const [name, { value }] of node.entries)
    if (value.kind !== "map") refuse("compose.form", `${path}.${name}: unsupported value ${valueText(node)}`, value.range);
};

const gpus: Check = (node, path) => {
  if (isString(node)) return;
  if (node.kind !== "list") wrongType(node, path, "gpus");
  for (const item of node.items)
    if (item.kind !== "map") refuse("compose.form", `${path}.[]: invalid type map[string]interface {} for device request`, item.range);
};

/** Lists are checked where repeats are dropped; a map of mounts is a mistake that is met here. */
const fileMounts: Check = (node, path) => {
  if (node.kind !== "map") return;
  for (const [name, { value }] of node.entries)
    if (!isString(value) && value.kind !== "map") refuse("compose.form", `${path}.${name}: unsupported type ${typeName(value)}`, value.range);
};

const ulimits: Check = (node, path) => {
  if (node.kind === "scalar") return;
  for (const [step, value] of partsOf(node)) {
    if (value.kind !== "map" && !(value.kind === "scalar" && value.type === "int")) wrongType(value, `${path}.${step}`, "external");
  }
};

/** Names become keys, so they must be texts. */
const names: Check = (node, path) => {
  if (node.kind === "list")
    for (const item of node.items) if (!isString(item)) refuse("compose.form", `${path}.[]: unexpected type ${typeName(item)}`, item.range);
};

function unexpected(node: ComposeNode): never {
  refuse("compose.form", `unexpected type ${typeName(node)}`, node.range);
}

const labelFile: Check = (node) => {
  if (node.kind !== "scalar") for (const [, part] of partsOf(node)) if (!isString(part)) unexpected(part);
};

const develop: Check = (node) => {
  const watch = valueAt(node, "watch");
  if (watch?.kind !== "list") return;
  for (const item of watch.items) {
    const path = valueAt(item, "path");
    if (path && !isString(path)) unexpected(path);
  }
};

const volume = (text: string): string | undefined => (text === "" ? "invalid empty volume spec" : undefined);
const device = (text: string): string | undefined => (text.split(":").length > 3 ? `confusing device mapping, please use long syntax: ${text}` : undefined);

const CHECKS: Readonly<Record<string, Check>> = {
  ports,
  volumes: mounts("volume", volume),
  devices: mounts("device", device),
  depends_on: dependsOn,
  gpus,
  secrets: fileMounts,
  configs: fileMounts,
  ulimits,
  networks: names,
  models: names,
  label_file: labelFile,
  develop,
};

/** Stops at the first mistake. */
export function checkDropped(service: Mapping, path: string): void {
  for (const [key, { value }] of service.entries) if (Object.hasOwn(CHECKS, key)) (CHECKS[key] as Check)(value, `${path}.${key}`);
}

/** A volume, network, config or secret is a map or null. */
export function checkResource(node: ComposeNode, path: string): void {
  if (node.kind !== "map" && !isNull(node)) refuse("compose.form", `${path} must be a mapping`, node.range);
}
