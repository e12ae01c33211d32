/** Places that look at how an expression is written instead of evaluating it (spec/hcl.md 3.11). */
import type { Expression, JsonStringNode } from "./ast.ts";
import { scanFile } from "./lexer.ts";
import { parseWholeExpression } from "./native-body.ts";

/** A single bare word, `true`, `false` and `null` included; in JSON a string that is one identifier. */
export function keywordOf(expression: Expression): string | undefined {
  switch (expression.kind) {
    case "traversal":
      return expression.steps.length === 0 ? expression.root : undefined;
    case "literal":
      if (expression.value.state === "null") return "null";
      return expression.value.type.kind === "bool" ? String(expression.value.content) : undefined;
    case "json-string": {
      const form = nativeForm(expression);
      return form === expression ? undefined : keywordOf(form);
    }
    default:
      return undefined;
  }
}

/** The native expression that a JSON string holds; the string itself when it holds none. */
function nativeForm(expression: JsonStringNode): Expression {
  const { file, text, start } = expression;
  // Unlike templates these are placed from the quote on: so does the reference.
  const decoded = { name: file.name, text, within: { file, start } };
  return parseWholeExpression(decoded, scanFile(text)) ?? expression;
}

/** An expression as the native syntax would write it. */
export const staticForm = (expression: Expression): Expression => (expression.kind === "json-string" ? nativeForm(expression) : expression);

/** The items of a list that is written out. */
export function staticList(expression: Expression): readonly Expression[] | undefined {
  return expression.kind === "tuple" ? expression.items : undefined;
}
