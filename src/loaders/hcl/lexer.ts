/**
 * Text to tokens (spec/hcl.md 1). Every character is in exactly one token or is white space between
 * tokens; broken input becomes tokens too, which `lexicalDiagnostics` reports.
 */
import { isIdentifier, isIdentifierPart, isIdentifierStart } from "./identifiers.ts";

export type TokenKind =
  | "{"
  | "}"
  | "["
  | "]"
  | "("
  | ")"
  | "="
  | "=="
  | "!="
  | "<"
  | "<="
  | ">"
  | ">="
  | "&&"
  | "||"
  | "!"
  | "."
  | ","
  | "..."
  | "*"
  | "/"
  | "%"
  | "+"
  | "-"
  | ":"
  | "::"
  | "?"
  | "=>"
  | "open-quote"
  | "close-quote"
  | "open-heredoc"
  | "close-heredoc"
  | "${"
  | "%{"
  | "end-sequence"
  | "number"
  | "identifier"
  | "chunk"
  | "comment"
  | "newline"
  | "eof"
  | "bitwise"
  | "backquote"
  | "apostrophe"
  | "semicolon"
  | "bad-utf8"
  | "quoted-newline"
  | "curly-quote"
  | "invalid";

/** Parallel arrays: a token is an index. Offsets are UTF-16 and half-open. */
export interface Tokens {
  readonly text: string;
  readonly kinds: readonly TokenKind[];
  readonly starts: Int32Array;
  readonly ends: Int32Array;
}

/** Where a template ends: at a quote, at a heredoc's marker, or at the end of the text. */
type Template = { readonly kind: "quoted" } | { readonly kind: "heredoc"; readonly marker: string; lineStart: boolean } | { readonly kind: "bare" };
type Mode = Template | { readonly kind: "normal"; braces: number; readonly sequence: boolean };

/** Runs of the commonest characters, found by the engine's own code: the loops that follow see to the rest. */
const WORD = /[A-Za-z0-9_-]+/y;
const PLAIN = /[^$%"\\\r\n\ud800-\udfff]+/y;
const SPACES = /[ \t]+/y;
/** A quoted string of one chunk without escapes, as most are. */
const SIMPLE_STRING = /"[^$%"\\\r\n\ud800-\udfff]*"/y;

const NUMBER = /\d(?:(?:\d|\.|[eE][+-]?\d)*(?:\d|[eE][+-]?\d))?/y;
const HEREDOC = /<<(-?)([^\s"#/<$%{}()[\],;'`]+)\r?\n/y;
const TWO: ReadonlySet<string> = new Set(["==", "!=", "<=", ">=", "&&", "||", "=>", "::"]);
const ONE: ReadonlySet<string> = new Set(["=", "<", ">", "!", ".", "*", "/", "%", "+", "-", ":", "?"]);
const BROKEN: Readonly<Record<string, TokenKind>> = {
  "&": "bitwise",
  "|": "bitwise",
  "^": "bitwise",
  "~": "bitwise",
  "`": "backquote",
  "'": "apostrophe",
  ";": "semicolon",
  "“": "curly-quote",
  "”": "curly-quote",
};

class Lexer {
  readonly #text: string;
  readonly #end: number;
  #at: number;
  readonly kinds: TokenKind[] = [];
  starts: Int32Array;
  ends: Int32Array;
  readonly #modes: Mode[];

  constructor(text: string, start: number, first: Mode) {
    this.#text = text;
    this.#end = text.length;
    this.#at = start;
    this.#modes = [first];
    const room = (text.length >> 1) + 16;
    this.starts = new Int32Array(room);
    this.ends = new Int32Array(room);
  }

  run(): void {
    const modes = this.#modes;
    while (this.#at < this.#end) {
      const mode = modes[modes.length - 1] as Mode;
      if (mode.kind === "normal") this.#normal(mode);
      else this.#template(mode);
    }
    this.#push("eof", this.#end);
  }

  /** Adds a token from the current position and moves behind it. */
  #push(kind: TokenKind, end: number): void {
    const index = this.kinds.push(kind) - 1;
    if (index === this.starts.length) this.#grow();
    this.starts[index] = this.#at;
    this.ends[index] = end;
    this.#at = end;
  }

  #grow(): void {
    this.starts = doubled(this.starts);
    this.ends = doubled(this.ends);
  }

  /** Behind the run of characters at the current position. */
  #runEnd(run: RegExp): number {
    run.lastIndex = this.#at;
    return run.test(this.#text) ? run.lastIndex : this.#at;
  }

  #normal(mode: Mode & { kind: "normal" }): void {
    const text = this.#text;
    let code = text.charCodeAt(this.#at);
    if (code === 32 || code === 9) {
      this.#at = this.#runEnd(SPACES);
      if (this.#at === this.#end) return;
      code = text.charCodeAt(this.#at);
    }
    if (code === 10) {
      this.#push("newline", this.#at + 1);
    } else if (code === 13 && text.charCodeAt(this.#at + 1) === 10) {
      this.#push("newline", this.#at + 2);
    } else if ((code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95) {
      this.#identifier();
    } else if (code >= 48 && code <= 57) {
      NUMBER.lastIndex = this.#at;
      NUMBER.test(text);
      this.#push("number", NUMBER.lastIndex);
    } else {
      this.#symbol(mode, text[this.#at] as string);
    }
  }

  #identifier(): void {
    let end = this.#runEnd(WORD);
    while (end < this.#end) {
      const code = this.#text.codePointAt(end) as number;
      if (!isIdentifierPart(code)) break;
      end += code > 0xffff ? 2 : 1;
    }
    this.#push("identifier", end);
  }

  #symbol(mode: Mode & { kind: "normal" }, char: string): void {
    // These never begin anything longer.
    if (char === "," || char === "[" || char === "]" || char === "(" || char === ")") return this.#push(char, this.#at + 1);
    const text = this.#text;
    const two = text.slice(this.#at, this.#at + 2);
    switch (char) {
      case "{":
        mode.braces++;
        return this.#push("{", this.#at + 1);
      case "}":
        if (mode.sequence && mode.braces === 0) return this.#endSequence(1);
        mode.braces--;
        return this.#push("}", this.#at + 1);
      case "~":
        if (two !== "~}") break;
        if (mode.sequence && mode.braces === 0) return this.#endSequence(2);
        // Out of place it is the same token, for the parser to stumble over.
        mode.braces--;
        return this.#push("end-sequence", this.#at + 2);
      case '"':
        return this.#quote();
      case "#":
        return this.#lineComment();
      case "/":
        if (two === "//") return this.#lineComment();
        if (two === "/*") {
          const close = text.indexOf("*/", this.#at + 2);
          if (close >= 0) return this.#push("comment", close + 2);
        }
        break;
      case "<":
        if (two === "<<" && this.#heredoc()) return;
        break;
      case ".":
        if (text.startsWith("...", this.#at)) return this.#push("...", this.#at + 3);
        break;
      default:
    }
    if (TWO.has(two)) return this.#push(two as TokenKind, this.#at + 2);
    if (ONE.has(char)) return this.#push(char as TokenKind, this.#at + 1);
    this.#other(char);
  }

  #quote(): void {
    const end = this.#runEnd(SIMPLE_STRING);
    const isSimple = end > this.#at;
    this.#push("open-quote", this.#at + 1);
    if (!isSimple) {
      this.#modes.push({ kind: "quoted" });
      return;
    }
    if (this.#at < end - 1) this.#push("chunk", end - 1);
    this.#push("close-quote", end);
  }

  #endSequence(length: number): void {
    this.#push("end-sequence", this.#at + length);
    this.#modes.pop();
  }

  /** The comment takes its newline with it. */
  #lineComment(): void {
    const newline = this.#text.indexOf("\n", this.#at);
    this.#push("comment", newline < 0 ? this.#end : newline + 1);
  }

  #heredoc(): boolean {
    HEREDOC.lastIndex = this.#at;
    const match = HEREDOC.exec(this.#text);
    const marker = match?.[2] ?? "";
    if (!match || !isIdentifier(marker)) return false;
    this.#push("open-heredoc", HEREDOC.lastIndex);
    this.#modes.push({ kind: "heredoc", marker, lineStart: true });
    return true;
  }

  #other(char: string): void {
    const broken = BROKEN[char];
    if (broken) return this.#push(broken, this.#at + 1);
    const code = this.#text.codePointAt(this.#at) as number;
    if (isIdentifierStart(code)) return this.#identifier();
    this.#push(code >= 0xd800 && code <= 0xdfff ? "bad-utf8" : "invalid", this.#at + (code > 0xffff ? 2 : 1));
  }

  #template(mode: Template): void {
    const text = this.#text;
    if (mode.kind === "heredoc" && mode.lineStart && this.#closeHeredoc(mode)) return;
    const char = text[this.#at] as string;
    if (char === "$" || char === "%") {
      if (mode.kind === "heredoc") mode.lineStart = false;
      if (text[this.#at + 1] === "{") {
        this.#push(char === "$" ? "${" : "%{", this.#at + (text[this.#at + 2] === "~" ? 3 : 2));
        this.#modes.push({ kind: "normal", braces: 0, sequence: true });
      } else if (text[this.#at + 1] === char && text[this.#at + 2] === "{") {
        this.#push("chunk", this.#at + 3);
      } else {
        this.#push("chunk", this.#at + 1);
      }
    } else if (mode.kind === "quoted") {
      this.#quoted(char);
    } else {
      this.#lines(mode);
    }
  }

  #quoted(char: string): void {
    if (char === '"') {
      this.#push("close-quote", this.#at + 1);
      this.#modes.pop();
      return;
    }
    const text = this.#text;
    let end = this.#at;
    if (char === "\n" || char === "\r") {
      while (text[end] === "\n" || text[end] === "\r") end++;
      return this.#push("quoted-newline", end);
    }
    end = this.#runEnd(PLAIN);
    for (; end < this.#end; end++) {
      const code = text.charCodeAt(end);
      if (code === 36 || code === 37 || code === 34 || code === 13 || code === 10) break;
      if (code >= 0xd800 && code <= 0xdfff && isBroken(text, end)) break;
      if (code !== 92) continue;
      // A backslash goes with what follows; at the end of a line it stands alone.
      if (end + 1 === this.#end || text[end + 1] === "\n" || text[end + 1] === "\r") break;
      end++;
    }
    if (end === this.#at) return this.#push(char === "\\" ? "invalid" : "bad-utf8", end + 1);
    this.#push("chunk", Math.min(end, this.#end));
  }

  /** Literal text of a heredoc or bare template: up to the end of the line or the next `$` or `%`. */
  #lines(mode: Template): void {
    const text = this.#text;
    let end = this.#at;
    while (end < this.#end) {
      const code = text.charCodeAt(end);
      if (code === 36 || code === 37) break;
      if (code >= 0xd800 && code <= 0xdfff && isBroken(text, end)) break;
      end++;
      if (code === 10) break;
    }
    if (end === this.#at) return this.#push("bad-utf8", end + 1);
    if (mode.kind === "heredoc") mode.lineStart = text[end - 1] === "\n";
    this.#push("chunk", end);
  }

  /** The marker alone on a line that ends in a newline closes; the newline itself is a token of its own. */
  #closeHeredoc(mode: Template & { kind: "heredoc" }): boolean {
    const newline = this.#text.indexOf("\n", this.#at);
    if (newline < 0 || trimSpace(this.#text.slice(this.#at, newline)) !== mode.marker) return false;
    const end = this.#text[newline - 1] === "\r" && newline - 1 > this.#at ? newline - 1 : newline;
    this.#push("close-heredoc", end);
    this.#modes.pop();
    return true;
  }
}

function doubled(offsets: Int32Array): Int32Array {
  const wider = new Int32Array(offsets.length * 2);
  wider.set(offsets);
  return wider;
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

/** Tokens of a file in native syntax; a byte order mark is skipped. */
export function scanFile(text: string): Tokens {
  return scan(text, text.charCodeAt(0) === 0xfeff ? 1 : 0, { kind: "normal", braces: 0, sequence: false });
}

/** Tokens of a template without quotes, as JSON strings are. */
export function scanTemplate(text: string): Tokens {
  return scan(text, 0, { kind: "bare" });
}

function scan(text: string, start: number, mode: Mode): Tokens {
  const lexer = new Lexer(text, start, mode);
  lexer.run();
  const { kinds, starts, ends } = lexer;
  return { text, kinds, starts: starts.subarray(0, kinds.length), ends: ends.subarray(0, kinds.length) };
}
