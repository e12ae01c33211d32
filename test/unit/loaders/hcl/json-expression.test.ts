/** Expressions in JSON: strings are templates (spec/hcl.md 7.3). The expectations are the reference's. */
import { describe, expect, it } from "vitest";
import { evaluate } from "../../../../src/loaders/hcl/evaluate.ts";
import { encodeJson } from "../../../../src/loaders/hcl/json-encode.ts";
import { mentionsOf } from "../../../../src/loaders/hcl/references.ts";
import { startRange } from "../../../../src/loaders/hcl/start-range.ts";
import { keywordOf, staticForm, staticList } from "../../../../src/loaders/hcl/static-forms.ts";
import { parseTypeExpression } from "../../../../src/loaders/hcl/type-expression.ts";
import { jsonEvaluation, jsonExpressionOf, toldOfJson } from "./json-rig.ts";

function shown(json: string): string {
  const { value, diagnostics } = jsonEvaluation(json);
  if (diagnostics[0]) return toldOfJson(diagnostics[0]);
  const encoded = encodeJson(value);
  return encoded.ok ? encoded.text : encoded.message;
}

describe("values", () => {
  for (const [json, expected, line] of [
    ['"${1+1}"', "2", "[hcl 116]"],
    ['"$${x}"', '"${x}"', "[hcl 117]"],
    ['"a\\\\nb"', '"a\\\\nb"', "[hcl 118]"],
    ['" ${~ 1 ~} "', '"1"', "[hcl 119]"],
    ['"${nosuch}"', '✗ 1,9-15: Unknown variable; There is no variable named "nosuch".', "[hcl 122]"],
    ['"%{ if true }y%{ endif }"', '"y"', "[hcl 123]"],
    ['"line1\\n  ${~ 1 ~}\\n line3"', '"line1\\n1 line3"'],
    ['"${\\"a\\"}"', '"a"'],
    ['"${[1,2]}"', "[1,2]"],
    ['{"${\\"x\\"}":"1"}', '{"x":"1"}'],
    ['{"${\\"x\\"}":"1","x":"2"}', '✗ 1,22-25: Duplicate object attribute; An attribute named "x" was already defined at 1,7-17.'],
    ['{"${null}":"1"}', "✗ 1,7-16: Invalid object key expression; Cannot use null value as an object key."],
    ['{"${[]}":"1"}', "✗ 1,7-14: Invalid object key expression; Cannot use this expression as an object key: string required, but have tuple."],
    ['{"${nosuch}":"1"}', '✗ 1,10-16: Unknown variable; There is no variable named "nosuch".'],
    ['{"//":"1"}', '{"//":"1"}'],
    ['[1,"a",null,true]', '[1,"a",null,true]'],
    ["-0", "-0"],
    ["1.50", "1.5"],
    ['"\\ud800"', '"�"'],
    ['"\\ud83d\\ude00"', '"😀"'],
    ['"e\\u0301"', '"é"'],
    ['"é${nosuch}"', '✗ 1,10-16: Unknown variable; There is no variable named "nosuch".'],
    [
      '"${a b}"',
      '✗ 1,11-12: Extra characters after interpolation expression; Expected a closing brace to end the interpolation expression, but found extra characters.\n\nThis can happen when you include interpolation syntax for another language, such as shell scripting, but forget to escape the interpolation start token. If this is an embedded sequence for another language, escape it by starting with "$${" instead of just "${".',
    ],
    ['"${"', "✗ 1,9-9: Missing expression; Expected the start of an expression, but found the end of the file."],
    ['"%{ endif }"', "✗ 1,7-17: Unexpected endif directive; The control directives within this template are unbalanced."],
    ['"${upper(\\"x\\")}"', '"X"'],
    ['"${l[0]}"', '"a"'],
    ['"%%{x}"', '"%{x}"'],
  ] as readonly (readonly [string, string, string?])[]) {
    it(`${line === undefined ? "" : `${line} `}${json} gives ${expected}`, () => {
      expect(shown(json)).toBe(expected);
    });
  }

  it("keeps numbers exactly", () => {
    expect(shown("1e400")).toBe(`1${"0".repeat(400)}`);
    expect(shown("123456789012345678901234567890.5")).toBe("123456789012345678901234567890.5");
  });

  it("[hcl 121] objects stay objects", () => {
    expect(shown("{}")).toBe("{}");
  });
});

describe("where strings are not evaluated", () => {
  it("without a scope they are plain text", () => {
    expect(evaluate(jsonExpressionOf('"${not parsed"')).value.content).toBe("${not parsed");
  });

  it("static forms read them as native syntax", () => {
    expect(keywordOf(jsonExpressionOf('"rest"'))).toBe("rest");
    expect(keywordOf(jsonExpressionOf('"${rest}"'))).toBeUndefined();
    expect(staticList(jsonExpressionOf('["a","b"]'))?.map(keywordOf)).toEqual(["a", "b"]);
    expect(staticForm(jsonExpressionOf('"list(string)"')).kind).toBe("call");
    expect(staticForm(jsonExpressionOf('"list(string) x"')).kind).toBe("json-string");
    expect(staticForm(jsonExpressionOf('"target.a.tags[0]"')).kind).toBe("traversal");
  });

  it("types are spelled in them", () => {
    expect(parseTypeExpression(jsonExpressionOf('"list(string)"'))).toEqual({ ok: true, type: { kind: "list", element: { kind: "string" } } });
  });

  it.each<readonly [json: string, place: string, detail: string]>([
    ['"strig"', "1,6-13", 'The keyword "strig" is not a valid type specification.'],
    ['"oct(string)"', "1,6-19", 'Keyword "oct" is not a valid type constructor.'],
    ['"list(strig)"', "1,11-16", 'The keyword "strig" is not a valid type specification.'],
    ['"list()"', "1,10-12", "The list type constructor requires one argument specifying the element type."],
    ['"optional(string)"', "1,6-14", 'Keyword "optional" is valid only as a modifier for object type attributes.'],
    [
      '["string"]',
      "1,6-16",
      "A type specification is either a primitive type keyword (bool, number, string) or a complex type constructor call, like list(string).",
    ],
  ])("the type %s is refused at %s", (json, place, detail) => {
    const parsed = parseTypeExpression(jsonExpressionOf(json));
    expect(parsed.ok ? "" : toldOfJson(parsed.diagnostic)).toBe(`✗ ${place}: Invalid type specification; ${detail}`);
  });
});

describe("places in JSON", () => {
  it("finds the references of every string", () => {
    const expression = jsonExpressionOf('{"${a}":["${b.c}",{"d":"x${[for e in f: e]}"}],"g":"$${h}"}');
    expect(mentionsOf(expression).flatMap((mention) => (mention.kind === "traversal" ? [mention.root] : []))).toEqual(["a", "b", "f"]);
  });

  it("points at the whole of a string and at the bracket of what has one", () => {
    const place = (json: string): readonly number[] => [startRange(jsonExpressionOf(json)).start, startRange(jsonExpressionOf(json)).end];
    expect(place('"abc"')).toEqual([5, 10]);
    expect(place("[1]")).toEqual([5, 6]);
    expect(place('{"a":1}')).toEqual([5, 6]);
    expect(place("12")).toEqual([5, 7]);
  });
});
