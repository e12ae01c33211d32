/** Templates: joining parts, and the items of a `%{ for }`, to text (spec/hcl.md 3.9). */
import type { Expression, TemplateJoinNode, TemplateNode } from "./ast.ts";
import { convert } from "./convert.ts";
import { type EvaluationRun, LimitReached, type ScopeOrNone } from "./evaluation.ts";
import { itemsOf, STRING, string, textOf, unknownOf, type Value } from "./values.ts";
import { MAX_TEXT } from "./value-size.ts";

/** Charged for joined text: one step for so many characters. */
const CHARACTERS_PER_STEP = 64;
const INVALID = "Invalid template interpolation value";

/** Parts that are null or no text are reported and left out. */
export function templateValue(node: TemplateNode, scope: ScopeOrNone, run: EvaluationRun): Value {
  if (node.constant) return node.constant;
  const { parts } = node;
  let text = "";
  let isKnown = true;
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i] as Expression;
    const value = part.kind === "literal" ? part.value : run.value(part, scope);
    if (value.type === STRING && value.state === "known") {
      text += textOf(value);
    } else if (value.state === "null") {
      run.error("template-value", INVALID, "The expression result is null. Cannot include a null value in a string template.", part);
    } else if (value.state === "unknown") {
      isKnown = false;
    } else {
      const converted = convert(value, STRING);
      if (converted.ok) text += textOf(converted.value);
      else run.error("template-value", INVALID, `Cannot include the given value in a string template: ${converted.message}.`, part);
    }
    if (text.length > MAX_TEXT) tooLong(node);
  }
  if (text.length >= CHARACTERS_PER_STEP) run.charge(Math.floor(text.length / CHARACTERS_PER_STEP), node);
  return isKnown ? string(text) : unknownOf(STRING);
}

function tooLong(node: TemplateNode | TemplateJoinNode): never {
  throw new LimitReached("Text too long", `A text may have at most ${MAX_TEXT} characters.`, node);
}

export function templateJoinValue(node: TemplateJoinNode, scope: ScopeOrNone, run: EvaluationRun): Value {
  const tuple = run.value(node.tuple, scope);
  if (tuple.state !== "known") return unknownOf(STRING);
  let text = "";
  for (const item of itemsOf(tuple)) {
    if (item.state !== "known") return unknownOf(STRING);
    text += textOf(item);
    if (text.length > MAX_TEXT) tooLong(node);
  }
  run.charge(Math.floor(text.length / CHARACTERS_PER_STEP), node);
  return string(text);
}
