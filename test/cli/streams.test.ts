/** What goes where: results to standard output, everything else to standard error, statuses as scripts expect them. */
import { describe, expect, test } from "vitest";
import { expectSuccess, project, startTsbake, tsbake } from "./rig.ts";

const TWO = 'target "app" {}\ntarget "api" { args = { v = "1" } }\n';

describe("printing", () => {
  test("goes to standard output as one JSON document, and nothing else does", async () => {
    const run = expectSuccess(await tsbake(["--print", "api"], { cwd: project({ "docker-bake.hcl": TWO }) }));
    expect(JSON.parse(run.stdout)).toEqual({
      group: { default: { targets: ["api"] } },
      target: { api: { context: ".", dockerfile: "Dockerfile", args: { v: "1" } } },
    });
    expect(run.stderr).not.toContain("{");
  });

  test("has no colour where no terminal reads it", async () => {
    const cwd = project({ "docker-bake.hcl": 'target "default" { args = { a = NOPE } }\n' });
    const { stdout, stderr } = await tsbake(["--print"], { cwd, env: { TERM: "xterm-256color" } });
    expect(`${stdout}${stderr}`).not.toContain("\u001b");
  });

  test("survives a reader that stops reading", async () => {
    const targets = Array.from({ length: 3000 }, (_, index) => `target "t${index}" { args = { v = "${"x".repeat(50)}" } }\n`);
    const cwd = project({ "docker-bake.hcl": targets.join("") });
    const running = startTsbake(["--print", "t*"], { cwd });
    running.child.stdout?.once("data", () => running.child.stdout?.destroy());
    const { stderr } = await running.done;
    expect(stderr).not.toContain("internal error");
    expect(stderr).not.toContain("at ");
  });

  test("is the same with the word bake", async () => {
    const cwd = project({ "docker-bake.hcl": TWO });
    const [plain, word] = await Promise.all([tsbake(["--print", "app"], { cwd }), tsbake(["bake", "--print", "app"], { cwd })]);
    expect(word.stdout).toBe(plain.stdout);
  });

  test("reads a definition from standard input", async () => {
    const run = expectSuccess(await tsbake(["-f", "-", "--print"], { cwd: project({}), stdin: 'target "default" { tags = ["in"] }\n' }));
    expect(run.stdout).toContain('"in"');
  });
});

describe("failures", () => {
  test.each([
    { title: "an unknown flag", args: ["--prnt", "app"], error: "ERROR: unknown flag: --prnt", hint: "did you mean --print?" },
    { title: "an unknown target", args: ["--print", "ap"], error: "ERROR: failed to find target ap", hint: 'did you mean "app"?' },
    { title: "a missing file", args: ["-f", "nothing.hcl", "--print"], error: "ERROR: open nothing.hcl: no such file or directory", hint: "" },
    { title: "an unknown progress mode", args: ["--progress=loud", "app"], error: "ERROR: invalid progress mode loud", hint: "" },
    {
      title: "a terminal's progress without one",
      args: ["--progress=tty", "--print"],
      error: "ERROR: failed to get console: provided file is not a console",
      hint: "",
    },
  ])("$title ends with status 1, and its last line is the error", async ({ args, error, hint }) => {
    const run = await tsbake(args, { cwd: project({ "docker-bake.hcl": TWO }) });
    expect(run.exit, run.story).toBe(1);
    expect(run.stderr.trimEnd().split("\n").at(-1)).toBe(error);
    expect(run.stderr).toContain(hint);
    expect(run.stdout).toBe("");
  });

  test("a mistake in a file shows its line, marked", async () => {
    const cwd = project({ "docker-bake.hcl": 'target "default" {\n  args = { a = NOPE }\n}\n' });
    const { exit, stderr } = await tsbake(["--print"], { cwd });
    expect(exit).toBe(1);
    expect(stderr).toContain("docker-bake.hcl:2");
    expect(stderr).toContain("args = { a = NOPE }");
    expect(stderr.trimEnd().split("\n").at(-1)).toMatch(/^ERROR: docker-bake\.hcl:2,16-20: Unknown variable; There is no variable named "NOPE"\./);
  });

  test("no engine: says how to choose one", async () => {
    const cwd = project({ "docker-bake.hcl": TWO });
    const { exit, stderr } = await tsbake(["app"], { cwd, env: { DOCKER_HOST: "unix:///nowhere/docker.sock" } });
    expect(exit).toBe(1);
    expect(stderr).toContain("/nowhere/docker.sock");
  });

  test("a stack is shown with --debug only", async () => {
    const cwd = project({ "docker-bake.hcl": TWO });
    const env = { DOCKER_HOST: "unix:///nowhere/docker.sock" };
    const [plain, debug] = await Promise.all([tsbake(["app"], { cwd, env }), tsbake(["--debug", "app"], { cwd, env })]);
    expect(plain.stderr).not.toMatch(/^\s+at /m);
    expect(debug.stderr).toMatch(/^\s+at /m);
  });
});

describe("words", () => {
  test("--help and help print the same, to standard output", async () => {
    const cwd = project({});
    const [flag, word] = await Promise.all([tsbake(["--help"], { cwd }), tsbake(["help"], { cwd })]);
    expect(expectSuccess(flag).stdout).toContain("tsbake [bake] [OPTIONS] [TARGET...]");
    expect(expectSuccess(word).stdout).toBe(flag.stdout);
    expect(flag.stderr).toBe("");
  });

  test("--version and version print the version of the package", async () => {
    const cwd = project({});
    const [flag, word] = await Promise.all([tsbake(["--version"], { cwd }), tsbake(["version"], { cwd })]);
    expect(expectSuccess(flag).stdout).toMatch(/^tsbake \d+\.\d+\.\d+/);
    expect(expectSuccess(word).stdout).toBe(flag.stdout);
  });

  test("a first word that is reserved for a command is no target, and stderr says how to bake one", async () => {
    const cwd = project({ "docker-bake.hcl": 'target "build" {}\n' });
    const word = await tsbake(["build", "--print"], { cwd });
    expect(word.exit).toBe(1);
    expect(word.stderr).toContain("tsbake bake build");
    expect(expectSuccess(await tsbake(["bake", "build", "--print"], { cwd })).stdout).toContain('"build"');
  });
});
