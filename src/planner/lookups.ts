/** What has to be looked up on this machine before these targets can be planned. Names only; the lookup is the runner's. */
import { posix } from "node:path";
import { absolutePath, splitLayout } from "./build-context.ts";
import type { TargetInput } from "./target.ts";

export interface Lookups {
  /** Absolute paths whose kind and real path matter. */
  readonly paths: readonly string[];
  /** Absolute context directories whose repository matters. */
  readonly gitDirectories: readonly string[];
  /** `oci-layout://` references as written, with their absolute directory. */
  readonly layouts: readonly { readonly reference: string; readonly directory: string; readonly tag: string; readonly digest: string }[];
  /** Environment variables that secrets may come from: only whether they are set matters. */
  readonly variables: readonly string[];
  readonly localCaches: readonly { readonly directory: string; readonly shown: string; readonly tag: string; readonly digest: string }[];
}

/** The questions that planning these targets will ask. Linear in targets; each path once. */
export function lookupsOf(targets: readonly TargetInput[], cwd: string, isRemote: (text: string) => boolean): Lookups {
  const paths = new Set<string>();
  const gitDirectories = new Set<string>();
  const layouts = new Map<string, Lookups["layouts"][number]>();
  const localCaches = new Map<string, Lookups["localCaches"][number]>();
  const variables = new Set<string>();
  for (const target of targets) {
    const remote = isRemote(target.context);
    const directory = remote ? "" : absolutePath(target.context, cwd);
    if (!remote) {
      paths.add(directory);
      gitDirectories.add(directory);
    }
    const inContext = !remote || target.dockerfile.startsWith("/");
    if (target.dockerfileInline === "" && inContext && !/^https?:/.test(target.dockerfile)) addDockerfile(absolutePath(target.dockerfile, directory), paths);
    for (const [, value] of target.contexts) {
      if (value.startsWith("oci-layout://")) {
        const { path, tag, digest } = splitLayout(value);
        layouts.set(value, { reference: value, directory: absolutePath(path, cwd), tag, digest });
      } else if (!/^(target:|docker-image:\/\/|input:)/.test(value) && !isRemote(value)) {
        paths.add(absolutePath(value.replace(/^cwd:\/\//, ""), cwd));
      }
    }
    for (const { type, attributes } of target.cacheFrom) {
      if (type !== "local") continue;
      const shown = attributes["src"] ?? "";
      const cache = { directory: absolutePath(shown, cwd), shown, tag: attributes["tag"] ?? "latest", digest: attributes["digest"] ?? "" };
      localCaches.set(`${cache.directory}\0${cache.tag}\0${cache.digest}`, cache);
    }
    for (const { id, src, env } of target.secrets) if (src === undefined && env === undefined) variables.add(id);
  }
  return {
    paths: [...paths],
    gitDirectories: [...gitDirectories],
    layouts: [...layouts.values()],
    localCaches: [...localCaches.values()],
    variables: [...variables],
  };
}

function addDockerfile(path: string, paths: Set<string>): void {
  const folder = posix.dirname(path);
  paths.add(folder);
  if (posix.basename(path) !== "Dockerfile") return;
  paths.add(path);
  paths.add(posix.join(folder, "dockerfile"));
}
