/** Which files are read, by which parser, and how they combine (spec/bake.md 2.1 to 2.3). */
import { nodeHost } from "../../../src/node-host.ts";
import { describe, expect, test } from "vitest";
import { argument, gives, loaded, loads, outcome, refusal } from "./rig.ts";

const compose = (value: string): string => `services:\n  default:\n    build:\n      context: .\n      args:\n        v: ${value}\n`;
const json = (value: string): string => `{"target":{"default":{"args":{"v":"${value}"}}}}`;
const hcl = (value: string): string => argument(`"${value}"`);

/** The default files, weakest first, each saying its name. */
const DEFAULTS: Readonly<Record<string, string>> = {
  "compose.yaml": compose("compose.yaml"),
  "compose.yml": compose("compose.yml"),
  "docker-compose.yml": compose("docker-compose.yml"),
  "docker-compose.yaml": compose("docker-compose.yaml"),
  "docker-bake.json": json("docker-bake.json"),
  "docker-bake.hcl": hcl("docker-bake.hcl"),
  "docker-bake.override.json": json("docker-bake.override.json"),
  "docker-bake.override.hcl": hcl("docker-bake.override.hcl"),
};

loads("default files", [
  [
    "a compose file that is refused is told before a later file that is",
    { "compose.yaml": "services: {a: {build: 5}}\n", "docker-bake.hcl": "target {" },
    "✗ services.a.build: invalid type int for build",
  ],
  ...Object.keys(DEFAULTS).map(
    (name, i) =>
      [
        `${i === 7 ? "[bake 1] " : "[bake 2] "}${name} wins over those before it`,
        Object.fromEntries(Object.entries(DEFAULTS).slice(0, i + 1)),
        gives(name),
      ] as const,
  ),
  ["[bake 3] there is none", {}, "✗ couldn't find a bake definition"],
  ["files without a byte do not count", { "docker-bake.hcl": "", "docker-bake.json": json("j") }, gives("j")],
  ["a folder of the name", { "docker-bake.hcl/x": "" }, "✗ read docker-bake.hcl: is a directory"],
]);

loads("named files", [
  ["[bake 3] a file without a byte is passed over", { "a.hcl": "" }, "✗ couldn't find a bake definition", { f: ["a.hcl"] }],
  ["[bake 4] one that is not there", {}, "✗ open nope.hcl: no such file or directory", { f: ["nope.hcl"] }],
  ["a folder", { "d/x": "" }, "✗ read d: is a directory", { f: ["d"] }],
  ["cwd:// is dropped", { "a.hcl": hcl("a") }, gives("a"), { f: ["cwd://a.hcl"] }],
  ["standard input", { "-": hcl("stdin") }, gives("stdin"), { f: ["-"] }],
  ["[bake 5] empty standard input is a definition", { "-": "" }, "✗ failed to find target default", { f: ["-"] }],
  ["standard input is read once", { "-": hcl("stdin") }, gives("stdin"), { f: ["-", "-"] }],
]);

loads("BUILDX_BAKE_FILE", [
  ["[bake 7] names several files", { "a.hcl": hcl("a"), "b.hcl": hcl("b") }, gives("b"), { env: { BUILDX_BAKE_FILE: " a.hcl :: b.hcl" } }],
  ["[bake 7] -f makes it ignored", { "a.hcl": hcl("a"), "b.hcl": hcl("b") }, gives("a"), { f: ["a.hcl"], env: { BUILDX_BAKE_FILE: "b.hcl" } }],
  ["[bake 7] blank is ignored", { "docker-bake.hcl": hcl("d") }, gives("d"), { env: { BUILDX_BAKE_FILE: " : " } }],
  ["[bake 7] a missing file", { "a.hcl": hcl("a") }, "✗ stat b.hcl: no such file or directory", { env: { BUILDX_BAKE_FILE: "a.hcl:b.hcl" } }],
  ["standard input", { "-": hcl("stdin") }, gives("stdin"), { env: { BUILDX_BAKE_FILE: "-" } }],
  [
    "cwd:// is part of the name",
    { "a.hcl": hcl("a") },
    "✗ stat cwd://a.hcl: no such file or directory",
    { env: { BUILDX_BAKE_FILE: "cwd://a.hcl", BUILDX_BAKE_PATH_SEPARATOR: ";" } },
  ],
  [
    "[bake 8] with a separator of its own",
    { "a.hcl": hcl("a"), "b.hcl": hcl("b") },
    gives("b"),
    { env: { BUILDX_BAKE_FILE: "a.hcl@@b.hcl", BUILDX_BAKE_PATH_SEPARATOR: "@@" } },
  ],
]);

loads("parsers", [
  ["[bake 9] .yaml is Compose", { "a.yaml": hcl("a") }, "✗ top-level object must be a mapping", { f: ["a.yaml"] }],
  [
    "[bake 9] .json is JSON",
    { "a.json": hcl("a") },
    '✗ a.json:1,1-7: Invalid JSON keyword; "target" is not a valid JSON keyword., and 1 other diagnostic(s)',
    { f: ["a.json"] },
  ],
  [
    "[bake 9] .hcl is HCL",
    { "a.hcl": json("a") },
    "✗ a.hcl:1,1-2: Argument or block definition required; An argument or block definition is required here.",
    { f: ["a.hcl"] },
  ],
  ["[bake 6] standard input may be HCL", { "-": hcl("h") }, gives("h"), { f: ["-"] }],
  ["[bake 6] or JSON", { "-": json("j") }, gives("j"), { f: ["-"] }],
  ["[bake 6] or Compose", { "-": compose("c") }, gives("c"), { f: ["-"] }],
  ["JSON with services is Compose", { defs: '{"services":{"default":{"build":{"context":"."}}}}' }, { default: {} }, { f: ["defs"] }],
  [
    "mistakes in standard input",
    { "-": argument("nope") },
    '✗ -.hcl:2,16-20: Unknown variable; There is no variable named "nope"., and 1 other diagnostic(s)',
    { f: ["-"] },
  ],
  [
    "mistakes in JSON of no name",
    { "-": json("${nope}") },
    '✗ -.json:1,38-42: Unknown variable; There is no variable named "nope"., and 1 other diagnostic(s)',
    { f: ["-"] },
  ],
  [
    "mistakes in a file of another name",
    { "defs.conf": argument("nope") },
    '✗ defs.conf.hcl:2,16-20: Unknown variable; There is no variable named "nope"., and 1 other diagnostic(s)',
    { f: ["defs.conf"] },
  ],
  [
    "[bake 10] a file that nothing can read",
    { defs: "- a\n" },
    "✗ failed to parse defs: parsing yaml: top-level object must be a mapping, parsing hcl: defs.hcl:1,1-2: Argument or block definition required; An argument or block definition is required here.",
    { f: ["defs"] },
  ],
  ["other letters in .hcl", { "a.HCL": json("j") }, gives("j"), { f: ["a.HCL"] }],
  ["[bake 11] Compose loses, wherever it is named", { "a.hcl": hcl("h"), "c.yaml": compose("c") }, gives("h"), { f: ["a.hcl", "c.yaml"] }],
  ["bytes that are no UTF-8 in comments", { "a.hcl": `# \ud800\n${hcl("h")}` }, gives("h"), { f: ["a.hcl"] }],
  ["a byte order mark", `\ufeff${hcl("h")}`, gives("h")],
]);

test("Compose is not tried for other letters in .json", async () => {
  const [first] = await refusal({ "a.JSON": compose("c") }, { f: ["a.JSON"] });
  expect([first?.summary, first?.range?.file.name]).toEqual(["Argument or block definition required", "a.JSON.hcl"]);
});

describe("what was read", () => {
  test("is listed in order, Compose files first", async () => {
    const { files, hasHcl, targets } = await loaded({ "a.hcl": hcl("h"), "c.yaml": compose("c") }, { f: ["a.hcl", "c.yaml"] });
    expect([files.map(({ name }) => name), hasHcl, targets.map(({ source }) => source)]).toEqual([["c.yaml", "a.hcl"], true, ["compose", "hcl"]]);
  });
  test("may be Compose only", async () => {
    const { hasHcl, variables } = await loaded({ "c.yaml": compose("c") }, { f: ["c.yaml"] });
    expect([hasHcl, variables]).toEqual([false, []]);
  });
  test("broken UTF-8 is told where it is", async () => {
    const data = new Uint8Array([...new TextEncoder().encode('x = "é'), 0xff, 0xc3, ...new TextEncoder().encode('"\n')]);
    const { parseFile } = await import("../../../src/loaders/parse-file.ts");
    const parsed = await parseFile({ name: "a.hcl", data }, { host: nodeHost({ env: {} }), decoders: [], vars: new Map() });
    expect(parsed.diagnostics.map(({ summary, range }) => [summary, range?.start])).toContainEqual(["Invalid character encoding", 6]);
  });
  test("TSBAKE_HCL_PARSER has HCL files read by way of hcl2json, expressions included", async () => {
    const { parseFile } = await import("../../../src/loaders/parse-file.ts");
    const options = { host: nodeHost({ env: { TSBAKE_HCL_PARSER: "hcl2json" } }), decoders: [], vars: new Map<string, string>() };
    const read = (text: string) => parseFile({ name: "a.hcl", data: new TextEncoder().encode(text) }, options);
    const parsed = await read('variable "v" {\n  type = list(string)\n}\ntarget "t" {\n  tags = [upper("x")]\n}\n');
    expect(parsed.ok && parsed.value.kind === "body" && JSON.parse(parsed.value.body.file.text)).toEqual({
      variable: { v: [{ type: "list(string)" }] },
      target: { t: [{ tags: ['${upper("x")}'] }] },
    });
    const broken = await read("a = ");
    expect(broken.diagnostics.map(({ summary }) => summary)).toEqual([expect.stringContaining("a.hcl:1,5-5: Missing expression")]);
  });
  test("an unreadable file shows where HCL gave up", async () => {
    const [first] = await refusal({ defs: "- a\n" }, { f: ["defs"] });
    expect(first?.range?.file.name).toBe("defs.hcl");
  });
});

describe("paths relative to files", () => {
  const env = { BUILDX_BAKE_FILE_RELATIVE_PATHS: "1" };
  const files = {
    "sub/r.hcl": 'target "r" {\n  context  = "c"\n  contexts = { n = "n", cw = "cwd://q", u = "https://example.com/x.git" }\n}\n',
    "sub/d.hcl": 'target "d" {}\ntarget "i" { inherits = ["r"] }\n',
    "other/x.hcl":
      'target "exact" { context = target.r.context }\ntarget "mixed" { context = "${target.r.context}/y" }\ntarget "far" { context = target.exact.context }\n',
  };
  const f = Object.keys(files);
  const contexts = async (options: Parameters<typeof outcome>[1]): Promise<unknown> => {
    const result = await outcome(files, { f, targets: ["r", "d", "i", "exact", "mixed", "far"], ...options });
    return typeof result === "string" ? result : Object.fromEntries(Object.entries(result).map(([name, { context }]) => [name, context]));
  };

  test("[bake 15] are off by default", async () => {
    expect(await contexts({})).toEqual({ r: "c", d: undefined, i: "c", exact: "c", mixed: "c/y", far: "c" });
  });
  test("[bake 15] join contexts with the directory of the file that sets them", async () => {
    expect(await contexts({ env })).toEqual({ r: "sub/c", d: "sub", i: "sub/c", exact: "sub/c", mixed: "other/c/y", far: "sub/c" });
    expect(await outcome(files, { f, targets: ["r"], env })).toMatchObject({ r: { contexts: { n: "sub/n", cw: "cwd://q", u: "https://example.com/x.git" } } });
  });
  test("[bake 15] leave overrides alone", async () => {
    expect(await outcome(files, { f, targets: ["d"], env, set: ["d.context=z"] })).toEqual({ d: { context: "z" } });
  });
  test("a bad value is told before what is wrong with the files", async () => {
    expect(await outcome("target {", { env: { BUILDX_BAKE_FILE_RELATIVE_PATHS: "maybe" } })).toBe(
      '✗ failed to parse BUILDX_BAKE_FILE_RELATIVE_PATHS value "maybe": strconv.ParseBool: parsing "maybe": invalid syntax',
    );
  });
  test("standard input has no directory", async () => {
    expect(await outcome({ "-": 'target "default" { context = "c" }' }, { f: ["-"], env })).toEqual({ default: { context: "c" } });
  });
  test.each([
    ["a.hcl", "."],
    ["./a.hcl", "."],
    ["sub//x/../a.hcl", "sub"],
    ["../a.hcl", ".."],
    ["a/../../b.hcl", ".."],
  ])("%s is in %s", async (name, directory) => {
    const { directoryOfPath } = await import("../../../src/loaders/source-text.ts");
    expect(directoryOfPath(name)).toBe(directory);
  });
});
