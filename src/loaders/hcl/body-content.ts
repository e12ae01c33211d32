/** Reading a body by a schema: what native and JSON bodies have in common (labels, required and unknown items). */
import type { Diagnostic, SourceRange } from "../../diagnostics.ts";
import type { Attribute, Block, BodyContent, BodySchema } from "./ast.ts";
import { nearName } from "./name-suggestion.ts";

export interface RawBody {
  readonly attributes: ReadonlyMap<string, Attribute>;
  readonly blocks: readonly Block[];
  readonly missingItemRange: SourceRange;
}

const NO_BLOCKS: readonly Block[] = [];
const NO_DIAGNOSTICS: readonly Diagnostic[] = [];

/** `strict` reports what the schema does not name. */
export function readBody(raw: RawBody, schema: BodySchema, strict: boolean): BodyContent {
  // Targets and groups mostly hold attributes alone, which are all taken.
  if (!schema.attributes && raw.blocks.length === 0) return { attributes: raw.attributes, blocks: NO_BLOCKS, diagnostics: NO_DIAGNOSTICS };
  const diagnostics: Diagnostic[] = [];
  const attributes = schema.attributes ? wantedAttributes(raw, schema, schema.attributes, strict ? diagnostics : undefined) : raw.attributes;
  for (const row of schema.attributes ?? []) {
    if (row.required && !attributes.has(row.name)) {
      const detail = `The argument "${row.name}" is required, but no definition was found.`;
      diagnostics.push({ severity: "error", code: "hcl.missing-argument", summary: "Missing required argument", detail, range: raw.missingItemRange });
    }
  }
  const blocks: Block[] = [];
  for (const block of raw.blocks) {
    const row = rowOf(schema, block.type);
    if (row) checkLabels(block, row.labelNames, diagnostics) && blocks.push(block);
    else if (strict) diagnostics.push(unsupportedBlock(block, schema));
  }
  return { attributes, blocks, diagnostics };
}

/** Written out, as it is asked for each block of a file. */
function rowOf({ blocks }: BodySchema, type: string): BodySchema["blocks"][number] | undefined {
  for (let i = 0; i < blocks.length; i++) {
    const row = blocks[i] as BodySchema["blocks"][number];
    if (row.type === type) return row;
  }
  return undefined;
}

/** Attributes that the schema names; the others are reported where there is a list for that. */
function wantedAttributes(
  raw: RawBody,
  schema: BodySchema,
  rows: NonNullable<BodySchema["attributes"]>,
  diagnostics: Diagnostic[] | undefined,
): ReadonlyMap<string, Attribute> {
  const names = new Set(rows.map((row) => row.name));
  const attributes = new Map<string, Attribute>();
  for (const [name, attribute] of raw.attributes) {
    if (names.has(name)) attributes.set(name, attribute);
    else diagnostics?.push(unsupportedArgument(attribute, raw, schema));
  }
  return attributes;
}

function unsupportedArgument(attribute: Attribute, raw: RawBody, schema: BodySchema): Diagnostic {
  const candidates = (schema.attributes ?? [])
    .map((row) => row.name)
    .filter((name) => !raw.attributes.has(name))
    .sort();
  const guess = nearName(attribute.name, candidates);
  const block = schema.blocks.some((row) => row.type === attribute.name) ? ` Did you mean to define a block of type "${attribute.name}"?` : "";
  const hint = guess ? ` Did you mean "${guess}"?` : block;
  const detail = `An argument named "${attribute.name}" is not expected here.${hint}`;
  return { severity: "error", code: "hcl.unsupported-argument", summary: "Unsupported argument", detail, range: attribute.nameRange };
}

function unsupportedBlock(block: Block, schema: BodySchema): Diagnostic {
  const guess = nearName(
    block.type,
    schema.blocks.map((row) => row.type),
  );
  const argument = (schema.attributes ?? []).some((row) => row.name === block.type)
    ? ` Did you mean to define argument "${block.type}"? If so, use the equals sign to assign it a value.`
    : "";
  const hint = guess ? ` Did you mean "${guess}"?` : argument;
  const detail = `Blocks of type "${block.type}" are not expected here.${hint}`;
  return { severity: "error", code: "hcl.unsupported-block", summary: "Unsupported block type", detail, range: block.typeRange };
}

function checkLabels(block: Block, names: readonly string[], diagnostics: Diagnostic[]): boolean {
  const extra = block.labels[names.length];
  if (extra) {
    const expected =
      names.length === 0
        ? `No labels are expected for ${block.type} blocks.`
        : `Only ${names.length} labels (${names.join(", ")}) are expected for ${block.type} blocks.`;
    diagnostics.push({ severity: "error", code: "hcl.labels", summary: `Extraneous label for ${block.type}`, detail: expected, range: extra.range });
    return false;
  }
  const missing = names[block.labels.length];
  if (missing === undefined) return true;
  const detail = `All ${block.type} blocks must have ${names.length} labels (${names.join(", ")}).`;
  diagnostics.push({
    severity: "error",
    code: "hcl.labels",
    summary: `Missing ${missing} for ${block.type}`,
    detail,
    range: block.openRange ?? block.headerRange,
  });
  return false;
}
