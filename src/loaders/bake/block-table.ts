/** All blocks by kind and name, as expressions reach them through `target.NAME.ATTR` (spec/bake.md 5.5). */
import type { Type, Value } from "../hcl/values.ts";
import type { AttributeNode, BlockEntry } from "./blocks.ts";
import type { Decoder } from "./decode.ts";
import type { Instance } from "./matrix.ts";
import type { BlockKind, BlockNodes, Globals } from "./globals.ts";
import { type BlockShape, blockShape, seenBlock } from "./read-back.ts";

interface Place {
  readonly entry: BlockEntry;
  /** Number of the instance. */
  readonly index: number;
}

interface Kind {
  readonly shape: BlockShape;
  readonly places: Map<string, Place[]>;
  /** Content of the value that `target` or `group` stands for; holds only blocks that are read. */
  readonly visible: Map<string, Value>;
  readonly types: Map<string, Type>;
  evaluated: boolean;
}

export class BlockTable implements BlockNodes {
  readonly #kinds: Readonly<Record<BlockKind, Kind>>;
  readonly #globals: Globals;

  constructor(decoders: Readonly<Record<BlockKind, ReadonlyMap<string, Decoder>>>, globals: Globals) {
    const kind = (name: BlockKind): Kind => ({
      shape: blockShape(decoders[name].values()),
      places: new Map(),
      visible: new Map(),
      types: new Map(),
      evaluated: false,
    });
    this.#globals = globals;
    globals.knowsBlocks = true;
    this.#kinds = { target: kind("target"), group: kind("group") };
  }

  /** From now on expressions can name blocks of a kind, though there are none yet; where a definition has no such block it stays unknown. */
  announce(kind: BlockKind): void {
    if (this.#globals.values.has(kind)) return;
    const { shape, visible } = this.#kinds[kind];
    this.#globals.values.set(kind, { type: { kind: "map", element: shape.type }, state: "known", content: visible });
  }

  add(entry: BlockEntry): void {
    const { places } = this.#kinds[entry.kind];
    const { instances } = entry;
    for (let index = 0; index < instances.length; index++) {
      const { name } = instances[index] as Instance;
      const known = places.get(name);
      if (known) known.push({ entry, index });
      else places.set(name, [{ entry, index }]);
    }
  }

  nodesFor(kind: BlockKind, name: string, attribute: string | undefined): readonly AttributeNode[] {
    const places = this.#kinds[kind].places.get(name);
    if (!places) return [];
    this.markEvaluated(kind);
    this.#makeVisible(this.#kinds[kind], name, places[places.length - 1] as Place);
    const nodes = places.flatMap(({ entry }) => entry.nodes);
    return attribute === undefined ? nodes : nodes.filter((node) => node.attribute.name === attribute);
  }

  /** An empty map becomes an object with the first block that is evaluated: messages about missing names differ. */
  markEvaluated(kind: BlockKind): void {
    const { visible, types, evaluated } = this.#kinds[kind];
    if (evaluated) return;
    this.#kinds[kind].evaluated = true;
    this.#globals.values.set(kind, { type: { kind: "object", attributes: types }, state: "known", content: visible });
  }

  /** What is seen of a name is its last block alone. */
  last(kind: BlockKind, name: string): BlockEntry | undefined {
    return this.#kinds[kind].places.get(name)?.at(-1)?.entry;
  }

  #makeVisible({ shape, visible, types }: Kind, name: string, { entry, index }: Place): void {
    if (visible.has(name)) return;
    const seen = seenBlock(shape, name);
    visible.set(name, seen.value);
    types.set(name, shape.type);
    entry.seen ??= new Map();
    entry.seen.set(index, seen);
    for (const node of entry.nodes) node.showIfDone(index, seen);
  }
}
