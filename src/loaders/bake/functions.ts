/** Functions that definitions define (spec/hcl.md 5.7). */
import { formatDiagnosticLine, type Diagnostic, type SourceRange } from "../../diagnostics.ts";
import type { Block, Expression } from "../hcl/ast.ts";
import { evaluate } from "../hcl/evaluate.ts";
import { mentionsOf } from "../hcl/references.ts";
import { type CallOutcome, failure, type HclFunction, result } from "../hcl/functions/function.ts";
import { startRange } from "../hcl/start-range.ts";
import { keywordOf, staticList } from "../hcl/static-forms.ts";
import { scopeOf } from "../hcl/scope.ts";
import { DYNAMIC, tuple, type Value } from "../hcl/values.ts";
import type { Globals } from "./globals.ts";
import type { GraphNode, Needs, NodeState } from "./graph.ts";
import { countOthers, invalidExpression, invalidFunction, problem } from "./problems.ts";

const SCHEMA = { blocks: [], attributes: [{ name: "params" }, { name: "variadic_params" }, { name: "result" }] } as const;

/** Mistakes in a function block that are told before anything is evaluated: arguments that do not belong there. */
export const functionProblems = (block: Block): readonly Diagnostic[] => block.body.content(SCHEMA).diagnostics;

export class FunctionNode implements GraphNode {
  state: NodeState = "new";
  readonly cycleMessage: string;
  readonly title: string;
  readonly range: SourceRange;
  readonly #name: string;
  readonly #block: Block;
  readonly #globals: Globals;
  #parameters: readonly string[] = [];
  #variadic: string | undefined;
  /** What the body sees: the parameters, and behind them the variadic one. */
  #names: readonly string[] = [];
  #result: Expression | undefined;
  /** Results by arguments; absent where the same arguments may give something else each time, or hardly come again. */
  #results: Map<string, CallOutcome> | undefined;
  #wasOfUse = false;

  constructor(block: Block, globals: Globals) {
    this.#name = block.labels[0]?.text ?? "";
    this.#block = block;
    this.#globals = globals;
    this.cycleMessage = `function cycle not allowed for ${this.#name}`;
    this.title = `function ${JSON.stringify(this.#name)}`;
    this.range = block.headerRange;
  }

  needs(): Needs {
    const { attributes } = this.#block.body.partialContent(SCHEMA);
    const params = attributes.get("params");
    const variadic = attributes.get("variadic_params");
    const body = attributes.get("result");
    const place = params?.range ?? this.#block.labels[0]?.range ?? this.range;
    if (!body) return refused(invalidFunction(`empty result not allowed for ${this.#name}`, place));
    if (!params) return refused(invalidFunction(`empty params not allowed for ${this.#name}`, place));
    const list = staticList(params.expression);
    if (!list) return refused(invalidExpression("A static list expression is required.", startRange(params.expression)));
    const names: string[] = [];
    for (const item of list) {
      const name = keywordOf(item);
      if (name === undefined) return refused(notIdentifier(item));
      names.push(name);
    }
    if (variadic) {
      this.#variadic = keywordOf(variadic.expression);
      if (this.#variadic === undefined) return refused(notIdentifier(variadic.range));
    }
    this.#parameters = names;
    this.#result = body.expression;
    this.#names = this.#variadic === undefined ? names : [...names, this.#variadic];
    const hidden = new Set(this.#names);
    return this.#globals.needsOf(body.expression, hidden, { strict: true });
  }

  finish(): readonly Diagnostic[] {
    const variadic = this.#variadic;
    const pure = this.#isPure();
    if (pure) this.#results = new Map();
    const user: HclFunction = {
      parameters: this.#parameters.map((name) => ({ name, type: DYNAMIC })),
      ...(variadic !== undefined && { variadic: { name: variadic, type: DYNAMIC } }),
      call: (args) => this.#remembered(args),
      user: true,
      pure,
    };
    this.#globals.userFunctions.set(this.#name, user);
    return [];
  }

  #isPure(): boolean {
    const { library, userFunctions } = this.#globals;
    return mentionsOf(this.#result as Expression).every(
      (mention) => mention.kind !== "call" || (library.get(mention.name) ? !CHANGING.has(mention.name) : userFunctions.get(mention.name)?.pure === true),
    );
  }

  /** Matrices call the same functions with the same few names for each of their targets. */
  #remembered(args: readonly Value[]): CallOutcome {
    const results = this.#results;
    const key = results && keyOf(args);
    if (!results || key === undefined) return this.#call(args);
    const known = results.get(key);
    if (known) {
      this.#wasOfUse = true;
      return known;
    }
    const outcome = this.#call(args);
    if (outcome.ok && results.size < REMEMBERED) results.set(key, outcome);
    if (!this.#wasOfUse && results.size >= TRIAL) this.#results = undefined;
    return outcome;
  }

  /** The body sees the arguments, then the global names; nothing of the place that calls. */
  #call(args: readonly Value[]): CallOutcome {
    const count = this.#parameters.length;
    const values = this.#variadic === undefined ? args : [...args.slice(0, count), tuple(args.slice(count))];
    const { value, diagnostics } = evaluate(this.#result as Expression, scopeOf(this.#globals.scope, this.#names, values));
    const first = diagnostics[0];
    return first ? failure(countOthers(formatDiagnosticLine(first), diagnostics.length)) : result(value);
  }
}

/** Library functions that give something else each time. */
const CHANGING: ReadonlySet<string> = new Set(["timestamp", "uuidv4", "bcrypt"]);
const REMEMBERED = 4096;
/** So many different arguments without one that came again are enough. */
const TRIAL = 256;

/** What tells arguments apart that are all texts; undefined for others. */
function keyOf(args: readonly Value[]): string | undefined {
  let key = "";
  for (let i = 0; i < args.length; i++) {
    const { type, state, content } = args[i] as Value;
    if (type.kind !== "string" || state !== "known") return undefined;
    key += `${(content as string).length}:${content as string}`;
  }
  return key;
}

const refused = (...diagnostics: readonly Diagnostic[]): Needs => ({ nodes: [], diagnostics });

const notIdentifier = (range: SourceRange): Diagnostic =>
  problem("bake.parameter", "Invalid param element", "Each parameter name must be an identifier.", range);
