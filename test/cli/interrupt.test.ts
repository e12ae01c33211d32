/** Ctrl-C, and the end of the time, while there is no engine yet: waiting for input, or for an engine that does not answer. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { project, startTsbake, temporaryFolder, tsbake, TSBAKE } from "./rig.ts";

test("SIGINT ends a command that waits for standard input", async () => {
  const child = spawn(process.execPath, [TSBAKE, "-f", "-", "--print"], { cwd: project({}), stdio: ["pipe", "pipe", "pipe"] });
  // It waits when it has taken what was written so far: a definition larger than any pipe.
  await new Promise<void>((resolve) => child.stdin.write("# \n".repeat(100_000), () => resolve()));
  child.kill("SIGINT");
  const [code, signal] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
  expect(signal === "SIGINT" || code === 130).toBe(true);
});

/** An address where connections are taken and nobody speaks; `asked` resolves at the first. */
async function silentEngine(): Promise<{ readonly address: string; readonly asked: Promise<unknown> }> {
  const server = createServer((socket) => void socket.resume().on("error", () => undefined));
  onTestFinished(() => void server.close());
  const path = join(temporaryFolder(), "silent.sock");
  server.listen(path);
  await once(server, "listening");
  return { address: `unix://${path}`, asked: once(server, "connection") };
}

describe.each([
  ["docker engine", (address: string) => ({ DOCKER_HOST: address })],
  ["stand-alone BuildKit", (address: string) => ({ BUILDX_BUILDER: address })],
])("a %s that does not answer", (_kind, env) => {
  const files = { "docker-bake.hcl": 'target "default" {\n  output = ["type=cacheonly"]\n}\n', Dockerfile: "FROM scratch\n" };

  test.each([[[]], [["https://definitions.example/docker-bake.hcl"]], [["--plan"]]])("is left by SIGINT, with %j", async (args) => {
    const engine = await silentEngine();
    const running = startTsbake(args, { cwd: project(files), env: env(engine.address) });
    await engine.asked;
    running.child.kill("SIGINT");
    const { exit, stderr, story } = await running.done;
    expect([exit, stderr], story).toEqual([130, "ERROR: context canceled\n"]);
  });

  test.each([[[]], [["https://definitions.example/docker-bake.hcl"]], [["--plan"]]])("is left when the time is over, with %j", async (args) => {
    const engine = await silentEngine();
    const { exit, stderr, story } = await tsbake(["--timeout=1500ms", ...args], { cwd: project(files), env: env(engine.address) });
    expect([exit, stderr], story).toEqual([1, "ERROR: the bake timed out after 1.5s\n"]);
  });
});
