/** Ctrl-C while there is no engine yet: waiting for input. */
import { expect, test } from "vitest";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { project, TSBAKE } from "./rig.ts";

test("SIGINT ends a command that waits for standard input", async () => {
  const child = spawn(process.execPath, [TSBAKE, "-f", "-", "--print"], { cwd: project({}), stdio: ["pipe", "pipe", "pipe"] });
  // It waits when it has taken what was written so far: a definition larger than any pipe.
  await new Promise<void>((resolve) => child.stdin.write("# \n".repeat(100_000), () => resolve()));
  child.kill("SIGINT");
  const [code, signal] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
  expect(signal === "SIGINT" || code === 130).toBe(true);
});
