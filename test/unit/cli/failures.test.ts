import { describe, expect, test } from "vitest";
import { formatFailure, formatThrown, formatWarnings } from "../../../src/cli/failures.ts";
import { BakeError, type Diagnostic, formatRange, formatSnippet, plainError, type SourceFile } from "../../../src/diagnostics.ts";

const file: SourceFile = { name: "docker-bake.hcl", text: 'a = 1\nb = 2\ntarget "default" {\n  args = {\n    A = zz\n  }\n}\nc = yy\n' };

function unknown(name: string): Diagnostic {
  const start = file.text.indexOf(name);
  return {
    severity: "error",
    code: "hcl.unknown-variable",
    summary: "Unknown variable",
    detail: `There is no variable named "${name}".`,
    range: { file, start, end: start + name.length },
  };
}

test("one mistake: the source lines, then the reference's ERROR line", () => {
  expect(formatFailure([unknown("zz")])).toBe(
    [
      "docker-bake.hcl:5",
      "--------------------",
      '   3 |     target "default" {',
      "   4 |       args = {",
      "   5 | >>>     A = zz",
      "   6 |       }",
      "   7 |     }",
      "--------------------",
      'ERROR: docker-bake.hcl:5,9-11: Unknown variable; There is no variable named "zz".',
      "",
    ].join("\n"),
  );
});

test("several mistakes are shown in source order, the last line names the first found and counts the others", () => {
  const text = formatFailure([unknown("yy"), unknown("zz")]);
  expect(text.indexOf('"zz"')).toBeLessThan(text.indexOf('"yy"'));
  expect(text.trimEnd().split("\n").at(-1)).toBe('ERROR: docker-bake.hcl:8,5-7: Unknown variable; There is no variable named "yy"., and 1 other diagnostic(s)');
});

test("a mistake in the reference's plain words keeps them, and still shows the place and a hint", () => {
  const start = file.text.indexOf("default");
  const text = formatFailure([
    { ...plainError("bake.target-missing", "failed to find target nope", { file, start, end: start + 7 }), hint: 'did you mean "default"?' },
  ]);
  expect(text).toContain('   3 | >>> target "default" {\n');
  expect(text.endsWith('note: docker-bake.hcl:3,9-16: the mistake is here\nhint: did you mean "default"?\nERROR: failed to find target nope\n')).toBe(true);
});

test("a warning in the reference's plain words looks like its own, and names its place once", () => {
  const warning: Diagnostic = { severity: "warning", code: "compose.warning", summary: "b is odd", plain: true, range: { file, start: 6, end: 7 } };
  expect(formatWarnings([warning, warning])).toBe("WARNING: b is odd\nnote: docker-bake.hcl:2,1-2: b is odd\nWARNING: b is odd\n");
});

test("related places are notes", () => {
  const related = [{ message: "first defined here", range: { file, start: 0, end: 1 } }];
  expect(formatFailure([{ ...unknown("zz"), related }])).toContain("note: docker-bake.hcl:1,1-2: first defined here\n");
});

test("a failed world keeps its exit status and shows no stack unless asked", () => {
  const error = new BakeError("engine.lost", "connection to the engine was lost", { exitCode: 100 });
  expect(formatThrown(error, false)).toEqual({ text: "ERROR: connection to the engine was lost\n", exitCode: 100 });
  expect(formatThrown(error, true).text).toContain("failures.test.ts");
});

test.each([
  ["the first line", "a = 1", ["   1 | >>> a = 1", "   2 |     b = 2", '   3 |     target "default" {']],
  ["the last line", "c = yy", ["   6 |       }", "   7 |     }", "   8 | >>> c = yy", "   9 |     "]],
  ["a newline", "c = yy\n", ["   7 |     }", "   8 | >>> c = yy", "   9 | >>> "]],
  [
    "several lines",
    "args = {\n    A = zz\n  }",
    ['   3 |     target "default" {', "   4 | >>>   args = {", "   5 | >>>     A = zz", "   6 | >>>   }", "   7 |     }"],
  ],
])("[bake 104] the window around %s", (_name, text, lines) => {
  const start = file.text.indexOf(text);
  const shown = formatSnippet({ file, start, end: start + text.length }).split("\n");
  expect(shown.slice(2, -2)).toEqual(lines);
});

describe("a text decoded out of the file", () => {
  const json: SourceFile = { name: "docker-bake.json", text: '{\n "a": "x\\ny"\n}', syntax: "json" };
  const decoded: SourceFile = { name: "docker-bake.json", text: "x\ny", within: { file: json, start: json.text.indexOf("x") } };

  test("goes on counting lines, and shows those of the file", () => {
    const range = { file: decoded, start: 2, end: 3 };
    expect(formatRange(range)).toBe("docker-bake.json:3,1-2");
    expect(formatSnippet(range)).toContain("   3 | >>> }\n");
  });

  test("shows nothing where the file has no such line", () => {
    const longer = { ...decoded, text: "x\n\ny" };
    expect(formatSnippet({ file: longer, start: 3, end: 4 })).toBe("");
  });
});
