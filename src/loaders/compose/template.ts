/** Variables in text (spec/compose.md 2.3): `$NAME`, `${NAME}`, and the forms with defaults, alternatives and requirements. */
import { goQuote } from "./go-text.ts";

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

// One match runs to the last brace of its line: what belongs to it is found by counting braces afterwards.
const PATTERN = /\$(?:(\$)|([_a-z][_a-z0-9]*)|\{(?:([_a-z][_a-z0-9]*(?::?[-+?][^\n]*)?)\}|()))/giu;
const ONE = new RegExp(PATTERN.source, "iu");
const OPERATORS = [":?", ":-", ":+", "?", "-", "+"] as const;
type Operator = (typeof OPERATORS)[number];

/** Nested defaults within each other; people write two or three. */
const MAX_NESTING = 200;

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
    return { ok: true, text: replaceAll(template, substitution, 0) };
  } catch (error) {
    if (error instanceof Failure) return { ok: false, problem: error.problem };
    throw error;
  }
}

function replaceAll(template: string, substitution: Substitution, depth: number): string {
  if (depth > MAX_NESTING) throw new Failure({ kind: "invalid", template });
  return template.replaceAll(PATTERN, (match) => replaceOne(match, template, substitution, depth));
}

function replaceOne(match: string, template: string, substitution: Substitution, depth: number): string {
  const operator = firstOperator(match);
  const end = closingBrace(match);
  const rest = end < 0 ? "" : match.slice(end + 1);
  const own = end < 0 ? match : match.slice(0, end + 1);
  const [, escaped, named, braced] = ONE.exec(own) ?? [];
  if (escaped !== undefined) return "$";
  const name = named || braced;
  if (!name) throw new Failure({ kind: "invalid", template });
  let value: string;
  if (braced && operator !== undefined) value = applyOperator(braced, operator, substitution, depth);
  else {
    const found = substitution.lookup(name);
    if (found === undefined) substitution.unset(name);
    value = found ?? "";
  }
  return value + (rest === "" ? "" : replaceAll(rest, substitution, depth + 1));
}

/** The operator that stands first; of two at one place, the longer. */
function firstOperator(text: string): Operator | undefined {
  let found: Operator | undefined;
  let place = text.length;
  for (const operator of OPERATORS) {
    const at = text.indexOf(operator);
    if (at >= 0 && at < place) {
      found = operator;
      place = at;
    }
  }
  return found;
}

/** Where the first brace closes. The character after an opening brace is never looked at, as in the reference. */
function closingBrace(text: string): number {
  let open = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === "}") {
      open--;
      if (open === 0) return i;
    } else if (text[i] === "{") {
      open++;
      i++;
    }
  }
  return -1;
}

function applyOperator(text: string, operator: Operator, substitution: Substitution, depth: number): string {
  const at = text.indexOf(operator);
  const name = text.slice(0, at);
  const argument = text.slice(at + operator.length);
  const value = substitution.lookup(name);
  const usable = operator.startsWith(":") ? value !== undefined && value !== "" : value !== undefined;
  switch (operator.at(-1)) {
    case "-":
      return usable ? (value as string) : replaceAll(argument, substitution, depth + 1);
    case "+":
      return usable ? replaceAll(argument, substitution, depth + 1) : "";
    default: {
      if (usable) return value as string;
      throw new Failure({ kind: "required", name, message: replaceAll(argument, substitution, depth + 1) });
    }
  }
}

/** The reference's text for a problem in a place that has no name of its own, such as a line of `.env`. */
export function problemText(problem: TemplateProblem): string {
  if (problem.kind === "invalid") return `Invalid template: ${goQuote(problem.template)}`;
  return `required variable ${problem.name} is missing a value${problem.message === "" ? "" : `: ${problem.message}`}`;
}

export const unsetText = (name: string): string => `The ${goQuote(name)} variable is not set. Defaulting to a blank string.`;
