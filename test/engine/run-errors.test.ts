/** When engines are lost, too old, or unable: one clear error, no hang. */
import { expect, inject, test } from "vitest";
import { describeEngines, expectSuccess } from "./rig.ts";
import { startRelay } from "./run-relay.ts";

const slow = {
  "docker-bake.hcl":
    'group "default" {\n  targets = ["one", "two"]\n}\ntarget "one" {\n  contexts = { tools = "tools" }\n  no-cache = true\n}\ntarget "two" {\n  inherits = ["one"]\n}\n',
  Dockerfile: 'FROM tools\nRUN ["/bin/busybox", "sh", "-c", "echo now at work; /bin/busybox sleep 100"]\n',
};

describeEngines("a lost connection", ["buildkitd"], (engine) => {
  test("fails every target that needed it with one error that names the builder", async () => {
    const relay = await startRelay(engine.address);
    const running = engine.startTsbake(["--progress=plain", `--builder=${relay.address}`], { cwd: engine.project(slow) });
    await running.saw("now at work");
    relay.cut();
    const run = await running.done;
    expect(run.exit, run.story).toBe(1);
    expect(run.stderr).toContain("error: target one: the connection to builder remote was lost");
    expect(run.stderr).toContain("error: target two: the connection to builder remote was lost");
    expect(run.stderr).not.toMatch(/\n\s+at .*\(/);
  });
});

const classicOnly = [
  ["an OCI archive", 'output = ["type=oci,dest=out.tar"]', "OCI exporter", "build-exporters"],
  ["an image archive", 'output = ["type=docker,dest=out.tar"]', "Docker exporter", "build-exporters"],
  ["several platforms", 'platforms = ["linux/amd64", "linux/arm64"]', "Multi-platform build", "build-multi-platform"],
  ["a cache export", 'cache-to = ["type=local,dest=cache"]', "Cache export", "build-cache-backends"],
  ["an attestation", 'attest = ["type=sbom"]', "Attestation", "attestations"],
] as const;

describeEngines("the classic image store", ["dockerd-classic"], (engine) => {
  test.each(classicOnly)("cannot give %s, and says what can", async (_what, line, feature, page) => {
    const cwd = engine.project({ "docker-bake.hcl": `target "default" {\n  ${line}\n}\n`, Dockerfile: "FROM scratch\nCOPY Dockerfile /\n" });
    const run = await engine.tsbake(["--progress=quiet"], { cwd });
    expect(run.exit, run.story).toBe(1);
    expect(run.stderr).toBe(
      `ERROR: ${feature} is not supported for the docker driver.\nSwitch to a different driver, or turn on the containerd image store, and try again.\nLearn more at https://docs.docker.com/go/${page}/\n`,
    );
  });
});

describeEngines("errors of the engine", ["dockerd", "buildkitd"], (engine) => {
  test.each([
    ["an exporter nobody knows", 'output = ["type=foo"]', 'exporter "foo" could not be found'],
    ["an attribute that cannot be", 'output = ["type=image,compression=foo"]', "unsupported compression type foo"],
  ])("%s", async (_what, line, message) => {
    const cwd = engine.project({ "docker-bake.hcl": `target "default" {\n  ${line}\n}\n`, Dockerfile: "FROM scratch\nCOPY Dockerfile /\n" });
    const run = await engine.tsbake(["--progress=quiet"], { cwd });
    expect(run.exit, run.story).toBe(1);
    expect(run.stderr).toBe(`ERROR: failed to solve: ${message}\n`);
  });

  test("a file that is missing is shown where the Dockerfile asks for it", async () => {
    const cwd = engine.project({ "docker-bake.hcl": 'target "default" {}\n', Dockerfile: "FROM scratch\nCOPY missing /\n" });
    const run = await engine.tsbake(["--progress=quiet"], { cwd });
    expect(run.exit, run.story).toBe(1);
    expect(run.stderr).toMatch(
      /(^|\n)Dockerfile:2\n-+\n {3}1 \| {5}FROM scratch\n {3}2 \| >>> COPY missing \/\n {3}3 \| {5}\n-+\nERROR: failed to solve: failed to compute cache key: .*"\/missing": not found\n$/,
    );
  });
});

describeEngines("loading", ["buildkitd"], (engine) => {
  const docker = inject("engines").engines["dockerd-classic"];
  const files = { "docker-bake.hcl": 'target "default" {\n  tags = ["example.com/loaded:it"]\n}\n', Dockerfile: "FROM scratch\nCOPY Dockerfile /\n" };

  test.skipIf("missing" in docker)("puts an image of BuildKit into a docker engine", async () => {
    if ("missing" in docker) return;
    const run = expectSuccess(await engine.tsbake(["--progress=plain", "--load"], { cwd: engine.project(files), env: { DOCKER_HOST: docker.value } }));
    expect(run.stderr).toContain("importing to docker");
  });

  test("fails clearly where no docker engine answers", async () => {
    const run = await engine.tsbake(["--progress=quiet", "--load"], { cwd: engine.project(files), env: { DOCKER_HOST: "unix:///nowhere/docker.sock" } });
    expect(run.exit, run.story).toBe(1);
    expect(run.stderr).toContain("failed to connect to unix:///nowhere/docker.sock: no such file or directory");
  });
});
