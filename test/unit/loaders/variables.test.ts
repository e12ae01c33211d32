/** Variables: defaults, types, values from outside, validation (spec/hcl.md 5.4 to 5.6, spec/bake.md 5.3). */
import { describe, expect, test } from "vitest";
import { argument, type Case, gives, loaded, loads, outcome, refusal } from "./rig.ts";

const variable = (name: string, body: string): string => `variable "${name}" {\n${body}\n}`;
const shown = (name: string, body: string): string => argument(`jsonencode(${name})`, variable(name, body));

loads("values of variables", [
  ["[hcl 94] [bake 35] neither type nor default: the empty text", argument("x", `variable "x" {}`), gives("")],
  ["[hcl 95] [bake 35] a type without default: null, and the argument is left out", argument("x", `variable "x" { type = number }`), { default: {} }],
  ["[hcl 11] names hold dashes", argument("a-b", "a-b = 1"), gives("1")],
  ["the default null stays null", argument("jsonencode(x)", `variable "x" { default = null }`), gives("null")],
  ["the type null is no type", argument("x", variable("x", "  type    = null\n  default = 1.50")), gives("1.5")],
  ["[hcl 96] a default is converted to the type", shown("x", "  type = list(string)\n  default = [1, true]"), gives('["1","true"]')],
  [
    "[hcl 97] a default that does not fit",
    variable("x", '  type = number\n  default = "q"'),
    "✗ docker-bake.hcl:1,14-14: Invalid value; invalid type number for variable x default value: a number is required",
  ],
  [
    "[hcl 98] optional attributes of objects are null",
    shown("x", "  type = object({a=string,b=optional(bool)})\n  default = {a=1}"),
    gives('{"a":"1","b":null}'),
  ],
  [
    "defaults use variables, attributes and functions of any place",
    argument(
      "a",
      'variable "a" { default = "${b}-${c}-${f(1)}" }\nvariable "b" { default = 2 }\nc = b + 1\nfunction "f" {\n  params = [x]\n  result = x + b\n}',
    ),
    gives("2-3-3"),
  ],
  [
    "a later block of a name replaces the first, [bake 13] default included",
    { "a.hcl": 'variable "x" { default = "1" }', "b.hcl": `variable "x" {}\n${argument("x")}` },
    gives(""),
    { f: ["a.hcl", "b.hcl"] },
  ],
  ["names are not checked", argument('"ok"', 'variable "a b" { default = 1 }'), gives("ok")],
  [
    "unknown arguments and blocks are passed over",
    argument("x", variable("x", "  default   = 1\n  sensitive = nothing\n  other {\n    a = nothing\n  }")),
    gives("1"),
  ],
  [
    "an attribute of the name is the default, and the variable's type does not count",
    argument("x", 'x = "text"\nvariable "x" { type = number }'),
    gives("text"),
  ],
  ["the variable is overridden all the same", argument("x", 'x = "text"\nvariable "x" { type = number }'), gives("other"), { env: { x: "other" } }],
  ["[bake 44] an attribute alone is not", argument("x", 'x = "text"'), gives("text"), { env: { x: "other" }, vars: { x: "another" } }],
]);

loads("types", [
  [
    "an unknown word",
    variable("x", "  type = foo"),
    '✗ docker-bake.hcl:2,10-13: Invalid type specification; The keyword "foo" is not a valid type specification.',
  ],
  [
    "a quoted word",
    variable("x", '  type = "string"'),
    "✗ docker-bake.hcl:2,10-18: Invalid type specification; A type specification is either a primitive type keyword (bool, number, string) or a complex type constructor call, like list(string).",
  ],
  [
    "JSON spells types in strings",
    { "b.json": '{"variable":{"x":{"type":"list(number)","default":["1"]}},"target":{"default":{"args":{"v":"${jsonencode(x)}"}}}}' },
    gives("[1]"),
    { f: ["b.json"] },
  ],
]);

loads("where values come from", [
  ["[bake 36] the environment goes above the default", argument("x", 'variable "x" { default = "d" }'), gives("e"), { env: { x: "e" } }],
  ["[bake 36] --var goes above the environment", argument("x", 'variable "x" { default = "d" }'), gives("f"), { env: { x: "e" }, vars: { x: "f" } }],
  [
    "[bake 36] without environment only --var",
    argument('"${x}${y}"', 'variable "x" { default = "d" }\nvariable "y" { default = "d" }'),
    gives("df"),
    { env: { x: "e", y: "e", BUILDX_BAKE_DISABLE_VARS_ENV_LOOKUP: "1" }, vars: { y: "f" } },
  ],
  [
    "a switch that is no boolean is off",
    argument("x", 'variable "x" { default = "d" }'),
    gives("e"),
    { env: { x: "e", BUILDX_BAKE_DISABLE_VARS_ENV_LOOKUP: "yes" } },
  ],
  ["an empty value is a value", argument('"<${x}>"', 'variable "x" { default = "d" }'), gives("<>"), { env: { x: "" } }],
  ["what no variable declares is ignored", argument('"a"'), gives("a"), { vars: { nope: "1" } }],
  [
    "[bake 40] the JSON form beats the plain one for typed variables, --var included",
    shown("x", "  type = list(string)"),
    gives('["j"]'),
    { env: { x_JSON: '["j"]' }, vars: { x: "v" } },
  ],
  [
    "[bake 40] not when a variable has its name",
    shown("x", '  type = list(string)\n}\nvariable "x_JSON" {'),
    gives('["v"]'),
    { env: { x_JSON: '["j"]', x: "v" } },
  ],
  ["without a type the JSON form is plain text, and only a stand-in", argument("x", 'variable "x" {}'), gives('{"a":1}'), { env: { x_JSON: '{"a":1}' } }],
  ["without a type the plain form goes first", argument("x", 'variable "x" {}'), gives("p"), { env: { x_JSON: "1", x: "p" } }],
  [
    "[bake 42] built-in values cannot be changed",
    argument('"${BAKE_CMD_CONTEXT} ${BAKE_LOCAL_PLATFORM}"', 'variable "BAKE_CMD_CONTEXT" { default = "v" }\nBAKE_LOCAL_PLATFORM = "a"'),
    gives("cwd:// linux/amd64"),
    { env: { BAKE_CMD_CONTEXT: "e" }, vars: { BAKE_LOCAL_PLATFORM: "f" } },
  ],
]);

describe("values from --env-file", () => {
  const files = argument('"${a} ${b} ${c}"', 'variable "a" { default = "d" }\nvariable "b" { default = "d" }\nvariable "c" { default = "d" }');
  test("go above defaults, below the environment and --var", async () => {
    expect(await outcome(files, { envFile: { a: "1", b: "1", c: "1" }, env: { b: "2", c: "2" }, vars: { c: "3" } })).toEqual(gives("1 2 3"));
  });
  test("are read where the environment is not", async () => {
    expect(await outcome(files, { envFile: { a: "1" }, env: { b: "2", BUILDX_BAKE_DISABLE_VARS_ENV_LOOKUP: "true" } })).toEqual(gives("1 d d"));
  });
  test("the command's context is a built-in value", async () => {
    expect(await outcome(argument("BAKE_CMD_CONTEXT"), { commandContext: "https://example.com/x.git" })).toEqual(gives("https://example.com/x.git"));
  });
});

const override = (title: string, body: string, env: Readonly<Record<string, string>>, expected: string): Case => [
  title,
  shown("X", body),
  expected.startsWith("✗") ? `✗ docker-bake.hcl:1,14-14: Invalid value; ${expected.slice(2)}` : gives(expected),
  { env },
];

loads("texts as values of a type", [
  override("numbers", "  type = number", { X: "2.50" }, "2.5"),
  override("numbers with exponent, sign and underscores", "  type = tuple([number, number, number, number])", { X: "1e3,+5,.5,1_000" }, "[1000,5,0.5,1000]"),
  override("hexadecimal floats", "  type = number", { X: "-0x1.8p1" }, "-3"),
  override("no other number", "  type = number", { X: "0x10" }, '✗ failed to parse X as number: strconv.ParseFloat: parsing "0x10": invalid syntax'),
  override("infinities", "  type = number", { X: "-Inf" }, "✗ failed to parse X as number: invalid number value"),
  override("numbers out of range", "  type = number", { X: "1e999" }, '✗ failed to parse X as number: strconv.ParseFloat: parsing "1e999": value out of range'),
  override(
    "[bake 37] a number default makes a number",
    "  default = 1",
    { X: "abc" },
    '✗ failed to parse X as number: strconv.ParseFloat: parsing "abc": invalid syntax',
  ),
  override("an empty text is no number", "  default = 1", { X: "" }, '✗ failed to parse X as number: strconv.ParseFloat: parsing "": invalid syntax'),
  override("numbers from outside are doubles", "  default = 1", { X: "12345678901234567890" }, "12345678901234567000"),
  override("booleans", "  type = list(bool)", { X: "t,0,True" }, "[true,false,true]"),
  override("no other boolean", "  default = true", { X: "yes" }, '✗ failed to parse X as bool: strconv.ParseBool: parsing "yes": invalid syntax'),
  override("texts stay as they are", "  type = string", { X: " 1 " }, '" 1 "'),
  override("a null default takes a text", "  default = null", { X: "5" }, '"5"'),
  override("[bake 38] no list without a type", "  default = [1]", { X: "5" }, "✗ unsupported type tuple for variable X"),
  override("no object without a type", "  default = {}", { X: "5" }, "✗ unsupported type object for variable X"),
  override("[bake 41] an object has no plain form", "  type = object({ a = string })", { X: "5" }, "✗ unsupported type object for variable X"),
  override("any has no plain form", "  type = any", { X: "5" }, "✗ unsupported type dynamic for variable X"),
  override("[bake 39] lists are one CSV record", "  type = list(string)", { X: '"a,b", c,"d ""e"""' }, '["a,b"," c","d \\"e\\""]'),
  override("one newline at the end is dropped", "  type = list(string)", { X: "a,b\n" }, '["a","b"]'),
  override("sets", "  type = set(number)", { X: "2,1,2" }, "[1,2]"),
  override("tuples", "  type = tuple([string, number])", { X: "a,1" }, '["a",1]'),
  override(
    "tuples of another length",
    "  type = tuple([string, number])",
    { X: "a" },
    "✗ failed to convert variable X from CSV: tuple expects 2 elements but only 1 provided",
  ),
  override("maps of key:value", "  type = map(number)", { X: 'a:1,"""b:c"":2"' }, '{"a":1,"b:c":2}'),
  override(
    "maps with too many pieces",
    "  type = map(number)",
    { X: "a:b:c" },
    "✗ failed to convert variable X from CSV: expected one k/v pair but got 3 pieces from a:b:c",
  ),
  override(
    "maps with an empty field",
    "  type = map(number)",
    { X: "a:1," },
    "✗ failed to convert variable X from CSV: failed to parse  as k/v for variable X: EOF",
  ),
  override(
    "a bad value in a map",
    "  type = map(number)",
    { X: "a:x" },
    '✗ failed to convert variable X from CSV: failed to parse element from type map of number: failed to parse X as number: strconv.ParseFloat: parsing "x": invalid syntax',
  ),
  override("an empty text is no record", "  type = list(string)", { X: "" }, "✗ failed to convert variable X from CSV: failed to parse  as CSV: EOF"),
  override(
    "a bad item",
    "  type = list(number)",
    { X: "1,x" },
    '✗ failed to convert variable X from CSV: failed to parse element of type list of number: failed to parse X as number: strconv.ParseFloat: parsing "x": invalid syntax',
  ),
  override(
    "collections of collections have no CSV form",
    "  type = list(list(string))",
    { X: "a" },
    "✗ failed to convert variable X from CSV: unsupported type list of list of string for CSV specification",
  ),
  override(
    "text that is no CSV goes before the type",
    "  type = list(list(string))",
    { X: "" },
    "✗ failed to convert variable X from CSV: failed to parse  as CSV: EOF",
  ),
  override(
    "so does the number of a tuple's elements",
    "  type = tuple([string, list(number)])",
    { X: "a" },
    "✗ failed to convert variable X from CSV: tuple expects 2 elements but only 1 provided",
  ),
  override(
    "a quote inside a field",
    "  type = list(string)",
    { X: 'é"b' },
    '✗ failed to convert variable X from CSV: failed to parse é"b as CSV: parse error on line 1, column 3: bare " in non-quoted-field',
  ),
  override(
    "a quoted field that goes on",
    "  type = list(string)",
    { X: '"a"b' },
    '✗ failed to convert variable X from CSV: failed to parse "a"b as CSV: parse error on line 1, column 3: extraneous or missing " in quoted-field',
  ),
  override(
    "a quoted field without end",
    "  type = list(string)",
    { X: 'x,"a' },
    '✗ failed to convert variable X from CSV: failed to parse x,"a as CSV: parse error on line 1, column 4: extraneous or missing " in quoted-field',
  ),
]);

loads("JSON as values of a type", [
  override("objects, missing attributes null", "  type = object({ a = number, b = string })", { X_JSON: '{"a":"1"}' }, '{"a":1,"b":null}'),
  override(
    "objects with an attribute too many",
    "  type = object({ a = number })",
    { X_JSON: '{"z":1}' },
    '✗ failed to convert variable X from JSON: unsupported attribute "z"',
  ),
  override("lists of objects", "  type = list(object({ a = string }))", { X_JSON: '[{"a":1},{}]' }, '[{"a":"1"},{"a":null}]'),
  override("sets", "  type = set(string)", { X_JSON: '["b","a","b"]' }, '["a","b"]'),
  override("maps", "  type = map(bool)", { X_JSON: '{"b":"true","a":null}' }, '{"a":null,"b":true}'),
  override("tuples", "  type = tuple([string, number])", { X_JSON: '["a","1"]' }, '["a",1]'),
  override(
    "tuples with an element too many",
    "  type = tuple([string, number])",
    { X_JSON: '["a",1,2]' },
    "✗ failed to convert variable X from JSON: too many tuple elements (need 2)",
  ),
  override("null", "  type = number", { X_JSON: "null" }, "null"),
  override("exact numbers", "  type = number", { X_JSON: "12345678901234567890123" }, "12345678901234567890123"),
  override("no number", "  type = number", { X_JSON: "true" }, "✗ failed to convert variable X from JSON: number is required"),
  override("a text that is no number", "  type = number", { X_JSON: '"x"' }, "✗ failed to convert variable X from JSON: a number is required"),
  override("no list", "  type = list(string)", { X_JSON: "{}" }, "✗ failed to convert variable X from JSON: missing expected ["),
  override("no object", "  type = object({ a = string })", { X_JSON: "5" }, "✗ failed to convert variable X from JSON: missing expected {"),
  override("no text at all", "  type = object({ a = string })", { X_JSON: "" }, "✗ failed to convert variable X from JSON: EOF"),
  override("any names its type", "  type = any", { X_JSON: '{"value":["a",1],"type":["tuple",["string","number"]]}' }, '["a",1]'),
  override("any of an object", "  type = any", { X_JSON: '{"value":{"a":[1]},"type":["object",{"a":["list","string"]}]}' }, '{"a":["1"]}'),
  override("numbers keep their spelling as texts", "  type = list(string)", { X_JSON: "[1.50,1e2,true]" }, '["1.50","1e2","true"]'),
  override("what follows the value does not matter", "  type = list(string)", { X_JSON: '["a"] x' }, '["a"]'),
  override(
    "a broken item",
    "  type = list(string)",
    { X_JSON: '["a",]' },
    "✗ failed to convert variable X from JSON: failed to read list value: invalid character ']' looking for beginning of value",
  ),
  override(
    "a missing comma",
    "  type = set(string)",
    { X_JSON: '["a" "b"]' },
    "✗ failed to convert variable X from JSON: failed to read set value: expected comma after array element",
  ),
  override(
    "a missing colon",
    "  type = map(string)",
    { X_JSON: '{"a" "x"}' },
    "✗ failed to convert variable X from JSON: failed to read map value: expected colon after object key",
  ),
  override(
    "a bare key",
    "  type = object({ a = string })",
    { X_JSON: "{a:1}" },
    "✗ failed to convert variable X from JSON: failed to read object key: invalid character 'a'",
  ),
  override(
    "a text that breaks off where the type does not look",
    "  type = number",
    { X_JSON: "[" },
    "✗ failed to convert variable X from JSON: number is required",
  ),
  override(
    "any with another key",
    "  type = any",
    { X_JSON: '{"a":1}' },
    '✗ failed to convert variable X from JSON: invalid key "a" in dynamically-typed value',
  ),
  override(
    "any of an unknown type",
    "  type = any",
    { X_JSON: '{"value":1,"type":"foo"}' },
    '✗ failed to convert variable X from JSON: failed to decode type for dynamic value: invalid primitive type name "foo"',
  ),
  override("any without its type", "  type = any", { X_JSON: "5" }, "✗ failed to convert variable X from JSON: missing expected {"),
]);

describe("JSON that the reference crashes on", () => {
  test("a tuple with an element too few", async () => {
    expect(await outcome(shown("X", "  type = tuple([string, number])"), { env: { X_JSON: '["a"]' } })).toBe(
      "✗ docker-bake.hcl:1,14-14: Invalid value; failed to convert variable X from JSON: not enough tuple elements (need 2)",
    );
  });
});

loads("cycles of variables", [
  [
    "[bake 48] a variable that mentions itself, though it is overridden",
    variable("A", "  default = A"),
    "✗ docker-bake.hcl:2,13-14: Invalid expression; variable cycle not allowed for A",
    { env: { A: "1" } },
  ],
  [
    "a branch that is not taken counts",
    variable("A", '  default = false ? A : "x"'),
    "✗ docker-bake.hcl:2,13-28: Invalid expression; variable cycle not allowed for A",
  ],
  [
    "through others, at the expression that closes it",
    'variable "A" { default = B }\nB = "${C}"\nC = upper(A)',
    "✗ docker-bake.hcl:3,5-13: Invalid expression; variable cycle not allowed for A",
  ],
  ["attributes", 'p = p\ntarget "default" {}', "✗ docker-bake.hcl:1,5-6: Invalid expression; variable cycle not allowed for p"],
]);

test("a cycle shows its steps", async () => {
  const [cycle] = await refusal('variable "A" { default = B }\nB = A\n');
  expect(cycle?.related?.map(({ message, range }) => `${message}: ${range.file.text.slice(range.start, range.end)}`)).toEqual([
    'variable "A" needs attribute "B": B',
    'attribute "B" needs variable "A": A',
  ]);
});

test("a chain of ten thousand variables does not exhaust the stack", async () => {
  const chain = Array.from({ length: 10_000 }, (_, i) => `v${i} = v${i + 1}\n`).join("");
  expect(await outcome(argument("v0", `${chain}v10000 = "end"`))).toEqual(gives("end"));
});

loads("names that are not there", [
  ["in a default", variable("A", "  default = nope"), '✗ docker-bake.hcl:2,13-17: Unknown variable; There is no variable named "nope".'],
  ["[hcl 114] in an attribute", 'x = foo\ntarget "default" {}', '✗ docker-bake.hcl:1,5-8: Unknown variable; There is no variable named "foo".'],
  ["[bake 53] are no mistake for try", argument('try(undefined, "x")'), gives("x")],
  [
    "targets are not there for variables",
    'variable "A" { default = target.a.tags }\ntarget "a" {}',
    '✗ docker-bake.hcl:1,26-32: Unknown variable; There is no variable named "target".',
  ],
]);

test("a missing name may be mentioned twice, which the reference takes for a cycle", async () => {
  expect(await outcome(argument('"${try(q, 1)}${try(q, 2)}"'))).toEqual(gives("12"));
});

const validated = (rule: string, fallback = "0"): string => `${variable("x", `  default = ${fallback}\n  validation {\n${rule}\n  }`)}\ntarget "default" {}\n`;

loads("validation", [
  [
    "[hcl 99] [bake 43] a rule that is broken",
    validated('    condition = x > 0\n    error_message = "bad ${x}"'),
    "✗ docker-bake.hcl:4,17-22: Validation failed; bad 0",
  ],
  [
    "an empty message",
    'variable "x" {\n  validation {\n    condition = false\n    error_message = ""\n  }\n}\n',
    "✗ docker-bake.hcl:3,17-22: Validation failed; ",
  ],
  ["a rule that is kept", validated('    condition = x == 0\n    error_message = "bad"'), { default: {} }],
  [
    "[bake 43] all broken rules are counted",
    validated('    condition = x > 0\n    error_message = "first"\n  }\n  validation {\n    condition = false\n    error_message = "second"'),
    "✗ docker-bake.hcl:4,17-22: Validation failed; first, and 1 other diagnostic(s)",
  ],
  ["rules see what comes from outside", validated('    condition = x > 0\n    error_message = "bad"'), { default: {} }, { env: { x: "1" } }],
  [
    "rules see other variables",
    `${validated('    condition = x > min\n    error_message = "under ${min}"')}variable "min" { default = 3 }`,
    "✗ docker-bake.hcl:4,17-24: Validation failed; under 3",
  ],
  ["texts count as booleans", validated('    condition = "false"\n    error_message = "bad"'), "✗ docker-bake.hcl:4,17-24: Validation failed; bad"],
  [
    "null is no result",
    validated("    condition = null"),
    "✗ docker-bake.hcl:4,17-21: Invalid condition result; Condition expression must return either true or false, not null.",
  ],
  [
    "a missing condition is null",
    validated('    error_message = "m"'),
    "✗ docker-bake.hcl:3,14-14: Invalid condition result; Condition expression must return either true or false, not null.",
  ],
  [
    "a number is no result",
    validated("    condition = 1"),
    "✗ docker-bake.hcl:4,17-18: Invalid condition result; Invalid condition result value: bool required, but have number",
  ],
  ["without message", validated("    condition = false"), "✗ docker-bake.hcl:4,17-22: Validation failed; This check failed, but has an invalid error message."],
  [
    "with a null message",
    validated("    condition = false\n    error_message = null"),
    "✗ docker-bake.hcl:4,17-22: Validation failed; This check failed, but has an invalid error message.",
  ],
  [
    "an argument that does not belong",
    validated("    foo = 1"),
    '✗ docker-bake.hcl:4,5-8: Unsupported argument; An argument named "foo" is not expected here.',
  ],
  [
    "user functions do not exist yet",
    `${validated('    condition = f(x)\n    error_message = "m"')}function "f" {\n  params = [a]\n  result = true\n}\n`,
    '✗ docker-bake.hcl:4,17-18: Call to unknown function; There is no function named "f". Did you mean "or"?',
  ],
]);

describe("validation beyond the reference", () => {
  test("a message that is no text is converted", async () => {
    expect(await outcome(validated("    condition = false\n    error_message = 5"))).toBe("✗ docker-bake.hcl:4,17-22: Validation failed; 5");
  });
  test("rules see attributes", async () => {
    expect(await outcome(`${validated('    condition = x > low\n    error_message = "under ${low}"')}low = 3\n`)).toBe(
      "✗ docker-bake.hcl:4,17-24: Validation failed; under 3",
    );
  });
});

loads("descriptions of variables", [
  [
    "are constant",
    variable("x", "  description = y"),
    "✗ docker-bake.hcl:2,17-18: Variables not allowed; Variables may not be used here., and 1 other diagnostic(s)",
  ],
  [
    "call nothing",
    variable("x", '  description = upper("y")'),
    "✗ docker-bake.hcl:2,17-27: Function calls not allowed; Functions may not be called here., and 1 other diagnostic(s)",
  ],
  ["are not null", variable("x", "  description = null"), "✗ docker-bake.hcl:2,17-21: Unsuitable value type; Unsuitable value: null value is not allowed"],
  ["are texts", variable("x", "  description = []"), "✗ docker-bake.hcl:2,17-18: Unsuitable value type; Unsuitable value: string required, but have tuple"],
]);

describe("variables as they are listed", () => {
  const infos = async (files: string, options: Parameters<typeof loaded>[1] = {}): Promise<readonly Record<string, unknown>[]> =>
    (await loaded(files, options)).variables.map(({ range, ...info }) => ({ ...info, place: range.file.text.slice(range.start, range.end) }));

  test("[bake 88] with type, value, description and where the value comes from", async () => {
    const files = `a = 1
variable "T" {
  type        = list(string)
  default     = ["x"]
  description = "Some texts"
}
variable "N" { default = 5 }
variable "E" {}
variable "NUL" { default = null }
variable "F" { default = "d" }
variable "Q" {
  type    = string
  default = "\\"quoted\\""
}
`;
    expect(await infos(files, { env: { N: "6" }, vars: { F: "f" }, envFile: { E: "e" } })).toEqual([
      { name: "T", type: "list of string", value: '["x"]', description: "Some texts", origin: "default", place: '"T"' },
      { name: "N", value: "6", origin: "environment", place: '"N"' },
      { name: "E", value: "e", origin: "env-file", place: '"E"' },
      { name: "NUL", origin: "default", place: '"NUL"' },
      { name: "F", value: "f", origin: "flag", place: '"F"' },
      { name: "Q", type: "string", value: '\\"quoted\\', origin: "default", place: '"Q"' },
    ]);
  });

  test("values of open types are listed with their type", async () => {
    const files = `variable "A" {
  type    = any
  default = { a = [1, "x"] }
}
variable "L" {
  type    = list(any)
  default = ["x"]
}
`;
    expect((await infos(files)).map(({ type, value }) => [type, value])).toEqual([
      ["any type", '{"value":{"a":[1,"x"]},"type":["object",{"a":["tuple",["number","string"]]}]}'],
      ["list of any single type", '[{"value":"x","type":"string"}]'],
    ]);
  });
});
