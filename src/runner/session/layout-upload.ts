/** One blob on its way into a layout: bytes are hashed as they come, and the blob gets its name at the end. */
import { createHash, type Hash } from "node:crypto";
import { createReadStream } from "node:fs";
import { chmod, mkdir, open, readFile, rename, rm, stat, writeFile, type FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import { status } from "../buildkit/errors.ts";
import { contentExists, parseDigest, type Digest } from "./content-error.ts";
import { RpcError } from "./rpc.ts";

interface UploadOptions {
  /** Where the finished blob belongs. */
  readonly blobPath: (digest: string) => string;
  readonly ref: string;
  readonly total: number;
  readonly directory: string;
  /** Lets the next writer of the same name in. */
  readonly release: () => void;
}

export class Upload {
  readonly started: Date = new Date();
  readonly #options: UploadOptions;
  readonly #file: FileHandle;
  #hash: Hash = createHash("sha256");
  #offset = 0;
  #open = true;

  private constructor(options: UploadOptions, file: FileHandle) {
    this.#options = options;
    this.#file = file;
  }

  /** What an earlier upload of the same name left is kept, as long as both speak of the same size. */
  static async open(options: UploadOptions): Promise<Upload> {
    const { directory, ref, total } = options;
    const path = `${directory}/data`;
    const left = await stat(path).catch(() => undefined);
    const leftTotal = Number(await readFile(`${directory}/total`, "utf8").catch(() => "0")) || 0;
    const resume = left !== undefined && left.size > 0 && (total === 0 || leftTotal === 0 || leftTotal === total) && (total === 0 || left.size <= total);
    const upload = new Upload(options, await open(path, resume ? "r+" : "w", 0o666));
    try {
      if (resume) await upload.#readAgain(path, left.size);
      else {
        await writeFile(`${directory}/ref`, ref);
        await writeFile(`${directory}/startedat`, upload.started.toISOString());
        await writeFile(`${directory}/updatedat`, upload.started.toISOString());
        if (total > 0) await writeFile(`${directory}/total`, String(total));
      }
      return upload;
    } catch (error) {
      await upload.close();
      throw error;
    }
  }

  get offset(): number {
    return this.#offset;
  }

  /** Digest of the bytes so far. */
  get digest(): string {
    return `sha256:${this.#hash.copy().digest("hex")}`;
  }

  async write(data: Uint8Array): Promise<void> {
    for (let at = 0; at < data.length; ) {
      const { bytesWritten } = await this.#file.write(data, at, data.length - at, this.#offset + at);
      at += bytesWritten;
    }
    this.#hash.update(data);
    this.#offset += data.length;
  }

  /** Starts over. */
  async truncate(): Promise<void> {
    await this.#file.truncate(0);
    this.#hash = createHash("sha256");
    this.#offset = 0;
  }

  /** Gives the blob its name and says its digest. An expected size of 0 and an empty digest are not checked. */
  async commit(size: number, expected: string): Promise<string> {
    const { blobPath, directory } = this.#options;
    await this.#file.sync();
    await this.close();
    if (size > 0 && size !== this.#offset) await this.#refuse(`unexpected commit size ${this.#offset}, expected ${size}`);
    const digest = await this.#finalDigest(expected === "" ? undefined : parseDigest(expected));
    if (expected !== "" && expected !== digest) await this.#refuse(`unexpected commit digest ${digest}, expected ${expected}`);
    const target = blobPath(digest);
    await mkdir(dirname(target), { recursive: true, mode: 0o755 });
    if (await stat(target).catch(() => undefined)) {
      await rm(directory, { recursive: true, force: true });
      throw contentExists(digest);
    }
    const data = `${directory}/data`;
    // Blobs never change: nobody may write to them.
    if (process.platform !== "win32") await chmod(data, (await stat(data)).mode & 0o444);
    await rename(data, target);
    await rm(directory, { recursive: true, force: true });
    return digest;
  }

  /** Leaves what has arrived for a later try. */
  async close(): Promise<void> {
    if (!this.#open) return;
    this.#open = false;
    this.#options.release();
    await this.#file.close();
  }

  /** Wrong bytes are of no use to a later try. */
  async #refuse(reason: string): Promise<never> {
    await rm(this.#options.directory, { recursive: true, force: true });
    throw new RpcError(status.failedPrecondition, `${reason}: failed precondition`);
  }

  async #finalDigest(expected: Digest | undefined): Promise<string> {
    if (expected === undefined || expected.algorithm === "sha256") return this.digest;
    return `${expected.algorithm}:${(await hashFile(`${this.#options.directory}/data`, createHash(expected.algorithm))).digest("hex")}`;
  }

  async #readAgain(path: string, size: number): Promise<void> {
    await hashFile(path, this.#hash, size);
    this.#offset = size;
  }
}

async function hashFile(path: string, hash: Hash, size?: number): Promise<Hash> {
  for await (const chunk of createReadStream(path, size === undefined ? {} : { end: size - 1 }) as AsyncIterable<Buffer>) hash.update(chunk);
  return hash;
}
