/** The byte stream of a session inside Control.Session (spec/buildkit.md 5.1): chunks have no meaning, only their bytes. */
import { Duplex } from "node:stream";
import type { ControlClient } from "../buildkit/client.ts";
import type { Headers } from "../buildkit/calls.ts";

/** Messages stay far below the 4 MiB that old daemons accept. */
const chunkLimit = 1024 * 1024;
const closeGraceMs = 1000;

/** Opens the tunnel. It half-closes when destroyed, so that the call ends with OK; aborting cancels it. */
export function openTunnel(control: ControlClient, headers: Headers, options: { readonly signal?: AbortSignal } = {}): Duplex {
  return new Tunnel(control, headers, options.signal);
}

class Tunnel extends Duplex {
  readonly #call: ReturnType<ControlClient["session"]>;
  #over = false;

  constructor(control: ControlClient, headers: Headers, signal: AbortSignal | undefined) {
    super({ allowHalfOpen: true, readableHighWaterMark: chunkLimit, writableHighWaterMark: chunkLimit });
    this.#call = control.session(headers.map(([name, value]): readonly [string, string] => [name.toLowerCase(), value]));
    this.#call.on("data", (bytes: Uint8Array) => {
      // What still comes behind the end must run out for the call to end.
      if (bytes.length > 0 && !this.destroyed && !this.push(bytes)) this.#call.pause();
    });
    this.#call.on("end", () => this.push(null));
    this.#call.on("error", (error) => {
      this.#over = true;
      this.destroy(error);
    });
    this.#call.on("status", () => {
      this.#over = true;
      this.emit("over");
    });
    const abort = (): void => this.#call.cancel();
    signal?.addEventListener("abort", abort, { once: true });
    this.once("close", () => signal?.removeEventListener("abort", abort));
    if (signal?.aborted === true) abort();
  }

  override _read(): void {
    this.#call.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, callback: (error?: Error | null) => void): void {
    this.#call.write(chunk, callback);
  }

  /** What gathered while a message was on its way leaves as one. */
  override _writev(chunks: readonly { chunk: Buffer }[], callback: (error?: Error | null) => void): void {
    let group: Buffer[] = [];
    let size = 0;
    const groups: Buffer[] = [];
    const close = (): void => {
      if (group.length > 0) groups.push(group.length === 1 ? (group[0] as Buffer) : Buffer.concat(group, size));
      group = [];
      size = 0;
    };
    for (const { chunk } of chunks) {
      if (size + chunk.length > chunkLimit) close();
      group.push(chunk);
      size += chunk.length;
    }
    close();
    const last = groups.pop();
    for (const bytes of groups) this.#call.write(bytes);
    this.#call.write(last ?? Buffer.alloc(0), callback);
  }

  override _final(callback: (error?: Error | null) => void): void {
    this.#call.end();
    callback();
  }

  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    if (this.#over) {
      callback(error);
      return;
    }
    const timer = setTimeout(() => this.#call.cancel(), closeGraceMs);
    this.once("over", () => {
      clearTimeout(timer);
      callback(error);
    });
    this.#call.end();
    this.#call.resume();
  }
}
