/** Files, bodies, attributes and blocks of the native syntax (spec/hcl.md 2). */
import { type Diagnostic, fail as failed, formatRange, ok, type Result, type SourceFile, type SourceRange } from "../../diagnostics.ts";
import { Attribute, type Block, type Body, type BodyContent, type BodySchema, type Expression, type Label } from "./ast.ts";
import { readBody } from "./body-content.ts";
import {
  between,
  ends,
  enter,
  fail,
  file,
  index,
  kind,
  kindAt,
  leave,
  parseTokens,
  rangeAt,
  read,
  starts,
  stringAt,
  SyntaxFailure,
  textAt,
  tokens,
  wordAt,
} from "./cursor.ts";
import { gather, listFrom, listStart } from "./gather.ts";
import { lexicalDiagnostics } from "./lexical-diagnostics.ts";
import { scanFile, type Tokens } from "./lexer.ts";
import { parseExpression } from "./parse-expression.ts";
import { parseTemplate, unescapeChunk } from "./parse-template.ts";
import { behindItem, isHarmless, leaveBrackets, tokenAt } from "./recovery.ts";
import {
  ASSIGN,
  CHUNK,
  CLOSE_BRACE,
  CLOSE_QUOTE,
  COMMA,
  COMMENT,
  DIRECTIVE,
  EOF,
  IDENTIFIER,
  INTERPOLATION,
  NEWLINE,
  OPEN_BRACE,
  OPEN_QUOTE,
  STRING_TOKEN,
  type TokenKind,
} from "./token-kinds.ts";

/** A parsed file; with diagnostics the body holds what was read before the mistake. */
export interface ParsedFile {
  readonly body: Body;
  readonly diagnostics: readonly Diagnostic[];
}

/** Parses native syntax. Lexical mistakes come first, then the first mistake of grammar. */
export function parseHcl(source: SourceFile): ParsedFile {
  const scanned = scanFile(source.text);
  const diagnostics = lexicalDiagnostics(source, scanned);
  const start = source.text.charCodeAt(0) === 0xfeff ? 1 : 0;
  try {
    return { body: parseTokens(source, scanned, () => parseItems(EOF, start, undefined)), diagnostics };
  } catch (error) {
    if (!(error instanceof SyntaxFailure)) throw error;
    return { body: new NativeBody(source, start, new Map(), []), diagnostics: [...diagnostics, ...error.ahead, error.diagnostic] };
  }
}

/** One expression that is the whole of a text, such as a type in a JSON string; undefined when it is none. */
export function parseWholeExpression(source: SourceFile, scanned: Tokens): Expression | undefined {
  try {
    return parseTokens(source, scanned, () => {
      const expression = parseExpression();
      return kind === EOF ? expression : undefined;
    });
  } catch (error) {
    if (error instanceof SyntaxFailure) return undefined;
    throw error;
  }
}

/** A text that is a template without quotes, as the strings of JSON are. */
export function parseWholeTemplate(source: SourceFile, scanned: Tokens): Result<Expression> {
  try {
    return ok(parseTokens(source, scanned, () => parseTemplate(parseExpression, index, EOF)));
  } catch (error) {
    if (error instanceof SyntaxFailure) return failed(error.diagnostic);
    throw error;
  }
}

class NativeBody implements Body {
  readonly file: SourceFile;
  /** Where the block begins, or the file. */
  readonly start: number;
  readonly attributes: ReadonlyMap<string, Attribute>;
  readonly blocks: readonly Block[];

  constructor(source: SourceFile, start: number, attributes: ReadonlyMap<string, Attribute>, blocks: readonly Block[]) {
    this.file = source;
    this.start = start;
    this.attributes = attributes;
    this.blocks = blocks;
  }

  get missingItemRange(): SourceRange {
    return { file: this.file, start: this.start, end: this.start };
  }

  partialContent(schema: BodySchema): BodyContent {
    return readBody(this, schema, false);
  }

  content(schema: BodySchema): BodyContent {
    return readBody(this, schema, true);
  }
}

class NativeBlock implements Block {
  readonly type: string;
  readonly labels: readonly Label[];
  readonly body: Body;
  /** Offsets: of the type, behind the labels, of the opening brace. */
  readonly start: number;
  readonly headerEnd: number;
  readonly open: number;

  constructor(type: string, labels: readonly Label[], body: Body, start: number, headerEnd: number, open: number) {
    this.type = type;
    this.labels = labels;
    this.body = body;
    this.start = start;
    this.headerEnd = headerEnd;
    this.open = open;
  }

  get typeRange(): SourceRange {
    return { file: this.body.file, start: this.start, end: this.start + this.type.length };
  }

  get headerRange(): SourceRange {
    return { file: this.body.file, start: this.start, end: this.headerEnd };
  }

  get openRange(): SourceRange {
    return { file: this.body.file, start: this.open, end: this.open + 1 };
  }
}

const NO_BLOCKS: readonly Block[] = [];

const REQUIRED = "An argument or block definition is required here.";

const INVALID_LINE = "Invalid single-argument block definition";
const NOT_CLOSED =
  "An argument definition on the same line as its containing block creates a single-line block definition, which must also be closed on the same line. Place the block's closing brace immediately after the argument definition.";
const ONE_ONLY =
  "Single-line block syntax can include only one argument definition. To define multiple arguments, use the multi-line block syntax with one argument definition per line.";

/** Attributes and blocks up to an end, which is read. `start` is where messages about what is missing point. */
function parseItems(end: TokenKind, start: number, open: number | undefined): Body {
  const attributes = new Map<string, Attribute>();
  const from = listStart();
  for (;;) {
    if (kind === IDENTIFIER) {
      const block = parseItem(attributes);
      if (block) gather(block);
    } else if (kind === end) {
      read();
      return new NativeBody(file, start, attributes, listFrom(from));
    } else if (kind === NEWLINE) {
      read();
    } else if (kind === OPEN_QUOTE || kind === STRING_TOKEN) {
      fail("Invalid argument name", "Argument names must not be quoted.", rangeAt(index));
    } else if (kind === EOF && open !== undefined) {
      unclosed(open);
    } else {
      fail("Argument or block definition required", REQUIRED, rangeAt(index));
    }
  }
}

function unclosed(open: number): never {
  const detail = "There is no closing brace for this block before the end of the file. This may be caused by incorrect brace nesting elsewhere in this file.";
  return fail("Unclosed configuration block", detail, rangeAt(open));
}

/** Adds an attribute, or yields a block. */
function parseItem(attributes: Map<string, Attribute>): Block | undefined {
  const name = read();
  if (kind === ASSIGN) {
    const attribute = parseAttribute(name);
    endAttribute();
    const previous = attributes.get(attribute.name);
    if (previous) redefined(attribute, previous);
    attributes.set(attribute.name, attribute);
    return undefined;
  }
  if (!startsBlock(kind)) return neither(name);
  enter();
  const block = parseBlock(name);
  leave();
  return block;
}

/** Whether a token behind a name makes it the type of a block. */
const startsBlock = (next: TokenKind): boolean => next === STRING_TOKEN || next === OPEN_BRACE || next === IDENTIFIER || next === OPEN_QUOTE;

/** A name that starts neither an attribute nor a block. */
function neither(name: number): never {
  const detail = `${REQUIRED} To set an argument, use the equals sign "=" to introduce the argument value.`;
  return fail("Argument or block definition required", detail, rangeAt(name));
}

function parseAttribute(name: number): Attribute {
  read();
  return new Attribute(wordAt(name), starts[name] as number, ends[name] as number, parseExpression());
}

function endAttribute(): void {
  if (kind === NEWLINE || kind === EOF) {
    read();
  } else if (kind === COMMA) {
    const detail = "Argument definitions must be separated by newlines, not commas. An argument definition must end with a newline.";
    fail("Unexpected comma after argument", detail, rangeAt(index));
  } else {
    fail("Missing newline after argument", "An argument definition must end with a newline.", rangeAt(index));
  }
}

function redefined({ name, nameRange }: Attribute, previous: Attribute): never {
  const detail = `The argument "${name}" was already set at ${formatRange(previous.nameRange)}. Each argument may be set only once.`;
  const related = [{ message: `"${name}" was first set here`, range: previous.nameRange }];
  throw new SyntaxFailure({ severity: "error", code: "hcl.attribute-redefined", summary: "Attribute redefined", detail, range: nameRange, related });
}

function parseBlock(name: number): Block {
  const from = listStart();
  while (kind !== OPEN_BRACE) gather(parseLabel(read()));
  const labels = listFrom<Label>(from);
  const headerEnd = labels.at(-1)?.range.end ?? (ends[name] as number);
  const open = read();
  const body = parseBlockBody(open);
  if (kind !== NEWLINE && kind !== EOF) fail("Missing newline after block definition", "A block definition must end with a newline.", rangeAt(index));
  return new NativeBlock(wordAt(name), labels, body, starts[name] as number, headerEnd, starts[open] as number);
}

function parseLabel(at: number): Label {
  switch (kindAt(at)) {
    case STRING_TOKEN:
      return { text: stringAt(at), range: between(starts[at] as number, ends[at] as number) };
    case IDENTIFIER:
      return { text: textAt(at), range: rangeAt(at) };
    case OPEN_QUOTE:
      return quotedLabel(at);
    default:
      return headerFailure(at);
  }
}

function headerFailure(at: number): never {
  const found = kindAt(at);
  const detail =
    found === ASSIGN
      ? 'The equals sign "=" indicates an argument definition, and must not be used when defining a block.'
      : found === NEWLINE
        ? 'A block definition must have block content delimited by "{" and "}", starting on the same line as the block header.'
        : 'Either a quoted string block label or an opening brace ("{") is expected here.';
  return fail("Invalid block definition", detail, rangeAt(at));
}

/** Labels take escapes but no templates. */
function quotedLabel(open: number): Label {
  let text = "";
  for (;;) {
    const at = read();
    const found = kindAt(at);
    if (found === CLOSE_QUOTE) return { text, range: between(starts[open] as number, ends[at] as number) };
    if (found === CHUNK) text += unescapeChunk(at);
    else if (found === INTERPOLATION || found === DIRECTIVE) {
      const mark = found === INTERPOLATION ? "$" : "%";
      fail(
        "Invalid string literal",
        `Template sequences are not allowed in this string. To include a literal "${mark}", double it (as "${mark}${mark}") to escape it.`,
        rangeAt(at),
      );
    } else {
      fail("Unterminated string literal", "Unable to find the closing quote mark before the end of the file.", rangeAt(at));
    }
  }
}

function parseBlockBody(open: number): Body {
  if (kind === NEWLINE || kind === CLOSE_BRACE) return parseItems(CLOSE_BRACE, starts[open] as number, open);
  return kind === EOF ? unclosed(open) : oneLine(open, index);
}

/** A block of one line. What the reference finds where it goes on behind a mistake comes first. */
function oneLine(open: number, first: number): Body {
  try {
    if (kind === IDENTIFIER) return singleLine(open);
    return fail("Argument or block definition required", REQUIRED, rangeAt(first));
  } catch (error) {
    if (!(error instanceof SyntaxFailure) || error.diagnostic.summary === INVALID_LINE || isHarmless(error.diagnostic)) throw error;
    throw new SyntaxFailure(error.diagnostic, foundBehind(first, error.diagnostic));
  }
}

function foundBehind(first: number, { range }: Diagnostic): readonly Diagnostic[] {
  const at = tokenAt(tokens, range?.start ?? 0);
  let next = behindItem(tokens, at <= first ? first + 1 : leaveBrackets(tokens, first, at));
  while (tokens.kinds[next] === COMMENT) next++;
  const found = kindAt(next);
  const detail = found === NEWLINE ? NOT_CLOSED : found === COMMA ? ONE_ONLY : undefined;
  return detail === undefined ? [] : [{ severity: "error", code: "hcl.syntax", summary: INVALID_LINE, detail, range: rangeAt(next) }];
}

function singleLine(open: number): Body {
  const name = read();
  if (kind !== ASSIGN) {
    if (!startsBlock(kind)) neither(name);
    const detail = `A single-line block definition can contain only a single argument. If you meant to define argument "${textAt(name)}", use an equals sign to assign it a value. To define a nested block, place it on a line of its own within its parent block.`;
    fail("Argument definition required", detail, between(starts[name] as number, rangeAt(index).end));
  }
  const attribute = parseAttribute(name);
  if (kind !== CLOSE_BRACE) {
    if (kind === EOF) unclosed(open);
    const detail =
      kind === NEWLINE
        ? NOT_CLOSED
        : kind === COMMA
          ? ONE_ONLY
          : "A single-line block definition must end with a closing brace immediately after its single argument definition.";
    fail(INVALID_LINE, detail, rangeAt(index));
  }
  read();
  return new NativeBody(file, attribute.start, new Map([[attribute.name, attribute]]), NO_BLOCKS);
}
