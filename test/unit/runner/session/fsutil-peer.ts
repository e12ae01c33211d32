/** The engine's side of fsutil streams, by the generated codec: a receiver that asks for files, and a sender that is told each packet. */
import { status } from "@grpc/grpc-js";
import { Packet, Stat } from "../../../../src/runner/buildkit/wire/fsutil.ts";
import type { CallMetadata, Engine } from "./rig.ts";

export const packets = { stat: 0, request: 1, data: 2, fin: 3, error: 4 } as const;

const packet = (fields: Partial<Packet>): Uint8Array => Packet.encode(Packet.create(fields)).finish();

export interface Received {
  /** In the order of the stream. */
  readonly stats: readonly Stat[];
  /** Contents of the files that were asked for. */
  readonly files: ReadonlyMap<string, Buffer>;
  /** Sizes of the pieces of each file. */
  readonly pieces: ReadonlyMap<string, readonly number[]>;
}

export interface ReceiveOptions {
  readonly metadata: CallMetadata;
  /** Which regular files are asked for; all when left out. */
  readonly wanted?: (stat: Stat) => boolean;
  /** Called once all stats are there, before the first file is asked for. */
  readonly beforeFiles?: () => void | Promise<void>;
}

/** Plays the receiver of a context. Rejects with the status of the call when it fails. */
export function receive(engine: Engine, { metadata, wanted = () => true, beforeFiles }: ReceiveOptions): Promise<Received> {
  const stream = engine.stream("/moby.filesync.v1.FileSync/DiffCopy", metadata);
  const stats: Stat[] = [];
  const contents = new Map<number, Buffer[]>();
  const open = new Set<number>();
  const ask = async (): Promise<void> => {
    await beforeFiles?.();
    stats.forEach((stat, id) => {
      if ((stat.mode & 0x8f280000) === 0 && stat.linkname === "" && wanted(stat)) open.add(id);
    });
    for (const id of open) {
      contents.set(id, []);
      stream.write(packet({ type: packets.request, id }));
    }
    if (open.size === 0) stream.write(packet({ type: packets.fin }));
  };
  return new Promise((resolve, reject) => {
    stream.on("error", reject);
    stream.on("data", (message: Buffer) => {
      const { type, stat, id, data } = Packet.decode(message);
      if (type === packets.stat && stat) stats.push(stat);
      else if (type === packets.stat) void ask();
      else if (type === packets.error) stream.end();
      else if (type === packets.fin) stream.end();
      else if (data.length > 0) contents.get(id)?.push(Buffer.from(data));
      else if (open.delete(id) && open.size === 0) stream.write(packet({ type: packets.fin }));
    });
    stream.on("status", ({ code }) => {
      if (code !== status.OK) return;
      const named = [...contents].map(([id, chunks]): readonly [string, readonly Buffer[]] => [stats[id]?.path ?? "", chunks]);
      resolve({
        stats,
        files: new Map(named.map(([path, chunks]) => [path, Buffer.concat(chunks)])),
        pieces: new Map(named.map(([path, chunks]) => [path, chunks.map(({ length }) => length)])),
      });
    });
  });
}

export interface SentEntry {
  readonly path: string;
  readonly mode?: number;
  readonly modTime?: bigint;
  readonly linkname?: string;
  readonly content?: string | Buffer;
  readonly devmajor?: number;
  readonly devminor?: number;
}

export interface SendOptions {
  readonly metadata?: CallMetadata;
  /** Largest piece. */
  readonly pieceSize?: number;
  /** Breaks the call after this many pieces of content. */
  readonly breakAfter?: number;
  /** Ends with this error packet instead of the last stat. */
  readonly error?: string;
}

/** Plays the sender of a local output: gives ids of the files that were asked for. Rejects with the status of the call. */
export function send(
  engine: Engine,
  entries: readonly SentEntry[],
  { metadata = {}, pieceSize = 32 * 1024, breakAfter = Number.POSITIVE_INFINITY, error }: SendOptions = {},
): Promise<readonly number[]> {
  const stream = engine.stream("/moby.filesync.v1.FileSend/DiffCopy", metadata);
  const asked: number[] = [];
  let pieces = 0;
  for (const { path, mode = 0o644, modTime = 1_600_000_000_123_456_789n, linkname = "", content = "", devmajor = 0, devminor = 0 } of entries) {
    const regular = (mode & 0x8f280000) === 0;
    const size = regular ? BigInt(Buffer.byteLength(content)) : 0n;
    stream.write(
      packet({ type: packets.stat, stat: Stat.create({ path, mode, modTime, linkname, size, devmajor: BigInt(devmajor), devminor: BigInt(devminor) }) }),
    );
  }
  stream.write(error === undefined ? packet({ type: packets.stat }) : packet({ type: packets.error, data: Buffer.from(error) }));
  return new Promise((resolve, reject) => {
    stream.on("error", reject);
    stream.on("data", (message: Buffer) => {
      const { type, id } = Packet.decode(message);
      if (type === packets.request) {
        asked.push(id);
        const bytes = Buffer.from(entries[id]?.content ?? "");
        for (let at = 0; at < bytes.length; at += pieceSize) {
          if (pieces++ >= breakAfter) {
            stream.cancel();
            return;
          }
          stream.write(packet({ type: packets.data, id, data: bytes.subarray(at, at + pieceSize) }));
        }
        stream.write(packet({ type: packets.data, id }));
      } else if (type === packets.fin) {
        stream.write(packet({ type: packets.fin }));
        stream.end();
      } else if (type === packets.error) stream.end();
    });
    stream.on("status", ({ code }) => {
      if (code === status.OK) resolve(asked);
    });
  });
}
