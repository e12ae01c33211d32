/** Variables in every string of a document (spec/compose.md 2.3), and the casts that follow (2.4). */
import { compareBytes } from "../../byte-order.ts";
import { CASTS, castScalar, type Cast } from "./cast.ts";
import { type ComposeNode, mapItems, type Mapping, mapValues, type Scalar, string } from "./node.ts";
import { type PathTable, step, stepItem } from "./path-table.ts";
import { type Fault, refuseAll, warning } from "./problem.ts";
import type { LoadScope } from "./scope.ts";
import { substitute } from "./template.ts";

/** Faults are collected from the whole document and reported together. */
export function interpolate(root: Mapping, scope: LoadScope): Mapping {
  const faults: (Fault & { readonly path: readonly string[] })[] = [];
  const path: string[] = [];
  const walk = (node: ComposeNode, casts: PathTable<Cast> | undefined): ComposeNode => {
    switch (node.kind) {
      case "scalar":
        return node.type === "string" ? text(node, casts?.here) : node;
      case "list": {
        path.push("[]");
        const changed = mapItems(node, (item) => walk(item, stepItem(casts)));
        path.pop();
        return changed;
      }
      case "map":
        return mapValues(node, (value, key) => {
          path.push(key);
          const changed = walk(value, step(casts, key));
          path.pop();
          return changed;
        });
      default:
        return node satisfies never;
    }
  };
  const text = (node: Scalar, cast: Cast | undefined): ComposeNode => {
    const result = substitute(node.text, { lookup: scope.lookup, unset: (name) => scope.warnUnset(name, node.range) });
    if (!result.ok) {
      faults.push({ text: problemAt(path.join("."), result.problem), range: node.range, path: [...path] });
      return node;
    }
    const replaced = result.text === node.text ? node : string(result.text, node.range);
    if (cast === undefined) return replaced;
    const value = castScalar(cast, replaced);
    if ("problem" in value) {
      faults.push({
        text: `error while interpolating ${path.join(".")}: failed to cast to expected type: ${value.problem}`,
        range: node.range,
        path: [...path],
      });
      return node;
    }
    if (value.warning !== undefined) scope.warn(warning(value.warning, node.range));
    return value.value;
  };
  const changed = walk(root, CASTS) as Mapping;
  if (faults.length > 0)
    refuseAll(
      "compose.interpolation",
      "",
      faults.sort((a, b) => comparePaths(a.path, b.path)),
    );
  return changed;
}

type Problem = Extract<ReturnType<typeof substitute>, { ok: false }>["problem"];

export function problemAt(place: string, problem: Problem): string {
  if (problem.kind === "invalid") return `invalid interpolation format for ${place}.\nYou may need to escape any $ with another $.\n${problem.template}`;
  return `error while interpolating ${place}: required variable ${problem.name} is missing a value${problem.message === "" ? "" : `: ${problem.message}`}`;
}

function comparePaths(a: readonly string[], b: readonly string[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const order = compareBytes(a[i] as string, b[i] as string);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}
