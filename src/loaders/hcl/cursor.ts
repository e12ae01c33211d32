/**
 * Reading tokens one after another, with newlines that count or not (spec/hcl.md 3.2), and how parsing fails.
 *
 * The place of the parse that is going on is in variables of this file: there is one at a time, none begins inside another, and
 * as fields of an object they would cost a multiple in code that V8 has not optimized yet, which is what reads most definitions.
 */
import type { Diagnostic, SourceFile, SourceRange } from "../../diagnostics.ts";
import { forgetLists } from "./gather.ts";
import type { Tokens } from "./lexer.ts";
import {
  CLOSE_BRACE,
  CLOSE_BRACKET,
  CLOSE_PAREN,
  COLON,
  COMMA,
  COMMENT,
  ASSIGN,
  END_SEQUENCE,
  EOF,
  NEWLINE,
  OPEN_BRACKET,
  STRING_TOKEN,
  type TokenKind,
} from "./token-kinds.ts";
import { isNormalForm } from "./values.ts";

/** Deepest nesting of expressions and blocks: under half of what the stack holds; real files stay below fifty. */
export const MAX_NESTING = 400;

/** Carries the first syntax error to the door of the parser; never leaves it. `ahead` is told before it. */
export class SyntaxFailure extends Error {
  readonly diagnostic: Diagnostic;
  readonly ahead: readonly Diagnostic[];
  constructor(diagnostic: Diagnostic, ahead: readonly Diagnostic[] = []) {
    super(diagnostic.summary);
    this.diagnostic = diagnostic;
    this.ahead = ahead;
  }
}

const NO_FILE: SourceFile = { name: "", text: "" };
const NO_TOKENS: Tokens = { text: "", kinds: new Uint8Array(1).fill(EOF), starts: new Int32Array(1), ends: new Int32Array(1), flawed: false };

/** The file that is being parsed. */
export let file: SourceFile = NO_FILE;
export let tokens: Tokens = NO_TOKENS;
/** Whether all of the file has the form of values, and so what is cut out of it. */
export let isNormal = true;
/** The next token that counts, and its kind: comments are newlines, or they do not count. */
export let index = 0;
export let kind: TokenKind = EOF;

/** Where tokens start and end, by their index. */
export let starts: Int32Array = NO_TOKENS.starts;
export let ends: Int32Array = NO_TOKENS.ends;

let { text, kinds } = NO_TOKENS;
/** Behind the last token that was read: what is passed over from here depends on whether newlines count. */
let behind = 0;
let newlines = true;
let depth = 0;

/** Parses by `parse` from the first token on, and forgets the file again. */
export function parseTokens<T>(source: SourceFile, scanned: Tokens, parse: () => T): T {
  begin(source, scanned);
  try {
    return parse();
  } finally {
    begin(NO_FILE, NO_TOKENS);
    forgetLists();
  }
}

function begin(source: SourceFile, scanned: Tokens): void {
  file = source;
  tokens = scanned;
  ({ text, kinds, starts, ends } = scanned);
  isNormal = isNormalForm(text);
  newlines = true;
  depth = 0;
  settle(0);
}

/** Finds the next token that counts. */
function settle(from: number): void {
  behind = from;
  let at = from;
  let found = kinds[at] as TokenKind;
  while (found <= COMMENT && (found === COMMENT || !newlines)) found = kinds[++at] as TokenKind;
  index = at;
  kind = found <= COMMENT ? NEWLINE : found;
}

/** Takes the next token that counts. The usual case of `settle` is written out: this is called for each token. */
export function read(): number {
  const taken = index;
  if (kind === EOF) return taken;
  const found = kinds[taken + 1] as TokenKind;
  if (found > COMMENT) {
    behind = index = taken + 1;
    kind = found;
  } else {
    settle(taken + 1);
  }
  return taken;
}

/** Takes the next token only when it is of a kind. */
export function take(wanted: TokenKind): boolean {
  if (kind !== wanted) return false;
  read();
  return true;
}

/** Newlines count or not from here on; yields what they did before, to be set again behind the construct. */
export function countNewlines(count: boolean): boolean {
  const before = newlines;
  if (count !== before) {
    newlines = count;
    settle(behind);
  }
  return before;
}

/** The kind of a token as the grammar sees it. */
export function kindAt(at: number): TokenKind {
  const found = kinds[at] as TokenKind;
  return found <= COMMENT ? NEWLINE : found;
}

/** Whether the next token is followed by one behind which no expression goes on: the usual case, which needs no look at operators. */
export function isLast(): boolean {
  const next = kinds[index + 1] as TokenKind;
  switch (next) {
    case NEWLINE:
      return newlines;
    case COMMA:
    case CLOSE_BRACKET:
    case CLOSE_PAREN:
    case CLOSE_BRACE:
    case ASSIGN:
    case COLON:
    case END_SEQUENCE:
    case EOF:
      return true;
    default:
      return false;
  }
}

/**
 * What the reference points at when a bracket is not closed by the given token: the bracket that closes it in spite of that
 * token and all that follows, or the end of the file.
 */
export function closingBracket(instead: number): SourceRange {
  let open = 0;
  for (let at = kinds[instead] === EOF ? instead : instead + 1; ; at++) {
    const found = kinds[at];
    if (found === EOF || (found === CLOSE_BRACKET && open === 0)) return rangeAt(at);
    if (found === OPEN_BRACKET) open++;
    else if (found === CLOSE_BRACKET) open--;
  }
}

export const textAt = (at: number): string => text.slice(starts[at], ends[at]);

/** Short words that came last, by where they hash to: definitions use the same few for all their blocks. */
const WORDS = new Array<string>(256).fill("");
/** Longer ones would keep the whole file that they were cut out of. */
const SHORT = 12;

/** The text of a name. The same name is mostly the same object, which is found in maps and compared faster. */
export function wordAt(at: number): string {
  const start = starts[at] as number;
  const end = ends[at] as number;
  const width = end - start;
  if (width > SHORT) return text.slice(start, end);
  const slot = (text.charCodeAt(start) * 31 + text.charCodeAt(end - 1) * 7 + width) & 255;
  const known = WORDS[slot] as string;
  if (known.length === width && text.startsWith(known, start)) return known;
  return (WORDS[slot] = text.slice(start, end));
}

/** Whether a token is the word. */
export const isWord = (at: number, word: string): boolean => (ends[at] as number) - (starts[at] as number) === word.length && text.startsWith(word, starts[at]);

/** What is between the quotes of a string that is one token. */
export const stringAt = (at: number): string => text.slice((starts[at] as number) + 1, (ends[at] as number) - 1);

/** The range of a token; of a string that is one token its opening quote, as if it were the three that strings consist of. */
export function rangeAt(at: number): SourceRange {
  const start = starts[at] as number;
  return { file, start, end: kinds[at] === STRING_TOKEN ? start + 1 : (ends[at] as number) };
}

export const between = (start: number, end: number): SourceRange => ({ file, start, end });

/** One level deeper; nesting is bounded so that no input overflows the stack. */
export function enter(): void {
  if (++depth > MAX_NESTING) fail("Nesting too deep", `Expressions and blocks may be nested at most ${MAX_NESTING} levels deep.`, rangeAt(index));
}

export function leave(): void {
  depth--;
}

export function fail(summary: string, detail: string, range: SourceRange): never {
  throw new SyntaxFailure({ severity: "error", code: "hcl.syntax", summary, detail, range });
}
