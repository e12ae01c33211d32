/**
 * What file services serve: a tree of entries, listed a directory at a time. Implementations are a real
 * directory (directory-walk.ts) and files held in memory (here). Modes are Go FileMode bits, as on the wire.
 */

/** Go FileMode bits (spec/buildkit.md 6.2). */
export const mode = {
  directory: 0x80000000,
  symlink: 0x08000000,
  device: 0x04000000,
  namedPipe: 0x02000000,
  socket: 0x01000000,
  setuid: 0x00800000,
  setgid: 0x00400000,
  characterDevice: 0x00200000,
  sticky: 0x00100000,
  typeMask: 0x8f280000,
  permissions: 0o777,
} as const;

/** A regular file has no type bit. */
export const isRegular = (bits: number): boolean => (bits & mode.typeMask) === 0;
export const isDirectory = (bits: number): boolean => (bits & mode.directory) !== 0;
export const isSymlink = (bits: number): boolean => (bits & mode.symlink) !== 0;

export interface TreeEntry {
  readonly name: string;
  readonly mode: number;
  /** Bytes; 0 for directories. */
  readonly size: number;
  /** Nanoseconds since the epoch. */
  readonly modTime: bigint;
  /** Target of a symlink, else empty. */
  readonly linkname: string;
  readonly devmajor: number;
  readonly devminor: number;
  /** Names the file behind several hard links; undefined where there is one name only. */
  readonly inode: string | undefined;
  /** Why the entry cannot be sent, should a request want it. */
  readonly problem?: string;
}

/** Directories of a tree are named by their path: relative, `/` separators, empty for the root. */
export interface FileTree {
  /** Entries in the order of their names' UTF-8 bytes; undefined when there is no such directory. Throws when it cannot be read. */
  list(directory: string): readonly TreeEntry[] | undefined;
  /** The bytes of a regular file; undefined when it cannot be opened. */
  open(path: string): OpenFile | undefined;
}

/** A file being read from its start. */
export interface OpenFile {
  /** Fills the buffer from the position on; fewer bytes than asked mean the end. For files that are small. */
  readSync(target: Uint8Array): number;
  /** Fills the buffers in order; fewer bytes than asked mean the end. */
  read(targets: readonly Uint8Array[]): Promise<number>;
  close(): void;
}

/** A tree of a few files in its root. Their time is fixed, so that the engine's cache sees only their text. */
export function memoryTree(files: Readonly<Record<string, string | Uint8Array>>): FileTree {
  const contents = new Map(Object.entries(files).map(([name, data]) => [name, Buffer.from(data)]));
  const entries = [...contents]
    .sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    .map(([name, { length }]): TreeEntry => ({ name, mode: 0o644, size: length, modTime: 0n, linkname: "", devmajor: 0, devminor: 0, inode: undefined }));
  return {
    list: (directory) => (directory === "" ? entries : undefined),
    open: (path) => {
      const content = contents.get(path);
      return content && new MemoryFile(content);
    },
  };
}

class MemoryFile implements OpenFile {
  readonly #content: Buffer;
  #at = 0;

  constructor(content: Buffer) {
    this.#content = content;
  }

  readSync(target: Uint8Array): number {
    const count = this.#content.copy(target, 0, this.#at);
    this.#at += count;
    return count;
  }

  read(targets: readonly Uint8Array[]): Promise<number> {
    return Promise.resolve(targets.reduce((sum, target) => sum + this.readSync(target), 0));
  }

  close(): void {
    this.#at = this.#content.length;
  }
}
