/**
 * Programs that no package brings in the version that is needed, built from their published Go modules: BuildKit's daemon and
 * client, and the reference whose answers ours are compared with. Built inside the module's own folder, because a module that
 * excludes versions cannot be built from outside.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import type { EngineLayout } from "./folder.ts";
import { runCommand, say } from "./progress.ts";

interface GoProgram {
  readonly name: string;
  readonly module: string;
  readonly version: string;
  /** The folder of its main package. */
  readonly folder: string;
  /** Where the program keeps the version that it prints. */
  readonly versionVariable: string;
}

export const GO_PROGRAMS: readonly GoProgram[] = [
  {
    name: "buildkitd",
    module: "github.com/moby/buildkit",
    version: "v0.32.2",
    folder: "./cmd/buildkitd",
    versionVariable: "github.com/moby/buildkit/version.Version",
  },
  {
    name: "buildctl",
    module: "github.com/moby/buildkit",
    version: "v0.32.2",
    folder: "./cmd/buildctl",
    versionVariable: "github.com/moby/buildkit/version.Version",
  },
  {
    name: "buildx",
    module: "github.com/docker/buildx",
    version: "v0.36.1",
    folder: "./cmd/buildx",
    versionVariable: "github.com/docker/buildx/version.Version",
  },
];

/** The machine's Go compiler; undefined when there is none, or one too old to fetch a newer one by itself. */
export function findGo(): string | undefined {
  const { status, stdout } = spawnSync("go", ["env", "GOVERSION"], { encoding: "utf8" });
  const minor = /^go1\.(\d+)/.exec(stdout ?? "")?.[1];
  return status === 0 && Number(minor) >= 21 ? "go" : undefined;
}

/** Whether everything is built already, so that no compiler is needed. */
export const allBuilt = (layout: EngineLayout): boolean => GO_PROGRAMS.every((program) => existsSync(goProgramPath(layout, program)));

/** Where a program of this version is, or would be. */
export const goProgramPath = (layout: EngineLayout, { name, version }: GoProgram): string => join(layout.bin, `${name}-${version}`);

/** Builds what is not there yet. */
export async function buildGoPrograms(layout: EngineLayout, go: string): Promise<void> {
  mkdirSync(layout.bin, { recursive: true });
  for (const program of GO_PROGRAMS) {
    const path = goProgramPath(layout, program);
    if (existsSync(path)) continue;
    say(`engines: building ${program.name} ${program.version} (minutes the first time)`);
    // Outside any module, so that nothing of this folder has a say.
    const where = { cwd: layout.root, env: { ...process.env, GOFLAGS: "", GOWORK: "off", GO111MODULE: "on", CGO_ENABLED: "0" }, timeout: 1_800_000 };
    const { Dir } = JSON.parse(await runCommand(go, ["mod", "download", "-json", `${program.module}@${program.version}`], where)) as { readonly Dir: string };
    const flags = ["-buildvcs=false", "-ldflags", `-s -w -X ${program.versionVariable}=${program.version}`];
    await runCommand(go, ["build", "-C", Dir, ...flags, "-o", `${path}.new`, program.folder], where);
    renameSync(`${path}.new`, path);
  }
}
