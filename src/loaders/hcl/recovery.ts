/**
 * Where the reference's parser goes on behind a mistake in a block of a single line. What it finds there it tells before the
 * mistake itself, so it matters although this parser stops at the first mistake.
 */
import type { Diagnostic } from "../../diagnostics.ts";
import type { Tokens } from "./lexer.ts";
import {
  CLOSE_BRACE,
  CLOSE_BRACKET,
  CLOSE_HEREDOC,
  CLOSE_PAREN,
  CLOSE_QUOTE,
  DIRECTIVE,
  END_SEQUENCE,
  EOF,
  INTERPOLATION,
  isNewline,
  OPEN_BRACE,
  OPEN_BRACKET,
  OPEN_HEREDOC,
  OPEN_PAREN,
  OPEN_QUOTE,
  type TokenKind,
} from "./token-kinds.ts";

const CLOSERS: ReadonlyMap<TokenKind, TokenKind> = new Map([
  [OPEN_BRACE, CLOSE_BRACE],
  [OPEN_BRACKET, CLOSE_BRACKET],
  [OPEN_PAREN, CLOSE_PAREN],
  [OPEN_QUOTE, CLOSE_QUOTE],
  [OPEN_HEREDOC, CLOSE_HEREDOC],
  [INTERPOLATION, END_SEQUENCE],
  [DIRECTIVE, END_SEQUENCE],
]);

/** Mistakes behind which the reference goes on as if nothing had happened. */
const HARMLESS = new Set([
  "Missing false expression in conditional",
  "Invalid number literal",
  "Invalid escape sequence",
  "Unexpected end of template",
  "Nested splat expression not allowed",
]);
const HARMLESS_DETAIL = /^(?:Key expression is|Grouping ellipsis)/;

export const isHarmless = ({ summary, detail = "" }: Diagnostic): boolean => HARMLESS.has(summary) || HARMLESS_DETAIL.test(detail);

/** The first token that starts at an offset or behind it. */
export function tokenAt({ starts }: Tokens, offset: number): number {
  const index = starts.findIndex((start) => start >= offset);
  return index < 0 ? starts.length - 1 : index;
}

/** Behind the brackets that are open at `at`, from the inside out, each to the next one that closes it. */
export function leaveBrackets({ kinds }: Tokens, first: number, at: number): number {
  const open: TokenKind[] = [];
  for (let index = first; index < at; index++) {
    const kind = kinds[index] as TokenKind;
    if (CLOSERS.has(kind)) open.push(kind);
    else if (open.length > 0 && kind === CLOSERS.get(open.at(-1) as TokenKind)) open.pop();
  }
  let index = at;
  for (const opener of open.reverse()) index = behindCloser(kinds, opener, index);
  return index;
}

function behindCloser(kinds: Tokens["kinds"], opener: TokenKind, from: number): number {
  const closer = CLOSERS.get(opener);
  const isSequence = closer === END_SEQUENCE;
  let depth = 0;
  for (let index = from; kinds[index] !== EOF; index++) {
    const kind = kinds[index] as TokenKind;
    if (isSequence ? kind === INTERPOLATION || kind === DIRECTIVE : kind === opener) depth++;
    else if (kind === closer && --depth < 0) return index + 1;
  }
  return kinds.length - 1;
}

/** Behind the next end of a line that is in no brackets. */
export function behindItem(tokens: Tokens, from: number): number {
  const { kinds } = tokens;
  const open: TokenKind[] = [];
  for (let index = from; kinds[index] !== EOF; index++) {
    const kind = kinds[index] as TokenKind;
    if (isNewline(kind) && open.length === 0) return index + 1;
    if (CLOSERS.has(kind)) open.push(kind);
    else {
      const opener = open.findLastIndex((each) => CLOSERS.get(each) === kind);
      if (opener >= 0) open.length = opener;
    }
  }
  return kinds.length - 1;
}
