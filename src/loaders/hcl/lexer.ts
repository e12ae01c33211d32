/**
 * Text to tokens (spec/hcl.md 1). Every character is in exactly one token or is white space between
 * tokens; broken input becomes tokens too, which `lexicalDiagnostics` reports.
 *
 * What is being scanned is in variables of this file, one text at a time: reading a big definition is most of a dry run, by code
 * that V8 has not optimized yet, in which a variable costs a fraction of what a property does.
 */
import { isIdentifier, isIdentifierPart, isIdentifierStart } from "./identifiers.ts";
import {
  AND,
  APOSTROPHE,
  ARROW,
  ASSIGN,
  BACKQUOTE,
  BAD_UTF8,
  BANG,
  BITWISE,
  BLANK,
  CHUNK,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  CLOSE_HEREDOC,
  CLOSE_PAREN,
  CLOSE_QUOTE,
  COLON,
  COMMA,
  COMMENT,
  CURLY_QUOTE,
  DIRECTIVE,
  DOT,
  DOUBLE_COLON,
  ELLIPSIS,
  END_SEQUENCE,
  EOF,
  EQUAL,
  GREATER,
  GREATER_EQUAL,
  IDENTIFIER,
  INTERPOLATION,
  INVALID,
  LESS,
  LESS_EQUAL,
  LINE_COMMENT,
  MINUS,
  NEWLINE,
  NOT_EQUAL,
  NUMBER_TOKEN,
  OPEN_BRACE,
  OPEN_BRACKET,
  OPEN_HEREDOC,
  OPEN_PAREN,
  OPEN_QUOTE,
  OR,
  PERCENT,
  PLUS,
  QUESTION,
  QUOTED_NEWLINE,
  RARE,
  SEMICOLON,
  SLASH,
  STAR,
  STRING_TOKEN,
  type TokenKind,
} from "./token-kinds.ts";

/** Parallel arrays: a token is an index. Offsets are UTF-16 and half-open. */
export interface Tokens {
  readonly text: string;
  readonly kinds: Uint8Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** Whether any token is broken input. */
  readonly flawed: boolean;
}

/** Where a template ends: at a quote, at a heredoc's marker, or at the end of the text. */
type Template = { readonly kind: "quoted" } | { readonly kind: "heredoc"; readonly marker: string; lineStart: boolean } | { readonly kind: "bare" };
/** Outside of templates, or in a sequence of one, which ends with the brace that is none of its own. */
interface Normal {
  readonly kind: "normal";
  braces: number;
  readonly sequence: boolean;
}
type Mode = Template | Normal;

const QUOTED: Template = { kind: "quoted" };

/** Runs of the commonest characters, found by the engine's own code: the loops that follow see to the rest. */
const WORD = /[A-Za-z0-9_-]+/y;
const PLAIN = /[^$%"\\\r\n\ud800-\udfff]+/y;
/** A quoted string of one chunk without escapes. */
const SIMPLE_STRING = /"[^$%"\\\r\n\ud800-\udfff]*"/y;
const NUMBER = /\d(?:(?:\d|\.|[eE][+-]?\d)*(?:\d|[eE][+-]?\d))?/y;
const HEREDOC = /<<(-?)([^\s"#/<$%{}()[\],;'`]+)\r?\n/y;

/** What a character of ASCII begins. */
const BEGINS = new Uint8Array(128).fill(RARE);
for (const [characters, kind] of [
  ["\t", BLANK],
  ["\n", NEWLINE],
  ["abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_", IDENTIFIER],
  ['"', STRING_TOKEN],
  ["0123456789", NUMBER_TOKEN],
  ["{", OPEN_BRACE],
  ["}", CLOSE_BRACE],
  ["[", OPEN_BRACKET],
  ["]", CLOSE_BRACKET],
  ["(", OPEN_PAREN],
  [")", CLOSE_PAREN],
  [",", COMMA],
] as const) {
  for (const character of characters) BEGINS[character.charCodeAt(0)] = kind;
}

let text = "";
let length = 0;
let at = 0;
let mode: Mode = { kind: "bare" };
/** The modes around it, from the outside in. */
const outer: Mode[] = [];
let kinds = new Uint8Array(0);
let starts = new Int32Array(0);
let ends = new Int32Array(0);
let count = 0;
let capacity = 0;
let flawed = false;

/** Tokens of a file in native syntax; a byte order mark is skipped. */
export function scanFile(source: string): Tokens {
  return scan(source, source.charCodeAt(0) === 0xfeff ? 1 : 0, { kind: "normal", braces: 0, sequence: false });
}

/** Tokens of a template without quotes, as JSON strings are. */
export function scanTemplate(source: string): Tokens {
  return scan(source, 0, { kind: "bare" });
}

function scan(source: string, start: number, first: Mode): Tokens {
  text = source;
  length = source.length;
  at = start;
  mode = first;
  outer.length = 0;
  count = 0;
  flawed = false;
  // No token but the last is empty, and most are a few characters long.
  room((length >> 1) + 16);
  while (at < length) {
    if (mode.kind === "normal") scanLine(mode);
    else scanPart(mode);
  }
  push(EOF, length);
  const tokens: Tokens = { text, kinds: kinds.subarray(0, count), starts: starts.subarray(0, count), ends: ends.subarray(0, count), flawed };
  text = "";
  kinds = new Uint8Array(0);
  starts = ends = new Int32Array(0);
  return tokens;
}

/** Makes the arrays so long, with what is in them. */
function room(size: number): void {
  const [widerKinds, widerStarts, widerEnds] = [new Uint8Array(size), new Int32Array(size), new Int32Array(size)];
  widerKinds.set(kinds);
  widerStarts.set(starts);
  widerEnds.set(ends);
  kinds = widerKinds;
  starts = widerStarts;
  ends = widerEnds;
  capacity = size;
}

function enterMode(inner: Mode): void {
  outer.push(mode);
  mode = inner;
}

/** The first mode has no end. */
function leaveMode(): void {
  mode = outer.pop() as Mode;
}

/** Adds a token from the current position and moves behind it. */
function push(kind: TokenKind, end: number): void {
  if (count === capacity) room(count * 2);
  kinds[count] = kind;
  starts[count] = at;
  ends[count++] = end;
  at = end;
}

/** Behind the run of characters at the current position. */
function runEnd(run: RegExp): number {
  run.lastIndex = at;
  return run.test(text) ? run.lastIndex : at;
}

/** Tokens up to the end of the line, or to where another mode begins or this one ends. */
function scanLine(current: Normal): void {
  const source = text;
  while (at < length) {
    const start = at;
    const code = source.charCodeAt(start);
    // So frequent that the table is not asked.
    if (code === 32) {
      at = start + 1;
      continue;
    }
    const kind = code < 128 ? (BEGINS[code] as TokenKind) : RARE;
    let end = start + 1;
    switch (kind) {
      case BLANK:
        at = end;
        continue;
      case RARE: {
        scanSymbol(current, code);
        if (mode !== current) return;
        continue;
      }
      case NEWLINE:
        return push(NEWLINE, end);
      case IDENTIFIER:
        WORD.lastIndex = start;
        WORD.test(source);
        end = WORD.lastIndex;
        if (source.charCodeAt(end) > 127) end = wordEnd(end);
        break;
      case STRING_TOKEN:
        SIMPLE_STRING.lastIndex = start;
        if (!SIMPLE_STRING.test(source)) {
          push(OPEN_QUOTE, end);
          return enterMode(QUOTED);
        }
        end = SIMPLE_STRING.lastIndex;
        break;
      case NUMBER_TOKEN:
        NUMBER.lastIndex = start;
        NUMBER.test(source);
        end = NUMBER.lastIndex;
        break;
      case OPEN_BRACKET:
      case CLOSE_BRACKET:
      case OPEN_PAREN:
      case CLOSE_PAREN:
      case COMMA:
        break;
      case OPEN_BRACE:
        current.braces++;
        break;
      case CLOSE_BRACE:
        if (current.sequence && current.braces === 0) return endSequence(1);
        current.braces--;
        break;
      // The others are whole tokens.
      default:
    }
    // As `push` does, written out: this is done for each token.
    if (count === capacity) room(count * 2);
    kinds[count] = kind;
    starts[count] = start;
    ends[count++] = end;
    at = end;
  }
}

/** The end of a name, characters beyond ASCII included. */
function wordEnd(from: number): number {
  let end = from;
  while (end < length) {
    const code = text.codePointAt(end) as number;
    if (!isIdentifierPart(code)) break;
    end += code > 0xffff ? 2 : 1;
  }
  return end;
}

/** The rarer symbols, and everything that is none. */
function scanSymbol(current: Normal, code: number): void {
  const next = text.charCodeAt(at + 1);
  switch (code) {
    case 61: // =
      if (next === 61) return push(EQUAL, at + 2);
      return next === 62 ? push(ARROW, at + 2) : push(ASSIGN, at + 1);
    case 13:
      return next === 10 ? push(NEWLINE, at + 2) : pushFlawed(INVALID, at + 1);
    case 35: // #
      return lineComment();
    case 47: {
      if (next === 47) return lineComment();
      const close = next === 42 ? text.indexOf("*/", at + 2) : -1;
      return close < 0 ? push(SLASH, at + 1) : push(COMMENT, close + 2);
    }
    case 46:
      return text.startsWith("...", at) ? push(ELLIPSIS, at + 3) : push(DOT, at + 1);
    case 58:
      return next === 58 ? push(DOUBLE_COLON, at + 2) : push(COLON, at + 1);
    case 63:
      return push(QUESTION, at + 1);
    case 33: // !
      return next === 61 ? push(NOT_EQUAL, at + 2) : push(BANG, at + 1);
    case 60: // <
      if (next === 60 && openHeredoc()) return;
      return next === 61 ? push(LESS_EQUAL, at + 2) : push(LESS, at + 1);
    case 62: // >
      return next === 61 ? push(GREATER_EQUAL, at + 2) : push(GREATER, at + 1);
    case 38:
      return next === 38 ? push(AND, at + 2) : pushFlawed(BITWISE, at + 1);
    case 124:
      return next === 124 ? push(OR, at + 2) : pushFlawed(BITWISE, at + 1);
    case 42:
      return push(STAR, at + 1);
    case 37:
      return push(PERCENT, at + 1);
    case 43:
      return push(PLUS, at + 1);
    case 45:
      return push(MINUS, at + 1);
    case 126: // ~
      if (next !== 125) return pushFlawed(BITWISE, at + 1);
      if (current.sequence && current.braces === 0) return endSequence(2);
      // Out of place it is the same token, for the parser to stumble over.
      current.braces--;
      return push(END_SEQUENCE, at + 2);
    case 94:
      return pushFlawed(BITWISE, at + 1);
    case 96:
      return pushFlawed(BACKQUOTE, at + 1);
    case 39:
      return pushFlawed(APOSTROPHE, at + 1);
    case 59:
      return pushFlawed(SEMICOLON, at + 1);
    case 0x201c:
    case 0x201d:
      return pushFlawed(CURLY_QUOTE, at + 1);
    default: {
      const point = text.codePointAt(at) as number;
      if (isIdentifierStart(point)) return push(IDENTIFIER, wordEnd(at));
      return pushFlawed(point >= 0xd800 && point <= 0xdfff ? BAD_UTF8 : INVALID, at + (point > 0xffff ? 2 : 1));
    }
  }
}

function pushFlawed(kind: TokenKind, end: number): void {
  flawed = true;
  push(kind, end);
}

function endSequence(width: number): void {
  push(END_SEQUENCE, at + width);
  leaveMode();
}

/** The comment takes its newline with it. */
function lineComment(): void {
  const newline = text.indexOf("\n", at);
  if (newline < 0) push(COMMENT, length);
  else push(LINE_COMMENT, newline + 1);
}

function openHeredoc(): boolean {
  HEREDOC.lastIndex = at;
  const match = HEREDOC.exec(text);
  const marker = match?.[2] ?? "";
  if (!match || !isIdentifier(marker)) return false;
  push(OPEN_HEREDOC, HEREDOC.lastIndex);
  enterMode({ kind: "heredoc", marker, lineStart: true });
  return true;
}

/** The next token of a template. */
function scanPart(current: Template): void {
  if (current.kind === "heredoc" && current.lineStart && closeHeredoc(current)) return;
  const char = text[at] as string;
  if (char === "$" || char === "%") {
    if (current.kind === "heredoc") current.lineStart = false;
    if (text[at + 1] === "{") {
      push(char === "$" ? INTERPOLATION : DIRECTIVE, at + (text[at + 2] === "~" ? 3 : 2));
      enterMode({ kind: "normal", braces: 0, sequence: true });
    } else if (text[at + 1] === char && text[at + 2] === "{") {
      push(CHUNK, at + 3);
    } else {
      push(CHUNK, at + 1);
    }
  } else if (current.kind === "quoted") {
    scanQuoted(char);
  } else {
    scanText(current);
  }
}

function scanQuoted(char: string): void {
  if (char === '"') {
    push(CLOSE_QUOTE, at + 1);
    return leaveMode();
  }
  let end = at;
  if (char === "\n" || char === "\r") {
    while (text[end] === "\n" || text[end] === "\r") end++;
    return pushFlawed(QUOTED_NEWLINE, end);
  }
  end = runEnd(PLAIN);
  for (; end < length; end++) {
    const code = text.charCodeAt(end);
    if (code === 36 || code === 37 || code === 34 || code === 13 || code === 10) break;
    if (code >= 0xd800 && code <= 0xdfff && isBroken(text, end)) break;
    if (code !== 92) continue;
    // A backslash goes with what follows; at the end of a line it stands alone.
    if (end + 1 === length || text[end + 1] === "\n" || text[end + 1] === "\r") break;
    end++;
  }
  if (end === at) return pushFlawed(char === "\\" ? INVALID : BAD_UTF8, end + 1);
  push(CHUNK, Math.min(end, length));
}

/** Literal text of a heredoc or bare template: up to the end of the line or the next `$` or `%`. */
function scanText(current: Template): void {
  let end = at;
  while (end < length) {
    const code = text.charCodeAt(end);
    if (code === 36 || code === 37) break;
    if (code >= 0xd800 && code <= 0xdfff && isBroken(text, end)) break;
    end++;
    if (code === 10) break;
  }
  if (end === at) return pushFlawed(BAD_UTF8, end + 1);
  if (current.kind === "heredoc") current.lineStart = text[end - 1] === "\n";
  push(CHUNK, end);
}

/** The marker alone on a line that ends in a newline closes; the newline itself is a token of its own. */
function closeHeredoc(current: Template & { kind: "heredoc" }): boolean {
  const newline = text.indexOf("\n", at);
  if (newline < 0 || trimSpace(text.slice(at, newline)) !== current.marker) return false;
  const end = text[newline - 1] === "\r" && newline - 1 > at ? newline - 1 : newline;
  push(CLOSE_HEREDOC, end);
  leaveMode();
  return true;
}

/** A lone half of a surrogate pair stands for a byte that is no UTF-8. */
function isBroken(text: string, at: number): boolean {
  const code = text.codePointAt(at) as number;
  if (code > 0xffff) return false;
  const before = text.charCodeAt(at - 1);
  return !(code >= 0xdc00 && before >= 0xd800 && before <= 0xdbff);
}

/** Unicode white space of the reference: not JavaScript's (spec/hcl.md 6.5). */
const SPACE = "\\u0009-\\u000d\\u0020\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const LEADING = new RegExp(`^[${SPACE}]+`);
const TRAILING = new RegExp(`[${SPACE}]+$`);
export const trimStart = (text: string): string => text.replace(LEADING, "");
export const trimEnd = (text: string): string => {
  // A regular expression anchored at the end alone is quadratic on long inner white space.
  let end = text.length;
  while (end > 0 && TRAILING.test(text[end - 1] as string)) end--;
  return text.slice(0, end);
};
export const trimSpace = (text: string): string => trimEnd(trimStart(text));
