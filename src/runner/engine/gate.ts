/**
 * grpc-js has no dialler option: it connects a socket itself and only then asks the credentials to
 * secure it. This module uses that step to hand over a stream that we opened. The socket grpc-js
 * connects goes to a gate, a listener of ours in a private directory, and is closed at once.
 */
import { ChannelCredentials } from "@grpc/grpc-js";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import type { Dial } from "./driver.ts";

/** The part of grpc-js's internal connector interface that is used; a test watches that it still holds. */
interface Connector {
  connect(socket: Socket): Promise<{ socket: Duplex; secure: boolean }>;
  waitForReady(): Promise<void>;
  getCallCredentials(): unknown;
  destroy(): void;
}

let gate: { readonly server: Server; readonly directory: string | undefined; readonly path: string } | undefined;
let users = 0;

/** Opens the gate for a channel; every `enterGate` needs a `leaveGate`. Gives the address for grpc-js. */
export async function enterGate(): Promise<string> {
  users++;
  if (!gate) {
    const server = createServer((socket) => socket.on("error", () => undefined));
    const windows = process.platform === "win32";
    const directory = windows ? undefined : mkdtempSync(join(tmpdir(), "tsbake-"));
    const path = directory === undefined ? `\\\\.\\pipe\\tsbake-${process.pid}` : join(directory, "gate");
    gate = { server, directory, path };
    process.once("exit", removeGate);
  }
  const { server, path } = gate;
  if (!server.listening) {
    await new Promise<void>((resolve, reject) => {
      server.once("listening", resolve);
      server.once("error", reject);
      if (server.listenerCount("listening") === 1) server.listen(path);
    });
    server.unref();
  }
  return `unix:${path}`;
}

/** Closes the gate when its last channel is gone. */
export function leaveGate(): void {
  users--;
  if (users === 0) {
    gate?.server.close();
    removeGate();
  }
}

function removeGate(): void {
  if (gate?.directory !== undefined) rmSync(gate.directory, { recursive: true, force: true });
  gate = undefined;
  process.removeListener("exit", removeGate);
}

/** Credentials that make grpc-js speak HTTP/2 on whatever `dial` opens. */
export class DialCredentials extends ChannelCredentials {
  readonly #dial: Dial;

  constructor(dial: Dial) {
    super();
    this.#dial = dial;
  }

  override compose(): ChannelCredentials {
    return this;
  }

  override _isSecure(): boolean {
    return false;
  }

  override _equals(other: ChannelCredentials): boolean {
    return other === this;
  }

  override _createSecureConnector(...[, , callCredentials]: Parameters<ChannelCredentials["_createSecureConnector"]>): never {
    const dial = this.#dial;
    const plain = ChannelCredentials.createInsecure()._createSecureConnector({ path: "" }, {}, callCredentials);
    const connector: Connector = {
      async connect(socket) {
        socket.destroy();
        return { socket: await dial(), secure: false };
      },
      waitForReady: () => Promise.resolve(),
      getCallCredentials: () => plain.getCallCredentials(),
      destroy: () => undefined,
    };
    // The declared result type asks for a net.Socket; http2 takes any Duplex.
    return connector as never;
  }
}
