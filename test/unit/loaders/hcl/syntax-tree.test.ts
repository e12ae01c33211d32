/** The shape of expressions: precedence, postfixes, and a range on every node (spec/hcl.md 3.1, 8.2). */
import { describe, expect, it } from "vitest";
import type { Expression, TraversalStep } from "../../../../src/loaders/hcl/ast.ts";
import { encodeJson } from "../../../../src/loaders/hcl/json-encode.ts";
import { parseHcl } from "../../../../src/loaders/hcl/native-body.ts";
import { mentionsOf } from "../../../../src/loaders/hcl/references.ts";
import { startRange } from "../../../../src/loaders/hcl/start-range.ts";
import { keywordOf, staticList } from "../../../../src/loaders/hcl/static-forms.ts";
import type { Value } from "../../../../src/loaders/hcl/values.ts";

function parse(text: string): Expression {
  const { body, diagnostics } = parseHcl({ name: "f", text: `v = ${text}\n` });
  const attribute = body.partialContent({ blocks: [], attributes: [{ name: "v" }] }).attributes.get("v");
  if (!attribute) throw new Error(diagnostics[0]?.summary);
  return attribute.expression;
}

function literal(value: Value): string {
  const encoded = encodeJson(value);
  return encoded.ok ? encoded.text : encoded.message;
}

const steps = (all: readonly TraversalStep[]): string => all.map((step) => (step.kind === "attribute" ? `.${step.name}` : `[${literal(step.key)}]`)).join("");

/** Every grouping shown by brackets. */
function shape(node: Expression): string {
  switch (node.kind) {
    case "literal":
      return literal(node.value);
    case "traversal":
      return `${node.root}${steps(node.steps)}`;
    case "relative-traversal":
      return `(${shape(node.source)})${steps(node.steps)}`;
    case "binary":
      return `(${shape(node.left)} ${node.operator} ${shape(node.right)})`;
    case "unary":
      return `(${node.operator}${shape(node.operand)})`;
    case "conditional":
      return `(${shape(node.condition)} ? ${shape(node.then)} : ${shape(node.else)})`;
    case "parentheses":
      return `<${shape(node.inner)}>`;
    case "index":
      return `(${shape(node.collection)})[${shape(node.key)}]`;
    case "splat":
      return `(${shape(node.source)})[*]{${shape(node.each)}}`;
    case "anonymous":
      return "@";
    case "call":
      return `${node.name}(${node.args.map(shape).join(", ")}${node.expandFinal ? "..." : ""})`;
    case "tuple":
      return `[${node.items.map(shape).join(", ")}]`;
    case "object":
      return `{${node.items.map(({ key, value }) => `${shape(key)} = ${shape(value)}`).join(", ")}}`;
    case "object-key":
      return node.forced ? `!${shape(node.wrapped)}` : shape(node.wrapped);
    case "template":
      return `"${node.parts.map(shape).join(" ")}"`;
    case "template-wrap":
      return `wrap(${shape(node.wrapped)})`;
    case "template-join":
      return `join(${shape(node.tuple)})`;
    case "for":
      return `for(${node.keyName ?? "-"},${node.valueName} in ${shape(node.collection)}: ${node.key ? `${shape(node.key)} => ` : ""}${shape(node.value)}${node.group ? "..." : ""}${node.condition ? ` if ${shape(node.condition)}` : ""})`;
    case "json-string":
      return node.text;
  }
}

describe("grouping", () => {
  it.each<readonly [text: string, expected: string]>([
    ["1 + 2 * 3 - 4", "((1 + (2 * 3)) - 4)"],
    ["a || b && c == d < e + f * -g", "(a || (b && (c == (d < (e + (f * (-g)))))))"],
    ["a * b + c < d == e && f || g", "((((((a * b) + c) < d) == e) && f) || g)"],
    ["10 - 3 - 2", "((10 - 3) - 2)"],
    ["-a.b + -2", "((-a.b) + (-2))"],
    ["!!a", "(!(!a))"],
    ["a ? b : c ? d : e", "(a ? b : (c ? d : e))"],
    ["a ? b ? c : d : e", "(a ? (b ? c : d) : e)"],
    ["(a + b) * c", "(<(a + b)> * c)"],
    ["a.b[0].c", "a.b[0].c"],
    ['a["k"].0', 'a["k"][0]'],
    ["a[b].c", "((a)[b]).c"],
    ["f(x).a[0]", "(f(x)).a[0]"],
    ["a[*].b[0].c", "(a)[*]{(@).b[0].c}"],
    ["a.*.b[0]", "((a)[*]{(@).b})[0]"],
    ["a[*][*]", "(a)[*]{(@)[*]{@}}"],
    ["ns::f(a, b...)", "ns::f(a, b...)"],
    ['{a = 1, (b) = 2, "c${d}" : 3}', '{a = 1, !<b> = 2, ""c" d" = 3}'],
    ["[for k, v in a: v if k]", "for(k,v in a: v if k)"],
    ["{for v in a: v => v...}", "for(-,v in a: v => v...)"],
    ['"a${b}"', '""a" b"'],
    ['"${a}"', "wrap(a)"],
    ['"%{ if a }b%{ endif }"', '"(a ? ""b"" : "")"'],
    ['"%{ for x in a }b%{ endfor }"', '"join(for(-,x in a: ""b""))"'],
    ["for", "for"],
    ["null", "null"],
    ["true(x)", "true(x)"],
  ])("%s is %s", (text, expected) => {
    expect(shape(parse(text))).toBe(expected);
  });
});

describe("places", () => {
  it.each<readonly [text: string, start: string]>([
    ["abc.d[0]", "abc.d[0]"],
    ["12", "12"],
    ['"abc"', "abc"],
    ['"${abc}"', '"${abc}"'],
    ['"${abc}d"', "abc"],
    ['""', ""],
    ['"a$b%c${d}"', "a$b%c"],
    ["<<A\nb\nc\nA", "b\nc\n"],
    ["<<-A\n  b\n   c\n  A", "b\n   c\n"],
    ["<<-A\n  b ${c}\n  A", "b "],
    ["upper(a)", "upper("],
    ["[a]", "["],
    ["{a = b}", "{"],
    ["[for a in b: a]", "["],
    ["a + b * c", "a"],
    ["a ? b : c", "a"],
    ["-a", "-"],
    ["a[b]", "["],
    ["a[*].b", "[*]"],
    ["a.*.b", ".*"],
    ["(a + b)", "a"],
    ["f(x).a", "f(x).a"],
  ])("the start range of %s is %j", (text, expected) => {
    const { file, start, end } = startRange(parse(text));
    expect(file.text.slice(start, end)).toBe(expected);
  });

  it("nodes cover what is written", () => {
    for (const text of ["a.b[0]", 'f("x", [1])', "a ? b : c", '"x${y}z"', "{ a = 1 }", "a[*].b", "(a)", "[for x in y: x]", "a[b]", "-a"]) {
      const { file, start, end } = parse(text);
      expect(file.text.slice(start, end)).toBe(text);
    }
  });
});

describe("references", () => {
  const roots = (text: string): readonly string[] =>
    mentionsOf(parse(text)).flatMap((mention) => (mention.kind === "traversal" ? [`${mention.root}${steps(mention.steps)}`] : []));

  it.each<readonly [text: string, expected: readonly string[]]>([
    ["a ? b : c.d[0]", ["a", "b", "c.d[0]"]],
    ["a[b]", ["a", "b"]],
    ['{a = b, (c) = d, "${e}" = f, g.h = i}', ["b", "c", "d", "e", "f", "g.h", "i"]],
    ["[for x in a: [x, b, for.c] if d]", ["a", "b", "for.c", "d"]],
    ["[for x in x: x]", ["x"]],
    ['{for k, v in a: k => [for k in v: "${k}${w}"]}', ["a", "w"]],
    ["[for a in [1]: a][a]", ["a"]],
    ["f(a, g(b)...)", ["a", "b"]],
    ["a[*].b[c]", ["a", "c"]],
    ['"%{ for x in a }${x}${b}%{ endfor }"', ["a", "b"]],
    ["convert(a, list(string))", ["a", "string"]],
  ])("of %s are %j", (text, expected) => {
    expect(roots(text)).toEqual(expected);
  });

  it("includes every call, outer ones first", () => {
    expect(mentionsOf(parse("f(g(1), [for x in h(): i(x)]) + ns::j()")).map((mention) => mention.kind === "call" && mention.name)).toEqual([
      "f",
      "g",
      "h",
      "i",
      "ns::j",
    ]);
  });

  it("costs no stack for long chains", () => {
    expect(roots(Array.from({ length: 20_000 }, (_, i) => `a${i}`).join(" + "))).toHaveLength(20_000);
  });
});

describe("static forms", () => {
  it("tell words and lists", () => {
    expect(["a", "true", "null", "(a)", "a.b", '"a"', "1"].map((text) => keywordOf(parse(text)))).toEqual([
      "a",
      "true",
      "null",
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect(staticList(parse("[a, 1]"))).toHaveLength(2);
    expect(staticList(parse("a"))).toBeUndefined();
  });
});
