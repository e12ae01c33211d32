/** Tokens of JSON text, one after another (spec/hcl.md 7.1). Numbers and words are read greedily and judged by the parser. */

export type JsonTokenKind = "{" | "}" | "[" | "]" | "," | ":" | "=" | "string" | "number" | "keyword" | "invalid" | "eof";

export interface JsonToken {
  readonly kind: JsonTokenKind;
  readonly start: number;
  readonly end: number;
}

const SPACE = /[ \t\r\n]*/y;
const NUMBER = /[-+.0-9eE]+/y;
const WORD = /[A-Za-z][A-Za-z_]*/y;
const PUNCTUATION: ReadonlySet<string> = new Set(["{", "}", "[", "]", ",", ":", "="]);

export class JsonScanner {
  readonly #text: string;
  #at = 0;
  #limit: number;
  #next: JsonToken | undefined;

  constructor(text: string) {
    this.#text = text;
    this.#limit = text.length;
  }

  peek(): JsonToken {
    this.#next ??= this.#scan();
    return this.#next;
  }

  /** The next token; at the end always the same. */
  read(): JsonToken {
    const token = this.peek();
    this.#at = token.end;
    this.#next = undefined;
    return token;
  }

  /** Gives up on the rest of the text. */
  end(): void {
    this.#limit = this.#at;
    this.#next = undefined;
  }

  #match(pattern: RegExp, at: number): number {
    pattern.lastIndex = at;
    return pattern.test(this.#text) ? pattern.lastIndex : at;
  }

  #scan(): JsonToken {
    const text = this.#text;
    const start = this.#match(SPACE, this.#at);
    const char = text[start];
    if (char === undefined || start >= this.#limit) return { kind: "eof", start: Math.min(start, this.#limit), end: Math.min(start, this.#limit) };
    if (PUNCTUATION.has(char)) return { kind: char as JsonTokenKind, start, end: start + 1 };
    if (char === '"') return { kind: "string", start, end: this.#stringEnd(start) };
    if (/[-+.0-9]/.test(char)) return { kind: "number", start, end: this.#match(NUMBER, start) };
    const end = this.#match(WORD, start);
    if (end > start) return { kind: "keyword", start, end };
    // Nothing is read behind a character that no token has.
    this.#limit = start + ((text.codePointAt(start) as number) > 0xffff ? 2 : 1);
    return { kind: "invalid", start, end: this.#limit };
  }

  /** Behind the closing quote, before a control character, or the end of the text. */
  #stringEnd(start: number): number {
    const text = this.#text;
    for (let at = start + 1; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === 34) return at + 1;
      if (code < 32) return at;
      if (code === 92 && text.charCodeAt(at + 1) >= 32) at++;
    }
    return text.length;
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what strings must not hold
const VALID = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*/y;

/** The text of a string token, or the offset behind the first character that is wrong. */
export function readString(text: string, token: JsonToken): string | number {
  VALID.lastIndex = token.start;
  VALID.test(text);
  const at = VALID.lastIndex;
  if (at === token.end - 1 && text[at] === '"') return (JSON.parse(text.slice(token.start, token.end)) as string).toWellFormed();
  return Math.min(wrongCharacter(text, at) + 1, token.end);
}

/** In an escape the first character that does not belong to it. */
function wrongCharacter(text: string, at: number): number {
  if (text[at] !== "\\") return at;
  let wrong = at + 1;
  if (text[wrong] !== "u") return wrong;
  do wrong++;
  while (/[0-9a-fA-F]/.test(text[wrong] ?? ""));
  return wrong;
}
