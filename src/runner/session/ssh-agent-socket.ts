/** An agent behind a unix socket or a Windows pipe: one question at a time. */
import { connect, type Socket } from "node:net";
import { MessageReader, frame, type Agent } from "./ssh-agent.ts";

const connectMs = 2000;
/** What agents are known to answer at most. */
const answerLimit = 16 * 1024 * 1024;

/** Rejects when nothing answers there. */
export function connectAgent(path: string): Promise<Agent> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    const fail = (cause: Error): void => {
      socket.destroy();
      reject(new Error(`failed to connect to ${path}: ${cause.message}`, { cause }));
    };
    socket.setTimeout(connectMs, () => fail(new Error("i/o timeout")));
    socket.once("error", fail);
    socket.once("connect", () => {
      socket.setTimeout(0);
      socket.removeAllListeners("timeout");
      socket.removeListener("error", fail);
      resolve(new SocketAgent(socket));
    });
  });
}

class SocketAgent implements Agent {
  readonly #socket: Socket;
  readonly #reader = new MessageReader(answerLimit);
  #waiting: ((answer: Buffer | undefined) => void) | undefined;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("data", (chunk: Buffer) => this.#receive(chunk));
    socket.on("error", () => undefined);
    socket.on("close", () => this.#answer(undefined));
    socket.on("end", () => socket.destroy());
  }

  ask(request: Buffer): Promise<Buffer | undefined> {
    if (this.#socket.destroyed) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      this.#waiting = resolve;
      this.#socket.write(frame(request));
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #receive(chunk: Buffer): void {
    try {
      for (const message of this.#reader.push(chunk)) this.#answer(message);
    } catch {
      this.#socket.destroy();
    }
  }

  #answer(answer: Buffer | undefined): void {
    this.#waiting?.(answer);
    this.#waiting = undefined;
  }
}
