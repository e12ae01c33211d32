/** Templates: literal chunks with strip markers, interpolations, `if` and `for` directives (spec/hcl.md 1.6, 1.7, 3.9). */
import { formatRange, type SourceRange } from "../../diagnostics.ts";
import { countGraphemes, splitGraphemes } from "../../graphemes.ts";
import type { Expression } from "./ast.ts";
import type { Cursor } from "./cursor.ts";
import { type TokenKind, trimEnd, trimSpace, trimStart } from "./lexer.ts";
import { nearName } from "./name-suggestion.ts";
import { string } from "./values.ts";

type Part =
  | { readonly kind: "literal"; text: string; readonly range: SourceRange }
  | { readonly kind: "interpolation"; readonly expression: Expression; readonly range: SourceRange }
  | { readonly kind: "if"; readonly condition: Expression; readonly range: SourceRange }
  | { readonly kind: "for"; readonly names: readonly string[]; readonly collection: Expression; readonly range: SourceRange }
  | { readonly kind: "else"; readonly range: SourceRange }
  | { readonly kind: "endif"; readonly range: SourceRange }
  | { readonly kind: "endfor"; readonly range: SourceRange };

export interface TemplateSource {
  readonly cursor: Cursor;
  readonly parseExpression: () => Expression;
  /** Token kind that ends the template. */
  readonly end: TokenKind;
  /** Quoted strings have escapes. */
  readonly quoted: boolean;
  /** `<<-`: common indentation is removed. */
  readonly flush: boolean;
  readonly range: (end: number) => SourceRange;
}

/** Reads a template up to and with its end token. */
export function parseTemplate(source: TemplateSource): Expression {
  const parts = readParts(source);
  if (source.flush) removeIndentation(parts);
  const builder = new TreeBuilder(source.cursor, parts);
  const nodes = builder.build();
  const { file, start, end } = source.range(source.cursor.end(source.cursor.peek()));
  source.cursor.read();
  const only = nodes[0];
  if (nodes.length === 1 && parts.length === 1 && parts[0]?.kind === "interpolation" && only) return { kind: "template-wrap", wrapped: only, file, start, end };
  return { kind: "template", parts: nodes, file, start, end };
}

function readParts(source: TemplateSource): Part[] {
  const { cursor } = source;
  const parts: Part[] = [];
  const first = cursor.range(cursor.peek());
  let strip = false;
  for (;;) {
    const index = cursor.peek();
    const kind = cursor.kind(index);
    if (kind === source.end) return parts;
    if (kind === "chunk") {
      cursor.read();
      let text = source.quoted ? unescapeChunk(cursor, index) : unescapeSequence(cursor.text(index));
      if (strip) text = trimStart(text);
      if (stripsBefore(cursor, cursor.peek())) text = trimEnd(text);
      parts.push({ kind: "literal", text, range: cursor.range(index) });
      strip = false;
    } else if (kind === "${" || kind === "%{") {
      cursor.read();
      const newlines = cursor.countNewlines(false);
      const part = kind === "${" ? readInterpolation(source, index, first) : readDirective(source, index);
      cursor.countNewlines(newlines);
      parts.push(part.part);
      strip = part.strip;
    } else {
      return failTemplate(source, index);
    }
  }
}

function failTemplate(source: TemplateSource, index: number): never {
  const { cursor } = source;
  // Broken characters are reported by the lexer; an end of file here means that the end mark is missing.
  return cursor.fail("Unterminated template string", "No closing marker was found for the string.", cursor.range(index));
}

function stripsBefore(cursor: Cursor, index: number): boolean {
  const kind = cursor.kind(index);
  return (kind === "${" || kind === "%{") && cursor.text(index).length === 3;
}

function readInterpolation(source: TemplateSource, open: number, first: SourceRange): { part: Part; strip: boolean } {
  const { cursor } = source;
  const expression = source.parseExpression();
  const close = cursor.peek();
  if (cursor.kind(close) !== "end-sequence") failInterpolation(source, close, first);
  cursor.read();
  return { part: { kind: "interpolation", expression, range: cursor.between(cursor.start(open), cursor.end(close)) }, strip: cursor.text(close).length === 2 };
}

/** What is not closed is shown by the first part of its template. */
function failInterpolation(source: TemplateSource, close: number, first: SourceRange): never {
  const { cursor } = source;
  const kind = cursor.kind(close);
  if (kind === "eof") {
    const where =
      "There is no closing brace for this interpolation sequence before the end of the file. This might be caused by incorrect nesting inside the given expression.";
    cursor.fail("Unclosed template interpolation sequence", where, first);
  }
  if (kind === ":") {
    const escape =
      'Template interpolation doesn\'t expect a colon at this location. Did you intend this to be a literal sequence to be processed as part of another language? If so, you can escape it by starting with "$${" instead of just "${".';
    cursor.fail("Extra characters after interpolation expression", escape, cursor.range(close));
  }
  // A quote here opens a string for the lexer; its author meant to end the template.
  if (kind === "open-quote" && source.quoted) {
    const where =
      "There is no closing brace for this interpolation sequence before the end of the quoted template. This might be caused by incorrect nesting inside the given expression.";
    cursor.fail("Unclosed template interpolation sequence", where, first);
  }
  const detail =
    'Expected a closing brace to end the interpolation expression, but found extra characters.\n\nThis can happen when you include interpolation syntax for another language, such as shell scripting, but forget to escape the interpolation start token. If this is an embedded sequence for another language, escape it by starting with "$${" instead of just "${".';
  return cursor.fail("Extra characters after interpolation expression", detail, cursor.range(close));
}

const KEYWORDS: readonly string[] = ["if", "for", "else", "endif", "endfor"];

function readDirective(source: TemplateSource, open: number): { part: Part; strip: boolean } {
  const { cursor } = source;
  const index = cursor.peek();
  if (cursor.kind(index) !== "identifier") {
    cursor.fail(
      "Invalid template directive",
      'A template directive keyword ("if", "for", etc) is expected at the beginning of a %{ sequence.',
      cursor.range(index),
    );
  }
  cursor.read();
  const keyword = cursor.text(index);
  const part = directivePart(source, keyword, index);
  const close = cursor.peek();
  if (cursor.kind(close) !== "end-sequence") {
    cursor.fail(`Extra characters in ${keyword} marker`, "Expected a closing brace to end the sequence, but found extra characters.", cursor.range(close));
  }
  cursor.read();
  const range = cursor.between(cursor.start(open), cursor.end(close));
  return { part: { ...part, range } as Part, strip: cursor.text(close).length === 2 };
}

function directivePart(source: TemplateSource, keyword: string, index: number): Omit<Part, "range"> {
  const { cursor } = source;
  switch (keyword) {
    case "if":
      return { kind: "if", condition: source.parseExpression() } as Omit<Part, "range">;
    case "for":
      return readFor(source);
    case "else":
    case "endif":
    case "endfor":
      return { kind: keyword };
    default: {
      const guess = nearName(keyword, KEYWORDS);
      const hint = guess ? ` Did you mean "${guess}"?` : "";
      return cursor.fail("Invalid template control keyword", `"${keyword}" is not a valid template control keyword.${hint}`, cursor.range(index));
    }
  }
}

function readFor(source: TemplateSource): Omit<Part, "range"> {
  const { cursor } = source;
  const names = [readName(cursor, "For directive requires variable name after 'for'.")];
  if (cursor.take(",")) names.push(readName(cursor, "For directive requires value variable name after comma."));
  const word = cursor.peek();
  if (cursor.kind(word) !== "identifier" || cursor.text(word) !== "in")
    cursor.fail("Invalid 'for' directive", "For directive requires 'in' keyword after names.", cursor.range(word));
  cursor.read();
  return { kind: "for", names, collection: source.parseExpression() } as Omit<Part, "range">;
}

function readName(cursor: Cursor, problem: string): string {
  const index = cursor.peek();
  if (cursor.kind(index) !== "identifier") cursor.fail("Invalid 'for' directive", problem, cursor.range(index));
  cursor.read();
  return cursor.text(index);
}

const unescapeSequence = (text: string): string => (text === "$${" || text === "%%{" ? text.slice(1) : text);

const SIMPLE: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", '"': '"', "\\": "\\" };

/** The value of a chunk of a quoted string. */
export function unescapeChunk(cursor: Cursor, index: number): string {
  const text = cursor.text(index);
  if (text === "$${" || text === "%%{") return text.slice(1);
  if (!text.includes("\\")) return text;
  const start = cursor.start(index);
  let out = "";
  for (let i = 0; i < text.length; i++) {
    const char = text[i] as string;
    if (char !== "\\") {
      out += char;
      continue;
    }
    const selector = text[++i] ?? "";
    const simple = SIMPLE[selector];
    if (simple !== undefined) out += simple;
    else if (selector === "u" || selector === "U") {
      const length = selector === "u" ? 4 : 8;
      out += codePoint(cursor, text.slice(i + 1, i + 1 + length), { start: start + i - 1, length });
      i += length;
    } else {
      const symbol = String.fromCodePoint(text.codePointAt(i) as number);
      cursor.fail(
        "Invalid escape sequence",
        `The symbol ${JSON.stringify(symbol)} is not a valid escape sequence selector.`,
        cursor.between(start + i - 1, start + i + symbol.length),
      );
    }
  }
  return out;
}

function codePoint(cursor: Cursor, digits: string, escape: { start: number; length: number }): string {
  const hex = /^[0-9a-fA-F]*/.exec(digits)?.[0] ?? "";
  const range = cursor.between(escape.start, escape.start + 2 + hex.length);
  if (hex.length !== escape.length) {
    const [letter, count] = escape.length === 4 ? ["u", "four"] : ["U", "eight"];
    cursor.fail("Invalid escape sequence", `The \\${letter} escape sequence must be followed by ${count} hexadecimal digits.`, range);
  }
  const code = Number.parseInt(hex, 16);
  if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) {
    cursor.fail("Invalid escape sequence", `Cannot encode character U+${code.toString(16).padStart(4, "0")} in UTF-8.`, range);
  }
  return String.fromCodePoint(code);
}

/** `<<-`: the least indentation of the lines is removed from all of them (spec/hcl.md 1.7). */
function removeIndentation(parts: readonly Part[]): void {
  let least = Number.POSITIVE_INFINITY;
  let lineStart = true;
  const counted: (Part & { kind: "literal" })[] = [];
  for (const part of parts) {
    if (lineStart) {
      lineStart = false;
      const blank = part.kind === "literal" && part.text.endsWith("\n") && trimSpace(part.text) === "";
      if (!blank) {
        least = Math.min(least, part.kind === "literal" ? indentation(part.text) : 0);
        if (part.kind === "literal") counted.push(part);
      }
    }
    if (part.kind === "literal" && part.text.endsWith("\n")) lineStart = true;
  }
  if (least === 0 || least === Number.POSITIVE_INFINITY) return;
  for (const part of counted) part.text = splitGraphemes(part.text).slice(least).join("");
}

function indentation(text: string): number {
  return countGraphemes(text.slice(0, text.length - trimStart(text).length));
}

function literalNode({ text, range: { file, start, end } }: Part & { kind: "literal" }): Expression {
  return { kind: "literal", value: string(text), file, start, end };
}

/** Nests the flat list of parts by its directives. */
class TreeBuilder {
  readonly #cursor: Cursor;
  readonly #parts: readonly Part[];
  #at = 0;

  constructor(cursor: Cursor, parts: readonly Part[]) {
    this.#cursor = cursor;
    this.#parts = parts;
  }

  build(): Expression[] {
    const nodes = this.#sequence();
    const stray = this.#parts[this.#at];
    if (stray) this.#cursor.fail(`Unexpected ${stray.kind} directive`, "The control directives within this template are unbalanced.", stray.range);
    return nodes;
  }

  #sequence(): Expression[] {
    const nodes: Expression[] = [];
    for (let part = this.#parts[this.#at]; part; part = this.#parts[this.#at]) {
      if (part.kind === "else" || part.kind === "endif" || part.kind === "endfor") break;
      this.#at++;
      if (part.kind === "literal") nodes.push(literalNode(part));
      else if (part.kind === "interpolation") nodes.push(part.expression);
      else nodes.push(this.#directive(part));
    }
    return nodes;
  }

  #directive(part: Extract<Part, { kind: "if" | "for" }>): Expression {
    this.#cursor.enter();
    const node = part.kind === "if" ? this.#conditional(part) : this.#loop(part);
    this.#cursor.leave();
    return node;
  }

  #conditional(open: Extract<Part, { kind: "if" }>): Expression {
    const then = this.#sequence();
    let otherwise: Expression[] = [];
    let next = this.#parts[this.#at];
    if (next?.kind === "else") {
      this.#at++;
      otherwise = this.#sequence();
      next = this.#parts[this.#at];
      if (next?.kind === "else")
        this.#cursor.fail("Unexpected else directive", `Already in the else clause for the if started at ${formatRange(open.range)}.`, next.range);
    }
    if (!next) return this.#missing("if", "endif", open.range);
    if (next.kind !== "endif")
      this.#cursor.fail(`Unexpected ${next.kind} directive`, `Expecting an endif directive for the if started at ${formatRange(open.range)}.`, next.range);
    this.#at++;
    const range = this.#cursor.between(open.range.start, next.range.end);
    return {
      kind: "conditional",
      condition: open.condition,
      then: { kind: "template", parts: then, ...range },
      else: { kind: "template", parts: otherwise, ...range },
      ...range,
    };
  }

  #loop(open: Extract<Part, { kind: "for" }>): Expression {
    const body = this.#sequence();
    const next = this.#parts[this.#at];
    if (!next) return this.#missing("for", "endfor", open.range);
    if (next.kind === "else") this.#cursor.fail("Unexpected else directive", "An else clause is not expected for a for directive.", next.range);
    if (next.kind !== "endfor")
      this.#cursor.fail(
        `Unexpected ${next.kind} directive`,
        `Expecting an endfor directive corresponding to the for directive at ${formatRange(open.range)}.`,
        next.range,
      );
    this.#at++;
    const range = this.#cursor.between(open.range.start, next.range.end);
    const [first, second] = open.names;
    const tuple: Expression = {
      kind: "for",
      keyName: second === undefined ? undefined : first,
      valueName: second ?? (first as string),
      collection: open.collection,
      key: undefined,
      value: { kind: "template", parts: body, ...range },
      condition: undefined,
      group: false,
      openRange: open.range,
      closeRange: next.range,
      ...range,
    };
    return { kind: "template-join", tuple, ...range };
  }

  #missing(directive: string, end: string, range: SourceRange): never {
    const detail = `The ${directive} directive at ${formatRange(range)} is missing its corresponding ${end} directive.`;
    return this.#cursor.fail("Unexpected end of template", detail, this.#cursor.range(this.#cursor.peek()));
  }
}
