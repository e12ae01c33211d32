/** Evaluates expressions as the first line of a definition, with names of every kind in scope (spec/hcl.md 0). */
import { describe, expect, it } from "vitest";
import { type Diagnostic, formatDiagnosticLine } from "../../../../src/diagnostics.ts";
import { convert } from "../../../../src/loaders/hcl/convert.ts";
import { evaluate, type Evaluation } from "../../../../src/loaders/hcl/evaluate.ts";
import { encodeJson } from "../../../../src/loaders/hcl/json-encode.ts";
import { parseHcl } from "../../../../src/loaders/hcl/native-body.ts";
import { newBudget, type Scope } from "../../../../src/loaders/hcl/scope.ts";
import { parseTypeExpression } from "../../../../src/loaders/hcl/type-expression.ts";
import { nullOf, type Value } from "../../../../src/loaders/hcl/values.ts";
import { library } from "./function-rig.ts";

const NAMES = `n  = 5
s  = "str"
l  = ["a", "b"]
o  = { k = "v", j = "w" }
lo = [{ id = 1 }, { id = 2 }]
z  = null
b  = true
variable "tl" {
  type    = list(string)
  default = ["q", "r"]
}
variable "ts" {
  type    = set(string)
  default = ["b", "a"]
}
variable "m" {
  type    = map(string)
  default = { a = "1" }
}
variable "nl" { type = list(string) }
variable "lob" {
  type    = list(object({ id = number }))
  default = [{ id = 1 }, { id = 2 }]
}
variable "sob" {
  type    = set(object({ id = number }))
  default = [{ id = 1 }, { id = 2 }]
}
variable "el" {
  type    = list(object({ id = number }))
  default = []
}
`;

/** What stands behind the expression in the recorded runs: an unclosed bracket runs to its end. */
const REST = `${NAMES}target "default" {
  args = {
    v = jsonencode(v)
  }
}
`;

const VARIABLES = { blocks: [{ type: "variable", labelNames: ["name"] }] };
const VARIABLE = { blocks: [], attributes: [{ name: "type" }, { name: "default" }] };

function typedValue(body: ReturnType<typeof parseHcl>["body"], scope: Scope): Value {
  const { attributes } = body.content(VARIABLE);
  const [written, fallback] = [attributes.get("type"), attributes.get("default")];
  const type = written && parseTypeExpression(written.expression);
  if (!type?.ok) throw new Error("the rig's variables have types");
  const converted = convert(fallback ? evaluate(fallback.expression, scope).value : nullOf(type.type), type.type);
  if (!converted.ok) throw new Error(converted.message);
  return converted.value;
}

function names(): ReadonlyMap<string, Value> {
  const variables = new Map<string, Value>();
  const scope: Scope = { variables, functions: library, budget: newBudget() };
  const { attributes, blocks } = parseHcl({ name: "names.hcl", text: NAMES }).body.partialContent(VARIABLES);
  for (const [name, { expression }] of attributes) variables.set(name, evaluate(expression, scope).value);
  for (const { labels, body } of blocks) variables.set(labels[0]?.text ?? "", typedValue(body, scope));
  return variables;
}

const VARIABLES_IN_SCOPE = names();

/** A fresh scope: names, the standard library, and a budget of its own. */
export const scope = (): Scope => ({ variables: VARIABLES_IN_SCOPE, functions: library, budget: newBudget() });

/** Without the file's name: there is only one. */
export const told = (diagnostic: Diagnostic): string => `✗ ${formatDiagnosticLine(diagnostic).replaceAll("docker-bake.hcl:", "")}`;

export function evaluation(expression: string): Evaluation {
  const { body, diagnostics } = parseHcl({ name: "docker-bake.hcl", text: `v = ${expression}\n${REST}` });
  const attribute = body.partialContent({ blocks: [], attributes: [{ name: "v" }] }).attributes.get("v");
  if (diagnostics.length > 0 || !attribute) return { value: nullOf({ kind: "dynamic" }), diagnostics };
  return evaluate(attribute.expression, scope());
}

/** JSON of the value, or the first problem with its place. */
export function shown(expression: string): string {
  const { value, diagnostics } = evaluation(expression);
  const [first] = diagnostics;
  if (first) return told(first);
  const encoded = encodeJson(value);
  return encoded.ok ? encoded.text : `✗ ${encoded.message}`;
}

export type Row = readonly [expression: string, expected: string, line?: string];

/** A test for every row; `line` names the line of the specification's checklist. */
export function evaluates(subject: string, rows: readonly Row[]): void {
  describe(subject, () => {
    for (const [expression, expected, line] of rows) {
      it(`${line === undefined ? "" : `${line} `}${expression} gives ${expected}`, () => {
        expect(shown(expression)).toBe(expected);
      });
    }
  });
}
