/** SSH agents and keys must be there and readable before anything is built (spec/bake.md 11.2). */
import { HostError, type Host } from "../host.ts";
import { lookAt } from "./look.ts";
import type { SshEntry } from "./model.ts";

const maxKeyBytes = 100 * 1024;

/** What is wrong with the first entry that cannot be used. Key texts never get into the message. */
export function checkSsh(entries: readonly SshEntry[], host: Host): string | undefined {
  for (const { id = "default", paths = [] } of entries) {
    const shown = `failed to convert agent config {${id} [${paths.join(" ")}] false}`;
    const socket = host.env["SSH_AUTH_SOCK"] ?? "";
    // One empty path is what `id=` gives: the agent too.
    const agent = paths.length === 0 || (paths.length === 1 && paths[0] === "");
    if (agent && socket === "") return `${shown}: invalid empty ssh agent socket: make sure SSH_AUTH_SOCK is set`;
    const used = agent ? [socket] : paths;
    const problem = checkSource(used, host);
    if (problem !== undefined) return `${shown}: failed to convert agent config for ID: "${id}": ${problem}`;
  }
  return undefined;
}

function checkSource(paths: readonly string[], host: Host): string | undefined {
  let sockets = 0;
  let keys = 0;
  for (const path of paths) {
    if (sockets > 0) return "only single socket allowed";
    const stat = lookAt(path, host);
    if (stat === undefined) return `stat ${path}: no such file or directory`;
    if (typeof stat === "string") return stat;
    if (stat.kind === "socket") {
      sockets++;
      continue;
    }
    const problem = checkKey(path, host);
    if (problem !== undefined) return problem;
    keys++;
  }
  return sockets > 0 && keys > 0 ? "invalid combination of keys and sockets" : undefined;
}

function checkKey(path: string, host: Host): string | undefined {
  let text: string;
  try {
    text = new TextDecoder().decode(host.readFile(path).subarray(0, maxKeyBytes));
  } catch (error) {
    if (error instanceof HostError) return error.code === "EISDIR" ? `failed to read ${path}: ${error.message}` : `failed to open ${path}: ${error.message}`;
    throw error;
  }
  const block = /-----BEGIN ([^-]+)-----\r?\n([\s\S]*?)-----END \1-----/.exec(text);
  if (!block) return `failed to parse ${path}: ssh: no key found`;
  const [, type = "", body = ""] = block;
  if (!/PRIVATE KEY$/.test(type)) return `failed to parse ${path}: ssh: unsupported key type "${type}"`;
  return /ENCRYPTED/.test(body) ? `failed to parse ${path}: ssh: this private key is passphrase protected` : undefined;
}
