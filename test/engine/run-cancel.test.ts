/** Ctrl-C: the engine stops working, nothing half-written stays, and it is over at once. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { describeEngines } from "./rig.ts";
import { runningBuilds } from "./run-control.ts";

describeEngines("cancelling", ["dockerd", "dockerd-classic", "buildkitd"], (engine) => {
  test("ends the solves on the engine within two seconds and leaves no partial output", async () => {
    const cwd = engine.project({
      "docker-bake.hcl":
        'group "default" {\n  targets = ["slow", "child"]\n}\n' +
        'target "slow" {\n  contexts = { tools = "tools" }\n  no-cache = true\n}\n' +
        'target "child" {\n  contexts = { base = "target:slow" }\n  dockerfile-inline = "FROM base\\n"\n  output = ["type=tar,dest=out/child.tar"]\n}\n',
      Dockerfile: 'FROM tools\nRUN ["/bin/busybox", "sh", "-c", "echo now at work; /bin/busybox sleep 100"]\n',
    });
    const running = engine.startTsbake(["--progress=plain"], { cwd });
    await running.saw("now at work");
    const before = Date.now();
    running.child.kill("SIGINT");
    const run = await running.done;
    expect(run.exit, run.story).toBe(130);
    expect(Date.now() - before).toBeLessThan(2000);
    expect(run.stderr).toMatch(/\nERROR: .*context canceled\n$/);
    expect(existsSync(join(cwd, "out")) ? readdirSync(join(cwd, "out")) : []).toEqual([]);
    // The step would go on for much longer; the engine closes its record a moment after it has stopped.
    await expect.poll(() => runningBuilds(engine), { timeout: 10_000 }).toBe(0);
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
