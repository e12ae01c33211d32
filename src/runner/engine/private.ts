/**
 * The private engine: a buildkitd of our own on a private socket, started when nothing is configured
 * and no docker engine answers but the program is there. It is reused by later runs until it is stopped.
 */
import { spawn } from "node:child_process";
import { mkdirSync, openSync, closeSync, writeFileSync } from "node:fs";
import { BakeError } from "../../diagnostics.ts";
import type { Host } from "../../host.ts";
import type { Driver } from "./driver.ts";
import { openSocket } from "./socket.ts";

const startTimeoutMs = 20_000;
const pollMs = 100;

export interface PrivateEngine {
  readonly driver: Driver;
  /** What was done and how to choose otherwise. */
  readonly message: string;
}

/** Where tsbake keeps data of its own. */
export const dataDirectory = (host: Host): string => host.env["TSBAKE_DATA"] || `${host.env["XDG_DATA_HOME"] || `${host.home}/.local/share`}/tsbake`;

/** Finds a running private engine or starts one; undefined when there is no buildkitd. */
export async function findPrivateEngine(host: Host, signal?: AbortSignal): Promise<PrivateEngine | undefined> {
  const program = findProgram(host, "buildkitd");
  if (!program) return undefined;
  const root = `${dataDirectory(host)}/engine`;
  const socket = `${root}/buildkitd.sock`;
  const endpoint = `unix://${socket}`;
  const dial = (abort?: AbortSignal) => openSocket({ kind: "path", path: socket }, endpoint, abort);
  const driver: Driver = { name: "private", endpoint, authority: "localhost", dial, probeSettings: true };
  const choose = "Set BUILDKIT_HOST or use --builder to choose another engine";
  if (await answers(driver)) return { driver, message: `using the private BuildKit at ${endpoint}. ${choose}` };
  await start(program, root, socket);
  const deadline = Date.now() + startTimeoutMs;
  while (!(await answers(driver))) {
    signal?.throwIfAborted();
    if (Date.now() > deadline) throw new BakeError("engine.private", `the private BuildKit did not start, see ${root}/buildkitd.log`);
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
  return { driver, message: `no docker engine answers: started a private BuildKit at ${endpoint}. ${choose}` };
}

async function answers(driver: Driver): Promise<boolean> {
  try {
    (await driver.dial()).destroy();
    return true;
  } catch {
    return false;
  }
}

async function start(program: string, root: string, socket: string): Promise<void> {
  mkdirSync(root, { recursive: true, mode: 0o700 });
  const log = openSync(`${root}/buildkitd.log`, "a", 0o600);
  try {
    const child = spawn(program, ["--root", `${root}/state`, "--addr", `unix://${socket}`], { detached: true, stdio: ["ignore", log, log] });
    await new Promise<void>((resolve, reject) => {
      child.once("spawn", resolve);
      child.once("error", (error) => reject(new BakeError("engine.private", `cannot start ${program}: ${error.message}`, { cause: error })));
    });
    writeFileSync(`${root}/buildkitd.pid`, `${child.pid}\n`, { mode: 0o600 });
    child.unref();
  } finally {
    closeSync(log);
  }
}

function findProgram(host: Host, name: string): string | undefined {
  const directories = [`${dataDirectory(host)}/bin`, ...(host.env["PATH"] ?? "").split(process.platform === "win32" ? ";" : ":")];
  return directories
    .filter((directory) => directory !== "")
    .map((directory) => `${directory}/${name}`)
    .find((path) => host.stat(path)?.kind === "file");
}
