/** The FileSend service: outputs of the engine, each to its sink (spec/buildkit.md 6.4). */
import { status } from "../buildkit/errors.ts";
import { onDisk } from "../disk-error.ts";
import { writeAtomically } from "./atomic-file.ts";
import type { TransferProgress } from "./file-sync.ts";
import { receiveDirectory } from "./directory-receiver.ts";
import { RpcError, type Call, type RequestMetadata, type Service } from "./rpc.ts";

/** Where the bytes of an exporter go. */
export type ExportSink =
  /** A tar file; it appears under its name when it is complete. */
  | { readonly kind: "file"; readonly path: string }
  /** A directory of files. `delete` makes it a mirror: what the engine did not send is removed. */
  | { readonly kind: "directory"; readonly path: string; readonly mode: "copy" | "delete" }
  /** A tar stream for a callback: standard output, or the load of a docker engine. The output succeeds when it resolves. */
  | {
      readonly kind: "stream";
      readonly name: string;
      readonly receive: (body: AsyncIterable<Uint8Array>, metadata: Readonly<Record<string, string>>) => Promise<void>;
    };

export interface FileSendOptions {
  /** By index of the exporter in the solve request. */
  readonly exporters: ReadonlyMap<number, ExportSink>;
  readonly onTransfer?: (progress: TransferProgress) => void;
}

export function fileSend(options: FileSendOptions): Service {
  return { methods: { "/moby.filesync.v1.FileSend/DiffCopy": (call) => receive(call, options) } };
}

async function receive(call: Call, { exporters, onTransfer }: FileSendOptions): Promise<void> {
  const id = call.metadata.get("buildkit-attachable-exporter-id") ?? "0";
  const sink = exporters.get(Number(id));
  if (!sink) throw new RpcError(status.notFound, `exporter ${id} not found`);
  switch (sink.kind) {
    case "file":
      await onDisk(sink.path, () => writeAtomically(sink.path, counted(call.bytes(), { name: sink.path, onTransfer })));
      break;
    case "stream":
      await onDisk(sink.name, () => sink.receive(counted(call.bytes(), { name: sink.name, onTransfer }), exporterMetadata(call.metadata)));
      break;
    case "directory":
      if (sink.mode === "delete" && call.metadata.get("buildkit-exporter-multi-platform") !== "1") {
        throw new RpcError(status.unimplemented, "local exporter mode=delete requires a BuildKit daemon with multi-platform local export support");
      }
      await receiveDirectory(call, {
        path: sink.path,
        mode: sink.mode,
        onProgress: onTransfer && ((progress) => onTransfer({ name: sink.path, ...progress })),
      });
      break;
    default:
      sink satisfies never;
  }
}

/** The bytes of a tar stream, reported as they pass. */
async function* counted(
  body: AsyncIterable<Uint8Array>,
  { name, onTransfer }: { name: string; onTransfer: FileSendOptions["onTransfer"] },
): AsyncGenerator<Uint8Array, void, undefined> {
  let bytes = 0;
  for await (const data of body) {
    bytes += data.length;
    yield data;
    onTransfer?.({ name, bytes, files: 0, done: false });
  }
  onTransfer?.({ name, bytes, files: 1, done: true });
}

/** What the engine knows of the result so far, such as `containerimage.digest`. */
function exporterMetadata(metadata: RequestMetadata): Readonly<Record<string, string>> {
  const prefix = "exporter-md-";
  const found: Record<string, string> = {};
  for (const name of metadata.names()) if (name.startsWith(prefix)) found[name.slice(prefix.length)] = metadata.get(name) ?? "";
  return found;
}
