import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { decodeResponse, formatMetadata, writeMetadata } from "../../../src/runner/metadata.ts";
import { provenanceMode, toProvenance02 } from "../../../src/runner/provenance.ts";

const base64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64");

describe("metadata", () => {
  test("base64 of an object or a list of objects becomes JSON, all else stays text", () => {
    expect(
      decodeResponse({
        "containerimage.descriptor": base64({ digest: "sha256:1" }),
        list: base64([{ a: 1 }]),
        empty: base64({}),
        mixed: base64([1, {}]),
        word: base64("text"),
        "containerimage.digest": "sha256:1",
        "result.json": '{"warnings":[]}',
        abcd: "abcd",
      }),
    ).toEqual({
      "containerimage.descriptor": { digest: "sha256:1" },
      list: [{ a: 1 }],
      empty: base64({}),
      mixed: base64([1, {}]),
      word: base64("text"),
      "containerimage.digest": "sha256:1",
      "result.json": { warnings: [] },
      abcd: "abcd",
    });
  });

  test("targets and keys are sorted, HTML characters escaped, warnings on top level", () => {
    const results = new Map([
      ["web", { b: "<&>", a: "1" }],
      ["api", {}],
    ]);
    expect(formatMetadata(results, [{ vertex: "v" }])).toBe(
      '{\n  "api": {},\n  "buildx.build.warnings": [\n    {\n      "vertex": "v"\n    }\n  ],\n  "web": {\n    "a": "1",\n    "b": "\\u003c\\u0026\\u003e"\n  }\n}',
    );
  });

  test("the file appears whole, with mode 0644, and nothing else stays; a missing folder is an error", () => {
    const folder = mkdtempSync(join(tmpdir(), "metadata-"));
    try {
      writeMetadata(join(folder, "m.json"), "{}");
      expect(readFileSync(join(folder, "m.json"), "utf8")).toBe("{}");
      expect(statSync(join(folder, "m.json")).mode & 0o777).toBe(0o644);
      expect(readdirSync(folder)).toEqual(["m.json"]);
      expect(() => writeMetadata(join(folder, "no", "m.json"), "{}")).toThrow(`invalid output path: stat ${folder}/no: no such file or directory`);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe("provenance", () => {
  const predicate = {
    buildDefinition: {
      buildType: "x",
      externalParameters: { configSource: { uri: "u", digest: { sha1: "d" }, path: "Dockerfile" }, request: { frontend: "dockerfile.v0" } },
      internalParameters: { builderPlatform: "linux/amd64", buildConfig: { llbDefinition: [] }, custom: 1 },
      resolvedDependencies: [{ uri: "pkg:docker/x", digest: { sha256: "1" } }],
    },
    runDetails: {
      builder: { id: "b" },
      metadata: { invocationID: "i", startedOn: "s", finishedOn: "f", buildkit_hermetic: true, buildkit_completeness: { request: true } },
    },
  };

  test("version 1 is brought into the 0.2 form", () => {
    expect(toProvenance02(predicate, "https://slsa.dev/provenance/v1", "max")).toEqual({
      builder: { id: "b" },
      buildType: "https://mobyproject.org/buildkit@v1",
      materials: [{ uri: "pkg:docker/x", digest: { sha256: "1" } }],
      invocation: {
        configSource: { uri: "u", digest: { sha1: "d" }, entryPoint: "Dockerfile" },
        parameters: { frontend: "dockerfile.v0" },
        environment: { platform: "linux/amd64", custom: 1 },
      },
      buildConfig: { llbDefinition: [] },
      metadata: {
        buildInvocationID: "i",
        buildStartedOn: "s",
        buildFinishedOn: "f",
        completeness: { parameters: true, environment: true, materials: false },
        reproducible: false,
        "https://mobyproject.org/buildkit@v1#hermetic": true,
      },
    });
  });

  test("mode min leaves out the build configuration and the metadata", () => {
    expect(Object.keys(toProvenance02(predicate, "https://slsa.dev/provenance/v1", "min"))).toEqual(["builder", "buildType", "materials", "invocation"]);
    expect(toProvenance02({ builder: {}, metadata: {} }, "https://slsa.dev/provenance/v0.2", "min")).toEqual({ builder: {} });
  });

  test("the mode's words", () => {
    expect(["", undefined, "min", "max", "disabled", "false", "0", "true"].map(provenanceMode)).toEqual([
      "min",
      "min",
      "min",
      "max",
      "disabled",
      "disabled",
      "disabled",
      "min",
    ]);
  });
});
