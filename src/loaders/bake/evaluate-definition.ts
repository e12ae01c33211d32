/** Parsed files to the blocks and variables of a definition, in the reference's order of steps (spec/bake.md 5.2). */
import type { GroupBlock, LoadInput, TargetBlock, VariableInfo } from "../../bake/definition.ts";
import { fail, ok, type Diagnostic, type Result, type SourceFile } from "../../diagnostics.ts";
import type { Host } from "../../host.ts";
import type { Block, Body, BodyContent, BodySchema } from "../hcl/ast.ts";
import type { RareFamilies } from "../hcl/functions/rare.ts";
import { standardFunctions } from "../hcl/functions/standard.ts";
import { string } from "../hcl/values.ts";
import { BlockTable } from "./block-table.ts";
import { type AttributeNode, type BlockEntry, blockEntry } from "./blocks.ts";
import type { Decoder } from "./decode.ts";
import { FunctionNode, functionProblems } from "./functions.ts";
import { type BlockKind, Globals } from "./globals.ts";
import { type ResolveOptions, resolveNode } from "./graph.ts";
import { expandGroup, expandTarget } from "./matrix.ts";
import { BUILTINS, mergeBodies, type MergedBody } from "./merged-body.ts";
import { type BlockContext, generatedGroups, groupBlocks, addTargetBlocks, renamedLabel } from "./model-blocks.ts";
import { variableOverrides } from "./overrides.ts";
import { missingTargets, unknownAttributes } from "./unknown-attributes.ts";
import { brokenRules, validationProblems } from "./validations.ts";
import { NameNode, readVariable, type VariableDeclaration } from "./variables.ts";

export interface EvaluationInput extends Pick<LoadInput, "vars" | "envFileVars" | "commandContext" | "decoders"> {
  readonly bodies: readonly Body[];
  readonly host: Host;
  /** Function families that the bodies may call beside the common ones. */
  readonly rare: RareFamilies | undefined;
  readonly directoryOf: (file: SourceFile) => string | undefined;
}

export interface EvaluatedDefinition {
  readonly targets: readonly TargetBlock[];
  readonly groups: readonly GroupBlock[];
  readonly variables: readonly VariableInfo[];
  readonly warnings: readonly Diagnostic[];
}

export function evaluateDefinition(input: EvaluationInput): Result<EvaluatedDefinition> {
  const merged = mergeBodies(input.bodies);
  if (merged.diagnostics.length > 0) return fail(...merged.diagnostics);
  const declared = readDeclarations(merged);
  if (!declared.ok) return declared;
  const globals = new Globals(standardFunctions(input.host, input.rare));
  const names = defineNames(merged, declared.value, globals, input);
  const problems = resolveVariables(merged, declared.value, names, globals);
  if (problems.length > 0) return fail(...problems);
  const blocks = new BlockEvaluation(merged, input, globals);
  const evaluated = blocks.run();
  if (evaluated.length > 0) return fail(...evaluated);
  for (const node of names.values()) {
    const diagnostics = resolveNode(node);
    if (diagnostics.length > 0) return fail(...diagnostics);
  }
  const { targets, groups, warnings } = blocks;
  const variables: VariableInfo[] = [];
  for (const name of declared.value.keys()) {
    const info = names.get(name)?.info();
    if (info) variables.push(info);
  }
  return ok({ targets, groups, variables, warnings });
}

/** `variable` and `function` blocks as far as they can be read without a scope. */
function readDeclarations(merged: MergedBody): Result<ReadonlyMap<string, VariableDeclaration>> {
  const declarations = new Map<string, VariableDeclaration>();
  const problems: Diagnostic[] = [];
  for (const [name, block] of merged.variables) {
    const { declaration, diagnostics } = readVariable(block);
    problems.push(...diagnostics, ...validationProblems(declaration));
    declarations.set(name, declaration);
  }
  for (const block of merged.functions.values()) problems.push(...functionProblems(block));
  return problems.length > 0 ? fail(...problems) : ok(declarations);
}

type Names = ReadonlyMap<string, NameNode>;

function defineNames(merged: MergedBody, declarations: ReadonlyMap<string, VariableDeclaration>, globals: Globals, input: EvaluationInput): Names {
  const builtins: Readonly<Record<(typeof BUILTINS)[number], string>> = {
    BAKE_CMD_CONTEXT: input.commandContext ?? "cwd://",
    BAKE_LOCAL_PLATFORM: input.host.platform,
  };
  for (const name of BUILTINS) globals.values.set(name, string(builtins[name]));
  const overrides = variableOverrides(input, input.host, (name) => declarations.has(name) || Object.hasOwn(builtins, name));
  const names = new Map<string, NameNode>();
  for (const name of new Set([...declarations.keys(), ...merged.attributes.keys()])) {
    names.set(name, new NameNode(name, { attribute: merged.attributes.get(name), declaration: declarations.get(name) }, globals, overrides));
  }
  for (const [name, node] of names) globals.names.set(name, node);
  for (const [name, block] of merged.functions) if (!globals.library.get(name)) globals.functions.set(name, new FunctionNode(block, globals));
  return names;
}

/** Variables, their validations, then functions; the first step with a mistake ends it. */
function resolveVariables(merged: MergedBody, declarations: ReadonlyMap<string, VariableDeclaration>, names: Names, globals: Globals): readonly Diagnostic[] {
  for (const name of merged.variables.keys()) {
    const diagnostics = resolveNode(names.get(name) as NameNode);
    if (diagnostics.length > 0) return diagnostics;
  }
  const broken = [...declarations.values()].flatMap((declaration) => brokenRules(declaration, globals));
  if (broken.length > 0) return broken;
  for (const node of globals.functions.values()) {
    const diagnostics = resolveNode(node);
    if (diagnostics.length > 0) return diagnostics;
  }
  return [];
}

const GROUP_DECODERS: ReadonlyMap<string, Decoder> = new Map([
  ["description", { name: "description", kind: "string" }],
  ["targets", { name: "targets", kind: "string-list" }],
]);

const schemaOf = (decoders: ReadonlyMap<string, Decoder>): BodySchema => ({
  blocks: [],
  attributes: ["name", "matrix", ...decoders.keys()].map((name) => ({ name })),
});

const EVERYTHING: BodySchema = { blocks: [] };

/** Everything in a block, unknown attributes too; of its mistakes those that concern attributes of the schema, in the words for these. */
function contentOf({ body }: Block, schema: BodySchema): BodyContent {
  const content = body.partialContent(EVERYTHING);
  return content.diagnostics.length === 0 ? content : { ...content, diagnostics: body.partialContent(schema).diagnostics };
}

const WHOLE_BLOCK: ResolveOptions = { wholeBlock: true };

/** Names of all blocks first, then the blocks in file order. */
class BlockEvaluation {
  readonly targets: TargetBlock[] = [];
  readonly groups: GroupBlock[] = [];
  readonly warnings: Diagnostic[] = [];
  readonly #entries: BlockEntry[] = [];
  readonly #table: BlockTable;
  /** Labels of blocks that matrices gave other names. */
  readonly #renamed = new Set<string>();
  readonly #context: BlockContext;
  readonly #merged: MergedBody;
  readonly #decoders: Readonly<Record<BlockKind, ReadonlyMap<string, Decoder>>>;
  readonly #schemas: Readonly<Record<BlockKind, BodySchema>>;
  readonly #globals: Globals;

  constructor(merged: MergedBody, { decoders, directoryOf }: Pick<EvaluationInput, "decoders" | "directoryOf">, globals: Globals) {
    this.#merged = merged;
    this.#decoders = { target: new Map(decoders.map((decoder) => [decoder.name, decoder])), group: GROUP_DECODERS };
    this.#schemas = { target: schemaOf(this.#decoders.target), group: schemaOf(GROUP_DECODERS) };
    this.#globals = globals;
    this.#table = new BlockTable(this.#decoders, globals);
    this.#context = { table: this.#table, directories: directoryOf, bases: new Map() };
  }

  /** All mistakes in blocks; those in names end it at once. */
  run(): readonly Diagnostic[] {
    const { blocks } = this.#merged;
    for (let i = 0; i < blocks.length; i++) {
      const block = blocks[i] as Block;
      const kind = block.type as BlockKind;
      this.#table.announce(kind);
      const content = contentOf(block, this.#schemas[kind]);
      const expanded = (kind === "group" ? expandGroup : expandTarget)(block, content, this.#globals);
      if (expanded.diagnostics.length > 0 || content.diagnostics.length > 0) return [...expanded.diagnostics, ...content.diagnostics];
      const decoders = this.#decoders[kind];
      const entry = blockEntry(kind, block, expanded, content.attributes, decoders, this.#globals);
      this.#entries.push(entry);
      this.#table.add(entry);
      const label = renamedLabel(entry);
      if (label !== undefined) this.#renamed.add(label);
      if (entry.nodes.length < content.attributes.size) this.warnings.push(...unknownAttributes(kind, content.attributes, decoders));
    }
    this.#globals.blocks = this.#table;
    const problems: Diagnostic[] = [];
    const entries = this.#entries;
    for (let i = 0; i < entries.length; i++) {
      const entry = entries[i] as BlockEntry;
      if (entry.kind === "group") problems.push(...missingTargets(entry));
      const { nodes } = entry;
      for (let at = 0; at < nodes.length; at++) {
        const found = resolveNode(nodes[at] as AttributeNode, WHOLE_BLOCK);
        if (found.length > 0) problems.push(...found);
      }
      if (entry.instances.length > 0) this.#table.markEvaluated(entry.kind);
      // While what it consists of is at hand: in a walk of its own each block would have to come from memory again.
      if (problems.length === 0) this.#addBlocks(entry);
    }
    if (problems.length === 0) this.groups.push(...generatedGroups(entries, this.#renamed));
    return problems;
  }

  #addBlocks(entry: BlockEntry): void {
    if (entry.kind === "group") this.groups.push(...groupBlocks(entry));
    else addTargetBlocks(this.targets, entry, this.#context);
  }
}
