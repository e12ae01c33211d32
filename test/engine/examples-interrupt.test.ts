/** Ctrl-C: quick, with the engine's solve cancelled and nothing half-written. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { describeEngines, type Running } from "./rig.ts";

/** What a person waits at most after Ctrl-C. */
const PATIENCE_MS = 2000;

/** Interrupts, and fails when the command goes on for longer than a person waits. */
async function interrupt(running: Running): Promise<string> {
  const sent = performance.now();
  running.child.kill("SIGINT");
  const { exit, signal, story } = await running.done;
  expect(performance.now() - sent, story).toBeLessThan(PATIENCE_MS);
  expect(signal ?? exit, story).toBe(130);
  return story;
}

/** Whether a process of this machine was started with this argument. */
function runsWith(argument: string): boolean {
  return readdirSync("/proc").some((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").includes(argument);
    } catch {
      // It ended while the list was read.
      return false;
    }
  });
}

describeEngines("an interrupt", ["dockerd", "dockerd-classic", "buildkitd"], (engine) => {
  test.runIf(engine.own)("ends the step that runs on the engine, and writes no output", async () => {
    // A duration that no other process waits for.
    const duration = `3600.${process.pid}${engine.kind.length}`;
    const cwd = engine.project({
      "docker-bake.hcl": `target "default" {
        contexts = { tools = "tools" }
        args     = { DURATION = "${duration}" }
        output   = ["type=local,dest=out"]
      }`,
      Dockerfile: 'FROM tools\nARG DURATION\nRUN ["/bin/busybox", "sh", "-c", "echo at step $((40 + 2)); exec /bin/busybox sleep $DURATION"]\n',
    });
    const running = engine.startTsbake(["--progress=plain"], { cwd });
    await running.saw("at step 42");
    await expect.poll(() => runsWith(duration)).toBe(true);
    await interrupt(running);
    // The engine is told at once, and ends the container a moment later.
    await expect.poll(() => runsWith(duration), { timeout: 10_000 }).toBe(false);
    expect(readdirSync(cwd).sort()).toEqual(["Dockerfile", "docker-bake.hcl", "tools"]);
  });

  test("in the middle of a transfer leaves no part of a file, nor of a folder", async () => {
    const cwd = engine.project({
      "docker-bake.hcl": `group "default" { targets = ["file", "folder"] }
        target "file" {
          contexts = { tools = "tools" }
          output   = ["type=tar,dest=out/files.tar"]
        }
        target "folder" {
          contexts = { tools = "tools" }
          output   = ["type=local,dest=out/folder"]
        }`,
      Dockerfile:
        'FROM tools AS big\nRUN ["/bin/busybox", "sh", "-c", "/bin/busybox dd if=/dev/urandom of=/big bs=1M count=600 2>/dev/null"]\nFROM scratch\nCOPY --from=big /big /big\n',
    });
    const running = engine.startTsbake(["--progress=plain"], { cwd });
    // Bytes have arrived for both, and hundreds of megabytes are still to come.
    await expect.poll(() => [join(cwd, "out"), join(cwd, "out/folder")].map((folder) => filesIn(folder)), { timeout: 60_000 }).not.toContain(0);
    await interrupt(running);
    expect([join(cwd, "out"), join(cwd, "out/folder")].map((folder) => filesIn(folder))).toEqual([0, 0]);
  });
});

/** How many files that are not empty lie directly in a folder. */
function filesIn(folder: string): number {
  if (!existsSync(folder)) return 0;
  const files = readdirSync(folder).map((name) => statSync(join(folder, name), { throwIfNoEntry: false }));
  return files.filter((file) => file?.isFile() === true && file.size > 0).length;
}
