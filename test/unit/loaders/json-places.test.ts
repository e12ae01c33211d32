/** Where mistakes in JSON definitions are: columns, and places behind escapes (spec/hcl.md 7.1, 7.3). Expectations are the reference's. */
import { type Case, loads } from "./rig.ts";

const refusal = (title: string, text: string, expected: string): Case => [title, { "b.json": text }, `✗ ${expected}`, { f: ["b.json"] }];

const string = (written: string): string => `{"target":{"default":{"args":{"v":"${written}"}}}}`;
const unknown = (place: string): string => `b.json:${place}: Unknown variable; There is no variable named "x"., and 1 other diagnostic(s)`;

loads("columns", [
  refusal(
    "a tab between values is two columns wide",
    '{\n\t"a":\ttru\n}',
    'b.json:2,9-12: Invalid JSON keyword; "tru" is not a valid JSON keyword. Did you mean "true"?',
  ),
  refusal(
    "a carriage return has none",
    '{\r\n"a":\r"b\r"}',
    "b.json:2,7-8: Invalid JSON string; There is a syntax error in the given JSON string., and 2 other diagnostic(s)",
  ),
  refusal(
    "a combined character is one, an escape as long as it is written",
    '{"e\u0301\\t":tru}',
    'b.json:1,8-11: Invalid JSON keyword; "tru" is not a valid JSON keyword. Did you mean "true"?',
  ),
  refusal(
    "a newline in a string is one",
    '{"a":"\n"}',
    "b.json:1,7-8: Invalid JSON string; There is a syntax error in the given JSON string., and 2 other diagnostic(s)",
  ),
  refusal(
    "so is the end of the text",
    '{"a":"x',
    "b.json:1,8-9: Invalid JSON string; There is a syntax error in the given JSON string., and 2 other diagnostic(s)",
  ),
  refusal(
    "so is a byte order mark",
    "\ufeff{}",
    "b.json:1,1-2: Invalid start of value; A JSON value must start with a brace, a bracket, a number, a string, or a keyword., and 1 other diagnostic(s)",
  ),
]);

loads("strings", [
  refusal("an escape counts as what it stands for", string("\\t\\u00e9\\\\${x}"), unknown("1,41-42")),
  refusal("a surrogate pair is one column", string("\\ud83d\\ude00${x}"), unknown("1,39-40")),
  refusal("a newline begins a line", string("a\\nb\\n  ${x}"), unknown("3,5-6")),
  refusal(
    "types in them are placed from the quote on",
    '{"variable":{"x":{"type":"list(\\n foo)"}}}',
    'b.json:2,2-5: Invalid type specification; The keyword "foo" is not a valid type specification.',
  ),
  refusal(
    "a word that is no type is the whole string",
    '{"variable":{"x":{"type":" foo"}}}',
    'b.json:1,26-32: Invalid type specification; The keyword "foo" is not a valid type specification.',
  ),
]);

const call = '{"function":{"f":{"params":[" a"],"result":"${nosuch(a)}"}},"target":{"default":{"args":{"v":';

loads("names in strings", [
  [
    "white space around a parameter does not matter, nor a function that does not exist until it is called",
    { "b.json": `${call}"w"}}}}` },
    { default: { args: { v: "w" } } },
    { f: ["b.json"] },
  ],
  refusal(
    "then it does",
    `${call}"\${f(1)}"}}}}`,
    'b.json:1,97-99: Error in function call; Call to function "f" failed: b.json:1,47-53: Call to unknown function; There is no function named "nosuch".., and 1 other diagnostic(s)',
  ),
]);
