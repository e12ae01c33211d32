/** The reference, where it is installed, and how its answers are compared. */
import { spawn, spawnSync } from "node:child_process";

/** The answer of a command: standard output for success, the error line for refusal. */
export interface Outcome {
  readonly exit: number;
  readonly stdout: string;
  /** The last line of standard error without the count of further mistakes, which is not compared. */
  readonly error: string;
}

/** buildx 0.36.1 at TSBAKE_REFERENCE or on PATH; other versions answer differently and are not used. */
export function findReference(): { readonly path: string; readonly version: string } | undefined {
  const path = process.env["TSBAKE_REFERENCE"] ?? "buildx";
  const answer = spawnSync(path, ["version"], { encoding: "utf8" });
  return answer.status === 0 && answer.stdout.includes("0.36.1") ? { path, version: answer.stdout.trim() } : undefined;
}

export interface Run {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Runs a command with nothing in its environment but PATH and what is given; one minute at most. */
export function runProcess(command: readonly string[], options: RunOptions): Promise<Run> {
  return new Promise((resolve, reject) => {
    const [program, ...args] = command;
    const child = spawn(program as string, args, {
      cwd: options.cwd,
      env: { PATH: process.env["PATH"], ...options.env },
      stdio: ["ignore", "pipe", "pipe"],
      timeout: 60_000,
    });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (part: string) => (stdout += part));
    child.stderr.setEncoding("utf8").on("data", (part: string) => (stderr += part));
    child.on("error", reject);
    child.on("close", (code) => resolve({ exit: code ?? -1, stdout, stderr }));
  });
}

export async function runCommand(command: readonly string[], options: RunOptions): Promise<Outcome> {
  const { exit, stdout, stderr } = await runProcess(command, options);
  const error = exit === 0 ? "" : (stderr.trimEnd().split("\n").at(-1) ?? "").replace(/, and \d+ other diagnostic\(s\)$/, "");
  return { exit, stdout, error };
}
