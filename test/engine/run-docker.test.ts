/** Ways to a docker engine: contexts on disk, TLS, ssh. All of them lead to the same real engine. */
import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { certificates, type Certificates } from "./certificates.ts";
import { describeEngines, expectSuccess, temporaryFolder } from "./rig.ts";
import { startRelay } from "./run-relay.ts";
import { standIn } from "./stand-in.ts";

const files = { "docker-bake.hcl": 'target "default" {\n  output = ["type=local,dest=out"]\n}\n', Dockerfile: "FROM scratch\nCOPY Dockerfile /built\n" };

/** A docker configuration with one context, which is the current one. */
function configuration(name: string, host: string, { at }: Certificates): string {
  const folder = temporaryFolder();
  const id = createHash("sha256").update(name).digest("hex");
  const write = (path: string, value: object): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), JSON.stringify(value));
  };
  write("config.json", { currentContext: name });
  write(`contexts/meta/${id}/meta.json`, { Name: name, Metadata: {}, Endpoints: { docker: { Host: host, SkipTLSVerify: false } } });
  const tls = join(folder, "contexts/tls", id, "docker");
  mkdirSync(tls, { recursive: true });
  copyFileSync(at("ca.pem"), join(tls, "ca.pem"));
  copyFileSync(at("client.pem"), join(tls, "cert.pem"));
  copyFileSync(at("client.key"), join(tls, "key.pem"));
  return folder;
}

describeEngines("a docker engine", ["dockerd", "dockerd-classic"], (engine) => {
  async function secured(): Promise<{ readonly address: string; readonly made: Certificates }> {
    const made = certificates();
    const tls = { cert: made.read("server.pem"), key: made.read("server.key"), ca: made.read("ca.pem"), requestCert: true, rejectUnauthorized: true };
    const { address } = await startRelay(engine.address, { tls });
    return { address, made };
  }

  test("of a context on disk, with TLS, builds and loads", async () => {
    const { address, made } = await secured();
    const env = { DOCKER_HOST: "", DOCKER_CONFIG: configuration("far", address, made) };
    const cwd = engine.project({ ...files, "docker-bake.hcl": 'target "default" {\n  tags = ["example.test/far:1"]\n}\n' });
    const run = expectSuccess(await engine.tsbake(["--progress=plain", "--metadata-file=meta.json"], { cwd, env }));
    expect(run.stderr).toContain('#0 building with "far" instance using docker driver');
    expect(JSON.parse(readFileSync(join(cwd, "meta.json"), "utf8"))).toMatchObject({ default: { "image.name": "example.test/far:1" } });
    const other = await engine.tsbake(["--builder=default"], { cwd, env });
    expect(other.exit, other.story).toBe(1);
    expect(other.stderr).toBe('ERROR: use `docker --context=default buildx` to switch to context "default"\n');
  });

  test("of DOCKER_HOST with TLS builds; certificates of somebody else are told", async () => {
    const { address, made } = await secured();
    const folder = temporaryFolder();
    for (const [from, to] of [
      ["ca.pem", "ca.pem"],
      ["client.pem", "cert.pem"],
      ["client.key", "key.pem"],
    ] as const)
      copyFileSync(made.at(from), join(folder, to));
    const env = { DOCKER_HOST: address, DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: folder };
    const cwd = engine.project(files);
    expectSuccess(await engine.tsbake(["--progress=plain"], { cwd, env }));
    expect(readFileSync(join(cwd, "out/built"), "utf8")).toBe(files.Dockerfile);
    copyFileSync(made.at("other.pem"), join(folder, "ca.pem"));
    const run = await engine.tsbake([], { cwd, env });
    expect(run.exit, run.story).toBe(1);
    expect(run.stderr).toMatch(/^ERROR: failed to connect to tcp:\S+: (?:unable to verify|self-signed certificate)[^\n]*\n$/);
  });

  test("behind ssh builds through `docker system dial-stdio`", async () => {
    const { PATH, log } = standIn(engine.address, "ssh");
    const cwd = engine.project(files);
    const env = { PATH, DOCKER_HOST: "ssh://me@far:2222" };
    expectSuccess(await engine.tsbake(["--progress=plain"], { cwd, env }));
    expect(readFileSync(join(cwd, "out/built"), "utf8")).toBe(files.Dockerfile);
    expect(readFileSync(log, "utf8").split("\n")).toEqual(["-l", "me", "-p", "2222", "--", "far", "docker", "system", "dial-stdio"]);
    const failed = await engine.tsbake([], { cwd, env: { ...env, FAIL_WITH: "Host key verification failed." } });
    expect(failed.exit, failed.story).toBe(1);
    expect(failed.stderr).toMatch(/^ERROR: [^\n]*ssh ended with status 3: Host key verification failed\.\n$/);
  });
});
