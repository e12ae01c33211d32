/** What targets ask of their steps and images, seen in the steps and in the registry. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { describeEngines, expectSuccess, temporaryFolder, type EngineRig } from "./rig.ts";

const shell = (script: string): string => `RUN ["/bin/busybox", "sh", "-c", ${JSON.stringify(script)}]`;

/** Runs a script as a step of a target with these lines; gives what the script said. */
async function said(
  engine: EngineRig,
  script: string,
  lines: readonly string[],
  options: { readonly args?: readonly string[]; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<string> {
  const cwd = engine.project({
    "docker-bake.hcl": `target "default" {\n  contexts = { tools = "tools" }\n  no-cache = true\n  output = ["type=local,dest=out"]\n  ${lines.join("\n  ")}\n}\n`,
    Dockerfile: `FROM tools AS work\n${shell(`{ ${script}; } > /said`)}\nFROM scratch\nCOPY --from=work /said /said\n`,
  });
  expectSuccess(await engine.tsbake(["--progress=plain", ...(options.args ?? [])], { cwd, env: options.env ?? {} }));
  return readFileSync(join(cwd, "out/said"), "utf8").trim();
}

describeEngines("what a step is given", ["dockerd", "dockerd-classic", "buildkitd"], (engine) => {
  test("limits, shared memory, hosts", async () => {
    const lines = ['ulimits = ["nofile=64:128"]', 'shm-size = "16m"', 'extra-hosts = { some-host = "10.1.2.3", v6 = "[::1]" }'];
    const script = "ulimit -Sn; ulimit -Hn; /bin/busybox grep -o 'size=[0-9]*k' /proc/mounts; /bin/busybox grep -E 'some-host|v6' /etc/hosts";
    expect((await said(engine, script, lines)).split("\n").map((line) => line.replaceAll("\t", " "))).toEqual(
      expect.arrayContaining(["64", "128", "size=16384k", "10.1.2.3 some-host", "::1 v6"]),
    );
  });

  test("no network", async () => {
    expect(await said(engine, "/bin/busybox ls /sys/class/net", ['network = "none"'])).toBe("lo");
  });

  test("the proxies of the client's configuration", async () => {
    const DOCKER_CONFIG = temporaryFolder();
    writeFileSync(join(DOCKER_CONFIG, "config.json"), JSON.stringify({ proxies: { default: { httpProxy: "http://proxy.test:3128", noProxy: "a,b" } } }));
    expect(await said(engine, "echo $HTTP_PROXY $http_proxy; echo $NO_PROXY", [], { env: { DOCKER_CONFIG } })).toBe(
      "http://proxy.test:3128 http://proxy.test:3128\na,b",
    );
  });

  test("a network that the engine does not know", async () => {
    const cwd = engine.project({ "docker-bake.hcl": 'target "default" {\n  network = "mine"\n}\n', Dockerfile: "FROM scratch\nCOPY Dockerfile /\n" });
    const run = await engine.tsbake(["--progress=quiet"], { cwd });
    expect(run.exit, run.story).toBe(1);
    expect(run.stderr).toContain('network mode "mine" not supported by buildkit');
  });
});

describeEngines("privileges", ["dockerd", "buildkitd"], (engine) => {
  const files = {
    "docker-bake.hcl": 'target "default" {\n  contexts = { tools = "tools" }\n  network = "host"\n  output = ["type=cacheonly"]\n}\n',
    Dockerfile: `FROM tools\n${shell("echo with the host")}\n`,
  };

  test("that nobody granted are asked for", async () => {
    const run = await engine.tsbake(["--progress=plain"], { cwd: engine.project(files) });
    expect(run.exit, run.story).toBe(1);
    expect(run.stderr).toContain("network.host");
  });

  test("that the engine does not give are its error", async () => {
    const run = await engine.tsbake(["--progress=plain", "--allow=network.host"], { cwd: engine.project(files) });
    // A docker engine allows it, a BuildKit by itself does not.
    expect(run.exit, run.story).toBe(engine.isDocker ? 0 : 1);
    if (!engine.isDocker) expect(run.stderr).toContain("granting entitlement network.host is not allowed by build daemon configuration");
  });
});

describeEngines("a source policy", ["dockerd", "buildkitd"], (engine) => {
  test("that forbids a source fails its build, and no other", async () => {
    const cwd = engine.project({
      "docker-bake.hcl": 'target "default" {\n  output = ["type=cacheonly"]\n}\n',
      Dockerfile: "FROM scratch\nADD http://denied.invalid/file /\n",
      "policy.json": JSON.stringify({ rules: [{ action: "DENY", selector: { identifier: "http://denied.invalid/*" } }] }),
    });
    const env = { EXPERIMENTAL_BUILDKIT_SOURCE_POLICY: "policy.json" };
    const run = await engine.tsbake(["--progress=quiet"], { cwd, env });
    expect(run.exit, run.story).toBe(1);
    expect(run.stderr).toMatch(/ERROR: failed to solve: .*http:\/\/denied\.invalid\/file.* denied by policy/);
    writeFileSync(join(cwd, "Dockerfile"), "FROM scratch\nCOPY Dockerfile /\n");
    expectSuccess(await engine.tsbake(["--progress=quiet"], { cwd, env }));
  });
});

interface Manifest {
  readonly mediaType: string;
  readonly manifests?: readonly {
    readonly digest: string;
    readonly platform: { readonly os: string };
    readonly annotations?: Readonly<Record<string, string>>;
  }[];
  readonly layers?: readonly { readonly digest: string; readonly mediaType: string; readonly annotations?: Readonly<Record<string, string>> }[];
}

describeEngines(
  "attestations",
  ["dockerd", "buildkitd"],
  (engine) => {
    const accept =
      "application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json, application/vnd.docker.distribution.manifest.list.v2+json";
    const fetched = async (path: string): Promise<unknown> => (await fetch(`http://${engine.registry}/v2/${path}`, { headers: { accept } })).json();
    const manifestOf = async (repository: string, reference: string): Promise<Manifest> => (await fetched(`${repository}/manifests/${reference}`)) as Manifest;

    /** Predicate types that the image in the registry is attested with, and the predicates. */
    async function attested(repository: string): Promise<ReadonlyMap<string, unknown>> {
      const index = await manifestOf(repository, "1");
      const found = new Map<string, unknown>();
      for (const { digest, annotations } of index.manifests ?? []) {
        if (annotations?.["vnd.docker.reference.type"] !== "attestation-manifest") continue;
        for (const layer of (await manifestOf(repository, digest)).layers ?? []) {
          const { predicate } = (await fetched(`${repository}/blobs/${layer.digest}`)) as { readonly predicate: unknown };
          found.set(layer.annotations?.["in-toto.io/predicate-type"] ?? "", predicate);
        }
      }
      return found;
    }

    /** An image that writes a bill of materials as BuildKit asks for it. */
    async function pushScanner(): Promise<string> {
      const name = `${engine.registry}/scanner-${engine.kind}:1`;
      const statement = { _type: "https://in-toto.io/Statement/v0.1", predicateType: "https://spdx.dev/Document", predicate: { name: "scanned" } };
      const script = `echo '${JSON.stringify(statement)}' > $BUILDKIT_SCAN_DESTINATION/sbom.spdx.json`;
      const cwd = engine.project({
        "docker-bake.hcl": `target "default" {\n  contexts = { tools = "tools" }\n  tags = ["${name}"]\n  output = ["type=registry"]\n}\n`,
        Dockerfile: `FROM tools\nENTRYPOINT ["/bin/busybox", "sh", "-c", ${JSON.stringify(script)}]\n`,
      });
      expectSuccess(await engine.tsbake(["--progress=quiet"], { cwd, env: { BUILDX_NO_DEFAULT_ATTESTATIONS: "1" } }));
      return name;
    }

    async function push(repository: string, lines: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Readonly<Record<string, unknown>>> {
      const cwd = engine.project({
        "docker-bake.hcl": `target "default" {\n  tags = ["${engine.registry}/${repository}:1"]\n  output = ["type=registry"]\n  ${lines.join("\n  ")}\n}\n`,
        Dockerfile: "FROM scratch\nCOPY Dockerfile /\n",
      });
      expectSuccess(await engine.tsbake(["--progress=quiet", "--metadata-file=meta.json"], { cwd, env }));
      return (JSON.parse(readFileSync(join(cwd, "meta.json"), "utf8")) as { default: Readonly<Record<string, unknown>> }).default;
    }

    test("are of the kinds that the target asks for", async () => {
      const generator = await pushScanner();
      const repository = `attested-${engine.kind}`;
      await push(repository, [`attest = ["type=sbom,generator=${generator}", "type=provenance,mode=max,version=v1"]`]);
      const found = await attested(repository);
      expect([...found.keys()].sort()).toEqual(["https://slsa.dev/provenance/v1", "https://spdx.dev/Document"]);
      expect(found.get("https://spdx.dev/Document")).toMatchObject({ name: "scanned" });
      expect(found.get("https://slsa.dev/provenance/v1")).toHaveProperty("buildDefinition.internalParameters.buildConfig");

      const older = `attested-older-${engine.kind}`;
      await push(older, ['attest = ["type=provenance,mode=min,version=v0.2"]']);
      expect([...(await attested(older)).keys()]).toEqual(["https://slsa.dev/provenance/v0.2"]);
    });

    test("are there without being asked for, unless they are switched off", async () => {
      const repository = `attested-default-${engine.kind}`;
      await push(repository, []);
      // Which version is the engine's choice.
      expect([...(await attested(repository)).keys()]).toEqual([expect.stringMatching(/^https:\/\/slsa\.dev\/provenance\//)]);
      const plain = `attested-not-${engine.kind}`;
      await push(plain, [], { BUILDX_NO_DEFAULT_ATTESTATIONS: "1" });
      expect((await manifestOf(plain, "1")).manifests).toBeUndefined();
      await push(plain, ['attest = ["type=provenance,disabled=true"]']);
      expect((await manifestOf(plain, "1")).manifests).toBeUndefined();
    });

    test("are in the metadata file as its variables say", async () => {
      const provenance = async (value: string): Promise<unknown> =>
        (await push(`attested-meta-${engine.kind}`, [], value === "" ? {} : { BUILDX_METADATA_PROVENANCE: value }))["buildx.build.provenance"];
      expect(await provenance("")).not.toHaveProperty("buildConfig");
      expect(await provenance("")).toMatchObject({
        buildType: "https://mobyproject.org/buildkit@v1",
        invocation: { configSource: { entryPoint: "Dockerfile" } },
      });
      expect(await provenance("max")).toHaveProperty("metadata");
      expect(await provenance("disabled")).toBeUndefined();
    });
  },
  { needs: ["busybox", "registry"] },
);

describeEngines("compression and time", ["dockerd", "buildkitd"], (engine) => {
  test("of an archive are those that the output asks for, and the same each time", async () => {
    const digests: string[] = [];
    for (let round = 0; round < 2; round++) {
      const cwd = engine.project({
        "docker-bake.hcl":
          'target "default" {\n  contexts = { tools = "tools" }\n  no-cache = true\n  args = { SOURCE_DATE_EPOCH = "1700000000" }\n' +
          '  output = ["type=oci,dest=layout,tar=false,compression=zstd,compression-level=3,force-compression=true,oci-mediatypes=true,rewrite-timestamp=true"]\n}\n',
        Dockerfile: `FROM tools AS work\n${shell("echo same > /file")}\nFROM scratch\nCOPY --from=work /file /file\n`,
      });
      expectSuccess(await engine.tsbake(["--progress=quiet"], { cwd, env: { BUILDX_NO_DEFAULT_ATTESTATIONS: "1" } }));
      const read = (path: string): unknown => JSON.parse(readFileSync(join(cwd, "layout", path), "utf8"));
      const { manifests } = read("index.json") as Required<Manifest>;
      const digest = manifests[0]?.digest ?? "";
      digests.push(digest);
      const { layers } = read(`blobs/${digest.replace(":", "/")}`) as Required<Manifest>;
      expect(layers.map(({ mediaType }) => mediaType)).toEqual(["application/vnd.oci.image.layer.v1.tar+zstd"]);
    }
    expect(digests[0]).toBe(digests[1]);
  });
});
