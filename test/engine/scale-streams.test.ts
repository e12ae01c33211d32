/** Builds on connections that take only so many streams, and calls that come before their build (spec/buildkit.md 10.4). */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { SolveRequest } from "../../src/runner/buildkit/wire/control.ts";
import { describeEngines, expectSuccess } from "./rig.ts";
import { startRecorder, type Recorder, type Refusal } from "./run-recorder.ts";
import { manyTargets, run, runWithEvents, shellDockerfile } from "./scale-rig.ts";

const solve = "/moby.buildkit.v1.Control/Solve";
const status = "/moby.buildkit.v1.Control/Status";
const ping = "/moby.buildkit.v1.frontend.LLBBridge/Ping";

/** The targets whose builds each connection carried, by their argument NAME; the build that only asks for capabilities has none. */
function targetsByConnection({ requests }: Recorder): readonly (readonly string[])[] {
  const found = new Map<number, string[]>();
  for (const { message, connection } of requests.get(solve) ?? []) {
    const name = SolveRequest.decode(message).frontendAttrs["build-arg:NAME"];
    if (name !== undefined) found.set(connection, [...(found.get(connection) ?? []), name]);
  }
  return [...found.values()];
}

describeEngines("a peer that takes 60 streams a connection", ["buildkitd"], (engine) => {
  // Ten are kept free, and a build has four or five.
  const most = 12;

  test("gets more connections, none with more builds than fit", { timeout: 120_000 }, async () => {
    const recorder = await startRecorder(engine.address, [solve], { maxConcurrentStreams: 60 });
    const cwd = engine.project({ "docker-bake.hcl": manyTargets(30), Dockerfile: shellDockerfile(run("echo $NAME")) });
    // All outputs wait for the last target, so all builds are open at once.
    const args = ["--progress=plain", "--execution=defer-output", `--builder=${recorder.address}`];
    expectSuccess(await engine.tsbake(args, { cwd }));
    const connections = targetsByConnection(recorder);
    expect(connections.flat().sort()).toEqual(Array.from({ length: 30 }, (_, i) => `t${i}`).sort());
    expect(connections.length).toBeGreaterThan(2);
    expect(Math.max(...connections.map(({ length }) => length))).toBeLessThanOrEqual(most);
  });

  test("gets linked targets on one connection, however many others there are", { timeout: 120_000 }, async () => {
    const recorder = await startRecorder(engine.address, [solve], { maxConcurrentStreams: 60 });
    const chain = Array.from(
      { length: 8 },
      (_, i) =>
        `target "l${i}" {\n  contexts = { ${i === 0 ? 'tools = "tools"' : `tools = "target:l${i - 1}"`} }\n  args = { NAME = "l${i}" }\n  output = ["type=cacheonly"]\n}\n`,
    );
    const cwd = engine.project({
      "docker-bake.hcl": `${manyTargets(20).replace('["t"]', '["t", "l7"]')}${chain.join("")}`,
      Dockerfile: shellDockerfile(run("echo $NAME")),
    });
    expectSuccess(await engine.tsbake(["--progress=plain", "--execution=defer-output", `--builder=${recorder.address}`], { cwd }));
    const connections = targetsByConnection(recorder);
    expect(connections.flat()).toHaveLength(28);
    expect(connections.filter((names) => names.some((name) => name.startsWith("l")))).toHaveLength(1);
    expect(Math.max(...connections.map(({ length }) => length))).toBeLessThanOrEqual(most);
  });
});

describeEngines("a build", ["buildkitd"], (engine) => {
  const project = (): string =>
    engine.project({
      "docker-bake.hcl": 'target "default" {\n  contexts = { tools = "tools" }\n  output = ["type=local,dest=out"]\n}\n',
      Dockerfile: shellDockerfile(run("echo done > /done")),
    });

  /** Builds through a proxy that answers some calls itself. */
  async function refusing(
    refuse: (path: string, count: number) => Refusal | undefined,
  ): Promise<{ cwd: string; exit: number | undefined; stderr: string; recorder: Recorder }> {
    const recorder = await startRecorder(engine.address, [solve, status, ping], { refuse });
    const cwd = project();
    const { run: ended } = await runWithEvents(engine, [`--builder=${recorder.address}`], { cwd });
    return { cwd, exit: ended.exit, stderr: ended.stderr, recorder };
  }

  const unknown: Refusal = { code: 5, message: "no such job abc" };

  test("that the engine does not know yet is asked for again, by its status and its first call", async () => {
    const { cwd, exit, stderr, recorder } = await refusing((path, count) => ((path === status || path === ping) && count < 3 ? unknown : undefined));
    expect(exit, stderr).toBe(0);
    expect(existsSync(join(cwd, "out/done"))).toBe(true);
    expect(recorder.requests.get(status)).toHaveLength(1);
    expect(stderr).toContain("echo done > /done");
  });

  test.each([
    ["an error", { code: 13, message: "the status is broken" }],
    ["no permission", { code: 7, message: "not for you" }],
  ])("whose status ends with %s succeeds all the same", async (_what, refusal) => {
    const { cwd, exit, stderr } = await refusing((path) => (path === status ? refusal : undefined));
    expect(exit, stderr).toBe(0);
    expect(existsSync(join(cwd, "out/done"))).toBe(true);
    expect(stderr).not.toContain(refusal.message);
  });

  test("whose call is refused for good fails, and is not sent again", async () => {
    const { cwd, exit, stderr, recorder } = await refusing((path, count) =>
      path === ping && count > 0 ? { code: 14, message: "the proxy is tired" } : undefined,
    );
    expect(exit, stderr).toBe(1);
    expect(stderr).toContain("the proxy is tired");
    expect(existsSync(join(cwd, "out"))).toBe(false);
    // The first is the one that asks for capabilities.
    expect(recorder.requests.get(solve)).toHaveLength(2);
  });
});
