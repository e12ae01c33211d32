/** Reads `index.json` of an OCI layout: which digest a tag has, and whether a blob is there (spec/buildkit.md 6.8, 7.2). */
import type { Host } from "../host.ts";

interface Descriptor {
  readonly digest: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Manifests of the layout; throws HostError or SyntaxError when there is no readable index. */
export function readIndex(directory: string, host: Host): readonly Descriptor[] {
  const text = Buffer.from(host.readFile(`${directory}/index.json`)).toString("utf8");
  return (JSON.parse(text) as { manifests?: readonly Descriptor[] }).manifests ?? [];
}

/** The digest of a tag: by image name, then by reference name; undefined when the layout has no such tag. */
export function findTag(manifests: readonly Descriptor[], tag: string): string | undefined {
  const named = (key: string): string | undefined => manifests.find(({ annotations }) => annotations?.[key] === tag)?.digest;
  return named("io.containerd.image.name") ?? named("org.opencontainers.image.ref.name");
}

/** Whether the layout holds the blob. */
export function hasBlob(directory: string, digest: string, host: Host): boolean {
  const [algorithm = "", hex = ""] = digest.split(":");
  return host.stat(`${directory}/blobs/${algorithm}/${hex}`) !== undefined;
}
