/**
 * Programs that no package brings in the version that is needed, built from their published Go modules: BuildKit's daemon and
 * client, the reference whose answers ours are compared with, and the evaluator of policies. Built inside the module's own
 * folder, because a module that excludes versions cannot be built from outside.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, realpathSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import type { EngineLayout } from "./folder.ts";
import { runCommand, say } from "./progress.ts";

interface GoProgram {
  readonly name: string;
  readonly module: string;
  readonly version: string;
  /** The folder of its main package. */
  readonly folder: string;
  /** Where the program keeps the version that it prints, when it does not know it by itself. */
  readonly versionVariable?: string;
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
  {
    name: "opa",
    module: "github.com/open-policy-agent/opa",
    // The one that the reference evaluates with.
    version: "v1.14.1",
    folder: ".",
  },
];

/** The machine's Go compiler; undefined when there is none, or one too old to fetch a newer one by itself. */
export function findGo(): string | undefined {
  const { status, stdout } = spawnSync("go", ["env", "GOVERSION"], { encoding: "utf8" });
  const minor = /^go1\.(\d+)/.exec(stdout ?? "")?.[1];
  return status === 0 && Number(minor) >= 21 ? "go" : undefined;
}

/** Whether everything is built already, so that no compiler is needed. */
export const allBuilt = (layout: EngineLayout): boolean => GO_PROGRAMS.every((program) => isNamed(layout, program));

/** Whether the program is there, also under its plain name, by which others find it on PATH. */
function isNamed(layout: EngineLayout, program: GoProgram): boolean {
  const path = goProgramPath(layout, program);
  const name = join(layout.bin, program.name);
  return existsSync(path) && existsSync(name) && realpathSync(name) === realpathSync(path);
}

/** Where a program of this version is, or would be. */
export const goProgramPath = (layout: EngineLayout, { name, version }: GoProgram): string => join(layout.bin, `${name}-${version}`);

/** Builds what is not there yet. */
export async function buildGoPrograms(layout: EngineLayout, go: string): Promise<void> {
  mkdirSync(layout.bin, { recursive: true });
  for (const program of GO_PROGRAMS) {
    const path = goProgramPath(layout, program);
    if (!existsSync(path)) await buildGoProgram(layout, go, program);
    const name = join(layout.bin, program.name);
    if (isNamed(layout, program)) continue;
    rmSync(name, { force: true });
    symlinkSync(`${program.name}-${program.version}`, name);
  }
}

async function buildGoProgram(layout: EngineLayout, go: string, program: GoProgram): Promise<void> {
  const path = goProgramPath(layout, program);
  say(`engines: building ${program.name} ${program.version} (minutes the first time)`);
  // Outside any module, so that nothing of this folder has a say.
  const where = { cwd: layout.root, env: { ...process.env, GOFLAGS: "", GOWORK: "off", GO111MODULE: "on", CGO_ENABLED: "0" }, timeout: 1_800_000 };
  const { Dir } = JSON.parse(await runCommand(go, ["mod", "download", "-json", `${program.module}@${program.version}`], where)) as { readonly Dir: string };
  const told = program.versionVariable === undefined ? "" : ` -X ${program.versionVariable}=${program.version}`;
  const flags = ["-buildvcs=false", "-ldflags", `-s -w${told}`];
  await runCommand(go, ["build", "-C", Dir, ...flags, "-o", `${path}.new`, program.folder], where);
  renameSync(`${path}.new`, path);
}
