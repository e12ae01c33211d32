/** The top level of all HCL and JSON files as one body (spec/bake.md 2.3, spec/hcl.md 5.1). */
import type { Diagnostic } from "../../diagnostics.ts";
import type { Attribute, Block, Body, BodySchema } from "../hcl/ast.ts";

export interface MergedBody {
  /** The last block of a name counts, at the place of the first. */
  readonly variables: ReadonlyMap<string, Block>;
  readonly functions: ReadonlyMap<string, Block>;
  readonly attributes: ReadonlyMap<string, Attribute>;
  /** `target` and `group` blocks in file order. */
  readonly blocks: readonly Block[];
  readonly diagnostics: readonly Diagnostic[];
}

const SCHEMA: BodySchema = {
  blocks: ["variable", "function", "target", "group"].map((type) => ({ type, labelNames: ["name"] })),
};

/** Values that the command gives: nothing in a file can define them. */
export const BUILTINS = ["BAKE_CMD_CONTEXT", "BAKE_LOCAL_PLATFORM"] as const;

const RESERVED: ReadonlySet<string> = new Set(["target", "group", ...BUILTINS]);

export function mergeBodies(bodies: readonly Body[]): MergedBody {
  const variables = new Map<string, Block>();
  const functions = new Map<string, Block>();
  const attributes = new Map<string, Attribute>();
  const blocks: Block[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const body of bodies) {
    const content = body.partialContent(SCHEMA);
    diagnostics.push(...content.diagnostics);
    for (const block of content.blocks) {
      const name = block.labels[0]?.text ?? "";
      if (block.type === "target" || block.type === "group") blocks.push(block);
      else if (!RESERVED.has(name)) (block.type === "function" ? functions : variables).set(name, block);
    }
    for (const [name, attribute] of content.attributes) if (name !== "function" && !RESERVED.has(name)) attributes.set(name, attribute);
  }
  return { variables, functions, attributes, blocks, diagnostics };
}
