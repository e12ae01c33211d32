/** Variables and global attributes: one value a name (spec/hcl.md 5.4). */
import type { VariableInfo } from "../../bake/definition.ts";
import type { Diagnostic } from "../../diagnostics.ts";
import type { Attribute, Block, Expression } from "../hcl/ast.ts";
import { convert } from "../hcl/convert.ts";
import { evaluate } from "../hcl/evaluate.ts";
import { keywordOf } from "../hcl/static-forms.ts";
import { parseTypeExpression } from "../hcl/type-expression.ts";
import { constraintName, friendlyName, isPrimitive } from "../hcl/types.ts";
import { NULL, nullOf, STRING, string, type Type, type Value } from "../hcl/values.ts";
import { constantText } from "./constant-text.ts";
import type { Globals } from "./globals.ts";
import { type GraphNode, type Needs, NO_NEEDS, type NodeState } from "./graph.ts";
import { readJson } from "./override-json.ts";
import { isCsvType, type Read, read, readCsv, readPrimitive } from "./override-text.ts";
import type { Override, Overrides } from "./overrides.ts";
import { invalidValue } from "./problems.ts";
import { shownValue } from "./shown-value.ts";

/** A `variable` block, read but not evaluated. */
export interface VariableDeclaration {
  readonly name: string;
  readonly block: Block;
  readonly type?: Expression;
  readonly fallback?: Expression;
  readonly description?: string;
  readonly validations: readonly Block[];
}

const SCHEMA = {
  blocks: [{ type: "validation", labelNames: [] }],
  attributes: [{ name: "type" }, { name: "default" }, { name: "description" }],
} as const;

export function readVariable(block: Block): { readonly declaration: VariableDeclaration; readonly diagnostics: readonly Diagnostic[] } {
  const { attributes, blocks, diagnostics } = block.body.partialContent(SCHEMA);
  const type = attributes.get("type")?.expression;
  const fallback = attributes.get("default")?.expression;
  const description = constantText(attributes.get("description")?.expression);
  const declaration: VariableDeclaration = {
    name: block.labels[0]?.text ?? "",
    block,
    ...(type && { type }),
    ...(fallback && { fallback }),
    ...(description.text !== undefined && { description: description.text }),
    validations: blocks,
  };
  return { declaration, diagnostics: [...diagnostics, ...description.diagnostics] };
}

/** The value behind a name: a global attribute, a variable, or both, when the attribute's value is the default. */
export class NameNode implements GraphNode {
  state: NodeState = "new";
  readonly cycleMessage: string;
  readonly title: string;
  readonly range: Block["headerRange"];
  readonly #name: string;
  readonly #attribute: Attribute | undefined;
  readonly #declaration: VariableDeclaration | undefined;
  readonly #globals: Globals;
  readonly #overrides: Overrides;
  #type: Type | undefined;
  #origin: VariableInfo["origin"] = "default";

  constructor(
    name: string,
    parts: { readonly attribute?: Attribute | undefined; readonly declaration?: VariableDeclaration | undefined },
    globals: Globals,
    overrides: Overrides,
  ) {
    this.#name = name;
    this.#attribute = parts.attribute;
    this.#declaration = parts.declaration;
    this.#globals = globals;
    this.#overrides = overrides;
    this.cycleMessage = `variable cycle not allowed for ${name}`;
    this.title = `${parts.attribute ? "attribute" : "variable"} ${JSON.stringify(name)}`;
    this.range = (parts.attribute?.nameRange ?? parts.declaration?.block.headerRange) as Block["headerRange"];
  }

  get #expression(): Expression | undefined {
    return this.#attribute ? this.#attribute.expression : this.#declaration?.fallback;
  }

  needs(): Needs {
    return this.#expression ? this.#globals.needsOf(this.#expression) : NO_NEEDS;
  }

  finish(): readonly Diagnostic[] {
    const declared = this.#attribute ? undefined : this.#declaration?.type;
    if (declared && keywordOf(declared) !== "null") {
      const parsed = parseTypeExpression(declared);
      if (!parsed.ok) return [parsed.diagnostic];
      this.#type = parsed.type;
    }
    const own = this.#ownValue();
    if (own.diagnostics) return own.diagnostics;
    const override = this.#declaration && this.#overrides.get(this.#name, this.#type !== undefined);
    const outcome = override ? this.#overridden(own.value, override) : read(own.value);
    if (!outcome.ok) return [this.#problem(outcome.message)];
    if (override) this.#origin = override.origin;
    this.#globals.values.set(this.#name, outcome.value);
    return [];
  }

  /** What the files say. */
  #ownValue(): { readonly value: Value; readonly diagnostics?: undefined } | { readonly diagnostics: readonly Diagnostic[] } {
    const expression = this.#expression;
    if (!expression) return { value: this.#type ? nullOf(this.#type) : string("") };
    const { value, diagnostics } = evaluate(expression, this.#globals.scope);
    if (diagnostics.length > 0) return { diagnostics };
    if (!this.#type) return { value };
    const converted = convert(value, this.#type);
    if (converted.ok) return converted;
    return { diagnostics: [this.#problem(`invalid type ${friendlyName(this.#type)} for variable ${this.#name} default value: ${converted.message}`)] };
  }

  #overridden(own: Value, { text, json }: Override): Read {
    if (this.#type) {
      if (json) return readJson(this.#name, text, this.#type);
      if (isCsvType(this.#type)) return readCsv(this.#name, text, this.#type);
      return readPrimitive(this.#name, text, this.#type);
    }
    if (!this.#expression || own.state === "null") return read(string(text));
    return readPrimitive(this.#name, text, isPrimitive(own.type) ? own.type : own.type.kind === "dynamic" ? STRING : own.type);
  }

  #problem(message: string): Diagnostic {
    const range = this.#declaration?.block.body.missingItemRange ?? this.range;
    return {
      ...invalidValue(message, range),
      related: this.#declaration ? [{ message: `variable ${JSON.stringify(this.#name)} is declared here`, range: this.range }] : [],
    };
  }

  /** What `--list` shows, once the value is known; undefined for plain attributes. */
  info(): VariableInfo | undefined {
    const declaration = this.#declaration;
    if (!declaration) return undefined;
    const shown = shownValue(this.#globals.values.get(this.#name) ?? NULL, this.#type);
    return {
      name: this.#name,
      ...(declaration.description ? { description: declaration.description } : {}),
      ...(this.#type && { type: constraintName(this.#type) }),
      ...(shown !== undefined && { value: shown }),
      range: declaration.block.labels[0]?.range ?? this.range,
      origin: this.#origin,
    };
  }
}
