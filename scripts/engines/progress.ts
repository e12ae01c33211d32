/** What set-up says while it works: one line a step, on standard error. */
import { spawn } from "node:child_process";

/** A step that failed for a reason that the person at the machine can do something about. */
export class SetupError extends Error {
  override readonly name: string = "SetupError";
}

export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

export interface CommandOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** Milliseconds; ten minutes unless told. */
  readonly timeout?: number;
}

/** Runs a command to its end and gives its standard output; its own words are shown only when it fails. */
export function runCommand(program: string, args: readonly string[], options: CommandOptions = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: ["ignore", "pipe", "pipe"],
      timeout: options.timeout ?? 600_000,
    });
    let stdout = "";
    let all = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
      all += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => (all += text));
    child.on("error", (error) => reject(new SetupError(`cannot run ${program}: ${error.message}`, { cause: error })));
    child.on("close", (code, signal) => {
      if (code === 0) resolve(stdout);
      else reject(new SetupError(`${program} ${args.join(" ")} ended with ${signal ?? `status ${code}`}:\n${lastLines(all, 20)}`));
    });
  });
}

const lastLines = (text: string, count: number): string => text.trimEnd().split("\n").slice(-count).join("\n");
