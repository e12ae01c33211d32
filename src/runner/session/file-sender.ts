/**
 * The sending side of fsutil for one request: stats in order, then the files that the receiver asks for,
 * up to four at a time (spec/buildkit.md 6.2). Where entries come from is the tree's and the filter's.
 */
import { setImmediate as nextTurn } from "node:timers/promises";
import { status } from "../buildkit/errors.ts";
import { framePrefix, writePrefix } from "./frame-writer.ts";
import type { TreeFilter } from "./filter.ts";
import { chunkSize, headLength, packetType, putHead, readPacket, writeData, writeEnd, writeError, writeFin, writeStat } from "./packet.ts";
import { RpcError, type Call } from "./rpc.ts";
import { isDirectory, isRegular, type FileTree, type OpenFile, type TreeEntry } from "./tree.ts";

/** Bytes and files sent so far; `done` once, at the end. */
export type SendProgress = (progress: { readonly bytes: number; readonly files: number; readonly done: boolean }) => void;

export interface SendOptions {
  readonly call: Call;
  readonly tree: FileTree;
  readonly filter: TreeFilter;
  readonly onProgress?: SendProgress | undefined;
}

const parallelFiles = 4;
/** Files up to this size are read in one go, without leaving the turn. */
const smallFile = 64 * 1024;
/** Pieces of a large file that are read and written as one block. */
const blockChunks = 16;
/** Synchronous work after which the event loop gets its turn. */
const sliceMs = 8;

/** Serves one DiffCopy as the sender; resolves when the receiver has everything it asked for. */
export async function sendFiles(options: SendOptions): Promise<void> {
  await new FileSender(options).run();
}

class FileSender {
  readonly #options: SendOptions;
  /** Paths of regular entries by their id, until they are asked for. */
  readonly #files = new Map<number, string>();
  #queue: { readonly id: number; readonly path: string }[] = [];
  #taken = 0;
  readonly #scratch = Buffer.allocUnsafe(smallFile + 1);
  readonly #broken = new Failure();
  #entries = 0;
  #active = 0;
  #idle: (() => void) | undefined;
  #sliceEnd = 0;
  #bytes = 0;
  #sent = 0;

  constructor(options: SendOptions) {
    this.#options = options;
  }

  async run(): Promise<void> {
    const receiving = Promise.race([this.#receive(), this.#broken.promise]);
    receiving.catch(() => undefined);
    try {
      await this.#sendStats();
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      writeError(this.#options.call.writer, text);
      throw error;
    }
    await receiving;
    this.#options.onProgress?.({ bytes: this.#bytes, files: this.#sent, done: true });
  }

  async #sendStats(): Promise<void> {
    const { call, tree, filter } = this.#options;
    const { writer, signal } = call;
    const firstPaths = new Map<string, string>();
    await filter.walk(
      tree,
      (path, entry) => {
        if (entry.problem !== undefined) throw new Error(`cannot send ${JSON.stringify(path)}: ${entry.problem}`);
        const linkname = hardLink(path, entry, firstPaths);
        if (isRegular(entry.mode)) this.#files.set(this.#entries, path);
        this.#entries++;
        writeStat(writer, linkname === undefined ? { ...entry, path } : { ...entry, path, linkname, size: 0 });
        return writer.full ? writer.drained() : undefined;
      },
      signal,
    );
    writeEnd(writer);
  }

  async #receive(): Promise<void> {
    const { call } = this.#options;
    for (let batch = await call.read(); batch; batch = await call.read()) {
      for (const message of batch) {
        const packet = readPacket(message);
        if (packet.type === packetType.request) this.#request(packet.id);
        else if (packet.type === packetType.error) throw new RpcError(status.unknown, `error from receiver: ${Buffer.from(packet.data).toString("utf8")}`);
        else if (packet.type === packetType.fin) {
          await this.#finished();
          writeFin(call.writer);
          return;
        }
      }
    }
    throw new RpcError(status.unknown, "the receiver left before it had everything");
  }

  #request(id: number): void {
    const path = this.#files.get(id);
    if (path === undefined) throw new RpcError(status.unknown, `invalid file id ${id}`);
    this.#files.delete(id);
    this.#queue.push({ id, path });
    if (this.#active < parallelFiles) void this.#work();
  }

  /** One of the parallel senders: works until the queue is empty. Never rejects. */
  async #work(): Promise<void> {
    this.#active++;
    try {
      // Requests that arrived together are taken together.
      await nextTurn();
      for (let next = this.#next(); next; next = this.#next()) await this.#sendFile(next.id, next.path);
    } catch (error) {
      this.#broken.fail(error);
    }
    this.#active--;
    if (this.#active === 0) this.#idle?.();
  }

  #next(): { readonly id: number; readonly path: string } | undefined {
    const next = this.#queue[this.#taken++];
    if (next) return next;
    this.#queue = [];
    this.#taken = 0;
    return undefined;
  }

  async #finished(): Promise<void> {
    if (this.#active === 0) return;
    await new Promise<void>((resolve) => {
      this.#idle = resolve;
    });
  }

  async #sendFile(id: number, path: string): Promise<void> {
    const { call, tree, onProgress } = this.#options;
    const file = tree.open(path);
    try {
      if (file) await this.#sendContent(id, file);
    } finally {
      file?.close();
    }
    writeData(call.writer, id, this.#scratch.subarray(0, 0));
    this.#sent++;
    onProgress?.({ bytes: this.#bytes, files: this.#sent, done: false });
    if (call.writer.full) await call.writer.drained();
    call.signal.throwIfAborted();
    await this.#yieldSometimes();
  }

  async #sendContent(id: number, file: OpenFile): Promise<void> {
    const scratch = this.#scratch;
    let count: number;
    try {
      count = file.readSync(scratch);
    } catch (error) {
      // A directory took the file's place: nothing can be read, as if it had not opened.
      if ((error as NodeJS.ErrnoException).code === "EISDIR") return;
      throw error;
    }
    for (let at = 0; at < count; at += chunkSize) writeData(this.#options.call.writer, id, scratch.subarray(at, Math.min(at + chunkSize, count)));
    this.#bytes += count;
    if (count === scratch.length) await this.#sendRest(id, file);
  }

  /** The rest of a large file: read into blocks that already hold the packets' heads, and that are used again once they are sent. */
  async #sendRest(id: number, file: OpenFile): Promise<void> {
    const { writer, signal } = this.#options.call;
    const free: FileBlock[] = [];
    for (;;) {
      const block = free.pop() ?? new FileBlock(id);
      const count = await file.read(block.targets);
      const whole = Math.floor(count / chunkSize);
      if (whole > 0) writer.raw(block.packets(whole), () => free.push(block));
      const last = block.targets[whole]?.subarray(0, count % chunkSize);
      if (last && last.length > 0) writeData(writer, id, last);
      this.#bytes += count;
      if (count < blockChunks * chunkSize) return;
      if (writer.full) await writer.drained();
      signal.throwIfAborted();
      this.#options.onProgress?.({ bytes: this.#bytes, files: this.#sent, done: false });
    }
  }

  async #yieldSometimes(): Promise<void> {
    const now = performance.now();
    if (now < this.#sliceEnd) return;
    await nextTurn();
    this.#sliceEnd = performance.now() + sliceMs;
  }
}

/** Memory for several packets of one file, with their heads in place. */
class FileBlock {
  /** Where the packets' data goes. */
  readonly targets: readonly Uint8Array[];
  readonly #bytes: Buffer;
  readonly #stride: number;

  constructor(id: number) {
    const head = { type: packetType.data, id, dataLength: chunkSize };
    const payload = headLength(head) + chunkSize;
    const stride = framePrefix + payload;
    const bytes = Buffer.allocUnsafeSlow(blockChunks * stride);
    this.targets = Array.from({ length: blockChunks }, (_, i) => {
      writePrefix(bytes, i * stride, payload);
      const data = putHead(bytes, i * stride + framePrefix, head);
      return bytes.subarray(data, data + chunkSize);
    });
    this.#bytes = bytes;
    this.#stride = stride;
  }

  /** The first packets, with their heads. */
  packets(count: number): Uint8Array {
    return this.#bytes.subarray(0, count * this.#stride);
  }
}

/** A failure that may come at any time and ends everything. */
class Failure {
  readonly promise: Promise<never>;
  #reject!: (reason: unknown) => void;

  constructor() {
    this.promise = new Promise<never>((_resolve, reject) => {
      this.#reject = reject;
    });
    this.promise.catch(() => undefined);
  }

  fail(reason: unknown): void {
    this.#reject(reason);
  }
}

/** The first sent path of a file with several names, for its later names. */
function hardLink(path: string, entry: TreeEntry, firstPaths: Map<string, string>): string | undefined {
  if (entry.inode === undefined || isDirectory(entry.mode)) return undefined;
  const first = firstPaths.get(entry.inode);
  if (first === undefined) firstPaths.set(entry.inode, path);
  return first;
}
