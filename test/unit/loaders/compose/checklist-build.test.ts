/** Build keys (spec/compose.md 10, lines 96 to 141). */
import { expect, test } from "vitest";
import { bake, bakeError, bakeTarget } from "./rig.ts";

test("[compose 96] defaults of an empty build", async () => {
  expect(await bakeTarget("a", "services: {a: {build: {}}}")).toMatchObject({ context: ".", dockerfile: "Dockerfile" });
});

test("[compose 97] unknown build keys are refused together", async () => {
  expect(await bakeError("services: {a: {build: {foo: 1, bar: 2}}}")).toBe("services.a.build additional properties 'bar', 'foo' not allowed");
});

test("[compose 98] the context is cleaned", async () => {
  expect((await bakeTarget("a", "services: {a: {build: ./x/../y}}")).context).toEqual("y");
});

test("[compose 99] a remote context stays", async () => {
  expect((await bakeTarget("a", "services: {a: {build: https://h/r.git#main:d}}")).context).toEqual("https://h/r.git#main:d");
});

test("[compose 100] the dockerfile stays as written", async () => {
  expect(await bakeTarget("a", "services: {a: {build: {context: c, dockerfile: ../D}}}")).toMatchObject({ context: "c", dockerfile: "../D" });
});

test("[compose 101] a dockerfile is a text", async () => {
  expect(await bakeError("services: {a: {build: {dockerfile: 5}}}")).toBe("services.a.build.dockerfile must be a string");
});

test("[compose 102] an inline dockerfile", async () => {
  expect(await bakeTarget("a", `services: {a: {build: {dockerfile_inline: "FROM $$x"}}}`)).toMatchObject({
    dockerfile: "Dockerfile",
    "dockerfile-inline": "FROM $x",
  });
});

test("[compose 103] arguments as a list", async () => {
  expect((await bakeTarget("a", `services: {a: {build: {args: [X, "Y=", "Z=a=b"]}}}`, { env: { X: "e" } })).args).toEqual({ X: "e", Y: "", Z: "a=b" });
});

test("[compose 104] an argument is a scalar", async () => {
  expect(await bakeError("services: {a: {build: {args: {A: [x]}}}}")).toBe("services.a.build.args.A must be a boolean, null, number or string");
});

test("[compose 105] labels are texts, null ones empty", async () => {
  expect((await bakeTarget("a", "services: {a: {build: {labels: {a: , b: 1.0, c: true}}}}")).labels).toEqual({ a: "", b: "1", c: "true" });
});

test("[compose 106] labels as a list", async () => {
  expect((await bakeTarget("a", "services: {a: {build: {labels: [a=b, c]}}}")).labels).toEqual({ a: "b", c: "" });
});

test("[compose 107] the image is the tag", async () => {
  expect((await bakeTarget("a", "services: {a: {image: i, build: .}}")).tags).toEqual(["i"]);
});

test("[compose 108] tags win over the image", async () => {
  expect((await bakeTarget("a", "services: {a: {image: i, build: {tags: [t]}}}")).tags).toEqual(["t"]);
});

test("[compose 109] an empty tag list leaves the image", async () => {
  expect((await bakeTarget("a", "services: {a: {image: i, build: {tags: []}}}")).tags).toEqual(["i"]);
});

test("[compose 110] platforms without repeats", async () => {
  expect((await bakeTarget("a", "services: {a: {build: {platforms: [linux/amd64, linux/amd64]}}}")).platforms).toEqual(["linux/amd64"]);
});

test("[compose 111] the service's platform has no effect", async () => {
  expect((await bakeTarget("a", "services: {a: {build: ., platform: linux/arm64}}")).platforms).toBeUndefined();
});

test("[compose 112] the host network asks for an entitlement", async () => {
  expect(await bakeTarget("a", "services: {a: {build: {network: host}}}")).toMatchObject({ network: "host", entitlements: ["network.host"] });
});

test("[compose 113] yes is true, with a warning in each load", async () => {
  const { targets, warnings } = await bake(`services: {a: {build: {no_cache: "yes"}}}`);
  expect(targets["a"]?.["no-cache"]).toEqual(true);
  expect(warnings).toEqual([
    `"yes" for boolean is not supported by YAML 1.2, please use \`true\``,
    `"yes" for boolean is not supported by YAML 1.2, please use \`true\``,
  ]);
});

test("[compose 114] false flags are not set", async () => {
  const target = await bakeTarget("a", "services: {a: {build: {no_cache: false, pull: false}}}");
  expect(target).not.toHaveProperty("no-cache");
  expect(target).not.toHaveProperty("pull");
});

test("[compose 115] a flag is no number", async () => {
  expect(await bakeError("services: {a: {build: {no_cache: 1}}}")).toBe("services.a.build.no_cache must be a boolean or string");
});

test("[compose 116] a flag is no numeric text", async () => {
  expect(await bakeError(`services: {a: {build: {no_cache: "1"}}}`)).toBe(`decoding failed due to the following error(s):

'services[a].build.no_cache' invalid boolean: 1`);
});

test("[compose 117] keys that bake does not read are accepted", async () => {
  const target = await bakeTarget("a", "services: {a: {build: {no_cache_filter: [x], entitlements: [network.host], privileged: true, isolation: x}}}");
  expect(target).not.toHaveProperty("no-cache-filter");
  expect(target).not.toHaveProperty("entitlements");
});

test("[compose 118] a size with a unit", async () => {
  expect((await bakeTarget("a", "services: {a: {build: {shm_size: 1g}}}"))["shm-size"]).toEqual("1GiB");
});

test("[compose 119] a size is rounded", async () => {
  expect((await bakeTarget("a", "services: {a: {build: {shm_size: 123456789}}}"))["shm-size"]).toEqual("117.7MiB");
});

test("[compose 120] an unknown unit", async () => {
  expect(await bakeError("services: {a: {build: {shm_size: 1x}}}")).toBe(`decoding failed due to the following error(s):

'services[a].build.shm_size' invalid suffix: 'x'`);
});

test("[compose 121] soft and hard limits", async () => {
  expect((await bakeTarget("a", "services: {a: {build: {ulimits: {nofile: {soft: 1, hard: 2}}}}}")).ulimits).toEqual(["nofile=1:2"]);
});

test("[compose 122] a plain limit is both", async () => {
  expect((await bakeTarget("a", "services: {a: {build: {ulimits: {nofile: 1024}}}}")).ulimits).toEqual(["nofile=1024:1024"]);
});

test("[compose 123] an unknown limit", async () => {
  expect(await bakeError("services: {a: {build: {ulimits: {foo: 1}}}}")).toBe("failed to parse compose file: invalid ulimit type: foo");
});

test("[compose 124] brackets of addresses go, addresses of a host are joined", async () => {
  expect((await bakeTarget("a", `services: {a: {build: {extra_hosts: ["h=[::1]", "h:2.2.2.2"]}}}`))["extra-hosts"]).toEqual({ h: "::1,2.2.2.2" });
});

test("[compose 125] a host needs an address", async () => {
  expect(await bakeError(`services: {a: {build: {extra_hosts: ["h"]}}}`)).toBe(`decoding failed due to the following error(s):

'services[a].build.extra_hosts' invalid additional host, missing IP: h`);
});

test("[compose 126] attestations, sbom first", async () => {
  expect((await bakeTarget("a", "services: {a: {build: {provenance: mode=max, sbom: true}}}")).attest).toEqual([
    { type: "sbom" },
    { mode: "max", type: "provenance" },
  ]);
});

test("[compose 127] a disabled attestation", async () => {
  expect((await bakeTarget("a", "services: {a: {build: {provenance: false}}}")).attest).toEqual([{ disabled: true, type: "provenance" }]);
});

test("[compose 128] an attestation is a flag or key=value", async () => {
  expect(await bakeError("services: {a: {build: {provenance: max}}}")).toBe("failed to parse compose file: invalid value max");
});

test("[compose 129] caches by reference and by attributes", async () => {
  expect((await bakeTarget("a", `services: {a: {build: {cache_from: ["u/a:c", "type=local,src=x"]}}}`))["cache-from"]).toEqual([
    { ref: "u/a:c", type: "registry" },
    { src: "x", type: "local" },
  ]);
});

test("[compose 130] a cache needs a type", async () => {
  expect(await bakeError(`services: {a: {build: {cache_from: ["src=x"]}}}`)).toBe(`failed to parse compose file: type required for "src=x"`);
});

test("[compose 131] caches are lists", async () => {
  expect(await bakeError("services: {a: {build: {cache_from: x}}}")).toBe("services.a.build.cache_from must be a array");
});

test("[compose 132] contexts as a list", async () => {
  expect((await bakeTarget("a", "services: {a: {build: {additional_contexts: [x=./y, i=docker-image://z]}}}")).contexts).toEqual({
    x: "y",
    i: "docker-image://z",
  });
});

test("[compose 133] a context may not name an unknown service", async () => {
  expect(await bakeError("services: {a: {build: {additional_contexts: {q: service:zz}}}}")).toBe(
    `failed to parse compose file: service "a" declares unknown service "zz" as additional contexts q`,
  );
});

test("[compose 134] a context of a service is a link to its target", async () => {
  const { targets } = await bake("services: {b.c: {build: x}, a: {build: {additional_contexts: {q: service:b.c}}}}");
  expect(targets["a"]?.contexts).toEqual({ q: "target:b_c" });
  expect(targets["b_c"]?.context).toEqual("x");
});

test("[compose 135] secrets by file and by variable", async () => {
  expect(
    (
      await bakeTarget("a", {
        "compose.yaml": `services: {a: {build: {secrets: [s, {source: e, target: /x}]}}}
secrets: {s: {file: ./f}, e: {environment: V}}`,
        f: "",
      })
    ).secret,
  ).toEqual([
    { id: "s", src: "f" },
    { id: "e", env: "V" },
  ]);
});

test("[compose 136] a secret must be defined", async () => {
  expect(await bakeError("services: {a: {build: {secrets: [s]}}}")).toBe(
    `failed to parse compose file: service "a" refers to undefined build secret s: invalid compose project`,
  );
});

test("[compose 137] a secret needs a file or a variable", async () => {
  expect(
    await bakeError(`services: {a: {build: .}}
secrets: {s: {name: n}}`),
  ).toBe(`failed to parse compose file: secret "s" must declare either \`file\` or \`environment\`: invalid compose project`);
});

test("[compose 138] external secrets are not supported", async () => {
  expect(
    await bakeError(`services: {a: {build: {secrets: [s]}}}
secrets: {s: {external: true, name: n}}`),
  ).toBe("failed to parse compose file: unsupported external secret n");
});

test("[compose 139] an ssh list takes default or id=path", async () => {
  expect(await bakeError("services: {a: {build: {ssh: [k]}}}")).toBe(`invalid ssh key "k"`);
});

test("[compose 140] ssh is no text", async () => {
  expect(await bakeError("services: {a: {build: {ssh: default}}}")).toBe("services.a.build.ssh: invalid type string for ssh");
});

test("[compose 141] what services depend on is not checked", async () => {
  expect((await bakeTarget("a", "services: {a: {build: ., depends_on: [zz], networks: [nn]}}")).context).toEqual(".");
});
