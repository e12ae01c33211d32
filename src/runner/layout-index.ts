/**
 * `index.json` of an OCI layout that an engine has written to: the result gets its names, one entry for
 * each, and a cache that starts afresh loses what its index does not reach (spec/buildkit.md 6.8).
 */
import { mkdir, open, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { BakeError } from "../diagnostics.ts";
import { temporaryName } from "./session/atomic-file.ts";
import { LayoutStore } from "./session/layout-store.ts";

export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly annotations?: Readonly<Record<string, string>>;
  /** Platform and the like go along as they are. */
  readonly [other: string]: unknown;
}

interface Index {
  readonly schemaVersion?: number;
  readonly mediaType?: string;
  readonly manifests?: readonly Descriptor[];
  readonly [other: string]: unknown;
}

/** An entry's name: an image with repository and tag, or a tag alone. */
export type LayoutName = { readonly kind: "image"; readonly name: string } | { readonly kind: "tag"; readonly tag: string };

const indexType = "application/vnd.oci.image.index.v1+json";
const imageName = "io.containerd.image.name";
const referenceName = "org.opencontainers.image.ref.name";

/** Writes the layout's marker and puts the descriptor into its index under the names, in place of what had them. */
export async function putIndex(directory: string, descriptor: Descriptor, names: readonly LayoutName[]): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o755 });
  await locked(directory, async () => {
    await writeFile(`${directory}/oci-layout`, JSON.stringify({ imageLayoutVersion: "1.0.0" }), { mode: 0o644 });
    const index = await readIndexFile(directory);
    let manifests = index.manifests ?? [];
    for (const name of names) manifests = insert(manifests, descriptor, name);
    if (names.length === 0) manifests = [...manifests, descriptor];
    const { schemaVersion = 2, mediaType = indexType, manifests: _old, ...rest } = index;
    await writeWhole(`${directory}/index.json`, JSON.stringify({ schemaVersion, mediaType, manifests, ...rest }));
  });
}

function insert(manifests: readonly Descriptor[], descriptor: Descriptor, name: LayoutName): readonly Descriptor[] {
  const image = name.kind === "image" ? name.name : undefined;
  const reference = name.kind === "image" ? tagOf(name.name) : name.tag;
  const others = manifests.filter(({ annotations = {} }) => annotations[referenceName] !== reference || annotations[imageName] !== image);
  const annotations = { ...descriptor.annotations, ...(image === undefined ? {} : { [imageName]: image }), [referenceName]: reference };
  return [...others, { ...descriptor, annotations }];
}

/** What follows the repository of an image name: `v1`, `v1@sha256:...`, or `@sha256:...`. */
function tagOf(name: string): string {
  const slash = name.indexOf("/");
  if (slash < 0) return name;
  const path = name.slice(slash);
  const end = path.search(/[:@]/);
  if (end < 0) return "";
  return path[end] === ":" ? path.slice(end + 1) : path.slice(end);
}

async function readIndexFile(directory: string): Promise<Index> {
  const path = `${directory}/index.json`;
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw new BakeError("run.layout", `could not read ${path}: ${(cause as Error).message}`, { cause });
  });
  if (text === "") return {};
  try {
    return JSON.parse(text) as Index;
  } catch (cause) {
    throw new BakeError("run.layout", `could not unmarshal ${path}: ${(cause as Error).message}`, { cause });
  }
}

async function writeWhole(path: string, text: string): Promise<void> {
  const temporary = temporaryName(path);
  try {
    await writeFile(temporary, text, { mode: 0o644 });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Work on one layout in this process, in turn. */
const turns = new Map<string, Promise<unknown>>();
const lockTriesMs = 20;
/** A lock that is older was left by a process that is gone. */
const lockStaleMs = 10_000;

/** Other processes see `index.json.lock`, as the reference's do. */
function locked<T>(directory: string, work: () => Promise<T>): Promise<T> {
  const turn = (turns.get(directory) ?? Promise.resolve()).then(async () => {
    const path = `${directory}/index.json.lock`;
    await takeLock(path);
    try {
      return await work();
    } finally {
      await rm(path, { force: true });
    }
  });
  const settled = turn.then(
    () => undefined,
    () => undefined,
  );
  turns.set(directory, settled);
  void settled.then(() => {
    if (turns.get(directory) === settled) turns.delete(directory);
  });
  return turn;
}

async function takeLock(path: string): Promise<void> {
  for (;;) {
    try {
      await (await open(path, "wx", 0o600)).close();
      return;
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== "EEXIST")
        throw new BakeError("run.layout", `could not lock ${path}: ${(cause as Error).message}`, { cause });
    }
    const held = await stat(path).catch(() => undefined);
    if (held && Date.now() - held.mtimeMs > lockStaleMs) await rm(path, { force: true });
    else await pause(lockTriesMs);
  }
}

/** Removes the blobs that no manifest of the index leads to, and says how many. */
export async function removeUnreachable(directory: string): Promise<number> {
  const store = new LayoutStore(directory);
  return locked(directory, async () => {
    const reached = await reachable(store, (await readIndexFile(directory)).manifests ?? []);
    let removed = 0;
    for await (const { digest } of store.blobs()) {
      if (reached.has(digest)) continue;
      await store.delete(digest);
      removed++;
    }
    return removed;
  });
}

/** Manifests and indexes are small; anything larger is a layer and names nothing. */
const manifestLimit = 16 * 1024 * 1024;

interface Manifest {
  readonly manifests?: readonly Descriptor[];
  readonly layers?: readonly Descriptor[];
  readonly config?: Descriptor;
}

async function reachable(store: LayoutStore, roots: readonly Descriptor[]): Promise<ReadonlySet<string>> {
  const reached = new Set<string>();
  const pending = [...roots];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { digest, mediaType } = next;
    if (reached.has(digest)) continue;
    reached.add(digest);
    if (!/manifest|index/.test(mediaType)) continue;
    const manifest = await readManifest(store, digest);
    pending.push(...(manifest.manifests ?? []), ...(manifest.layers ?? []), ...(manifest.config ? [manifest.config] : []));
  }
  return reached;
}

/** A manifest that cannot be read ends it all: what it leads to must not be lost. */
async function readManifest(store: LayoutStore, digest: string): Promise<Manifest> {
  const { size } = await store.info(digest);
  if (size > manifestLimit) throw new BakeError("run.layout", `manifest ${digest} of ${size} bytes is too large`);
  try {
    return JSON.parse(await readFile(store.blobPath(digest), "utf8")) as Manifest;
  } catch (cause) {
    throw new BakeError("run.layout", `could not unmarshal manifest ${digest}: ${(cause as Error).message}`, { cause });
  }
}
