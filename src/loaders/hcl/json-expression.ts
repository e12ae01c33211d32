/** Expressions of the JSON profile: JSON values whose strings are templates (spec/hcl.md 7.3). */
import type { Expression, JsonStringNode } from "./ast.ts";
import type { JsonNode, JsonProperty } from "./json-tree.ts";
import { lexicalDiagnostics } from "./lexical-diagnostics.ts";
import { scanTemplate } from "./lexer.ts";
import { parseWholeTemplate } from "./native-body.ts";
import { rangeOf } from "./evaluation.ts";
import { bool, NULL, number, string } from "./values.ts";

const converted = new WeakMap<JsonNode, Expression>();

/** The expression that a value stands for; the same one each time. */
export function jsonExpression(node: JsonNode): Expression {
  let expression = converted.get(node);
  if (!expression) {
    expression = convertNode(node);
    converted.set(node, expression);
  }
  return expression;
}

function convertNode(node: JsonNode): Expression {
  const range = rangeOf(node);
  switch (node.kind) {
    case "string":
      return templateNode(node.text, node);
    case "number":
      return { kind: "literal", value: number(node.value), ...range };
    case "bool":
      return { kind: "literal", value: bool(node.value), ...range };
    case "array":
      return { kind: "tuple", items: node.items.map(convertNode), constant: undefined, ...range };
    case "object":
      return { kind: "object", items: node.properties.map(convertProperty), json: true, layout: undefined, ...range };
    default:
      return { kind: "literal", value: NULL, ...range };
  }
}

const convertProperty = ({ name, nameRange, value }: JsonProperty): { key: Expression; value: Expression } => ({
  key: templateNode(name, nameRange),
  value: convertNode(value),
});

function templateNode(text: string, place: { readonly file: JsonStringNode["file"]; readonly start: number; readonly end: number }): JsonStringNode {
  const range = rangeOf(place);
  let parsed: ReturnType<JsonStringNode["template"]> | undefined;
  const template = (): ReturnType<JsonStringNode["template"]> => {
    parsed ??=
      text.includes("${") || text.includes("%{") ? parseText(text, range) : { expression: { kind: "literal", value: string(text), ...range }, diagnostics: [] };
    return parsed;
  };
  return { kind: "json-string", text, template, ...range };
}

/** Positions count from behind the opening quote in the decoded text: an escape counts as what it stands for. */
function parseText(
  text: string,
  range: { readonly file: JsonStringNode["file"]; readonly start: number; readonly end: number },
): ReturnType<JsonStringNode["template"]> {
  const file = { name: range.file.name, text, within: { file: range.file, start: range.start + 1 } };
  const tokens = scanTemplate(text);
  const lexical = lexicalDiagnostics(file, tokens);
  const parsed = parseWholeTemplate(file, tokens);
  if (parsed.ok) return { expression: parsed.value, diagnostics: lexical };
  return { expression: { kind: "literal", value: NULL, ...range }, diagnostics: [...lexical, ...parsed.diagnostics] };
}
