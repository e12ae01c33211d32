/**
 * The content store service over OCI layouts: `oci-layout://` contexts, local caches, and outputs as a
 * layout (spec/buildkit.md 6.8). A context may only be read: the engine has no business changing it.
 */
import type { Store } from "../../planner/plan.ts";
import { status } from "../buildkit/errors.ts";
import {
  AbortRequest,
  DeleteContentRequest,
  Empty,
  InfoRequest,
  InfoResponse,
  ListContentRequest,
  ListContentResponse,
  ListStatusesRequest,
  ListStatusesResponse,
  ReadContentRequest,
  ReadContentResponse,
  StatusRequest,
  StatusResponse,
  UpdateRequest,
  UpdateResponse,
  type Info,
  type Status,
} from "../buildkit/wire/content.ts";
import { parseDigest } from "./content-error.ts";
import { contentFilter } from "./content-filter.ts";
import { writeContent } from "./content-write.ts";
import { LayoutStore, type BlobInfo, type UploadStatus } from "./layout-store.ts";
import { RpcError, serverStream, unary, type Call, type Handler, type Service } from "./rpc.ts";
import { timestamp } from "./timestamp.ts";

export interface ContentOptions {
  /** By their id on the wire; see `storeId`. */
  readonly stores: ReadonlyMap<string, Store>;
}

/** The id on the wire of a store. `name` is what stands for an `oci-layout` store in the context's address. */
export function storeId(store: Store, name: string = store.name): string {
  return store.kind === "oci-layout" ? `oci:${name}` : store.name;
}

/** Blobs in one message of a list. */
const listSize = 100;

export function content({ stores }: ContentOptions): Service {
  const layouts = new Map([...stores].map(([id, { directory }]) => [id, new LayoutStore(directory)]));
  const chosen = ({ metadata }: Call): string => {
    const id = metadata.get("buildkit-attachable-store-id");
    if (id === undefined) throw new RpcError(status.invalidArgument, 'request lacks metadata "buildkit-attachable-store-id": invalid argument');
    return id;
  };
  const readable = (call: Call): LayoutStore => {
    const layout = layouts.get(chosen(call));
    if (!layout) throw new RpcError(status.notFound, `unknown store ${chosen(call)}: not found`);
    return layout;
  };
  const writable = (call: Call): LayoutStore => {
    const layout = readable(call);
    if (stores.get(chosen(call))?.kind === "oci-layout") throw new RpcError(status.permissionDenied, `store ${chosen(call)} is read only`);
    return layout;
  };
  const methods: Record<string, Handler> = {
    Info: unary(InfoRequest, InfoResponse, async ({ digest }, call) => ({ info: infoOf(await readable(call).info(digest)) })),
    Read: serverStream(ReadContentRequest, ReadContentResponse, ({ digest, offset, size }, call) =>
      read(readable(call), { digest, offset: Number(offset), size: Number(size) }),
    ),
    Write: (call) => writeContent(call, writable(call)),
    List: serverStream(ListContentRequest, ListContentResponse, ({ filters }, call) => list(readable(call), filters)),
    Status: unary(StatusRequest, StatusResponse, async ({ ref }, call) => ({ status: statusOf(await readable(call).uploadStatus(ref)) })),
    ListStatuses: unary(ListStatusesRequest, ListStatusesResponse, async ({ filters }, call) => {
      const wanted = contentFilter<UploadStatus>(filters, ({ ref }, field) => (field === "ref" ? ref : undefined));
      return { statuses: (await readable(call).uploads()).filter(wanted).map(statusOf) };
    }),
    Abort: unary(AbortRequest, Empty, async ({ ref }, call) => {
      await writable(call).abort(ref);
      return {};
    }),
    Delete: unary(DeleteContentRequest, Empty, async ({ digest }, call) => {
      await writable(call).delete(digest);
      return {};
    }),
    Update: unary(UpdateRequest, UpdateResponse, ({ info }, call) => {
      writable(call);
      parseDigest(info?.digest ?? "");
      throw new RpcError(status.failedPrecondition, "update not supported on immutable content store: failed precondition");
    }),
  };
  return { methods: Object.fromEntries(Object.entries(methods).map(([name, handler]) => [`/containerd.services.content.v1.Content/${name}`, handler])) };
}

/** Offsets in the answers count from the first byte sent. */
async function* read(
  layout: LayoutStore,
  { digest, offset, size }: { digest: string; offset: number; size: number },
): AsyncGenerator<ReadContentResponse, void, undefined> {
  let sent = 0;
  for await (const data of layout.read(digest, offset, size)) {
    yield { offset: BigInt(sent), data };
    sent += data.length;
  }
}

async function* list(layout: LayoutStore, filters: readonly string[]): AsyncGenerator<ListContentResponse, void, undefined> {
  const wanted = contentFilter<BlobInfo>(filters, ({ digest, size }, field) => (field === "digest" ? digest : field === "size" ? String(size) : undefined));
  let block: Info[] = [];
  for await (const blob of layout.blobs()) {
    if (!wanted(blob)) continue;
    block.push(infoOf(blob));
    if (block.length < listSize) continue;
    yield { info: block };
    block = [];
  }
  if (block.length > 0) yield { info: block };
}

/** Layouts keep no labels. */
const infoOf = ({ digest, size, changed }: BlobInfo): Info => ({
  digest,
  size: BigInt(size),
  createdAt: timestamp(changed),
  updatedAt: timestamp(changed),
  labels: {},
});

const statusOf = ({ ref, offset, total, started, changed }: UploadStatus): Status => ({
  ref,
  offset: BigInt(offset),
  total: BigInt(total),
  startedAt: timestamp(started),
  updatedAt: timestamp(changed),
  expected: "",
});
