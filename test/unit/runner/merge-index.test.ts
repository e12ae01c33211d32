import { expect, test } from "vitest";
import { normaliseName, parseName } from "../../../src/runner/image-name.ts";
import { indexOf } from "../../../src/runner/merge-index.ts";

const manifest = "application/vnd.oci.image.manifest.v1+json";
const amd64 = { mediaType: manifest, digest: "sha256:aa", size: 1, platform: { os: "linux", architecture: "amd64" } };
const arm = { mediaType: manifest, digest: "sha256:bb", size: 2, platform: { os: "linux", architecture: "arm", variant: "v7" } };

test("an index has the bytes that the reference writes: two spaces, keys in its order, HTML characters escaped", () => {
  const { mediaType, text } = indexOf([amd64, arm], {
    "annotation-index.k": "<v>",
    "annotation-manifest-descriptor[linux/arm/v7].d": "1",
    "annotation.ignored": "x",
  });
  expect(mediaType).toBe("application/vnd.oci.image.index.v1+json");
  expect(text).toBe(`{
  "schemaVersion": 2,
  "mediaType": "application/vnd.oci.image.index.v1+json",
  "manifests": [
    {
      "mediaType": "${manifest}",
      "digest": "sha256:aa",
      "size": 1,
      "platform": {
        "architecture": "amd64",
        "os": "linux"
      }
    },
    {
      "mediaType": "${manifest}",
      "digest": "sha256:bb",
      "size": 2,
      "annotations": {
        "d": "1"
      },
      "platform": {
        "architecture": "arm",
        "os": "linux",
        "variant": "v7"
      }
    }
  ],
  "annotations": {
    "k": "\\u003cv\\u003e"
  }
}`);
});

test("the same image of two nodes counts once", () => {
  const { text } = indexOf([amd64, { ...amd64 }], {});
  expect((JSON.parse(text) as { manifests: unknown[] }).manifests).toHaveLength(1);
});

test("images of docker's own types make a list of docker's, which takes no annotations", () => {
  const docker = { ...amd64, mediaType: "application/vnd.docker.distribution.manifest.v2+json" };
  expect(indexOf([docker], {}).mediaType).toBe("application/vnd.docker.distribution.manifest.list.v2+json");
  expect(() => indexOf([docker], { "annotation-index.k": "v" })).toThrow("annotations are not supported for Docker manifest lists");
});

test.each([
  ["a", "docker.io/library/a:latest"],
  ["a/b:1", "docker.io/a/b:1"],
  ["index.docker.io/a/b", "docker.io/a/b:latest"],
  ["localhost/a", "localhost/a:latest"],
  ["127.0.0.1:5000/a/b:v1", "127.0.0.1:5000/a/b:v1"],
  ["example.com/a@sha256:00", "example.com/a@sha256:00"],
])("%s in full is %s", (name, full) => {
  expect(normaliseName(name)).toBe(full);
});

test("a port is no tag", () => {
  expect(parseName("example.com:5000/a")).toEqual({ registry: "example.com:5000", repository: "a", tag: "latest", digest: "" });
});
