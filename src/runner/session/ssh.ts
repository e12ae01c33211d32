/**
 * The SSH service: agents for steps of a build (spec/buildkit.md 6.7). A step may list keys and have
 * something signed, nothing else, whichever agent is behind it.
 */
import { BakeError } from "../../diagnostics.ts";
import type { Host } from "../../host.ts";
import type { SshReference } from "../../planner/plan.ts";
import { decodeBytesMessage, encodeBytesMessage } from "../buildkit/bytes-message.ts";
import { status } from "../buildkit/errors.ts";
import { CheckAgentRequest, CheckAgentResponse } from "../buildkit/wire/ssh.ts";
import { messages, RpcError, unary, type Call, type Service } from "./rpc.ts";
import { MessageReader, frame, refusal, type Agent } from "./ssh-agent.ts";
import { KeyAgent } from "./ssh-key-agent.ts";
import { parsePrivateKey, type SshKey } from "./ssh-key.ts";
import { connectAgent } from "./ssh-agent-socket.ts";

export interface SshOptions {
  readonly agents: readonly SshReference[];
  readonly host: Host;
}

/** Opens an agent for one connection of a step. */
type OpenAgent = () => Promise<Agent>;

const defaultId = "default";
const keyLimit = 100 * 1024;

/** Throws a BakeError for agents and keys that cannot be used. Key texts never get into messages. */
export function ssh({ agents, host }: SshOptions): Service {
  const byId = new Map<string, OpenAgent>();
  for (const { id: given, paths } of agents) {
    const id = given || defaultId;
    if (byId.has(id)) throw new BakeError("run.ssh", `duplicate agent ID ${JSON.stringify(id)}`);
    byId.set(id, agentOf({ id, paths }, host));
  }
  const find = (id: string | undefined): OpenAgent => {
    const open = byId.get(id || defaultId);
    if (!open) throw new RpcError(status.unknown, `unset ssh forward key ${id || defaultId}`);
    return open;
  };
  return {
    methods: {
      "/moby.sshforward.v1.SSH/CheckAgent": unary(CheckAgentRequest, CheckAgentResponse, ({ id }) => {
        find(id);
        return {};
      }),
      "/moby.sshforward.v1.SSH/ForwardAgent": async (call) => forward(call, await find(call.metadata.get("buildkit.ssh.id"))()),
    },
  };
}

function agentOf({ id, paths }: SshReference, host: Host): OpenAgent {
  const shown = `failed to convert agent config {${id} [${paths.join(" ")}] false}`;
  const given = paths.length === 0 || (paths.length === 1 && paths[0] === "") ? [host.env["SSH_AUTH_SOCK"] || defaultSocket()] : paths;
  if (given[0] === undefined) throw new BakeError("run.ssh", `${shown}: invalid empty ssh agent socket: make sure SSH_AUTH_SOCK is set`);
  try {
    return openSources(given as readonly string[], host);
  } catch (cause) {
    throw new BakeError("run.ssh", `${shown}: failed to convert agent config for ID: ${JSON.stringify(id)}: ${(cause as Error).message}`, { cause });
  }
}

/** The agent of OpenSSH for Windows. */
const defaultSocket = (): string | undefined => (process.platform === "win32" ? "\\\\.\\pipe\\openssh-ssh-agent" : undefined);

function openSources(paths: readonly string[], host: Host): OpenAgent {
  let socket: string | undefined;
  const keys: SshKey[] = [];
  for (const path of paths) {
    if (socket !== undefined) throw new Error("only single socket allowed");
    if (isPipe(path)) {
      socket = path;
      continue;
    }
    const stat = host.stat(path);
    if (!stat) throw new Error(`stat ${path}: no such file or directory`);
    if (stat.kind === "socket") socket = path;
    else keys.push(readKey(path, host));
  }
  if (socket !== undefined && keys.length > 0) throw new Error("invalid combination of keys and sockets");
  const address = socket;
  if (address !== undefined) return () => connectAgent(address);
  const agent = new KeyAgent(keys);
  return () => Promise.resolve(agent);
}

const isPipe = (path: string): boolean => process.platform === "win32" && path.replaceAll("/", "\\").startsWith("\\\\.\\pipe\\");

function readKey(path: string, host: Host): SshKey {
  let text: Buffer;
  try {
    text = Buffer.from(host.readFile(path)).subarray(0, keyLimit);
  } catch (cause) {
    throw new Error(`failed to open ${path}: ${(cause as Error).message}`, { cause });
  }
  try {
    return parsePrivateKey(text.toString("latin1"));
  } catch (cause) {
    // Only our own words: other causes could quote the key.
    throw new Error(`failed to parse ${path}: ssh: ${(cause as Error).message}`);
  }
}

/** One connection of a step: requests are answered in order until either side is done. */
async function forward(call: Call, agent: Agent): Promise<void> {
  const reader = new MessageReader();
  const stop = (): void => agent.close();
  call.signal.addEventListener("abort", stop, { once: true });
  try {
    for await (const message of messages(call)) {
      for (const request of reader.push(decodeBytesMessage(message))) {
        const answer = refusal(request) ?? (await agent.ask(request));
        // The agent has left: so does the connection, and the step's program hears of it.
        if (!answer) return;
        call.writer.message(encodeBytesMessage(frame(answer)));
        if (call.writer.full) await call.writer.drained();
      }
    }
  } finally {
    call.signal.removeEventListener("abort", stop);
    agent.close();
  }
}
