/**
 * Reads regular expressions of the RE2 dialect into a tree, with the reference's errors
 * (spec/hcl.md 6.7). What a tree matches is decided elsewhere.
 */
import { type CodePointTest, classTest, perlClass, rangeTest } from "./regex-class.ts";
import { PatternSource, SyntaxProblem } from "./regex-source.ts";

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
  readonly #source: PatternSource;
  #flags: Flags = { fold: false, multiline: false, dotAll: false, swapGreed: false };
  #names: (string | undefined)[] = [];
  #frames: Frame[] = [];
  #top: Frame;

  constructor(text: string) {
    this.#source = new PatternSource(text);
    this.#top = this.#frame(0);
  }

  read(): RegexSyntax {
    let lastRepeat: number | undefined;
    while (this.#source.at < this.#source.text.length) {
      const start = this.#source.at;
      const repeated = this.#step(lastRepeat);
      lastRepeat = repeated ? start : undefined;
    }
    if (this.#frames.length > 0) throw new SyntaxProblem("missing closing )", this.#source.text);
    return { root: this.#close(this.#top), names: this.#names };
  }

  /** Reads one item; true when it was a repetition. */
  #step(lastRepeat: number | undefined): boolean {
    const text = this.#source.text;
    const char = text[this.#source.at] as string;
    switch (char) {
      case "(":
        if (text[this.#source.at + 1] === "?") this.#perlGroup();
        else this.#open(1);
        return false;
      case ")":
        this.#source.at++;
        this.#closeGroup();
        return false;
      case "|":
        this.#source.at++;
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
        this.#source.at++;
        this.#push({ kind: "char", test: this.#flags.dotAll ? ANY : ANY_BUT_NEWLINE });
        return false;
      case "[":
        this.#push({ kind: "char", test: this.#source.bracket(this.#flags.fold) });
        return false;
      case "*":
      case "+":
      case "?":
        this.#source.at++;
        this.#repeat({ min: char === "+" ? 1 : 0, max: char === "?" ? 1 : -1 }, this.#source.at - 1, lastRepeat);
        return true;
      case "{":
        return this.#counted(lastRepeat);
      case "\\":
        this.#backslash();
        return false;
      default:
        this.#literal(this.#source.next());
        return false;
    }
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
    this.#source.at += length;
    this.#push({ kind: "assert", assertion });
  }

  #open(length: number, name?: string): void {
    this.#source.at += length;
    this.#names.push(name);
    this.#enter(this.#names.length);
  }

  #enter(capture: number): void {
    this.#frames.push(this.#top);
    this.#top = this.#frame(capture);
  }

  #closeGroup(): void {
    const parent = this.#frames.pop();
    if (!parent) throw new SyntaxProblem("unexpected )", this.#source.text);
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
    if (depth + this.#frames.length > MAX_DEPTH) throw new SyntaxProblem("expression nests too deeply", this.#source.text);
  }

  /** `from` is where the repetition stands, `last` where the one right before it does. */
  #repeat(count: { readonly min: number; readonly max: number }, from: number, last: number | undefined): void {
    let greedy = !this.#flags.swapGreed;
    if (this.#source.text[this.#source.at] === "?") {
      this.#source.at++;
      greedy = !greedy;
    }
    if (last !== undefined) throw new SyntaxProblem("invalid nested repetition operator", this.#source.text.slice(last, this.#source.at));
    const item = this.#top.items.pop();
    const fragment = this.#source.text.slice(from, this.#source.at);
    if (!item) throw new SyntaxProblem("missing argument to repetition operator", fragment);
    const node: RegexNode = { kind: "repeat", item, min: count.min, max: count.max, greedy };
    if ((count.min >= 2 || count.max >= 2) && !fitsRepeat(node, MAX_REPEAT)) throw new SyntaxProblem("invalid repeat count", fragment);
    this.#push(node);
  }

  /** `{2}`, `{2,}`, `{2,3}`; a brace that is none of these is literal. */
  #counted(lastRepeat: number | undefined): boolean {
    const from = this.#source.at;
    const match = /^\{(0|[1-9]\d*)(,(0|[1-9]\d*)?)?\}/.exec(this.#source.text.slice(from, from + 64));
    if (!match) {
      this.#source.at++;
      this.#literal(0x7b);
      return false;
    }
    this.#source.at += match[0].length;
    const min = Number(match[1]);
    const max = match[2] === undefined ? min : match[3] === undefined ? -1 : Number(match[3]);
    if (min > MAX_REPEAT || max > MAX_REPEAT || (max >= 0 && min > max)) throw new SyntaxProblem("invalid repeat count", match[0]);
    this.#repeat({ min, max }, from, lastRepeat);
    return true;
  }

  /** `(?P<name>`, `(?<name>`, `(?flags)` and `(?flags:`. */
  #perlGroup(): void {
    const rest = this.#source.text.slice(this.#source.at);
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
    const from = this.#source.at;
    this.#source.at += 2;
    let flags = this.#flags;
    let value = true;
    let seen = false;
    while (this.#source.at < this.#source.text.length) {
      const char = String.fromCodePoint(this.#source.next());
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
    throw new SyntaxProblem("invalid or unsupported Perl syntax", this.#source.text.slice(from, this.#source.at));
  }

  #backslash(): void {
    const source = this.#source;
    const { fold } = this.#flags;
    const letter = source.text[source.at + 1] ?? "";
    const assertion = ASSERTIONS.get(letter);
    const perl = perlClass(letter, fold);
    if (letter === "C") throw new SyntaxProblem("invalid escape sequence", "\\C");
    if (assertion) this.#assertion(assertion, 2);
    else if (letter === "Q") this.#quoted();
    else if (letter === "p" || letter === "P") this.#push({ kind: "char", test: classTest([source.property(fold)], false) });
    else if (perl) {
      source.at += 2;
      this.#push({ kind: "char", test: classTest([perl], false) });
    } else this.#literal(source.escape());
  }

  #quoted(): void {
    const end = this.#source.text.indexOf("\\E", this.#source.at + 2);
    const stop = end < 0 ? this.#source.text.length : end;
    this.#source.at += 2;
    while (this.#source.at < stop) this.#literal(this.#source.next());
    this.#source.at = end < 0 ? stop : end + 2;
  }
}

const ASSERTIONS: ReadonlyMap<string, Assertion> = new Map([
  ["A", "text-start"],
  ["z", "text-end"],
  ["b", "word"],
  ["B", "no-word"],
]);

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
