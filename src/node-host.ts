/** Host over Node's own file system, environment and clock: what the command line and library users get. */
import * as fs from "node:fs";
import { ERRNO_TEXT, HostError, type FileKind, type FileStat, type Host } from "./host.ts";

/** Go's wording of a failed call, which users of the reference know: `open x: no such file or directory`. */
function hostError(error: unknown, operation: string, path: string): HostError {
  const code = (error as NodeJS.ErrnoException).code ?? "EIO";
  const verb = code === "EISDIR" ? "read" : operation;
  return new HostError(code, `${verb} ${path}: ${ERRNO_TEXT[code] ?? (error as Error).message}`);
}

function kindOf(stat: fs.Stats): FileKind {
  if (stat.isFile()) return "file";
  if (stat.isDirectory()) return "directory";
  if (stat.isSymbolicLink()) return "symlink";
  return stat.isSocket() ? "socket" : "other";
}

function statWith(call: typeof fs.statSync, operation: string, path: string): FileStat | undefined {
  try {
    const stat = call(path, { throwIfNoEntry: false }) as fs.Stats | undefined;
    return stat && { kind: kindOf(stat), size: stat.size };
  } catch (error) {
    throw hostError(error, operation, path);
  }
}

function guarded<T>(operation: string, path: string, call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw hostError(error, operation, path);
  }
}

/** Standard input may be a non-blocking pipe: wait for the writer instead of failing with EAGAIN. */
function readStdin(): Uint8Array {
  const chunks: Buffer[] = [];
  const buffer = Buffer.alloc(65536);
  for (;;) {
    try {
      const count = fs.readSync(0, buffer, 0, buffer.length, null);
      if (count === 0) return Buffer.concat(chunks);
      chunks.push(Buffer.from(buffer.subarray(0, count)));
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === "EOF") return Buffer.concat(chunks);
      if (code !== "EAGAIN") throw hostError(error, "read", "/dev/stdin");
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
  }
}

const OS: Readonly<Record<string, string>> = { win32: "windows", sunos: "solaris" };
const ARCH: Readonly<Record<string, string>> = { x64: "amd64", ia32: "386", arm: "arm/v7", ppc64: "ppc64le" };

/** Options of nodeHost: what to see instead of the process's own. */
export interface NodeHostOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
}

/**
 * The real machine as a Host. `env` and `cwd` replace the process's own; relative paths are always
 * taken from the process's working directory by Node, so a foreign `cwd` is joined here.
 */
export function nodeHost(options: NodeHostOptions = {}): Host {
  const processCwd = process.cwd();
  const cwd = options.cwd ?? processCwd;
  const at = (path: string): string => (cwd === processCwd || path.startsWith("/") || /^[A-Za-z]:[\\/]/.test(path) ? path : `${cwd}/${path}`);
  return {
    env: options.env ?? process.env,
    cwd,
    platform: `${OS[process.platform] ?? process.platform}/${ARCH[process.arch] ?? process.arch}`,
    get home() {
      return (options.env ?? process.env)["HOME"] ?? "";
    },
    stat: (path) => statWith(fs.statSync, "stat", at(path)),
    lstat: (path) => statWith(fs.lstatSync as typeof fs.statSync, "lstat", at(path)),
    readFile: (path) => guarded("open", path, () => fs.readFileSync(at(path))),
    readDir: (path) => guarded("open", path, () => fs.readdirSync(at(path))),
    readLink: (path) => guarded("readlink", path, () => fs.readlinkSync(at(path))),
    realpath: (path) => guarded("lstat", path, () => fs.realpathSync(at(path))),
    readStdin,
    now: () => Date.now(),
    randomBytes: (length) => process.getBuiltinModule("node:crypto").randomBytes(length),
    tty: {
      get stdin() {
        return isTerminal(0);
      },
      get stdout() {
        return isTerminal(1);
      },
      get stderr() {
        return isTerminal(2);
      },
    },
  };
}

/** Device number of /dev/null on Linux. */
const NULL_DEVICE = 0x103;

/** A terminal is a character device, but not /dev/null. node:tty is loaded to be sure, which takes as long as a short print. */
function isTerminal(fd: number): boolean {
  try {
    const facts = fs.fstatSync(fd);
    if (!facts.isCharacterDevice() || (process.platform === "linux" && facts.rdev === NULL_DEVICE)) return false;
    return process.getBuiltinModule("node:tty").isatty(fd);
  } catch {
    return false;
  }
}
