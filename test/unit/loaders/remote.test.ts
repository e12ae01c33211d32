/** Definitions behind a URL, read through a port (spec/bake.md 2.5). */
import { describe, expect, test } from "vitest";
import type { RemoteReader } from "../../../src/host.ts";
import { BakeError } from "../../../src/diagnostics.ts";
import { argument, loaded, loadFiles, outcome, refusal } from "./rig.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Holds files, and remembers what it was asked for. */
function reader(files: Readonly<Record<string, string>>, tree = true): { readonly reader: RemoteReader; readonly asked: unknown[] } {
  const asked: unknown[] = [];
  return {
    asked,
    reader: {
      read: (url, names) => {
        asked.push([url, names]);
        return Promise.resolve({ files: Object.entries(files).map(([name, text]) => ({ name, data: bytes(text) })), tree });
      },
    },
  };
}

const remote = "https://example.com/x.git";

describe("remote definitions", () => {
  test("the default names are looked for", async () => {
    const source = reader({ "docker-bake.hcl": argument('"r"') });
    const definition = await loaded({}, { remote, reader: source.reader });
    expect([source.asked, definition.remote, definition.targets[0]?.directory]).toEqual([[[remote, undefined]], { url: remote, tree: true }, undefined]);
  });
  test("named files are asked for, standard input being a name like others", async () => {
    const source = reader({ "a.hcl": argument('"r"') });
    await loaded({}, { remote, reader: source.reader, f: ["a.hcl", "-"] });
    expect(source.asked).toEqual([[remote, ["a.hcl", "-"]]]);
  });
  test("files of this machine come on top", async () => {
    const source = reader({ "docker-bake.hcl": argument('"r"') });
    expect(await outcome({ "l.hcl": argument('"l"') }, { remote, reader: source.reader, f: ["cwd://l.hcl"] })).toEqual({
      default: { args: { v: "l" }, context: remote },
    });
    expect(source.asked).toEqual([[remote, undefined]]);
  });
  test("a single file is named by its URL, and contexts stay local", async () => {
    const url = "https://example.com/defs.json";
    const source = reader({ [url]: '{"target":{"default":{"args":{"v":"${nope}"}}}}' }, false);
    expect(await outcome({}, { remote: url, reader: source.reader })).toBe(
      `✗ ${url}:1,38-42: Unknown variable; There is no variable named "nope"., and 1 other diagnostic(s)`,
    );
  });
  test("nothing was found", async () => {
    expect(await refusal({}, { remote, reader: reader({}).reader })).toMatchObject([{ summary: "couldn't find a bake definition", plain: true }]);
  });
  test("a missing file of this machine", async () => {
    expect(await refusal({}, { remote, reader: reader({}).reader, f: ["cwd://l.hcl"] })).toMatchObject([{ summary: "open l.hcl: no such file or directory" }]);
  });
  test("without a builder the world fails", async () => {
    await expect(loadFiles({}, { remote })).rejects.toThrow(BakeError);
  });
});
