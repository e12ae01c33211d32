/** `tsbake engine` where no engine runs. What it does with one is tested on engines. */
import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { expectSuccess, temporaryFolder, tsbake } from "./rig.ts";

test("help says what the private engine is, how to stop it, and where its cache lies", async () => {
  const cwd = temporaryFolder();
  const help = expectSuccess(await tsbake(["engine", "--help"], { cwd }));
  for (const word of ["tsbake engine status", "tsbake engine stop [--force]", "TSBAKE_ENGINE_IDLE", "TSBAKE_DATA"]) expect(help.stdout).toContain(word);
  expect(help.stderr).toBe("");
  expect(expectSuccess(await tsbake(["--help"], { cwd })).stdout).toMatch(/^ {2}engine {5}Show or stop the private BuildKit/m);
});

test.each(["status", "stop"])("%s says that none runs, and makes no folder", async (action) => {
  const cwd = temporaryFolder();
  const run = expectSuccess(await tsbake(["engine", action], { cwd, env: { TSBAKE_DATA: `${cwd}/data` } }));
  expect([run.stdout, run.stderr]).toEqual(["The private BuildKit does not run.\n", ""]);
  const again = await tsbake(["engine", "stop", "--force"], { cwd, env: { TSBAKE_DATA: `${cwd}/data` } });
  expect(again.stdout).toBe("The private BuildKit does not run.\n");
  expect(existsSync(`${cwd}/data`)).toBe(false);
});

test.each([[[]], [["start"]], [["status", "now"]], [["stop", "--hard"]]])("%j is refused", async (args) => {
  const run = await tsbake(["engine", ...args], { cwd: temporaryFolder() });
  expect(run.exit, run.story).toBe(1);
  expect(run.stderr).toBe('ERROR: tsbake engine takes "status" or "stop [--force]"; see: tsbake engine --help\n');
});
