/** Many targets in one run: none is lost, what is the same is done once, and each directory is sent once. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { describeEngines, expectSuccess, temporaryFolder } from "./rig.ts";
import { endOf, manyTargets, readEvents, run, runWithEvents, shellDockerfile, stepsOf, watchUsage } from "./scale-rig.ts";

const uuid = shellDockerfile(run("/bin/busybox cat /proc/sys/kernel/random/uuid > /id"));

describeEngines("the same solve", ["dockerd", "buildkitd"], (engine) => {
  test("of several targets runs once; each has its own output and metadata", async () => {
    const cwd = engine.project({
      "docker-bake.hcl":
        ["a", "b", "c", "d"]
          .map(
            (name) =>
              `target "${name}" {\n  contexts = { tools = "tools" }\n  args = { NAME = "${engine.kind}" }\n  tags = ["scale-same-${name}:1"]\n  output = [${name === "d" ? '"type=oci,dest=d.tar"' : name === "c" ? '"type=image"' : `"type=local,dest=out-${name}"`}]\n}\n`,
          )
          .join("") + 'group "default" {\n  targets = ["a", "b", "c", "d"]\n}\n',
      Dockerfile: uuid,
    });
    const result = await runWithEvents(engine, ["--metadata-file=meta.json"], { cwd });
    expectSuccess(result.run);
    expect(endOf(result).succeeded).toEqual(expect.arrayContaining(["a", "b", "c", "d"]));
    expect(readFileSync(join(cwd, "out-a/id"), "utf8")).toBe(readFileSync(join(cwd, "out-b/id"), "utf8"));
    expect(stepsOf(result.events, /RUN .*uuid/).length).toBeLessThanOrEqual(1);
    type Entry = Readonly<Record<string, string>>;
    const metadata = JSON.parse(readFileSync(join(cwd, "meta.json"), "utf8")) as Readonly<Record<string, Entry>>;
    expect(Object.keys(metadata).sort()).toEqual(["a", "b", "c", "d"]);
    expect([metadata["a"]?.["containerimage.digest"], metadata["b"]?.["buildx.build.ref"]]).toEqual([undefined, metadata["a"]?.["buildx.build.ref"]]);
    expect(metadata["c"]).toMatchObject({
      "image.name": expect.stringContaining("scale-same-c:1") as string,
      "containerimage.digest": expect.stringMatching(/^sha256:/) as string,
    });
    expect(metadata["d"]).toMatchObject({ "image.name": expect.stringContaining("scale-same-d:1") as string });
  });

  test("gives images of each name in the engine", async () => {
    const cwd = engine.project({
      "docker-bake.hcl":
        ["x", "y"]
          .map((name) => `target "${name}" {\n  contexts = { tools = "tools" }\n  tags = ["scale-twin-${name}:1"]\n  output = ["type=image"]\n}\n`)
          .join("") + 'group "default" {\n  targets = ["x", "y"]\n}\n',
      Dockerfile: uuid,
    });
    const result = await runWithEvents(engine, ["--metadata-file=meta.json"], { cwd });
    expectSuccess(result.run);
    const metadata = JSON.parse(readFileSync(join(cwd, "meta.json"), "utf8")) as Readonly<Record<string, Readonly<Record<string, string>>>>;
    expect(metadata["x"]?.["containerimage.digest"]).toBe(metadata["y"]?.["containerimage.digest"]);
    expect([metadata["x"]?.["image.name"], metadata["y"]?.["image.name"]]).toEqual([
      expect.stringMatching(/^[^,]*scale-twin-x:1$/),
      expect.stringMatching(/^[^,]*scale-twin-y:1$/),
    ]);
  });
});

describeEngines("a directory that many targets use", ["dockerd", "buildkitd"], (engine) => {
  test("is sent once, and nothing when it has not changed", async () => {
    const big = Buffer.alloc(300_000, engine.kind);
    const cwd = engine.project({ "docker-bake.hcl": manyTargets(20), Dockerfile: shellDockerfile("COPY big /big", run("echo $NAME > /name")), big });
    const sent = (events: readonly { type: string; direction?: string; name?: string; bytes?: number; done?: boolean }[]): number =>
      events
        .filter(({ type, direction, name, done }) => type === "transfer" && direction === "send" && name === "context" && done === true)
        .reduce((sum, { bytes = 0 }) => sum + bytes, 0);
    // The engine knows a directory again by this machine's id, which is in the home folder.
    const env = { HOME: temporaryFolder() };
    const first = await runWithEvents(engine, [], { cwd, env });
    expectSuccess(first.run);
    expect(sent(first.events)).toBeGreaterThanOrEqual(big.length);
    expect(sent(first.events)).toBeLessThan(big.length * 2);
    const second = await runWithEvents(engine, [], { cwd, env });
    expectSuccess(second.run);
    expect(sent(second.events)).toBeLessThan(big.length);
  });
});

describeEngines("many targets", ["dockerd", "buildkitd"], (engine) => {
  const files = (count: number): Record<string, string> => ({ "docker-bake.hcl": manyTargets(count), Dockerfile: shellDockerfile(run("true")) });

  test("more than fit on one connection of dockerd", { timeout: 300_000 }, async () => {
    const result = await runWithEvents(engine, ["--max-parallelism=100"], { cwd: engine.project(files(70)), timeout: 290_000 });
    expectSuccess(result.run);
    expect(endOf(result).succeeded).toHaveLength(70);
  });

  test("300, all of which succeed", { timeout: 600_000 }, async () => {
    const result = await runWithEvents(engine, [], { cwd: engine.project(files(300)), timeout: 590_000 });
    expectSuccess(result.run);
    expect(endOf(result)).toMatchObject({ failed: [], cancelled: [], skipped: [] });
    expect(endOf(result).succeeded).toHaveLength(300);
  });
});

describeEngines("1,000 targets", ["dockerd", "buildkitd"], (engine) => {
  test("all succeed, in little memory and over few sockets", { timeout: 1_200_000 }, async () => {
    const cwd = engine.project({ "docker-bake.hcl": manyTargets(1000), Dockerfile: shellDockerfile(run("true")) });
    const running = engine.startTsbake(["--progress=plain", "--events=events.jsonl"], { cwd, timeout: 1_190_000 });
    const usage = watchUsage(running.child.pid ?? 0);
    const result = { run: expectSuccess(await running.done), events: readEvents(cwd) };
    const { memoryMb, sockets } = usage();
    expect(endOf(result).succeeded).toHaveLength(1000);
    console.log(`${engine.kind}: 1,000 targets in at most ${Math.round(memoryMb)} MB and ${sockets} sockets`);
    expect(memoryMb).toBeLessThan(250);
    // A session for each of the builds that are open at once, and a few connections for their calls.
    expect(sockets).toBeLessThan(100);
  });
});
