/** JSON text to values, with the reference's words for what is none (spec/hcl.md 6.4). */
import { parseNumber } from "../number.ts";
import { typesEqual } from "../types.ts";
import { bool, NULL, number, object, string, tuple, type Value } from "../values.ts";

export type Decoded = { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly message: string };

/** Thrown by readers; never leaves the function that made one. */
export class JsonProblem extends Error {}

/** The limit on nesting, so that a text cannot exhaust the stack. */
const MAX_DEPTH = 1000;

export function decodeJson(text: string): Decoded {
  return attempt(() => ({ ok: true, value: new JsonReader(text).read() }));
}

/** What reading gives, or the problem it met. */
export function attempt<T>(read: () => T): T | { readonly ok: false; readonly message: string } {
  try {
    return read();
  } catch (problem) {
    if (problem instanceof JsonProblem) return { ok: false, message: problem.message };
    throw problem;
  }
}

const ESCAPES: Readonly<Record<string, string>> = { '"': '"', "\\": "\\", "/": "/", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };

/** Which part of a number is read when its next character does not fit. */
const NUMBER_STAGES: readonly (readonly [pattern: RegExp, place: string])[] = [
  [/^-$/, "in numeric literal"],
  [/\.$/, "after decimal point in numeric literal"],
  [/[eE][+-]?$/, "in exponent of numeric literal"],
];

/** One token: an opening bracket or a whole scalar, numbers and words with their spelling. */
export type JsonToken = { readonly kind: "{" | "[" } | { readonly kind: "scalar"; readonly value: Value; readonly written: string };

/** Reads a text at once, or token by token for who knows what is to come. */
export class JsonReader {
  readonly #text: string;
  #at = 0;
  #depth = 0;
  /** Only the grammar counts: no rule about keys that repeat. */
  #skipping = false;

  constructor(text: string) {
    this.#text = text;
  }

  read(): Value {
    const value = this.#value();
    this.#space();
    if (this.#at < this.#text.length) throw new JsonProblem("extraneous data after JSON object");
    return value;
  }

  token(): JsonToken {
    const char = this.#peek();
    if (char === "{" || char === "[") {
      this.#at++;
      return { kind: char };
    }
    const start = this.#at;
    return { kind: "scalar", value: this.#value(), written: this.#text.slice(start, this.#at) };
  }

  /** Whether an array or object goes on; what stands instead is judged by `close`. */
  more(): boolean {
    this.#space();
    const char = this.#text[this.#at];
    return char !== undefined && char !== "]" && char !== "}";
  }

  close(bracket: "]" | "}"): void {
    if (this.#peek() !== bracket) throw this.#invalid(bracket === "]" ? "after array element" : "after object key:value pair");
    this.#at++;
  }

  /** Behind the comma before an item that is not the first. */
  comma(): void {
    if (this.#peek() !== ",") throw new JsonProblem("expected comma after array element");
    this.#at++;
  }

  /** The key of an object's entry. */
  key(first: boolean): string {
    if (!first) {
      if (this.#peek() !== ",") throw this.#invalid("after object key:value pair");
      this.#at++;
    }
    if (this.#peek() !== '"') throw this.#invalid(first ? "" : "looking for beginning of object key string");
    return this.#string();
  }

  colon(): void {
    if (this.#peek() !== ":") throw new JsonProblem("expected colon after object key");
    this.#at++;
  }

  /** Whether the value that comes is well formed; it is still to be read. */
  check(): void {
    this.#peek();
    const start = this.#at;
    this.skip();
    this.#at = start;
  }

  /** Leaves the value that comes behind; yields a reader of it. */
  skip(): JsonReader {
    this.#peek();
    const start = this.#at;
    this.#skipping = true;
    try {
      this.#value();
    } catch (problem) {
      throw problem instanceof JsonProblem && problem.message === "EOF" ? new JsonProblem("unexpected EOF") : problem;
    }
    this.#skipping = false;
    return new JsonReader(this.#text.slice(start, this.#at));
  }

  #space(): void {
    while (" \t\r\n".includes(this.#text[this.#at] ?? "x")) this.#at++;
  }

  /** The next character that is no space; the text must not end here. */
  #peek(): string {
    this.#space();
    const char = this.#text[this.#at];
    if (char === undefined) throw new JsonProblem("EOF");
    return char;
  }

  #invalid(where: string): JsonProblem {
    const code = this.#text.codePointAt(this.#at) ?? 0;
    // Beyond ASCII it is the first byte of the character that is shown.
    const byte = code < 0x80 ? code : (new TextEncoder().encode(String.fromCodePoint(code))[0] as number);
    const shown = byte === 0x27 ? "'\\''" : byte === 0x22 ? `'"'` : `'${JSON.stringify(String.fromCharCode(byte)).slice(1, -1)}'`;
    return new JsonProblem(`invalid character ${shown}${where && ` ${where}`}`);
  }

  #value(): Value {
    const char = this.#peek();
    if (char === "{" || char === "[") {
      if (++this.#depth > MAX_DEPTH) throw new JsonProblem("exceeded max depth");
      this.#at++;
      const value = char === "{" ? this.#object() : this.#array();
      this.#depth--;
      return value;
    }
    if (char === '"') return string(this.#string());
    if (char === "t") return this.#word("true", bool(true));
    if (char === "f") return this.#word("false", bool(false));
    if (char === "n") return this.#word("null", NULL);
    if (char === "-" || /\d/.test(char)) return this.#number();
    throw this.#invalid("looking for beginning of value");
  }

  #word(word: string, value: Value): Value {
    for (const expected of word) {
      if (this.#at >= this.#text.length) throw new JsonProblem("unexpected EOF");
      if (this.#text[this.#at] !== expected) throw this.#invalid(`in literal ${word} (expecting '${expected}')`);
      this.#at++;
    }
    return value;
  }

  #number(): Value {
    const [written = ""] = /^-?(?:0|[1-9]\d*)?(?:(?<=\d)\.\d*)?(?:(?<=\d)[eE][+-]?\d*)?/.exec(this.#text.slice(this.#at)) ?? [];
    this.#at += written.length;
    const stage = NUMBER_STAGES.find(([pattern]) => pattern.test(written));
    if (stage) throw this.#at >= this.#text.length ? new JsonProblem("unexpected EOF") : this.#invalid(stage[1]);
    const parsed = parseNumber(written);
    if (!parsed) throw new JsonProblem(`the exponent of the number ${written} is too large`);
    return number(parsed);
  }

  /** From the opening quote. */
  #string(): string {
    const parts: string[] = [];
    this.#at++;
    for (;;) {
      let end = this.#at;
      while (end < this.#text.length && this.#text[end] !== '"' && this.#text[end] !== "\\" && (this.#text[end] as string) >= " ") end++;
      parts.push(this.#text.slice(this.#at, end));
      this.#at = end;
      if (end >= this.#text.length) throw new JsonProblem("unexpected EOF");
      if (this.#text[end] === '"') break;
      if (this.#text[end] !== "\\") throw this.#invalid("in string literal");
      parts.push(this.#escape());
    }
    this.#at++;
    return parts.join("").toWellFormed();
  }

  #escape(): string {
    this.#at++;
    const letter = this.#text[this.#at];
    if (letter === undefined) throw new JsonProblem("unexpected EOF");
    if (letter !== "u") {
      if (!Object.hasOwn(ESCAPES, letter)) throw this.#invalid("in string escape code");
      this.#at++;
      return ESCAPES[letter] as string;
    }
    this.#at++;
    let digits = "";
    for (; digits.length < 4; this.#at++) {
      const digit = this.#text[this.#at];
      if (digit === undefined) throw new JsonProblem("unexpected EOF");
      if (!/[0-9a-fA-F]/.test(digit)) throw this.#invalid("in \\u hexadecimal character escape");
      digits += digit;
    }
    return String.fromCharCode(Number.parseInt(digits, 16));
  }

  #array(): Value {
    const items: Value[] = [];
    if (this.#peek() === "]") {
      this.#at++;
      return tuple(items);
    }
    for (;;) {
      items.push(this.#value());
      const next = this.#peek();
      if (next !== "," && next !== "]") throw this.#invalid("after array element");
      this.#at++;
      if (next === "]") return tuple(items);
    }
  }

  #object(): Value {
    const entries = new Map<string, Value>();
    if (this.#peek() === "}") {
      this.#at++;
      return object(entries);
    }
    for (let first = true; ; first = false) {
      if (this.#peek() !== '"') throw this.#invalid(first && !this.#skipping ? "" : "looking for beginning of object key string");
      const key = this.#string();
      if (this.#peek() !== ":") throw this.#invalid("after object key");
      this.#at++;
      const value = this.#value();
      const earlier = entries.get(key);
      if (earlier && !this.#skipping && !typesEqual(earlier.type, value.type))
        throw new JsonProblem(`duplicate ${JSON.stringify(key)} property in JSON object`);
      entries.set(key, value);
      const next = this.#peek();
      if (next !== "," && next !== "}") throw this.#invalid("after object key:value pair");
      this.#at++;
      if (next === "}") return object(entries);
    }
  }
}
