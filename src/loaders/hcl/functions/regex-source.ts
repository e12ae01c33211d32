/**
 * The text of a regular expression while it is read: escapes, properties and bracket expressions
 * (spec/hcl.md 6.7). What stands between them is the parser's.
 */
import { type CodePointTest, classTest, perlClass, posixClass, rangeTest, unicodeClass } from "./regex-class.ts";

/** Carries what is wrong with a pattern to the door of the parser; never leaves it. */
export class SyntaxProblem extends Error {
  readonly code: string;
  readonly fragment: string;
  constructor(code: string, fragment: string) {
    super(code);
    this.code = code;
    this.fragment = fragment;
  }
}

export class PatternSource {
  readonly text: string;
  /** Where the next character is. */
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  /** The next code point, or -1 at the end. */
  next(): number {
    const code = this.text.codePointAt(this.at) ?? -1;
    this.at += code > 0xffff ? 2 : code < 0 ? 0 : 1;
    return code;
  }

  /** `\pL`, `\p{Greek}`, `\P{...}`. */
  property(fold: boolean): CodePointTest {
    const rest = this.text.slice(this.at);
    let sequence: string;
    let name: string;
    if (rest[2] === "{") {
      const end = rest.indexOf("}");
      if (end < 0) throw new SyntaxProblem("invalid character class range", rest);
      sequence = rest.slice(0, end + 1);
      name = rest.slice(3, end);
    } else {
      name = rest.length > 2 ? String.fromCodePoint(rest.codePointAt(2) as number) : "";
      sequence = rest.slice(0, 2) + name;
    }
    const test = unicodeClass(name, { negated: rest[1] === "P", fold: fold });
    if (!test) throw new SyntaxProblem("invalid character class range", sequence);
    this.at += sequence.length;
    return test;
  }

  /** The code point of an escape sequence. */
  escape(): number {
    const from = this.at++;
    if (this.at >= this.text.length) throw new SyntaxProblem("trailing backslash at end of expression", "");
    const code = this.next();
    const char = String.fromCodePoint(code);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: all ASCII but letters and digits
    if (/[!-/:-@[-`{-~ \u0000-\u001f\u007f]/.test(char)) return code;
    const octal = /^(?:[1-7][0-7]{1,2}|0[0-7]{0,2})/.exec(this.text.slice(from + 1, from + 4));
    if (octal) {
      this.at = from + 1 + octal[0].length;
      return Number.parseInt(octal[0], 8);
    }
    const plain = "afnrtv".indexOf(char);
    if (plain >= 0) return [7, 12, 10, 13, 9, 11][plain] as number;
    if (char === "x") {
      const value = this.#hex();
      if (value !== undefined) return value;
    }
    throw new SyntaxProblem("invalid escape sequence", this.text.slice(from, this.at));
  }

  /** After `\x`; undefined leaves the position behind the offending character. */
  #hex(): number | undefined {
    if (this.at >= this.text.length) return undefined;
    const first = this.next();
    if (first !== 0x7b) {
      const digits = String.fromCodePoint(first) + (this.text[this.at] ?? "");
      this.next();
      return /^[0-9a-fA-F]{2}$/.test(digits) ? Number.parseInt(digits, 16) : undefined;
    }
    let value = 0;
    for (let count = 0; this.at < this.text.length; count++) {
      const char = String.fromCodePoint(this.next());
      if (char === "}") return count > 0 ? value : undefined;
      if (!/^[0-9a-fA-F]$/.test(char)) return undefined;
      value = value * 16 + Number.parseInt(char, 16);
      if (value > 0x10ffff) return undefined;
    }
    return undefined;
  }

  /** `[...]` from its opening bracket on. */
  bracket(fold: boolean): CodePointTest {
    const from = this.at++;
    const negated = this.text[this.at] === "^";
    if (negated) this.at++;
    const parts: CodePointTest[] = [];
    for (let first = true; first || this.text[this.at] !== "]"; first = false) parts.push(this.#bracketItem(from, fold));
    this.at++;
    return classTest(parts, negated);
  }

  #bracketItem(whole: number, fold: boolean): CodePointTest {
    const text = this.text;
    if (text.startsWith("[:", this.at)) {
      const end = text.indexOf(":]", this.at + 2);
      if (end >= 0) {
        const test = posixClass(text.slice(this.at + 2, end), fold);
        if (!test) throw new SyntaxProblem("invalid character class range", text.slice(this.at, end + 2));
        this.at = end + 2;
        return test;
      }
    }
    if (text[this.at] === "\\") {
      const letter = text[this.at + 1] ?? "";
      if (letter === "p" || letter === "P") return this.property(fold);
      const perl = perlClass(letter, fold);
      if (perl) {
        this.at += 2;
        return perl;
      }
    }
    const from = this.at;
    const low = this.#bracketChar(whole);
    if (text[this.at] !== "-" || this.at + 1 >= text.length || text[this.at + 1] === "]") return rangeTest([[low, low]], fold);
    this.at++;
    const high = this.#bracketChar(whole);
    if (high < low) throw new SyntaxProblem("invalid character class range", text.slice(from, this.at));
    return rangeTest([[low, high]], fold);
  }

  #bracketChar(whole: number): number {
    if (this.at >= this.text.length) throw new SyntaxProblem("missing closing ]", this.text.slice(whole));
    return this.text[this.at] === "\\" ? this.escape() : this.next();
  }
}
