/** Runs compiled regular expressions over texts: leftmost match, first alternative preferred, linear time (spec/hcl.md 6.7). */
import type { Assertion } from "./regex-syntax.ts";
import type { Instruction, Program } from "./regex-program.ts";

/** UTF-16 offsets: start and end of the whole match, then of each group; -1 where a group took no part. */
export type Match = Int32Array;

interface Threads {
  readonly at: Int32Array;
  readonly captures: Int32Array[];
  count: number;
}

const isWordAt = (text: string, at: number): boolean => {
  const code = text.charCodeAt(at);
  return (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || code === 95 || (code >= 97 && code <= 122);
};

export class Matcher {
  readonly #program: Program;
  readonly #text: string;
  /** Step in which an instruction was last entered. */
  readonly #entered: Int32Array;
  #step = 0;
  #now: Threads;
  #later: Threads;
  readonly #stack: number[] = [];

  constructor(program: Program, text: string) {
    this.#program = program;
    this.#text = text;
    const size = program.instructions.length;
    this.#entered = new Int32Array(size);
    this.#now = { at: new Int32Array(size), captures: [], count: 0 };
    this.#later = { at: new Int32Array(size), captures: [], count: 0 };
  }

  /** The first match that starts at an offset or behind it. */
  find(from: number): Match | undefined {
    const text = this.#text;
    const { prefix, anchored, start, slots } = this.#program;
    let found: Match | undefined;
    this.#now.count = 0;
    this.#step++;
    for (let at = from; at <= text.length; ) {
      if (this.#now.count === 0) {
        if (found || (anchored && at > 0)) break;
        if (prefix !== "") {
          at = text.indexOf(prefix, at);
          if (at < 0) break;
        }
      }
      if (!found && !(anchored && at > 0)) {
        const captures = new Int32Array(slots).fill(-1);
        captures[0] = at;
        this.#enter(this.#now, { pc: start, at, captures });
      }
      const code = at < text.length ? (text.codePointAt(at) as number) : -1;
      const next = at + (code > 0xffff ? 2 : 1);
      this.#step++;
      found = this.#advance(code, { at, next }) ?? found;
      [this.#now, this.#later] = [this.#later, this.#now];
      this.#later.count = 0;
      at = next;
    }
    return found;
  }

  /** Moves all threads over one character; the first that is done cuts those of lower priority. */
  #advance(code: number, place: { readonly at: number; readonly next: number }): Match | undefined {
    const threads = this.#now;
    for (let i = 0; i < threads.count; i++) {
      const instruction = this.#program.instructions[threads.at[i] as number] as Instruction;
      const captures = threads.captures[i] as Int32Array;
      if (instruction.op === "match") {
        const match = captures.slice();
        match[1] = place.at;
        return match;
      }
      if (instruction.op === "char" && code >= 0 && instruction.test(code)) {
        this.#enter(this.#later, { pc: instruction.next, at: place.next, captures });
      }
    }
    return undefined;
  }

  /**
   * Adds a thread and all that follow without reading. The stack holds instructions to go to, and
   * captures to restore as a pair of a complemented slot and its old value.
   */
  #enter(threads: Threads, from: { readonly pc: number; readonly at: number; readonly captures: Int32Array }): void {
    const stack = this.#stack;
    const captures = from.captures.slice();
    stack.push(from.pc);
    while (stack.length > 0) {
      const pc = stack.pop() as number;
      if (pc < 0) {
        captures[~pc] = stack.pop() as number;
        continue;
      }
      if (this.#entered[pc] === this.#step) continue;
      this.#entered[pc] = this.#step;
      const instruction = this.#program.instructions[pc] as Instruction;
      switch (instruction.op) {
        case "split":
          stack.push(instruction.second, instruction.first);
          break;
        case "save":
          stack.push(captures[instruction.slot] as number, ~instruction.slot, instruction.next);
          captures[instruction.slot] = from.at;
          break;
        case "assert":
          if (this.#holds(instruction.assertion, from.at)) stack.push(instruction.next);
          break;
        default:
          threads.at[threads.count] = pc;
          threads.captures[threads.count++] = captures.slice();
      }
    }
  }

  #holds(assertion: Assertion, at: number): boolean {
    const text = this.#text;
    switch (assertion) {
      case "text-start":
        return at === 0;
      case "text-end":
        return at === text.length;
      case "line-start":
        return at === 0 || text.charCodeAt(at - 1) === 10;
      case "line-end":
        return at === text.length || text.charCodeAt(at) === 10;
      default:
        return (isWordAt(text, at - 1) !== isWordAt(text, at)) === (assertion === "word");
    }
  }
}
