/** Secrets reach the step that asks for them and appear nowhere else: a canary is searched for in all that a build leaves. */
import { createHash, randomBytes } from "node:crypto";
import { existsSync, lstatSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inspect } from "node:util";
import { expect, test } from "vitest";
import { connect, formatDiagnostic, load, nodeHost, plan, resolve, run as runPlan } from "../../src/index.ts";
import { describeEngines, expectSuccess, temporaryFolder } from "./rig.ts";

const canary = (): string => `canary-${randomBytes(12).toString("hex")}`;

/** Files below a folder that hold the text, or its base64 or percent forms. */
function holding(folder: string, text: string): readonly string[] {
  const forms = [text, Buffer.from(text).toString("base64").replace(/=+$/, ""), text.replaceAll("-", "%2D")].map((form) => Buffer.from(form));
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) => {
    const full = join(folder, path);
    if (!lstatSync(full).isFile()) return false;
    const bytes = readFileSync(full);
    return forms.some((form) => bytes.includes(form));
  });
}

const run = (script: string, ...secrets: readonly string[]): string =>
  `RUN ${secrets.map((secret) => `--mount=type=secret,${secret}`).join(" ")} ["/bin/busybox", "sh", "-c", "${script}"]`;

describeEngines("secrets", ["dockerd", "buildkitd"], (engine) => {
  test("from files and variables reach a step, and nothing else ever sees them", async () => {
    const [inFile, inVariable] = [canary(), canary()];
    const home = temporaryFolder();
    const cwd = engine.project({
      "docker-bake.hcl": [
        'target "default" {',
        '  contexts = { tools = "tools" }',
        '  secret = ["id=file,src=secret.txt", "id=variable,env=TOKEN", { id = "NAMED" }]',
        '  output = ["type=local,dest=out", "type=oci,dest=image.tar,compression=uncompressed"]',
        '  attest = ["type=provenance,mode=max"]',
        "}",
        "",
      ].join("\n"),
      Dockerfile: [
        "FROM tools AS made",
        run("busybox sha256sum /run/secrets/file > /sum && busybox stat -c %a /run/secrets/file >> /sum".replaceAll("busybox", "/bin/busybox"), "id=file"),
        run("/bin/busybox sha256sum /run/secrets/v >> /sum", "id=variable,target=/run/secrets/v"),
        run('/bin/busybox printf %s \\"$NAMED\\" | /bin/busybox sha256sum >> /sum', "id=NAMED,env=NAMED"),
        "FROM scratch",
        "COPY --from=made /sum /",
        "",
      ].join("\n"),
      "secret.txt": inFile,
    });
    writeFileSync(join(cwd, ".dockerignore"), "secret.txt\n");
    const env = { HOME: home, TOKEN: inVariable, NAMED: inVariable };
    const files = ["--metadata-file=metadata.json"];
    const plain = expectSuccess(await engine.tsbake(["--progress=plain", "--no-cache", ...files], { cwd, env }));
    const sums = readFileSync(join(cwd, "out/sum"), "utf8").split("\n");
    const sha = (text: string): string => createHash("sha256").update(text).digest("hex");
    expect(sums.map((line) => line.split(" ")[0])).toEqual([sha(inFile), "400", sha(inVariable), sha(inVariable), ""]);
    const raw = expectSuccess(await engine.tsbake(["--progress=rawjson", "--no-cache", ...files], { cwd, env }));
    const printed = expectSuccess(await engine.tsbake(["--print"], { cwd, env }));
    const debug = expectSuccess(await engine.tsbake(["--debug", "--progress=plain"], { cwd, env }));
    for (const text of [inFile, inVariable]) {
      for (const { stdout, stderr } of [plain, raw, printed, debug]) expect(stdout + stderr).not.toContain(text);
      expect(holding(cwd, text)).toEqual(text === inFile ? ["secret.txt"] : []);
      expect(holding(home, text)).toEqual([]);
    }
  });

  test("that a step prints are its own doing: they are masked nowhere but where tsbake speaks", async () => {
    const value = canary();
    const cwd = engine.project({
      "docker-bake.hcl": 'target "default" {\n  contexts = { tools = "tools" }\n  secret = ["id=s,env=S"]\n  output = ["type=cacheonly"]\n}\n',
      Dockerfile: `FROM tools\n${run("/bin/busybox wc -c < /run/secrets/s", "id=s")}\n`,
    });
    const { stderr } = expectSuccess(await engine.tsbake(["--progress=plain", "--no-cache"], { cwd, env: { S: value } }));
    expect(stderr).toMatch(new RegExp(`^#\\d+ \\d+\\.\\d+ ${value.length}$`, "m"));
  });

  test("reach no event, error or result of the library either", async () => {
    const value = canary();
    const cwd = engine.project({
      "docker-bake.hcl":
        'target "default" {\n  contexts = { tools = "tools" }\n  secret = ["id=s,env=S"]\n  output = ["type=cacheonly"]\n  no-cache = true\n}\n',
      Dockerfile: `FROM tools\n${run("/bin/busybox cat /run/secrets/s", "id=s")}\nRUN ["/bin/busybox", "sh", "-c", "echo ${value} >&2; exit 3"]\n`,
    });
    const host = nodeHost({ cwd, env: { ...engine.env, HOME: temporaryFolder(), S: value } });
    const loaded = await load({}, { host });
    const resolved = loaded.ok ? resolve(loaded.value, {}, { host }) : loaded;
    if (!resolved.ok) throw new Error(resolved.diagnostics.map(formatDiagnostic).join("\n"));
    const connected = await connect({}, { host });
    try {
      const planned = await plan(resolved.value, { host, engine: connected });
      if (!planned.ok) throw new Error(planned.diagnostics.map(formatDiagnostic).join("\n"));
      const running = runPlan(planned.value, connected, { host });
      const seen: string[] = [];
      for await (const event of running) {
        seen.push(inspect(event, { depth: 10 }));
        if (event.type === "status") seen.push(...(event.logs ?? []).map(({ data }) => Buffer.from(data).toString()));
      }
      const error = await running.result.then(
        () => undefined,
        (reason: unknown) => reason,
      );
      seen.push(inspect(error, { depth: 20, showHidden: true }));
      const text = seen.join("\n");
      expect(text).toContain("***");
      expect(error).toMatchObject({ message: expect.stringContaining("echo *** >&2; exit 3") as string });
      expect(text).not.toContain(value);
    } finally {
      await connected.close();
    }
  });

  test("that are missing fail the step that requires them, and no other", async () => {
    const cwd = engine.project({
      "docker-bake.hcl":
        'target "default" {\n  name = "t-${which}"\n  matrix = { which = ["optional", "required"] }\n  dockerfile = "${which}.Dockerfile"\n  contexts = { tools = "tools" }\n  output = ["type=cacheonly"]\n}\n',
      "optional.Dockerfile": `FROM tools\n${run("! /bin/busybox test -e /run/secrets/s", "id=s")}\n`,
      "required.Dockerfile": `FROM tools\n${run("true", "id=s,required=true")}\n`,
    });
    expectSuccess(await engine.tsbake(["t-optional"], { cwd }));
    const failed = await engine.tsbake(["t-required"], { cwd });
    expect(failed.exit, failed.story).toBe(1);
    expect(failed.stderr).toContain("secret s: not found");
  });

  test("of 500 KiB pass, larger ones are refused before the build", async () => {
    const cwd = engine.project({
      "docker-bake.hcl": 'target "default" {\n  contexts = { tools = "tools" }\n  secret = ["id=s,src=s"]\n  output = ["type=local,dest=out"]\n}\n',
      Dockerfile: `FROM tools AS made\n${run("/bin/busybox wc -c < /run/secrets/s > /size", "id=s")}\nFROM scratch\nCOPY --from=made /size /\n`,
      ".dockerignore": "s\n",
      s: Buffer.alloc(512_000, "x"),
    });
    expectSuccess(await engine.tsbake(["--no-cache"], { cwd }));
    expect(readFileSync(join(cwd, "out/size"), "utf8")).toBe("512000\n");
    writeFileSync(join(cwd, "s"), Buffer.alloc(512_001, "x"));
    const failed = await engine.tsbake([], { cwd });
    expect(failed.exit, failed.story).toBe(1);
    expect(failed.stderr).toContain("secret s too big. max size 500KiB");
  });

  test("that are not there are told before the build", async () => {
    const cwd = engine.project({
      "docker-bake.hcl": 'target "default" {\n  secret = ["id=s,src=none"]\n  output = ["out"]\n}\n',
      Dockerfile: "FROM scratch\nCOPY Dockerfile /\n",
    });
    const failed = await engine.tsbake([], { cwd });
    expect(failed.exit, failed.story).toBe(1);
    expect(failed.stderr).toContain("failed to stat none: stat none: no such file or directory");
    expect(existsSync(join(cwd, "out"))).toBe(false);
  });
});
