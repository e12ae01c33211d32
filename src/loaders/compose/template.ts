/** Variables in text (spec/compose.md 2.3): `$NAME`, `${NAME}`, and the forms with defaults, alternatives and requirements. */
import { quote } from "../../go-text.ts";

export interface Substitution {
  readonly lookup: (name: string) => string | undefined;
  /** Told of each plain use of a variable that is not set. */
  readonly unset: (name: string) => void;
}

/** The text with its variables replaced, or what is wrong with it. */
export type Substituted = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly problem: TemplateProblem };

/** An invalid template (the innermost text with the fault), or a variable that is required. */
export type TemplateProblem =
  | { readonly kind: "invalid"; readonly template: string }
  | { readonly kind: "required"; readonly name: string; readonly message: string };

/** Nested defaults within each other; people write two or three. */
const MAX_NESTING = 100;

class Failure extends Error {
  readonly problem: TemplateProblem;
  constructor(problem: TemplateProblem) {
    super(problem.kind);
    this.problem = problem;
  }
}

export function substitute(template: string, substitution: Substitution): Substituted {
  if (!template.includes("$")) return { ok: true, text: template };
  try {
    return { ok: true, text: expand(template, substitution, 0) };
  } catch (error) {
    if (error instanceof Failure) return { ok: false, problem: error.problem };
    throw error;
  }
}

/** The letters of a name, in any case; the two that fold to ASCII count too. */
const NAME = /[_a-z][_a-z0-9]*/iuy;
const OPERATOR = /:?[-+?]/y;

/**
 * From left to right, in time linear in the text for each level of defaults. A form with an operator reaches
 * to the brace that closes it, or, where braces do not balance, to the last one of its line.
 */
function expand(text: string, substitution: Substitution, depth: number): string {
  if (depth > MAX_NESTING) throw new Failure({ kind: "invalid", template: text });
  const line = new LineBraces(text);
  /** What is named when a form is invalid: what follows a form with an operator, up to the line's last brace, is a text of its own. */
  let context = { start: 0, end: text.length };
  let out = "";
  let at = 0;
  for (let dollar = text.indexOf("$"); dollar >= 0; dollar = text.indexOf("$", at)) {
    out += text.slice(at, dollar);
    if (dollar >= context.end) context = { start: 0, end: text.length };
    const next = text[dollar + 1];
    if (next === "$") {
      out += "$";
      at = dollar + 2;
      continue;
    }
    const braced = next === "{";
    const name = matchAt(NAME, text, dollar + (braced ? 2 : 1));
    if (!braced) {
      out += name === "" ? "$" : plainValue(name, substitution);
      at = dollar + 1 + name.length;
      continue;
    }
    const invalid = (): Failure => new Failure({ kind: "invalid", template: text.slice(context.start, context.end) });
    if (name === "") throw invalid();
    const after = dollar + 2 + name.length;
    if (text[after] === "}") {
      out += plainValue(name, substitution);
      at = after + 1;
      continue;
    }
    const operator = matchAt(OPERATOR, text, after);
    const last = line.lastBrace(after);
    if (operator === "" || last < after) throw invalid();
    const close = closingBrace(text, dollar, last);
    out += applyOperator({ name, operator, argument: text.slice(after + operator.length, close) }, substitution, depth);
    at = close + 1;
    context = { start: at, end: last + 1 };
  }
  return out + text.slice(at);
}

function matchAt(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? "";
}

function plainValue(name: string, { lookup, unset }: Substitution): string {
  const value = lookup(name);
  if (value === undefined) unset(name);
  return value ?? "";
}

/** The last closing brace of each line, found once a line. */
class LineBraces {
  readonly #text: string;
  #end = -1;
  #last = -1;

  constructor(text: string) {
    this.#text = text;
  }

  /** On the line of an offset; places are asked for in order. */
  lastBrace(at: number): number {
    if (at > this.#end) {
      const end = this.#text.indexOf("\n", at);
      this.#end = end < 0 ? this.#text.length : end;
      this.#last = this.#text.lastIndexOf("}", this.#end);
    }
    return this.#last;
  }
}

/** Where the brace after `$` closes; `last` when it does not. The character after an opening brace is never looked at, as in the reference. */
function closingBrace(text: string, dollar: number, last: number): number {
  let open = 0;
  for (let i = dollar + 1; i <= last; i++) {
    if (text[i] === "}") {
      open--;
      if (open === 0) return i;
    } else if (text[i] === "{") {
      open++;
      i++;
    }
  }
  return last;
}

interface Form {
  readonly name: string;
  readonly operator: string;
  readonly argument: string;
}

function applyOperator({ name, operator, argument }: Form, substitution: Substitution, depth: number): string {
  const value = substitution.lookup(name);
  const usable = operator.startsWith(":") ? value !== undefined && value !== "" : value !== undefined;
  switch (operator.at(-1)) {
    case "-":
      return usable ? (value as string) : expand(argument, substitution, depth + 1);
    case "+":
      return usable ? expand(argument, substitution, depth + 1) : "";
    default: {
      if (usable) return value as string;
      throw new Failure({ kind: "required", name, message: expand(argument, substitution, depth + 1) });
    }
  }
}

/** The reference's text for a problem in a place that has no name of its own, such as a line of `.env`. */
export function problemText(problem: TemplateProblem): string {
  if (problem.kind === "invalid") return `Invalid template: ${quote(problem.template)}`;
  return `required variable ${problem.name} is missing a value${problem.message === "" ? "" : `: ${problem.message}`}`;
}

export const unsetText = (name: string): string => `The ${quote(name)} variable is not set. Defaulting to a blank string.`;
