/**
 * A program that runs in the background: started with a log file and a pid file in a folder of its own, watched until it is
 * ready, ended by a signal; then its mounts are undone and the folder goes.
 */
import { spawn, spawnSync } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { SetupError } from "./progress.ts";

const POLL_MS = 50;
const STOP_MS = 15_000;

export interface DaemonOptions {
  /** What messages call it. */
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Exists already; log and pid files are put there. */
  readonly folder: string;
  /** Whether it serves by now. */
  readonly ready: () => Promise<boolean>;
  /** Milliseconds until it must be ready. */
  readonly timeout?: number;
  /** Outlives this process. */
  readonly detached?: boolean;
}

/** Starts a daemon and waits until it is ready; when it is not in time, it is ended and the end of its log is the error. */
export async function startDaemon(options: DaemonOptions): Promise<void> {
  const { name, folder } = options;
  const logPath = join(folder, `${name}.log`);
  const log = openSync(logPath, "w");
  const child = spawn(options.program, options.args, { env: options.env, cwd: folder, detached: true, stdio: ["ignore", log, log] });
  closeSync(log);
  const ended = new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("exit", (code, signal) => resolve(`it ended with ${signal ?? `status ${code}`}`));
  });
  let end: string | undefined;
  void ended.then((reason) => (end = reason));
  if (child.pid !== undefined) writeFileSync(pidFile(folder, name), `${child.pid}\n`);
  const deadline = Date.now() + (options.timeout ?? 30_000);
  while (!(await options.ready())) {
    if (end === undefined && Date.now() > deadline) end = "it does not answer";
    if (end !== undefined) {
      await stopDaemon(folder, name);
      throw new SetupError(`${name} did not start: ${end}\n${readFileSync(logPath, "utf8").trimEnd().split("\n").slice(-15).join("\n")}`);
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  if (options.detached === true) child.unref();
}

const pidFile = (folder: string, name: string): string => join(folder, `${name}.started`);

/** Ends the daemon of this name in this folder, if it runs: asks, and forces after a while. */
export async function stopDaemon(folder: string, name: string): Promise<void> {
  const pid = runningPid(folder, name);
  if (pid !== undefined) {
    signal(pid, "SIGTERM");
    const deadline = Date.now() + STOP_MS;
    while (isRunning(pid)) {
      if (Date.now() > deadline) signal(pid, "SIGKILL");
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }
  rmSync(pidFile(folder, name), { force: true });
}

/** Ends every daemon of a folder, undoes the mounts below it and removes it; `before` is called when nothing runs any more. */
export async function removeRunFolder(folder: string, before: () => void): Promise<void> {
  if (!existsSync(folder)) return;
  const names = readdirSync(folder).flatMap((file) => (file.endsWith(".started") ? [file.slice(0, -".started".length)] : []));
  await Promise.all(names.map((name) => stopDaemon(folder, name)));
  before();
  unmountBelow(folder);
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}

/** Whether a daemon of the folder runs. */
export function runsIn(folder: string): boolean {
  return (
    existsSync(folder) && readdirSync(folder).some((file) => file.endsWith(".started") && runningPid(folder, file.slice(0, -".started".length)) !== undefined)
  );
}

/** The pid of a daemon that runs; a number that meanwhile belongs to another program does not count. */
function runningPid(folder: string, name: string): number | undefined {
  const file = pidFile(folder, name);
  const pid = existsSync(file) ? Number(readFileSync(file, "utf8")) : Number.NaN;
  if (!Number.isInteger(pid) || !isRunning(pid)) return undefined;
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(folder) ? pid : undefined;
  } catch {
    // No /proc, or gone in between: only trust what can be checked.
    return undefined;
  }
}

/** A process that has ended but that nobody has waited for does not run any more. */
export function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    // No such process.
    return false;
  }
}

function signal(pid: number, name: "SIGTERM" | "SIGKILL"): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended by itself in between.
  }
}

function unmountBelow(folder: string): void {
  if (!existsSync("/proc/self/mounts")) return;
  const points = readFileSync("/proc/self/mounts", "utf8")
    .split("\n")
    .map((line) => line.split(" ")[1] ?? "");
  for (const point of points.filter((path) => path.startsWith(`${folder}/`)).reverse()) spawnSync("umount", ["--lazy", point], { stdio: "ignore" });
}
