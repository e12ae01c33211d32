/** Writes a file so that its name never shows half of it: beside it first, then renamed into place. */
import { randomBytes } from "node:crypto";
import { mkdir, open, realpath, rename, rm, stat, type FileHandle } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** Chunks are gathered to writes of this size. */
const writeSize = 1024 * 1024;

/** Parent directories are created. A device or pipe of that name is written to as it is. Rejects, leaving nothing behind, when the body does. */
export async function writeAtomically(path: string, body: AsyncIterable<Uint8Array>): Promise<void> {
  const existing = await stat(path).catch(() => undefined);
  if (existing?.isDirectory() === true) throw new Error(`destination file ${path} is a directory`);
  if (existing && !existing.isFile()) {
    await fill(await open(path, "w"), body);
    return;
  }
  // A symlink stays one: what it points to is replaced.
  const target = existing ? await realpath(path) : path;
  await mkdir(dirname(target), { recursive: true, mode: 0o755 });
  const temporary = temporaryName(target);
  try {
    await fill(await open(temporary, "wx", existing ? existing.mode & 0o777 : 0o666), body);
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** A fresh name in the same directory. */
export function temporaryName(path: string): string {
  return join(dirname(path), `.${basename(path).slice(0, 100)}.${randomBytes(6).toString("hex")}.tmp`);
}

async function fill(file: FileHandle, body: AsyncIterable<Uint8Array>): Promise<void> {
  try {
    let chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of body) {
      chunks.push(chunk);
      size += chunk.length;
      if (size < writeSize) continue;
      await writeAll(file, chunks);
      chunks = [];
      size = 0;
    }
    await writeAll(file, chunks);
  } finally {
    await file.close();
  }
}

async function writeAll(file: FileHandle, chunks: readonly Uint8Array[]): Promise<void> {
  let rest = chunks;
  while (rest.length > 0) {
    const { bytesWritten } = await file.writev(rest);
    rest = behind(rest, bytesWritten);
  }
}

function behind(chunks: readonly Uint8Array[], count: number): readonly Uint8Array[] {
  let left = count;
  const rest: Uint8Array[] = [];
  for (const chunk of chunks) {
    if (left < chunk.length) rest.push(chunk.subarray(left));
    left = Math.max(0, left - chunk.length);
  }
  return rest;
}
