/**
 * Receives one fsutil stream: checks entries, asks for the files, and hands everything to the writer of
 * the destination (spec/buildkit.md 6.2, 6.4). What is written how is destination.ts.
 */
import { status } from "../buildkit/errors.ts";
import type { Stat } from "../buildkit/wire/fsutil.ts";
import { diskError } from "../disk-error.ts";
import { Destination, type IncomingFile } from "./destination.ts";
import { EntryOrder } from "./entry-order.ts";
import type { SendProgress } from "./file-sender.ts";
import { packetType, readPacket, writeError, writeFin, writeRequest } from "./packet.ts";
import { RpcError, type Call } from "./rpc.ts";
import { isDirectory, isRegular } from "./tree.ts";

export interface ReceiveOptions {
  /** Created with mode 0700 when missing. */
  readonly path: string;
  /** `delete` removes what the stream does not name. */
  readonly mode: "copy" | "delete";
  readonly onProgress?: SendProgress | undefined;
}

/** Resolves when every entry is on disk. On a failure the engine is told, and files that are not complete are removed. */
export async function receiveDirectory(call: Call, options: ReceiveOptions): Promise<void> {
  const receiver = new DirectoryReceiver(call, options);
  try {
    await receiver.run();
  } catch (cause) {
    await receiver.abandon();
    const error = diskError(cause, options.path);
    writeError(call.writer, error instanceof Error ? error.message : String(error));
    throw error;
  }
}

class DirectoryReceiver {
  readonly #call: Call;
  readonly #options: ReceiveOptions;
  readonly #destination: Destination;
  readonly #order = new EntryOrder();
  readonly #open = new Map<number, IncomingFile>();
  readonly #regular = new Set<string>();
  #entries = 0;
  #complete = false;
  #finished = false;
  #bytes = 0;
  #files = 0;

  constructor(call: Call, options: ReceiveOptions) {
    this.#call = call;
    this.#options = options;
    this.#destination = new Destination(options.path);
  }

  async run(): Promise<void> {
    for (let batch = await this.#call.read(); batch; batch = await this.#call.read()) {
      for (const message of batch) await this.#packet(message);
      if (this.#call.writer.full) await this.#call.writer.drained();
      this.#options.onProgress?.({ bytes: this.#bytes, files: this.#files, done: false });
    }
    if (!this.#finished) throw new RpcError(status.unknown, "the engine left before the output was complete");
    this.#options.onProgress?.({ bytes: this.#bytes, files: this.#files, done: true });
  }

  async abandon(): Promise<void> {
    await Promise.all([...this.#open.values()].map((file) => file.abandon()));
  }

  async #packet(message: Buffer): Promise<void> {
    const packet = readPacket(message);
    switch (packet.type) {
      case packetType.stat:
        if (packet.stat && packet.stat.path !== "") await this.#entry(packet.stat);
        else this.#complete = true;
        break;
      case packetType.data:
        await this.#data(packet.id, packet.data);
        break;
      case packetType.fin:
        return;
      case packetType.error:
        throw new RpcError(status.unknown, `error from sender: ${Buffer.from(packet.data).toString("utf8")}`);
    }
    if (this.#complete && this.#open.size === 0 && !this.#finished) await this.#finish();
  }

  async #entry(stat: Stat): Promise<void> {
    if (this.#complete) throw new RpcError(status.invalidArgument, "an entry behind the last one");
    const id = this.#entries++;
    this.#order.check(stat.path, isDirectory(stat.mode));
    if (isRegular(stat.mode)) {
      if (stat.linkname !== "") {
        if (!this.#regular.has(stat.linkname))
          throw new RpcError(
            status.invalidArgument,
            `hard link ${JSON.stringify(stat.path)} to ${JSON.stringify(stat.linkname)}, which was not sent before it`,
          );
        this.#destination.link(stat);
        return;
      }
      this.#regular.add(stat.path);
      this.#open.set(id, this.#destination.file(stat));
      writeRequest(this.#call.writer, id);
    } else await this.#destination.entry(stat);
  }

  async #data(id: number, data: Uint8Array): Promise<void> {
    const file = this.#open.get(id);
    if (!file) throw new RpcError(status.invalidArgument, `data for file ${id}, which was not asked for`);
    this.#bytes += data.length;
    if (data.length > 0) await file.append(data);
    else {
      await file.finish();
      this.#open.delete(id);
      this.#files++;
    }
  }

  async #finish(): Promise<void> {
    this.#finished = true;
    await this.#destination.finish(this.#options.mode === "delete");
    writeFin(this.#call.writer);
  }
}
