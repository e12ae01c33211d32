/**
 * How clients talk to the keeper of the private engine: a file says where it listens, a connection carries one line of JSON each
 * way. A connection that asked to use the engine is a user of it for as long as it is open.
 */
import { readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { writeAtomic } from "./builders.ts";

/** What a keeper writes down once its engine serves. Sockets have names of their own, so that an old keeper never touches a newer one's. */
export interface EngineRecord {
  /** Where the keeper listens. */
  readonly keeper: string;
  /** Process ids. */
  readonly keeperPid: number;
  readonly enginePid: number;
  /** `unix:///...` of the engine. */
  readonly address: string;
  /** ISO time. */
  readonly since: string;
  /** Milliseconds without users after which the engine ends; absent: never. */
  readonly idleMs?: number;
}

export type KeeperRequest = { readonly want: "use" } | { readonly want: "status" } | { readonly want: "stop"; readonly force: boolean };

export interface KeeperReply {
  /** `stop` was refused because the engine is used. */
  readonly refused?: boolean;
  readonly users: number;
  /** Milliseconds until it ends if nobody comes. */
  readonly leftMs?: number;
}

const replyTimeoutMs = 5000;
/** Ending an engine takes a while. */
const stopTimeoutMs = 30_000;
const longestLine = 4096;

const recordPath = (folder: string): string => `${folder}/engine.json`;

export function writeRecord(folder: string, record: EngineRecord): void {
  writeAtomic(recordPath(folder), `${JSON.stringify(record)}\n`, 0o600, { synced: false });
}

/** Of the engine that was started last; it may have ended since. */
export function readRecord(folder: string): EngineRecord | undefined {
  try {
    return JSON.parse(readFileSync(recordPath(folder), "utf8")) as EngineRecord;
  } catch {
    // None was ever started here.
    return undefined;
  }
}

export interface Answer {
  readonly reply: KeeperReply;
  /** Still open; closing it is what a user does in the end. */
  readonly connection: Socket;
}

/** Asks the keeper; undefined when it does not answer, because it has ended or is about to. */
export async function askKeeper({ keeper }: EngineRecord, request: KeeperRequest): Promise<Answer | undefined> {
  const connection = connect({ path: keeper });
  const timer = setTimeout(() => connection.destroy(), request.want === "stop" ? stopTimeoutMs : replyTimeoutMs);
  connection.write(`${JSON.stringify(request)}\n`);
  try {
    const line = await readLine(connection);
    if (line !== undefined) return { reply: JSON.parse(line) as KeeperReply, connection };
    connection.destroy();
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}

/** The first line that comes; undefined when the connection ends without one. */
export function readLine(connection: Socket): Promise<string | undefined> {
  return new Promise((resolve) => {
    let text = "";
    const take = (chunk: Buffer): void => {
      text += chunk.toString("utf8");
      const end = text.indexOf("\n");
      if (end >= 0) settle(text.slice(0, end));
      else if (text.length > longestLine) settle(undefined);
    };
    const ended = (): void => settle(undefined);
    const settle = (line: string | undefined): void => {
      connection.off("data", take).off("close", ended);
      resolve(line);
    };
    // Whatever goes wrong closes the connection.
    connection.on("error", () => undefined);
    connection.on("data", take).on("close", ended);
  });
}
