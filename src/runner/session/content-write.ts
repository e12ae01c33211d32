/** The Write stream of the content store: every message is answered with how far the blob is (spec/buildkit.md 6.8). */
import { status } from "../buildkit/errors.ts";
import { WriteContentRequest, WriteContentResponse } from "../buildkit/wire/content.ts";
import { onDisk } from "../disk-error.ts";
import { parseDigest } from "./content-error.ts";
import type { LayoutStore } from "./layout-store.ts";
import type { Upload } from "./layout-upload.ts";
import { messages, RpcError, type Call } from "./rpc.ts";
import { timestamp } from "./timestamp.ts";

const action = { stat: 0, write: 1, commit: 2 } as const;

/** Serves one stream: one blob. A stream that ends early leaves its bytes for a later try. */
export function writeContent(call: Call, layout: LayoutStore): Promise<void> {
  return onDisk(layout.directory, () => takeBlob(call, layout));
}

async function takeBlob(call: Call, layout: LayoutStore): Promise<void> {
  let writer: BlobWriter | undefined;
  try {
    for await (const message of messages(call)) {
      const request = WriteContentRequest.decode(message);
      if (!writer) {
        if (request.ref === "") throw new RpcError(status.invalidArgument, "first message must have a reference");
        writer = new BlobWriter(layout, request, await layout.upload(request.ref, Number(request.total)));
      }
      call.writer.message(WriteContentResponse.encode(await writer.answer(request)).finish());
      if (request.action === action.commit) return;
      if (call.writer.full) await call.writer.drained();
    }
  } finally {
    await writer?.close();
  }
}

class BlobWriter {
  readonly #layout: LayoutStore;
  readonly #ref: string;
  readonly #upload: Upload;
  #total: number;
  #expected: string;

  constructor(layout: LayoutStore, { ref, total, expected }: WriteContentRequest, upload: Upload) {
    this.#layout = layout;
    this.#ref = ref;
    this.#upload = upload;
    this.#total = Number(total);
    this.#expected = expected;
  }

  async answer(request: WriteContentRequest): Promise<WriteContentResponse> {
    if (request.expected !== "") {
      parseDigest(request.expected);
      this.#expected = request.expected;
      await this.#refuseKnown(request.expected);
    }
    if (request.total > 0n) this.#total = Number(request.total);
    if (request.action !== action.stat) await this.#write(Number(request.offset), request.data);
    const digest =
      request.action === action.commit ? await this.#upload.commit(this.#total, this.#expected) : request.action === action.stat ? this.#upload.digest : "";
    return {
      action: request.action,
      offset: BigInt(this.#upload.offset),
      total: BigInt(this.#total),
      digest,
      startedAt: timestamp(this.#upload.started),
      updatedAt: timestamp(new Date()),
    };
  }

  close(): Promise<void> {
    return this.#upload.close();
  }

  async #refuseKnown(digest: string): Promise<void> {
    const known = await this.#layout.info(digest).then(
      () => true,
      () => false,
    );
    if (!known) return;
    await this.#upload.close();
    await this.#layout.abort(this.#ref).catch(() => undefined);
    throw new RpcError(status.alreadyExists, `blob with expected digest ${digest} exists`);
  }

  async #write(offset: number, data: Uint8Array): Promise<void> {
    const at = this.#upload.offset;
    if (offset > 0 && offset !== at) throw new RpcError(status.outOfRange, `write @${offset} must occur at current offset ${at}`);
    if (offset === 0 && at > 0) await this.#upload.truncate();
    if (data.length > 0) await this.#upload.write(data);
  }
}
