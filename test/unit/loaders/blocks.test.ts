/** Blocks: what they may be called, how they read each other, how their attributes are decoded (spec/hcl.md 5.8, 5.10, spec/bake.md 4, 5.5). */
import { describe, expect, test } from "vitest";
import { argument, type Case, gives, loaded, loads, outcome, refusal } from "./rig.ts";

const target = (body: string, name = "default"): string => `target "${name}" {\n${body}\n}\n`;

loads("names and labels", [
  ["[hcl 111] letters, digits, underscores and dashes", 'target "a b" {}', '✗ docker-bake.hcl:1,8-13: Invalid name; only "[a-zA-Z0-9_-]+" are allowed'],
  ["no dots in groups either", 'group "a.b" { targets = [] }', '✗ docker-bake.hcl:1,7-12: Invalid name; only "[a-zA-Z0-9_-]+" are allowed'],
  ["no label", "target {}", "✗ docker-bake.hcl:1,8-9: Missing name for target; All target blocks must have 1 labels (name)."],
  ["two labels", 'group "a" "b" {}', "✗ docker-bake.hcl:1,11-14: Extraneous label for group; Only 1 labels (name) are expected for group blocks."],
  ["[hcl 112] a name needs a matrix", target('  name = "x"'), "✗ docker-bake.hcl:1,8-17: Invalid name; name requires matrix"],
  ["groups have no name", 'group "g" {\n  name    = "x"\n  targets = []\n}', "✗ docker-bake.hcl:1,7-10: Invalid name; name is not supported for groups"],
  ["groups have no matrix", 'group "g" {\n  matrix  = {}\n  targets = []\n}', "✗ docker-bake.hcl:1,7-10: Invalid name; matrix is not supported for groups"],
  [
    "groups say what they hold",
    `group "g" {}\n${target("")}`,
    '✗ docker-bake.hcl:1,11-11: Missing required argument; The argument "targets" is required, but no definition was found.',
  ],
  ["[hcl 115] unknown blocks are passed over", `unknown "thing" {\n  a = nosuch\n}\n${argument("1")}`, gives("1")],
  ["attributes named like blocks are passed over", `variable = 5\ngroup = 5\ntarget = 5\nfunction = 5\n${argument("1")}`, gives("1")],
  [
    "[hcl 107] [bake 21] unknown attributes are not evaluated",
    target("  foo = nosuch()\n  args = { v = true, w = null }\n  bar {\n    a = nosuch\n  }"),
    gives("true"),
  ],
]);

loads("blocks that read each other", [
  ["[hcl 104] an item of a list", argument("target.t.tags[0]", target('  tags = ["q"]', "t")), gives("q")],
  [
    "[hcl 105] not the whole",
    argument("target", target('  tags = ["q"]', "t")),
    "✗ docker-bake.hcl:6,10-24: Invalid expression; cannot access target as a variable",
  ],
  ["not by index", argument('target["t"].tags', target("", "t")), "✗ docker-bake.hcl:6,10-34: Invalid expression; cannot traverse target without attribute"],
  [
    "[bake 49] an attribute of the own block",
    target('  tags = ["a:b"]\n  args = { v = target.default.tags[0] }'),
    { default: { tags: ["a:b"], args: { v: "a:b" } } },
  ],
  [
    "[hcl 106] [bake 49] not the own attribute",
    target("  args = { v = target.default.args.w }"),
    "✗ docker-bake.hcl:2,10-39: Invalid expression; reference cycle not allowed for target.default.args",
  ],
  [
    "attribute by attribute",
    target('  args = { v = target.b.tags[0] }\n  tags = ["t"]') + target("  tags = target.default.tags\n  args = target.default.args", "b"),
    { default: { args: { v: "t" }, tags: ["t"] } },
  ],
  ["a whole block needs all of it", target('  args = { v = target.b["description"] }') + target('  description = "x"', "b"), gives("x")],
  ["the name", argument('"${target.b.name} ${group.g.name}"', `${target("", "b")}group "g" { targets = [] }\n`), gives("b g")],
  [
    "[bake 50] inherited values are not seen",
    argument("jsonencode(target.c.tags)", `${target('  tags = ["x"]', "p")}${target('  inherits = ["p"]', "c")}`),
    gives("null"),
  ],
  [
    "[bake 51] of two blocks the last is seen",
    argument("jsonencode(target.c.tags)", target('  tags = ["x"]', "c") + target('  args = { a = "1" }', "c")),
    gives("null"),
  ],
  [
    "a block that is not there, before any was evaluated",
    target("  context = target.zz.context"),
    '✗ docker-bake.hcl:2,19-22: Missing map element; This map does not have an element with the key "zz"., and 1 other diagnostic(s)',
  ],
  [
    "a block that is not there, later",
    argument("target.zz.tags", target("", "a")),
    '✗ docker-bake.hcl:6,22-25: Unsupported attribute; This object does not have an attribute named "zz"., and 1 other diagnostic(s)',
  ],
  [
    "an attribute that targets do not have",
    argument("target.a.foo", target("", "a")),
    '✗ docker-bake.hcl:6,24-28: Unsupported attribute; This object does not have an attribute named "foo"., and 1 other diagnostic(s)',
  ],
  ["groups", argument('join(",", group.g.targets)', 'group "g" { targets = ["x", "y"] }'), gives("x,y")],
  ["attributes of the file, which read blocks", `x = target.a.args.v\n${argument("x", target('  args = { v = "1" }', "a"))}`, gives("1")],
  ["JSON reads blocks too", { "b.json": '{"target":{"default":{"args":{"v":"${target.a.tags[0]}"}},"a":{"tags":["x"]}}}' }, gives("x"), { f: ["b.json"] }],
]);

const readBack = (title: string, body: string, attribute: string, expected: string): Case => [
  title,
  argument(`jsonencode(target.t.${attribute})`, target(body, "t")),
  gives(expected),
];

loads("how attributes read back", [
  readBack("texts", "  context = 5", "context", '"5"'),
  readBack("texts that are not set", "", "context", "null"),
  readBack("the description that is not set", "", "description", '""'),
  readBack("booleans", '  pull = "1"', "pull", "true"),
  readBack("lists", "  tags = [1]", "tags", '["1"]'),
  readBack("maps, null included", "  args = { a = 1, b = null }", "args", '{"a":"1","b":null}'),
  readBack(
    "outputs always have a destination",
    '  output = ["type=image,name=x", "out"]',
    "output",
    '[{"dest":"","name":"x","type":"image"},{"dest":"out","type":"local"}]',
  ),
  readBack(
    "caches",
    '  cache-from = ["a,b", { type = "local", src = "x" }]',
    "cache-from",
    '[{"ref":"a","type":"registry"},{"ref":"b","type":"registry"},{"src":"x","type":"local"}]',
  ),
  readBack("caches that are not set", "", "cache-to", "[]"),
  readBack(
    "attestations",
    '  attest = ["type=sbom,disabled=true", "type=provenance,mode=max"]',
    "attest",
    '[{"disabled":"true","type":"sbom"},{"mode":"max","type":"provenance"}]',
  ),
  readBack("secrets", '  secret = ["id=a,env=B"]', "secret", '[{"env":"B","id":"a","src":""}]'),
  readBack("agents", '  ssh = ["default", { id = "k", paths = ["p"] }]', "ssh", '[{"id":"default","paths":[]},{"id":"k","paths":["p"]}]'),
  readBack("policies", '  policy = ["filename=a.rego,strict=true"]', "policy", '[{"filename":"a.rego","strict":"true"}]'),
  readBack(
    "resources",
    '  resources = { memory = "1g", cpu-shares = 5 }',
    "resources",
    '{"cpu-period":null,"cpu-quota":null,"cpu-shares":5,"cpuset-cpus":null,"cpuset-mems":null,"memory":"1g","memory-swap":null}',
  ),
  readBack("resources that are not set", "", "resources", "null"),
]);

const unsuitable = (title: string, attribute: string, columns: string, message: string): Case => [
  title,
  target(`  ${attribute}`),
  `✗ docker-bake.hcl:2,${columns}: Unsuitable value type; Unsuitable value: ${message}`,
];

loads("values that do not fit", [
  unsuitable("[hcl 108] a text for a list", 'tags = "x"', "11-12", "list of string required, but have string"),
  unsuitable("an object for a list", "tags = { a = 1 }", "10-11", "list of string required"),
  unsuitable("a list of lists", "tags = [[]]", "10-11", "element 0: string required, but have tuple"),
  unsuitable("null in a list", 'tags = ["x", null]', "10-11", "null value is not allowed"),
  unsuitable("[hcl 109] a number for a boolean", "pull = 1", "10-11", "bool required, but have number"),
  unsuitable("a text that is no boolean", 'pull = "yes"', "11-14", "a bool is required"),
  unsuitable("[hcl 110] a list in a map", 'args = { v = ["x"] }', "10-11", 'element "v": string required, but have tuple'),
  unsuitable("a list for a map", 'args = ["x"]', "10-11", "map of string required"),
  unsuitable("null in contexts", "contexts = { a = null }", "14-15", "null value is not allowed"),
  unsuitable("a list for a text", "context = []", "13-14", "string required, but have tuple"),
  unsuitable("null for the description", "description = null", "17-21", "null value is not allowed"),
  unsuitable("[bake 32] null for entries", "output = null", "12-16", "null value is not allowed"),
  unsuitable("null for secrets", "secret = null", "12-16", "null value is not allowed"),
  unsuitable("null for resources", "resources = null", "15-19", "null value is not allowed"),
  unsuitable("a text for outputs", 'output = "x"', "13-14", "list of map of string required, but have string"),
  unsuitable("an object for caches", "cache-from = {}", "16-17", "list of map of string required"),
  unsuitable("a text for secrets", 'secret = "x"', "13-14", "list of object required, but have string"),
  unsuitable("a set for outputs", 'output = setunion(["a"], ["b"])', "12-21", "incorrect list element type: map of string required, but have string"),
  unsuitable("a number among entries", "output = [5]", "12-13", "map of string required, but have number"),
  unsuitable("a list in an entry", 'output = [{ type = "tar", dest = [] }]', "12-13", 'element "dest": string required, but have tuple'),
  unsuitable("a list in a secret", "secret = [{ id = [] }]", "12-13", 'attribute "id": string required, but have tuple'),
  unsuitable("an entry that cannot be read", 'output = ["type=tar,x"]', "12-13", "invalid value x"),
  unsuitable("an attestation without a type", 'attest = ["mode=max"]', "12-13", "attestation type not specified"),
  unsuitable("a text for resources", 'resources = "x"', "16-17", "object required, but have string"),
  unsuitable(
    "[bake 31] a fraction in resources",
    "resources = { cpu-shares = 1.5 }",
    "15-16",
    "value must be a whole number, between -9223372036854775808 and 9223372036854775807",
  ),
  [
    "a list for members",
    'group "g" { targets = "x" }',
    "✗ docker-bake.hcl:1,24-25: Unsuitable value type; Unsuitable value: list of string required, but have string",
  ],
]);

loads("values that fit", [
  [
    "numbers and booleans become texts",
    target('  tags = [1.50, true]\n  context = 1e3\n  no-cache = "true"\n  shm-size = 64000000'),
    { default: { tags: ["1.5", "true"], context: "1000", "no-cache": true, "shm-size": "64000000" } },
  ],
  ["[bake 32] null is not set", target("  tags = null\n  args = null\n  context = null\n  pull = null\n  contexts = null\n  inherits = null"), { default: {} }],
  ["sets are lists, in their order", target('  tags = setunion(["b"], ["a"])'), { default: { tags: ["a", "b"] } }],
  [
    "empty texts among entries are none",
    target('  output = ["", false ? "x" : ""]\n  cache-from = [""]\n  secret = [""]\n  ssh = [""]\n  attest = [""]\n  policy = [""]'),
    { default: {} },
  ],
  ["null in an object entry is absent", target('  secret = [{ id = "a", src = null, env = "B" }]'), { default: { secret: [{ id: "a", env: "B" }] } }],
  ["[bake 31] resources may be empty", target("  resources = {}"), { default: { resources: {} } }],
  [
    "resources of 64 bits",
    target('  resources = { cpu-quota = "9007199254740993", unknown = [] }'),
    { default: { resources: { "cpu-quota": 9007199254740992 } } },
  ],
  [
    "[bake 27] a type in a secret object means nothing",
    target('  secret = [{ type = "env", id = "HOME", src = "docker-bake.hcl" }]'),
    { default: { secret: [{ id: "HOME", src: "docker-bake.hcl" }] } },
  ],
]);

describe("values that the reference crashes on", () => {
  test("null among entries", async () => {
    expect(await outcome(target("  output = [null]"))).toBe("✗ docker-bake.hcl:2,12-13: Unsuitable value type; Unsuitable value: null value is not allowed");
  });
  test("null in a map entry is absent", async () => {
    expect(await outcome(target('  output = [{ type = "tar", dest = "x", name = null }]'))).toEqual({ default: { output: [{ type: "tar", dest: "x" }] } });
  });
});

loads("how mistakes are counted", [
  [
    "[hcl 113] a name that is not there makes the value unknown",
    target("  args = { v = foo }"),
    '✗ docker-bake.hcl:2,16-19: Unknown variable; There is no variable named "foo"., and 1 other diagnostic(s)',
  ],
  ["among entries it does not", target("  output = [foo]"), '✗ docker-bake.hcl:2,13-16: Unknown variable; There is no variable named "foo".'],
  [
    "[bake 52] in a target that nobody asked for",
    target("  tags = [foo]", "other") + target(""),
    '✗ docker-bake.hcl:2,11-14: Unknown variable; There is no variable named "foo"., and 1 other diagnostic(s)',
  ],
  ["of attributes of the file", `x = foo\n${argument("x")}`, '✗ docker-bake.hcl:1,5-8: Unknown variable; There is no variable named "foo".'],
]);

describe("cycles of blocks, which the reference counts once more for each block on them", () => {
  test("through other blocks", async () => {
    expect(await outcome(target("  context = target.b.context") + target("  context = target.default.context", "b"))).toBe(
      "✗ docker-bake.hcl:2,13-29: Invalid expression; reference cycle not allowed for target.b.context",
    );
  });
  test("that begin elsewhere", async () => {
    const files = target("  context = target.a.context") + target("  context = target.b.context", "a") + target("  context = target.a.context", "b");
    expect(await outcome(files)).toBe("✗ docker-bake.hcl:8,13-29: Invalid expression; reference cycle not allowed for target.a.context");
  });
});

describe("mistakes in blocks", () => {
  const files = target("  tags = nope\n  pull = 1") + target("  args = { v = target.default.tags }", "b") + target("  context = []", "c");
  test("are all told, once and in source order", async () => {
    expect((await refusal(files)).map(({ summary, detail, range, path }) => [range?.start, `${summary}; ${detail}`, path])).toEqual([
      [28, 'Unknown variable; There is no variable named "nope".', ["target", "default", "tags"]],
      [28, "Unsuitable value type; Unsuitable value: value must be known", ["target", "default", "tags"]],
      [42, "Unsuitable value type; Unsuitable value: bool required, but have number", ["target", "default", "pull"]],
      [123, "Unsuitable value type; Unsuitable value: string required, but have tuple", ["target", "c", "context"]],
    ]);
  });
  test("a cycle shows its steps", async () => {
    const [cycle] = await refusal(target("  context = target.b.context") + target("  context = target.default.context", "b"));
    expect(cycle?.related?.map(({ message }) => message)).toEqual([
      "target.default.context needs target.b.context",
      "target.b.context needs target.default.context",
    ]);
  });
});

describe("warnings", () => {
  test("tell of attributes that mean nothing, and what may be meant", async () => {
    const { warnings } = await loaded(
      target('  platform = ["linux/amd64"]\n  x-mine = 1\n  name = "n"\n  matrix = {}') + 'group "g" {\n  target = []\n  targets = []\n}\n',
    );
    expect(warnings.map(({ severity, summary, detail, hint, range }) => [severity, `${summary}; ${detail}`, hint, range?.start])).toEqual([
      ["warning", 'Unknown attribute; A target has no attribute named "platform": it is ignored.', 'did you mean "platforms"?', 21],
      ["warning", 'Unknown attribute; A target has no attribute named "x-mine": it is ignored.', undefined, 50],
      ["warning", 'Unknown attribute; A group has no attribute named "target": it is ignored.', 'did you mean "targets"?', 104],
    ]);
  });
});

loads("several files", [
  ["[bake 12] the later of two attributes wins", { "a.hcl": "x = 1", "b.hcl": `x = 2\n${argument("x")}` }, gives("2"), { f: ["a.hcl", "b.hcl"] }],
  [
    "[bake 12] not in one file",
    `x = 1\nx = 2\n${argument("x")}`,
    '✗ docker-bake.hcl:2,1-2: Attribute redefined; The argument "x" was already set at docker-bake.hcl:1,1-2. Each argument may be set only once.',
  ],
  [
    "nor in one JSON file",
    { "a.json": '{"x":1,"x":2}' },
    '✗ a.json:1,8-11: Duplicate attribute definition; The argument "x" was already set at a.json:1,2-7.',
    { f: ["a.json"] },
  ],
  [
    "an argument twice in a JSON block",
    { "a.json": '{"target":{"a":{"tags":[],"tags":[]}}}' },
    '✗ a.json:1,27-33: Duplicate argument; The argument "tags" was already set at a.json:1,17-26.',
    { f: ["a.json"] },
  ],
  [
    "[bake 54] targets of one name merge",
    { "a.hcl": target('  tags = ["a"]\n  args = { A = 1, S = "a" }'), "b.json": '{"target":{"default":{"tags":["b"],"args":{"S":"b"}}}}' },
    { default: { tags: ["b"], args: { A: "1", S: "b" } } },
    { f: ["a.hcl", "b.json"] },
  ],
  [
    "the order is that of the command line",
    { "a.hcl": target('  tags = ["a"]'), "b.json": '{"target":{"default":{"tags":["b"]}}}' },
    { default: { tags: ["a"] } },
    { f: ["b.json", "a.hcl"] },
  ],
  [
    "names are known in all files",
    { "a.hcl": argument("f(x)"), "b.hcl": 'x = 1\nfunction "f" {\n  params = [a]\n  result = a + 1\n}' },
    gives("2"),
    { f: ["a.hcl", "b.hcl"] },
  ],
  [
    "[bake 14] a later group replaces an earlier one",
    {
      "a.hcl": `group "default" {\n  description = "d"\n  targets = ["a"]\n}\n${target("", "a")}`,
      "b.hcl": `group "default" { targets = ["b"] }\n${target("", "b")}`,
    },
    { b: {} },
    { f: ["a.hcl", "b.hcl"] },
  ],
  [
    "the first file with a mistake is told",
    { "a.hcl": "x = 1 2", "b.hcl": "y = (" },
    "✗ a.hcl:1,7-8: Missing newline after argument; An argument definition must end with a newline.",
    { f: ["a.hcl", "b.hcl"] },
  ],
]);

test("a later group loses the description of the earlier", async () => {
  const { groups } = await loaded('group "g" {\n  description = "d"\n  targets = ["a"]\n}\ngroup "g" { targets = null }\n');
  expect(groups.map(({ name, description, targets, generated }) => ({ name, description, targets, generated }))).toEqual([
    { name: "g", description: "d", targets: ["a"], generated: false },
    { name: "g", description: undefined, targets: null, generated: false },
  ]);
});

loads("suggestions", [
  [
    "the empty name is none",
    { "b.json": '{"":1,"target":{"default":{"args":{"v":"${v}"}}}}' },
    '✗ b.json:1,43-44: Unknown variable; There is no variable named "v"., and 1 other diagnostic(s)',
    { f: ["b.json"] },
  ],
]);

loads("kinds of blocks that a definition does not have", [
  ["are unknown names", "x = target.a.tags\n", '✗ docker-bake.hcl:1,5-11: Unknown variable; There is no variable named "target".'],
  [
    "variables know none at all",
    'variable "v" { default = target }\ntarget "default" {}\n',
    '✗ docker-bake.hcl:1,26-32: Unknown variable; There is no variable named "target".',
  ],
  [
    "for blocks too",
    'target "default" { tags = group.a.targets }\n',
    '✗ docker-bake.hcl:1,27-32: Unknown variable; There is no variable named "group"., and 1 other diagnostic(s)',
  ],
  [
    "a matrix knows those of the blocks before it",
    'target "default" {\n  matrix = { a = group.g.targets }\n  name = a\n}\ngroup "g" { targets = [] }\n',
    '✗ docker-bake.hcl:2,18-23: Unknown variable; There is no variable named "group".',
  ],
  [
    "a block without instances is one",
    'target "a" {\n  matrix = { k = [] }\n  name = k\n}\nx = target.a.tags\n',
    '✗ docker-bake.hcl:5,11-13: Missing map element; This map does not have an element with the key "a".',
  ],
]);
