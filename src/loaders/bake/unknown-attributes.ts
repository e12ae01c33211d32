/** Attributes that blocks should not have, and those that they must have. */
import type { Diagnostic } from "../../diagnostics.ts";
import type { Attribute } from "../hcl/ast.ts";
import { closestName } from "../hcl/name-suggestion.ts";
import type { BlockEntry } from "./blocks.ts";
import type { Decoder } from "./decode.ts";
import type { BlockKind } from "./globals.ts";
import { problem } from "./problems.ts";

/** Read before the table is asked. */
const STRUCTURE: ReadonlySet<string> = new Set(["name", "matrix"]);

/** Warnings about attributes that mean nothing here: they are ignored (spec/bake.md 4.2). */
export function unknownAttributes(kind: BlockKind, attributes: ReadonlyMap<string, Attribute>, decoders: ReadonlyMap<string, Decoder>): readonly Diagnostic[] {
  const warnings: Diagnostic[] = [];
  attributes.forEach((attribute, name) => {
    if (decoders.has(name) || STRUCTURE.has(name)) return;
    const guess = closestName(name, decoders.keys());
    warnings.push({
      severity: "warning",
      code: "bake.unknown-attribute",
      summary: "Unknown attribute",
      detail: `A ${kind} has no attribute named ${JSON.stringify(name)}: it is ignored.`,
      range: attribute.nameRange,
      ...(guess !== undefined && { hint: `did you mean ${JSON.stringify(guess)}?` }),
    });
  });
  return warnings;
}

/** A group must say what it holds. */
export function missingTargets({ block, nodes }: BlockEntry): readonly Diagnostic[] {
  if (nodes.some(({ attribute }) => attribute.name === "targets")) return NONE;
  const detail = 'The argument "targets" is required, but no definition was found.';
  return [problem("hcl.missing-argument", "Missing required argument", detail, block.body.missingItemRange)];
}

const NONE: readonly Diagnostic[] = [];
