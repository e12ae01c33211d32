/** Images in registries: what is pushed is what was built, under every name, for every platform. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { describeEngines, expectSuccess, type EngineRig } from "./rig.ts";

interface Manifest {
  readonly mediaType: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly manifests?: readonly {
    readonly digest: string;
    readonly platform?: { readonly os: string; readonly architecture: string };
    readonly annotations?: Readonly<Record<string, string>>;
  }[];
}

const types = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.docker.distribution.manifest.v2+json",
];

async function pull(engine: EngineRig, repository: string, reference: string): Promise<{ digest: string; manifest: Manifest }> {
  const answer = await fetch(`http://${engine.registry}/v2/${repository}/manifests/${reference}`, { headers: { accept: types.join(", ") } });
  expect(answer.status, `${repository}:${reference}`).toBe(200);
  return { digest: answer.headers.get("docker-content-digest") ?? "", manifest: (await answer.json()) as Manifest };
}

const metadata = (cwd: string): Record<string, Record<string, string>> =>
  JSON.parse(readFileSync(join(cwd, "metadata.json"), "utf8")) as Record<string, Record<string, string>>;

const options = { needs: ["busybox", "registry"] } as const;

describeEngines(
  "pushing",
  ["dockerd", "dockerd-classic", "buildkitd"],
  (engine) => {
    test("gives every name the digest that the metadata tells", async () => {
      const cwd = engine.project({
        "docker-bake.hcl": `target "default" {\n  tags = ["${engine.registry}/push-${engine.kind}:a", "${engine.registry}/push-${engine.kind}:b"]\n}\n`,
        Dockerfile: "FROM scratch\nCOPY Dockerfile /\n",
      });
      expectSuccess(await engine.tsbake(["--progress=plain", "--push", "--metadata-file=metadata.json"], { cwd }));
      const told = metadata(cwd)["default"]?.["containerimage.digest"];
      expect(told).toMatch(/^sha256:/);
      for (const tag of ["a", "b"]) expect((await pull(engine, `push-${engine.kind}`, tag)).digest).toBe(told);
    });

    test("fails with the registry's reason where it cannot be reached", async () => {
      const cwd = engine.project({
        "docker-bake.hcl": 'target "default" {\n  tags = ["127.0.0.1:1/it"]\n}\n',
        Dockerfile: "FROM scratch\nCOPY Dockerfile /\n",
      });
      const run = await engine.tsbake(["--progress=plain", "--push"], { cwd });
      expect(run.exit, run.story).toBe(1);
      expect(run.stderr).toMatch(/\nERROR: .*127\.0\.0\.1:1.*connection refused\n$/);
    });
  },
  options,
);

describeEngines(
  "pushing",
  ["dockerd", "buildkitd"],
  (engine) => {
    test("gives an index that lists both platforms, annotated by level", async () => {
      const repository = `platforms-${engine.kind}`;
      const cwd = engine.project({
        "docker-bake.hcl":
          `target "default" {\n  tags = ["${engine.registry}/${repository}"]\n  platforms = ["linux/amd64", "linux/arm64"]\n` +
          '  annotations = ["index:at=index", "manifest-descriptor[linux/arm64]:at=descriptor", "at=manifest"]\n}\n',
        Dockerfile: "FROM scratch\nCOPY Dockerfile /\n",
      });
      expectSuccess(await engine.tsbake(["--progress=plain", "--push"], { cwd, env: { BUILDX_NO_DEFAULT_ATTESTATIONS: "1" } }));
      const { manifest } = await pull(engine, repository, "latest");
      expect(manifest.annotations).toEqual({ at: "index" });
      expect(manifest.manifests?.map(({ platform }) => `${platform?.os}/${platform?.architecture}`)).toEqual(["linux/amd64", "linux/arm64"]);
      expect(manifest.manifests?.map(({ annotations }) => annotations?.["at"])).toEqual([undefined, "descriptor"]);
      const child = await pull(engine, repository, manifest.manifests?.[0]?.digest ?? "");
      expect(child.manifest.annotations).toEqual({ at: "manifest" });
    });

    test("keeps cache in the registry and finds it there", async () => {
      const ref = `${engine.registry}/cache-${engine.kind}`;
      const cwd = engine.project({
        "docker-bake.hcl": `target "default" {\n  cache-to = ["type=registry,ref=${ref},mode=max"]\n  cache-from = ["type=registry,ref=${ref}"]\n  output = ["type=cacheonly"]\n}\n`,
        Dockerfile: "FROM scratch\nCOPY Dockerfile /\n",
      });
      expectSuccess(await engine.tsbake(["--progress=plain"], { cwd }));
      const again = expectSuccess(await engine.tsbake(["--progress=plain"], { cwd }));
      expect(again.stderr).toContain(`importing cache manifest from ${ref}`);
      expect(again.stderr).not.toContain("ERROR: failed to configure registry cache importer");
    });
  },
  options,
);

describeEngines(
  "pushing by digest",
  ["buildkitd"],
  (engine) => {
    test("leaves no tag", async () => {
      const cwd = engine.project({
        "docker-bake.hcl": `target "default" {\n  output = ["type=image,name=${engine.registry}/by-digest,push=true,push-by-digest=true,name-canonical=true"]\n}\n`,
        Dockerfile: "FROM scratch\nCOPY Dockerfile /\n",
      });
      expectSuccess(await engine.tsbake(["--progress=plain", "--metadata-file=metadata.json"], { cwd }));
      const digest = metadata(cwd)["default"]?.["containerimage.digest"] ?? "";
      expect((await pull(engine, "by-digest", digest)).digest).toBe(digest);
      const tags = await fetch(`http://${engine.registry}/v2/by-digest/tags/list`);
      expect(((await tags.json()) as { tags?: string[] | null }).tags ?? []).toEqual([]);
    });
  },
  options,
);
