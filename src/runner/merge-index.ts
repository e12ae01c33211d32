/**
 * One index of the images that several nodes pushed, under all names of the target (spec/buildkit.md 10.2,
 * 10.3): what the nodes gave is flattened, annotated, and pushed to every repository.
 */
import { createHash } from "node:crypto";
import { BakeError } from "../diagnostics.ts";
import type { Host } from "../host.ts";
import type { IndexMerge } from "../planner/plan.ts";
import { parseName, type ImageName } from "./image-name.ts";
import { registryClient, type RegistryClient } from "./session/registry-client.ts";

/** What is known of a pushed image; the engine gives the whole descriptor. */
export interface MergePart {
  readonly digest: string;
  readonly mediaType?: string;
  readonly size?: number;
  readonly annotations?: Readonly<Record<string, string>>;
}

interface Platform {
  readonly os?: string;
  readonly architecture?: string;
  readonly variant?: string;
}

export interface Entry extends MergePart {
  readonly mediaType: string;
  readonly size: number;
  readonly platform?: Platform;
}

export interface MergeOptions {
  readonly host: Host;
  readonly signal: AbortSignal;
}

const ociIndex = "application/vnd.oci.image.index.v1+json";
const dockerList = "application/vnd.docker.distribution.manifest.list.v2+json";
const ociManifest = "application/vnd.oci.image.manifest.v1+json";
const dockerManifest = "application/vnd.docker.distribution.manifest.v2+json";
const accept = [ociIndex, dockerList, ociManifest, dockerManifest, "*/*"].join(", ");

/** Pushes the index; gives its digest. */
export async function pushIndex(
  parts: readonly MergePart[],
  { names, annotations, insecure }: Pick<IndexMerge, "names" | "annotations" | "insecure">,
  options: MergeOptions,
): Promise<string> {
  const images = names.map(parseName);
  const [first] = images;
  if (!first) throw new BakeError("run.merge", "can't push with no tags specified");
  const clients = new Map<string, RegistryClient>();
  const clientOf = (registry: string): RegistryClient => {
    const client = clients.get(registry) ?? registryClient({ ...options, registry, insecure });
    clients.set(registry, client);
    return client;
  };
  const read = clientOf(first.registry);
  const entries = (await Promise.all(parts.map((part) => entriesOf(part, read, first)))).flat();
  const index = indexOf(entries, annotations);
  const digest = `sha256:${createHash("sha256").update(index.text).digest("hex")}`;
  for (const { registry, repository, tag } of images)
    await putManifest(clientOf(registry), { repository, reference: tag, mediaType: index.mediaType, body: index.text });
  return digest;
}

/** The index's bytes; entries with the same digest count once, the later one's platform and annotations win. */
export function indexOf(entries: readonly Entry[], annotations: Readonly<Record<string, string>>): { readonly mediaType: string; readonly text: string } {
  const byDigest = new Map<string, Entry>();
  for (const entry of entries) {
    const before = byDigest.get(entry.digest);
    byDigest.set(entry.digest, {
      ...before,
      ...entry,
      ...(before?.annotations || entry.annotations ? { annotations: { ...before?.annotations, ...entry.annotations } } : {}),
    });
  }
  const all = [...byDigest.values()];
  const docker = all.length > 0 && all.every(({ mediaType }) => mediaType === dockerManifest);
  const wanted = splitAnnotations(annotations);
  const hasAnnotations = wanted.index.length > 0 || wanted.descriptors.length > 0;
  if (docker && hasAnnotations) throw new BakeError("run.merge", "annotations are not supported for Docker manifest lists");
  const mediaType = docker ? dockerList : ociIndex;
  const manifests = all.map((entry) => ordered(entry, wanted.descriptors));
  const document = { schemaVersion: 2, mediaType, manifests, ...(wanted.index.length > 0 ? { annotations: sorted(wanted.index) } : {}) };
  return { mediaType, text: escapeHtml(JSON.stringify(document, undefined, 2)) };
}

interface WantedAnnotations {
  readonly index: readonly (readonly [string, string])[];
  readonly descriptors: readonly { readonly platform?: string; readonly key: string; readonly value: string }[];
}

/** Exporter attributes `annotation-index.K` and `annotation-manifest-descriptor[platform].K`. */
function splitAnnotations(annotations: Readonly<Record<string, string>>): WantedAnnotations {
  const index: (readonly [string, string])[] = [];
  const descriptors: { platform?: string; key: string; value: string }[] = [];
  for (const [attribute, value] of Object.entries(annotations)) {
    const match = /^annotation-(index|manifest-descriptor)(?:\[([^\]]+)\])?\.(.+)$/.exec(attribute);
    if (!match) continue;
    const [, kind, platform, key = ""] = match;
    if (kind === "index") index.push([key, value]);
    else descriptors.push({ key, value, ...(platform === undefined ? {} : { platform }) });
  }
  return { index, descriptors };
}

/** Descriptor keys in the order in which the reference's encoder writes them: the digest is over these bytes. */
function ordered(entry: Entry, wanted: WantedAnnotations["descriptors"]): object {
  const { mediaType, digest, size, annotations, platform } = entry;
  const own = platform && [platform.os, platform.architecture, ...(platform.variant ? [platform.variant] : [])].join("/");
  const extra = wanted.filter((each) => each.platform === undefined || each.platform === own).map(({ key, value }) => [key, value] as const);
  const all = [...Object.entries(annotations ?? {}), ...extra];
  return { mediaType, digest, size, ...(all.length > 0 ? { annotations: sorted(all) } : {}), ...(platform ? { platform: platformOf(platform) } : {}) };
}

function platformOf({ architecture = "", os = "", variant }: Platform): object {
  return { architecture, os, ...(variant ? { variant } : {}) };
}

const sorted = (entries: readonly (readonly [string, string])[]): Record<string, string> =>
  Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));

const escapes: Readonly<Record<string, string>> = { "<": "\\u003c", ">": "\\u003e", "&": "\\u0026" };
const escapeHtml = (text: string): string => text.replace(/[<>&]/g, (character) => escapes[character] ?? character);

/** An index gives its entries; a manifest gives itself, with the platform of its configuration. */
async function entriesOf(part: MergePart, client: RegistryClient, { repository }: ImageName): Promise<readonly Entry[]> {
  const answer = await client.send({ method: "GET", path: `/v2/${repository}/manifests/${part.digest}`, repository, actions: "pull", headers: { accept } });
  if (answer.status !== 200)
    throw new BakeError("run.merge", `failed to read ${part.digest} of ${client.registry}/${repository}: the registry answered with status ${answer.status}`);
  const body = Buffer.from(answer.body);
  const document = JSON.parse(body.toString("utf8")) as { mediaType?: string; manifests?: readonly Entry[]; config?: { digest: string } };
  if (document.manifests) return document.manifests;
  const mediaType = part.mediaType ?? document.mediaType ?? answer.headers["content-type"] ?? ociManifest;
  const platform = document.config && (await platformOfConfig(client, repository, document.config.digest));
  return [
    {
      digest: part.digest,
      mediaType,
      size: part.size ?? body.length,
      ...(part.annotations ? { annotations: part.annotations } : {}),
      ...(platform ? { platform } : {}),
    },
  ];
}

async function platformOfConfig(client: RegistryClient, repository: string, digest: string): Promise<Platform | undefined> {
  const answer = await client.send({ method: "GET", path: `/v2/${repository}/blobs/${digest}`, repository, actions: "pull" });
  if (answer.status !== 200) return undefined;
  const { os, architecture, variant } = JSON.parse(Buffer.from(answer.body).toString("utf8")) as Platform;
  return { ...(os === undefined ? {} : { os }), ...(architecture === undefined ? {} : { architecture }), ...(variant ? { variant } : {}) };
}

interface PutOptions {
  readonly repository: string;
  readonly reference: string;
  readonly mediaType: string;
  readonly body: string;
}

async function putManifest(client: RegistryClient, { repository, reference, mediaType, body }: PutOptions): Promise<void> {
  const path = `/v2/${repository}/manifests/${reference}`;
  const answer = await client.send({ method: "PUT", path, repository, actions: "pull,push", headers: { "content-type": mediaType }, body });
  if (answer.status >= 300)
    throw new BakeError("run.merge", `failed to push ${client.registry}/${repository}:${reference}: the registry answered with status ${answer.status}`);
}
