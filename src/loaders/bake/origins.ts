/** Where the attributes of a block came from, worked out when somebody asks (explain, errors of later stages). */
import type { Origins } from "../../bake/definition.ts";
import type { SourceRange } from "../../diagnostics.ts";
import type { Attribute, Expression } from "../hcl/ast.ts";
import { textOf } from "../hcl/values.ts";

/** An attribute of a block, with what it gave for each instance of the block. */
export interface PlacedAttribute {
  readonly attribute: Attribute;
  /** Undefined where it means "not set". */
  contentOf(instance: number): unknown;
  /** For entries, how many each list item gave. */
  countsOf(instance: number): readonly number[] | undefined;
}

/** The places of one instance of a block, under keys as `Origins` describes them. */
export class BlockOrigins implements Origins {
  private readonly attributes: readonly PlacedAttribute[];
  private readonly instance: number;
  private map: Map<string, SourceRange> | undefined;

  constructor(attributes: readonly PlacedAttribute[], instance: number) {
    this.attributes = attributes;
    this.instance = instance;
    this.map = undefined;
  }

  private get built(): Map<string, SourceRange> {
    if (!this.map) {
      this.map = new Map();
      for (const placed of this.attributes) {
        if (placed.contentOf(this.instance) !== undefined) addPlaces(this.map, placed.attribute, placed.countsOf(this.instance));
      }
    }
    return this.map;
  }

  get size(): number {
    return this.built.size;
  }
  get(key: string): SourceRange | undefined {
    return this.built.get(key);
  }
  has(key: string): boolean {
    return this.built.has(key);
  }
  keys(): MapIterator<string> {
    return this.built.keys();
  }
  values(): MapIterator<SourceRange> {
    return this.built.values();
  }
  entries(): MapIterator<[string, SourceRange]> {
    return this.built.entries();
  }
  [Symbol.iterator](): MapIterator<[string, SourceRange]> {
    return this.entries();
  }
  forEach(visit: (range: SourceRange, key: string, map: Origins) => void): void {
    for (const [key, range] of this.built) visit(range, key, this);
  }
}

const rangeOf = ({ file, start, end }: SourceRange): SourceRange => ({ file, start, end });

function addPlaces(map: Map<string, SourceRange>, attribute: Attribute, counts: readonly number[] | undefined): void {
  const { name, expression } = attribute;
  map.set(name, attribute.range);
  const literal = unwrap(expression);
  if (literal.kind === "tuple") {
    let at = 0;
    for (const [i, item] of literal.items.entries()) for (let n = counts?.[i] ?? 1; n > 0; n--) map.set(`${name}/${at++}`, rangeOf(item));
  } else if (literal.kind === "object") {
    for (const { key, value } of literal.items) {
      const text = constantKey(key);
      if (text !== undefined) map.set(`${name}/${text}`, { file: key.file, start: key.start, end: value.end });
    }
  }
}

function unwrap(expression: Expression): Expression {
  let at = expression;
  while (at.kind === "parentheses") at = at.inner;
  return at;
}

/** The text of a key that needs no evaluation. */
function constantKey(key: Expression): string | undefined {
  if (key.kind === "object-key") {
    return typeof key.given === "string" ? key.given : constantKey(key.given);
  }
  if (key.kind === "literal" && key.value.type.kind === "string") return textOf(key.value);
  if (key.kind === "json-string") return key.text;
  if (key.kind === "template") {
    const texts = key.parts.map(constantKey);
    return texts.every((text) => text !== undefined) ? texts.join("") : undefined;
  }
  return undefined;
}
