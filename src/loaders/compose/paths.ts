/** Relative paths of the model against the working directory of a load (spec/compose.md 3.3). */
import { type ComposeNode, isString, mapItems, type Mapping, mapValues, type Scalar, string } from "./node.ts";
import { joinPath } from "../../clean-path.ts";
import { isAbsolute } from "./path-relation.ts";
import { warning } from "./problem.ts";
import type { LoadScope } from "./scope.ts";

type PathRule = (path: string, directory: string, scope: LoadScope) => string;

const REMOTE = ["service:", "https://", "http://", "git://", "ssh://", "github.com/", "git@"];

/** `~` is the home directory, whoever's name follows it. */
function expandHome(path: string, scope: LoadScope): string {
  if (!path.startsWith("~")) return path;
  const home = scope.host.env["HOME"];
  if (home === undefined || home === "") {
    scope.warn(warning("cannot expand '~', because the environment lacks HOME"));
    return path;
  }
  return joinPath(home, path.slice(1));
}

const filePath: PathRule = (path, directory, scope) => {
  const expanded = expandHome(path, scope);
  return isAbsolute(expanded) || expanded === "" ? expanded : joinPath(directory, expanded);
};

const contextPath: PathRule = (path, directory, scope) =>
  path.includes("://") || REMOTE.some((start) => path.startsWith(start)) ? path : filePath(path, directory, scope);

/** Also for what runs on another machine: absolute in the Windows sense counts; the empty path is the directory. */
const mountPath: PathRule = (path, directory, scope) => {
  const expanded = expandHome(path, scope);
  return isAbsolute(expanded) || /^(?:[A-Za-z]:[\\/]|\\\\)/.test(expanded) ? expanded : joinPath(directory, expanded);
};

/** The model with its paths relative to what `directory` is relative to. */
export function resolvePaths(model: Mapping, directory: string, scope: LoadScope): Mapping {
  const apply = (node: ComposeNode, rule: PathRule): ComposeNode => (isString(node) ? withText(node, rule(node.text, directory, scope)) : node);
  const each = (node: ComposeNode, rule: PathRule): ComposeNode => (node.kind === "map" ? mapValues(node, (value) => apply(value, rule)) : node);
  const build: Readonly<Record<string, (node: ComposeNode) => ComposeNode>> = {
    context: (node) => apply(node, contextPath),
    additional_contexts: (node) => each(node, contextPath),
    ssh: (node) => each(node, mountPath),
  };
  const service: Readonly<Record<string, (node: ComposeNode) => ComposeNode>> = {
    build: (node) => changeKeys(node, build),
    env_file: (node) => (node.kind === "list" ? mapItems(node, (item) => changeKeys(item, { path: (path) => apply(path, filePath) })) : node),
    extends: (node) => changeKeys(node, { file: (path) => apply(path, filePath) }),
  };
  return changeKeys(model, {
    services: (node) => (node.kind === "map" ? mapValues(node, (value) => changeKeys(value, service)) : node),
    secrets: (node) => (node.kind === "map" ? mapValues(node, (value) => changeKeys(value, { file: (path) => apply(path, mountPath) })) : node),
  }) as Mapping;
}

const withText = (node: Scalar, text: string): Scalar => (text === node.text ? node : string(text, node.range));

function changeKeys(node: ComposeNode, changes: Readonly<Record<string, (node: ComposeNode) => ComposeNode>>): ComposeNode {
  if (node.kind !== "map") return node;
  return mapValues(node, (value, key) => (Object.hasOwn(changes, key) ? (changes[key] as (node: ComposeNode) => ComposeNode)(value) : value));
}
