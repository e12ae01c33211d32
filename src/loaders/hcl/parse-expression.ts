/** Expressions of the native syntax (spec/hcl.md 3). */
import type { SourceRange } from "../../diagnostics.ts";
import { constantOf, constantTuple, type AnonymousNode, type BinaryOperator, type Expression, type ObjectItem, type TraversalStep } from "./ast.ts";
import type { Cursor } from "./cursor.ts";
import type { TokenKind } from "./lexer.ts";
import { parseNumber } from "./number.ts";
import { parseTemplate, unescapeChunk } from "./parse-template.ts";
import { FALSE, NULL, number, string, TRUE, type Value } from "./values.ts";

const LEVELS: { readonly [Kind in TokenKind]?: number } = {
  "||": 1,
  "&&": 2,
  "==": 3,
  "!=": 3,
  "<": 4,
  "<=": 4,
  ">": 4,
  ">=": 4,
  "+": 5,
  "-": 5,
  "*": 6,
  "/": 6,
  "%": 6,
};

const LITERALS: ReadonlyMap<string, Value> = new Map([
  ["true", TRUE],
  ["false", FALSE],
  ["null", NULL],
]);
const NO_STEPS: readonly TraversalStep[] = [];

export class ExpressionParser {
  readonly #cursor: Cursor;

  constructor(cursor: Cursor) {
    this.#cursor = cursor;
  }

  /** A whole expression, conditionals included. */
  parse(): Expression {
    const simple = this.#simple();
    if (simple) return simple;
    this.#cursor.enter();
    const expression = this.#conditional();
    this.#cursor.leave();
    return expression;
  }

  /** A plain string or a name alone: most expressions are one, and go the short way. */
  #simple(): Expression | undefined {
    const cursor = this.#cursor;
    const { kinds } = cursor.tokens;
    const index = cursor.peek();
    if (kinds[index] === "identifier") return cursor.endsBefore(index + 1) ? this.#name(index) : undefined;
    if (kinds[index] !== "open-quote" || kinds[index + 1] !== "chunk" || kinds[index + 2] !== "close-quote" || !cursor.endsBefore(index + 3)) return undefined;
    cursor.read();
    const text = unescapeChunk(cursor, cursor.read());
    cursor.read();
    const { file } = cursor;
    const literal: Expression = { kind: "literal", value: string(text), file, start: cursor.start(index + 1), end: cursor.end(index + 1) };
    return { kind: "template", parts: [literal], file, start: cursor.start(index), end: cursor.end(index + 2) };
  }

  #conditional(): Expression {
    const cursor = this.#cursor;
    const condition = this.#binary(1);
    if (!cursor.take("?")) return condition;
    const then = this.parse();
    const colon = cursor.peek();
    if (cursor.kind(colon) !== ":") {
      cursor.fail(
        "Missing false expression in conditional",
        "The conditional operator (...?...:...) requires a false expression, delimited by a colon.",
        cursor.range(colon),
      );
    }
    cursor.read();
    const otherwise = this.parse();
    return { kind: "conditional", condition, then, else: otherwise, ...cursor.between(condition.start, otherwise.end) };
  }

  /** Left-associative chains are loops, so their length never costs stack. */
  #binary(level: number): Expression {
    const cursor = this.#cursor;
    let left = this.#unary();
    for (;;) {
      const operator = cursor.peekKind();
      const found = LEVELS[operator];
      if (found === undefined || found < level) return left;
      cursor.read();
      cursor.enter();
      const right = this.#binary(found + 1);
      cursor.leave();
      left = { kind: "binary", operator: operator as BinaryOperator, left, right, file: cursor.file, start: left.start, end: right.end };
    }
  }

  #unary(): Expression {
    const cursor = this.#cursor;
    const index = cursor.peek();
    const kind = cursor.kind(index);
    if (kind !== "-" && kind !== "!") return this.#postfix(this.#term());
    cursor.read();
    cursor.enter();
    const operand = this.#unary();
    cursor.leave();
    return { kind: "unary", operator: kind, operand, operatorRange: cursor.range(index), ...cursor.between(cursor.start(index), operand.end) };
  }

  #postfix(base: Expression): Expression {
    const cursor = this.#cursor;
    let node = base;
    for (;;) {
      const index = cursor.peek();
      if (cursor.kind(index) === ".") {
        cursor.read();
        node = this.#dot(node, index);
      } else if (cursor.kind(index) === "[") {
        cursor.read();
        node = this.#bracket(node, index);
      } else {
        return node;
      }
    }
  }

  #dot(source: Expression, dot: number): Expression {
    const cursor = this.#cursor;
    const index = cursor.peek();
    switch (cursor.kind(index)) {
      case "identifier":
        cursor.read();
        return withStep(source, { kind: "attribute", name: cursor.text(index), range: this.#span(dot, index) });
      case "number":
        cursor.read();
        return withStep(source, this.#legacyIndex(dot, index, "Use the proper index syntax instead, like"));
      case "*":
        cursor.read();
        return this.#legacySplat(source, dot, index);
      default:
        return cursor.fail("Invalid attribute name", "An attribute name is required after a dot.", cursor.range(index));
    }
  }

  #span(first: number, last: number): SourceRange {
    return this.#cursor.between(this.#cursor.start(first), this.#cursor.end(last));
  }

  #legacyIndex(dot: number, index: number, advice: string, blame = index): TraversalStep {
    const cursor = this.#cursor;
    const text = cursor.text(index);
    const point = text.indexOf(".");
    if (point >= 0) {
      const detail = `When using the legacy index syntax, chaining two indexes together is not permitted. ${advice} [${text.slice(0, point)}][${text.slice(point + 1)}].`;
      cursor.fail("Invalid legacy index syntax", detail, cursor.range(blame));
    }
    const key = parseNumber(text);
    if (!key) cursor.fail("Invalid number literal", "Failed to recognize the value of this number literal.", cursor.range(index));
    return { kind: "index", key: number(key as NonNullable<typeof key>), range: this.#span(dot, index) };
  }

  /** `x.*` takes names and numbers only; what follows in brackets applies to the whole result. */
  #legacySplat(source: Expression, dot: number, star: number): Expression {
    const cursor = this.#cursor;
    const markerRange = this.#span(dot, star);
    const item: AnonymousNode = { kind: "anonymous", ...markerRange };
    let each: Expression = item;
    while (cursor.peekKind() === ".") {
      const next = cursor.read();
      const index = cursor.peek();
      const kind = cursor.kind(index);
      if (kind === "*")
        cursor.fail(
          "Nested splat expression not allowed",
          "A splat expression (*) cannot be used inside another attribute-only splat expression.",
          cursor.range(index),
        );
      if (kind !== "identifier" && kind !== "number") cursor.fail("Invalid attribute name", "An attribute name is required after a dot.", cursor.range(star));
      cursor.read();
      const step: TraversalStep =
        kind === "identifier"
          ? { kind: "attribute", name: cursor.text(index), range: this.#span(next, index) }
          : this.#legacyIndex(next, index, "Use the proper index syntax with a full splat expression [*] instead, like", star);
      each = withStep(each, step);
    }
    return { kind: "splat", source, each, item, markerRange, ...cursor.between(source.start, each.end) };
  }

  #bracket(source: Expression, open: number): Expression {
    const cursor = this.#cursor;
    const newlines = cursor.countNewlines(false);
    if (cursor.peekKind() === "*") {
      const splat = this.#fullSplat(source, open);
      // Everything after `[*]` applies to each element, and sees newlines as the whole expression does.
      cursor.countNewlines(newlines);
      cursor.enter();
      const each = this.#postfix(splat.item);
      cursor.leave();
      return { kind: "splat", ...splat, each, ...cursor.between(source.start, each.end) };
    }
    const key = this.parse();
    const close = cursor.peek();
    if (cursor.kind(close) !== "]") {
      cursor.fail("Missing close bracket on index", 'The index operator must end with a closing bracket ("]").', cursor.closingBracket(close));
    }
    cursor.read();
    cursor.countNewlines(newlines);
    const range = this.#span(open, close);
    // Such a key is part of a reference.
    const constant = constantOf(key);
    if (constant) return withStep(source, { kind: "index", key: constant, range });
    return { kind: "index", collection: source, key, openRange: cursor.range(open), bracketRange: range, ...cursor.between(source.start, range.end) };
  }

  #fullSplat(source: Expression, open: number): { source: Expression; item: AnonymousNode; markerRange: SourceRange } {
    const cursor = this.#cursor;
    cursor.read();
    const close = cursor.peek();
    if (cursor.kind(close) !== "]") {
      cursor.fail(
        "Missing close bracket on splat index",
        'The star for a full splat operator must be immediately followed by a closing bracket ("]").',
        cursor.closingBracket(close),
      );
    }
    cursor.read();
    const markerRange = this.#span(open, close);
    const item: AnonymousNode = { kind: "anonymous", ...markerRange };
    return { source, item, markerRange };
  }

  #term(): Expression {
    const cursor = this.#cursor;
    const index = cursor.peek();
    switch (cursor.kind(index)) {
      case "(":
        return this.#parentheses(index);
      case "number": {
        cursor.read();
        const value = parseNumber(cursor.text(index));
        if (!value) return cursor.fail("Invalid number literal", "Failed to recognize the value of this number literal.", cursor.range(index));
        return { kind: "literal", value: number(value), file: cursor.file, start: cursor.start(index), end: cursor.end(index) };
      }
      case "identifier":
        return this.#name(index);
      case "open-quote":
        cursor.read();
        return this.template(index, "close-quote");
      case "open-heredoc":
        cursor.read();
        return this.template(index, "close-heredoc");
      case "[":
        cursor.read();
        return this.#isFor() ? this.#for(index, "]") : this.#tuple(index);
      case "{":
        cursor.read();
        return this.#isFor() ? this.#for(index, "}") : this.#object(index);
      case "eof":
        return cursor.fail("Missing expression", "Expected the start of an expression, but found the end of the file.", cursor.range(index));
      default:
        return cursor.fail("Invalid expression", "Expected the start of an expression, but found an invalid expression token.", cursor.range(index));
    }
  }

  /** A template whose opening token was read. */
  template(open: number, end: "close-quote" | "close-heredoc" | "eof"): Expression {
    const cursor = this.#cursor;
    return parseTemplate({
      cursor,
      parseExpression: () => this.parse(),
      end,
      quoted: end === "close-quote",
      flush: end === "close-heredoc" && cursor.text(open).startsWith("<<-"),
      range: (close) => cursor.between(cursor.start(open), close),
    });
  }

  #parentheses(open: number): Expression {
    const cursor = this.#cursor;
    cursor.read();
    const newlines = cursor.countNewlines(false);
    const inner = this.parse();
    const close = cursor.peek();
    if (cursor.kind(close) !== ")") cursor.fail("Unbalanced parentheses", "Expected a closing parenthesis to terminate the expression.", cursor.range(close));
    cursor.read();
    cursor.countNewlines(newlines);
    return { kind: "parentheses", inner, ...this.#span(open, close) };
  }

  #name(index: number): Expression {
    const cursor = this.#cursor;
    cursor.read();
    const text = cursor.text(index);
    const next = cursor.peekKind();
    if (next === "(" || next === "::") return this.#call(index);
    const range = cursor.range(index);
    const { file, start, end } = range;
    const literal = LITERALS.get(text);
    if (literal) return { kind: "literal", value: literal, file, start, end };
    return { kind: "traversal", root: text, rootRange: range, steps: NO_STEPS, file, start, end };
  }

  #call(first: number): Expression {
    const cursor = this.#cursor;
    let name = cursor.text(first);
    let last = first;
    while (cursor.take("::")) {
      last = cursor.peek();
      if (cursor.kind(last) !== "identifier")
        cursor.fail("Missing function name", "Function scope resolution symbol :: must be followed by a function name in this scope.", cursor.range(last));
      cursor.read();
      name += `::${cursor.text(last)}`;
    }
    const open = cursor.peek();
    if (cursor.kind(open) !== "(")
      cursor.fail("Missing open parenthesis", "Function selector must be followed by an open parenthesis to begin the function call.", cursor.range(open));
    cursor.read();
    const nameRange = this.#span(first, last);
    const newlines = cursor.countNewlines(false);
    const { args, expandFinal, close } = this.#arguments(first, open);
    cursor.countNewlines(newlines);
    return {
      kind: "call",
      name,
      nameRange,
      args,
      expandFinal,
      openParenRange: cursor.range(open),
      closeParenRange: cursor.range(close),
      file: cursor.file,
      start: cursor.start(first),
      end: cursor.end(close),
    };
  }

  #arguments(first: number, open: number): { args: Expression[]; expandFinal: boolean; close: number } {
    const cursor = this.#cursor;
    const args: Expression[] = [];
    for (;;) {
      if (cursor.peekKind() === ")") return { args, expandFinal: false, close: cursor.read() };
      args.push(this.parse());
      const next = cursor.peek();
      switch (cursor.kind(next)) {
        case ",":
          cursor.read();
          break;
        case ")":
          return { args, expandFinal: false, close: cursor.read() };
        case "...": {
          cursor.read();
          if (cursor.peekKind() !== ")") {
            cursor.fail(
              "Missing closing parenthesis",
              "An expanded function argument (with ...) must be immediately followed by closing parentheses.",
              cursor.range(next),
            );
          }
          return { args, expandFinal: true, close: cursor.read() };
        }
        case "eof":
          return this.#unterminatedCall(first, open);
        default:
          cursor.fail("Missing argument separator", "A comma is required to separate each function argument from the next.", cursor.range(next));
      }
    }
  }

  #unterminatedCall(first: number, open: number): never {
    const detail =
      "There is no closing parenthesis for this function call before the end of the file. This may be caused by incorrect parenthesis nesting elsewhere in this file.";
    return this.#cursor.fail("Unterminated function call", detail, this.#span(first, open));
  }

  #tuple(open: number): Expression {
    const cursor = this.#cursor;
    const newlines = cursor.countNewlines(false);
    const items: Expression[] = [];
    for (;;) {
      if (cursor.peekKind() === "]") break;
      items.push(this.parse());
      const next = cursor.peek();
      if (cursor.kind(next) === ",") cursor.read();
      else if (cursor.kind(next) === "eof") this.#unterminatedTuple(open);
      else if (cursor.kind(next) !== "]") cursor.fail("Missing item separator", "Expected a comma to mark the beginning of the next item.", cursor.range(next));
    }
    const close = cursor.read();
    cursor.countNewlines(newlines);
    return {
      kind: "tuple",
      items,
      constant: constantTuple(items),
      openRange: cursor.range(open),
      file: cursor.file,
      start: cursor.start(open),
      end: cursor.end(close),
    };
  }

  #unterminatedTuple(open: number): never {
    const detail =
      "There is no corresponding closing bracket before the end of the file. This may be caused by incorrect bracket nesting elsewhere in this file.";
    return this.#cursor.fail("Unterminated tuple constructor expression", detail, this.#cursor.range(open));
  }

  #object(open: number): Expression {
    const cursor = this.#cursor;
    const newlines = cursor.countNewlines(true);
    const items: ObjectItem[] = [];
    for (;;) {
      while (cursor.take("newline"));
      if (cursor.peekKind() === "}") break;
      items.push(this.#objectItem(open));
      const next = cursor.peek();
      const kind = cursor.kind(next);
      if (kind === "}") break;
      if (kind === "eof") this.#unterminatedObject(open);
      if (kind !== "," && kind !== "newline")
        cursor.fail("Missing attribute separator", "Expected a newline or comma to mark the beginning of the next attribute.", cursor.range(next));
      cursor.read();
    }
    const close = cursor.read();
    cursor.countNewlines(newlines);
    return { kind: "object", items, json: false, openRange: cursor.range(open), file: cursor.file, start: cursor.start(open), end: cursor.end(close) };
  }

  #objectItem(open: number): ObjectItem {
    const cursor = this.#cursor;
    const forced = cursor.peekKind() === "(";
    const wrapped = this.parse();
    const separator = cursor.peek();
    const kind = cursor.kind(separator);
    if (kind !== "=" && kind !== ":") {
      const needs = 'Expected an equals sign ("=") to mark the beginning of the attribute value.';
      if (kind === "eof") this.#unterminatedObject(open);
      if (kind === "newline" || kind === ",")
        cursor.fail("Missing attribute value", 'Expected an attribute value, introduced by an equals sign ("=").', cursor.range(separator));
      const hint =
        kind === "identifier"
          ? " If you intended to given an attribute name containing periods or spaces, write the name in quotes to create a string literal."
          : "";
      cursor.fail("Missing key/value separator", `${needs}${hint}`, cursor.range(separator));
    }
    cursor.read();
    const { file, start, end } = wrapped;
    return { key: { kind: "object-key", wrapped, forced, file, start, end }, value: this.parse() };
  }

  #unterminatedObject(open: number): never {
    const detail = "There is no corresponding closing brace before the end of the file. This may be caused by incorrect brace nesting elsewhere in this file.";
    return this.#cursor.fail("Unterminated object constructor expression", detail, this.#cursor.range(open));
  }

  /** `for` directly after a bracket, newlines aside. */
  #isFor(): boolean {
    const cursor = this.#cursor;
    const { kinds } = cursor.tokens;
    // Looks ahead without moving over newlines that may count.
    const newlines = cursor.countNewlines(true);
    let index = cursor.peek();
    cursor.countNewlines(newlines);
    while (kinds[index] === "newline" || kinds[index] === "comment") index++;
    return kinds[index] === "identifier" && cursor.text(index) === "for";
  }

  #for(open: number, end: "]" | "}"): Expression {
    const cursor = this.#cursor;
    const newlines = cursor.countNewlines(false);
    cursor.read();
    const names = [this.#forName("variable name after 'for'.")];
    if (cursor.take(",")) names.push(this.#forName("value variable name after comma."));
    const word = cursor.peek();
    if (cursor.kind(word) !== "identifier" || cursor.text(word) !== "in")
      this.#forFailure("For expression requires the 'in' keyword after its name declarations.", cursor.range(word));
    cursor.read();
    const collection = this.parse();
    const colon = cursor.peek();
    if (cursor.kind(colon) !== ":") this.#forFailure("For expression requires a colon after the collection expression.", cursor.range(colon));
    cursor.read();
    const [first, second] = names;
    const head = { keyName: second === undefined ? undefined : first, valueName: second ?? (first as string), collection };
    const node = this.#forBody(open, end, head);
    cursor.countNewlines(newlines);
    return node;
  }

  #forBody(open: number, end: "]" | "}", head: { keyName: string | undefined; valueName: string; collection: Expression }): Expression {
    const cursor = this.#cursor;
    const first = this.parse();
    const arrow = cursor.take("=>");
    const value = arrow ? this.parse() : first;
    const dots = cursor.peek();
    const group = cursor.take("...");
    const word = cursor.peek();
    let condition: Expression | undefined;
    if (cursor.kind(word) === "identifier" && cursor.text(word) === "if") {
      cursor.read();
      condition = this.parse();
    }
    const close = cursor.peek();
    if (cursor.kind(close) !== end) this.#forFailure("Extra characters after the end of the 'for' expression.", cursor.range(close));
    cursor.read();
    if (end === "]" && arrow) this.#forFailure("Key expression is not valid when building a tuple.", first);
    if (end === "}" && !arrow) this.#forFailure("Key expression is required when building an object.", first);
    if (end === "]" && group) this.#forFailure("Grouping ellipsis (...) cannot be used when building a tuple.", cursor.range(dots));
    return {
      kind: "for",
      ...head,
      key: arrow ? first : undefined,
      value,
      condition,
      group,
      openRange: cursor.range(open),
      closeRange: cursor.range(close),
      ...this.#span(open, close),
    };
  }

  #forName(what: string): string {
    const cursor = this.#cursor;
    const index = cursor.peek();
    if (cursor.kind(index) !== "identifier") this.#forFailure(`For expression requires ${what}`, cursor.range(index));
    cursor.read();
    return cursor.text(index);
  }

  #forFailure(detail: string, range: SourceRange): never {
    return this.#cursor.fail("Invalid 'for' expression", detail, range);
  }
}

/** Constant steps extend a traversal; on anything else they make a relative one. */
function withStep(source: Expression, step: TraversalStep): Expression {
  const range = { file: source.file, start: source.start, end: step.range.end };
  if (source.kind === "traversal") return { ...source, steps: [...source.steps, step], ...range };
  if (source.kind === "relative-traversal") return { ...source, steps: [...source.steps, step], ...range };
  return { kind: "relative-traversal", source, steps: [step], ...range };
}
