/** Functions of definitions (spec/hcl.md 5.7, spec/bake.md 5.4). */
import { describe, expect, test } from "vitest";
import { argument, gives, loads, outcome, refusal } from "./rig.ts";

const fn = (body: string, name = "f"): string => `function "${name}" {\n${body}\n}`;
const failing = (body: string): string => `${fn(body)}\ntarget "default" {}\n`;

loads("functions", [
  [
    "[hcl 100] take their arguments, and what is left as a tuple",
    argument("jsonencode(f(1, 2))", fn("  params = [a]\n  variadic_params = r\n  result = concat([a], r)")),
    gives("[1,2]"),
  ],
  ["what is left may be nothing", argument("jsonencode(f(1))", fn("  params = [a]\n  variadic_params = r\n  result = r")), gives("[]")],
  [
    "give the same for the same texts, whatever other calls gave before",
    argument('"${f("a", "bc")} ${f("ab", "c")} ${f("a", "bc")} ${f("1", "2")} ${f(1, 2)}"', fn('  params = [a, b]\n  result = "${a}-${b}"')),
    gives("a-bc ab-c a-bc 1-2 1-2"),
  ],
  [
    "ask again what changes, behind other functions too",
    argument("f() == f() || g() == g()", `${fn("  params = []\n  result = uuidv4()")}\n${fn('  params = []\n  result = "${f()}"', "g")}`),
    gives("false"),
  ],
  [
    "give what they should to hundreds of different arguments and after",
    argument('join("", [for i in concat(range(300), [1, 299]) : f("${i}") if i > 297 || i == 1])', fn('  params = [a]\n  result = "<${a}>"')),
    gives("<1><298><299><1><299>"),
  ],
  ["take no arguments", argument("f()", fn('  params = []\n  result = "x"')), gives("x")],
  [
    "see global names and other functions",
    argument(
      "f(1)",
      `${fn('  params = [a]\n  result = "${g(a)}${V}${W}"')}\n${fn("  params = [a]\n  result = a + 1", "g")}\nvariable "V" { default = "v" }\nW = upper(V)`,
    ),
    gives("2vV"),
  ],
  ["arguments hide global names", argument("f(1)", `${fn("  params = [V]\n  result = V")}\nvariable "V" { default = "v" }`), gives("1")],
  ["the last of two equal parameters wins", argument("f(1, 2)", fn("  params = [a, a]\n  result = a")), gives("2")],
  [
    "a later function of a name replaces the first",
    { "a.hcl": fn("  params = []\n  result = 1"), "b.hcl": argument("f()", fn("  params = []\n  result = 2")) },
    gives("2"),
    { f: ["a.hcl", "b.hcl"] },
  ],
  ["[hcl 102] [bake 46] the standard library goes first", argument('upper("x")', fn('  params = [a]\n  result = "mine"', "upper")), gives("X")],
  ["what the standard library hides is not looked at", argument("1", fn("  params = [a]\n  result = nothing", "upper")), gives("1")],
  [
    "[bake 67] matrix values are not seen",
    'function "f" {\n  params = []\n  result = try(v, "unseen")\n}\nv = "global"\ntarget "default" {\n  matrix = { v = ["axis"] }\n  args = { v = f() }\n}',
    gives("global"),
  ],
  [
    "JSON names parameters in strings",
    { "b.json": '{"function":{"f":{"params":["a"],"variadic_params":"r","result":"${a}${length(r)}"}},"target":{"default":{"args":{"v":"${f(1,2,3)}"}}}}' },
    gives("12"),
    { f: ["b.json"] },
  ],
]);

loads("calls that do not fit", [
  [
    "too few arguments",
    argument("f()", fn("  params = [a]\n  result = a")),
    '✗ docker-bake.hcl:6,18-19: Not enough function arguments; Function "f" expects 1 argument(s). Missing value for "a"., and 1 other diagnostic(s)',
  ],
  [
    "too many",
    argument("f(1, 2)", fn("  params = [a]\n  result = a")),
    '✗ docker-bake.hcl:6,21-22: Too many function arguments; Function "f" expects only 1 argument(s)., and 1 other diagnostic(s)',
  ],
  [
    "[hcl 103] null",
    argument("f(null)", fn("  params = [a]\n  result = a")),
    '✗ docker-bake.hcl:6,18-22: Invalid function argument; Invalid value for "a" parameter: argument must not be null., and 1 other diagnostic(s)',
  ],
  [
    "a mistake inside",
    argument('f("q")', fn("  params = [a]\n  result = a + 1")),
    '✗ docker-bake.hcl:6,16-18: Error in function call; Call to function "f" failed: docker-bake.hcl:3,12-13: Invalid operand; Unsuitable value for left operand: a number is required.., and 1 other diagnostic(s)',
  ],
  [
    "a mistake further inside",
    argument('g("q")', `${fn("  params = [a]\n  result = a + 1")}\n${fn("  params = [a]\n  result = f(a)", "g")}`),
    '✗ docker-bake.hcl:10,16-18: Error in function call; Call to function "g" failed: docker-bake.hcl:7,12-14: Error in function call; Call to function "f" failed: docker-bake.hcl:3,12-13: Invalid operand; Unsuitable value for left operand: a number is required..., and 1 other diagnostic(s)',
  ],
]);

loads("functions that are wrong, though nobody calls them", [
  ["[bake 45] no parameters", failing("  result = 1"), "✗ docker-bake.hcl:1,10-13: Invalid function; empty params not allowed for f"],
  ["no result", failing("  params = [a]"), "✗ docker-bake.hcl:2,3-15: Invalid function; empty result not allowed for f"],
  ["nothing", failing(""), "✗ docker-bake.hcl:1,10-13: Invalid function; empty result not allowed for f"],
  [
    "parameters that are no list",
    failing('  params = "x"\n  result = 1'),
    "✗ docker-bake.hcl:2,13-14: Invalid expression; A static list expression is required.",
  ],
  [
    "parameters that are no names",
    failing('  params = ["x"]\n  result = 1'),
    "✗ docker-bake.hcl:2,13-16: Invalid param element; Each parameter name must be an identifier.",
  ],
  [
    "a rest that is no name",
    failing('  params = [a]\n  variadic_params = "x"\n  result = 1'),
    "✗ docker-bake.hcl:3,3-24: Invalid param element; Each parameter name must be an identifier.",
  ],
  [
    "an argument that does not belong",
    failing("  params = [a]\n  result = 1\n  foo = 2"),
    '✗ docker-bake.hcl:4,3-6: Unsupported argument; An argument named "foo" is not expected here.',
  ],
  [
    "a name that is not there",
    failing("  params = [a]\n  result = x"),
    '✗ docker-bake.hcl:3,12-13: Invalid expression; variable "x" does not exist: undefined',
  ],
  [
    "a function that is not there",
    failing("  params = [a]\n  result = try(g(a), 1)"),
    '✗ docker-bake.hcl:3,12-24: Invalid expression; function "g" does not exist: undefined',
  ],
  [
    "blocks",
    failing("  params = [a]\n  result = target.default.tags"),
    '✗ docker-bake.hcl:3,12-31: Invalid expression; variable "target" does not exist: undefined',
  ],
  [
    "[hcl 101] [bake 47] a call of itself",
    failing("  params = [a]\n  result = f(a)"),
    "✗ docker-bake.hcl:3,12-16: Invalid expression; function cycle not allowed for f",
  ],
  [
    "a call of itself through others",
    `${fn("  params = [a]\n  result = g(a)")}\n${fn("  params = [a]\n  result = f(a)", "g")}\n`,
    "✗ docker-bake.hcl:7,12-16: Invalid expression; function cycle not allowed for f",
  ],
  [
    "names of block types",
    `${fn("  params = []\n  result = 1", "target")}\n${argument("target()")}`,
    '✗ docker-bake.hcl:6,16-22: Call to unknown function; There is no function named "target"., and 1 other diagnostic(s)',
  ],
]);

describe("functions beyond the reference", () => {
  test("a function of a JSON file that calls itself is a cycle", async () => {
    const files = { "b.json": '{"function":{"f":{"params":["a"],"result":"${f(a)}"}},"target":{"default":{}}}' };
    expect(await outcome(files, { f: ["b.json"] })).toBe("✗ b.json:1,43-52: Invalid expression; function cycle not allowed for f");
  });
  test("a default in a JSON file can call functions", async () => {
    const files = {
      "b.json": '{"function":{"f":{"params":["a"],"result":"${a}!"}},"variable":{"v":{"default":"${f(1)}"}},"target":{"default":{"args":{"v":"${v}"}}}}',
    };
    expect(await outcome(files, { f: ["b.json"] })).toEqual(gives("1!"));
  });
  test("functions within functions are evaluated once a level", async () => {
    const chain = Array.from({ length: 60 }, (_, i) => fn(`  params = [a]\n  result = ${i === 0 ? "a" : `f${i - 1}(a)`}`, `f${i}`)).join("\n");
    expect(await outcome(argument('f59("x")', chain))).toEqual(gives("x"));
  });
  test("calls that are nested too deeply end with an error", async () => {
    const chain = Array.from({ length: 2000 }, (_, i) => fn(`  params = [a]\n  result = ${i === 0 ? "a" : `f${i - 1}(a)`}`, `f${i}`)).join("\n");
    const [first] = await refusal(argument('f1999("x")', chain));
    expect(first?.detail).toContain("Nesting too deep");
  });
  test("doubling calls end with an error", async () => {
    const chain = Array.from({ length: 40 }, (_, i) => fn(`  params = [a]\n  result = ${i === 0 ? "a" : `f${i - 1}(a) + f${i - 1}(a)`}`, `f${i}`)).join("\n");
    const [first] = await refusal(argument("f39(1)", chain));
    expect(first?.detail).toContain("Evaluation too expensive");
  }, 60_000);
});
