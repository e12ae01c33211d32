/** The FileSync service: local directories for the engine (spec/buildkit.md 6.1). */
import { status } from "../buildkit/errors.ts";
import { sendFiles } from "./file-sender.ts";
import { TreeFilter } from "./filter.ts";
import { RpcError, type Call, type RequestMetadata, type Service } from "./rpc.ts";
import type { FileTree } from "./tree.ts";

/** How far the transfer of one request is. */
export interface TransferProgress {
  /** The mount, or what an output goes to. */
  readonly name: string;
  readonly bytes: number;
  readonly files: number;
  readonly done: boolean;
}

export interface FileSyncOptions {
  /** Trees by mount name: `context`, `dockerfile`, names of named contexts. */
  readonly mounts: ReadonlyMap<string, FileTree>;
  readonly onTransfer?: (progress: TransferProgress) => void;
}

export function fileSync(options: FileSyncOptions): Service {
  return { methods: { "/moby.filesync.v1.FileSync/DiffCopy": (call) => diffCopy(call, options) } };
}

async function diffCopy(call: Call, { mounts, onTransfer }: FileSyncOptions): Promise<void> {
  const { metadata } = call;
  const name = metadata.get("dir-name") ?? "";
  const tree = mounts.get(name);
  if (!tree) throw new RpcError(status.notFound, `no access allowed to dir ${JSON.stringify(name)}`);
  const follow = patternValues(metadata, "followpaths");
  const filter = new TreeFilter(tree, {
    include: patternValues(metadata, "include-patterns"),
    exclude: patternValues(metadata, "exclude-patterns"),
    ...(follow.length > 0 ? { follow } : {}),
  });
  await sendFiles({ call, tree, filter, onProgress: onTransfer && ((progress) => onTransfer({ name, ...progress })) });
}

/** Values of a repeated key; they are escaped when they hold more than printable ASCII. */
function patternValues(metadata: RequestMetadata, key: string): readonly string[] {
  const values = metadata.all(key);
  if (metadata.get(`${key}-encoded`) !== "1") return values;
  return values.map((value) => {
    try {
      return decodeURIComponent(value.replaceAll("+", " "));
    } catch (cause) {
      throw new RpcError(status.invalidArgument, `invalid value of ${key}: ${value}`, { cause });
    }
  });
}
