/**
 * The ports through which the world enters (types only). `cli` and `nodeHost()` implement Host;
 * `runner/remote.ts` implements RemoteReader. Everything on the print path is synchronous: a
 * promise a file would cost more start-up time than the reads themselves.
 */

export type FileKind = "file" | "directory" | "symlink" | "socket" | "other";

export interface FileStat {
  readonly kind: FileKind;
  /** Bytes. */
  readonly size: number;
}

/** What the file system, environment, clock and terminal look like to the rooms. */
export interface Host {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute. */
  readonly cwd: string;
  /** `linux/amd64` form of this machine. */
  readonly platform: string;
  readonly home: string;
  /** Follows symlinks; undefined when nothing is there. Throws HostError for anything but "not found". */
  stat(path: string): FileStat | undefined;
  lstat(path: string): FileStat | undefined;
  /** Throws HostError with the reference's text (`open x: no such file or directory`). */
  readFile(path: string): Uint8Array;
  readDir(path: string): readonly string[];
  readLink(path: string): string;
  realpath(path: string): string;
  readStdin(): Uint8Array;
  /** Milliseconds since the epoch. */
  now(): number;
  randomBytes(length: number): Uint8Array;
  /** Which standard streams are terminals. */
  readonly tty: { readonly stdin: boolean; readonly stdout: boolean; readonly stderr: boolean };
}

/** Failures of the operating system in the words that people know from other tools. */
export const ERRNO_TEXT: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EDQUOT: "disk quota exceeded",
  EFBIG: "file too large",
  EINVAL: "invalid argument",
  EIO: "input/output error",
  EISDIR: "is a directory",
  ELOOP: "too many levels of symbolic links",
  EMFILE: "too many open files",
  ENAMETOOLONG: "file name too long",
  ENOENT: "no such file or directory",
  ENOSPC: "no space left on device",
  ENOTDIR: "not a directory",
  EPERM: "operation not permitted",
  EROFS: "read-only file system",
};

/** A failed file operation; `message` is the reference's wording, `code` the errno name (`ENOENT`). */
export class HostError extends Error {
  override readonly name = "HostError";
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** A file of a remote definition. */
export interface RemoteFile {
  readonly name: string;
  readonly data: Uint8Array;
}

/** What a remote definition URL turned out to be (spec/bake.md 2.5). */
export interface RemoteDefinition {
  readonly files: readonly RemoteFile[];
  /** True for git and archives: build contexts then live in the tree. */
  readonly tree: boolean;
}

/** Names of definition files when none is given (spec/bake.md 2.1): all that exist are used, later ones win. */
export const DEFAULT_FILES: readonly string[] = [
  "compose.yaml",
  "compose.yml",
  "docker-compose.yml",
  "docker-compose.yaml",
  "docker-bake.json",
  "docker-bake.hcl",
  "docker-bake.override.json",
  "docker-bake.override.hcl",
];

/** Reads definitions from git and http(s) URLs through an engine. */
export interface RemoteReader {
  /** `names` are the `-f` values, or undefined for the default list. */
  read(url: string, names: readonly string[] | undefined): Promise<RemoteDefinition>;
}
