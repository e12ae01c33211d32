/**
 * Blobs in an OCI layout on disk: reading, and uploads that take their name when size and digest are right
 * (spec/buildkit.md 6.8). The directories are containerd's: `blobs/ALGORITHM/HEX` and `ingest/HASH/`.
 */
import { createHash } from "node:crypto";
import { mkdir, open, readdir, readFile, rm, stat, unlink } from "node:fs/promises";
import type { Stats } from "node:fs";
import { status } from "../buildkit/errors.ts";
import { contentMissing, parseDigest, uploadMissing } from "./content-error.ts";
import { Upload } from "./layout-upload.ts";
import { RpcError } from "./rpc.ts";

export interface BlobInfo {
  readonly digest: string;
  readonly size: number;
  readonly changed: Date;
}

export interface UploadStatus {
  readonly ref: string;
  readonly offset: number;
  /** 0 when nobody said. */
  readonly total: number;
  readonly started: Date;
  readonly changed: Date;
}

/** What one answer of a read carries. */
const readSize = 512 * 1024;

/** Uploads of this process, by their directory: one writer each. */
const busy = new Set<string>();

export class LayoutStore {
  readonly directory: string;

  constructor(directory: string) {
    this.directory = directory;
  }

  async info(digest: string): Promise<BlobInfo> {
    const stats = await this.#stat(this.blobPath(digest));
    if (!stats?.isFile()) throw contentMissing(digest);
    return { digest, size: stats.size, changed: stats.mtime };
  }

  blobPath(digest: string): string {
    const { algorithm, hex } = parseDigest(digest);
    return `${this.directory}/blobs/${algorithm}/${hex}`;
  }

  /** The blob's bytes from `offset` on; a size of 0 means to its end. */
  async *read(digest: string, offset: number, size: number): AsyncGenerator<Buffer, void, undefined> {
    const { size: whole } = await this.info(digest);
    const start = Math.max(0, offset);
    if (start > whole) throw new RpcError(status.outOfRange, `read past object length ${whole} bytes`);
    const end = size <= 0 ? whole : Math.min(whole, start + size);
    const file = await open(this.blobPath(digest), "r");
    try {
      for (let at = start; at < end; ) {
        const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(Math.min(readSize, end - at)), 0, Math.min(readSize, end - at), at);
        if (bytesRead === 0) throw new RpcError(status.unknown, `content ${digest}: unexpected EOF`);
        yield buffer.subarray(0, bytesRead);
        at += bytesRead;
      }
    } finally {
      await file.close();
    }
  }

  /** All blobs, in the order of their names. */
  async *blobs(): AsyncGenerator<BlobInfo, void, undefined> {
    for (const algorithm of await this.#list(`${this.directory}/blobs`)) {
      for (const hex of await this.#list(`${this.directory}/blobs/${algorithm}`)) {
        // Other files may lie there: they are no blobs.
        const info = await this.info(`${algorithm}:${hex}`).catch(() => undefined);
        if (info) yield info;
      }
    }
  }

  async delete(digest: string): Promise<void> {
    await unlink(this.blobPath(digest)).catch((cause: unknown) => {
      throw isMissing(cause) ? contentMissing(digest) : cause;
    });
  }

  /** Starts an upload or goes on with one. A name that is being written is unavailable until that ends. */
  async upload(ref: string, total: number): Promise<Upload> {
    const directory = this.#uploadDirectory(ref);
    if (busy.has(directory)) throw new RpcError(status.unavailable, `ref ${ref} locked`);
    busy.add(directory);
    const release = (): void => void busy.delete(directory);
    try {
      await mkdir(directory, { recursive: true, mode: 0o755 });
      return await Upload.open({ blobPath: (digest) => this.blobPath(digest), ref, total, directory, release });
    } catch (error) {
      release();
      throw error;
    }
  }

  async abort(ref: string): Promise<void> {
    const directory = this.#uploadDirectory(ref);
    if (!(await this.#stat(directory))) throw uploadMissing(ref);
    await rm(directory, { recursive: true, force: true });
  }

  async uploadStatus(ref: string): Promise<UploadStatus> {
    const found = await this.#readUpload(this.#uploadDirectory(ref));
    if (!found) throw uploadMissing(ref);
    return found;
  }

  async uploads(): Promise<readonly UploadStatus[]> {
    const found: UploadStatus[] = [];
    for (const name of await this.#list(`${this.directory}/ingest`)) {
      const upload = await this.#readUpload(`${this.directory}/ingest/${name}`);
      if (upload) found.push(upload);
    }
    return found;
  }

  async #readUpload(directory: string): Promise<UploadStatus | undefined> {
    const data = await this.#stat(`${directory}/data`);
    if (!data) return undefined;
    const text = (name: string): Promise<string> => readFile(`${directory}/${name}`, "utf8").catch(() => "");
    const started = new Date(await text("startedat"));
    return {
      ref: await text("ref"),
      offset: data.size,
      total: Number(await text("total")) || 0,
      started: Number.isNaN(started.getTime()) ? data.birthtime : started,
      changed: data.mtime,
    };
  }

  /** References are chosen by the engine: their hash is what names the directory. */
  #uploadDirectory(ref: string): string {
    return `${this.directory}/ingest/${createHash("sha256").update(ref).digest("hex")}`;
  }

  #stat(path: string): Promise<Stats | undefined> {
    return stat(path).catch((cause: unknown) => {
      if (isMissing(cause)) return undefined;
      throw cause;
    });
  }

  #list(path: string): Promise<readonly string[]> {
    return readdir(path).then(
      (names) => names.sort(),
      (cause: unknown) => {
        if (isMissing(cause)) return [];
        throw cause;
      },
    );
  }
}

function isMissing(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === "ENOENT" || code === "ENOTDIR";
}
