/**
 * The directory a local output is written to. Every parent is looked at without following links before
 * something is put into it; files appear under their name when complete; what is in the way of another
 * type is removed first (spec/buildkit.md 6.4).
 */
import { execFile } from "node:child_process";
import {
  chmodSync,
  closeSync,
  linkSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeSync,
  type Stats,
} from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import { promisify } from "node:util";
import type { Stat } from "../buildkit/wire/fsutil.ts";
import { isDirectory, isSymlink, mode } from "./tree.ts";

/** A file that is arriving. */
export interface IncomingFile {
  append(data: Uint8Array): Promise<void>;
  /** All of it is there: it takes its name. */
  finish(): Promise<void>;
  /** Removes what has arrived. */
  abandon(): Promise<void>;
}

/** Arriving bytes that are kept in memory before a file is opened for them. */
const gatherLimit = 64 * 1024;
/** Counts temporary names: streams of several platforms may fill one directory at a time. */
let temporaries = 0;
const makeNode = promisify(execFile);

export class Destination {
  readonly #root: string;
  /** Directories of the stream, in its order. They are real directories on disk from then on. */
  readonly #directories = new Map<string, Stat>();
  readonly #links: Stat[] = [];
  readonly #kept = new Set<string>();

  /** Creates the directory with mode 0700 when it is missing; a symlink of that name is followed. */
  constructor(root: string) {
    mkdirSync(root, { recursive: true, mode: 0o700 });
    this.#root = root;
  }

  /** A directory, symlink, pipe or device. */
  async entry(stat: Stat): Promise<void> {
    const path = this.#path(stat.path);
    this.#kept.add(stat.path);
    if (isDirectory(stat.mode)) {
      makeDirectory(path);
      this.#directories.set(stat.path, stat);
      return;
    }
    clear(path);
    if (isSymlink(stat.mode)) {
      symlinkSync(stat.linkname, path);
      setTimes(path, stat.modTime);
      return;
    }
    await makeNode("mknod", nodeArguments(path, stat)).catch((cause: unknown) => {
      throw new Error(`cannot create the special file ${stat.path}: operation not permitted`, { cause });
    });
    setAttributes(path, stat);
  }

  /** A regular file that the engine is asked for. */
  file(stat: Stat): IncomingFile {
    const path = this.#path(stat.path);
    this.#kept.add(stat.path);
    const at = path.lastIndexOf("/");
    const temporary = `${path.slice(0, at)}/.tmp.${process.pid}${temporaries++}`;
    return new ArrivingFile({ path, temporary, stat });
  }

  /** Another name of a file of this stream, made once that file is there. */
  link(stat: Stat): void {
    this.#kept.add(stat.path);
    this.#links.push(stat);
  }

  /** Makes the links, removes what is not part of a mirror, and sets the times of directories. */
  finish(mirror: boolean): void {
    for (const stat of this.#links) {
      const path = this.#path(stat.path);
      clear(path);
      linkSync(this.#path(stat.linkname), path);
    }
    if (mirror) this.#removeOthers("");
    for (const [path, stat] of [...this.#directories].reverse()) setAttributes(this.#path(path), stat);
  }

  /** The place of an entry whose parents the stream has named, and which are directories of ours. */
  #path(relative: string): string {
    const at = relative.lastIndexOf("/");
    if (at >= 0) {
      const parent = relative.slice(0, at);
      if (!this.#directories.has(parent)) throw new Error(`refused path ${JSON.stringify(relative)}: its directory was not sent before it`);
      if (!lstatSync(`${this.#root}/${parent}`).isDirectory()) throw new Error(`refused path ${JSON.stringify(relative)}: its directory was replaced`);
    }
    return `${this.#root}/${relative}`;
  }

  #removeOthers(directory: string): void {
    const path = directory === "" ? this.#root : `${this.#root}/${directory}`;
    for (const name of readdirSync(path)) {
      const relative = directory === "" ? name : `${directory}/${name}`;
      if (!this.#kept.has(relative)) rmSync(`${path}/${name}`, { recursive: true, force: true });
      else if (this.#directories.has(relative)) this.#removeOthers(relative);
    }
  }
}

interface ArrivingFileOptions {
  readonly path: string;
  readonly temporary: string;
  readonly stat: Stat;
}

class ArrivingFile implements IncomingFile {
  readonly #options: ArrivingFileOptions;
  #chunks: Uint8Array[] = [];
  #size = 0;
  #handle: FileHandle | undefined;
  #created = false;

  constructor(options: ArrivingFileOptions) {
    this.#options = options;
  }

  async append(data: Uint8Array): Promise<void> {
    this.#chunks.push(data);
    this.#size += data.length;
    if (this.#size < gatherLimit) return;
    const { temporary } = this.#options;
    if (!this.#handle) {
      this.#handle = await open(temporary, "wx", 0o600);
      this.#created = true;
    }
    await this.#flush(this.#handle);
  }

  async finish(): Promise<void> {
    const { path, temporary, stat } = this.#options;
    if (this.#handle) {
      await this.#flush(this.#handle);
      await this.#handle.close();
      this.#handle = undefined;
    } else this.#writeSmall(temporary);
    setAttributes(temporary, stat);
    if (lstatOf(path)?.isDirectory() === true) clear(path);
    renameSync(temporary, path);
    this.#created = false;
  }

  async abandon(): Promise<void> {
    await this.#handle?.close().catch(() => undefined);
    if (this.#created) rmSync(this.#options.temporary, { force: true });
  }

  async #flush(handle: FileHandle): Promise<void> {
    const bytes = this.#chunks.length === 1 ? (this.#chunks[0] as Uint8Array) : Buffer.concat(this.#chunks, this.#size);
    this.#chunks = [];
    this.#size = 0;
    for (let at = 0; at < bytes.length; ) at += (await handle.write(bytes, at)).bytesWritten;
  }

  /** Small files are written without leaving the turn: with many of them that costs least. */
  #writeSmall(temporary: string): void {
    const descriptor = openSync(temporary, "wx", 0o600);
    this.#created = true;
    try {
      for (const chunk of this.#chunks) for (let at = 0; at < chunk.length; ) at += writeSync(descriptor, chunk, at);
    } finally {
      closeSync(descriptor);
    }
  }
}

function lstatOf(path: string): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false });
}

/** Removes whatever has the name; links are removed, not followed. */
function clear(path: string): void {
  const existing = lstatOf(path);
  if (existing?.isDirectory() === true) rmSync(path, { recursive: true, force: true });
  else if (existing) unlinkSync(path);
}

/** A directory that is there stays, with what is in it. It is ours to write to until its mode is set at the end. */
function makeDirectory(path: string): void {
  const existing = lstatOf(path);
  if (existing?.isDirectory() === true) return;
  if (existing) unlinkSync(path);
  mkdirSync(path, { mode: 0o700 });
}

function setAttributes(path: string, stat: Stat): void {
  chmodSync(path, posixPermissions(stat.mode));
  const seconds = secondsOf(stat.modTime);
  utimesSync(path, seconds, seconds);
}

function setTimes(path: string, modTime: bigint): void {
  const seconds = secondsOf(modTime);
  lutimesSync(path, seconds, seconds);
}

/** Node takes times as seconds; the split keeps what a double can hold. */
const secondsOf = (nanoseconds: bigint): number => Number(nanoseconds / 1_000_000_000n) + Number(nanoseconds % 1_000_000_000n) / 1e9;

function posixPermissions(bits: number): number {
  const special = ((bits & mode.setuid) !== 0 ? 0o4000 : 0) | ((bits & mode.setgid) !== 0 ? 0o2000 : 0) | ((bits & mode.sticky) !== 0 ? 0o1000 : 0);
  return (bits & mode.permissions) | special;
}

function nodeArguments(path: string, { mode: bits, devmajor, devminor }: Stat): readonly string[] {
  if ((bits & mode.namedPipe) !== 0) return ["--", path, "p"];
  return ["--", path, (bits & mode.characterDevice) !== 0 ? "c" : "b", String(devmajor), String(devminor)];
}
