/** What a short run loads. The budget is measured in test/bench; here is what would break it for certain. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { expectSuccess, project, ROOT, start, TSBAKE } from "./rig.ts";

const contents = JSON.parse(readFileSync(join(ROOT, "dist/contents.json"), "utf8")) as Readonly<Record<string, readonly string[]>>;

test("the core holds sources of tsbake only: no package, nothing of the runner's or planner's", () => {
  const core = contents["tsbake-core.cjs"] ?? [];
  expect(core.length).toBeGreaterThan(50);
  expect(core.filter((path) => !path.startsWith("src/"))).toEqual([]);
  expect(core.filter((path) => /^src\/(runner|planner)\/|generated/.test(path))).toEqual([]);
});

test("printing HCL loads the core only, and none of Node's slow modules", async () => {
  // Lists what is loaded when the run ends.
  const watch = `
    const before = new Set(process.moduleLoadList);
    process.on("exit", () => {
      const builtins = process.moduleLoadList.filter((name) => !before.has(name) && /^NativeModule (crypto|stream|tty|http|https|http2|net|tls|child_process|internal\\/deps\\/undici)/.test(name));
      require("node:fs").writeSync(2, "\\n" + JSON.stringify(builtins));
    });`;
  const cwd = project({ "docker-bake.hcl": 'target "default" { args = { v = upper("x") } }\n', "watch.cjs": watch });
  const run = expectSuccess(
    await start(["/bin/sh", "-c", `exec "$0" "$@" < /dev/null`, process.execPath, "--require", join(cwd, "watch.cjs"), TSBAKE, "--print"], { cwd }).done,
  );
  expect(JSON.parse(run.stderr.trimEnd().split("\n").at(-1) ?? "")).toEqual([]);
});
