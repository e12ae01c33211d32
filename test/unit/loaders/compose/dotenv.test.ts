/** The grammar of `.env` (spec/compose.md 2.2); dotenv is asked where both read the same. */
import { parse } from "dotenv";
import { describe, expect, test } from "vitest";
import { parseDotenv } from "../../../../src/loaders/compose/dotenv.ts";

const outer: Readonly<Record<string, string>> = { X: "x", A_OUT: "out" };

function read(text: string): Record<string, string> | string {
  const result = parseDotenv({ text, lookup: (name) => outer[name] });
  return result.ok ? Object.fromEntries(result.vars) : result.message;
}

describe("what dotenv reads the same", () => {
  const texts = [
    "A=1",
    "A = 1 ",
    "A=x # c",
    "export A=1",
    "A=1\r\nB=2\r\n",
    "A=1\nA=2",
    'A="a b"',
    "A='a b'",
    'A="l1\nl2"\nB=1',
    'A="a\\nb"',
    "A='a\\nb'",
    "A=",
    "A=a b c",
    'A=x"y"z',
    "# c\n\nA=1\n  # d\n",
    "A_B.C-D=1",
    'A="x" # c',
    "A==1",
    'A=" # c"',
    "  A=1",
    "A='l1\nl2'",
  ];
  for (const text of texts) test(JSON.stringify(text), () => expect(read(text)).toEqual(parse(text)));
});

describe("what is read in another way than dotenv does", () => {
  test.each([
    ["A=1#c", { A: "1#c" }],
    ["A=# c", { A: "# c" }],
    ["A:1", { A: "1" }],
    ["A:=1", { A: "=1" }],
    ["A=`x`", { A: "`x`" }],
    ["A=$X", { A: "x" }],
    ["A=$$X", { A: "$X" }],
    ['A="${B:-d}"', { A: "d" }],
    ['A="\\$X"', { A: "$X" }],
    ["A=\\$X", { A: "\\x" }],
    ['A="a\\tb\\\\c\\"d"', { A: 'a\tb\\c"d' }],
    ["A='a\\'b'", { A: "a'b" }],
    ["A='$X ${X}'", { A: "$X ${X}" }],
    ['A="x" y\nA_OUT\n', { A: "x", A_OUT: "out" }],
    ["A_OUT\nB=1", { A_OUT: "out", B: "1" }],
    ["NOT_SET\nB=1", { B: "1" }],
    ["B=b\nA=$B$X", { B: "b", A: "bx" }],
    ["X=own\nA=$X", { X: "own", A: "x" }],
    ["A-B.C_D[0]=1", { "A-B.C_D[0]": "1" }],
    ["é=1", { é: "1" }],
    ['A="\\0101\\041\\08\\c\\x41"', { A: "A\\41\\8\\c\\x41" }],
    ["1A=2", { "1A": "2" }],
    ["=x", { "": "x" }],
    ["A=1\nA_OUT", { A: "1", "": "A_OUT" }],
  ])("%j", (text, want) => expect(read(text)).toEqual(want));
});

describe("what is refused", () => {
  test.each([
    ["A B=1", "line 1: key cannot contain a space"],
    ["A=1\n\nA+B=1", 'line 3: unexpected character "+" in variable name "A+B=1"'],
    ['"B"=2', 'line 1: unexpected character "\\"" in variable name "\\"B\\"=2"'],
    ['A="x" y z=1', "line 1: key cannot contain a space"],
    ['A="open\nmore', 'line 2: unterminated quoted value "open'],
    ["export ", "zero length string"],
    ["A=${B", 'Invalid template: "${B"'],
    ["A=${B:?boom}", "required variable B is missing a value: boom"],
    ["\ufeffA=1", 'line 1: unexpected character "\\ufeff" in variable name "\\ufeffA=1"'],
  ])("%j", (text, want) => expect(read(text)).toBe(want));
});

test("unset variables are warned of", () => {
  expect(parseDotenv({ text: "A=$GONE", lookup: () => undefined })).toEqual({
    ok: true,
    vars: new Map([["A", ""]]),
    warnings: ['The "GONE" variable is not set. Defaulting to a blank string.'],
  });
});
