/** BuildKit in a container of a docker engine: created, started and reached through the engine's API, with no docker command. */
import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { engineLayout } from "../../scripts/engines/folder.ts";
import { engineEnvironment, findPrograms } from "../../scripts/engines/programs.ts";
import { engineApi } from "../../src/runner/engine/docker.ts";
import { readText } from "../../src/runner/engine/engine-api.ts";
import { describeEngines, expectSuccess, type EngineRig } from "./rig.ts";
import { storeBuilder, type BuilderNode } from "./run-builder.ts";

const layout = engineLayout(process.env);
const { buildkitd, runc } = findPrograms(layout, process.env);
const buildctl = join(layout.bin, "buildctl");
const available = buildkitd?.startsWith(layout.bin) === true && runc !== undefined && existsSync(buildctl);

const image = "example.test/tsbake-buildkit:static";

/** Files that a program needs of this system, by their paths. */
function libraries(program: string): readonly string[] {
  const env = engineEnvironment(layout, process.env);
  const told = execFileSync("ldd", [program], { encoding: "utf8", env });
  return [...told.matchAll(/(?:=> )?(\/\S+) \(0x/g)].map(([, path = ""]) => path);
}

/** Loads an image of BuildKit into the engine, made of the programs of this machine. */
async function loadBuildkit(engine: EngineRig): Promise<void> {
  const cwd = engine.project({
    "docker-bake.hcl": `target "default" {\n  contexts = { tools = "tools" }\n  tags = ["${image}"]\n  output = ["type=docker"]\n}\n`,
    Dockerfile:
      'FROM tools\nCOPY programs /usr/bin\nCOPY lib /lib64\nCOPY lib /lib\nRUN ["/bin/busybox", "mkdir", "-p", "/tmp", "/run"]\nENV PATH=/usr/bin:/bin\nENTRYPOINT ["/usr/bin/buildkitd"]\n',
  });
  mkdirSync(join(cwd, "programs"));
  mkdirSync(join(cwd, "lib"));
  for (const [program, name] of [
    [buildkitd, "buildkitd"],
    [buildctl, "buildctl"],
    [runc, "runc"],
  ] as const) {
    copyFileSync(program ?? "", join(cwd, "programs", name));
    chmodSync(join(cwd, "programs", name), 0o755);
  }
  for (const path of libraries(runc ?? "")) copyFileSync(path, join(cwd, "lib", basename(path)));
  expectSuccess(await engine.tsbake(["--progress=quiet"], { cwd }));
}

/** A stored builder of this engine, whose container goes when the test ends. */
function containerBuilder(
  engine: EngineRig,
  node: Omit<BuilderNode, "endpoint"> = {},
): { readonly env: Readonly<Record<string, string>>; readonly container: string } {
  const name = `box${process.pid}x${Math.trunc(performance.now())}`;
  const container = `buildx_buildkit_${name}0`;
  const api = engineApi({ name: "rig", host: engine.address });
  const remove = async (path: string): Promise<void> => void (await api.send({ method: "DELETE", path }).then(readText, () => undefined));
  onTestFinished(async () => {
    await remove(`/containers/${container}?force=1&v=1`);
    await remove(`/volumes/${container}_state`);
  });
  return { env: storeBuilder(name, [{ endpoint: engine.address, options: { image, "restart-policy": "no" }, ...node }], "docker-container"), container };
}

const files = {
  "docker-bake.hcl": 'target "default" {\n  contexts = { tools = "tools" }\n  output = ["type=local,dest=out"]\n}\n',
  Dockerfile: 'FROM tools AS work\nRUN ["/bin/busybox", "sh", "-c", "echo built > /file"]\nFROM scratch\nCOPY --from=work /file /file\n',
};

describeEngines("BuildKit in a container", ["dockerd"], (engine) => {
  test.skipIf(!available)("is created, started, used, and started again", { timeout: 240_000 }, async () => {
    await loadBuildkit(engine);
    const { env, container } = containerBuilder(engine);
    const cwd = engine.project(files);
    const first = expectSuccess(await engine.tsbake(["--progress=plain"], { cwd, env }));
    expect(readFileSync(join(cwd, "out/file"), "utf8")).toBe("built\n");
    const name = env["BUILDX_BUILDER"] ?? "";
    expect(first.stderr.split("\n")[0]).toBe(`#0 building with "${name}" instance using docker-container driver`);
    const told = first.stderr.split("\n").flatMap((line) => (line.startsWith("#2 ") ? [line.slice(3).replace(/(?: [\d.]+s)?(?: done)?$/, "")] : []));
    expect([...new Set(told)]).toEqual([
      "[internal] booting buildkit",
      `pulling image ${image}`,
      `creating container ${container}`,
      `starting container ${container}`,
      "DONE",
    ]);

    const again = expectSuccess(await engine.tsbake(["--progress=plain"], { cwd, env }));
    expect(again.stderr).not.toContain("booting");
    expect(again.stderr).toMatch(/^#\d+ CACHED$/m);

    // By its address, with the engine of DOCKER_HOST.
    expectSuccess(await engine.tsbake(["--progress=plain", `--builder=docker-container://${container}`], { cwd }));

    const api = engineApi({ name: "rig", host: engine.address });
    await readText(await api.send({ method: "POST", path: `/containers/${container}/stop?t=1` }));
    const restarted = expectSuccess(await engine.tsbake(["--progress=rawjson"], { cwd, env }));
    const names = restarted.stderr
      .split("\n")
      .flatMap((line) => (line.startsWith("{") ? ((JSON.parse(line) as { vertexes?: { name: string }[] }).vertexes ?? []) : []));
    expect(names.map((vertex) => vertex.name)).toContain("[internal] booting buildkit");
    expect(restarted.stderr).toContain(`"id":"starting container ${container}"`);
    expect(restarted.stderr).not.toContain("pulling image");
  });

  test.skipIf(!available)("has the flags and files of its node, and lets images into the engine that it is in", { timeout: 240_000 }, async () => {
    await loadBuildkit(engine);
    const config = Buffer.from('[worker.oci]\n  [worker.oci.labels]\n    "test.label" = "of a file"\n').toString("base64");
    const { env, container } = containerBuilder(engine, { flags: ["--allow-insecure-entitlement=security.insecure"], files: { "buildkitd.toml": config } });
    const cwd = engine.project({
      ...files,
      "docker-bake.hcl": files["docker-bake.hcl"].replace(
        '  output = ["type=local,dest=out"]',
        '  tags = ["example.test/in-engine:1"]\n  entitlements = ["security.insecure"]',
      ),
    });
    const run = expectSuccess(await engine.tsbake(["--progress=plain", "--load", "--allow=security.insecure"], { cwd, env }));
    expect(run.stderr).toContain("importing to docker");
    const api = engineApi({ name: "rig", host: engine.address });
    const { Config, Args } = await api.json<{ Config: { Cmd: readonly string[] }; Args: readonly string[] }>({
      method: "GET",
      path: `/containers/${container}/json`,
    });
    expect(Config.Cmd).toEqual(["--config", "/etc/buildkit/buildkitd.toml", "--allow-insecure-entitlement=security.insecure"]);
    expect(Args).toEqual(Config.Cmd);
    const { RepoTags } = await api.json<{ RepoTags: readonly string[] }>({ method: "GET", path: "/images/example.test/in-engine:1/json" });
    expect(RepoTags).toContain("example.test/in-engine:1");
  });

  test("of an image that nobody has says which", async () => {
    const missing = "127.0.0.1:1/a/nothing:1";
    const { env } = containerBuilder(engine, { options: { image: missing } });
    const run = await engine.tsbake(["--progress=plain"], { cwd: engine.project(files), env });
    expect(run.exit, run.story).toBe(1);
    expect(run.stderr).toContain("#2 [internal] booting buildkit\n");
    expect(run.stderr).toMatch(new RegExp(`\nERROR: failed to pull ${missing}: .*connection refused`));
  });
});
