/**
 * The keeper: a process of its own that starts the private engine, knows who uses it, and ends it when nobody has for a while or
 * when it is told to. BuildKit's lock on its data is what makes an engine the only one; the keeper serves only once it has it.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { askKeeper, readLine, readRecord, writeRecord, type KeeperReply, type KeeperRequest } from "./keeper-talk.ts";

export interface KeeperOptions {
  /** Private to this user; data, log and sockets are in it. */
  readonly folder: string;
  readonly program: string;
  readonly idleMs?: number;
  /** Called once: for the process that started the keeper. */
  readonly report: (outcome: StartOutcome) => void;
}

/** `taken`: another engine has the folder, or is about to leave it. */
export type StartOutcome = { readonly kind: "ready" } | { readonly kind: "taken" } | { readonly kind: "failed"; readonly reason: string };

const readyTimeoutMs = 20_000;
const pollMs = 50;
/** BuildKit waits for its clients when it is told to end once, and no longer after the third time. */
const tellEveryMs = 1000;
const killAfterMs = 10_000;
const requestTimeoutMs = 5000;
/** Time for who started the engine to become its first user, however short its idle time. */
const firstUserMs = 10_000;

/** Starts the engine and keeps it; resolves to the exit status when it has ended. */
export async function keepEngine(options: KeeperOptions): Promise<number> {
  mkdirSync(options.folder, { recursive: true, mode: 0o700 });
  let started = await startEngine(options);
  if (started.kind === "taken" && (await endOrphan(options.folder))) started = await startEngine(options);
  if (started.kind !== "ready") {
    options.report(started);
    return started.kind === "taken" ? 0 : 1;
  }
  const keeper = new Keeper(options, started);
  try {
    await keeper.listen();
  } catch (error) {
    started.child.kill("SIGKILL");
    throw error;
  }
  options.report({ kind: "ready" });
  return await keeper.ended;
}

interface StartedEngine {
  readonly kind: "ready";
  readonly child: ChildProcess;
  /** Part of the names of this engine's sockets. */
  readonly id: string;
}

async function startEngine({ folder, program }: KeeperOptions): Promise<StartedEngine | Exclude<StartOutcome, { kind: "ready" }>> {
  const id = randomBytes(3).toString("hex");
  const logPath = `${folder}/buildkitd-${id}.log`;
  const log = openSync(logPath, "w", 0o600);
  const own = `${folder}/e-${id}.sock`;
  const addresses = ["--addr", `unix://${folder}/buildkitd.sock`, "--addr", `unix://${own}`];
  const child = spawn(program, ["--root", `${folder}/state`, ...addresses, "--oci-worker=true", "--containerd-worker=false"], { stdio: ["ignore", log, log] });
  closeSync(log);
  let failure: string | undefined;
  child.on("error", (error) => (failure = error.message));
  const exited = (code: number | null, signal: NodeJS.Signals | null): void =>
    void (failure ??= lastError(logPath) || `it ended with ${signal ?? `status ${code}`}`);
  child.once("exit", exited);
  for (const deadline = Date.now() + readyTimeoutMs; ; await sleep(pollMs)) {
    if (failure === undefined && (await serves(own))) break;
    if (failure === undefined && Date.now() > deadline) {
      child.kill("SIGKILL");
      failure = "it does not answer";
    }
    if (failure === undefined) continue;
    const taken = /could not lock .*another instance running/.test(failure);
    if (taken) rmSync(logPath, { force: true });
    else renameSync(logPath, `${folder}/buildkitd.log`);
    return taken ? { kind: "taken" } : { kind: "failed", reason: failure };
  }
  child.off("exit", exited);
  renameSync(logPath, `${folder}/buildkitd.log`);
  return { kind: "ready", child, id };
}

/** What the program ended with, by its log; a stack may follow. */
function lastError(path: string): string {
  const lines = readFileSync(path, "utf8").trimEnd().split("\n");
  const last = lines.findLast((line) => line.startsWith("buildkitd: ")) ?? lines.at(-1) ?? "";
  return last.replace(/^buildkitd: /, "");
}

/** Whether HTTP/2 is spoken: the socket is there long before. */
function serves(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ path });
    const settle = (answer: boolean): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answer);
    };
    const timer = setTimeout(() => settle(false), tellEveryMs);
    socket.on("error", () => settle(false)).once("close", () => settle(false));
    socket.once("data", () => settle(true));
  });
}

/** Ends an engine whose keeper is gone, so that its folder can be used again. True when there was one. */
export async function endOrphan(folder: string): Promise<boolean> {
  const record = readRecord(folder);
  if (!record || !isEngine(record.enginePid, folder)) return false;
  const answer = await askKeeper(record, { want: "status" });
  if (answer) {
    answer.connection.destroy();
    return false;
  }
  await endProcess(record.enginePid, () => isEngine(record.enginePid, folder));
  return true;
}

/** Numbers of processes are used again: only one that has the folder on its command line is meant. */
function isEngine(pid: number, folder: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(`${folder}/state`);
  } catch {
    // It has ended, or this system does not tell.
    return false;
  }
}

async function endProcess(pid: number, runs: () => boolean): Promise<void> {
  const started = Date.now();
  for (let told = 0; runs(); await sleep(pollMs)) {
    const since = Date.now() - started;
    if (since < told * tellEveryMs) continue;
    told++;
    try {
      process.kill(pid, since > killAfterMs ? "SIGKILL" : "SIGTERM");
    } catch {
      // It has ended by itself.
      return;
    }
  }
}

class Keeper {
  readonly ended: Promise<number>;
  readonly #options: KeeperOptions;
  readonly #engine: StartedEngine;
  readonly #server: Server;
  readonly #users = new Set<Socket>();
  #stopping: Promise<void> | undefined;
  #idle: { readonly timer: NodeJS.Timeout; readonly end: number } | undefined;

  constructor(options: KeeperOptions, engine: StartedEngine) {
    this.#options = options;
    this.#engine = engine;
    this.#server = createServer((connection) => void this.#take(connection));
    this.ended = new Promise((resolve) => {
      engine.child.once("exit", () => {
        const told = this.#stopping !== undefined;
        this.#close();
        resolve(told ? 0 : 1);
      });
    });
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => void this.#stop());
    process.on("SIGHUP", () => undefined);
  }

  /** From now on clients find this engine. */
  async listen(): Promise<void> {
    const { folder, idleMs } = this.#options;
    const path = `${folder}/k-${this.#engine.id}.sock`;
    await new Promise<void>((resolve, reject) => this.#server.once("error", reject).listen(path, resolve));
    writeRecord(folder, {
      keeper: path,
      keeperPid: process.pid,
      enginePid: this.#engine.child.pid ?? 0,
      address: `unix://${folder}/buildkitd.sock`,
      since: new Date().toISOString(),
      ...(idleMs === undefined ? {} : { idleMs }),
    });
    removeLeftovers(folder, this.#engine.id);
    this.#wait(firstUserMs);
  }

  async #take(connection: Socket): Promise<void> {
    const timer = setTimeout(() => connection.destroy(), requestTimeoutMs);
    const line = await readLine(connection);
    clearTimeout(timer);
    const request = parseRequest(line);
    // A client that is turned away starts an engine of its own once this one is gone.
    if (!request || this.#stopping) return void connection.destroy();
    if (request.want === "use") this.#admit(connection);
    else if (request.want === "status") connection.end(encode(this.#state()));
    else if (this.#users.size > 0 && !request.force) connection.end(encode({ ...this.#state(), refused: true }));
    else {
      const users = this.#users.size;
      await this.#stop();
      connection.end(encode({ users }));
    }
  }

  #admit(connection: Socket): void {
    this.#users.add(connection);
    clearTimeout(this.#idle?.timer);
    this.#idle = undefined;
    connection.on("close", () => {
      this.#users.delete(connection);
      if (this.#users.size === 0 && !this.#stopping) this.#wait();
    });
    // Without a reader the end of the connection would go unnoticed.
    connection.resume().write(encode(this.#state()));
  }

  /** Ends the engine unless somebody comes in time. */
  #wait(atLeastMs = 0): void {
    const { idleMs } = this.#options;
    if (idleMs === undefined) return;
    const milliseconds = Math.max(idleMs, atLeastMs);
    this.#idle = { timer: setTimeout(() => void this.#stop(), milliseconds), end: Date.now() + milliseconds };
  }

  #state(): KeeperReply {
    return { users: this.#users.size, ...(this.#idle ? { leftMs: Math.max(0, this.#idle.end - Date.now()) } : {}) };
  }

  /** Nobody is let in any more before the engine is told to end. */
  #stop(): Promise<void> {
    this.#stopping ??= (async () => {
      this.#server.close();
      const { child } = this.#engine;
      await endProcess(child.pid ?? 0, () => child.exitCode === null && child.signalCode === null);
    })();
    return this.#stopping;
  }

  #close(): void {
    clearTimeout(this.#idle?.timer);
    this.#server.close();
    for (const user of this.#users) user.destroy();
  }
}

const encode = (reply: KeeperReply): string => `${JSON.stringify(reply)}\n`;

function parseRequest(line: string | undefined): KeeperRequest | undefined {
  if (line === undefined) return undefined;
  try {
    return JSON.parse(line) as KeeperRequest;
  } catch {
    // Not one of ours.
    return undefined;
  }
}

/** Sockets of engines that were ended by force. */
function removeLeftovers(folder: string, id: string): void {
  for (const name of readdirSync(folder)) {
    const of = /^[ek]-([0-9a-f]{6})\.sock$/.exec(name)?.[1];
    if (of !== undefined && of !== id) rmSync(`${folder}/${name}`, { force: true });
  }
}
