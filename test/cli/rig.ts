/** Runs the built command as users run it: in a temporary project, with an environment in which nothing leaks from outside. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished } from "vitest";

export const ROOT: string = join(import.meta.dirname, "../..");
export const TSBAKE: string = join(ROOT, "dist/bin/tsbake.cjs");

/** A temporary folder that goes when the test ends. */
export function temporaryFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "tsbake-test-")));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  return folder;
}

/** A project of these files, by their paths; gives its folder. */
export function project(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = temporaryFolder();
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

export interface RunOptions {
  readonly cwd: string;
  /** Beside PATH and HOME, which is an empty folder unless given. */
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  /** Milliseconds until the command is killed; one minute unless told. */
  readonly timeout?: number;
}

export interface Run {
  readonly exit: number | undefined;
  readonly signal: NodeJS.Signals | undefined;
  readonly stdout: string;
  readonly stderr: string;
  /** Everything above and the command line: the message of a failed assertion. */
  readonly story: string;
}

/** A command that runs. */
export interface Running {
  readonly child: ChildProcess;
  /** Resolves when standard error (or output) contains the text; rejects when the command ends without it. */
  saw(text: string): Promise<void>;
  readonly done: Promise<Run>;
}

/** Starts a program; its end is awaited by the test or forced when the test ends. */
export function start(command: readonly [string, ...string[]], { cwd, env, stdin, timeout = 60_000 }: RunOptions): Running {
  const home = env?.["HOME"] ?? temporaryFolder();
  const [program, ...args] = command;
  const child = spawn(program, args, {
    cwd,
    env: { PATH: process.env["PATH"], HOME: home, TSBAKE_NO_CODE_CACHE: "1", ...env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  const timer = setTimeout(() => child.kill("SIGKILL"), timeout);
  onTestFinished(() => void child.kill("SIGKILL"));
  let stdout = "";
  let stderr = "";
  const waiting = new Set<() => void>();
  const note = (): void => waiting.forEach((check) => check());
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    note();
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
    note();
  });
  // A command that reads nothing may end before its input is written.
  child.stdin.on("error", () => undefined);
  child.stdin.end(stdin ?? "");
  const done = new Promise<Run>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      clearTimeout(timer);
      const end = signal ?? `exit ${code}`;
      const story = `$ ${command.join(" ")}\n(in ${cwd}, ${end})\n--- stdout\n${stdout}--- stderr\n${stderr}`;
      resolve({ exit: code ?? undefined, signal: signal ?? undefined, stdout, stderr, story });
    });
  });
  const saw = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const check = (): void => {
        if (!stdout.includes(text) && !stderr.includes(text)) return;
        waiting.delete(check);
        resolve();
      };
      waiting.add(check);
      void done.then(({ story }) => reject(new Error(`ended without ${JSON.stringify(text)}\n${story}`)));
      check();
    });
  return { child, saw, done };
}

/** Runs tsbake to its end. */
export const tsbake = (args: readonly string[], options: RunOptions): Promise<Run> => startTsbake(args, options).done;

export const startTsbake = (args: readonly string[], options: RunOptions): Running => start([process.execPath, TSBAKE, ...args], options);

/** Fails, with both streams, unless the command succeeded. */
export function expectSuccess(run: Run): Run {
  expect(run.exit, run.story).toBe(0);
  return run;
}
