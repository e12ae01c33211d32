import { describe, expect, test } from "vitest";
import { lowerAttestations } from "../../../src/planner/attestations.ts";
import { csvLine, lowerFrontend, lowerNetwork, type FrontendInput, type NetworkInput } from "../../../src/planner/attributes.ts";
import { lowerCaches, type CacheInput } from "../../../src/planner/caches.ts";
import { unknownFeatures } from "../../../src/planner/facts.ts";
import { localFacts, node, valueOf } from "./rig.ts";

function frontend(changes: Partial<FrontendInput>): unknown {
  const base: FrontendInput = {
    args: [],
    labels: [],
    target: "",
    pull: false,
    noCache: false,
    noCacheFilter: [],
    platforms: [],
    multiNode: false,
    driver: "remote",
    proxySettings: [],
  };
  return valueOf(lowerFrontend({ ...base, ...changes }));
}

describe("frontend attributes", () => {
  test("arguments, labels, stage and platforms", () => {
    expect(frontend({ args: [["A", "1"]], labels: [["l", "v"]], target: "t", platforms: ["linux/amd64", "linux/arm64"] })).toEqual({
      name: "dockerfile.v0",
      attributes: { "build-arg:A": "1", "label:l": "v", target: "t", platform: "linux/amd64,linux/arm64" },
      inlineCache: false,
    });
  });

  test("no-cache wins over a filter; pull over the docker driver's local images", () => {
    expect(frontend({ noCache: true, noCacheFilter: ["a"], driver: "docker", pull: true })).toMatchObject({
      attributes: { "no-cache": "", "image-resolve-mode": "pull" },
    });
    expect(frontend({ noCacheFilter: ["a", "b"], driver: "docker" })).toMatchObject({
      attributes: { "no-cache": "a,b", "image-resolve-mode": "local" },
    });
  });

  test("BUILDKIT_SYNTAX chooses the frontend image", () => {
    expect(frontend({ args: [["BUILDKIT_SYNTAX", "docker/dockerfile:1 opt"]] })).toMatchObject({
      name: "gateway.v0",
      attributes: { source: "docker/dockerfile:1", cmdline: "docker/dockerfile:1 opt" },
    });
    expect(frontend({ args: [["BUILDKIT_SYNTAX", ""]] })).toEqual([
      "empty BUILDKIT_SYNTAX build-arg is invalid, use --build-arg BUILDKIT_SYNTAX without '=' for optional behavior",
    ]);
  });

  test("proxy settings are references, and an argument of the name in any case keeps them out", () => {
    expect(frontend({ args: [["http_proxy", "x"]], proxySettings: ["httpProxy", "noProxy"] })).toMatchObject({
      attributes: { "build-arg:http_proxy": "x", "build-arg:NO_PROXY": { ref: "proxy:noProxy" } },
    });
    expect(frontend({ args: [["http_proxy", "x"]], proxySettings: ["httpProxy"] })).not.toHaveProperty(["attributes", "build-arg:HTTP_PROXY"]);
  });

  test("a target on several nodes gives an index even for one platform", () => {
    expect(frontend({ multiNode: true })).toMatchObject({ attributes: { "multi-platform": "true" } });
    expect(frontend({ args: [["BUILDKIT_MULTI_PLATFORM", "1"]] })).toMatchObject({ attributes: { "multi-platform": "true" } });
  });
});

describe("network", () => {
  const network = (changes: Partial<NetworkInput>): unknown => valueOf(lowerNetwork({ network: "", extraHosts: [], driver: "remote", labels: {}, ...changes }));

  test("modes", () => {
    expect(network({ network: "host" })).toEqual({ attributes: { "force-network-mode": "host" }, entitlements: ["network.host"] });
    expect(network({ network: "none" })).toEqual({ attributes: { "force-network-mode": "none" }, entitlements: [] });
    expect(network({ network: "default" })).toEqual({ attributes: {}, entitlements: [] });
    expect(network({ network: "foo" })).toEqual([
      'network mode "foo" not supported by buildkit - you can define a custom network for your builder using the network driver-opt in buildx create',
    ]);
  });

  test("extra hosts are sorted, split and unbracketed", () => {
    expect(
      network({
        extraHosts: [
          ["v", "[::1]"],
          ["h", "1.2.3.4"],
          ["m", "1.1.1.1,2.2.2.2"],
        ],
      }),
    ).toMatchObject({
      attributes: { "add-hosts": "h=1.2.3.4,m=1.1.1.1,m=2.2.2.2,v=::1" },
    });
    expect(network({ extraHosts: [["h", "bad"]] })).toEqual(["invalid host h=bad"]);
    expect(network({ extraHosts: [["h", "1.2.3.256"]] })).toEqual(["invalid host h=1.2.3.256"]);
    expect(network({ extraHosts: [["h", "1::2::3"]] })).toEqual(["invalid host h=1::2::3"]);
  });

  test("host-gateway is the worker's label", () => {
    const labels = { "org.mobyproject.buildkit.worker.moby.host-gateway-ip": "172.17.0.1" };
    expect(network({ extraHosts: [["h", "host-gateway"]], labels })).toMatchObject({ attributes: { "add-hosts": "h=172.17.0.1" } });
    expect(network({ extraHosts: [["h", "host-gateway"]] })).toEqual([
      "unable to derive the IP value for host-gateway: host-gateway is not supported by the remote driver",
    ]);
  });
});

test("a CSV field is quoted when it holds a comma, a quote or a line break", () => {
  expect(csvLine(["a", "b,c", 'd"e', " f", "g\nh"])).toBe('a,"b,c","d""e"," f","g\nh"');
});

describe("attestations", () => {
  const context = { node: node(), driver: "remote", env: {} };

  test("[bake 102] provenance is there by default, and a disabled entry keeps it out", () => {
    expect(valueOf(lowerAttestations([], context))).toEqual({ attributes: { "attest:provenance": "mode=min,inline-only=true" }, asked: 0 });
    expect(valueOf(lowerAttestations([{ type: "provenance", disabled: true, attributes: {} }], context))).toEqual({ attributes: {}, asked: 0 });
    expect(valueOf(lowerAttestations([], { ...context, env: { BUILDX_NO_DEFAULT_ATTESTATIONS: "1" } }))).toEqual({ attributes: {}, asked: 0 });
  });

  test("attributes are sorted and quoted", () => {
    const sbom = { type: "sbom", disabled: false, attributes: { z: "1", generator: "a,b" } };
    expect(valueOf(lowerAttestations([sbom], { ...context, env: { BUILDX_NO_DEFAULT_ATTESTATIONS: "true" } }))).toEqual({
      attributes: { "attest:sbom": 'type=sbom,"generator=a,b",z=1' },
      asked: 1,
    });
  });

  test("a driver without indexes refuses them, and gets no default", () => {
    const classic = node({ features: { ...unknownFeatures, multiPlatform: false } });
    expect(valueOf(lowerAttestations([], { ...context, node: classic }))).toEqual({ attributes: {}, asked: 0 });
    expect(valueOf(lowerAttestations([{ type: "sbom", disabled: false, attributes: {} }], { ...context, node: classic, driver: "docker" }))).toEqual([
      "Attestation is not supported for the docker driver.\nSwitch to a different driver, or turn on the containerd image store, and try again.\nLearn more at https://docs.docker.com/go/attestations/",
    ]);
  });
});

describe("caches", () => {
  function caches(changes: Partial<CacheInput>): unknown {
    const base: CacheInput = {
      cacheFrom: [],
      cacheTo: [],
      inlineCache: false,
      node: node(),
      driver: "remote",
      facts: localFacts(),
      absolute: (path) => `/w/${path}`,
    };
    return valueOf(lowerCaches({ ...base, ...changes }));
  }

  test("registry entries pass through with sorted attributes; the inline argument adds an export", () => {
    expect(caches({ cacheTo: [{ type: "registry", attributes: { ref: "r", mode: "max" } }], inlineCache: true })).toEqual({
      cacheFrom: [],
      cacheTo: [
        { type: "registry", attributes: { mode: "max", ref: "r" } },
        { type: "inline", attributes: {} },
      ],
      stores: [],
      warnings: [],
    });
  });

  test("GitHub's token and address are references, and an entry without them is dropped", () => {
    const gha = { type: "gha", attributes: { scope: "s" } };
    const facts = localFacts({ secretEnv: ["ACTIONS_RUNTIME_TOKEN", "ACTIONS_RESULTS_URL"], env: { ACTIONS_CACHE_SERVICE_V2: "true" } });
    expect(caches({ cacheFrom: [gha], facts })).toMatchObject({
      cacheFrom: [
        {
          type: "gha",
          attributes: {
            scope: "s",
            token: { ref: "env:ACTIONS_RUNTIME_TOKEN" },
            url: { ref: "env:ACTIONS_RESULTS_URL" },
            url_v2: { ref: "env:ACTIONS_RESULTS_URL" },
            version: "2",
          },
        },
      ],
    });
    expect(caches({ cacheFrom: [gha], facts: localFacts({ secretEnv: ["ACTIONS_RUNTIME_TOKEN"] }) })).toMatchObject({ cacheFrom: [] });
    expect(caches({ cacheFrom: [gha], facts, node: node({ capabilities: [] }) })).toMatchObject({ cacheFrom: [] });
  });

  test("a local import gets the digest of its tag, or a warning", () => {
    const local = { type: "local", attributes: { src: "c" } };
    const found = localFacts({ localCaches: new Map([["/w/c\0latest\0", { digest: "sha256:1" }]]) });
    expect(caches({ cacheFrom: [local], facts: found })).toEqual({
      cacheFrom: [{ type: "local", attributes: { digest: "sha256:1", src: "c" } }],
      cacheTo: [],
      stores: [{ name: "local:c", kind: "cache", directory: "/w/c" }],
      warnings: [],
    });
    const missing = localFacts({ localCaches: new Map([["/w/c\0latest\0", { error: "not there" }]]) });
    expect(caches({ cacheFrom: [local], facts: missing })).toEqual({ cacheFrom: [], cacheTo: [], stores: [], warnings: ["not there"] });
  });

  test("only inline caches can be exported from the classic store", () => {
    const classic = node({ features: { ...unknownFeatures, cacheExport: false } });
    expect(caches({ inlineCache: true, node: classic })).toMatchObject({ cacheTo: [{ type: "inline", attributes: {} }] });
    expect(caches({ cacheTo: [{ type: "local", attributes: { dest: "d" } }], node: classic, driver: "docker" })).toEqual([
      "Cache export is not supported for the docker driver.\nSwitch to a different driver, or turn on the containerd image store, and try again.\nLearn more at https://docs.docker.com/go/build-cache-backends/",
    ]);
  });
});
