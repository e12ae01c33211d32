import { expect, test } from "vitest";
import { definitionJson } from "../../../src/runner/buildkit/definition-json.ts";
import * as wire from "../../../src/runner/buildkit/wire/ops.ts";

const encode = (definition: Parameters<typeof wire.Definition.fromPartial>[0]): Uint8Array =>
  wire.Definition.encode(wire.Definition.fromPartial(definition)).finish();

test("a definition is told as Go tells it: empty fields left out, maps in the order of their keys, bytes in base64", () => {
  const bytes = encode({
    def: [Buffer.from("op"), Buffer.from("head")],
    metadata: {
      "sha256:b": { caps: { "source.local": true, constraints: false } },
      "sha256:a": {
        ignoreCache: true,
        description: { "llb.customname": "[internal] load <it>" },
        exportCache: { value: true },
        progressGroup: { id: "g", name: "", weak: true },
        linuxResources: { memory: 1024n, cpusetCpus: "0-3" },
      },
      "sha256:c": { exportCache: {} },
    },
    source: {
      locations: {
        "sha256:b": {},
        "sha256:a": { locations: [{ sourceIndex: 1, ranges: [{ start: { line: 2, character: 0 }, end: { line: 2, character: 3 } }] }, {}] },
      },
      infos: [{ filename: "Dockerfile", data: Buffer.from("x"), definition: encode({ def: [Buffer.from("in")] }), language: "Dockerfile" }],
    },
  });
  expect(JSON.stringify(definitionJson(bytes))).toBe(
    '{"def":["b3A=","aGVhZA=="],"metadata":{' +
      '"sha256:a":{"ignore_cache":true,"description":{"llb.customname":"[internal] load <it>"},"export_cache":{"Value":true},"progress_group":{"id":"g","weak":true},' +
      '"linux_resources":{"memory":1024,"cpusetCpus":"0-3"}},' +
      '"sha256:b":{"caps":{"constraints":false,"source.local":true}},"sha256:c":{"export_cache":{}}},' +
      '"Source":{"locations":{"sha256:a":{"locations":[{"sourceIndex":1,"ranges":[{"start":{"line":2},"end":{"line":2,"character":3}}]},{}]},"sha256:b":{}},' +
      '"infos":[{"filename":"Dockerfile","data":"eA==","definition":{"def":["aW4="]},"language":"Dockerfile"}]}}',
  );
});

test("bytes that are none, and definitions in definitions without end, are left out", () => {
  expect(definitionJson(Buffer.from([0x0a, 0xff]))).toBeUndefined();
  expect(definitionJson(new Uint8Array())).toEqual({});
  let nested = encode({ def: [Buffer.from("x")] });
  for (let depth = 0; depth < 5000; depth++) nested = encode({ source: { infos: [{ definition: nested }] } });
  expect(JSON.stringify(definitionJson(nested)).match(/infos/g)).toHaveLength(6);
});
