/** What the registry holds after a push, read by its own API. */
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { copyExample } from "./examples-rig.ts";
import { describeEngines, type EngineRig, expectSuccess } from "./rig.ts";

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly platform?: { readonly os: string; readonly architecture: string };
}

interface Manifest {
  readonly mediaType: string;
  readonly manifests?: readonly Descriptor[];
  readonly layers?: readonly Descriptor[];
  readonly config?: Descriptor;
}

const ACCEPT = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
];

async function pull(engine: EngineRig, path: string): Promise<Buffer> {
  const answer = await fetch(`http://${engine.registry}/v2/${path}`, { headers: { Accept: ACCEPT.join(", ") } });
  const body = Buffer.from(await answer.arrayBuffer());
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${body.toString()}`);
  return body;
}

const pullManifest = async (engine: EngineRig, repository: string, reference: string): Promise<Manifest> =>
  JSON.parse((await pull(engine, `${repository}/manifests/${reference}`)).toString()) as Manifest;

describeEngines(
  "pushing",
  ["dockerd", "buildkitd"],
  (engine) => {
    test("an image for two platforms is pulled by its index, and each platform has its own content", async () => {
      const repository = `push-${engine.kind}/agent`;
      const env = { REGISTRY: `${engine.registry}/push-${engine.kind}`, BUILDX_NO_DEFAULT_ATTESTATIONS: "1" };
      expectSuccess(await engine.tsbake(["agent", "--push", "--progress=plain"], { cwd: copyExample("monorepo"), env }));

      const index = await pullManifest(engine, repository, "1.4.0");
      const platforms = (index.manifests ?? []).map(({ platform }) => `${platform?.os}/${platform?.architecture}`);
      expect(platforms).toEqual(["linux/amd64", "linux/arm64"]);
      for (const { digest, platform } of index.manifests ?? []) {
        const { layers = [], config } = await pullManifest(engine, repository, digest);
        const settings = JSON.parse((await pull(engine, `${repository}/blobs/${config?.digest}`)).toString()) as { readonly architecture: string };
        expect(settings.architecture).toBe(platform?.architecture);
        const files = await Promise.all(layers.map(async (layer) => gunzipSync(await pull(engine, `${repository}/blobs/${layer.digest}`)).toString()));
        expect(files.join("")).toContain(`platform = linux/${platform?.architecture}`);
      }
      expect(await pullManifest(engine, repository, "latest")).toEqual(index);
    });

    test("the metadata file names what was pushed", async () => {
      const cwd = copyExample("monorepo");
      const env = { REGISTRY: `${engine.registry}/metadata-${engine.kind}`, BUILDX_NO_DEFAULT_ATTESTATIONS: "1" };
      expectSuccess(await engine.tsbake(["api", "--push", "--progress=plain", "--metadata-file", "m.json"], { cwd, env }));
      const metadata = JSON.parse(readFileSync(`${cwd}/m.json`, "utf8")) as Readonly<Record<string, Readonly<Record<string, string>>>>;
      const digest = metadata["api"]?.["containerimage.digest"] ?? "";
      expect(digest).toMatch(/^sha256:[\da-f]{64}$/);
      expect((await pullManifest(engine, `metadata-${engine.kind}/api`, digest)).mediaType).toContain("manifest");
    });
  },
  { needs: ["busybox", "registry"] },
);
