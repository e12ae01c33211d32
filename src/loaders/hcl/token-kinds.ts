/**
 * The kinds of tokens as small numbers, in an order that makes questions about them comparisons: what is passed over, what is an
 * operator, what is a mistake. Most definitions are read by code that is never optimized, where comparing texts is slow.
 */

/** One of the kinds below. */
export type TokenKind = number;

/** Comments that take a newline with them are newlines, others are not. */
export const isNewline = (kind: TokenKind): boolean => kind <= LINE_COMMENT;

export const NEWLINE: TokenKind = 0;
/** From `#` or `//` to the end of the line, with the newline: for the grammar it is one. */
export const LINE_COMMENT: TokenKind = 1;
/** Between marks, or at the end of the file: for the grammar it is nothing. */
export const COMMENT: TokenKind = 2;
export const EOF: TokenKind = 3;
export const IDENTIFIER: TokenKind = 4;
/** A whole quoted string, quotes included, that has neither escapes nor sequences: most strings are one. */
export const STRING_TOKEN: TokenKind = 5;
export const NUMBER_TOKEN: TokenKind = 6;

export const OPEN_QUOTE: TokenKind = 7;
export const CHUNK: TokenKind = 8;
export const CLOSE_QUOTE: TokenKind = 9;
export const OPEN_HEREDOC: TokenKind = 10;
export const CLOSE_HEREDOC: TokenKind = 11;
/** `${` */
export const INTERPOLATION: TokenKind = 12;
/** `%{` */
export const DIRECTIVE: TokenKind = 13;
/** The brace that ends a sequence. */
export const END_SEQUENCE: TokenKind = 14;

export const OPEN_BRACE: TokenKind = 15;
export const CLOSE_BRACE: TokenKind = 16;
export const OPEN_BRACKET: TokenKind = 17;
export const CLOSE_BRACKET: TokenKind = 18;
export const OPEN_PAREN: TokenKind = 19;
export const CLOSE_PAREN: TokenKind = 20;
export const COMMA: TokenKind = 21;
/** `=` */
export const ASSIGN: TokenKind = 22;
export const COLON: TokenKind = 23;
export const DOUBLE_COLON: TokenKind = 24;
export const QUESTION: TokenKind = 25;
/** `=>` */
export const ARROW: TokenKind = 26;
export const DOT: TokenKind = 27;
export const ELLIPSIS: TokenKind = 28;
export const BANG: TokenKind = 29;

/** Binary operators: from here to PERCENT. */
export const OR: TokenKind = 30;
export const AND: TokenKind = 31;
export const EQUAL: TokenKind = 32;
export const NOT_EQUAL: TokenKind = 33;
export const LESS: TokenKind = 34;
export const LESS_EQUAL: TokenKind = 35;
export const GREATER: TokenKind = 36;
export const GREATER_EQUAL: TokenKind = 37;
export const PLUS: TokenKind = 38;
export const MINUS: TokenKind = 39;
export const STAR: TokenKind = 40;
export const SLASH: TokenKind = 41;
export const PERCENT: TokenKind = 42;

/** Broken input: from here on. */
export const BITWISE: TokenKind = 43;
export const BACKQUOTE: TokenKind = 44;
export const APOSTROPHE: TokenKind = 45;
export const SEMICOLON: TokenKind = 46;
export const BAD_UTF8: TokenKind = 47;
export const QUOTED_NEWLINE: TokenKind = 48;
export const CURLY_QUOTE: TokenKind = 49;
export const INVALID: TokenKind = 50;

/**
 * For the lexer's table of what a character begins: white space, and what needs a closer look. Numbers of kinds that no single
 * character begins, so that a choice by them is a jump.
 */
export const BLANK: TokenKind = 1;
export const RARE: TokenKind = 2;
