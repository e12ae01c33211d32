/** Definitions in git repositories, and the credentials for them: given to contexts on the same host, and shown nowhere. */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { serveRepository } from "./git-server.ts";
import { describeEngines, expectSuccess, temporaryFolder, type Run } from "./rig.ts";

const repository = {
  "docker-bake.hcl": 'target "default" {\n  contexts = { other = "sub" }\n  output = ["type=local,dest=out"]\n}\n',
  Dockerfile: "FROM scratch\nCOPY file /file\nCOPY --from=other file /other\n",
  file: "of the repository\n",
  "sub/file": "of a directory\n",
};
const token = "canary-token-8c1f";
const basic = (text: string): string => Buffer.from(`x-access-token:${text}`).toString("base64");
const opened = `basic ${basic(token)}`;

/** Everything that a run leaves behind where people may look. */
function traces(cwd: string, run: Run, files: readonly string[]): string {
  return [run.stdout, run.stderr, ...files.map((file) => readFileSync(join(cwd, file), "utf8"))].join("\n");
}

describeEngines("a definition in a git repository", ["dockerd", "buildkitd"], (engine) => {
  test("is read and built from there, with what the token opens, which appears nowhere", async () => {
    const { url, seen } = await serveRepository(repository, opened);
    const cwd = temporaryFolder();
    const env = { BUILDX_BAKE_GIT_AUTH_TOKEN: token };
    const outputs = ["--metadata-file=metadata.json", "--events=events.json", "--report=report.html", "--report=report.json", "--report=t.trace.json"];
    const run = expectSuccess(await engine.tsbake([url, "--progress=rawjson", "--allow=fs.write=out", ...outputs], { cwd, env }));
    expect(readFileSync(join(cwd, "out/file"), "utf8")).toBe("of the repository\n");
    expect(readFileSync(join(cwd, "out/other"), "utf8")).toBe("of a directory\n");
    expect(seen).toContain(opened);
    const plain = expectSuccess(await engine.tsbake([url, "--progress=plain", "--debug", "--allow=fs.write=out", "--no-cache"], { cwd, env }));
    const printed = expectSuccess(await engine.tsbake([url, "--print"], { cwd, env }));
    const planned = expectSuccess(await engine.tsbake([url, "--plan=json"], { cwd, env }));
    expect(planned.stdout).toContain('"GIT_AUTH_TOKEN.127.0.0.1:');
    const told =
      [plain, printed, planned].map((one) => traces(cwd, one, [])).join("\n") +
      traces(cwd, run, ["metadata.json", "events.json", "report.html", "report.json", "t.trace.json"]);
    expect(told).toContain(url);
    expect(told).not.toContain(token);
    expect(told).not.toContain(basic(token));
  });

  test("is read with the header that is given", async () => {
    const { url, seen } = await serveRepository(repository, "Bearer canary-header");
    const run = await engine.tsbake([url, "--progress=plain", "--allow=fs.write=out"], {
      cwd: temporaryFolder(),
      env: { buildx_bake_git_auth_header: "Bearer canary-header" },
    });
    expectSuccess(run);
    expect(seen).toContain("Bearer canary-header");
    expect(run.story).not.toContain("canary-header");
  });

  test("that nobody may read is an error", async () => {
    const { url } = await serveRepository(repository, opened);
    const run = await engine.tsbake([url], { cwd: temporaryFolder(), env: { BUILDX_BAKE_GIT_AUTH_TOKEN: "canary-wrong" } });
    expect(run.exit, run.story).toBe(1);
    expect(run.stderr).toContain("ERROR: failed to solve: ");
    expect(run.story).not.toContain("canary-wrong");
  });

  test("does not give its token to contexts on other hosts", async () => {
    const other = await serveRepository({ Dockerfile: "FROM scratch\nCOPY file /\n", file: "x" });
    const { url } = await serveRepository({ "docker-bake.hcl": `target "default" {\n  context = "${other.url}"\n}\n` }, opened);
    expectSuccess(await engine.tsbake([url, "--progress=plain"], { cwd: temporaryFolder(), env: { BUILDX_BAKE_GIT_AUTH_TOKEN: token } }));
    expect(other.seen.filter((header) => header !== undefined)).toEqual([]);
  });

  test("whose context has a policy beside the Dockerfile is not built against it", async () => {
    const policy = 'package docker\ndecision := {"allow": allow, "deny_msg": ["remote policy says no"]}\ndefault allow := false\n';
    const definition = 'target "default" {\n  dockerfile = "sub/Dockerfile"\n}\n';
    const { url } = await serveRepository({ "docker-bake.hcl": definition, "sub/Dockerfile": "FROM scratch\nCOPY sub /\n", "sub/Dockerfile.rego": policy });
    const cwd = temporaryFolder();
    const without = await engine.tsbake([url], { cwd, env: { PATH: "/usr/bin:/bin" } });
    expect(without.exit, without.story).toBe(1);
    expect(without.stderr).toContain("target default has a source policy (sub/Dockerfile.rego), and no evaluator for it is there: install opa");
    expectSuccess(await engine.tsbake([url, "--policy=disabled=true"], { cwd }));
    const opa = process.env["TSBAKE_OPA"];
    if (opa === undefined || engine.kind !== "buildkitd") return;
    const denied = await engine.tsbake([url], { cwd, env: { PATH: `${dirname(opa)}:/usr/bin:/bin` } });
    expect(denied.exit, denied.story).toBe(1);
    expect(denied.stderr).toContain("Policy: remote policy says no");
  });

  test("that is not there is told of with what the engine says", async () => {
    const cwd = engine.project({ "docker-bake.hcl": 'target "default" {\n  context = "http://127.0.0.1:1/x.git"\n}\n' });
    const run = await engine.tsbake(["--progress=quiet"], { cwd });
    expect(run.exit, run.story).toBe(1);
    expect(run.stderr).toMatch(/^ERROR: failed to stat policy file Dockerfile\.rego: failed to load cache key: error fetching default branch/m);
  });

  test("is read in sight, before and in the same display as the build", async () => {
    const { url } = await serveRepository(repository);
    const cwd = temporaryFolder();
    const args = [url, "--allow=fs.write=out", "--events=events.json"];
    const step = `[internal] load git source ${url}`;
    const plain = expectSuccess(await engine.tsbake([...args, "--progress=plain"], { cwd }));
    expect(plain.stderr.split("\n").slice(1, 3)).toEqual(["", `#1 ${step}`]);
    expect(plain.stderr.match(/^#0 building with/gm)).toHaveLength(1);
    expect(plain.stderr).toMatch(/\n#[2-9] \[stage-0 1\/2\] COPY file \/file\n/);
    expect(plain.stderr).not.toContain("load local bake definitions");
    const events = readFileSync(join(cwd, "events.json"), "utf8").split("\n");
    expect([events[0], events[1]]).toEqual([expect.stringContaining('"type":"start"'), expect.stringContaining(step)]);

    const raw = expectSuccess(await engine.tsbake([...args, "--progress=rawjson"], { cwd }));
    expect(JSON.parse(raw.stderr.split("\n")[0] ?? "")).toMatchObject({ vertexes: [{ name: step }] });
    expect(expectSuccess(await engine.tsbake([url, "--print", "--progress=plain"], { cwd })).stderr).toContain(`#1 ${step}`);
    expect(expectSuccess(await engine.tsbake([url, "--print", "--progress=quiet"], { cwd })).stderr).toBe("");

    const failed = await engine.tsbake([url.replace("repository", "other"), "--progress=plain"], { cwd });
    expect(failed.exit, failed.story).toBe(1);
    expect(failed.stderr).toMatch(/#1 ERROR: .*\n(?:.*\n)*------\n > \[internal\] load git source .*\n.*not found\n------\nERROR: failed to solve: /);
  });

  test("may have local files beside it, which are shown as read", async () => {
    const { url } = await serveRepository(repository);
    const cwd = engine.project({ "more.hcl": 'target "default" {\n  args = { X = "1" }\n}\n' });
    const run = expectSuccess(await engine.tsbake([url, "-f", "docker-bake.hcl", "-f", "cwd://more.hcl", "--progress=plain", "--allow=fs.write=out"], { cwd }));
    expect(run.stderr).toMatch(/#2 \[internal\] load local bake definitions\n#2 reading more\.hcl /);
    const local = engine.project({ "some.hcl": 'target "default" {\n  dockerfile-inline = "FROM scratch"\n}\n' });
    const named = expectSuccess(await engine.tsbake(["--progress=plain"], { cwd: local, env: { BUILDX_BAKE_FILE: "some.hcl" } }));
    expect(named.stderr).toContain("#1 [internal] load local bake definitions from BUILDX_BAKE_FILE env\n");
  });
});
