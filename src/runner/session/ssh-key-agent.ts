/** An agent in this process that holds keys from files. */
import { agentMessage, SshReader, sshString, type Agent } from "./ssh-agent.ts";
import type { SshKey } from "./ssh-key.ts";

export class KeyAgent implements Agent {
  readonly #keys: readonly SshKey[];

  constructor(keys: readonly SshKey[]) {
    this.#keys = keys;
  }

  ask(request: Buffer): Promise<Buffer> {
    try {
      return Promise.resolve(request[0] === agentMessage.listRequest ? this.#list() : this.#sign(new SshReader(request.subarray(1))));
    } catch {
      // What is not in the protocol's form gets the protocol's answer.
      return Promise.resolve(Buffer.of(agentMessage.failure));
    }
  }

  close(): void {
    // Nothing is open.
  }

  #list(): Buffer {
    const head = Buffer.alloc(5);
    head[0] = agentMessage.listAnswer;
    head.writeUInt32BE(this.#keys.length, 1);
    return Buffer.concat([head, ...this.#keys.flatMap(({ publicBlob }) => [sshString(publicBlob), sshString("")])]);
  }

  #sign(request: SshReader): Buffer {
    const blob = request.bytes();
    const data = request.bytes();
    const flags = request.uint32();
    const signature = this.#keys.find(({ publicBlob }) => publicBlob.equals(blob))?.sign(data, flags);
    if (!signature) return Buffer.of(agentMessage.failure);
    return Buffer.concat([Buffer.of(agentMessage.signAnswer), sshString(Buffer.concat([sshString(signature.algorithm), sshString(signature.bytes)]))]);
  }
}
