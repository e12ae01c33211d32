/**
 * What stays on this machine about a build: the `refs` files of the builder store (spec/buildkit.md 9.4)
 * that `history` and desktop tools read. Never fails a build.
 */
import type { Host } from "../host.ts";
import { storeRoot, writeAtomic } from "./engine/builders.ts";

export interface BuildState {
  readonly builder: string;
  readonly node: string;
  readonly ref: string;
  readonly target: string;
  readonly localPath: string;
  readonly dockerfilePath: string;
  readonly groupRef: string;
}

/** Remembers one build. Returns false when the store cannot be written. */
export function saveBuildState(host: Host, state: BuildState): boolean {
  const data = { Target: state.target, LocalPath: state.localPath, DockerfilePath: state.dockerfilePath, GroupRef: state.groupRef };
  return save(host, `${state.builder}/${state.node}/${state.ref}`, data, 0o644);
}

/** Remembers a bake run: the targets as typed and the refs of its builds. */
export function saveGroupState(host: Host, groupRef: string, targets: readonly string[], refs: readonly string[]): boolean {
  const data = { ...(targets.length > 0 ? { Targets: targets } : {}), Refs: refs };
  return save(host, `__group__/${groupRef}`, data, 0o600);
}

function save(host: Host, path: string, data: unknown, mode: number): boolean {
  try {
    const root = `${storeRoot(host)}/refs`;
    if (host.stat(`${root}/version`) === undefined) writeAtomic(`${root}/version`, "2", 0o600);
    writeAtomic(`${root}/${path}`, JSON.stringify(data), mode, { synced: false });
    return true;
  } catch {
    return false;
  }
}
