/** Templates: literal chunks with strip markers, interpolations, `if` and `for` directives (spec/hcl.md 1.6, 1.7, 3.9). */
import { formatRange, type SourceRange } from "../../diagnostics.ts";
import { countGraphemes, splitGraphemes } from "../../graphemes.ts";
import { type Expression, type LiteralNode, TemplateNode } from "./ast.ts";
import { between, countNewlines, ends, enter, fail, file, index, isNormal, isWord, kind, leave, rangeAt, read, starts, take, textAt } from "./cursor.ts";
import { trimEnd, trimSpace, trimStart } from "./lexer.ts";
import { gather, listFrom, listStart } from "./gather.ts";
import { nearName } from "./name-suggestion.ts";
import {
  CHUNK,
  CLOSE_HEREDOC,
  CLOSE_QUOTE,
  COLON,
  COMMA,
  DIRECTIVE,
  END_SEQUENCE,
  EOF,
  IDENTIFIER,
  INTERPOLATION,
  OPEN_QUOTE,
  STRING_TOKEN,
  type TokenKind,
} from "./token-kinds.ts";
import { normalString, string } from "./values.ts";

type Directive =
  | { readonly kind: "if"; readonly condition: Expression }
  | { readonly kind: "for"; readonly names: readonly string[]; readonly collection: Expression }
  | { readonly kind: "else" | "endif" | "endfor" };

/** A directive between the parts of a template, until the tree is made. */
class Mark {
  readonly directive: Directive;
  readonly range: SourceRange;
  constructor(directive: Directive, range: SourceRange) {
    this.directive = directive;
    this.range = range;
  }
}

/** A line of a heredoc whose indentation is still to be removed. */
class Line {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  constructor(text: string, start: number, end: number) {
    this.text = text;
    this.start = start;
    this.end = end;
  }
}

type Part = Expression | Mark;

/** A template while it is read. */
interface Template {
  readonly parseExpression: () => Expression;
  /** Kind of the token that ends it; quoted strings have escapes. */
  readonly end: TokenKind;
  /** The first token of its content. */
  readonly first: number;
  /** Whether indentation is removed. */
  readonly flush: boolean;
  /** Whether there is literal text in it, and whether there are directives. */
  hasTexts: boolean;
  hasMarks: boolean;
}

/** Reads a template up to and with its end token. Its opening token was read; one without quotes, which ends with its text, has none. */
export function parseTemplate(parseExpression: () => Expression, open: number, end: TokenKind): Expression {
  const flush = end === CLOSE_HEREDOC && textAt(open).startsWith("<<-");
  const template: Template = { parseExpression, end, first: index, flush, hasTexts: false, hasMarks: false };
  const from = listStart();
  gatherParts(template);
  const parts = flush ? withoutIndentation(listFrom(from)) : listFrom<Part>(from);
  const nodes = template.hasMarks ? new TreeBuilder(parts).build() : (parts as Expression[]);
  const start = starts[open] as number;
  const stop = ends[read()] as number;
  const only = parts.length === 1 ? parts[0] : undefined;
  if (!only || only instanceof Mark) return new TemplateNode(file, start, stop, undefined, nodes);
  if (!template.hasTexts) return { kind: "template-wrap", wrapped: only, file, start, end: stop };
  return new TemplateNode(file, start, stop, (only as LiteralNode).value, nodes);
}

function gatherParts(template: Template): void {
  const { end, flush } = template;
  const quoted = end === CLOSE_QUOTE;
  let strip = false;
  while (kind !== end) {
    if (kind === CHUNK) {
      const at = index;
      gather(flush ? new Line(readChunk(false, strip), starts[at] as number, ends[at] as number) : readText(quoted, strip));
      template.hasTexts = true;
      strip = false;
    } else if (kind === INTERPOLATION || kind === DIRECTIVE) {
      const isInterpolation = kind === INTERPOLATION;
      const open = read();
      const newlines = countNewlines(false);
      gather(isInterpolation ? readInterpolation(template) : readDirective(template, open));
      // Behind `~}` white space is left out.
      strip = widthOf(index) === 2;
      read();
      countNewlines(newlines);
    } else {
      // Broken characters are reported by the lexer; an end of file here means that the end mark is missing.
      fail("Unterminated template string", "No closing marker was found for the string.", rangeAt(index));
    }
  }
}

const widthOf = (at: number): number => (ends[at] as number) - (starts[at] as number);

/** Literal text; the pieces of which it consists for the lexer are one part, as in the reference. */
function readText(quoted: boolean, strip: boolean): LiteralNode {
  const start = starts[index] as number;
  let end = ends[index] as number;
  let text = readChunk(quoted, strip);
  while (kind === CHUNK) {
    end = ends[index] as number;
    text += readChunk(quoted, false);
  }
  // Escapes are longer than what they stand for: text of the same length is as it is written.
  const value = isNormal && text.length === end - start ? normalString(text) : string(text);
  return { kind: "literal", value, file, start, end };
}

/** One piece of literal text, without the white space that strip markers beside it remove. */
function readChunk(quoted: boolean, strip: boolean): string {
  const at = read();
  let text = quoted ? unescapeChunk(at) : unescapeSequence(textAt(at));
  if (strip) text = trimStart(text);
  if ((kind === INTERPOLATION || kind === DIRECTIVE) && widthOf(index) === 3) text = trimEnd(text);
  return text;
}

/** Up to the brace that closes it. */
function readInterpolation(template: Template): Expression {
  const expression = template.parseExpression();
  if (kind !== END_SEQUENCE) failInterpolation(template);
  return expression;
}

/** What is not closed is shown by the first part of its template. */
function failInterpolation({ end, first }: Template): never {
  if (kind === EOF) {
    const where =
      "There is no closing brace for this interpolation sequence before the end of the file. This might be caused by incorrect nesting inside the given expression.";
    fail("Unclosed template interpolation sequence", where, rangeAt(first));
  }
  if (kind === COLON) {
    const escape =
      'Template interpolation doesn\'t expect a colon at this location. Did you intend this to be a literal sequence to be processed as part of another language? If so, you can escape it by starting with "$${" instead of just "${".';
    fail("Extra characters after interpolation expression", escape, rangeAt(index));
  }
  // A quote here opens a string for the lexer; its author meant to end the template.
  if ((kind === OPEN_QUOTE || kind === STRING_TOKEN) && end === CLOSE_QUOTE) {
    const where =
      "There is no closing brace for this interpolation sequence before the end of the quoted template. This might be caused by incorrect nesting inside the given expression.";
    fail("Unclosed template interpolation sequence", where, rangeAt(first));
  }
  const detail =
    'Expected a closing brace to end the interpolation expression, but found extra characters.\n\nThis can happen when you include interpolation syntax for another language, such as shell scripting, but forget to escape the interpolation start token. If this is an embedded sequence for another language, escape it by starting with "$${" instead of just "${".';
  return fail("Extra characters after interpolation expression", detail, rangeAt(index));
}

const KEYWORDS: readonly string[] = ["if", "for", "else", "endif", "endfor"];

/** Up to the brace that closes it. */
function readDirective(template: Template, open: number): Mark {
  template.hasMarks = true;
  if (kind !== IDENTIFIER) {
    fail("Invalid template directive", 'A template directive keyword ("if", "for", etc) is expected at the beginning of a %{ sequence.', rangeAt(index));
  }
  const at = read();
  const keyword = textAt(at);
  const directive = directiveOf(template, keyword, at);
  if (kind !== END_SEQUENCE) {
    fail(`Extra characters in ${keyword} marker`, "Expected a closing brace to end the sequence, but found extra characters.", rangeAt(index));
  }
  return new Mark(directive, between(starts[open] as number, ends[index] as number));
}

function directiveOf(template: Template, keyword: string, at: number): Directive {
  switch (keyword) {
    case "if":
      return { kind: "if", condition: template.parseExpression() };
    case "for":
      return readFor(template);
    case "else":
    case "endif":
    case "endfor":
      return { kind: keyword };
    default: {
      const guess = nearName(keyword, KEYWORDS);
      const hint = guess ? ` Did you mean "${guess}"?` : "";
      return fail("Invalid template control keyword", `"${keyword}" is not a valid template control keyword.${hint}`, rangeAt(at));
    }
  }
}

function readFor(template: Template): Directive {
  const names = [readName("For directive requires variable name after 'for'.")];
  if (take(COMMA)) names.push(readName("For directive requires value variable name after comma."));
  if (kind !== IDENTIFIER || !isWord(index, "in")) fail("Invalid 'for' directive", "For directive requires 'in' keyword after names.", rangeAt(index));
  read();
  return { kind: "for", names, collection: template.parseExpression() };
}

function readName(problem: string): string {
  if (kind !== IDENTIFIER) fail("Invalid 'for' directive", problem, rangeAt(index));
  return textAt(read());
}

const unescapeSequence = (text: string): string => (text === "$${" || text === "%%{" ? text.slice(1) : text);

const SIMPLE: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", '"': '"', "\\": "\\" };

/** The value of a chunk of a quoted string. */
export function unescapeChunk(at: number): string {
  const text = textAt(at);
  if (text === "$${" || text === "%%{") return text.slice(1);
  if (!text.includes("\\")) return text;
  const start = starts[at] as number;
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
      out += codePoint(text.slice(i + 1, i + 1 + length), { start: start + i - 1, length });
      i += length;
    } else {
      const symbol = String.fromCodePoint(text.codePointAt(i) as number);
      fail(
        "Invalid escape sequence",
        `The symbol ${JSON.stringify(symbol)} is not a valid escape sequence selector.`,
        between(start + i - 1, start + i + symbol.length),
      );
    }
  }
  return out;
}

function codePoint(digits: string, escape: { start: number; length: number }): string {
  const hex = /^[0-9a-fA-F]*/.exec(digits)?.[0] ?? "";
  const range = between(escape.start, escape.start + 2 + hex.length);
  if (hex.length !== escape.length) {
    const [letter, count] = escape.length === 4 ? ["u", "four"] : ["U", "eight"];
    fail("Invalid escape sequence", `The \\${letter} escape sequence must be followed by ${count} hexadecimal digits.`, range);
  }
  const code = Number.parseInt(hex, 16);
  if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) {
    fail("Invalid escape sequence", `Cannot encode character U+${code.toString(16).padStart(4, "0")} in UTF-8.`, range);
  }
  return String.fromCodePoint(code);
}

/** `<<-`: the least indentation of the lines is removed from all of them (spec/hcl.md 1.7); then lines that follow each other are one text. */
function withoutIndentation(parts: readonly (Part | Line)[]): Part[] {
  let least = Number.POSITIVE_INFINITY;
  let lineStart = true;
  const counted = new Set<Line>();
  for (const part of parts) {
    const text = part instanceof Line ? part.text : undefined;
    if (lineStart) {
      lineStart = false;
      const blank = text?.endsWith("\n") && trimSpace(text) === "";
      if (!blank) {
        least = Math.min(least, text === undefined ? 0 : indentation(text));
        if (part instanceof Line) counted.add(part);
      }
    }
    if (text?.endsWith("\n")) lineStart = true;
  }
  const removed = least === Number.POSITIVE_INFINITY ? 0 : least;
  return joinLines(parts.map((part) => (removed > 0 && part instanceof Line && counted.has(part) ? indentedLess(part, removed) : part)));
}

function indentedLess({ text, start, end }: Line, columns: number): Line {
  const kept = splitGraphemes(text).slice(columns).join("");
  return new Line(kept, start + text.length - kept.length, end);
}

function joinLines(parts: readonly (Part | Line)[]): Part[] {
  const out: Part[] = [];
  for (let i = 0; i < parts.length; i++) {
    const first = parts[i] as Part | Line;
    if (!(first instanceof Line)) {
      out.push(first);
      continue;
    }
    let { text, end } = first;
    for (let next = parts[i + 1]; next instanceof Line; next = parts[++i + 1]) {
      text += next.text;
      end = next.end;
    }
    out.push({ kind: "literal", value: string(text), file, start: first.start, end });
  }
  return out;
}

function indentation(text: string): number {
  return countGraphemes(text.slice(0, text.length - trimStart(text).length));
}

/** Nests the flat list of parts by its directives. */
class TreeBuilder {
  readonly #parts: readonly Part[];
  #at = 0;

  constructor(parts: readonly Part[]) {
    this.#parts = parts;
  }

  build(): Expression[] {
    const nodes = this.#sequence();
    const stray = this.#mark;
    if (stray) fail(`Unexpected ${stray.directive.kind} directive`, "The control directives within this template are unbalanced.", stray.range);
    return nodes;
  }

  /** The directive at the current place. */
  get #mark(): Mark | undefined {
    const part = this.#parts[this.#at];
    return part instanceof Mark ? part : undefined;
  }

  /** Up to a directive that ends a branch, or the end. */
  #sequence(): Expression[] {
    const nodes: Expression[] = [];
    for (let part = this.#parts[this.#at]; part; part = this.#parts[this.#at]) {
      if (!(part instanceof Mark)) {
        this.#at++;
        nodes.push(part);
        continue;
      }
      const { directive, range } = part;
      if (directive.kind !== "if" && directive.kind !== "for") break;
      this.#at++;
      enter();
      nodes.push(directive.kind === "if" ? this.#conditional(directive, range) : this.#loop(directive, range));
      leave();
    }
    return nodes;
  }

  #conditional({ condition }: Extract<Directive, { kind: "if" }>, open: SourceRange): Expression {
    const then = this.#sequence();
    let otherwise: Expression[] = [];
    let next = this.#mark;
    if (next?.directive.kind === "else") {
      this.#at++;
      otherwise = this.#sequence();
      next = this.#mark;
      if (next?.directive.kind === "else")
        fail("Unexpected else directive", `Already in the else clause for the if started at ${formatRange(open)}.`, next.range);
    }
    if (!next) return missing("if", "endif", open);
    if (next.directive.kind !== "endif")
      fail(`Unexpected ${next.directive.kind} directive`, `Expecting an endif directive for the if started at ${formatRange(open)}.`, next.range);
    this.#at++;
    const { start } = open;
    const { end } = next.range;
    return { kind: "conditional", condition, then: branch(then, start, end), else: branch(otherwise, start, end), file, start, end };
  }

  #loop({ names, collection }: Extract<Directive, { kind: "for" }>, open: SourceRange): Expression {
    const body = this.#sequence();
    const next = this.#mark;
    if (!next) return missing("for", "endfor", open);
    if (next.directive.kind === "else") fail("Unexpected else directive", "An else clause is not expected for a for directive.", next.range);
    if (next.directive.kind !== "endfor")
      fail(
        `Unexpected ${next.directive.kind} directive`,
        `Expecting an endfor directive corresponding to the for directive at ${formatRange(open)}.`,
        next.range,
      );
    this.#at++;
    const { start } = open;
    const { end } = next.range;
    const [first, second] = names;
    const tuple: Expression = {
      kind: "for",
      keyName: second === undefined ? undefined : first,
      valueName: second ?? (first as string),
      collection,
      key: undefined,
      value: branch(body, start, end),
      condition: undefined,
      group: false,
      openRange: open,
      file,
      start,
      end,
    };
    return { kind: "template-join", tuple, file, start, end };
  }
}

/** What a directive encloses; it has the range of the whole directive. */
const branch = (nodes: readonly Expression[], start: number, end: number): Expression => {
  const only = nodes.length === 1 && nodes[0]?.kind === "literal" && nodes[0].value.type.kind === "string" ? nodes[0].value : undefined;
  return new TemplateNode(file, start, end, only, nodes);
};

function missing(directive: string, end: string, range: SourceRange): never {
  const detail = `The ${directive} directive at ${formatRange(range)} is missing its corresponding ${end} directive.`;
  return fail("Unexpected end of template", detail, rangeAt(index));
}
