/** Files, bodies, attributes and blocks of the native syntax (spec/hcl.md 2). */
import { type Diagnostic, fail, formatRange, ok, type Result, type SourceFile, type SourceRange } from "../../diagnostics.ts";
import type { Attribute, Block, Body, BodyContent, BodySchema, Expression, Label } from "./ast.ts";
import { Cursor, SyntaxFailure } from "./cursor.ts";
import { lexicalDiagnostics } from "./lexical-diagnostics.ts";
import { scanFile } from "./lexer.ts";
import { ExpressionParser } from "./parse-expression.ts";
import { unescapeChunk } from "./parse-template.ts";
import { behindItem, isHarmless, isNewline, leaveBrackets, tokenAt } from "./recovery.ts";
import { readBody } from "./body-content.ts";

/** A parsed file; with diagnostics the body holds what was read before the mistake. */
export interface ParsedFile {
  readonly body: Body;
  readonly diagnostics: readonly Diagnostic[];
}

/** Parses native syntax. Lexical mistakes come first, then the first mistake of grammar. */
export function parseHcl(file: SourceFile): ParsedFile {
  const tokens = scanFile(file.text);
  const diagnostics = lexicalDiagnostics(file, tokens);
  const parser = new BodyParser(new Cursor(file, tokens));
  const start = file.text.charCodeAt(0) === 0xfeff ? 1 : 0;
  try {
    return { body: parser.file({ file, start, end: start }), diagnostics };
  } catch (error) {
    if (!(error instanceof SyntaxFailure)) throw error;
    const empty = new NativeBody({ file, start, end: start }, new Map(), []);
    return { body: empty, diagnostics: [...diagnostics, ...error.ahead, error.diagnostic] };
  }
}

/** One expression that is the whole of a text, such as a type in a JSON string; undefined when it is none. */
export function parseWholeExpression(cursor: Cursor): Expression | undefined {
  try {
    const expression = new ExpressionParser(cursor).parse();
    return cursor.peekKind() === "eof" ? expression : undefined;
  } catch (error) {
    if (error instanceof SyntaxFailure) return undefined;
    throw error;
  }
}

/** A text that is a template without quotes, as the strings of JSON are. */
export function parseWholeTemplate(cursor: Cursor): Result<Expression> {
  try {
    return ok(new ExpressionParser(cursor).template(cursor.peek(), "eof"));
  } catch (error) {
    if (error instanceof SyntaxFailure) return fail(error.diagnostic);
    throw error;
  }
}

class NativeBody implements Body {
  readonly file: SourceFile;
  readonly missingItemRange: SourceRange;
  readonly #attributes: ReadonlyMap<string, Attribute>;
  readonly #blocks: readonly Block[];

  constructor(missingItemRange: SourceRange, attributes: ReadonlyMap<string, Attribute>, blocks: readonly Block[]) {
    this.file = missingItemRange.file;
    this.missingItemRange = missingItemRange;
    this.#attributes = attributes;
    this.#blocks = blocks;
  }

  partialContent(schema: BodySchema): BodyContent {
    return readBody({ attributes: this.#attributes, blocks: this.#blocks, missingItemRange: this.missingItemRange }, schema, false);
  }

  content(schema: BodySchema): BodyContent {
    return readBody({ attributes: this.#attributes, blocks: this.#blocks, missingItemRange: this.missingItemRange }, schema, true);
  }
}

const REQUIRED = "An argument or block definition is required here.";

const INVALID_LINE = "Invalid single-argument block definition";
const NOT_CLOSED =
  "An argument definition on the same line as its containing block creates a single-line block definition, which must also be closed on the same line. Place the block's closing brace immediately after the argument definition.";
const ONE_ONLY =
  "Single-line block syntax can include only one argument definition. To define multiple arguments, use the multi-line block syntax with one argument definition per line.";

class BodyParser {
  readonly #cursor: Cursor;
  readonly #expressions: ExpressionParser;

  constructor(cursor: Cursor) {
    this.#cursor = cursor;
    this.#expressions = new ExpressionParser(cursor);
  }

  file(missingItemRange: SourceRange): Body {
    return this.#items("eof", missingItemRange);
  }

  #items(end: "eof" | "}", missingItemRange: SourceRange, open?: number): Body {
    const cursor = this.#cursor;
    const attributes = new Map<string, Attribute>();
    const blocks: Block[] = [];
    for (;;) {
      const index = cursor.peek();
      const kind = cursor.kind(index);
      if (kind === end) {
        cursor.read();
        return new NativeBody(missingItemRange, attributes, blocks);
      }
      if (kind === "newline") cursor.read();
      else if (kind === "identifier") this.#item(attributes, blocks);
      else if (kind === "open-quote") cursor.fail("Invalid argument name", "Argument names must not be quoted.", cursor.range(index));
      else if (kind === "eof" && open !== undefined) this.#unclosed(open);
      else cursor.fail("Argument or block definition required", REQUIRED, cursor.range(index));
    }
  }

  #unclosed(open: number): never {
    const detail = "There is no closing brace for this block before the end of the file. This may be caused by incorrect brace nesting elsewhere in this file.";
    return this.#cursor.fail("Unclosed configuration block", detail, this.#cursor.range(open));
  }

  #item(attributes: Map<string, Attribute>, blocks: Block[]): void {
    const cursor = this.#cursor;
    const name = cursor.read();
    const next = cursor.peekKind();
    if (next === "=") {
      const attribute = this.#attribute(name);
      this.#endOfAttribute();
      this.#addAttribute(attributes, attribute);
    } else if (next === "open-quote" || next === "{" || next === "identifier") {
      cursor.enter();
      blocks.push(this.#block(name));
      cursor.leave();
    } else {
      this.#neither(name);
    }
  }

  /** A name that starts neither an attribute nor a block. */
  #neither(name: number): never {
    const detail = `${REQUIRED} To set an argument, use the equals sign "=" to introduce the argument value.`;
    return this.#cursor.fail("Argument or block definition required", detail, this.#cursor.range(name));
  }

  #attribute(name: number): Attribute {
    const cursor = this.#cursor;
    cursor.read();
    const expression = this.#expressions.parse();
    return { name: cursor.text(name), nameRange: cursor.range(name), range: cursor.between(cursor.start(name), expression.end), expression };
  }

  #endOfAttribute(): void {
    const cursor = this.#cursor;
    const index = cursor.peek();
    const kind = cursor.kind(index);
    if (kind === "newline" || kind === "eof") {
      cursor.read();
    } else if (kind === ",") {
      const detail = "Argument definitions must be separated by newlines, not commas. An argument definition must end with a newline.";
      cursor.fail("Unexpected comma after argument", detail, cursor.range(index));
    } else {
      cursor.fail("Missing newline after argument", "An argument definition must end with a newline.", cursor.range(index));
    }
  }

  #addAttribute(attributes: Map<string, Attribute>, attribute: Attribute): void {
    const previous = attributes.get(attribute.name);
    if (previous) {
      const detail = `The argument "${attribute.name}" was already set at ${formatRange(previous.nameRange)}. Each argument may be set only once.`;
      const related = [{ message: `"${attribute.name}" was first set here`, range: previous.nameRange }];
      throw new SyntaxFailure({
        severity: "error",
        code: "hcl.attribute-redefined",
        summary: "Attribute redefined",
        detail,
        range: attribute.nameRange,
        related,
      });
    }
    attributes.set(attribute.name, attribute);
  }

  #block(name: number): Block {
    const cursor = this.#cursor;
    const labels: Label[] = [];
    let last = cursor.end(name);
    for (;;) {
      const index = cursor.peek();
      const kind = cursor.kind(index);
      if (kind === "{") break;
      cursor.read();
      if (kind === "identifier") labels.push({ text: cursor.text(index), range: cursor.range(index) });
      else if (kind === "open-quote") labels.push(this.#quotedLabel(index));
      else this.#headerFailure(index);
      last = labels.at(-1)?.range.end ?? last;
    }
    const open = cursor.read();
    const body = this.#blockBody(open);
    const after = cursor.peek();
    if (cursor.kind(after) !== "newline" && cursor.kind(after) !== "eof") {
      cursor.fail("Missing newline after block definition", "A block definition must end with a newline.", cursor.range(after));
    }
    return {
      type: cursor.text(name),
      labels,
      body,
      typeRange: cursor.range(name),
      headerRange: cursor.between(cursor.start(name), last),
      openRange: cursor.range(open),
    };
  }

  #headerFailure(index: number): never {
    const cursor = this.#cursor;
    const kind = cursor.kind(index);
    const detail =
      kind === "="
        ? 'The equals sign "=" indicates an argument definition, and must not be used when defining a block.'
        : kind === "newline"
          ? 'A block definition must have block content delimited by "{" and "}", starting on the same line as the block header.'
          : 'Either a quoted string block label or an opening brace ("{") is expected here.';
    return cursor.fail("Invalid block definition", detail, cursor.range(index));
  }

  /** Labels take escapes but no templates. */
  #quotedLabel(open: number): Label {
    const cursor = this.#cursor;
    let text = "";
    for (;;) {
      const index = cursor.read();
      const kind = cursor.kind(index);
      if (kind === "close-quote") return { text, range: cursor.between(cursor.start(open), cursor.end(index)) };
      if (kind === "chunk") text += unescapeChunk(cursor, index);
      else if (kind === "${" || kind === "%{") {
        const mark = kind === "${" ? "$" : "%";
        cursor.fail(
          "Invalid string literal",
          `Template sequences are not allowed in this string. To include a literal "${mark}", double it (as "${mark}${mark}") to escape it.`,
          cursor.range(index),
        );
      } else {
        const detail = "Unable to find the closing quote mark before the end of the file.";
        cursor.fail("Unterminated string literal", detail, cursor.range(index));
      }
    }
  }

  #blockBody(open: number): Body {
    const cursor = this.#cursor;
    const first = cursor.peek();
    const missing = cursor.between(cursor.start(open), cursor.start(open));
    switch (cursor.kind(first)) {
      case "newline":
      case "}":
        return this.#items("}", missing, open);
      case "eof":
        return this.#unclosed(open);
      default:
        return this.#oneLine(open, first);
    }
  }

  /** A block of one line. What the reference finds where it goes on behind a mistake comes first. */
  #oneLine(open: number, first: number): Body {
    try {
      if (this.#cursor.kind(first) === "identifier") return this.#singleLine(open);
      return this.#cursor.fail("Argument or block definition required", REQUIRED, this.#cursor.range(first));
    } catch (error) {
      if (!(error instanceof SyntaxFailure) || error.diagnostic.summary === INVALID_LINE || isHarmless(error.diagnostic)) throw error;
      throw new SyntaxFailure(error.diagnostic, this.#foundBehind(first, error.diagnostic));
    }
  }

  #foundBehind(first: number, { range }: Diagnostic): readonly Diagnostic[] {
    const cursor = this.#cursor;
    const { tokens } = cursor;
    const at = tokenAt(tokens, range?.start ?? 0);
    let next = behindItem(tokens, at <= first ? first + 1 : leaveBrackets(tokens, first, at));
    while (tokens.kinds[next] === "comment" && !isNewline(tokens, next)) next++;
    const detail = cursor.kind(next) === "newline" ? NOT_CLOSED : cursor.kind(next) === "," ? ONE_ONLY : undefined;
    return detail === undefined ? [] : [{ severity: "error", code: "hcl.syntax", summary: INVALID_LINE, detail, range: cursor.range(next) }];
  }

  #singleLine(open: number): Body {
    const cursor = this.#cursor;
    const name = cursor.read();
    const next = cursor.peek();
    if (cursor.kind(next) !== "=") {
      const kind = cursor.kind(next);
      if (kind !== "open-quote" && kind !== "{" && kind !== "identifier") this.#neither(name);
      const detail = `A single-line block definition can contain only a single argument. If you meant to define argument "${cursor.text(name)}", use an equals sign to assign it a value. To define a nested block, place it on a line of its own within its parent block.`;
      cursor.fail("Argument definition required", detail, cursor.between(cursor.start(name), cursor.end(next)));
    }
    const attribute = this.#attribute(name);
    const close = cursor.peek();
    const kind = cursor.kind(close);
    if (kind !== "}") {
      if (kind === "eof") this.#unclosed(open);
      const detail =
        kind === "newline"
          ? NOT_CLOSED
          : kind === ","
            ? ONE_ONLY
            : "A single-line block definition must end with a closing brace immediately after its single argument definition.";
      cursor.fail(INVALID_LINE, detail, cursor.range(close));
    }
    cursor.read();
    const at = attribute.nameRange.start;
    return new NativeBody(cursor.between(at, at), new Map([[attribute.name, attribute]]), []);
  }
}
