/**
 * Checks the order and the names of the entries that a peer sends: the engine is not trusted, and no
 * path may leave the destination (spec/buildkit.md 6.2). Paths use `/`.
 */
import { compareBytes } from "../../byte-order.ts";
import { status } from "../buildkit/errors.ts";
import { RpcError } from "./rpc.ts";

interface Level {
  readonly path: string;
  last: string | undefined;
}

/** Sees every entry of a stream in turn; throws RpcError for the first that breaks a rule. */
export class EntryOrder {
  readonly #levels: Level[] = [{ path: "", last: undefined }];

  /** `directory` tells whether the entry may have children. */
  check(path: string, directory: boolean): void {
    if (!isSafePath(path)) throw refused(path, "not a clean relative path");
    const at = path.lastIndexOf("/");
    const [parent, name] = at < 0 ? ["", path] : [path.slice(0, at), path.slice(at + 1)];
    while (this.#levels.length > 1 && this.#levels.at(-1)?.path !== parent) this.#levels.pop();
    const level = this.#levels.at(-1);
    if (level?.path !== parent) throw refused(path, "its directory was not sent before it");
    if (level.last !== undefined && compareBytes(level.last, name) >= 0) {
      throw new RpcError(
        status.invalidArgument,
        `changes out of order: ${JSON.stringify(path)} ${JSON.stringify(parent === "" ? level.last : `${parent}/${level.last}`)}`,
      );
    }
    level.last = name;
    if (directory) this.#levels.push({ path, last: undefined });
  }
}

function refused(path: string, reason: string): RpcError {
  return new RpcError(status.invalidArgument, `refused path ${JSON.stringify(path)}: ${reason}`);
}

/** Relative, without empty, `.` or `..` parts, and without characters that some system reads as separators. */
export function isSafePath(path: string): boolean {
  if (path === "" || path.includes("\0")) return false;
  if (process.platform === "win32" && /[\\:]/.test(path)) return false;
  return path.split("/").every((part) => part !== "" && part !== "." && part !== "..");
}
