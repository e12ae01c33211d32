/**
 * Reads regular expressions of the RE2 dialect into a tree, with the reference's errors
 * (spec/hcl.md 6.7). What a tree matches is decided elsewhere.
 */
import { classTest, type CodePointTest, perlClass, posixClass, rangeTest, unicodeClass } from "./regex-class.ts";

export type Assertion = "text-start" | "text-end" | "line-start" | "line-end" | "word" | "no-word";

export type RegexNode =
  | { readonly kind: "empty" }
  /** `literal` is the text of a single character that is matched exactly. */
  | { readonly kind: "char"; readonly test: CodePointTest; readonly literal?: string }
  | { readonly kind: "assert"; readonly assertion: Assertion }
  | { readonly kind: "sequence"; readonly items: readonly RegexNode[] }
  | { readonly kind: "choice"; readonly items: readonly RegexNode[] }
  /** `max` -1 is without limit. */
  | { readonly kind: "repeat"; readonly item: RegexNode; readonly min: number; readonly max: number; readonly greedy: boolean }
  | { readonly kind: "capture"; readonly item: RegexNode; readonly index: number };

export interface RegexSyntax {
  readonly root: RegexNode;
  /** Names of the capture groups from 1 on; undefined for unnamed ones. */
  readonly names: readonly (string | undefined)[];
}

/** A pattern that is none: what is wrong, and with which part of it. */
export interface RegexError {
  readonly code: string;
  readonly fragment: string;
}

class SyntaxProblem extends Error {
  readonly code: string;
  readonly fragment: string;
  constructor(code: string, fragment: string) {
    super(code);
    this.code = code;
    this.fragment = fragment;
  }
}

interface Flags {
  readonly fold: boolean;
  readonly multiline: boolean;
  readonly dotAll: boolean;
  readonly swapGreed: boolean;
}

/** An open group: what was read before it, and what its end restores. */
interface Frame {
  readonly choices: RegexNode[];
  items: RegexNode[];
  readonly flags: Flags;
  /** 0 for groups that do not capture. */
  readonly capture: number;
  /** Nesting below the items read so far. */
  depth: number;
}

const MAX_DEPTH = 1000;
const MAX_REPEAT = 1000;
const ANY: CodePointTest = () => true;
const ANY_BUT_NEWLINE: CodePointTest = (code) => code !== 10;

/** The tree of a pattern, or why it is none. */
export function parseRegex(pattern: string): { readonly ok: true; readonly syntax: RegexSyntax } | ({ readonly ok: false } & RegexError) {
  try {
    return { ok: true, syntax: new PatternReader(pattern).read() };
  } catch (problem) {
    if (problem instanceof SyntaxProblem) return { ok: false, code: problem.code, fragment: problem.fragment };
    throw problem;
  }
}

class PatternReader {
  readonly #text: string;
  #at = 0;
  #flags: Flags = { fold: false, multiline: false, dotAll: false, swapGreed: false };
  #names: (string | undefined)[] = [];
  #frames: Frame[] = [];
  #top: Frame;

  constructor(text: string) {
    this.#text = text;
    this.#top = this.#frame(0);
  }

  read(): RegexSyntax {
    let lastRepeat: number | undefined;
    while (this.#at < this.#text.length) {
      const start = this.#at;
      const repeated = this.#step(lastRepeat);
      lastRepeat = repeated ? start : undefined;
    }
    if (this.#frames.length > 0) throw new SyntaxProblem("missing closing )", this.#text);
    return { root: this.#close(this.#top), names: this.#names };
  }

  /** Reads one item; true when it was a repetition. */
  #step(lastRepeat: number | undefined): boolean {
    const text = this.#text;
    const char = text[this.#at] as string;
    switch (char) {
      case "(":
        if (text[this.#at + 1] === "?") this.#perlGroup();
        else this.#open(1);
        return false;
      case ")":
        this.#at++;
        this.#closeGroup();
        return false;
      case "|":
        this.#at++;
        this.#top.choices.push(sequence(this.#top.items));
        this.#top.items = [];
        return false;
      case "^":
        this.#assertion(this.#flags.multiline ? "line-start" : "text-start", 1);
        return false;
      case "$":
        this.#assertion(this.#flags.multiline ? "line-end" : "text-end", 1);
        return false;
      case ".":
        this.#at++;
        this.#push({ kind: "char", test: this.#flags.dotAll ? ANY : ANY_BUT_NEWLINE });
        return false;
      case "[":
        this.#push({ kind: "char", test: this.#bracket() });
        return false;
      case "*":
      case "+":
      case "?":
        this.#at++;
        this.#repeat({ min: char === "+" ? 1 : 0, max: char === "?" ? 1 : -1 }, this.#at - 1, lastRepeat);
        return true;
      case "{":
        return this.#counted(lastRepeat);
      case "\\":
        this.#backslash();
        return false;
      default:
        this.#literal(this.#next());
        return false;
    }
  }

  #next(): number {
    const code = this.#text.codePointAt(this.#at) ?? -1;
    this.#at += code > 0xffff ? 2 : code < 0 ? 0 : 1;
    return code;
  }

  #frame(capture: number): Frame {
    return { choices: [], items: [], flags: this.#flags, capture, depth: 0 };
  }

  #push(node: RegexNode): void {
    this.#top.items.push(node);
  }

  #literal(code: number): void {
    const literal = String.fromCodePoint(code);
    if (!this.#flags.fold) this.#push({ kind: "char", test: (other) => other === code, literal });
    else this.#push({ kind: "char", test: classTest([rangeTest([[code, code]], true)], false) });
  }

  #assertion(assertion: Assertion, length: number): void {
    this.#at += length;
    this.#push({ kind: "assert", assertion });
  }

  #open(length: number, name?: string): void {
    this.#at += length;
    this.#names.push(name);
    this.#enter(this.#names.length);
  }

  #enter(capture: number): void {
    this.#frames.push(this.#top);
    this.#top = this.#frame(capture);
  }

  #closeGroup(): void {
    const parent = this.#frames.pop();
    if (!parent) throw new SyntaxProblem("unexpected )", this.#text);
    const frame = this.#top;
    const inner = this.#close(frame);
    this.#flags = frame.flags;
    this.#top = parent;
    this.#push(frame.capture > 0 ? { kind: "capture", item: inner, index: frame.capture } : inner);
    this.#deepen(frame.depth + 1);
  }

  #close(frame: Frame): RegexNode {
    const last = sequence(frame.items);
    return frame.choices.length === 0 ? last : { kind: "choice", items: [...frame.choices, last] };
  }

  #deepen(depth: number): void {
    this.#top.depth = Math.max(this.#top.depth, depth);
    if (depth + this.#frames.length > MAX_DEPTH) throw new SyntaxProblem("expression nests too deeply", this.#text);
  }

  /** `from` is where the repetition stands, `last` where the one right before it does. */
  #repeat(count: { readonly min: number; readonly max: number }, from: number, last: number | undefined): void {
    let greedy = !this.#flags.swapGreed;
    if (this.#text[this.#at] === "?") {
      this.#at++;
      greedy = !greedy;
    }
    if (last !== undefined) throw new SyntaxProblem("invalid nested repetition operator", this.#text.slice(last, this.#at));
    const item = this.#top.items.pop();
    const fragment = this.#text.slice(from, this.#at);
    if (!item) throw new SyntaxProblem("missing argument to repetition operator", fragment);
    const node: RegexNode = { kind: "repeat", item, min: count.min, max: count.max, greedy };
    if ((count.min >= 2 || count.max >= 2) && !fitsRepeat(node, MAX_REPEAT)) throw new SyntaxProblem("invalid repeat count", fragment);
    this.#push(node);
    this.#deepen(this.#top.depth + 1);
  }

  /** `{2}`, `{2,}`, `{2,3}`; a brace that is none of these is literal. */
  #counted(lastRepeat: number | undefined): boolean {
    const from = this.#at;
    const match = /^\{(0|[1-9]\d*)(,(0|[1-9]\d*)?)?\}/.exec(this.#text.slice(from, from + 64));
    if (!match) {
      this.#at++;
      this.#literal(0x7b);
      return false;
    }
    this.#at += match[0].length;
    const min = Number(match[1]);
    const max = match[2] === undefined ? min : match[3] === undefined ? -1 : Number(match[3]);
    if (min > MAX_REPEAT || max > MAX_REPEAT || (max >= 0 && min > max)) throw new SyntaxProblem("invalid repeat count", match[0]);
    this.#repeat({ min, max }, from, lastRepeat);
    return true;
  }

  /** `(?P<name>`, `(?<name>`, `(?flags)` and `(?flags:`. */
  #perlGroup(): void {
    const rest = this.#text.slice(this.#at);
    const named = rest.startsWith("(?P<") && rest.length > 4 ? 4 : rest.startsWith("(?<") && rest.length > 3 ? 3 : 0;
    if (named > 0) {
      const end = rest.indexOf(">");
      if (end < 0) throw new SyntaxProblem("invalid named capture", rest);
      const name = rest.slice(named, end);
      if (!/^[A-Za-z0-9_]+$/.test(name)) throw new SyntaxProblem("invalid named capture", rest.slice(0, end + 1));
      this.#open(end + 1, name);
      return;
    }
    this.#flagGroup();
  }

  #flagGroup(): void {
    const from = this.#at;
    this.#at += 2;
    let flags = this.#flags;
    let value = true;
    let seen = false;
    while (this.#at < this.#text.length) {
      const char = String.fromCodePoint(this.#next());
      if ((char === ":" || char === ")") && (value || seen)) {
        if (char === ":") this.#enter(0);
        this.#flags = flags;
        return;
      }
      if (char === "-" && value) {
        value = false;
        seen = false;
        continue;
      }
      const name = FLAGS[char];
      if (!name) break;
      flags = { ...flags, [name]: value };
      seen = true;
    }
    throw new SyntaxProblem("invalid or unsupported Perl syntax", this.#text.slice(from, this.#at));
  }

  #backslash(): void {
    const text = this.#text;
    const letter = text[this.#at + 1] ?? "";
    switch (letter) {
      case "A":
        return this.#assertion("text-start", 2);
      case "z":
        return this.#assertion("text-end", 2);
      case "b":
        return this.#assertion("word", 2);
      case "B":
        return this.#assertion("no-word", 2);
      case "C":
        throw new SyntaxProblem("invalid escape sequence", "\\C");
      case "Q":
        return this.#quoted();
      case "p":
      case "P":
        return this.#push({ kind: "char", test: classTest([this.#property()], false) });
      default: {
        const perl = perlClass(letter, this.#flags.fold);
        if (!perl) return this.#literal(this.#escape());
        this.#at += 2;
        this.#push({ kind: "char", test: classTest([perl], false) });
      }
    }
  }

  #quoted(): void {
    const end = this.#text.indexOf("\\E", this.#at + 2);
    const stop = end < 0 ? this.#text.length : end;
    this.#at += 2;
    while (this.#at < stop) this.#literal(this.#next());
    this.#at = end < 0 ? stop : end + 2;
  }

  /** `\pL`, `\p{Greek}`, `\P{...}`. */
  #property(): CodePointTest {
    const rest = this.#text.slice(this.#at);
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
    const test = unicodeClass(name, { negated: rest[1] === "P", fold: this.#flags.fold });
    if (!test) throw new SyntaxProblem("invalid character class range", sequence);
    this.#at += sequence.length;
    return test;
  }

  /** The code point of an escape sequence. */
  #escape(): number {
    const from = this.#at++;
    if (this.#at >= this.#text.length) throw new SyntaxProblem("trailing backslash at end of expression", "");
    const code = this.#next();
    const char = String.fromCodePoint(code);
    if (/[!-/:-@[-`{-~ \u0000-\u001f\u007f]/.test(char)) return code;
    const octal = /^(?:[1-7][0-7]{1,2}|0[0-7]{0,2})/.exec(this.#text.slice(from + 1, from + 4));
    if (octal) {
      this.#at = from + 1 + octal[0].length;
      return Number.parseInt(octal[0], 8);
    }
    const plain = "afnrtv".indexOf(char);
    if (plain >= 0) return [7, 12, 10, 13, 9, 11][plain] as number;
    if (char === "x") {
      const value = this.#hex();
      if (value !== undefined) return value;
    }
    throw new SyntaxProblem("invalid escape sequence", this.#text.slice(from, this.#at));
  }

  /** After `\x`; undefined leaves the position behind the offending character. */
  #hex(): number | undefined {
    if (this.#at >= this.#text.length) return undefined;
    const first = this.#next();
    if (first !== 0x7b) {
      const digits = String.fromCodePoint(first) + (this.#text[this.#at] ?? "");
      this.#next();
      return /^[0-9a-fA-F]{2}$/.test(digits) ? Number.parseInt(digits, 16) : undefined;
    }
    let value = 0;
    for (let count = 0; this.#at < this.#text.length; count++) {
      const char = String.fromCodePoint(this.#next());
      if (char === "}") return count > 0 ? value : undefined;
      if (!/^[0-9a-fA-F]$/.test(char)) return undefined;
      value = value * 16 + Number.parseInt(char, 16);
      if (value > 0x10ffff) return undefined;
    }
    return undefined;
  }

  /** `[...]` from its opening bracket on. */
  #bracket(): CodePointTest {
    const from = this.#at++;
    const negated = this.#text[this.#at] === "^";
    if (negated) this.#at++;
    const parts: CodePointTest[] = [];
    for (let first = true; first || this.#text[this.#at] !== "]"; first = false) parts.push(this.#bracketItem(from));
    this.#at++;
    return classTest(parts, negated);
  }

  #bracketItem(whole: number): CodePointTest {
    const text = this.#text;
    const fold = this.#flags.fold;
    if (text.startsWith("[:", this.#at)) {
      const end = text.indexOf(":]", this.#at + 2);
      if (end >= 0) {
        const test = posixClass(text.slice(this.#at + 2, end), fold);
        if (!test) throw new SyntaxProblem("invalid character class range", text.slice(this.#at, end + 2));
        this.#at = end + 2;
        return test;
      }
    }
    if (text[this.#at] === "\\") {
      const letter = text[this.#at + 1] ?? "";
      if (letter === "p" || letter === "P") return this.#property();
      const perl = perlClass(letter, fold);
      if (perl) {
        this.#at += 2;
        return perl;
      }
    }
    const from = this.#at;
    const low = this.#bracketChar(whole);
    if (text[this.#at] !== "-" || this.#at + 1 >= text.length || text[this.#at + 1] === "]") return rangeTest([[low, low]], fold);
    this.#at++;
    const high = this.#bracketChar(whole);
    if (high < low) throw new SyntaxProblem("invalid character class range", text.slice(from, this.#at));
    return rangeTest([[low, high]], fold);
  }

  #bracketChar(whole: number): number {
    if (this.#at >= this.#text.length) throw new SyntaxProblem("missing closing ]", this.#text.slice(whole));
    return this.#text[this.#at] === "\\" ? this.#escape() : this.#next();
  }
}

const FLAGS: Readonly<Record<string, keyof Flags>> = { i: "fold", m: "multiline", s: "dotAll", U: "swapGreed" };

function sequence(items: readonly RegexNode[]): RegexNode {
  if (items.length === 0) return { kind: "empty" };
  return items.length === 1 ? (items[0] as RegexNode) : { kind: "sequence", items };
}

/** Whether nested counts multiply to no more than a limit. */
function fitsRepeat(node: RegexNode, limit: number): boolean {
  switch (node.kind) {
    case "repeat": {
      const most = node.max < 0 ? node.min : node.max;
      if (node.max === 0) return true;
      if (most > limit) return false;
      return fitsRepeat(node.item, most > 0 ? Math.floor(limit / most) : limit);
    }
    case "sequence":
    case "choice":
      return node.items.every((item) => fitsRepeat(item, limit));
    case "capture":
      return fitsRepeat(node.item, limit);
    default:
      return true;
  }
}
