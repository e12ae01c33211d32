/**
 * The private engine: a buildkitd of our own on a private socket, used when nothing is configured and no docker engine answers
 * but the program is there. A keeper (keeper.ts) starts it, knows its users, and ends it when nobody has used it for a while.
 */
import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { BakeError } from "../../diagnostics.ts";
import { parseDuration } from "../../go-text.ts";
import type { Host } from "../../host.ts";
import type { Driver } from "./driver.ts";
import { keeperCommand } from "./keeper-command.ts";
import type { StartOutcome } from "./keeper.ts";
import { askKeeper, readLine, readRecord, type EngineRecord } from "./keeper-talk.ts";
import { openSocket } from "./socket.ts";

/** An engine that is ending needs a while until another can take its place. */
const startTimeoutMs = 40_000;
const pauseMs = 100;
const defaultIdle = "15m";
/** Longest path of a socket; ours have names of 15 characters. */
const socketPathLimit = 107;

export interface PrivateEngine {
  readonly driver: Driver;
  /** What was done, how to stop it and how to choose otherwise. */
  readonly message: string;
}

/** Where tsbake keeps data of its own. */
export const dataDirectory = (host: Host): string => host.env["TSBAKE_DATA"] || `${host.env["XDG_DATA_HOME"] || `${host.home}/.local/share`}/tsbake`;

/** Where the private engine keeps its data, its log and its sockets. */
export const engineFolder = (host: Host): string => `${dataDirectory(host)}/engine`;

/** Finds a running private engine or starts one, and is its user until the driver is closed; undefined when there is no buildkitd. */
export async function findPrivateEngine(host: Host, signal?: AbortSignal): Promise<PrivateEngine | undefined> {
  const program = findProgram(host, "buildkitd");
  if (!program || process.platform === "win32") return undefined;
  const folder = engineFolder(host);
  if (Buffer.byteLength(folder) > socketPathLimit - "/buildkitd.sock".length) {
    throw new BakeError("engine.private", `the path ${folder} is too long for the socket of a private BuildKit: set TSBAKE_DATA to a shorter one`);
  }
  const { record, user, started } = await useEngine({ folder, program, idle: idleTime(host) }, signal);
  const { address, idleMs } = record;
  const dial = (abort?: AbortSignal) => openSocket({ kind: "path", path: address.slice("unix://".length) }, address, abort);
  const close = (): Promise<void> => {
    user.destroy();
    return Promise.resolve();
  };
  const driver: Driver = { name: "private", endpoint: address, authority: "localhost", dial, probeSettings: true, close };
  const what = started ? `no Docker engine answers: started a private BuildKit at ${address}` : `using the private BuildKit at ${address}`;
  const end = `It stops ${idleMs === undefined ? "" : `when it is not used for ${formatDuration(idleMs)}, or `}by: tsbake engine stop`;
  return { driver, message: `${what}. ${end}. Set BUILDKIT_HOST or use --builder to choose another engine` };
}

interface StartOptions {
  readonly folder: string;
  readonly program: string;
  /** Milliseconds in decimal, or `off`. */
  readonly idle: string;
}

interface UsedEngine {
  readonly record: EngineRecord;
  /** The connection that makes this process a user of the engine. */
  readonly user: Socket;
  readonly started: boolean;
}

async function useEngine(options: StartOptions, signal: AbortSignal | undefined): Promise<UsedEngine> {
  const deadline = Date.now() + startTimeoutMs;
  for (let started = false; ; ) {
    const record = readRecord(options.folder);
    const answer = record && (await askKeeper(record, { want: "use" }));
    if (answer) {
      // It must not keep a process alive that is done but for closing.
      answer.connection.resume().unref();
      return { record, user: answer.connection, started };
    }
    signal?.throwIfAborted();
    if (Date.now() > deadline) {
      throw new BakeError("engine.private", `another buildkitd uses ${options.folder} and does not answer: end it, or set TSBAKE_DATA to another folder`);
    }
    const outcome = await startKeeper(options, signal);
    if (outcome.kind === "failed") {
      const log = `${options.folder}/buildkitd.log`;
      throw new BakeError(
        "engine.private",
        `the private BuildKit (${options.program}) did not start: ${outcome.reason} (see ${log}). Set BUILDKIT_HOST or use --builder to choose another engine`,
      );
    }
    started = outcome.kind === "ready";
    if (!started) await sleep(pauseMs, undefined, signal && { signal });
  }
}

/** Starts a keeper, which outlives this process, and waits for what it says of its engine. */
async function startKeeper({ folder, program, idle }: StartOptions, signal: AbortSignal | undefined): Promise<StartOutcome> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const [command, ...args] = keeperCommand();
  const child = spawn(command, [...args, folder, program, idle], { cwd: folder, detached: true, stdio: ["ignore", "pipe", "ignore"] });
  child.unref();
  // Pipes of children are sockets.
  const output = child.stdout as unknown as Socket;
  const failed = new Promise<string>((resolve) => child.once("error", (error) => resolve(error.message)));
  const abort = (): void => void output.destroy();
  signal?.addEventListener("abort", abort, { once: true });
  try {
    const line = await Promise.race([readLine(output), failed.then(() => undefined)]);
    signal?.throwIfAborted();
    if (line === undefined) return { kind: "failed", reason: `${command} ${args.join(" ")} ended without a word` };
    return JSON.parse(line) as StartOutcome;
  } finally {
    signal?.removeEventListener("abort", abort);
    output.destroy();
  }
}

function idleTime({ env }: Host): string {
  const text = env["TSBAKE_ENGINE_IDLE"] || defaultIdle;
  if (text === "off") return text;
  const milliseconds = parseDuration(text);
  if (milliseconds !== undefined) return String(milliseconds);
  throw new BakeError("engine.private", `invalid value "${text}" for TSBAKE_ENGINE_IDLE: expected a duration such as 90s, 10m or 1h30m, or off`);
}

/** `1h30m`, `15m`, `90s` are told as `1h 30m`, `15m`, `1m 30s`. */
export function formatDuration(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1000);
  const parts = [
    [Math.floor(seconds / 3600), "h"],
    [Math.floor(seconds / 60) % 60, "m"],
    [seconds % 60, "s"],
  ] as const;
  return parts.flatMap(([count, unit]) => (count > 0 ? [`${count}${unit}`] : [])).join(" ") || "0s";
}

function findProgram(host: Host, name: string): string | undefined {
  const directories = [`${dataDirectory(host)}/bin`, ...(host.env["PATH"] ?? "").split(process.platform === "win32" ? ";" : ":")];
  return directories
    .filter((directory) => directory !== "")
    .map((directory) => `${directory}/${name}`)
    .find((path) => host.stat(path)?.kind === "file");
}
