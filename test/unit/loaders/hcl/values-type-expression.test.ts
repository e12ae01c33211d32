/** Type constraints (spec/hcl.md 5.5) over hand-made syntax: a word is its own range. */
import { describe, expect, it } from "vitest";
import { type CallNode, type Expression, ObjectKeyNode, type ObjectNode, type TupleNode } from "../../../../src/loaders/hcl/ast.ts";
import { parseTypeExpression, requireAll } from "../../../../src/loaders/hcl/type-expression.ts";
import { BOOL, DYNAMIC, listOf, mapOf, NULL, NUMBER, setOf, STRING, string, type Type } from "../../../../src/loaders/hcl/values.ts";

const file = { name: "t.hcl", text: "" };
let next = 0;
const at = (): { file: typeof file; start: number; end: number } => ({ file, start: next++, end: next });

const word = (root: string): Expression => {
  return { kind: "traversal", root, steps: [], ...at() };
};
const call = (name: string, ...args: readonly Expression[]): CallNode => ({
  kind: "call",
  name,
  nameEnd: next,
  args,
  expandFinal: false,
  open: next,
  ...at(),
});
const tuple = (...items: readonly Expression[]): TupleNode => ({ kind: "tuple", items, constant: undefined, ...at() });
const object = (...items: readonly (readonly [string | Expression, Expression])[]): ObjectNode => ({
  kind: "object",
  items: items.map(([key, value]) => ({ key: new ObjectKeyNode(file, next++, next, key, false), value })),
  json: false,
  layout: undefined,
  ...at(),
});
const text = (content: string): Expression => ({ kind: "literal", value: string(content), ...at() });

const typeOf = (expression: Expression): Type | string => {
  const parsed = parseTypeExpression(expression);
  return parsed.ok ? parsed.type : (parsed.diagnostic.detail ?? "");
};

describe("a type expression", () => {
  it.each<readonly [string, Expression, Type]>([
    ["string", word("string"), STRING],
    ["number", word("number"), NUMBER],
    ["bool", word("bool"), BOOL],
    ["any", word("any"), DYNAMIC],
    ["list(string)", call("list", word("string")), listOf(STRING)],
    ["set(any)", call("set", word("any")), setOf(DYNAMIC)],
    ["map(list(number))", call("map", call("list", word("number"))), mapOf(listOf(NUMBER))],
    ["tuple([string, bool])", call("tuple", tuple(word("string"), word("bool"))), { kind: "tuple", elements: [STRING, BOOL] }],
    [
      "object with an optional attribute",
      call("object", object(["b", call("optional", word("bool"))], ["a", word("string")])),
      {
        kind: "object",
        attributes: new Map<string, Type>([
          ["a", STRING],
          ["b", BOOL],
        ]),
        optional: new Set(["b"]),
      },
    ],
  ])("%s", (_, expression, expected) => {
    expect(typeOf(expression)).toEqual(expected);
  });

  const shape = "A type specification is either a primitive type keyword (bool, number, string) or a complex type constructor call, like list(string).";
  it.each<readonly [string, Expression, string]>([
    ["an unknown word [hcl 92]", word("foo"), 'The keyword "foo" is not a valid type specification.'],
    ["null", { kind: "literal", value: NULL, ...at() }, 'The keyword "null" is not a valid type specification.'],
    ["an unknown constructor", call("foo", word("string")), 'Keyword "foo" is not a valid type constructor.'],
    ["a quoted word", text("string"), shape],
    ["a word in parentheses", { kind: "parentheses", inner: word("string"), ...at() }, shape],
    ["a bare list", word("list"), "The list type constructor requires one argument specifying the element type."],
    ["list()", call("list"), "The list type constructor requires one argument specifying the element type."],
    ["map(a, b)", call("map", word("a"), word("b")), "The map type constructor requires one argument specifying the element type."],
    ["object()", call("object"), "The object type constructor requires one argument specifying the attribute types and values as a map."],
    ["tuple()", call("tuple"), "The tuple type constructor requires one argument specifying the element types as a list."],
    [
      "object([])",
      call("object", tuple()),
      "Object type constructor requires a map whose keys are attribute names and whose values are the corresponding attribute types.",
    ],
    ["tuple(string)", call("tuple", word("string")), "Tuple type constructor requires a list of element types."],
    ["string()", call("string"), 'Primitive type keyword "string" does not expect arguments.'],
    ["any()", call("any"), 'Type constraint keyword "any" does not expect arguments.'],
    ["a quoted key", call("object", object([text("a"), word("string")])), "Object constructor map keys must be attribute names."],
    ["a key twice", call("object", object(["a", word("string")], ["a", word("bool")])), "Object constructor map keys must be unique."],
    ["optional at the top", call("optional", word("string")), 'Keyword "optional" is valid only as a modifier for object type attributes.'],
    ["optional()", call("object", object(["a", call("optional")])), "Optional attribute modifier requires the attribute type as its argument."],
    [
      "optional with a default",
      call("object", object(["a", call("optional", word("string"), text("d"))])),
      "Optional attribute modifier expects only one argument: the attribute type.",
    ],
    ["a mistake inside", call("list", call("map", word("foo"))), 'The keyword "foo" is not a valid type specification.'],
  ])("refuses %s", (_, expression, detail) => {
    expect(typeOf(expression)).toBe(detail);
  });

  it("blames the surplus arguments, or the parentheses when there are none", () => {
    const surplus = call("list", word("a"), word("b"), word("c"));
    const empty = call("list");
    const rangeOf = (expression: Expression): readonly (number | undefined)[] => {
      const parsed = parseTypeExpression(expression);
      return parsed.ok ? [] : [parsed.diagnostic.range?.start, parsed.diagnostic.range?.end];
    };
    expect(rangeOf(surplus)).toEqual([surplus.args[1]?.start, surplus.args[2]?.end]);
    expect(rangeOf(empty)).toEqual([empty.open, empty.end]);
  });

  it("loses its optional attributes where they mean nothing", () => {
    const attributes = new Map<string, Type>([["a", BOOL]]);
    expect(requireAll(listOf({ kind: "object", attributes, optional: new Set(["a"]) }))).toEqual(listOf({ kind: "object", attributes }));
  });
});
