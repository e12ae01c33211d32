/** Words of the ssh agent protocol: messages in frames, and which of them a build may send. */
import { status } from "../buildkit/errors.ts";
import { RpcError } from "./rpc.ts";

export const agentMessage = { failure: 5, listRequest: 11, listAnswer: 12, signRequest: 13, signAnswer: 14, extension: 27, extensionFailure: 28 } as const;

/** What answers requests. */
export interface Agent {
  /** The answer to one request, both without length. Undefined when the agent is gone. */
  ask(request: Buffer): Promise<Buffer | undefined>;
  close(): void;
}

/** Requests of a step are small; answers of an agent with many keys are not. */
export const messageLimit = 256 * 1024;

/** The answer to a request that a build may not make; undefined for the two it may. */
export function refusal(request: Buffer): Buffer | undefined {
  const type = request[0];
  if (type === agentMessage.listRequest || type === agentMessage.signRequest) return undefined;
  return Buffer.of(type === agentMessage.extension ? agentMessage.extensionFailure : agentMessage.failure);
}

export function frame(message: Uint8Array): Buffer {
  const framed = Buffer.allocUnsafe(4 + message.length);
  framed.writeUInt32BE(message.length);
  framed.set(message, 4);
  return framed;
}

/** Cuts a stream of bytes into messages. */
export class MessageReader {
  readonly #limit: number;
  #rest: Buffer = Buffer.alloc(0);

  constructor(limit: number = messageLimit) {
    this.#limit = limit;
  }

  /** Messages that the chunk completes. Throws RpcError for one that is empty or too large. */
  push(chunk: Uint8Array): readonly Buffer[] {
    this.#rest = this.#rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([this.#rest, chunk]);
    const complete: Buffer[] = [];
    while (this.#rest.length >= 4) {
      const length = this.#rest.readUInt32BE();
      if (length === 0 || length > this.#limit) throw new RpcError(status.invalidArgument, `agent message of ${length} bytes`);
      if (this.#rest.length < 4 + length) break;
      complete.push(this.#rest.subarray(4, 4 + length));
      this.#rest = this.#rest.subarray(4 + length);
    }
    return complete;
  }
}

/** A `string` of the ssh wire format. */
export function sshString(bytes: Uint8Array | string): Buffer {
  return frame(typeof bytes === "string" ? Buffer.from(bytes, "utf8") : bytes);
}

/** Reads the ssh wire format. Throws RangeError when it is cut. */
export class SshReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get atEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  uint32(): number {
    const value = this.#bytes.readUInt32BE(this.#at);
    this.#at += 4;
    return value;
  }

  bytes(): Buffer {
    const length = this.uint32();
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new RangeError("cut off");
    const value = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return value;
  }

  text(): string {
    return this.bytes().toString("latin1");
  }

  rest(): Buffer {
    return this.#bytes.subarray(this.#at);
  }
}
