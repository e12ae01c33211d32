/** Files to the engine and back: contexts with their ignore files, local and tar outputs, mirrors, platforms. */
import { execFileSync } from "node:child_process";
import { chmodSync, lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { describeEngines, expectSuccess, temporaryFolder } from "./rig.ts";

/** Everything below a directory: type, mode, time and content. */
function tree(root: string, prefix = ""): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of readdirSync(join(root, prefix)).sort()) {
    const path = prefix === "" ? name : `${prefix}/${name}`;
    const stats = lstatSync(join(root, path));
    const head = `${(stats.mode & 0o7777).toString(8)} ${Math.round(stats.mtimeMs)}`;
    if (stats.isDirectory()) Object.assign(found, { [path]: `${head} /` }, tree(root, path));
    else if (stats.isSymbolicLink()) found[path] = `-> ${readlinkSync(join(root, path))}`;
    else found[path] = `${head} ${readFileSync(join(root, path)).toString("latin1").slice(0, 200)}`;
  }
  return found;
}

function write(root: string, files: Readonly<Record<string, string | Buffer>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
}

describeEngines("files", ["dockerd", "buildkitd"], (engine) => {
  test("a context reaches a step and comes back as it was", async () => {
    const cwd = engine.project({ "docker-bake.hcl": 'target "default" {\n  context = "ctx"\n  output = ["out"]\n}\n' });
    const ctx = join(cwd, "ctx");
    write(ctx, {
      Dockerfile: "FROM scratch\nCOPY files /\n",
      "files/plain": "text",
      "files/big": Buffer.alloc(3_000_001, "0123456789abcdef"),
      "files/empty": "",
      "files/a, b": "comma",
      "files/ü\u{1f600} %41": "name",
      "files/deep/er/script": "#!/bin/sh",
      "files/a.b/x": "1",
      "files/a-b/x": "2",
      "files/a/x": "3",
    });
    symlinkSync("../plain", join(ctx, "files/deep/link"));
    symlinkSync("/nowhere", join(ctx, "files/dangling"));
    chmodSync(join(ctx, "files/deep/er/script"), 0o751);
    mkdirSync(join(ctx, "files/empty-directory"), { mode: 0o700 });
    for (const path of ["plain", "big", "deep/er/script"]) utimesSync(join(ctx, "files", path), 1_500_000_000.5, 1_500_000_000.5);
    expectSuccess(await engine.tsbake([], { cwd }));
    expect(tree(join(cwd, "out"))).toEqual(tree(join(ctx, "files")));
  });

  test("the second build of an unchanged context sends no file", async () => {
    const cwd = engine.project({
      "docker-bake.hcl": 'target "default" {\n  context = "ctx"\n  output = ["out"]\n}\n',
      "ctx/Dockerfile": "FROM scratch\nCOPY . /\n",
    });
    write(join(cwd, "ctx"), Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`f${i}`, Buffer.alloc(10_000, String(i))])));
    // The engine knows the directory again by the name of this machine, which is kept there.
    const home = temporaryFolder();
    // The last of the transfers is that of the context, behind those of the Dockerfile and the ignore file.
    const size = async (): Promise<string> => {
      const { stderr } = expectSuccess(await engine.tsbake(["--progress=plain", "--no-cache"], { cwd, env: { HOME: home } }));
      return [...stderr.matchAll(/transferring context: (\S+) .*done/g)].at(-1)?.[1] ?? "";
    };
    expect(await size()).toMatch(/^5\d\d\.?\d*kB$/);
    expect(await size()).toMatch(/^[1-4]\.\d+kB$/);
  });

  test("ignore files of the context and of the Dockerfile", async () => {
    const cwd = engine.project({
      "docker-bake.hcl":
        'group "default" {\n  targets = ["one", "two"]\n}\ntarget "one" {\n  output = ["out/one"]\n}\ntarget "two" {\n  dockerfile = "two.Dockerfile"\n  output = ["out/two"]\n}\n',
      Dockerfile: "FROM scratch\nCOPY . /\n",
      "two.Dockerfile": "FROM scratch\nCOPY . /\n",
      ".dockerignore": "# comment\n*\n!src\nsrc/**/*.log\n!src/keep.log\n",
      "two.Dockerfile.dockerignore": "**\n!**/*.log\n",
      "src/a.go": "",
      "src/keep.log": "",
      "src/deep/x.log": "",
      "src/deep/b.go": "",
      "other/c.log": "",
    });
    expectSuccess(await engine.tsbake([], { cwd }));
    const paths = (name: string): readonly string[] =>
      Object.entries(tree(join(cwd, "out", name))).flatMap(([path, text]) => (text.endsWith(" /") ? [] : path));
    expect(paths("one")).toEqual(["src/a.go", "src/deep/b.go", "src/keep.log"]);
    expect(paths("two")).toEqual(["other/c.log", "src/deep/x.log", "src/keep.log"]);
  });

  test("links that a step copies through", async () => {
    const cwd = engine.project({
      "docker-bake.hcl": 'target "default" {\n  context = "ctx"\n  output = ["out"]\n}\n',
      "ctx/Dockerfile": "FROM scratch\nCOPY current/a current/b /\nCOPY abs /abs\nCOPY latest/c /\n",
      "ctx/real/v1/a": "A",
      "ctx/real/v1/b": "B",
      "ctx/real/v1/c": "C",
    });
    symlinkSync("real/v1", join(cwd, "ctx/current"));
    symlinkSync("/real/v1/c", join(cwd, "ctx/abs"));
    symlinkSync("real/../real/v1", join(cwd, "ctx/latest"));
    expectSuccess(await engine.tsbake([], { cwd }));
    expect(Object.entries(tree(join(cwd, "out"))).map(([path, text]) => `${path}=${text.at(-1)}`)).toEqual(["a=A", "abs=C", "b=B", "c=C"]);
  });

  test("the files of the step, not of the machine, decide a local output; a tar holds the same", async () => {
    const cwd = engine.project({
      "docker-bake.hcl": 'target "default" {\n  contexts = { tools = "tools" }\n  output = ["type=local,dest=out", "type=tar,dest=made/out.tar"]\n}\n',
      Dockerfile: [
        "FROM tools AS made",
        'RUN ["/bin/busybox", "sh", "-c", "mkdir -p /o/d && cd /o && echo f > f && ln f d/hard && ln -s ../f d/soft && chmod 4711 f && mkdir d/e && chmod 1777 d/e"]',
        "FROM scratch",
        "COPY --from=made /o /",
        "",
      ].join("\n"),
    });
    const run = expectSuccess(await engine.tsbake([], { cwd }));
    expect(run.stdout).toBe("");
    const found = Object.fromEntries(Object.entries(tree(join(cwd, "out"))).map(([path, text]) => [path, text.replace(/^(\d+) \d+ /, "$1 ")]));
    expect(found).toMatchObject({ f: "4711 f\n", d: "755 /", "d/soft": "-> ../f", "d/e": "1777 /", "d/hard": "4711 f\n" });
    const listed = execFileSync("tar", ["tf", join(cwd, "made/out.tar")], { encoding: "utf8" });
    expect(
      listed
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => line.replace(/^\.\/|\/$/g, ""))
        .sort(),
    ).toEqual(expect.arrayContaining(["d", "d/e", "d/hard", "d/soft", "f"]));
  });

  test("several platforms have a directory each", async () => {
    const cwd = engine.project({
      "docker-bake.hcl": 'target "default" {\n  platforms = ["linux/amd64", "linux/arm64", "linux/arm/v7"]\n  output = ["out"]\n}\n',
      Dockerfile: "FROM scratch\nARG TARGETARCH\nCOPY $TARGETARCH /arch\n",
      amd64: "x86",
      arm64: "arm64",
      arm: "arm",
    });
    expectSuccess(await engine.tsbake([], { cwd }));
    const contents = Object.entries(tree(join(cwd, "out"))).flatMap(([path, text]) => (text.endsWith(" /") ? [] : `${path}=${text.split(" ").at(-1)}`));
    expect(contents).toEqual(["linux_amd64/arch=x86", "linux_arm64/arch=arm64", "linux_arm_v7/arch=arm"]);
  });

  test("an archive on standard output is nothing but the archive", async () => {
    const cwd = engine.project({ "docker-bake.hcl": 'target "default" {\n  output = ["type=tar"]\n}\n', Dockerfile: "FROM scratch\nCOPY f /\n", f: "content" });
    const run = expectSuccess(await engine.tsbake(["--progress=plain"], { cwd }));
    expect(run.stdout.slice(257, 262)).toBe("ustar");
    expect(run.stdout).toContain("content");
  });
});

describeEngines("mirrors", ["buildkitd"], (engine) => {
  test("mode=delete leaves what the result has, and nothing else", async () => {
    const cwd = engine.project({
      "docker-bake.hcl": 'target "default" {\n  output = ["type=local,dest=out,mode=delete"]\n}\n',
      Dockerfile: "FROM scratch\nCOPY src /\n",
      "src/a/new": "new",
      "out/a/old": "old",
      "out/b/old": "old",
    });
    symlinkSync("/", join(cwd, "out/link"));
    expectSuccess(await engine.tsbake(["--allow=buildx.local.delete"], { cwd }));
    expect(Object.keys(tree(join(cwd, "out")))).toEqual(["a", "a/new"]);
  });
});
