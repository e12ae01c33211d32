/** What is no JSON, or no body in JSON (spec/hcl.md 7.1, 7.2). The expectations are the reference's. */
import { describe, expect, it } from "vitest";
import type { Diagnostic } from "../../../../src/diagnostics.ts";
import type { Body, BodySchema } from "../../../../src/loaders/hcl/ast.ts";
import { parseJson } from "../../../../src/loaders/hcl/json-body.ts";
import { toldOfJson } from "./json-rig.ts";

const FILE: BodySchema = { blocks: ["target", "function"].map((type) => ({ type, labelNames: ["name"] })) };
const BLOCK: BodySchema = { blocks: [], attributes: ["args", "params", "result", "tags"].map((name) => ({ name })) };

/** Problems of the text, of the file by its schema, and of its blocks by theirs. */
function problems(text: string): readonly Diagnostic[] {
  const { body, diagnostics } = parseJson({ name: "docker-bake.json", text });
  if (diagnostics.length > 0) return diagnostics;
  const file = body.partialContent(FILE);
  return [...file.diagnostics, ...file.blocks.flatMap((block) => block.body.content(BLOCK).diagnostics)];
}

type Row = readonly [text: string, expected: string, line?: string];

function refuses(subject: string, rows: readonly Row[]): void {
  describe(subject, () => {
    for (const [text, expected, line] of rows) {
      it(`${line === undefined ? "" : `${line} `}${JSON.stringify(text)} gives ${expected}`, () => {
        expect(toldOfJson(problems(text)[0] as Diagnostic)).toBe(`✗ ${expected}`);
      });
    }
  });
}

refuses("values", [
  ['{"a":x}', '1,6-7: Invalid JSON keyword; "x" is not a valid JSON keyword.'],
  ['{"a":_x}', "1,6-7: Invalid start of value; A JSON value must start with a brace, a bracket, a number, a string, or a keyword."],
  ['{"a":t_x}', '1,6-9: Invalid JSON keyword; "t_x" is not a valid JSON keyword.'],
  ['{"a":true1}', "1,12-12: Missing attribute seperator comma; A comma must appear between each property definition in an object."],
  ['{"a":tru}', '1,6-9: Invalid JSON keyword; "tru" is not a valid JSON keyword. Did you mean "true"?'],
  ['{"a":True}', '1,6-10: Invalid JSON keyword; "True" is not a valid JSON keyword. Did you mean "true"?'],
  ['{"a":NaN}', '1,6-9: Invalid JSON keyword; The JavaScript identifier "NaN" cannot be used in JSON.'],
  ['{"a":undefined}', '1,6-15: Invalid JSON keyword; The JavaScript identifier "undefined" cannot be used in JSON.'],
  ['{"a":01}', "1,6-8: Invalid JSON number; There is a syntax error in the given JSON number.", "[hcl 120]"],
  ['{"a":+1}', "1,6-8: Invalid JSON number; There is a syntax error in the given JSON number."],
  ['{"a":.5}', "1,6-8: Invalid JSON number; There is a syntax error in the given JSON number."],
  ['{"a":1.}', "1,6-8: Invalid JSON number; There is a syntax error in the given JSON number."],
  ['{"a":1e}', "1,6-8: Invalid JSON number; There is a syntax error in the given JSON number."],
  ['{"a":-}', "1,6-7: Invalid JSON number; There is a syntax error in the given JSON number."],
  ['{"a":"\\x"}', "1,9-10: Invalid JSON string; There is a syntax error in the given JSON string."],
  ['{"a":"\\u12"}', "1,12-13: Invalid JSON string; There is a syntax error in the given JSON string."],
  ['{"a":"b\tc"}', "1,8-9: Invalid JSON string; There is a syntax error in the given JSON string."],
  ["{\"a\":'b'}", "1,6-7: Invalid start of value; A JSON value must start with a brace, a bracket, a number, a string, or a keyword."],
  ['{"a":#}', "1,6-7: Invalid start of value; A JSON value must start with a brace, a bracket, a number, a string, or a keyword."],
]);

refuses("objects", [
  ['{"a":1', "1,1-2: Unclosed object; No closing brace was found for this JSON object."],
  ['{"a":1]', "1,8-8: Mismatched braces; A JSON object must be closed with a brace, not a bracket."],
  ['{"a":1,}', "1,7-8: Trailing comma in object; JSON does not permit a trailing comma after the final property in an object."],
  [
    '{"target":{"default":{"args":{"v":1,}}}}',
    "1,36-37: Trailing comma in object; JSON does not permit a trailing comma after the final property in an object.",
    "[hcl 124]",
  ],
  ['{"a"}', "1,5-6: Missing object value; A JSON object attribute must have a value, introduced by a colon."],
  ['{"a",}', "1,5-6: Missing object value; A JSON object attribute must have a value, introduced by a colon."],
  ['{"a"=1}', "1,5-6: Missing property value colon; JSON uses a colon as its name/value delimiter, not an equals sign."],
  ['{"a" 1}', "1,6-7: Missing property value colon; A colon must appear between an object property's name and its value."],
  ['{"a":1 "b":2}', "1,14-14: Missing attribute seperator comma; A comma must appear between each property definition in an object."],
  ["{1:2}", "1,2-3: Invalid object property name; A JSON object property name must be a string"],
  ["{a:1}", '1,2-3: Invalid JSON keyword; "a" is not a valid JSON keyword.'],
  ['{"a":}', "1,6-7: Missing JSON value; A JSON value must start with a brace, a bracket, a number, a string, or a keyword."],
  ['{"a":]}', "1,6-7: Missing array element value; A JSON value must start with a brace, a bracket, a number, a string, or a keyword."],
  ["{", "1,2-2: Missing value; The JSON data ends prematurely."],
  ["{,}", "1,2-3: Invalid start of value; A JSON value must start with a brace, a bracket, a number, a string, or a keyword."],
]);

refuses("arrays", [
  ['{"a":[1,]}', "1,8-9: Trailing comma in array; JSON does not permit a trailing comma after the final value in an array."],
  ['{"a":[1 2]}', "1,11-12: Missing attribute seperator comma; A comma must appear between each value in an array."],
  ['{"a":[1}', "1,9-9: Mismatched brackets; A JSON array must be closed with a bracket, not a brace."],
  ['{"a":["b":1]}', "1,13-14: Invalid array value; A colon is not used to introduce values in a JSON array."],
  ['{"a":[1', "1,6-7: Unclosed object; No closing bracket was found for this JSON array."],
  ['{"a":[,]}', "1,7-8: Invalid start of value; A JSON value must start with a brace, a bracket, a number, a string, or a keyword."],
]);

refuses("documents", [
  ['"x"', "1,1-4: Root value must be object; The root value in a JSON-based configuration must be either a JSON object or a JSON array of objects."],
  ["5", "1,1-2: Root value must be object; The root value in a JSON-based configuration must be either a JSON object or a JSON array of objects."],
  ["null", "1,1-5: Root value must be object; The root value in a JSON-based configuration must be either a JSON object or a JSON array of objects."],
  ["{} x", "1,4-5: Extraneous data after value; Extra characters appear after the JSON value."],
  ["{}{}", "1,3-4: Extraneous data after value; Extra characters appear after the JSON value."],
  ["]", "1,1-2: Missing array element value; A JSON value must start with a brace, a bracket, a number, a string, or a keyword."],
]);

refuses("bodies and blocks", [
  [
    '{"target":5}',
    "1,11-12: Incorrect JSON value type; Either a JSON object or JSON array of objects is required here, to specify name labels for this block.",
  ],
  [
    '{"target":"x"}',
    "1,11-14: Incorrect JSON value type; Either a JSON object or JSON array of objects is required here, to specify name labels for this block.",
  ],
  ['{"target":[5]}', "1,12-13: Incorrect JSON value type; A JSON object is required here, to specify name labels for this block."],
  ['{"target":{}}', "1,11-12: Missing block label; At least one object property is required, whose name represents the target block's name."],
  ['{"target":null}', "1,11-15: Missing block label; At least one object property is required, whose name represents the target block's name."],
  ['{"target":[]}', "1,11-12: Missing block label; At least one object property is required, whose name represents the target block's name."],
  [
    '{"target":{"default":5}}',
    '1,22-23: Incorrect JSON value type; Either a JSON object or a JSON array is required, representing the contents of one or more "target" blocks.',
  ],
  [
    '{"target":{"default":[5]}}',
    "1,23-24: Incorrect JSON value type; Either a JSON object or JSON array of objects is required here, to define arguments and child blocks.",
  ],
  ['[{"target":{"default":{}}}]', "1,1-2: Incorrect JSON value type; A JSON object is required here, setting the arguments for this block."],
  ['{"target":{"default":{"args":{},"args":{}}}}', '1,33-39: Duplicate argument; The argument "args" was already set at 1,23-32.'],
  ['{"a":1,"a":2,"target":{"default":{}}}', '1,8-11: Duplicate attribute definition; The argument "a" was already set at 1,2-7.'],
  [
    '{"target":{"//":"x","default":{}}}',
    '1,17-20: Incorrect JSON value type; Either a JSON object or a JSON array is required, representing the contents of one or more "target" blocks.',
  ],
  ['{"function":{"f":{"params":[],"result":1,"reslt":2}}}', '1,42-49: Extraneous JSON object property; No argument or block type is named "reslt".'],
]);

/** Labels, and attributes with the JSON kind of their expression. */
function outline(body: Body, schema: BodySchema): string {
  const { attributes, blocks } = body.partialContent(schema);
  const inner = blocks.map((block) => `${block.type}.${block.labels.map((label) => label.text).join()}{${outline(block.body, BLOCK)}}`);
  return [...attributes.keys(), ...inner].join(" ");
}

describe("bodies and blocks in JSON", () => {
  it.each<readonly [what: string, text: string, expected: string]>([
    ["a list of bodies is several blocks", '{"target":{"a":[{"args":{}},{"tags":[]}]}}', "target.a{args} target.a{tags}"],
    ["a list at the level of labels", '{"target":[{"a":{}},{"a":{},"b":{}}]}', "target.a{} target.a{} target.b{}"],
    ["a block type twice", '{"target":{"a":{}},"target":{"b":{}}}', "target.a{} target.b{}"],
    ["a null body is no block", '{"target":{"a":null,"b":{}}}', "target.b{}"],
    ["other properties of the file are attributes", '{"x":1,"group":{"y":2},"target":{"a":{}}}', "x group target.a{}"],
    ["comments", '{"//":"x","//":"y","target":{"a":{"//":"z","args":{}}}}', "target.a{args}"],
    ["names are taken literally", '{"$${x}":1,"target":{"${y}":{}}}', "$${x} target.${y}{}"],
    ["a body from several objects", '{"target":{"a":[{"args":{}}]}}', "target.a{args}"],
  ])("%s", (_, text, expected) => {
    const { body, diagnostics } = parseJson({ name: "docker-bake.json", text });
    expect(diagnostics).toEqual([]);
    expect(outline(body, FILE)).toBe(expected);
  });

  it("refuses nesting that would exhaust the stack", () => {
    const [first] = problems(`{"a":${"[".repeat(100_000)}`);
    expect(first?.summary).toBe("Nesting too deep");
  });

  it("ends a number, a word and a text at the end of the file", () => {
    for (const text of ["", "-", "1", "t", '"', '"\\', '{"a":"\\u', "{", "[", '{"']) {
      for (const { range } of problems(text)) expect(range?.end).toBeLessThanOrEqual(text.length);
    }
  });
});
