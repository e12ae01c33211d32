/**
 * A local directory as it was when first looked at. Every directory in it is read at most once, when a
 * request first enters it, and all later requests are answered from memory: a context that many targets
 * use is walked once a run. Contents of files are read when they are sent.
 */
import { closeSync, constants, lstatSync, openSync, readdirSync, readlinkSync, readSync, readv, realpathSync, type BigIntStats } from "node:fs";
import { join } from "node:path";
import { sortedKeys } from "../../byte-order.ts";
import { isDirectory, isRegular, mode, type FileTree, type OpenFile, type TreeEntry } from "./tree.ts";

export class DirectoryWalk implements FileTree {
  readonly #root: string;
  #resolvedRoot: string | undefined;
  readonly #listed = new Map<string, readonly TreeEntry[]>();

  /** `root` is absolute; it may be a symlink to a directory. */
  constructor(root: string) {
    this.#root = root;
  }

  /** Directories read so far, for tests and `--debug`. */
  get directoriesRead(): number {
    return this.#listed.size;
  }

  list(directory: string): readonly TreeEntry[] | undefined {
    const known = this.#listed.get(directory);
    if (known) return known;
    const path = this.#path(directory);
    let names: string[];
    try {
      names = readdirSync(path);
    } catch (error) {
      if (isGone(error)) return undefined;
      throw error;
    }
    const broken = names.some((name) => name.includes("\ufffd")) ? brokenNames(path) : undefined;
    const entries = sortNames(names).flatMap((name) => (broken?.has(name) === true ? brokenEntry(name) : (readEntry(path, name) ?? [])));
    this.#listed.set(directory, entries);
    return entries;
  }

  open(path: string): OpenFile | undefined {
    try {
      // No waiting for the other end of a pipe and no following of a link that took the file's place meanwhile.
      return new LocalFile(openSync(this.#path(path), constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0)));
    } catch {
      return undefined;
    }
  }

  #path(relative: string): string {
    this.#resolvedRoot ??= realpathSync(this.#root);
    return relative === "" ? this.#resolvedRoot : join(this.#resolvedRoot, relative);
  }
}

function isGone(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === "ENOENT" || code === "ENOTDIR";
}

/** UTF-8 order differs from JavaScript's only where surrogates occur. */
function sortNames(names: string[]): string[] {
  return names.some((name) => /[\ud800-\udfff]/.test(name)) ? sortedKeys(names) : names.sort();
}

/** Names that are no UTF-8, as they read with the replacement character. Messages cannot carry them. */
function brokenNames(directory: string): ReadonlySet<string> {
  const raw = readdirSync(directory, { encoding: "buffer" });
  return new Set(
    raw.map((bytes) => ({ bytes, name: bytes.toString("utf8") })).flatMap(({ bytes, name }) => (Buffer.from(name, "utf8").equals(bytes) ? [] : name)),
  );
}

function brokenEntry(name: string): TreeEntry {
  return {
    name,
    mode: 0,
    size: 0,
    modTime: 0n,
    linkname: "",
    devmajor: 0,
    devminor: 0,
    inode: undefined,
    problem: `the name ${JSON.stringify(name)} is not valid UTF-8`,
  };
}

/** undefined when the entry vanished after its directory was read. */
function readEntry(directory: string, name: string): TreeEntry | undefined {
  try {
    const path = directory.endsWith("/") ? directory + name : `${directory}/${name}`;
    const stats = lstatSync(path, { bigint: true });
    const bits = goMode(Number(stats.mode));
    const linkname = (bits & mode.symlink) !== 0 ? slashes(readlinkSync(path)) : "";
    const device = (bits & mode.device) !== 0 ? Number(stats.rdev) : 0;
    return {
      name,
      mode: bits,
      size: isDirectory(bits) ? 0 : Number(stats.size),
      modTime: stats.mtimeNs,
      linkname,
      devmajor: deviceMajor(device),
      devminor: deviceMinor(device),
      inode: stats.nlink > 1n && isRegular(bits) ? inodeOf(stats) : undefined,
    };
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}

const inodeOf = ({ dev, ino }: BigIntStats): string => `${dev}:${ino}`;

const slashes = (path: string): string => (process.platform === "win32" ? path.replaceAll("\\", "/") : path);

/** Numbers of a device as Linux packs them. */
const deviceMajor = (device: number): number => (device >>> 8) & 0xfff;
const deviceMinor = (device: number): number => (device & 0xff) | ((device >>> 12) & 0xfff00);

/** Go's FileMode of a POSIX mode. A socket loses its type: it travels as an empty file. */
export function goMode(posix: number): number {
  let bits = posix & 0o777;
  if (process.platform === "win32") bits = (bits | 0o111) & 0o755;
  if ((posix & 0o4000) !== 0) bits |= mode.setuid;
  if ((posix & 0o2000) !== 0) bits |= mode.setgid;
  if ((posix & 0o1000) !== 0) bits |= mode.sticky;
  switch (posix & constants.S_IFMT) {
    case constants.S_IFDIR:
      bits |= mode.directory;
      break;
    case constants.S_IFLNK:
      bits |= mode.symlink;
      break;
    case constants.S_IFIFO:
      bits |= mode.namedPipe;
      break;
    case constants.S_IFBLK:
      bits |= mode.device;
      break;
    case constants.S_IFCHR:
      bits |= mode.device | mode.characterDevice;
      break;
  }
  return bits >>> 0;
}

class LocalFile implements OpenFile {
  readonly #descriptor: number;

  constructor(descriptor: number) {
    this.#descriptor = descriptor;
  }

  readSync(target: Uint8Array): number {
    let filled = 0;
    while (filled < target.length) {
      const count = readSync(this.#descriptor, target, filled, target.length - filled, null);
      if (count === 0) break;
      filled += count;
    }
    return filled;
  }

  async read(targets: readonly Uint8Array[]): Promise<number> {
    const wanted = targets.reduce((sum, { length }) => sum + length, 0);
    let filled = 0;
    while (filled < wanted) {
      const count = await this.#readSome(skip(targets, filled));
      if (count === 0) break;
      filled += count;
    }
    return filled;
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  #readSome(targets: readonly Uint8Array[]): Promise<number> {
    return new Promise((resolve, reject) => {
      readv(this.#descriptor, targets, null, (error, count) => (error ? reject(error) : resolve(count)));
    });
  }
}

/** The buffers behind the first `count` bytes. */
function skip(targets: readonly Uint8Array[], count: number): readonly Uint8Array[] {
  let left = count;
  const rest: Uint8Array[] = [];
  for (const target of targets) {
    if (left < target.length) rest.push(target.subarray(left));
    left = Math.max(0, left - target.length);
  }
  return rest;
}
