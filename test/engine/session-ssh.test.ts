/** Agents for steps: a step lists keys and signs with an agent on a socket, with key files, and with several at once. */
import { execFileSync, spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { describeEngines, expectSuccess, temporaryFolder } from "./rig.ts";

function found(program: string): string | undefined {
  return ["/usr/bin", "/usr/local/bin", "/bin"].map((folder) => join(folder, program)).find((path) => existsSync(path));
}

const programs = ["ssh-add", "ssh-agent", "ssh-keygen"].map(found);

/** Copies ssh-add, with the libraries it is linked to, into a context of its own. */
function copySshAdd(folder: string): void {
  const program = realpathSync(found("ssh-add") ?? "");
  const libraries = execFileSync("ldd", [program], { encoding: "utf8" }).matchAll(/(\/\S+) \(0x/g);
  for (const path of [program, ...[...libraries].map(([, path = ""]) => path)]) {
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    cpSync(realpathSync(path), join(folder, path));
  }
  // It asks who is using it.
  mkdirSync(join(folder, "etc"), { recursive: true });
  execFileSync("sh", ["-c", `echo 'root:x:0:0:root:/:/bin/sh' > '${folder}/etc/passwd'`]);
}

interface Key {
  readonly file: string;
  readonly fingerprint: string;
}

function makeKey(folder: string, name: string, type: string, passphrase = ""): Key {
  const file = join(folder, name);
  execFileSync("ssh-keygen", ["-q", "-t", type, "-N", passphrase, "-C", "", "-f", file]);
  return { file, fingerprint: execFileSync("ssh-keygen", ["-lf", file], { encoding: "utf8" }).split(" ")[1] ?? "" };
}

/** An agent of its own with these keys; gives its socket. */
async function startAgent(folder: string, keys: readonly Key[]): Promise<string> {
  const socket = join(folder, "agent.sock");
  const agent = spawn("ssh-agent", ["-D", "-a", socket], { stdio: "ignore" });
  onTestFinished(() => void agent.kill());
  await expect.poll(() => existsSync(socket), { timeout: 10_000 }).toBe(true);
  for (const { file } of keys) execFileSync("ssh-add", ["-q", file], { env: { ...process.env, SSH_AUTH_SOCK: socket }, stdio: "ignore" });
  return socket;
}

const dockerfile = (...steps: readonly string[]): string =>
  ["FROM tools AS made", "COPY --from=ssh / /", "COPY *.pub /keys/", ...steps, "FROM scratch", "COPY --from=made /result /", ""].join("\n");
const step = (mount: string, script: string): string => `RUN --mount=type=ssh${mount} ["/bin/busybox", "sh", "-c", "${script}"]`;
const bake = (...ssh: readonly string[]): string =>
  `target "default" {\n  contexts = { tools = "tools", ssh = "ssh" }\n  ssh = ${JSON.stringify(ssh)}\n  output = ["out"]\n}\n`;
const listAndSign = "(ssh-add -l; for key in /keys/*.pub; do ssh-add -T $key && echo signed; done) >> /result 2>&1";

describeEngines("agents", ["dockerd", "buildkitd"], (engine) => {
  const here = programs.every((program) => program !== undefined) && process.platform === "linux";

  test.skipIf(!here)("on a socket list and sign, and let a step do nothing else", async () => {
    const folder = temporaryFolder();
    const cwd = engine.project({
      "docker-bake.hcl": bake("default"),
      Dockerfile: dockerfile(step("", listAndSign), step("", "ssh-add -D >> /result 2>&1 || echo refused >> /result")),
    });
    copySshAdd(join(cwd, "ssh"));
    const keys = [makeKey(cwd, "one", "ed25519"), makeKey(cwd, "two", "rsa")];
    const socket = await startAgent(folder, keys);
    expectSuccess(await engine.tsbake(["--no-cache", "--allow=ssh"], { cwd, env: { SSH_AUTH_SOCK: socket } }));
    const result = readFileSync(join(cwd, "out/result"), "utf8");
    for (const { fingerprint } of keys) expect(result).toContain(fingerprint);
    expect(result.match(/^signed$/gm)).toHaveLength(2);
    expect(result).toContain("refused");
    expect(
      execFileSync("ssh-add", ["-l"], { env: { ...process.env, SSH_AUTH_SOCK: socket }, encoding: "utf8" })
        .trim()
        .split("\n"),
    ).toHaveLength(2);
  });

  test.skipIf(!here)("of key files of every kind list and sign", async () => {
    const names = ["ed25519", "ecdsa", "rsa"];
    const cwd = engine.project({ "docker-bake.hcl": bake(`mine=${names.join(",")}`), Dockerfile: dockerfile(step(",id=mine", listAndSign)) });
    copySshAdd(join(cwd, "ssh"));
    const keys = names.map((type) => makeKey(cwd, type, type));
    expectSuccess(await engine.tsbake(["--no-cache"], { cwd }));
    const result = readFileSync(join(cwd, "out/result"), "utf8");
    for (const { fingerprint } of keys) expect(result).toContain(fingerprint);
    expect(result.match(/^signed$/gm), result).toHaveLength(3);
  });

  test.skipIf(!here)("are told apart by their ids", async () => {
    const cwd = engine.project({
      "docker-bake.hcl": bake("a=one", "b=two"),
      Dockerfile: dockerfile(step(",id=a", "ssh-add -l > /result"), step(",id=b", "ssh-add -l >> /result")),
    });
    copySshAdd(join(cwd, "ssh"));
    const keys = [makeKey(cwd, "one", "ed25519"), makeKey(cwd, "two", "ed25519")];
    expectSuccess(await engine.tsbake(["--no-cache"], { cwd }));
    expect(readFileSync(join(cwd, "out/result"), "utf8").match(/SHA256:\S+/g)).toEqual(keys.map(({ fingerprint }) => fingerprint));
  });

  test.skipIf(!here)("that are missing fail a step that requires them; sealed keys are refused before the build", async () => {
    const cwd = engine.project({ "docker-bake.hcl": bake("a=sealed"), Dockerfile: dockerfile(step(",id=other,required=true", "true")) });
    copySshAdd(join(cwd, "ssh"));
    makeKey(cwd, "sealed", "ed25519", "passphrase");
    const sealed = await engine.tsbake([], { cwd });
    expect(sealed.exit, sealed.story).toBe(1);
    expect(sealed.stderr).toContain("failed to parse sealed: ssh: this private key is passphrase protected");
    makeKey(cwd, "open", "ed25519");
    const missing = await engine.tsbake(["--set=*.ssh=a=open"], { cwd });
    expect(missing.exit, missing.story).toBe(1);
    expect(missing.stderr).toMatch(/unset ssh forward key other|ssh.*other/);
  });
});
