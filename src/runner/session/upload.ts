/** The Upload service: streams of the client that the engine fetches by id, each once, such as a tar context from standard input (spec/buildkit.md 6.5). */
import type { Readable } from "node:stream";
import { encodeBytesMessage } from "../buildkit/bytes-message.ts";
import { status } from "../buildkit/errors.ts";
import { RpcError, type Call, type Service } from "./rpc.ts";

export interface UploadOptions {
  /** By the id in the context's address, `http://buildkit-session/ID`. Opened when asked for. */
  readonly streams: ReadonlyMap<string, () => Readable>;
}

/** Largest message that every engine takes. */
const chunkLimit = 3 * 1024 * 1024;

export function upload({ streams }: UploadOptions): Service {
  const left = new Map(streams);
  return {
    methods: {
      "/moby.upload.v1.Upload/Pull": async (call) => {
        const id = (call.metadata.get("urlpath") ?? "").replace(/\/+$/, "").split("/").at(-1) ?? "";
        const open = left.get(id);
        if (!open) throw new RpcError(status.unknown, `no http response from session for ${id}`);
        left.delete(id);
        await send(call, open());
      },
    },
  };
}

async function send({ writer, signal }: Call, stream: Readable): Promise<void> {
  const stop = (): void => void stream.destroy();
  signal.addEventListener("abort", stop, { once: true });
  try {
    for await (const chunk of stream as AsyncIterable<Uint8Array>) {
      for (let at = 0; at < chunk.length; at += chunkLimit) writer.message(encodeBytesMessage(chunk.subarray(at, at + chunkLimit)));
      if (writer.full) await writer.drained();
    }
    // A stream that was cut off is no complete answer.
    signal.throwIfAborted();
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
