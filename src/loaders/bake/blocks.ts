/** `target` and `group` blocks: each attribute is a node of its own, so that blocks can read each other (spec/hcl.md 5.3, 5.8). */
import type { Diagnostic, SourceRange } from "../../diagnostics.ts";
import type { Attribute, Block } from "../hcl/ast.ts";
import { evaluate } from "../hcl/evaluate.ts";
import { startRange } from "../hcl/start-range.ts";
import type { Value } from "../hcl/values.ts";
import { type Decoder, decodeAttribute } from "./decode.ts";
import type { BlockKind, Globals } from "./globals.ts";
import type { GraphNode, Needs, NodeState } from "./graph.ts";
import type { Expanded, Instance } from "./matrix.ts";
import type { Decoded } from "./decoded.ts";
import { unsuitable } from "./problems.ts";
import { readBack, type SeenBlock } from "./read-back.ts";

/** A block in a file: one instance, or those of its matrix. */
export interface BlockEntry {
  readonly kind: BlockKind;
  readonly block: Block;
  readonly instances: readonly Instance[];
  readonly axes: ReadonlySet<string>;
  /** In source order. */
  readonly nodes: readonly AttributeNode[];
  /** What the attributes of an instance gave, those of the first one before those of the next: decoded, and as they were evaluated. */
  readonly contents: unknown[];
  readonly values: Value[];
  /** By number of the instance, where expressions read the block. */
  seen: Map<number, SeenBlock> | undefined;
}

export function blockEntry(
  kind: BlockKind,
  block: Block,
  { instances, axes }: Expanded,
  attributes: ReadonlyMap<string, Attribute>,
  decoders: ReadonlyMap<string, Decoder>,
  globals: Globals,
): BlockEntry {
  const nodes: AttributeNode[] = places(attributes.size);
  const count = attributes.size * instances.length;
  const entry: BlockEntry = { kind, block, instances, axes, nodes, contents: places(count), values: places(count), seen: undefined };
  let known = 0;
  attributes.forEach((attribute, name) => {
    const decoder = decoders.get(name);
    if (decoder) nodes[known] = new AttributeNode(entry, known++, attribute, decoder, globals);
  });
  nodes.length = known;
  return entry;
}

/** An attribute of a block, for all instances at once. */
export class AttributeNode implements GraphNode {
  state: NodeState;
  readonly attribute: Attribute;
  /** How many entries each list item gave, by number of the instance. */
  private counts: (readonly number[] | undefined)[] | undefined;
  private readonly entry: BlockEntry;
  private readonly decoder: Decoder;
  private readonly globals: Globals;
  /** Among the nodes of the block. */
  private readonly number: number;

  constructor(entry: BlockEntry, number: number, attribute: Attribute, decoder: Decoder, globals: Globals) {
    this.state = "new";
    this.attribute = attribute;
    this.counts = undefined;
    this.entry = entry;
    this.decoder = decoder;
    this.globals = globals;
    this.number = number;
  }

  /** Where the lists of the block hold what this attribute gave for an instance. */
  private placeOf(instance: number): number {
    return instance * this.entry.nodes.length + this.number;
  }

  contentOf(instance: number): unknown {
    return this.entry.contents[this.placeOf(instance)];
  }

  countsOf(instance: number): readonly number[] | undefined {
    return this.counts?.[instance];
  }

  get title(): string {
    const { kind, block, instances } = this.entry;
    return `${kind}.${instances[0]?.name ?? block.labels[0]?.text}.${this.attribute.name}`;
  }

  get cycleMessage(): string {
    return `reference cycle not allowed for ${this.title}`;
  }

  get range(): SourceRange {
    return this.attribute.nameRange;
  }

  needs(): Needs {
    return this.globals.needsOf(this.attribute.expression, this.entry.axes);
  }

  /** Stops at the first instance with a mistake: the others mostly have the same. */
  finish(): readonly Diagnostic[] {
    const { instances } = this.entry;
    // Constants and what functions remember are the same value for many instances, and decoded once.
    const known = instances.length > 1 ? new Map<Value, Decoded>() : undefined;
    for (let i = 0; i < instances.length; i++) {
      const diagnostics = this.#finishInstance(i, instances[i] as Instance, known);
      if (diagnostics.length > 0) return diagnostics;
    }
    return NONE;
  }

  #finishInstance(i: number, instance: Instance, known: Map<Value, Decoded> | undefined): readonly Diagnostic[] {
    const { expression } = this.attribute;
    const { value, diagnostics } = evaluate(expression, instance.scope);
    const decoded = known?.get(value) ?? decodeAttribute(value, this.decoder);
    known?.set(value, decoded);
    if (!decoded.ok || diagnostics.length > 0) {
      const path = [this.entry.kind, instance.name, this.attribute.name];
      const all = decoded.ok ? diagnostics : [...diagnostics, unsuitable(decoded.message, startRange(expression))];
      return all.map((diagnostic) => ({ ...diagnostic, path }));
    }
    const place = this.placeOf(i);
    this.entry.contents[place] = decoded.content;
    this.entry.values[place] = value;
    if (decoded.counts) (this.counts ??= [])[i] = decoded.counts;
    const { seen } = this.entry;
    if (seen) {
      const block = seen.get(i);
      if (block) this.#show(i, block);
    }
    return NONE;
  }

  #show(i: number, seen: SeenBlock): void {
    seen.set(this.attribute.name, readBack(this.entry.values[this.placeOf(i)] as Value, this.contentOf(i), this.decoder));
  }

  /** Makes the value visible in a block that others began to read after this was evaluated. */
  showIfDone(i: number, seen: SeenBlock): void {
    if (this.state === "done") this.#show(i, seen);
  }
}

const NONE: readonly Diagnostic[] = [];

/**
 * A list of so many places: one that grows by pushing takes more than a dozen at once. Lists made by length alone are ones of small
 * numbers, and each is made over when it gets something else.
 */
function places<T>(length: number): T[] {
  return (length === 1 ? [undefined] : new Array(length).fill(undefined)) as T[];
}
