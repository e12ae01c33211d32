/** OCI layouts of this machine: as outputs, as contexts, as local caches. */
import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { describeEngines, expectSuccess } from "./rig.ts";

interface Descriptor {
  readonly digest: string;
  readonly mediaType: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

const indexOf = (layout: string): readonly Descriptor[] =>
  (JSON.parse(readFileSync(join(layout, "index.json"), "utf8")) as { manifests: readonly Descriptor[] }).manifests;
const blobs = (layout: string): readonly string[] => readdirSync(join(layout, "blobs/sha256")).sort();

/** Blobs whose name is not the digest of their bytes. */
const wrongBlobs = (layout: string): readonly string[] =>
  blobs(layout).filter(
    (name) =>
      createHash("sha256")
        .update(readFileSync(join(layout, "blobs/sha256", name)))
        .digest("hex") !== name,
  );

describeEngines("layouts", ["dockerd", "buildkitd"], (engine) => {
  test("are written with their index, and are the base of another build", async () => {
    const cwd = engine.project({
      "docker-bake.hcl": [
        'target "base" {\n  dockerfile = "base.Dockerfile"\n  tags = ["example.com/base:v1"]\n  output = ["type=oci,dest=layout,tar=false"]\n}',
        'target "top" {\n  contexts = { base = "oci-layout://layout:v1" }\n  output = ["out"]\n}',
        "",
      ].join("\n"),
      "base.Dockerfile": "FROM scratch\nCOPY f /base\n",
      Dockerfile: "FROM base\nCOPY f /top\n",
      f: "content",
    });
    expectSuccess(await engine.tsbake(["base"], { cwd }));
    const layout = join(cwd, "layout");
    expect(JSON.parse(readFileSync(join(layout, "oci-layout"), "utf8"))).toEqual({ imageLayoutVersion: "1.0.0" });
    expect(indexOf(layout).map(({ annotations }) => annotations)).toMatchObject([
      { "io.containerd.image.name": "example.com/base:v1", "org.opencontainers.image.ref.name": "v1" },
    ]);
    expect(wrongBlobs(layout)).toEqual([]);
    expect(existsSync(join(layout, "blobs/sha256", indexOf(layout)[0]?.digest.slice(7) ?? "none"))).toBe(true);
    expectSuccess(await engine.tsbake(["top"], { cwd }));
    expect([readFileSync(join(cwd, "out/base"), "utf8"), readFileSync(join(cwd, "out/top"), "utf8")]).toEqual(["content", "content"]);
    // A second build of the same replaces its entry.
    expectSuccess(await engine.tsbake(["base"], { cwd }));
    expect(indexOf(layout)).toHaveLength(1);
  });

  test("that lack a blob fail the build that reads them", async () => {
    const cwd = engine.project({
      "docker-bake.hcl": 'target "default" {\n  contexts = { base = "oci-layout://layout" }\n  output = ["out"]\n}\n',
      Dockerfile: "FROM base\n",
    });
    const layout = join(cwd, "layout");
    mkdirSync(join(layout, "blobs/sha256"), { recursive: true });
    const put = (value: object): { digest: string; size: number } => {
      const bytes = Buffer.from(JSON.stringify(value));
      const hex = createHash("sha256").update(bytes).digest("hex");
      writeFileSync(join(layout, "blobs/sha256", hex), bytes);
      return { digest: `sha256:${hex}`, size: bytes.length };
    };
    const missing = `sha256:${randomBytes(32).toString("hex")}`;
    const config = put({ architecture: "amd64", os: "linux", rootfs: { type: "layers", diff_ids: [missing] } });
    const image = "application/vnd.oci.image";
    const layers = [{ mediaType: `${image}.layer.v1.tar`, digest: missing, size: 100 }];
    const manifest = put({ schemaVersion: 2, mediaType: `${image}.manifest.v1+json`, config: { mediaType: `${image}.config.v1+json`, ...config }, layers });
    writeFileSync(join(layout, "index.json"), JSON.stringify({ schemaVersion: 2, manifests: [{ mediaType: `${image}.manifest.v1+json`, ...manifest }] }));
    const failed = await engine.tsbake(["--set=*.platform=linux/amd64"], { cwd });
    expect(failed.exit, failed.story).toBe(1);
    expect(failed.stderr).toContain(`content ${missing}: not found`);
  });

  test("keep a cache: exported, imported, tagged, reset", async () => {
    const step = (text: string): string =>
      `FROM tools AS made\nRUN ["/bin/busybox", "sh", "-c", "/bin/busybox date +%N > /stamp; # ${text}"]\nFROM scratch\nCOPY --from=made /stamp /\n`;
    const cwd = engine.project({
      "docker-bake.hcl": [
        'variable "TAG" { default = "latest" }',
        'target "fill" {\n  contexts = { tools = "tools" }\n  cache-to = ["type=local,dest=cache,mode=max,tag=${TAG}"]\n  output = ["type=cacheonly"]\n}',
        'target "reset" {\n  inherits = ["fill"]\n  cache-to = ["type=local,dest=cache,reset=true"]\n}',
        'target "take" {\n  contexts = { tools = "tools" }\n  cache-from = ["type=local,src=cache"]\n  output = ["out"]\n}',
        'target "missing" {\n  inherits = ["take"]\n  cache-from = ["type=local,src=nowhere"]\n}',
        "",
      ].join("\n"),
      Dockerfile: step("one"),
    });
    const cache = join(cwd, "cache");
    expectSuccess(await engine.tsbake(["fill"], { cwd }));
    expect(indexOf(cache).map(({ annotations }) => annotations?.["org.opencontainers.image.ref.name"])).toEqual(["latest"]);
    expect(wrongBlobs(cache)).toEqual([]);
    const imported = expectSuccess(await engine.tsbake(["take", "--progress=plain"], { cwd }));
    expect(imported.stderr).toContain("importing cache manifest from local");
    expectSuccess(await engine.tsbake(["fill"], { cwd, env: { TAG: "other" } }));
    expect(
      indexOf(cache)
        .map(({ annotations }) => annotations?.["org.opencontainers.image.ref.name"])
        .sort(),
    ).toEqual(["latest", "other"]);
    const stray = "0".repeat(64);
    writeFileSync(join(cache, "blobs/sha256", stray), "nothing leads here");
    expectSuccess(await engine.tsbake(["reset"], { cwd }));
    expect(indexOf(cache)).toHaveLength(2);
    expect(blobs(cache)).not.toContain(stray);
    expect(wrongBlobs(cache)).toEqual([]);
    const again = expectSuccess(await engine.tsbake(["take", "--progress=plain"], { cwd }));
    expect(again.stderr).not.toContain("ERROR");
    const missing = expectSuccess(await engine.tsbake(["missing", "--progress=plain"], { cwd }));
    expect(missing.stderr).toContain("local cache import at nowhere");
  });
});
