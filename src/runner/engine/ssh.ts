/**
 * `ssh://` addresses: taken apart, checked, and turned into the command line of a child (spec/buildkit.md 1.1).
 */
import { BakeError } from "../../diagnostics.ts";

/** A child process whose stdin and stdout are the stream. */
export interface ChildCommand {
  readonly command: string;
  readonly arguments: readonly string[];
  /** For messages. */
  readonly endpoint: string;
}

/** Command of an ssh child for `ssh://[user@]host[:port][/socket]`; the socket path, if any, goes to `remote`. */
export function sshCommand(address: string, remote: readonly string[] | ((socket: string) => readonly string[])): ChildCommand {
  const { user, host, port, path } = parseSshAddress(address);
  const options = [...(user === "" ? [] : ["-l", user]), ...(port === "" ? [] : ["-p", port])];
  const command = typeof remote === "function" ? remote(path) : remote;
  return { command: "ssh", arguments: [...options, "--", host, ...command], endpoint: address };
}

function parseSshAddress(address: string): { user: string; host: string; port: string; path: string } {
  let url: URL;
  try {
    url = new URL(address);
  } catch (error) {
    throw new BakeError("engine.address", `invalid ssh address "${address}"`, { cause: error });
  }
  if (url.password !== "") throw new BakeError("engine.address", "plain-text password is not supported");
  if (url.search !== "") throw new BakeError("engine.address", `extra query after the host: "${url.search.slice(1)}"`);
  if (url.hash !== "") throw new BakeError("engine.address", `extra fragment after the host: "${url.hash.slice(1)}"`);
  if (url.hostname === "" || url.hostname.startsWith("-") || url.username.startsWith("-")) {
    throw new BakeError("engine.address", `invalid ssh address "${address}": no host specified`);
  }
  const path = url.pathname === "/" ? "" : decodeURIComponent(url.pathname);
  return { user: decodeURIComponent(url.username), host: url.hostname.replace(/^\[|\]$/g, ""), port: url.port, path };
}
