/** The text form of `.env` and `env_file` (spec/compose.md 2.2): read from left to right, not line by line. */
import { quote } from "../../go-text.ts";
import { problemText, substitute, unsetText } from "./template.ts";

export interface DotenvInput {
  readonly text: string;
  /** Values from outside: they win over what the text itself has defined so far. */
  readonly lookup: (name: string) => string | undefined;
}

export type DotenvResult =
  | { readonly ok: true; readonly vars: Map<string, string>; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly message: string; readonly offset: number; readonly warnings: readonly string[] };

const BLANKS = new Set([" ", "\t", "\v", "\f", "\r", "\u0085", "\u00a0"]);
/** Unicode white space; the byte order mark, which JavaScript counts too, is none. */
const SPACES = "\\t-\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const SPACE = new RegExp(`[${SPACES}]`);
const TRAILING = new RegExp(`[${SPACES}]+$`);
const NAME_PART = /[\p{L}\p{N}_.\-[\]]/u;
const ESCAPES: Readonly<Record<string, string>> = { a: "\u0007", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v", '"': '"', "\\": "\\" };

class Mistake extends Error {}

/** Reads all variables; later definitions of a name replace earlier ones. */
export function parseDotenv(input: DotenvInput): DotenvResult {
  const reader = new DotenvReader(input);
  try {
    reader.read();
    return { ok: true, vars: reader.vars, warnings: reader.warnings };
  } catch (error) {
    if (error instanceof Mistake) return { ok: false, message: error.message, offset: reader.offset, warnings: reader.warnings };
    throw error;
  }
}

class DotenvReader {
  readonly vars = new Map<string, string>();
  readonly warnings: string[] = [];
  readonly #text: string;
  readonly #lookup: (name: string) => string | undefined;
  #at = 0;

  constructor({ text, lookup }: DotenvInput) {
    this.#text = text;
    this.#lookup = lookup;
  }

  get offset(): number {
    return this.#at;
  }

  read(): void {
    while (this.#toStatement()) {
      const name = this.#name();
      if (name.inherited) {
        const value = this.#lookup(name.text);
        if (value !== undefined) this.vars.set(name.text, value);
      } else this.vars.set(name.text, this.#value());
    }
  }

  /** Skips white space and comments; false at the end. */
  #toStatement(): boolean {
    const text = this.#text;
    while (this.#at < text.length) {
      const char = text[this.#at] as string;
      if (char === "#") this.#at = this.#lineEnd(this.#at);
      else if (SPACE.test(char)) this.#at++;
      else return true;
    }
    return false;
  }

  /** The name up to `=`, `:` or the end of the line; at the end of the line it is inherited. */
  #name(): { readonly text: string; readonly inherited: boolean } {
    const text = this.#text;
    if (text.startsWith("export", this.#at) && SPACE.test(text[this.#at + 6] ?? "")) {
      this.#at += 6;
      while (this.#at < text.length && SPACE.test(text[this.#at] as string)) this.#at++;
      if (this.#at >= text.length) throw new Mistake("zero length string");
    }
    const start = this.#at;
    for (let i = start; i < text.length; ) {
      const char = String.fromCodePoint(text.codePointAt(i) as number);
      if (char === "=" || char === ":" || char === "\n") {
        const name = text.slice(start, i).replace(TRAILING, "");
        if (name.includes(" ")) throw new Mistake(`line ${this.#line(start)}: key cannot contain a space`);
        this.#at = i + 1;
        return { text: name, inherited: char === "\n" };
      }
      if (!NAME_PART.test(char) && !BLANKS.has(char)) {
        throw new Mistake(`line ${this.#line(start)}: unexpected character ${quote(char)} in variable name ${quote(text.slice(start, this.#lineEnd(start)))}`);
      }
      i += char.length;
    }
    return { text: "", inherited: false };
  }

  #value(): string {
    const text = this.#text;
    while (BLANKS.has(text[this.#at] ?? "")) this.#at++;
    const quote = text[this.#at];
    if (quote === '"' || quote === "'") return this.#quotedValue(quote);
    const end = this.#lineEnd(this.#at);
    const line = text.slice(this.#at, end);
    const comment = /[ \t\v\f\r\u0085\u00a0]#/.exec(line);
    const value = this.#expand((comment ? line.slice(0, comment.index) : line).replace(TRAILING, ""));
    this.#at = end;
    return value;
  }

  #quotedValue(quote: string): string {
    const text = this.#text;
    const start = this.#at + 1;
    let value = "";
    let active = false;
    for (let i = start; i < text.length; i++) {
      const char = text[i] as string;
      if (char === quote && !active) {
        const expanded = quote === '"' ? this.#expand(unescape(value)) : value;
        this.#at = i + 1;
        return expanded;
      }
      if (char === quote && active) value = value.slice(0, -1) + char;
      else value += char;
      active = char === "\\" && !active;
    }
    const first = text.slice(this.#at, this.#lineEnd(this.#at));
    throw new Mistake(`line ${this.#line(text.length)}: unterminated quoted value ${first}`);
  }

  #expand(template: string): string {
    const result = substitute(template, {
      lookup: (name) => this.#lookup(name) ?? this.vars.get(name),
      unset: (name) => this.warnings.push(unsetText(name)),
    });
    if (!result.ok) throw new Mistake(problemText(result.problem));
    return result.text;
  }

  #lineEnd(from: number): number {
    const end = this.#text.indexOf("\n", from);
    return end < 0 ? this.#text.length : end;
  }

  #line(offset: number): number {
    let line = 1;
    for (let i = this.#text.indexOf("\n"); i >= 0 && i < offset; i = this.#text.indexOf("\n", i + 1)) line++;
    return line;
  }
}

/** Escapes of a double-quoted value. `\$` stays a dollar sign that starts no variable. */
function unescape(value: string): string {
  return value.replaceAll(/\\(?:0([0-9]{0,3})|([\s\S]))/g, (whole, octal: string | undefined, char: string | undefined) => {
    if (octal !== undefined) return /^[0-3][0-7]{2}$/.test(octal) ? String.fromCharCode(Number.parseInt(octal, 8)) : `\\${octal}`;
    if (char === "$") return "$$";
    return ESCAPES[char as string] ?? whole;
  });
}
