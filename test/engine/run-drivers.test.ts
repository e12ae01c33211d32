/** Ways to an engine: children, stored builders, TLS, several nodes. Each leads to the same real engine in the end. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { engineLayout } from "../../scripts/engines/folder.ts";
import { startBuildkitd, stopAll } from "../../scripts/engines/start.ts";
import { certificates } from "./certificates.ts";
import { describeEngines, expectSuccess, freePort, temporaryFolder } from "./rig.ts";
import { storeBuilder } from "./run-builder.ts";
import { startRelay } from "./run-relay.ts";
import { standIn } from "./stand-in.ts";

const files = { "docker-bake.hcl": 'target "default" {\n  output = ["type=local,dest=out"]\n}\n', Dockerfile: "FROM scratch\nCOPY Dockerfile /built\n" };

/** Another BuildKit: builds of a target have the same id on all its nodes, so that one engine cannot be two of them. */
async function secondEngine(args: readonly string[] = []): Promise<string> {
  const layout = engineLayout(process.env);
  const folder = temporaryFolder();
  onTestFinished(() => stopAll(layout, folder));
  return await startBuildkitd({ layout, folder, args });
}

describeEngines("a child as the connection", ["buildkitd"], (engine) => {
  const children = [
    [
      "kube-pod://pod-1?context=ctx&namespace=ns&container=bk",
      "kubectl",
      ["--context=ctx", "--namespace=ns", "exec", "--container=bk", "-i", "pod-1", "--", "buildctl", "dial-stdio"],
    ],
    ["kube-pod://pod-1", "kubectl", ["exec", "-i", "pod-1", "--", "buildctl", "dial-stdio"]],
    ["podman-container://box", "podman", ["exec", "-i", "box", "buildctl", "dial-stdio"]],
    ["ssh://me@far:2222/run/bk.sock", "ssh", ["-l", "me", "-p", "2222", "--", "far", "buildctl", "--addr", "unix:///run/bk.sock", "dial-stdio"]],
  ] as const;

  test.each(children)("%s", async (address, program, expected) => {
    const { PATH, log } = standIn(engine.address, program);
    const cwd = engine.project(files);
    expectSuccess(await engine.tsbake(["--progress=plain", `--builder=${address}`], { cwd, env: { PATH } }));
    expect(readFileSync(join(cwd, "out/built"), "utf8")).toBe(files.Dockerfile);
    expect(readFileSync(log, "utf8").split("\n")).toEqual(expected);
  });

  test("what the child says on its way out is the error", async () => {
    const { PATH } = standIn(engine.address, "kubectl");
    const run = await engine.tsbake(["--builder=kube-pod://pod-1"], { cwd: engine.project(files), env: { PATH, FAIL_WITH: 'pods "pod-1" not found' } });
    expect(run.exit, run.story).toBe(1);
    expect(run.stderr).toBe('ERROR: connection to kube-pod://pod-1 lost: kubectl ended with status 3: pods "pod-1" not found\n');
  });

  test("a program that is missing is named", async () => {
    const run = await engine.tsbake(["--builder=podman-container://box"], { cwd: engine.project(files), env: { PATH: temporaryFolder() } });
    expect(run.exit, run.story).toBe(1);
    expect(run.stderr).toBe('ERROR: cannot connect to podman-container://box: "podman" was not found in PATH\n');
  });
});

describeEngines("TLS with client certificates", ["buildkitd"], (engine) => {
  async function secured(): Promise<{ address: string; options: (changed?: Readonly<Record<string, string>>) => Record<string, string> }> {
    const { at, read } = certificates();
    const tls = { cert: read("server.pem"), key: read("server.key"), ca: read("ca.pem"), requestCert: true, rejectUnauthorized: true };
    const { address } = await startRelay(engine.address, { tls });
    return {
      address,
      options: (changed = {}) => ({
        cacert: at("ca.pem"),
        cert: at("client.pem"),
        key: at("client.key"),
        servername: "engine.test",
        ...Object.fromEntries(Object.entries(changed).map(([key, name]) => [key, name === "" || key === "servername" ? name : at(name)])),
      }),
    };
  }

  test("builds", async () => {
    const { address, options } = await secured();
    const cwd = engine.project(files);
    expectSuccess(await engine.tsbake(["--progress=plain"], { cwd, env: storeBuilder("secured", [{ endpoint: address, options: options() }]) }));
    expect(readFileSync(join(cwd, "out/built"), "utf8")).toBe(files.Dockerfile);
  });

  test.each([
    ["an authority that is not the engine's", { cacert: "other.pem" }, /(?:unable to verify|self-signed certificate)/],
    ["no client certificate", { cert: "", key: "" }, /asks for a client certificate/],
    ["a client certificate of somebody else", { cert: "other.pem", key: "other.key" }, /does not trust the client certificate/],
    [
      "another name",
      { servername: "elsewhere.test" },
      /Hostname\/IP does not match certificate's altnames: Host: elsewhere\.test\. is not in the cert's altnames: DNS:engine\.test/,
    ],
  ])("refuses %s, and says so", async (_what, changed, reason) => {
    const { address, options } = await secured();
    const run = await engine.tsbake([], { cwd: engine.project(files), env: storeBuilder("secured", [{ endpoint: address, options: options(changed) }]) });
    expect(run.exit, run.story).toBe(1);
    expect(run.stderr).toMatch(reason);
    expect(run.stderr.split("\n")).toEqual([expect.stringContaining(`ERROR: failed to connect to ${address}: `), ""]);
  });
});

describeEngines("BuildKit on the network", ["buildkitd"], (engine) => {
  test("builds at its address", async () => {
    const address = `tcp://127.0.0.1:${await freePort()}`;
    await secondEngine(["--addr", address]);
    const cwd = engine.project(files);
    expectSuccess(await engine.tsbake(["--progress=plain", `--builder=${address}`], { cwd }));
    expect(readFileSync(join(cwd, "out/built"), "utf8")).toBe(files.Dockerfile);
    expectSuccess(await engine.tsbake(["--progress=plain"], { cwd, env: { BUILDX_BUILDER: "", DOCKER_HOST: "", BUILDKIT_HOST: address } }));
  });

  test("that wants a client certificate builds for those who have one", async () => {
    const { at } = certificates();
    const address = `tcp://127.0.0.1:${await freePort()}`;
    await secondEngine(["--addr", address, "--tlscacert", at("ca.pem"), "--tlscert", at("server.pem"), "--tlskey", at("server.key")]);
    const options = { cacert: at("ca.pem"), cert: at("client.pem"), key: at("client.key"), servername: "engine.test" };
    const cwd = engine.project(files);
    expectSuccess(await engine.tsbake(["--progress=plain"], { cwd, env: storeBuilder("secured", [{ endpoint: address, options }]) }));
    expect(readFileSync(join(cwd, "out/built"), "utf8")).toBe(files.Dockerfile);
    const { cert: _cert, key: _key, ...anonymous } = options;
    const run = await engine.tsbake([], { cwd, env: storeBuilder("secured", [{ endpoint: address, options: anonymous }]) });
    expect(run.exit, run.story).toBe(1);
    expect(run.stderr).toContain("asks for a client certificate");
    const plain = await engine.tsbake([], { cwd, env: storeBuilder("secured", [{ endpoint: address }]) });
    expect(plain.exit, plain.story).toBe(1);
    expect(plain.stderr.split("\n")).toEqual([expect.stringContaining(`ERROR: failed to connect to ${address}: `), ""]);
  });
});

describeEngines(
  "several nodes",
  ["buildkitd"],
  (engine) => {
    const definition = (repository: string): string =>
      `target "default" {\n  tags = ["${engine.registry}/${repository}:1", "${engine.registry}/${repository}:2"]\n  platforms = ["linux/amd64", "linux/arm64"]\n  args = { SOURCE_DATE_EPOCH = "1700000000" }\n` +
      '  annotations = ["index:at=index", "manifest-descriptor[linux/arm64]:at=<arm>"]\n  output = ["type=image,push=true,rewrite-timestamp=true"]\n}\n';
    const Dockerfile = "FROM scratch\nARG TARGETARCH\nCOPY $TARGETARCH /file\n";
    const project = (repository: string): string =>
      engine.project({ "docker-bake.hcl": definition(repository), Dockerfile, amd64: "for amd64\n", arm64: "for arm64\n" });

    test("build their platforms, and their images become one index under every name", async () => {
      const second = await secondEngine();
      const builder = storeBuilder("pair", [
        { endpoint: engine.address, platform: "linux/amd64" },
        { endpoint: second, platform: "linux/arm64" },
      ]);
      const cwd = project("nodes");
      const env = { ...builder, BUILDX_NO_DEFAULT_ATTESTATIONS: "1" };
      const run = expectSuccess(await engine.tsbake(["--progress=plain", "--metadata-file=metadata.json"], { cwd, env }));
      expect(run.stderr).toContain(`merging manifest list ${engine.registry}/nodes:1,${engine.registry}/nodes:2`);
      const metadata = JSON.parse(readFileSync(join(cwd, "metadata.json"), "utf8")) as { default: Record<string, string> };
      expect(Object.keys(metadata.default)).toEqual(["containerimage.digest"]);
      for (const tag of ["1", "2"]) {
        const answer = await fetch(`http://${engine.registry}/v2/nodes/manifests/${tag}`, { headers: { accept: "application/vnd.oci.image.index.v1+json" } });
        expect(answer.headers.get("docker-content-digest")).toBe(metadata.default["containerimage.digest"]);
        const index = (await answer.json()) as { annotations: unknown; manifests: { platform: object; annotations?: object }[] };
        expect(index.annotations).toEqual({ at: "index" });
        expect(index.manifests.map(({ platform, annotations }) => [platform, annotations])).toEqual([
          [{ architecture: "amd64", os: "linux" }, undefined],
          [{ architecture: "arm64", os: "linux" }, { at: "<arm>" }],
        ]);
      }
    });

    test("are only booted when their platforms are asked for", async () => {
      const builder = storeBuilder("pair", [
        { endpoint: engine.address, platform: "linux/amd64" },
        { endpoint: "tcp://127.0.0.1:1", platform: "linux/arm64" },
      ]);
      const cwd = engine.project({ ...files, "docker-bake.hcl": 'target "default" {\n  platforms = ["linux/amd64"]\n  output = ["type=local,dest=out"]\n}\n' });
      expectSuccess(await engine.tsbake(["--progress=plain"], { cwd, env: builder }));
    });
  },
  { needs: ["busybox", "registry"] },
);

describeEngines("a builder that is not there", ["buildkitd"], (engine) => {
  test("or is of another kind, is told at once", async () => {
    const env = storeBuilder("cluster", [{ endpoint: "kubernetes:///cluster?deployment=cluster0" }], "kubernetes");
    const run = await engine.tsbake([], { cwd: engine.project(files), env });
    expect(run.exit, run.story).toBe(1);
    expect(run.stderr).toBe('ERROR: builder driver "kubernetes" of node cluster0 is not supported\n');
  });

  test.each([
    ["unix:///nowhere/bk.sock", "failed to connect to unix:///nowhere/bk.sock: no such file or directory"],
    ["tcp://127.0.0.1:1", "failed to connect to tcp://127.0.0.1:1: connection refused"],
    ["tcp://127.0.0.1", "invalid address tcp://127.0.0.1: missing port in address"],
    ["nobody", 'no builder "nobody" found'],
  ])("%s is told at once", async (builder, message) => {
    const run = await engine.tsbake([`--builder=${builder}`], { cwd: engine.project(files), env: { BUILDX_BUILDER: "" } });
    expect(run.exit, run.story).toBe(1);
    expect(run.stderr).toBe(`ERROR: ${message}\n`);
  });
});
