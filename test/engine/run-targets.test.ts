/** What targets ask for reaches the engine and comes back: links, contexts, platforms, secrets, caches, failures. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { describeEngines, expectSuccess } from "./rig.ts";
import { pruneCache } from "./run-control.ts";

const read = (...path: string[]): string => readFileSync(join(...path), "utf8");

/** A target whose files land in `out/NAME`. */
const local = (name: string, body: string): string =>
  `target "${name}" {\n  contexts = { tools = "tools" }\n${body}\n  output = ["type=local,dest=out/${name}"]\n}\n`;

const shell = (script: string, flags = ""): string => `RUN ${flags}["/bin/busybox", "sh", "-c", ${JSON.stringify(script)}]\n`;

describeEngines("targets", ["dockerd", "dockerd-classic", "buildkitd"], (engine) => {
  test("a target builds on another's result, whose outputs are its own", async () => {
    const cwd = engine.project({
      "docker-bake.hcl":
        local("base", '  dockerfile = "base.Dockerfile"') +
        'target "app" {\n  contexts = { base = "target:base" }\n  output = ["type=local,dest=out/app"]\n}\n',
      "base.Dockerfile": `FROM tools\n${shell("echo from base > /base")}`,
      Dockerfile: `FROM base\nCOPY extra /extra\n${shell("/bin/busybox cat /base /extra > /both")}`,
      extra: "and its own\n",
    });
    expectSuccess(await engine.tsbake(["--progress=plain", "base", "app"], { cwd }));
    expect(read(cwd, "out/app/both")).toBe("from base\nand its own\n");
    expect(existsSync(join(cwd, "out/base/both"))).toBe(false);
    expect(read(cwd, "out/base/base")).toBe("from base\n");
  });

  test("60 targets share one context, whose ignore file counts for all", async () => {
    const names = Array.from({ length: 60 }, (_, i) => `t${i}`);
    const target = Object.fromEntries(
      names.map((name) => [name, { "dockerfile-inline": `FROM scratch\nCOPY . /\nLABEL name=${name}\n`, output: [`type=local,dest=out/${name}`] }]),
    );
    const cwd = engine.project({
      "docker-bake.json": JSON.stringify({ group: { default: { targets: names } }, target }),
      ".dockerignore": "out\ntools\nskipped\n*.json\n",
      kept: "kept\n",
      skipped: "skipped\n",
    });
    expectSuccess(await engine.tsbake(["--progress=plain"], { cwd }));
    expect(readdirSync(join(cwd, "out")).sort()).toEqual([...names].sort());
    for (const name of names) expect(readdirSync(join(cwd, "out", name)).sort()).toEqual([".dockerignore", "kept"]);
  });

  test("secrets reach their step and appear nowhere else", async () => {
    const canary = "canary-6f1d0c";
    const cwd = engine.project({
      "docker-bake.hcl": local("default", '  secret = ["id=file,src=secret.txt", "id=env,env=CANARY"]\n  args = { NONE = "1" }'),
      Dockerfile: `FROM tools\n${shell("/bin/busybox wc -c < /run/secrets/file > /sizes; /bin/busybox wc -c < /run/secrets/env >> /sizes", "--mount=type=secret,id=file --mount=type=secret,id=env ")}`,
      "secret.txt": canary,
      ".dockerignore": "secret.txt\n",
    });
    const run = expectSuccess(
      await engine.tsbake(["--progress=rawjson", "--metadata-file=metadata.json"], { cwd, env: { CANARY: canary, BUILDX_METADATA_PROVENANCE: "max" } }),
    );
    expect(read(cwd, "out/default/sizes").trim().split(/\s+/)).toEqual([String(canary.length), String(canary.length)]);
    expect(run.stdout + run.stderr + read(cwd, "metadata.json")).not.toContain(canary);
    expect(run.stderr).not.toContain(Buffer.from(canary).toString("base64").slice(0, -3));
  });

  test("a failed step shows its log, its Dockerfile lines and the reference's message", async () => {
    const cwd = engine.project({
      "docker-bake.hcl": local("good", '  dockerfile-inline = "FROM tools\\n"') + local("bad", ""),
      Dockerfile: `FROM tools\n${shell("echo what went wrong; exit 7")}`,
    });
    const run = await engine.tsbake(["--progress=plain", "good", "bad"], { cwd });
    expect(run.exit, run.story).toBe(1);
    expect(run.stderr).toContain("what went wrong");
    expect(run.stderr).toContain(`Dockerfile:2\n--------------------\n   1 |     FROM tools\n   2 | >>> ${shell("echo what went wrong; exit 7")}`);
    expect(run.stderr).toMatch(/\nERROR: target bad: failed to solve: process ".*" did not complete successfully: exit code: 7\n$/);
  });

  test("calls answer instead of building, with the frontend's status", async () => {
    const cwd = engine.project({
      "docker-bake.hcl": 'target "default" {\n  description = "all of it"\n}\n',
      Dockerfile: "FROM scratch as base\nARG NAME=value\nCOPY x /\n",
    });
    const check = await engine.tsbake(["--call=check", "--progress=quiet"], { cwd });
    expect(check.exit, check.story).toBe(1);
    expect(check.stdout).toContain("default\nall of it\n\nCheck complete, 1 warning has been found!\n\nWARNING: FromAsCasing");
    const outline = expectSuccess(await engine.tsbake(["--call=outline", "--progress=quiet"], { cwd }));
    expect(outline.stdout).toBe("default\nall of it\n\nTARGET: base\n\nBUILD ARG   VALUE   DESCRIPTION\nNAME        value   \n\n");
    const json = expectSuccess(await engine.tsbake(["--call=targets,format=json", "--progress=quiet"], { cwd }));
    expect(JSON.parse(json.stdout)).toMatchObject({
      target: { default: { build: { call: "targets" }, targets: { targets: [{ name: "base", default: true }] } } },
    });
  });

  test("a tar goes to standard output, whole", async () => {
    const cwd = engine.project({
      "docker-bake.hcl": 'target "default" {\n  dockerfile-inline = "FROM scratch\\nCOPY hello /hello\\n"\n  output = ["type=tar"]\n}\n',
      hello: "hello there\n",
    });
    const run = expectSuccess(await engine.tsbake(["--progress=quiet"], { cwd }));
    expect(run.stdout).toContain("hello there\n");
    expect(Buffer.byteLength(run.stdout) % 512).toBe(0);
  });
});

describeEngines("targets", ["dockerd", "buildkitd"], (engine) => {
  test("every platform gets a folder of its own, unless they are merged", async () => {
    const cwd = engine.project({
      "docker-bake.hcl":
        'target "split" {\n  platforms = ["linux/amd64", "linux/arm64"]\n  output = ["type=local,dest=out/split"]\n}\n' +
        'target "merged" {\n  platforms = ["linux/amd64"]\n  output = ["type=local,dest=out/merged"]\n}\n',
      Dockerfile: "FROM scratch\nARG TARGETARCH\nCOPY $TARGETARCH /file\n",
      amd64: "for amd64\n",
      arm64: "for arm64\n",
    });
    expectSuccess(await engine.tsbake(["--progress=plain", "split", "merged"], { cwd }));
    expect(read(cwd, "out/split/linux_amd64/file")).toBe("for amd64\n");
    expect(read(cwd, "out/split/linux_arm64/file")).toBe("for arm64\n");
    expect(read(cwd, "out/merged/file")).toBe("for amd64\n");
  });

  test("links carry every platform of a result", async () => {
    const cwd = engine.project({
      "docker-bake.hcl":
        'target "base" {\n  dockerfile = "base.Dockerfile"\n  platforms = ["linux/amd64", "linux/arm64"]\n}\n' +
        'target "app" {\n  contexts = { base = "target:base" }\n  platforms = ["linux/amd64", "linux/arm64"]\n  output = ["type=local,dest=out"]\n}\n',
      "base.Dockerfile": "FROM scratch\nARG TARGETARCH\nCOPY $TARGETARCH /file\n",
      Dockerfile: "FROM base\n",
      amd64: "for amd64\n",
      arm64: "for arm64\n",
    });
    expectSuccess(await engine.tsbake(["--progress=plain", "app"], { cwd }));
    expect([read(cwd, "out/linux_amd64/file"), read(cwd, "out/linux_arm64/file")]).toEqual(["for amd64\n", "for arm64\n"]);
  });

  describe("layouts", () => {
    test("an OCI layout that was written is a context of another build", async () => {
      const cwd = engine.project({
        "docker-bake.hcl":
          'target "write" {\n  dockerfile-inline = "FROM scratch\\nCOPY file /file\\n"\n  tags = ["example.com/it:v1"]\n  output = ["type=oci,dest=layout,tar=false"]\n}\n' +
          'target "read" {\n  contexts = { tagged = "oci-layout://layout:v1", only = "oci-layout://layout" }\n  dockerfile-inline = "FROM tagged AS t\\nFROM only\\nCOPY --from=t /file /copy\\n"\n  output = ["type=local,dest=out"]\n}\n',
        file: "from the layout\n",
      });
      expectSuccess(await engine.tsbake(["--progress=plain", "write"], { cwd }));
      const index = JSON.parse(read(cwd, "layout/index.json")) as { manifests: { annotations: Record<string, string> }[] };
      expect(index.manifests.map(({ annotations }) => annotations)).toMatchObject([
        { "io.containerd.image.name": "example.com/it:v1", "org.opencontainers.image.ref.name": "v1" },
      ]);
      expectSuccess(await engine.tsbake(["--progress=plain", "read"], { cwd }));
      expect([read(cwd, "out/file"), read(cwd, "out/copy")]).toEqual(["from the layout\n", "from the layout\n"]);
    });

    test("a local cache is written, named and found again", async () => {
      const cwd = engine.project({
        "docker-bake.hcl": local("default", '  cache-to = ["type=local,dest=cache,mode=max,tag=mine"]\n  cache-from = ["type=local,src=cache,tag=mine"]'),
        // A cache of steps on top of a local directory would be empty.
        Dockerfile: `FROM scratch\nCOPY --from=tools /bin/busybox /bin/busybox\n${shell("/bin/busybox cat /proc/sys/kernel/random/uuid > /when")}`,
        ".dockerignore": "cache\nout\n",
      });
      const first = expectSuccess(await engine.tsbake(["--progress=plain"], { cwd }));
      expect(first.stderr).toContain(
        "local cache import at cache skipped due to err: could not read cache/index.json: open cache/index.json: no such file or directory",
      );
      const when = read(cwd, "out/default/when");
      await pruneCache(engine);
      const second = expectSuccess(await engine.tsbake(["--progress=plain"], { cwd }));
      expect(second.stderr).not.toContain("local cache import at");
      expect(read(cwd, "out/default/when")).toBe(when);
    });
  });
});
