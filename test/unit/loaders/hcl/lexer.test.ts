/** Tokens: which character is in which, and what broken input becomes (spec/hcl.md 1). */
import { describe, expect, it } from "vitest";
import { lexicalDiagnostics } from "../../../../src/loaders/hcl/lexical-diagnostics.ts";
import { EOF } from "../../../../src/loaders/hcl/token-kinds.ts";
import { scanFile, scanTemplate, type Tokens } from "../../../../src/loaders/hcl/lexer.ts";

/** Kinds by number, as the lists of this file show them. */
const NAMES: readonly string[] =
  "newline comment comment eof identifier string number open-quote chunk close-quote open-heredoc close-heredoc ${ %{ end-sequence { } [ ] ( ) , = : :: ? => . ... ! || && == != < <= > >= + - * / % bitwise backquote apostrophe semicolon bad-utf8 quoted-newline curly-quote invalid".split(
    " ",
  );

/** Kind and text of each token; the text is left out where the kind says it. */
function listed(tokens: Tokens): string {
  const shown = [...tokens.kinds].map((number, i) => {
    const kind = NAMES[number] as string;
    const text = tokens.text.slice(tokens.starts[i], tokens.ends[i]);
    return text === kind || text === "" ? kind : `${kind}(${text.replaceAll("\n", "⏎").replaceAll("\r", "␍")})`;
  });
  return shown.slice(0, -1).join(" ");
}

describe("tokens", () => {
  it.each<readonly [what: string, text: string, expected: string]>([
    ["operators, the longest first", "a==b=>c=...::<=&&", "identifier(a) == identifier(b) => identifier(c) = ... :: <= &&"],
    ["numbers never end in a dot", "1. 1.5 1e5 1e 1e+5 1.e5", "number(1) . number(1.5) number(1e5) number(1) identifier(e) number(1e+5) number(1.e5)"],
    ["[hcl 1] a number with two dots is one token", "1.2.3", "number(1.2.3)"],
    ["[hcl 2] there is no hexadecimal", "0x10", "number(0) identifier(x10)"],
    ["[hcl 12] dashes are part of names", "n-1 a-- -a", "identifier(n-1) identifier(a--) - identifier(a)"],
    ["[hcl 13] but not at their start", "n -1", "identifier(n) - number(1)"],
    ["[hcl 14] names of Unicode 9", "日本 é_1", "identifier(日本) identifier(é_1)"],
    ["younger letters are none", "\u{10570}", "invalid(\u{10570})"],
    ["comments take their newline", "a # b\nc // d\n/* e\n*/ f", "identifier(a) comment(# b⏎) identifier(c) comment(// d⏎) comment(/* e⏎*/) identifier(f)"],
    ["an unclosed comment is two operators", "/* a", "/ * identifier(a)"],
    ["both kinds of newlines", "a\r\nb\n", "identifier(a) newline(␍⏎) identifier(b) newline(⏎)"],
    ["white space is space and tab", "a\t b\u00a0\f\r", "identifier(a) identifier(b) invalid(\u00a0) invalid(\f) invalid(␍)"],
    [
      "chunks are cut at dollar and percent",
      '"a$b%%{c$${d"',
      'open-quote(") chunk(a) chunk($) chunk(b) chunk(%%{) chunk(c) chunk($${) chunk(d) close-quote(")',
    ],
    ["an escaped quote does not end", '"a\\"b"', 'open-quote(") chunk(a\\"b) close-quote(")'],
    ["braces nest in sequences", '"${ {} }"', 'open-quote(") ${ { } end-sequence(}) close-quote(")'],
    [
      "strip markers belong to the sequence",
      '"${~a~}%{~b}"',
      'open-quote(") ${(${~) identifier(a) end-sequence(~}) %{(%{~) identifier(b) end-sequence(}) close-quote(")',
    ],
    ["a heredoc has a chunk for each line", "<<-A\n x\n$y\n A\n", "open-heredoc(<<-A⏎) chunk( x⏎) chunk($) chunk(y⏎) close-heredoc( A) newline(⏎)"],
    ["its marker must be alone on the line", "<<A\nAB\nA,\nA\n", "open-heredoc(<<A⏎) chunk(AB⏎) chunk(A,⏎) close-heredoc(A) newline(⏎)"],
    ["what is no marker is operators", "<<~A\n", "< < bitwise(~) identifier(A) newline(⏎)"],
    ["a newline in quotes", '"a\n\nb"', 'open-quote(") chunk(a) quoted-newline(⏎⏎) chunk(b) close-quote(")'],
    ["[hcl 15] a byte order mark is skipped", "\ufeffa", "identifier(a)"],
  ])("%s", (_, text, expected) => {
    expect(listed(scanFile(text))).toBe(expected);
  });

  it("cuts templates of JSON at lines too", () => {
    expect(listed(scanTemplate('a\n"$${b}\\ ${c}'))).toBe('chunk(a⏎) chunk(") chunk($${) chunk(b}\\ ) ${ identifier(c) end-sequence(})');
  });

  it("covers the text with tokens in order", () => {
    const text = 'a = "${b}" # c\n@ <<X\n y\nX\n';
    const { starts, ends } = scanFile(text);
    for (let i = 1; i < starts.length; i++) {
      expect(text.slice(ends[i - 1], starts[i]).trim()).toBe("");
      expect(ends[i]).toBeGreaterThanOrEqual(starts[i] as number);
    }
    expect(ends.at(-1)).toBe(text.length);
  });

  it("is linear in hostile text", () => {
    for (const text of [
      "<<A\n".repeat(50_000),
      '"'.repeat(100_001),
      "$".repeat(100_000),
      `"${"\\".repeat(100_001)}`,
      `<<A\n${" ".repeat(100_000)}B`,
      "/*".repeat(50_000),
    ]) {
      expect(scanFile(text).kinds.at(-1)).toBe(EOF);
    }
  });
});

describe("lexical diagnostics", () => {
  const summaries = (text: string): string[] =>
    lexicalDiagnostics({ name: "f", text }, scanFile(text)).map(({ summary, range }) => `${range?.start} ${summary}`);

  it("come at most four times for bit operators and once for semicolons and encodings", () => {
    expect(summaries("& | ^ ~ &")).toEqual(["0 Unsupported operator", "2 Unsupported operator", "4 Unsupported operator", "6 Unsupported operator"]);
    expect(summaries("; ; \ud800 \ud800")).toEqual(["0 Invalid character", "4 Invalid character encoding"]);
  });

  it("name every other quote of the wrong sort", () => {
    expect(summaries("'a' 'b' `c`")).toEqual(["0 Invalid character", "4 Invalid character", "8 Invalid character"]);
  });

  it("leave comments alone", () => {
    expect(summaries("# ' ; \ud800\n/* & */ a")).toEqual([]);
  });
});
