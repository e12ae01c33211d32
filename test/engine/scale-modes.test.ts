/** What a failure means for other targets: go on, hold outputs back, try again, give up in time. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { describeEngines, expectSuccess } from "./rig.ts";
import { startRelay } from "./run-relay.ts";
import { startFailingRegistry } from "./scale-faults.ts";
import { endOf, type EventLine, manyTargets, readEvents, run, runWithEvents, shellDockerfile, statesOf } from "./scale-rig.ts";

const names = (...numbers: readonly number[]): readonly string[] => numbers.map((n) => `t${n}`);

describeEngines("defer-error", ["dockerd", "buildkitd"], (engine) => {
  test("three of twenty fail, what needs them is skipped, all others are built", async () => {
    const failing = `(NAME == 3 || NAME == 7 || NAME == 11)`
      .replaceAll(/NAME == (\d+)/g, '"$NAME" = t$1')
      .replaceAll("||", "-o")
      .replace("(", "[ ")
      .replace(")", " ]");
    const cwd = engine.project({
      "docker-bake.hcl":
        manyTargets(17) +
        ["child", "grandchild", "fine"]
          .map(
            (name, i) =>
              `target "${name}" {\n  contexts = { tools = "tools", base = "target:${["t3", "child", "t4"][i]}" }\n  dockerfile-inline = "FROM base\\n"\n  output = ["type=local,dest=out-${name}"]\n}\n`,
          )
          .join(""),
      Dockerfile: shellDockerfile(run(`! ${failing}`)),
    });
    const result = await runWithEvents(engine, ["-k", "--metadata-file=meta.json", "default", "child", "grandchild", "fine"], { cwd });
    expect(result.run.exit, result.run.story).toBe(1);
    const end = endOf(result);
    expect(end.failed).toEqual(names(3, 7, 11));
    expect(end.skipped).toEqual(["child", "grandchild"]);
    expect(end.cancelled).toEqual([]);
    expect(end.succeeded).toHaveLength(15);
    expect([existsSync(join(cwd, "out-fine/bin/busybox")), existsSync(join(cwd, "out-child"))]).toEqual([true, false]);
    expect(Object.keys(JSON.parse(readFileSync(join(cwd, "meta.json"), "utf8")) as object)).toHaveLength(15);
    const { stderr } = result.run;
    expect(stderr).toMatch(/^t3\s+failed\s+\d+\.\ds\s+failed to solve: process .* exit code: 1$/m);
    expect(stderr).toMatch(/^child\s+skipped\s+target t3, which this target is linked to, failed$/m);
    expect(stderr).toMatch(/^fine\s+succeeded/m);
    expect(stderr).toMatch(/\nERROR: 3 of 20 targets failed: t3, t7, t11\n$/);
  });

  test("without it the first failure cancels the others", async () => {
    const cwd = engine.project({
      "docker-bake.hcl": manyTargets(2, "  no-cache = true\n"),
      Dockerfile: shellDockerfile(run('[ "$NAME" = t0 ] && exit 1; /bin/busybox sleep 100')),
    });
    const result = await runWithEvents(engine, [], { cwd });
    expect(result.run.exit, result.run.story).toBe(1);
    expect(endOf(result)).toMatchObject({ failed: ["t0"], cancelled: ["t1"] });
  });
});

describeEngines(
  "defer-output",
  ["dockerd", "buildkitd"],
  (engine) => {
    const files = (late: string): Record<string, string> => ({
      "docker-bake.hcl":
        manyTargets(4).replace(
          'output = ["type=cacheonly"]',
          `output = ["type=image,name=${engine.registry}/scale-deferred-${engine.kind}-\${n},push=true", "type=local,dest=out/\${n}"]`,
        ) +
        `target "late" {\n  contexts = { tools = "tools" }\n  no-cache = true\n  dockerfile-inline = ${JSON.stringify(shellDockerfile(run(late)))}\n  output = ["type=cacheonly"]\n}\n`,
      Dockerfile: shellDockerfile(run("true")),
    });
    const repositories = async (): Promise<readonly string[]> => {
      const answer = await fetch(`http://${engine.registry}/v2/_catalog?n=1000`);
      const { repositories: all } = (await answer.json()) as { repositories: readonly string[] };
      return all.filter((name) => name.startsWith(`scale-deferred-${engine.kind}-`));
    };

    test("a late failure pushes nothing and writes nothing", async () => {
      const cwd = engine.project(files("/bin/busybox sleep 2; exit 1"));
      const result = await runWithEvents(engine, ["--execution=defer-output", "default", "late"], { cwd });
      expect(result.run.exit, result.run.story).toBe(1);
      expect(endOf(result)).toMatchObject({ failed: ["late"], cancelled: names(0, 1, 2, 3) });
      expect(await repositories()).toEqual([]);
      expect(existsSync(join(cwd, "out"))).toBe(false);
    });

    test("when all are built all is pushed", async () => {
      const cwd = engine.project(files("/bin/busybox sleep 1"));
      const result = await runWithEvents(engine, ["--execution=defer-output", "default", "late"], { cwd });
      expectSuccess(result.run);
      expect(await repositories()).toHaveLength(4);
      expect(existsSync(join(cwd, "out/3/bin/busybox"))).toBe(true);
      const states = result.events
        .filter(({ type, state }) => type === "target" && (state === "exporting" || state === "succeeded"))
        .map(({ target }) => target);
      expect(states).toContain("t0");
    });
  },
  { needs: ["busybox", "registry"] },
);

describeEngines(
  "retries",
  ["buildkitd"],
  (engine) => {
    test("a registry that is busy is asked again, and both attempts are told", async () => {
      const registry = await startFailingRegistry(engine.registry, 503);
      const cwd = engine.project({
        "docker-bake.hcl": `target "default" {\n  contexts = { tools = "tools" }\n  output = ["type=image,name=${registry.address}/scale-retry,push=true"]\n}\n`,
        Dockerfile: shellDockerfile(run("true")),
      });
      const running = engine.startTsbake(["--progress=plain", "--retries=3", "--events=-", "--metadata-file=meta.json"], { cwd });
      await running.saw('"attempt":2');
      registry.heal();
      const done = expectSuccess(await running.done);
      const events = done.stdout.split("\n").filter((line) => line !== "");
      const states = events.map((line) => JSON.parse(line) as Record<string, unknown>).filter(({ type }) => type === "target");
      expect(states[0]).toMatchObject({ state: "waiting", attempt: 1 });
      const second = states.find(({ attempt }) => attempt === 2);
      expect(second).toMatchObject({ state: "waiting", error: expect.stringMatching(/503 Service Unavailable/) as string });
      expect(states[states.length - 1]).toMatchObject({ state: "succeeded" });
      expect(JSON.parse(readFileSync(join(cwd, "meta.json"), "utf8"))).toMatchObject({
        default: { "containerimage.digest": expect.stringMatching(/^sha256:/) as string },
      });
    });

    test("a failed step is never tried again", async () => {
      const cwd = engine.project({ "docker-bake.hcl": manyTargets(1), Dockerfile: shellDockerfile(run("echo 503 Service Unavailable; exit 1")) });
      const result = await runWithEvents(engine, ["--retries=5"], { cwd });
      expect(result.run.exit, result.run.story).toBe(1);
      expect(statesOf(result.events, "t0")).toEqual(["waiting 1", "running 1", "failed 1"]);
    });

    test("without retries the first failure counts", async () => {
      const registry = await startFailingRegistry(engine.registry, 503);
      const cwd = engine.project({
        "docker-bake.hcl": `target "default" {\n  contexts = { tools = "tools" }\n  output = ["type=image,name=${registry.address}/scale-retry,push=true"]\n}\n`,
        Dockerfile: shellDockerfile(run("true")),
      });
      const result = await runWithEvents(engine, [], { cwd });
      expect(result.run.exit, result.run.story).toBe(1);
      expect(statesOf(result.events, "default")).toEqual(["waiting 1", "running 1", "exporting 1", "failed 1"]);
    });

    test("an output that was held back is tried again, and the others are not made twice", async () => {
      const registry = await startFailingRegistry(engine.registry, 503);
      const cwd = engine.project({
        "docker-bake.hcl":
          `target "pushed" {\n  contexts = { tools = "tools" }\n  output = ["type=image,name=${registry.address}/scale-retry-deferred,push=true"]\n}\n` +
          'target "written" {\n  contexts = { tools = "tools" }\n  args = { NAME = "written" }\n  output = ["type=local,dest=out"]\n}\n',
        Dockerfile: shellDockerfile(run("echo $NAME > /name")),
      });
      const args = ["--progress=plain", "--retries=3", "--execution=defer-output", "--events=-", "pushed", "written"];
      const running = engine.startTsbake(args, { cwd });
      await running.saw('"attempt":2');
      registry.heal();
      const done = expectSuccess(await running.done);
      const events = done.stdout
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line) as EventLine);
      expect(statesOf(events, "pushed").slice(-3)).toEqual([
        expect.stringMatching(/^running \d$/),
        expect.stringMatching(/^exporting \d$/),
        expect.stringMatching(/^succeeded \d$/),
      ]);
      expect(statesOf(events, "written")).toEqual(["waiting 1", "running 1", "exporting 1", "succeeded 1"]);
      expect(readFileSync(join(cwd, "out/name"), "utf8")).toBe("written\n");
    });

    test("a connection that breaks is made again, linked targets and their directories included", async () => {
      const relay = await startRelay(engine.address);
      const step = shellDockerfile(run("echo now at work; /bin/busybox sleep 2; echo $NAME > /name"));
      const cwd = engine.project({
        "docker-bake.hcl":
          manyTargets(3, "  no-cache = true\n") +
          'target "child" {\n  contexts = { tools = "tools", base = "target:t1" }\n  dockerfile-inline = "FROM base\\nCOPY --from=tools /bin/busybox /again\\n"\n  output = ["type=local,dest=out"]\n}\n',
        Dockerfile: step,
      });
      const running = engine.startTsbake(["--progress=plain", "--events=events.jsonl", "--retries=5", `--builder=${relay.address}`, "default", "child"], {
        cwd,
      });
      await running.saw("now at work");
      relay.breakAll();
      const done = expectSuccess(await running.done);
      const events = readEvents(cwd);
      expect(endOf({ run: done, events }).succeeded).toEqual(["t0", "t1", "t2", "child"]);
      expect(statesOf(events, "t0")).toContain("waiting 2");
      expect(readFileSync(join(cwd, "out/name"), "utf8")).toBe("t1\n");
      expect(existsSync(join(cwd, "out/again"))).toBe(true);
    });
  },
  { needs: ["busybox", "registry"] },
);

describeEngines("time limits", ["dockerd", "buildkitd"], (engine) => {
  const slow = {
    "docker-bake.hcl": manyTargets(2, "  no-cache = true\n"),
    Dockerfile: shellDockerfile(run('[ "$NAME" = t0 ] || /bin/busybox sleep 100')),
  };

  test("a target that works too long fails alone", async () => {
    const result = await runWithEvents(engine, ["-k", "--target-timeout=5s"], { cwd: engine.project(slow) });
    expect(result.run.exit, result.run.story).toBe(1);
    expect(endOf(result)).toMatchObject({ succeeded: ["t0"], failed: ["t1"] });
    expect(result.run.stderr).toMatch(/\nERROR: target t1: timed out after 5s\n$/);
  });

  test("waiting for a linked target does not count, and one that is late fails without those that it needs", { timeout: 180_000 }, async () => {
    const target = (name: string, seconds: number, link = ""): string =>
      `target "${name}" {\n  contexts = { tools = "tools"${link} }\n  args = { NAME = "${name}" }\n  no-cache = true\n  dockerfile-inline = ${JSON.stringify(shellDockerfile(run(`/bin/busybox sleep ${seconds}`)))}\n  output = ["type=local,dest=out-${name}"]\n}\n`;
    const needs = (name: string): string => `, base = "target:${name}"`;
    const chain = target("first", 5).concat(
      target("second", 5, needs("first")).replace("FROM scratch\\n", "FROM scratch\\nCOPY --from=base /bin/busybox /base\\n"),
    );
    const cwd = engine.project({
      "docker-bake.hcl": chain + target("late", 100, needs("first")).replace("FROM scratch\\n", "FROM scratch\\nCOPY --from=base /bin/busybox /base\\n"),
    });
    const together = await runWithEvents(engine, ["--target-timeout=9s", "second", "first"], { cwd });
    expectSuccess(together.run);
    const result = await runWithEvents(engine, ["-k", "--target-timeout=9s", "late", "first"], { cwd });
    expect(result.run.exit, result.run.story).toBe(1);
    expect(endOf(result)).toMatchObject({ succeeded: ["first"], failed: ["late"] });
    expect([existsSync(join(cwd, "out-first/bin")), existsSync(join(cwd, "out-late"))]).toEqual([true, false]);
  });

  test("a run that takes too long is cancelled", async () => {
    const result = await runWithEvents(engine, ["--timeout=5s"], { cwd: engine.project(slow) });
    expect(result.run.exit, result.run.story).toBe(1);
    expect(endOf(result)).toMatchObject({ cancelled: expect.arrayContaining(["t1"]) as string[], failed: [] });
    expect(result.run.stderr).toMatch(/\nERROR: the bake timed out after 5s\n$/);
  });
});
