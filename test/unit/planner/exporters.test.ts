import { describe, expect, test } from "vitest";
import { lowerExporters, type ExporterInput, type Output } from "../../../src/planner/exporters.ts";
import { unknownFeatures } from "../../../src/planner/facts.ts";
import { node, valueOf } from "./rig.ts";

const classic = node({
  features: { ...unknownFeatures, ociExporter: false, dockerExporter: false, cacheExport: false, multiPlatform: false, directPush: false },
});
const containerd = node({ features: { ...unknownFeatures, preferImageDigest: true } });

const output = (type: string, dest = "", attributes: Record<string, string> = {}): Output => ({ type, dest, attributes });

function lower(outputs: readonly Output[], changes: Partial<ExporterInput> = {}): unknown {
  return valueOf(
    lowerExporters({
      outputs,
      tags: [],
      annotations: {},
      node: node(),
      engine: { driver: "remote" },
      platforms: 1,
      multiNode: false,
      attestations: 0,
      call: false,
      env: {},
      absolute: (path) => `/w/${path}`,
      ...changes,
    }),
  );
}

const lowered = (exporters: readonly unknown[], more: object = {}): unknown => ({ exporters, stores: [], resultStaysInCache: false, enginePush: [], ...more });

describe("lowering outputs", () => {
  test("no output: the docker driver keeps an image, default-load loads it, others only warn", () => {
    expect(lower([], { engine: { driver: "docker" }, node: containerd })).toEqual(lowered([{ type: "moby", attributes: { "prefer-image-digest": "true" } }]));
    expect(lower([], { node: node({ features: { ...unknownFeatures, defaultLoad: true } }), engine: { driver: "remote", loadsOciArchives: true } })).toEqual(
      lowered([{ type: "oci", attributes: { "prefer-image-digest": "true" }, sink: { kind: "load" } }]),
    );
    expect(lower([])).toEqual(lowered([], { resultStaysInCache: true }));
    expect(lower([], { env: { BUILDX_NO_DEFAULT_LOAD: "1" } })).toEqual(lowered([]));
    expect(lower([], { call: true })).toEqual(lowered([]));
  });

  test("registry is a pushing image that is not unpacked", () => {
    expect(lower([output("registry")], { tags: ["a/b:1", "a/b:2"] })).toEqual(
      lowered([{ type: "image", attributes: { name: "a/b:1,a/b:2", push: "true", unpack: "false" } }]),
    );
    expect(lower([output("registry", "", { unpack: "true" })], { tags: ["x"] })).toEqual(
      lowered([{ type: "image", attributes: { name: "x", push: "true", unpack: "true" } }]),
    );
  });

  test("pushing without any name is refused, a name of the output is enough", () => {
    expect(lower([output("image", "", { push: "true" })])).toEqual(["tag is needed when pushing to registry"]);
    expect(lower([output("image", "", { push: "true", name: "n" })])).toEqual(lowered([{ type: "image", attributes: { name: "n", push: "true" } }]));
  });

  test("cacheonly only suppresses the default", () => {
    expect(lower([output("cacheonly")])).toEqual(lowered([]));
  });

  test("files, directories and layouts are sinks and their destination is not sent", () => {
    expect(lower([output("local", "out"), output("tar", "-"), output("oci", "o.tar"), output("oci", "dir", { tar: "false" })])).toEqual(
      lowered(
        [
          { type: "local", attributes: {}, sink: { kind: "directory", path: "/w/out", mode: "copy" } },
          { type: "tar", attributes: {}, sink: { kind: "stdout" } },
          { type: "oci", attributes: {}, sink: { kind: "file", path: "/w/o.tar" } },
          { type: "oci", attributes: { tar: "false" }, sink: { kind: "layout", path: "/w/dir" } },
        ],
        { stores: [{ name: "export", kind: "output", directory: "/w/dir" }] },
      ),
    );
  });

  test("a load into an engine with the classic store is a docker archive of one platform", () => {
    expect(lower([output("docker")], { tags: ["x"] })).toEqual(lowered([{ type: "docker", attributes: { name: "x" }, sink: { kind: "load" } }]));
    expect(lower([output("docker")], { platforms: 2 })).toEqual(["docker exporter does not currently support exporting manifest lists"]);
    expect(lower([output("docker", "f.tar")], { attestations: 1 })).toEqual([
      "docker exporter does not support exporting manifest lists, use the oci exporter instead",
    ]);
  });

  test("a load on the docker driver transfers nothing", () => {
    expect(lower([output("docker")], { engine: { driver: "docker" }, node: classic, tags: ["x"] })).toEqual(
      lowered([{ type: "moby", attributes: { name: "x" } }]),
    );
  });

  test("the docker driver with the classic store pushes through the engine and writes no archives", () => {
    const engine = { driver: "docker" };
    expect(lower([output("image", "", { push: "true" })], { engine, node: classic, tags: ["a", "b"] })).toEqual(
      lowered([{ type: "moby", attributes: { name: "a,b", push: "true" } }], { enginePush: ["a", "b"] }),
    );
    expect(lower([output("oci", "f")], { engine, node: classic })).toEqual([
      "OCI exporter is not supported for the docker driver.\n" +
        "Switch to a different driver, or turn on the containerd image store, and try again.\n" +
        "Learn more at https://docs.docker.com/go/build-exporters/",
    ]);
    expect(lower([output("image", "", { push: "true", "push-by-digest": "true" })], { engine, node: containerd, tags: ["a"] })).toEqual([
      "push-by-digest is currently not implemented for docker driver, please create a new builder instance",
    ]);
  });

  test("several nodes push by digest, and the names are kept for the index", () => {
    const tags = ["r/a:1", "r/a:2", "r:5000/b"];
    expect(lower([output("image", "", { push: "true" })], { multiNode: true, tags })).toEqual(
      lowered([{ type: "image", attributes: { name: "r/a,r:5000/b", push: "true", "push-by-digest": "true" } }], {
        merge: { names: tags, attributes: { name: "r/a:1,r/a:2,r:5000/b", push: "true" } },
      }),
    );
    expect(lower([output("tar", "x")], { multiNode: true })).toEqual(["tar for multi-node builds currently not supported"]);
  });

  test("annotations reach every output, index annotations need an index", () => {
    const annotations = { "annotation.a": "b" };
    expect(lower([output("image"), output("oci", "o")], { annotations })).toEqual(
      lowered([
        { type: "image", attributes: { "annotation.a": "b" } },
        { type: "oci", attributes: { "annotation.a": "b" }, sink: { kind: "file", path: "/w/o" } },
      ]),
    );
    expect(lower([output("image")], { annotations: { "annotation-index.a": "b" }, engine: { driver: "docker" }, node: classic })).toEqual([
      "index annotations not supported for single platform export",
    ]);
  });

  test("several outputs need a daemon that knows them", () => {
    expect(lower([output("local", "a"), output("local", "b")], { node: node({ capabilities: [] }) })).toEqual([
      "multiple outputs currently unsupported by the current BuildKit daemon, please upgrade to version v0.13+ or use a single output",
    ]);
  });
});
