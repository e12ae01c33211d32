/** Where private engines live: one folder in the user's cache, so that removing it removes everything. */
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";

type Environment = Readonly<Record<string, string | undefined>>;

/** TSBAKE_ENGINES, or tsbake/engines in the user's cache folder. */
export function engineFolder(env: Environment): string {
  const cache = env["XDG_CACHE_HOME"]?.startsWith("/") ? env["XDG_CACHE_HOME"] : join(homedir(), ".cache");
  return env["TSBAKE_ENGINES"] || join(cache, "tsbake", "engines");
}

/** The parts of the folder. */
export interface EngineLayout {
  readonly root: string;
  /** Unpacked distribution packages. */
  readonly packages: string;
  /** An unpacked Go compiler, where the machine has none. */
  readonly go: string;
  /** Programs built from source. */
  readonly bin: string;
  /** Package lists and downloads; removed when unpacked. */
  readonly download: string;
  /** A folder for each engine that runs. */
  readonly run: string;
}

export function engineLayout(env: Environment): EngineLayout {
  const root = engineFolder(env);
  return { root, packages: join(root, "packages"), bin: join(root, "bin"), go: join(root, "go"), download: join(root, "download"), run: runFolder(root) };
}

/** Engines put sockets deep in their folders, and the path of a socket has room for 107 bytes only. */
function runFolder(root: string): string {
  const run = join(root, "run");
  return Buffer.byteLength(run) <= 48 ? run : join(tmpdir(), `tsbake-engines-${process.getuid?.() ?? 0}`);
}
