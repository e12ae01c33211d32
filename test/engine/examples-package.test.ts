/** The published package bakes. */
import { join } from "node:path";
import { expect, test } from "vitest";
import { installTarball, packProject } from "../cli/install.ts";
import { start } from "../cli/rig.ts";
import { copyExample } from "./examples-rig.ts";
import { describeEngines, expectSuccess, temporaryFolder } from "./rig.ts";

describeEngines("the package", ["dockerd"], (engine) => {
  test("installed without scripts in an empty folder, it builds", { timeout: 240_000 }, async () => {
    const folder = temporaryFolder();
    installTarball(packProject(folder), join(folder, "user"), ["--ignore-scripts"]);
    const bin = join(folder, "user/node_modules/.bin/tsbake");
    const run = expectSuccess(await start([bin, "--progress=plain"], { cwd: copyExample("hello"), env: engine.env }).done);
    expect(run.stderr).toContain("naming to docker.io/library/hello:latest");
  });
});
