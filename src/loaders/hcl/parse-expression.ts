/** Expressions of the native syntax (spec/hcl.md 3). */
import type { SourceRange } from "../../diagnostics.ts";
import {
  constantOf,
  constantTuple,
  type AnonymousNode,
  type BinaryOperator,
  type Expression,
  NO_STEPS,
  type ObjectItem,
  ObjectKeyNode,
  TemplateNode,
  type TraversalStep,
} from "./ast.ts";
import {
  between,
  closingBracket,
  countNewlines,
  ends,
  enter,
  fail,
  file,
  index,
  isLast,
  isNormal,
  isWord,
  kind,
  kindAt,
  leave,
  rangeAt,
  read,
  starts,
  stringAt,
  take,
  textAt,
  wordAt,
} from "./cursor.ts";
import { gather, listFrom, listStart } from "./gather.ts";
import { parseNumber } from "./number.ts";
import { parseTemplate } from "./parse-template.ts";
import {
  ARROW,
  BANG,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  CLOSE_HEREDOC,
  CLOSE_PAREN,
  CLOSE_QUOTE,
  COLON,
  COMMA,
  DOT,
  DOUBLE_COLON,
  ELLIPSIS,
  EOF,
  ASSIGN,
  IDENTIFIER,
  MINUS,
  NEWLINE,
  NUMBER_TOKEN,
  OPEN_BRACE,
  OPEN_BRACKET,
  OPEN_HEREDOC,
  OPEN_PAREN,
  OPEN_QUOTE,
  OR,
  PERCENT,
  QUESTION,
  STAR,
  STRING_TOKEN,
  type TokenKind,
} from "./token-kinds.ts";
import { FALSE, NULL, number, normalString, string, TRUE, type Value } from "./values.ts";

/** The operators by their kinds, from OR on, each with how strongly it binds. */
const OPERATORS: readonly BinaryOperator[] = ["||", "&&", "==", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "%"];
const LEVELS: readonly number[] = [1, 2, 3, 3, 4, 4, 4, 4, 5, 5, 6, 6, 6];

const LITERALS: ReadonlyMap<string, Value> = new Map([
  ["true", TRUE],
  ["false", FALSE],
  ["null", NULL],
]);

/** A whole expression, conditionals included. */
export function parseExpression(): Expression {
  // A plain string or a name alone: most expressions are one, and go the short way.
  if (kind === STRING_TOKEN) {
    if (isLast()) return plainTemplate();
  } else if (kind === IDENTIFIER) {
    if (isLast()) return parseName();
  }
  enter();
  const first = parseOperand();
  const expression = kind === QUESTION || (kind >= OR && kind <= PERCENT) ? parseOperators(first) : first;
  leave();
  return expression;
}

/** A string that is one token. */
function plainTemplate(): Expression {
  const at = read();
  const text = stringAt(at);
  return new TemplateNode(file, starts[at] as number, ends[at] as number, isNormal ? normalString(text) : string(text), undefined);
}

/** What operators make of an operand that was read. */
function parseOperators(first: Expression): Expression {
  const condition = parseBinary(1, first);
  if (!take(QUESTION)) return condition;
  const then = parseExpression();
  if (kind !== COLON) {
    fail(
      "Missing false expression in conditional",
      "The conditional operator (...?...:...) requires a false expression, delimited by a colon.",
      rangeAt(index),
    );
  }
  read();
  const otherwise = parseExpression();
  return { kind: "conditional", condition, then, else: otherwise, file, start: condition.start, end: otherwise.end };
}

/** Left-associative chains are loops, so their length never costs stack. */
function parseBinary(level: number, first: Expression): Expression {
  let left = first;
  for (;;) {
    const operator = kind;
    if (operator < OR || operator > PERCENT) return left;
    const found = LEVELS[operator - OR] as number;
    if (found < level) return left;
    read();
    enter();
    const right = parseBinary(found + 1, parseOperand());
    leave();
    left = { kind: "binary", operator: OPERATORS[operator - OR] as BinaryOperator, left, right, file, start: left.start, end: right.end };
  }
}

function parseOperand(): Expression {
  if (kind === MINUS || kind === BANG) return parseUnary();
  const term = parseTerm();
  return kind === DOT || kind === OPEN_BRACKET ? parsePostfix(term) : term;
}

function parseUnary(): Expression {
  const operator = kind === MINUS ? "-" : "!";
  const at = read();
  enter();
  const operand = parseOperand();
  leave();
  return { kind: "unary", operator, operand, operatorRange: rangeAt(at), file, start: starts[at] as number, end: operand.end };
}

function parsePostfix(base: Expression): Expression {
  let node = base;
  for (;;) {
    if (kind === DOT) node = parseDot(node, read());
    else if (kind === OPEN_BRACKET) node = parseBracket(node, read());
    else return node;
  }
}

function parseDot(source: Expression, dot: number): Expression {
  switch (kind) {
    case IDENTIFIER: {
      const at = read();
      return withStep(source, { kind: "attribute", name: textAt(at), range: span(dot, at) });
    }
    case NUMBER_TOKEN:
      return withStep(source, legacyIndex(dot, read(), "Use the proper index syntax instead, like"));
    case STAR:
      return legacySplat(source, dot, read());
    default:
      return fail("Invalid attribute name", "An attribute name is required after a dot.", rangeAt(index));
  }
}

const span = (first: number, last: number): SourceRange => between(starts[first] as number, ends[last] as number);

function legacyIndex(dot: number, at: number, advice: string, blame = at): TraversalStep {
  const text = textAt(at);
  const point = text.indexOf(".");
  if (point >= 0) {
    const detail = `When using the legacy index syntax, chaining two indexes together is not permitted. ${advice} [${text.slice(0, point)}][${text.slice(point + 1)}].`;
    fail("Invalid legacy index syntax", detail, rangeAt(blame));
  }
  const key = parseNumber(text);
  if (!key) return fail("Invalid number literal", "Failed to recognize the value of this number literal.", rangeAt(at));
  return { kind: "index", key: number(key), range: span(dot, at) };
}

/** `x.*` takes names and numbers only; what follows in brackets applies to the whole result. */
function legacySplat(source: Expression, dot: number, star: number): Expression {
  const markerRange = span(dot, star);
  const item: AnonymousNode = { kind: "anonymous", ...markerRange };
  let each: Expression = item;
  while (kind === DOT) {
    const next = read();
    if (kind === STAR)
      fail("Nested splat expression not allowed", "A splat expression (*) cannot be used inside another attribute-only splat expression.", rangeAt(index));
    if (kind !== IDENTIFIER && kind !== NUMBER_TOKEN) fail("Invalid attribute name", "An attribute name is required after a dot.", rangeAt(star));
    const at = read();
    const step: TraversalStep =
      kindAt(at) === IDENTIFIER
        ? { kind: "attribute", name: textAt(at), range: span(next, at) }
        : legacyIndex(next, at, "Use the proper index syntax with a full splat expression [*] instead, like", star);
    each = withStep(each, step);
  }
  return { kind: "splat", source, each, item, markerRange, file, start: source.start, end: each.end };
}

function parseBracket(source: Expression, open: number): Expression {
  const newlines = countNewlines(false);
  if (kind === STAR) return fullSplat(source, open, newlines);
  const key = parseExpression();
  if (kind !== CLOSE_BRACKET) fail("Missing close bracket on index", 'The index operator must end with a closing bracket ("]").', closingBracket(index));
  const close = read();
  countNewlines(newlines);
  const range = span(open, close);
  // Such a key is part of a reference.
  const constant = constantOf(key);
  if (constant) return withStep(source, { kind: "index", key: constant, range });
  return { kind: "index", collection: source, key, openRange: rangeAt(open), bracketRange: range, file, start: source.start, end: range.end };
}

/** Everything after `[*]` applies to each element, and sees newlines as the whole expression does. */
function fullSplat(source: Expression, open: number, newlines: boolean): Expression {
  read();
  if (kind !== CLOSE_BRACKET)
    fail(
      "Missing close bracket on splat index",
      'The star for a full splat operator must be immediately followed by a closing bracket ("]").',
      closingBracket(index),
    );
  const close = read();
  countNewlines(newlines);
  const markerRange = span(open, close);
  const item: AnonymousNode = { kind: "anonymous", ...markerRange };
  enter();
  const each = parsePostfix(item);
  leave();
  return { kind: "splat", source, each, item, markerRange, file, start: source.start, end: each.end };
}

function parseTerm(): Expression {
  switch (kind) {
    case STRING_TOKEN:
      return plainTemplate();
    case IDENTIFIER:
      return parseName();
    case NUMBER_TOKEN: {
      const at = read();
      const value = numberLiteral(textAt(at));
      if (!value) return fail("Invalid number literal", "Failed to recognize the value of this number literal.", rangeAt(at));
      return { kind: "literal", value, file, start: starts[at] as number, end: ends[at] as number };
    }
    case OPEN_QUOTE:
      return parseTemplate(parseExpression, read(), CLOSE_QUOTE);
    case OPEN_HEREDOC:
      return parseTemplate(parseExpression, read(), CLOSE_HEREDOC);
    case OPEN_PAREN:
      return parseParentheses(read());
    case OPEN_BRACKET: {
      const open = read();
      return isFor() ? parseFor(open, CLOSE_BRACKET) : parseTuple(open);
    }
    case OPEN_BRACE: {
      const open = read();
      return isFor() ? parseFor(open, CLOSE_BRACE) : parseObject(open);
    }
    case EOF:
      return fail("Missing expression", "Expected the start of an expression, but found the end of the file.", rangeAt(index));
    default:
      return fail("Invalid expression", "Expected the start of an expression, but found an invalid expression token.", rangeAt(index));
  }
}

/** Values of short numbers, by their text: most numbers are one of a few. */
const NUMBERS = new Map<string, Value>();
const SHORT_NUMBER = 3;

function numberLiteral(text: string): Value | undefined {
  const known = text.length <= SHORT_NUMBER ? NUMBERS.get(text) : undefined;
  if (known) return known;
  const parsed = parseNumber(text);
  const value = parsed && number(parsed);
  if (value && text.length <= SHORT_NUMBER) NUMBERS.set(text, value);
  return value;
}

function parseParentheses(open: number): Expression {
  const newlines = countNewlines(false);
  const inner = parseExpression();
  if (kind !== CLOSE_PAREN) fail("Unbalanced parentheses", "Expected a closing parenthesis to terminate the expression.", rangeAt(index));
  const close = read();
  countNewlines(newlines);
  return { kind: "parentheses", inner, file, start: starts[open] as number, end: ends[close] as number };
}

const literalOf = (word: string): Value | undefined => (word.length < 6 ? LITERALS.get(word) : undefined);

function parseName(): Expression {
  const at = read();
  if (kind === OPEN_PAREN || kind === DOUBLE_COLON) return parseCall(at);
  const text = wordAt(at);
  const literal = literalOf(text);
  if (literal) return { kind: "literal", value: literal, file, start: starts[at] as number, end: ends[at] as number };
  return { kind: "traversal", root: text, steps: NO_STEPS, file, start: starts[at] as number, end: ends[at] as number };
}

function parseCall(first: number): Expression {
  let name = wordAt(first);
  let last = first;
  while (take(DOUBLE_COLON)) {
    if (kind !== IDENTIFIER)
      fail("Missing function name", "Function scope resolution symbol :: must be followed by a function name in this scope.", rangeAt(index));
    last = read();
    name += `::${textAt(last)}`;
  }
  if (kind !== OPEN_PAREN)
    fail("Missing open parenthesis", "Function selector must be followed by an open parenthesis to begin the function call.", rangeAt(index));
  const open = read();
  const newlines = countNewlines(false);
  const from = listStart();
  const expandFinal = gatherArguments(first, open);
  const args = listFrom<Expression>(from);
  const close = read();
  countNewlines(newlines);
  return {
    kind: "call",
    name,
    nameEnd: ends[last] as number,
    open: starts[open] as number,
    args,
    expandFinal,
    file,
    start: starts[first] as number,
    end: ends[close] as number,
  };
}

/** Reads arguments up to the closing parenthesis; tells whether the last one is expanded. */
function gatherArguments(first: number, open: number): boolean {
  while (kind !== CLOSE_PAREN) {
    gather(parseExpression());
    switch (kind) {
      case COMMA:
        read();
        break;
      case CLOSE_PAREN:
        return false;
      case ELLIPSIS: {
        const dots = read();
        if (kind !== CLOSE_PAREN) {
          fail("Missing closing parenthesis", "An expanded function argument (with ...) must be immediately followed by closing parentheses.", rangeAt(dots));
        }
        return true;
      }
      case EOF: {
        const detail =
          "There is no closing parenthesis for this function call before the end of the file. This may be caused by incorrect parenthesis nesting elsewhere in this file.";
        return fail("Unterminated function call", detail, span(first, open));
      }
      default:
        fail("Missing argument separator", "A comma is required to separate each function argument from the next.", rangeAt(index));
    }
  }
  return false;
}

function parseTuple(open: number): Expression {
  const newlines = countNewlines(false);
  const from = listStart();
  while (kind !== CLOSE_BRACKET) {
    gather(parseExpression());
    const next = kind;
    if (next === COMMA) read();
    else if (next === EOF) unterminatedTuple(open);
    else if (next !== CLOSE_BRACKET) fail("Missing item separator", "Expected a comma to mark the beginning of the next item.", rangeAt(index));
  }
  const items = listFrom<Expression>(from);
  const close = read();
  countNewlines(newlines);
  return { kind: "tuple", items, constant: constantTuple(items), file, start: starts[open] as number, end: ends[close] as number };
}

function unterminatedTuple(open: number): never {
  const detail =
    "There is no corresponding closing bracket before the end of the file. This may be caused by incorrect bracket nesting elsewhere in this file.";
  return fail("Unterminated tuple constructor expression", detail, rangeAt(open));
}

function parseObject(open: number): Expression {
  const newlines = countNewlines(true);
  const from = listStart();
  for (;;) {
    while (kind === NEWLINE) read();
    if (kind === CLOSE_BRACE) break;
    gather(parseItem(open));
    const next = kind;
    if (next === CLOSE_BRACE) break;
    if (next === EOF) unterminatedObject(open);
    if (next !== COMMA && next !== NEWLINE)
      fail("Missing attribute separator", "Expected a newline or comma to mark the beginning of the next attribute.", rangeAt(index));
    read();
  }
  const items = listFrom<ObjectItem>(from);
  const close = read();
  countNewlines(newlines);
  return { kind: "object", items, json: false, layout: undefined, file, start: starts[open] as number, end: ends[close] as number };
}

function parseItem(open: number): ObjectItem {
  const key = parseKey();
  const separator = kind;
  if (separator !== ASSIGN && separator !== COLON) {
    if (separator === EOF) unterminatedObject(open);
    if (separator === NEWLINE || separator === COMMA)
      fail("Missing attribute value", 'Expected an attribute value, introduced by an equals sign ("=").', rangeAt(index));
    const hint =
      separator === IDENTIFIER
        ? " If you intended to given an attribute name containing periods or spaces, write the name in quotes to create a string literal."
        : "";
    fail("Missing key/value separator", `Expected an equals sign ("=") to mark the beginning of the attribute value.${hint}`, rangeAt(index));
  }
  read();
  return { key, value: parseExpression() };
}

function parseKey(): ObjectKeyNode {
  // Nearly all keys are bare words, with what ends them directly behind: these never become a node of a name.
  if (kind === IDENTIFIER && isLast()) {
    const word = wordAt(index);
    if (!literalOf(word)) {
      const at = read();
      return new ObjectKeyNode(file, starts[at] as number, ends[at] as number, word, false);
    }
  }
  const forced = kind === OPEN_PAREN;
  const wrapped = parseExpression();
  const isBare = wrapped.kind === "traversal" && wrapped.steps.length === 0;
  return new ObjectKeyNode(file, wrapped.start, wrapped.end, isBare ? wrapped.root : wrapped, forced);
}

function unterminatedObject(open: number): never {
  const detail = "There is no corresponding closing brace before the end of the file. This may be caused by incorrect brace nesting elsewhere in this file.";
  return fail("Unterminated object constructor expression", detail, rangeAt(open));
}

/** `for` directly after a bracket, newlines aside. */
function isFor(): boolean {
  let at = index;
  while (kindAt(at) === NEWLINE) at++;
  return kindAt(at) === IDENTIFIER && isWord(at, "for");
}

function parseFor(open: number, end: TokenKind): Expression {
  const newlines = countNewlines(false);
  read();
  const names = [forName("variable name after 'for'.")];
  if (take(COMMA)) names.push(forName("value variable name after comma."));
  if (kind !== IDENTIFIER || !isWord(index, "in")) forFailure("For expression requires the 'in' keyword after its name declarations.", rangeAt(index));
  read();
  const collection = parseExpression();
  if (kind !== COLON) forFailure("For expression requires a colon after the collection expression.", rangeAt(index));
  read();
  const [first, second] = names;
  const head = { keyName: second === undefined ? undefined : first, valueName: second ?? (first as string), collection };
  const node = forBody(open, end, head);
  countNewlines(newlines);
  return node;
}

function forBody(open: number, end: TokenKind, head: { keyName: string | undefined; valueName: string; collection: Expression }): Expression {
  const first = parseExpression();
  const arrow = take(ARROW);
  const value = arrow ? parseExpression() : first;
  const dots = index;
  const group = take(ELLIPSIS);
  let condition: Expression | undefined;
  if (kind === IDENTIFIER && isWord(index, "if")) {
    read();
    condition = parseExpression();
  }
  if (kind !== end) forFailure("Extra characters after the end of the 'for' expression.", rangeAt(index));
  const close = read();
  const isTuple = end === CLOSE_BRACKET;
  if (isTuple && arrow) forFailure("Key expression is not valid when building a tuple.", first);
  if (!isTuple && !arrow) forFailure("Key expression is required when building an object.", first);
  if (isTuple && group) forFailure("Grouping ellipsis (...) cannot be used when building a tuple.", rangeAt(dots));
  return {
    kind: "for",
    ...head,
    key: arrow ? first : undefined,
    value,
    condition,
    group,
    openRange: rangeAt(open),
    file,
    start: starts[open] as number,
    end: ends[close] as number,
  };
}

function forName(what: string): string {
  if (kind !== IDENTIFIER) forFailure(`For expression requires ${what}`, rangeAt(index));
  return textAt(read());
}

const forFailure = (detail: string, range: SourceRange): never => fail("Invalid 'for' expression", detail, range);

/** Constant steps extend a traversal; on anything else they make a relative one. */
function withStep(source: Expression, step: TraversalStep): Expression {
  const { start } = source;
  const { end } = step.range;
  if (source.kind === "traversal") return { kind: "traversal", root: source.root, steps: [...source.steps, step], file, start, end };
  if (source.kind === "relative-traversal") return { kind: "relative-traversal", source: source.source, steps: [...source.steps, step], file, start, end };
  return { kind: "relative-traversal", source, steps: [step], file, start, end };
}
