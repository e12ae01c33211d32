/** The private engine: started where there is no other, used by all runs, ended when it is idle or when it is told to. */
import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { isRunning, removeRunFolder } from "../../scripts/engines/daemon.ts";
import { engineLayout } from "../../scripts/engines/folder.ts";
import { engineEnvironment } from "../../scripts/engines/programs.ts";
import { startTsbake, tsbake } from "../cli/rig.ts";
import { describeEngines, expectSuccess, temporaryFolder, type EngineRig, type Run, type Running } from "./rig.ts";

const layout = engineLayout(process.env);
const { PATH = "", LD_LIBRARY_PATH = "" } = engineEnvironment(layout, process.env);
/** Where Docker answers without being asked for, it is used instead. */
const docker = existsSync("/var/run/docker.sock") || existsSync(join(process.env["HOME"] ?? "", ".docker/run/docker.sock"));

const files = { "docker-bake.hcl": 'target "default" {\n  output = ["type=local,dest=out"]\n}\n', Dockerfile: "FROM scratch\nCOPY Dockerfile /built\n" };
const slow = {
  "docker-bake.hcl": 'target "default" {\n  contexts = { tools = "tools" }\n  no-cache = true\n}\n',
  Dockerfile: 'FROM tools\nRUN ["/bin/busybox", "sh", "-c", "echo now at work; /bin/busybox sleep 100"]\n',
};

interface Home {
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  start(args: readonly string[], cwd: string, env?: Readonly<Record<string, string>>): Running;
  run(args: readonly string[], cwd?: string, env?: Readonly<Record<string, string>>): Promise<Run>;
  /** What was written down of the engine that was started last. */
  record(): { readonly enginePid: number; readonly keeperPid: number };
}

/** A data folder of its own, in which no engine is left in the end. */
function home(idle: string, path: string = PATH): Home {
  const data = temporaryFolder();
  const folder = join(data, "engine");
  const env = { PATH: path, LD_LIBRARY_PATH, HOME: data, TSBAKE_DATA: data, TSBAKE_ENGINE_IDLE: idle };
  const run: Home["run"] = (args, cwd = data, more = {}) => tsbake(args, { cwd, env: { ...env, ...more } });
  onTestFinished(async () => {
    await tsbake(["engine", "stop", "--force"], { cwd: data, env });
    // One that was ended by force leaves mounts.
    await removeRunFolder(folder, () => undefined);
  });
  return {
    folder,
    env,
    run,
    start: (args, cwd, more = {}) => startTsbake(args, { cwd, env: { ...env, ...more } }),
    record: () => JSON.parse(readFileSync(join(folder, "engine.json"), "utf8")) as ReturnType<Home["record"]>,
  };
}

/** Bounded by the test's own time. */
async function gone(pid: number): Promise<void> {
  while (isRunning(pid)) await sleep(50);
}

const build = (own: Home, engine: EngineRig, env?: Readonly<Record<string, string>>): Promise<Run> => own.run(["--progress=plain"], engine.project(files), env);

describeEngines("a private engine", ["buildkitd"], (engine) => {
  test.skipIf(docker)("is started, told of, used again, shown, and stopped", async () => {
    const own = home("1h30m");
    const address = `unix://${own.folder}/buildkitd.sock`;
    const how = "It stops when it is not used for 1h 30m, or by: tsbake engine stop. Set BUILDKIT_HOST or use --builder to choose another engine\n";
    expect((await own.run(["engine", "status"])).stdout).toBe("The private BuildKit does not run.\n");

    const cwd = engine.project(files);
    const first = expectSuccess(await own.run(["--progress=plain"], cwd));
    expect(first.stderr).toContain(`note: no Docker engine answers: started a private BuildKit at ${address}. ${how}`);
    expect(first.stderr).toContain('#0 building with "private" instance using private driver');
    expect(readFileSync(join(cwd, "out/built"), "utf8")).toBe(files.Dockerfile);
    const { enginePid, keeperPid } = own.record();

    const second = expectSuccess(await build(own, engine));
    expect(second.stderr).toContain(`note: using the private BuildKit at ${address}. ${how}`);
    expect(own.record()).toMatchObject({ enginePid, keeperPid });

    const status = expectSuccess(await own.run(["engine", "status"])).stdout;
    expect(status).toMatch(
      new RegExp(
        `^The private BuildKit runs\\.\nAddress: +${address}\nProcess: +${enginePid}\nSince: +\\S+Z\nUsed by: +0 runs\nStops: +when not used for 1h 30m \\(in `,
      ),
    );

    expect(expectSuccess(await own.run(["engine", "stop"])).stdout).toBe("The private BuildKit was stopped.\n");
    expect(isRunning(enginePid)).toBe(false);
    await gone(keeperPid);
    expect((await own.run(["engine", "stop"])).stdout).toBe("The private BuildKit does not run.\n");
  });

  test.skipIf(docker)("keeps its cache over a stop", async () => {
    const own = home("1h");
    const cwd = engine.project(files);
    expectSuccess(await own.run(["--progress=plain"], cwd));
    expectSuccess(await own.run(["engine", "stop"]));
    const again = expectSuccess(await own.run(["--progress=plain"], cwd));
    expect(again.stderr).toContain("started a private BuildKit");
    expect(again.stderr).toMatch(/COPY Dockerfile \/built\n#\d+ CACHED/);
  });

  test.skipIf(docker)("ends when nobody uses it, and the next run starts another", async () => {
    const own = home("0");
    expectSuccess(await build(own, engine));
    const { enginePid, keeperPid } = own.record();
    await gone(enginePid);
    await gone(keeperPid);
    // Whatever comes while one is ending waits for the next.
    for (let round = 0; round < 3; round++) expect(expectSuccess(await build(own, engine)).stderr).toContain("started a private BuildKit");
  });

  test.skipIf(docker)("is one for all who come at once", async () => {
    const own = home("1h");
    const runs = await Promise.all([1, 2, 3, 4].map(() => build(own, engine)));
    for (const run of runs) expectSuccess(run);
    expect(expectSuccess(await own.run(["engine", "status"])).stdout).toContain("Used by:  0 runs\n");
  });

  test.skipIf(docker)("is not stopped while it is used, unless by force; a client that crashes is no user", async () => {
    const own = home("0");
    const running = own.start(["--progress=plain"], engine.project(slow));
    await running.saw("now at work");
    const { enginePid } = own.record();
    expect((await own.run(["engine", "status"])).stdout).toContain("Used by:  1 run\nStops:    when not used for 0s\n");
    const refused = await own.run(["engine", "stop"]);
    expect(refused.exit, refused.story).toBe(1);
    expect(refused.stderr).toBe("ERROR: 1 run uses the private BuildKit; --force stops it anyway\n");
    running.child.kill("SIGKILL");
    await gone(enginePid);
  });

  test.skipIf(docker)("is stopped by force while it is used; the build fails", async () => {
    const own = home("1h");
    const running = own.start(["--progress=plain"], engine.project(slow));
    await running.saw("now at work");
    expect(expectSuccess(await own.run(["engine", "stop", "--force"])).stdout).toBe("The private BuildKit was stopped.\n");
    expect(isRunning(own.record().enginePid)).toBe(false);
    const run = await running.done;
    expect(run.exit, run.story).not.toBe(0);
    expect(run.stderr).not.toMatch(/\n\s+at .*\(/);
  });

  test.skipIf(docker)("is replaced when its keeper has died", async () => {
    const own = home("1h");
    expectSuccess(await build(own, engine));
    const before = own.record();
    process.kill(before.keeperPid, "SIGKILL");
    await gone(before.keeperPid);
    expect(isRunning(before.enginePid)).toBe(true);
    expect(expectSuccess(await build(own, engine)).stderr).toContain("started a private BuildKit");
    expect(isRunning(before.enginePid)).toBe(false);

    const after = own.record();
    process.kill(after.keeperPid, "SIGKILL");
    await gone(after.keeperPid);
    expect(expectSuccess(await own.run(["engine", "stop"])).stdout).toBe("The private BuildKit was stopped.\n");
    expect(isRunning(after.enginePid)).toBe(false);
  });

  test.skipIf(docker)("that cannot start says why, and how to choose another", async () => {
    const bin = temporaryFolder();
    const program = join(bin, "buildkitd");
    writeFileSync(program, "#!/bin/sh\necho 'time=now level=info' >&2\necho 'buildkitd: no worker found' >&2\necho main.main >&2\nexit 1\n");
    chmodSync(program, 0o755);
    const own = home("1h", `${bin}:/usr/bin:/bin`);
    const run = await build(own, engine);
    expect(run.exit, run.story).toBe(1);
    const log = `${own.folder}/buildkitd.log`;
    expect(run.stderr).toBe(
      `ERROR: the private BuildKit (${program}) did not start: no worker found (see ${log}). Set BUILDKIT_HOST or use --builder to choose another engine\n`,
    );
    expect(readFileSync(log, "utf8")).toContain("no worker found");

    const wrong = await build(own, engine, { TSBAKE_ENGINE_IDLE: "soon" });
    expect(wrong.stderr).toBe('ERROR: invalid value "soon" for TSBAKE_ENGINE_IDLE: expected a duration such as 90s, 10m or 1h30m, or off\n');
  });
});
