import { expect, test } from "vitest";
import { linkInputs } from "../../../src/runner/link-inputs.ts";

const config = (text: string): Uint8Array => Buffer.from(text);
const encoded = (text: string): string => JSON.stringify({ "containerimage.config": Buffer.from(text).toString("base64") });

test("[bake 100] a single result becomes one input with its image configuration", () => {
  const result = { single: "DEF", metadata: new Map([["containerimage.config", config("{}")]]) };
  expect(linkInputs({ context: "base", input: "0-base" }, result, "EMPTY")).toEqual({
    inputs: new Map([["0-base", "DEF"]]),
    attributes: { "context:base": "input:0-base", "input-metadata:0-base": encoded("{}") },
    removed: [],
  });
});

test("a multi-platform result becomes one input a platform, and the plain context goes", () => {
  const result = {
    byPlatform: new Map([
      ["linux/amd64", "A"],
      ["linux/arm64", undefined],
    ]),
    metadata: new Map([["containerimage.config/linux/amd64", config("a")]]),
  };
  expect(linkInputs({ context: "b", input: "1-base" }, result, "EMPTY")).toEqual({
    inputs: new Map([
      ["1-base::linux/amd64", "A"],
      ["1-base::linux/arm64", "EMPTY"],
    ]),
    attributes: {
      "context:b::linux/amd64": "input:1-base::linux/amd64",
      "input-metadata:1-base::linux/amd64": encoded("a"),
      "context:b::linux/arm64": "input:1-base::linux/arm64",
    },
    removed: ["context:b"],
  });
});

test("an empty result is an empty definition", () => {
  expect(linkInputs({ context: "b", input: "0-x" }, { metadata: new Map() }, "EMPTY").inputs).toEqual(new Map([["0-x", "EMPTY"]]));
});
