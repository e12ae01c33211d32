/** `--events` of real runs: what the schema says, and what becomes of a run whose events cannot be written. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { expect, test } from "vitest";
import { ROOT } from "../cli/rig.ts";
import { describeEngines, expectSuccess } from "./rig.ts";
import { endOf, readEvents, run, runWithEvents, shellDockerfile } from "./scale-rig.ts";

const validate = new Ajv({ strict: true, allErrors: true }).compile(JSON.parse(readFileSync(join(ROOT, "schema/events.json"), "utf8")) as object);

const files = {
  "docker-bake.hcl": [
    'group "default" { targets = ["good", "child"] }\n',
    'target "good" {\n  contexts = { tools = "tools" }\n  output = ["type=local,dest=out"]\n}\n',
    'target "child" {\n  contexts = { tools = "target:good" }\n  args = { NAME = "child" }\n  output = ["type=oci,dest=child.tar"]\n}\n',
    'target "bad" {\n  contexts = { tools = "tools" }\n  dockerfile = "bad.Dockerfile"\n  output = ["type=cacheonly"]\n}\n',
  ].join(""),
  Dockerfile: shellDockerfile(run("echo $NAME > /name")),
  "bad.Dockerfile": shellDockerfile(run("exit 9")),
};

describeEngines("events", ["dockerd", "buildkitd"], (engine) => {
  test("are each what the schema says, of targets that succeed and of one that fails", async () => {
    const result = await runWithEvents(engine, ["-k", "default", "bad"], { cwd: engine.project(files) });
    expect(endOf(result)).toMatchObject({ succeeded: ["good", "child"], failed: ["bad"] });
    for (const event of result.events) expect(validate(event), JSON.stringify([event, validate.errors])).toBe(true);
    expect(new Set(result.events.map(({ type }) => type))).toEqual(new Set(["start", "status", "target", "transfer", "end"]));
  });

  test("that have no place to be written to are told before anything is built", async () => {
    const cwd = engine.project(files);
    const refused = await engine.tsbake(["--progress=quiet", "--events=missing/events.jsonl"], { cwd });
    expect([refused.exit, refused.stderr], refused.story).toEqual([
      1,
      "ERROR: failed to write events: ENOENT: no such file or directory, open 'missing/events.jsonl'\n",
    ]);
    expect(existsSync(join(cwd, "out"))).toBe(false);
  });

  test("have standard output for themselves", async () => {
    const args = ["--progress=quiet", "--events=-", "--set=good.output=type=tar,dest=-", "good"];
    const { exit, stdout, stderr, story } = await engine.tsbake(args, { cwd: engine.project(files) });
    expect([exit, stdout, stderr], story).toEqual([1, "", "ERROR: target good writes its output to standard output, where --events=- writes events\n"]);
  });

  test.runIf(existsSync("/dev/full"))("that meet a full disk let the run go on, which tells it at its end", async () => {
    const cwd = engine.project(files);
    const told = "failed to write events to /dev/full: ENOSPC: no space left on device, write\n";
    const full = await engine.tsbake(["--progress=quiet", "--events=/dev/full", "--metadata-file=meta.json"], { cwd });
    expect([full.exit, full.stderr], full.story).toEqual([1, `ERROR: ${told}`]);
    expect(existsSync(join(cwd, "out/name"))).toBe(true);
    expect(Object.keys(JSON.parse(readFileSync(join(cwd, "meta.json"), "utf8")) as object).sort()).toEqual(["child", "good"]);
    const failed = await engine.tsbake(["--progress=quiet", "--events=/dev/full", "bad"], { cwd });
    expect(failed.exit, failed.story).toBe(1);
    expect(failed.stderr).toContain(`error: ${told}`);
    expect(failed.stderr).toMatch(/\nERROR: failed to solve: .* exit code: 9\n$/);
  });

  test("of a run that another process reads while it goes on", async () => {
    const cwd = engine.project({ ...files, Dockerfile: shellDockerfile(run("echo at work; /bin/busybox sleep 1")) });
    const running = engine.startTsbake(["--progress=quiet", "--no-cache", "--events=events.jsonl", "good"], { cwd });
    await expect.poll(() => existsSync(join(cwd, "events.jsonl")) && readEvents(cwd).some(({ state }) => state === "running"), { timeout: 30_000 }).toBe(true);
    expect(running.child.exitCode).toBe(null);
    expectSuccess(await running.done);
  });
});
