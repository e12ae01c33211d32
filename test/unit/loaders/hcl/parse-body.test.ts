/** What is no native syntax: bodies, blocks, characters (spec/hcl.md 1.8, 2, 8.5). The expectations are the reference's. */
import { describe, expect, it } from "vitest";
import type { Diagnostic } from "../../../../src/diagnostics.ts";
import type { Body } from "../../../../src/loaders/hcl/ast.ts";
import { parseHcl } from "../../../../src/loaders/hcl/native-body.ts";
import { told } from "./evaluate-rig.ts";

const parse = (text: string): ReturnType<typeof parseHcl> => parseHcl({ name: "docker-bake.hcl", text });

type Row = readonly [text: string, expected: string, line?: string];

function refuses(subject: string, rows: readonly Row[]): void {
  describe(subject, () => {
    for (const [text, expected, line] of rows) {
      it(`${line === undefined ? "" : `${line} `}${JSON.stringify(text)} gives ${expected}`, () => {
        expect(told(parse(text).diagnostics[0] as Diagnostic)).toBe(`✗ ${expected}`);
      });
    }
  });
}

refuses("bodies", [
  ["a = # c", "1,8-8: Missing expression; Expected the start of an expression, but found the end of the file."],
  ["a = # c\n", "1,5-2,1: Invalid expression; Expected the start of an expression, but found an invalid expression token."],
  ['t "a', "1,5-5: Unterminated string literal; Unable to find the closing quote mark before the end of the file."],
  [
    "a\n",
    '1,1-2: Argument or block definition required; An argument or block definition is required here. To set an argument, use the equals sign "=" to introduce the argument value.',
  ],
  [
    "a.b = 1\n",
    '1,1-2: Argument or block definition required; An argument or block definition is required here. To set an argument, use the equals sign "=" to introduce the argument value.',
  ],
  [
    "a : 1\n",
    '1,1-2: Argument or block definition required; An argument or block definition is required here. To set an argument, use the equals sign "=" to introduce the argument value.',
  ],
  [
    "a += 1\n",
    '1,1-2: Argument or block definition required; An argument or block definition is required here. To set an argument, use the equals sign "=" to introduce the argument value.',
  ],
  ["= 1\n", "1,1-2: Argument or block definition required; An argument or block definition is required here."],
  ["1 = 1\n", "1,1-2: Argument or block definition required; An argument or block definition is required here."],
  ["}\n", "1,1-2: Argument or block definition required; An argument or block definition is required here."],
  ['"a" = 1\n', "1,1-2: Invalid argument name; Argument names must not be quoted."],
  ["a = 1 2\n", "1,7-8: Missing newline after argument; An argument definition must end with a newline."],
  [
    "a = 1, b = 2\n",
    "1,6-7: Unexpected comma after argument; Argument definitions must be separated by newlines, not commas. An argument definition must end with a newline.",
  ],
  ["a = 1\na = 2\n", '2,1-2: Attribute redefined; The argument "a" was already set at 1,1-2. Each argument may be set only once.'],
  ["a = 0x10\n", "1,6-9: Missing newline after argument; An argument definition must end with a newline.", "[hcl 2]"],
  ['target "default" {\n args = { v = 1 } }\n', "2,19-20: Missing newline after argument; An argument definition must end with a newline.", "[hcl 17]"],
  [
    'target "default" { args = { v = 1 }, tags = [] }\n',
    "1,36-37: Invalid single-argument block definition; Single-line block syntax can include only one argument definition. To define multiple arguments, use the multi-line block syntax with one argument definition per line.",
    "[hcl 18]",
  ],
  [
    't "x"\n',
    '1,6-2,1: Invalid block definition; A block definition must have block content delimited by "{" and "}", starting on the same line as the block header.',
  ],
  ["t x = 1\n", '1,5-6: Invalid block definition; The equals sign "=" indicates an argument definition, and must not be used when defining a block.'],
  ["t x , {\n", '1,5-6: Invalid block definition; Either a quoted string block label or an opening brace ("{") is expected here.'],
  [
    't "${x}" {}\n',
    '1,4-6: Invalid string literal; Template sequences are not allowed in this string. To include a literal "$", double it (as "$$") to escape it.',
  ],
  [
    't "%{x}" {}\n',
    '1,4-6: Invalid string literal; Template sequences are not allowed in this string. To include a literal "%", double it (as "%%") to escape it.',
  ],
  ['t "a\\q" {}\n', '1,5-7: Invalid escape sequence; The symbol "q" is not a valid escape sequence selector.'],
  [
    "t { a = 1\n",
    "1,10-2,1: Invalid single-argument block definition; An argument definition on the same line as its containing block creates a single-line block definition, which must also be closed on the same line. Place the block's closing brace immediately after the argument definition.",
  ],
  [
    "t { a = 1\n}\n",
    "1,10-2,1: Invalid single-argument block definition; An argument definition on the same line as its containing block creates a single-line block definition, which must also be closed on the same line. Place the block's closing brace immediately after the argument definition.",
  ],
  [
    "t { a = 1, b = 2 }\n",
    "1,10-11: Invalid single-argument block definition; Single-line block syntax can include only one argument definition. To define multiple arguments, use the multi-line block syntax with one argument definition per line.",
  ],
  [
    "t { a = 1 b = 2 }\n",
    "1,11-12: Invalid single-argument block definition; A single-line block definition must end with a closing brace immediately after its single argument definition.",
  ],
  [
    "t { u {} }\n",
    '1,5-8: Argument definition required; A single-line block definition can contain only a single argument. If you meant to define argument "u", use an equals sign to assign it a value. To define a nested block, place it on a line of its own within its parent block.',
  ],
  [
    "t { co\n}\n",
    '1,5-7: Argument or block definition required; An argument or block definition is required here. To set an argument, use the equals sign "=" to introduce the argument value.',
  ],
  ["t { 5 }\n", "1,5-6: Argument or block definition required; An argument or block definition is required here."],
  [
    "t {\n",
    "1,3-4: Unclosed configuration block; There is no closing brace for this block before the end of the file. This may be caused by incorrect brace nesting elsewhere in this file.",
  ],
  [
    "t {\n u {\n }\n",
    "1,3-4: Unclosed configuration block; There is no closing brace for this block before the end of the file. This may be caused by incorrect brace nesting elsewhere in this file.",
  ],
  ["t {} u {}\n", "1,6-7: Missing newline after block definition; A block definition must end with a newline."],
  ["t {\n a = 1\n a = 2\n}\n", '3,2-3: Attribute redefined; The argument "a" was already set at 2,2-3. Each argument may be set only once.'],
  [
    't "x\n',
    '1,5-2,1: Invalid multi-line string; Quoted strings may not be split over multiple lines. To produce a multi-line string, either use the \\n escape to represent a newline character or use the "heredoc" multi-line template syntax.',
  ],
  ["a =\n", "1,4-2,1: Invalid expression; Expected the start of an expression, but found an invalid expression token."],
  ["a =", "1,4-4: Missing expression; Expected the start of an expression, but found the end of the file."],
  [
    "a = [1\n",
    "1,5-6: Unterminated tuple constructor expression; There is no corresponding closing bracket before the end of the file. This may be caused by incorrect bracket nesting elsewhere in this file.",
  ],
  ["a = {b = 1\n", "2,1-1: Missing expression; Expected the start of an expression, but found the end of the file."],
  [
    "a = f(1\n",
    "1,5-7: Unterminated function call; There is no closing parenthesis for this function call before the end of the file. This may be caused by incorrect parenthesis nesting elsewhere in this file.",
  ],
  ["a = (1\n", "2,1-1: Unbalanced parentheses; Expected a closing parenthesis to terminate the expression."],
  ["a = <<EOT\nx", "2,2-2: Unterminated template string; No closing marker was found for the string."],
  [
    "a = <<EOT\n${x\nEOT\n",
    '3,1-4: Extra characters after interpolation expression; Expected a closing brace to end the interpolation expression, but found extra characters.\n\nThis can happen when you include interpolation syntax for another language, such as shell scripting, but forget to escape the interpolation start token. If this is an embedded sequence for another language, escape it by starting with "$${" instead of just "${".',
  ],
  [
    'a = "${x\n',
    "1,6-8: Unclosed template interpolation sequence; There is no closing brace for this interpolation sequence before the end of the file. This might be caused by incorrect nesting inside the given expression.",
  ],
  [
    "a = [\n  1,\n  [2\n]\n",
    "1,5-6: Unterminated tuple constructor expression; There is no corresponding closing bracket before the end of the file. This may be caused by incorrect bracket nesting elsewhere in this file.",
  ],
]);

refuses("characters", [
  ["a = 1 & 2\n", '1,7-8: Unsupported operator; Bitwise operators are not supported. Did you mean boolean AND ("&&")?'],
  ["a = 1 | 2\n", '1,7-8: Unsupported operator; Bitwise operators are not supported. Did you mean boolean OR ("||")?'],
  ["a = 1 ^ 2\n", "1,7-8: Unsupported operator; Bitwise operators are not supported."],
  ["a = ~1\n", '1,5-6: Unsupported operator; Bitwise operators are not supported. Did you mean boolean NOT ("!")?'],
  ["a = 'x'\n", '1,5-6: Invalid character; Single quotes are not valid. Use double quotes (") to enclose strings.', "[hcl 19]"],
  ["a = `x`\n", '1,5-6: Invalid character; The "`" character is not valid. To create a multi-line string, use the "heredoc" syntax, like "<<EOT".'],
  [
    "a = 1;\n",
    '1,6-7: Invalid character; The ";" character is not valid. Use newlines to separate arguments and blocks, and commas to separate items in collection values.',
    "[hcl 20]",
  ],
  [
    'a = "x\ny"\n',
    '1,7-2,1: Invalid multi-line string; Quoted strings may not be split over multiple lines. To produce a multi-line string, either use the \\n escape to represent a newline character or use the "heredoc" multi-line template syntax.',
    "[hcl 21]",
  ],
  ["a = <<EOT\nx\nEOT", "3,4-4: Unterminated template string; No closing marker was found for the string.", "[hcl 22]"],
  [
    "a = “x”\n",
    '1,5-6: Invalid character; "Curly quotes" are not valid here. These can sometimes be inadvertently introduced when sharing code via documents or discussion forums. It might help to replace the character with a "straight quote".',
  ],
  ['a = "b\\', "1,7-8: Invalid character; This character is not used within the language."],
  ['a = "b\\\n"', "1,7-8: Invalid character; This character is not used within the language."],
  ["a = $x\n", "1,5-6: Invalid character; This character is not used within the language."],
  ["a = @\n", "1,5-6: Invalid character; This character is not used within the language."],
  ["a = /* x\n", "1,5-6: Invalid expression; Expected the start of an expression, but found an invalid expression token."],
  ["a = 1\n", "1,4-5: Invalid character; This character is not used within the language."],
]);

const BLOCKS = { blocks: [{ type: "target", labelNames: ["name"] }] };

/** Attribute names and blocks, as far as the schema names them. */
function outline(body: Body): string {
  const { attributes, blocks } = body.partialContent(BLOCKS);
  return [...attributes.keys(), ...blocks.map((block) => `${block.labels.map((label) => label.text).join()}{${outline(block.body)}}`)].join(" ");
}

describe("bodies", () => {
  it.each<readonly [what: string, text: string, expected: string]>([
    ["[hcl 15] a byte order mark", '\ufefftarget "default" { args = 1 }', "default{args}"],
    ["[hcl 16] a bare label", "target default { args = 1 }", "default{args}"],
    ["an escaped label", 'target "a\\u0041$${x}" {}', "aA${x}{}"],
    ["a block without anything", "target a {}\ntarget b { }\ntarget c {\n}\n", "a{} b{} c{}"],
    ["a comment behind the brace", "target a { # c\n x = 1\n}", "a{x}"],
    ["a comment between marks in a single line", "target a { /* c */ x = 1 }", "a{x}"],
    ["carriage returns", "a = 1\r\ntarget b {\r\n  c = 2\r\n}\r\n", "a b{c}"],
    ["a last line without a newline", "a = 1\nb = 2", "a b"],
    ["words that are special in expressions", "for = 1\nin = 2\nnull = 3\ntrue = 4", "for in null true"],
    ["names of other scripts", "日本 = 1\na-b_c = 2\na-- = 3", "日本 a-b_c a--"],
    ["nothing at all", "", ""],
    ["comments alone", "# a\n// b\n/* c\n*/", ""],
  ])("%s", (_, text, expected) => {
    const { body, diagnostics } = parse(text);
    expect(diagnostics).toEqual([]);
    expect(outline(body)).toBe(expected);
  });

  it("points errors about absent things at the brace, at the only attribute, or at the start", () => {
    const text = "target a {\n}\ntarget b { x = 1 }\n";
    const { body } = parse(text);
    const places = [body, ...body.partialContent(BLOCKS).blocks.map((block) => block.body)].map(({ missingItemRange }) => [
      missingItemRange.start,
      missingItemRange.end,
    ]);
    expect(places).toEqual([
      [0, 0],
      [text.indexOf("{"), text.indexOf("{")],
      [text.indexOf("x"), text.indexOf("x")],
    ]);
  });

  it("reports labels that are missing or too many", () => {
    const messages = (text: string): string[] => parse(text).body.partialContent(BLOCKS).diagnostics.map(told);
    expect(messages("target {}")).toEqual(["✗ 1,8-9: Missing name for target; All target blocks must have 1 labels (name)."]);
    expect(messages('target "a" "b" {}')).toEqual(["✗ 1,12-15: Extraneous label for target; Only 1 labels (name) are expected for target blocks."]);
  });

  it("reports what a schema does not name, with a guess", () => {
    const schema = { blocks: [{ type: "nested", labelNames: [] }], attributes: [{ name: "result", required: true }, { name: "params" }] };
    const messages = (text: string): string[] => parse(text).body.content(schema).diagnostics.map(told);
    expect(messages("reslt = 1")).toEqual([
      '✗ 1,1-6: Unsupported argument; An argument named "reslt" is not expected here. Did you mean "result"?',
      '✗ 1,1-1: Missing required argument; The argument "result" is required, but no definition was found.',
    ]);
    expect(messages("result = 1\nnested = 2")).toEqual([
      '✗ 2,1-7: Unsupported argument; An argument named "nested" is not expected here. Did you mean to define a block of type "nested"?',
    ]);
    expect(messages("result = 1\nresult {}")).toEqual([
      '✗ 2,1-7: Unsupported block type; Blocks of type "result" are not expected here. Did you mean to define argument "result"? If so, use the equals sign to assign it a value.',
    ]);
  });
});

const closed =
  "Invalid single-argument block definition; An argument definition on the same line as its containing block creates a single-line block definition, which must also be closed on the same line. Place the block's closing brace immediately after the argument definition.";
const one =
  "Invalid single-argument block definition; Single-line block syntax can include only one argument definition. To define multiple arguments, use the multi-line block syntax with one argument definition per line.";
const start = "Invalid expression; Expected the start of an expression, but found an invalid expression token.";

refuses("blocks of one line, where what comes behind the mistake is told first", [
  ["t { a = { v = 1 + } }\n\nx = 1\n", `2,1-3,1: ${closed}`],
  ["t { a = { v = 1 + } }\n# c\nx = 1\n", `2,1-3,1: ${closed}`],
  ["t { a = { v = 1 + } }\nx = 1\n", `1,19-20: ${start}`],
  ["t { a = { v = 1 + } }\n", `1,19-20: ${start}`],
  ["t { a = [b c] }\n, x\n", `2,1-2: ${one}`],
  ["t { a = [b c]\n}\n\n", "1,12-13: Missing item separator; Expected a comma to mark the beginning of the next item."],
  ['t { a = ["b" }\n\nx = [1]\n\n', "1,14-15: Missing item separator; Expected a comma to mark the beginning of the next item."],
  ['t { a = "${1+}" }\n\nx = 1\n', `2,1-3,1: ${closed}`],
  ["t { u {} }\n\nx = 1\n", `2,1-3,1: ${closed}`],
  ["t { u }\n\nx = 1\n", `2,1-3,1: ${closed}`],
  ["t { ) }\n\nx = 1\n", `2,1-3,1: ${closed}`],
  [
    "t { a = b ? c }\n\n",
    "1,15-16: Missing false expression in conditional; The conditional operator (...?...:...) requires a false expression, delimited by a colon.",
  ],
]);
