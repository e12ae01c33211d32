/** Running a compose project in a folder of its own, and the part of the answer that is compared. */
import { createServer } from "node:net";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { FuzzCase } from "./cases.ts";
import { type Outcome, runProcess } from "./reference.ts";

/** Runs the command beside a home folder with an agent's socket. */
export async function composeOutcome(command: readonly string[], { files, args, env }: FuzzCase): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), "tsbake-fuzz-"));
  const agent = createServer();
  try {
    mkdirSync(join(folder, "home"));
    await new Promise<void>((resolve) => agent.listen(join(folder, "home/ssh.sock"), resolve));
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, "in", name)), { recursive: true });
      writeFileSync(join(folder, "in", name), text);
    }
    const { exit, stdout, stderr } = await runProcess([...command, ...args], { cwd: join(folder, "in"), env: { HOME: "/home/fuzz", ...env } });
    return { exit: exit === 0 ? 0 : 1, stdout, error: exit === 0 ? "" : comparable(stderr) };
  } finally {
    agent.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * The error without what may differ: our places, the file's name and positions in mistakes of YAML itself,
 * the order of lines where the reference walks a map.
 */
function comparable(stderr: string): string {
  const start = stderr.search(/^(?:ERROR: |panic: )/m);
  if (start < 0) return stderr;
  const error = stderr
    .slice(start)
    .trimEnd()
    .replace(/^ERROR: [^\n:]+:\d+,\d+-(?:\d+,)?\d+: /, "ERROR: ")
    .replace(/failed to parse \S*: yaml:/, "failed to parse : yaml:")
    .replace(/, parsing hcl: [\s\S]*$/, "");
  if (error.startsWith("panic: ")) return "panic";
  const syntax = /^ERROR: (?:.*parsing yaml: )?failed to parse : yaml: (?!construct errors)/.exec(error);
  if (syntax) return syntax[0];
  const [header = "", ...lines] = error.split("\n");
  return header.includes("decoding failed") ? [header, ...lines.sort()].join("\n") : error;
}
