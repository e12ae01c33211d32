/** The part of an expression that messages about its value point at (spec/hcl.md 8.2). */
import type { SourceRange } from "../../diagnostics.ts";
import { type Expression, openingOf } from "./ast.ts";
import { rangeOf } from "./evaluation.ts";

export function startRange(expression: Expression): SourceRange {
  for (let node = expression; ; ) {
    switch (node.kind) {
      case "template": {
        const first: Expression | undefined = node.parts[0];
        if (!first) return { file: node.file, start: node.end, end: node.end };
        node = first;
        break;
      }
      case "template-join":
        node = node.tuple;
        break;
      case "binary":
        node = node.left;
        break;
      case "conditional":
        node = node.condition;
        break;
      case "parentheses":
        node = node.inner;
        break;
      case "object-key":
        node = node.wrapped;
        break;
      case "call":
        return { file: node.file, start: node.start, end: node.open + 1 };
      case "tuple":
      case "object":
        return openingOf(node);
      case "for":
        return node.openRange;
      case "unary":
        return node.operatorRange;
      case "index":
        return node.openRange;
      case "splat":
        return node.markerRange;
      default:
        return rangeOf(node);
    }
  }
}
