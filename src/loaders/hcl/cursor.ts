/** Reading tokens one after another, with newlines that count or not (spec/hcl.md 3.2), and how parsing fails. */
import type { Diagnostic, SourceFile, SourceRange } from "../../diagnostics.ts";
import type { TokenKind, Tokens } from "./lexer.ts";
import { isNewline } from "./recovery.ts";

/** Deepest nesting of expressions and blocks: under half of what the stack holds; real files stay below fifty. */
export const MAX_NESTING = 400;

/** What may follow an expression but never goes on with it. */
const ENDS: ReadonlySet<TokenKind> = new Set([",", "]", ")", "}", "=", "end-sequence", "eof"]);

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

export class Cursor {
  readonly file: SourceFile;
  readonly tokens: Tokens;
  #at = 0;
  #depth = 0;
  #newlines = true;

  constructor(file: SourceFile, tokens: Tokens) {
    this.file = file;
    this.tokens = tokens;
  }

  /** Index of the next token that counts. */
  peek(): number {
    const { kinds } = this.tokens;
    let at = this.#at;
    for (let kind = kinds[at]; kind === "newline" || kind === "comment"; kind = kinds[++at]) if (this.#newlines && isNewline(this.tokens, at)) break;
    this.#at = at;
    return at;
  }

  peekKind(): TokenKind {
    return this.kind(this.peek());
  }

  kind(index: number): TokenKind {
    const kind = this.tokens.kinds[index] as TokenKind;
    return kind === "comment" ? "newline" : kind;
  }

  /** Takes the next token that counts. */
  read(): number {
    const index = this.peek();
    if (this.tokens.kinds[index] !== "eof") this.#at = index + 1;
    return index;
  }

  /** Takes the next token only when it is of a kind. */
  take(kind: TokenKind): boolean {
    if (this.peekKind() !== kind) return false;
    this.read();
    return true;
  }

  /**
   * What the reference points at when a bracket is not closed by the given token: the bracket that closes it in spite of that
   * token and all that follows, or the end of the file.
   */
  closingBracket(instead: number): SourceRange {
    const { kinds } = this.tokens;
    let open = 0;
    for (let index = kinds[instead] === "eof" ? instead : instead + 1; ; index++) {
      const kind = kinds[index];
      if (kind === "eof" || (kind === "]" && open === 0)) return this.range(index);
      if (kind === "[") open++;
      else if (kind === "]") open--;
    }
  }

  text(index: number): string {
    return this.tokens.text.slice(this.tokens.starts[index], this.tokens.ends[index]);
  }

  start(index: number): number {
    return this.tokens.starts[index] as number;
  }

  end(index: number): number {
    return this.tokens.ends[index] as number;
  }

  range(index: number): SourceRange {
    return { file: this.file, start: this.start(index), end: this.end(index) };
  }

  between(start: number, end: number): SourceRange {
    return { file: this.file, start, end };
  }

  /** Newlines count or not from here on; yields what they did before, to be set again behind the construct. */
  countNewlines(count: boolean): boolean {
    const before = this.#newlines;
    this.#newlines = count;
    return before;
  }

  /** Whether an expression surely ends before a token: the usual case, which then needs no look at operators. */
  endsBefore(index: number): boolean {
    const kind = this.tokens.kinds[index];
    return kind !== undefined && (ENDS.has(kind) || (kind === "newline" && this.#newlines));
  }

  /** One level deeper; nesting is bounded so that no input overflows the stack. */
  enter(): void {
    if (++this.#depth <= MAX_NESTING) return;
    this.fail("Nesting too deep", `Expressions and blocks may be nested at most ${MAX_NESTING} levels deep.`, this.range(this.peek()));
  }

  leave(): void {
    this.#depth--;
  }

  fail(summary: string, detail: string, range: SourceRange): never {
    throw new SyntaxFailure({ severity: "error", code: "hcl.syntax", summary, detail, range });
  }
}
