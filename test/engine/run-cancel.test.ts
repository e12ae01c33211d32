/** Ctrl-C: the engine stops working, nothing half-written stays, and it is over at once; the second time without waiting for anybody. */
import { randomUUID } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Screen } from "../browser/screen.ts";
import { TSBAKE } from "../cli/rig.ts";
import { describeEngines, type EngineRig } from "./rig.ts";
import { MARK, runningBuilds } from "./run-control.ts";
import { startRelay } from "./run-relay.ts";

describeEngines("cancelling", ["dockerd", "dockerd-classic", "buildkitd"], (engine) => {
  test("ends the solves on the engine and leaves no partial output", async () => {
    const mark = randomUUID();
    const cwd = engine.project({
      "docker-bake.hcl":
        'group "default" {\n  targets = ["slow", "child"]\n}\n' +
        'target "slow" {\n  contexts = { tools = "tools" }\n  no-cache = true\n}\n' +
        'target "child" {\n  contexts = { base = "target:slow" }\n  dockerfile-inline = "FROM base\\n"\n  output = ["type=tar,dest=out/child.tar"]\n}\n',
      Dockerfile: 'FROM tools\nRUN ["/bin/busybox", "sh", "-c", "echo now at work; /bin/busybox sleep 100"]\n',
    });
    const running = engine.startTsbake(["--progress=plain", `--set=*.args.${MARK}=${mark}`], { cwd });
    await running.saw("now at work");
    expect(await runningBuilds(engine, mark)).toBeGreaterThan(0);
    running.child.kill("SIGINT");
    const run = await running.done;
    expect(run.exit, run.story).toBe(130);
    expect(run.stderr).toMatch(/\nERROR: .*context canceled\n$/);
    expect(existsSync(join(cwd, "out")) ? readdirSync(join(cwd, "out")) : []).toEqual([]);
    // The step would go on for much longer; the engine closes its record a moment after it has stopped.
    await expect.poll(() => runningBuilds(engine, mark), { timeout: 10_000 }).toBe(0);
  });

  test("in the middle of an output leaves neither file nor temporary file", async () => {
    const cwd = engine.project({
      "docker-bake.hcl": 'target "default" {\n  contexts = { tools = "tools" }\n  output = ["type=tar,dest=out/big.tar"]\n}\n',
      // Larger than what the engine and the connection may hold back.
      Dockerfile: 'FROM tools\nRUN ["/bin/busybox", "dd", "if=/dev/zero", "of=/big", "bs=1M", "count=300"]\n',
    });
    const running = engine.startTsbake(["--progress=plain"], { cwd });
    await running.saw("exporting to client tarball");
    running.child.kill("SIGINT");
    const run = await running.done;
    expect(run.exit, run.story).toBe(130);
    expect(existsSync(join(cwd, "out")) ? readdirSync(join(cwd, "out")) : []).toEqual([]);
  });
});

const slow = {
  "docker-bake.hcl": 'target "default" {\n  contexts = { tools = "tools" }\n  no-cache = true\n  output = ["type=cacheonly"]\n}\n',
  Dockerfile: 'FROM tools\nRUN ["/bin/busybox", "sh", "-c", "echo now at $((40 + 2)); /bin/busybox sleep 100"]\n',
};

describeEngines("an engine that does not answer a cancel", ["dockerd", "buildkitd"], (engine) => {
  /** A build whose step is running, with the engine's answers held back from then on. */
  async function heldBuild(rig: EngineRig): Promise<Screen> {
    const relay = await startRelay(rig.address);
    const env = rig.isDocker ? { DOCKER_HOST: relay.address } : { BUILDX_BUILDER: relay.address };
    const mark = randomUUID();
    const screen = new Screen([process.execPath, TSBAKE, `--set=*.args.${MARK}=${mark}`], { columns: 100, rows: 24, cwd: rig.project(slow), env });
    await screen.shows("the running step", (lines) => lines.some((line) => line.includes("now at 42")));
    relay.hold();
    screen.type("\u0003");
    // The engine has heard of it; that it has stopped is what nobody is told.
    await expect.poll(() => runningBuilds(rig, mark), { timeout: 10_000 }).toBe(0);
    return screen;
  }

  test("is left at once by the second Ctrl-C, with the terminal as it was", async () => {
    const screen = await heldBuild(engine);
    screen.type("\u0003");
    const { exit, text } = await screen.done;
    expect(exit, text).toBe(130);
    // Whoever waits for the engine, however long, has a last word.
    expect(text).not.toContain("ERROR:");
    expect(screen.cursorHidden).toBe(false);
  });

  test("is given up after a while without it", async () => {
    const { exit, text } = await (await heldBuild(engine)).done;
    expect(exit, text).toBe(130);
    expect(text).toContain("ERROR: context canceled");
  });
});
