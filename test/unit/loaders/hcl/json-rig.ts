/** Evaluates JSON values as the first property of a definition. */
import { type Diagnostic, formatDiagnosticLine } from "../../../../src/diagnostics.ts";
import { evaluate, type Evaluation } from "../../../../src/loaders/hcl/evaluate.ts";
import { parseJson } from "../../../../src/loaders/hcl/json-body.ts";
import type { Expression } from "../../../../src/loaders/hcl/ast.ts";
import { scope } from "./evaluate-rig.ts";

/** Without the file's name: there is only one. */
export const toldOfJson = (diagnostic: Diagnostic): string => `✗ ${formatDiagnosticLine(diagnostic).replaceAll("docker-bake.json:", "")}`;

export function jsonExpressionOf(json: string): Expression {
  const { body, diagnostics } = parseJson({ name: "docker-bake.json", text: `{"v":${json},"l":["a"]}` });
  const attribute = body.partialContent({ blocks: [], attributes: [{ name: "v" }] }).attributes.get("v");
  if (!attribute || diagnostics.length > 0) throw new Error(`no JSON: ${json}`);
  return attribute.expression;
}

export const jsonEvaluation = (json: string): Evaluation => evaluate(jsonExpressionOf(json), scope());
