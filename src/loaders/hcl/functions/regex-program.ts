/**
 * Compiles the tree of a regular expression to instructions for a machine that follows all ways of
 * matching at once, so that time is linear in the text (spec/hcl.md 6.7).
 */
import type { CodePointTest } from "./regex-class.ts";
import type { Assertion, RegexNode, RegexSyntax } from "./regex-syntax.ts";

export type Instruction =
  | { readonly op: "match" }
  | { readonly op: "char"; readonly test: CodePointTest; readonly literal: string | undefined; readonly next: number }
  | { readonly op: "assert"; readonly assertion: Assertion; readonly next: number }
  | { readonly op: "save"; readonly slot: number; readonly next: number }
  /** `first` is preferred. */
  | { readonly op: "split"; first: number; second: number };

export interface Program {
  readonly instructions: readonly Instruction[];
  readonly start: number;
  /** Two for each group, the whole match included. */
  readonly slots: number;
  /** Every match starts with this text. */
  readonly prefix: string;
  /** Matches only at the start of the text. */
  readonly anchored: boolean;
  readonly names: readonly (string | undefined)[];
}

/** Counted repetitions are written out; beyond this the expression is refused. */
const MAX_INSTRUCTIONS = 500_000;

/** The program, or undefined when it would be too large. */
export function compileProgram(syntax: RegexSyntax): Program | undefined {
  const instructions: Instruction[] = [];
  const emit = new Emitter(instructions);
  const start = emit.node(syntax.root, emit.add({ op: "match" }));
  if (instructions.length > MAX_INSTRUCTIONS) return undefined;
  return { instructions, start, slots: 2 * (syntax.names.length + 1), names: syntax.names, ...opening(instructions, start) };
}

/** What every match must begin with. */
function opening(instructions: readonly Instruction[], start: number): { prefix: string; anchored: boolean } {
  let prefix = "";
  let anchored = false;
  for (let at = start; ; ) {
    const instruction = instructions[at] as Instruction;
    if (instruction.op === "char" && instruction.literal !== undefined) prefix += instruction.literal;
    else if (instruction.op === "assert" && instruction.assertion === "text-start" && prefix === "") anchored = true;
    else if (instruction.op !== "save") return { prefix, anchored };
    at = (instruction as { next: number }).next;
  }
}

/** Writes instructions from back to front: each node is given where to go on. */
class Emitter {
  readonly #instructions: Instruction[];

  constructor(instructions: Instruction[]) {
    this.#instructions = instructions;
  }

  add(instruction: Instruction): number {
    return this.#instructions.push(instruction) - 1;
  }

  #split(first: number, second: number, greedy: boolean): number {
    return this.add(greedy ? { op: "split", first, second } : { op: "split", first: second, second: first });
  }

  node(node: RegexNode, next: number): number {
    if (this.#instructions.length > MAX_INSTRUCTIONS) return next;
    switch (node.kind) {
      case "empty":
        return next;
      case "char":
        return this.add({ op: "char", test: node.test, literal: node.literal, next });
      case "assert":
        return this.add({ op: "assert", assertion: node.assertion, next });
      case "sequence":
        return node.items.reduceRight((at, item) => this.node(item, at), next);
      case "choice":
        return node.items
          .slice(0, -1)
          .reduceRight((rest, item) => this.#split(this.node(item, next), rest, true), this.node(node.items.at(-1) as RegexNode, next));
      case "capture": {
        const inner = this.node(node.item, this.add({ op: "save", slot: 2 * node.index + 1, next }));
        return this.add({ op: "save", slot: 2 * node.index, next: inner });
      }
      case "repeat":
        return this.#repeat(node, next);
    }
  }

  #repeat(node: Extract<RegexNode, { kind: "repeat" }>, next: number): number {
    const { item, min, max, greedy } = node;
    if (max === 0) return next;
    let at: number;
    let copies = min;
    if (max < 0) {
      at = min === 0 ? this.#star(item, next, greedy) : this.#plus(item, next, greedy);
      copies = min - 1;
    } else {
      at = next;
      for (let i = min; i < max; i++) at = this.#split(this.node(item, at), next, greedy);
    }
    for (let i = 0; i < copies; i++) at = this.node(item, at);
    return at;
  }

  /** One pass at least; where the item can match nothing, the pass itself is optional, which keeps priorities right. */
  #star(item: RegexNode, next: number, greedy: boolean): number {
    if (isNullable(item)) return this.#split(this.#plus(item, next, greedy), next, greedy);
    return this.#loop(item, next, greedy).loop;
  }

  #plus(item: RegexNode, next: number, greedy: boolean): number {
    return this.#loop(item, next, greedy).body;
  }

  #loop(item: RegexNode, next: number, greedy: boolean): { readonly loop: number; readonly body: number } {
    const split: Instruction = { op: "split", first: next, second: next };
    const loop = this.add(split);
    const body = this.node(item, loop);
    if (greedy) split.first = body;
    else split.second = body;
    return { loop, body };
  }
}

function isNullable(node: RegexNode): boolean {
  switch (node.kind) {
    case "char":
      return false;
    case "empty":
    case "assert":
      return true;
    case "sequence":
      return node.items.every(isNullable);
    case "choice":
      return node.items.some(isNullable);
    case "capture":
      return isNullable(node.item);
    case "repeat":
      return node.min === 0 || isNullable(node.item);
  }
}
