/** A disk of this machine that is full: every output says which file it could not write, and nothing hangs or is left half-written. */
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { start, TSBAKE } from "../cli/rig.ts";
import { describeEngines, expectSuccess, type EngineRig } from "./rig.ts";

/** A project with a folder `small` that holds 64 KiB, and a context of more than that. */
function project(engine: EngineRig, output: string): string {
  const cwd = engine.project({
    "docker-bake.hcl": `target "default" {\n  ${output}\n}\n`,
    Dockerfile: "FROM scratch\nCOPY big /\n",
    big: randomBytes(300_000),
  });
  const small = join(cwd, "small");
  mkdirSync(small);
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", small]);
  onTestFinished(() => void execFileSync("umount", ["--lazy", small]));
  return cwd;
}

/** Everything that is a file. */
const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) => (entry.isFile() ? [join(entry.parentPath, entry.name)] : []));

describeEngines("a full disk", ["dockerd", "buildkitd"], (engine) => {
  const mounts = process.getuid?.() === 0 && process.platform === "linux";

  test.skipIf(!mounts).each([
    ["a directory", 'output = ["type=local,dest=small/out"]', "small/out"],
    ["a tar", 'output = ["type=tar,dest=small/out.tar"]', "small/out.tar"],
    ["an OCI archive", 'output = ["type=oci,dest=small/oci.tar"]', "small/oci.tar"],
    ["an OCI layout", 'output = ["type=oci,dest=small/layout,tar=false"]', "small/layout"],
    ["a cache", 'output = ["type=cacheonly"]\n  cache-to = ["type=local,dest=small/cache"]', "small/cache"],
  ])("under %s", async (_what, output, path) => {
    const cwd = project(engine, output);
    const run = await engine.tsbake(["--progress=quiet"], { cwd });
    expect(run.exit, run.story).toBe(1);
    expect(run.stderr).toMatch(new RegExp(`^ERROR: failed to solve: [^\n]*write (?:\\S+/)?${path.replaceAll(".", "\\.")}: no space left on device\n$`));
    // Layouts keep what has arrived for a later try.
    if (!path.includes("layout") && !path.includes("cache")) expect(filesIn(join(cwd, "small"))).toEqual([]);
  });

  test.skipIf(!existsSync("/dev/full"))("under standard output", async () => {
    const cwd = engine.project({
      "docker-bake.hcl": 'target "default" {\n  output = ["type=tar,dest=-"]\n}\n',
      Dockerfile: "FROM scratch\nCOPY Dockerfile /\n",
    });
    const redirected = ["/bin/sh", "-c", 'exec "$0" "$@" > /dev/full', process.execPath, TSBAKE, "--progress=quiet"] as const;
    const run = await start(redirected, { cwd, env: engine.env }).done;
    expect(run.exit, run.story).toBe(1);
    expect(run.stderr).toMatch(/^ERROR: failed to solve: [^\n]*write stdout: no space left on device\n$/);
  });

  test.skipIf(!mounts)("under the metadata file", async () => {
    const cwd = project(engine, 'output = ["type=local,dest=out"]');
    writeFileSync(join(cwd, "small/fill"), randomBytes(64 * 1024));
    const run = await engine.tsbake(["--progress=quiet", "--metadata-file=small/meta.json"], { cwd });
    expect(run.exit, run.story).toBe(1);
    expect(run.stderr).toBe("ERROR: failed to write metadata file: write small/meta.json: no space left on device\n");
    expect(readdirSync(join(cwd, "small"))).toEqual(["fill"]);
    expectSuccess(await engine.tsbake(["--progress=quiet", "--metadata-file=meta.json"], { cwd }));
  });
});
