/** The value of COMPOSE_PROJECT_NAME in a load (spec/compose.md 1.4). */
import type { SourceFile } from "../../diagnostics.ts";
import { problemAt } from "./interpolate.ts";
import { valueAt } from "./node.ts";
import { ComposeProblem, refuse } from "./problem.ts";
import type { RawDocuments } from "./model.ts";
import type { LoadScope } from "./scope.ts";
import type { RawDocument } from "./tree.ts";
import { substitute } from "./template.ts";

const VARIABLE = "COMPOSE_PROJECT_NAME";

/** The documents before the first mistake; it is reported when their turn comes. */
function* readable(documents: Iterable<RawDocument>): Iterable<RawDocument> {
  try {
    yield* documents;
  } catch (error) {
    if (!(error instanceof ComposeProblem)) throw error;
  }
}

/** The last `name` of the files that is not empty, else the variable, else `bake`. */
export function projectName(files: readonly SourceFile[], scope: LoadScope, raw: RawDocuments): string {
  let found = scope.variables.get(VARIABLE) || "bake";
  for (const file of files) {
    for (const { root } of readable(raw(file))) {
      const node = valueAt(root, "name");
      if (node?.kind !== "scalar" || node.type === "null") continue;
      // Numbers and the like count as they are written.
      const written = node.type === "string" ? node.text : node.range.file.text.slice(node.range.start, node.range.end);
      const name = substitute(written, { lookup: scope.lookup, unset: (variable) => scope.warnUnset(variable, node.range) });
      if (!name.ok) refuse("compose.interpolation", problemAt("name", name.problem), node.range);
      if (name.text !== "") found = name.text;
    }
  }
  return found;
}
