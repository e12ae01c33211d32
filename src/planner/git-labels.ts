/** Image labels from git facts, on request of BUILDX_GIT_LABELS (spec/buildkit.md 7.4). */
import { posix } from "node:path";
import type { LocalFacts } from "./facts.ts";
import { goBool } from "../go-text.ts";

/** `label:` attributes; none unless asked for. A label of the target itself stays. */
export function gitLabels(
  directory: string,
  dockerfilePath: string,
  facts: LocalFacts,
  labels: readonly (readonly [name: string, value: string])[],
): Readonly<Record<string, string>> {
  const asked = facts.env["BUILDX_GIT_LABELS"];
  const git = facts.git.get(directory);
  if (!git || !(asked === "full" || goBool(asked) === true)) return {};
  const own = new Set(labels.map(([name]) => name));
  const entrypoint = dockerfilePath === "" ? undefined : posix.relative(git.root, dockerfilePath);
  const found: readonly (readonly [string, string | undefined])[] = [
    ["org.opencontainers.image.revision", git.revision],
    ["org.opencontainers.image.source", git.source],
    ["com.docker.image.source.entrypoint", entrypoint?.startsWith("..") === true ? undefined : entrypoint],
  ];
  return Object.fromEntries(found.flatMap(([name, value]) => (value === undefined || own.has(name) ? [] : [[`label:${name}`, value] as const])));
}
