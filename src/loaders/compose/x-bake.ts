/** The extension of `build` with bake's own keys (spec/compose.md 4). */
import type { SourceRange } from "../../diagnostics.ts";
import { isoText } from "./date.ts";
import { type ComposeNode, isNull, isString, type Mapping, type Scalar, sortedEntries } from "./node.ts";
import { refuse } from "./problem.ts";
import type { Flag, Text } from "./project.ts";

const LISTS = ["tags", "cache-from", "cache-to", "secret", "ssh", "platforms", "output", "no-cache-filter"] as const;
const FLAGS = ["pull", "no-cache"] as const;

export type XBakeList = (typeof LISTS)[number];

export interface XBake {
  readonly lists: ReadonlyMap<XBakeList, readonly Text[]>;
  readonly flags: ReadonlyMap<(typeof FLAGS)[number], Flag>;
  readonly contexts: ReadonlyMap<string, Text>;
}

const NOTHING: XBake = { lists: new Map(), flags: new Map(), contexts: new Map() };

/** Unknown keys are ignored; wrong types of all keys are reported together. */
export function readXBake(node: ComposeNode | undefined): XBake {
  if (!node || isNull(node)) return NOTHING;
  const reader = new XBakeReader();
  if (node.kind === "map") return reader.read(node);
  reader.wrong(node, "bake.xbake", 1);
  return reader.refuse();
}

class XBakeReader {
  readonly #lists = new Map<XBakeList, readonly Text[]>();
  readonly #flags = new Map<(typeof FLAGS)[number], Flag>();
  readonly #contexts = new Map<string, Text>();
  readonly #faults: { readonly text: string; readonly range: SourceRange }[] = [];

  /** The reference reads the map from YAML that it wrote itself: its lines, not the file's, are in its messages. */
  read(map: Mapping): XBake {
    let line = 1;
    for (const [key, { value }] of sortedEntries(map)) {
      const inner = isScalarLine(value) ? line : line + 1;
      if ((LISTS as readonly string[]).includes(key)) this.#list(key as XBakeList, value, inner);
      else if ((FLAGS as readonly string[]).includes(key)) this.#flag(key as (typeof FLAGS)[number], value, inner);
      else if (key === "contexts") this.#contextMap(value, inner);
      line += lineCount(value);
    }
    if (this.#faults.length > 0) this.refuse();
    return { lists: this.#lists, flags: this.#flags, contexts: this.#contexts };
  }

  wrong(node: ComposeNode, wanted: string, line: number): void {
    this.#faults.push({ text: `  line ${line}: cannot unmarshal ${tagged(node)} into ${wanted}`, range: node.range });
  }

  refuse(): never {
    const [first, ...others] = this.#faults;
    const text = `yaml: unmarshal errors:\n${this.#faults.map((fault) => fault.text).join("\n")}`;
    return refuse(
      "compose.x-bake",
      text,
      first?.range,
      others.length > 0 ? { related: others.map(({ text: message, range }) => ({ message: message.trim(), range })) } : {},
    );
  }

  #list(key: XBakeList, node: ComposeNode, line: number): void {
    if (isNull(node)) return;
    if (node.kind === "scalar") {
      const words = scalarText(node)
        .split(/\s+/u)
        .filter((word) => word !== "");
      this.#lists.set(
        key,
        words.map((text) => ({ text, range: node.range })),
      );
    } else if (node.kind === "list" && node.items.every((item) => item.kind === "scalar")) {
      this.#lists.set(
        key,
        (node.items as readonly Scalar[]).map((item) => ({ text: scalarText(item), range: item.range })),
      );
    } else this.wrong(node, "string", line);
  }

  #flag(key: (typeof FLAGS)[number], node: ComposeNode, line: number): void {
    if (isNull(node)) return;
    const value = node.kind !== "scalar" ? undefined : node.type === "bool" ? node.text === "true" : node.type === "string" ? WORDS.get(node.text) : undefined;
    if (value === undefined) this.wrong(node, "bool", line);
    else this.#flags.set(key, { value, range: node.range });
  }

  #contextMap(node: ComposeNode, line: number): void {
    if (isNull(node)) return;
    if (node.kind !== "map") {
      this.wrong(node, "bake.stringMap", line);
      return;
    }
    let at = line;
    for (const [name, { value }] of sortedEntries(node)) {
      if (value.kind === "scalar") this.#contexts.set(name, { text: scalarText(value), range: value.range });
      else this.wrong(value, "string", isScalarLine(value) ? at : at + 1);
      at += lineCount(value);
    }
  }
}

/** Words for truth values in the spellings that YAML 1.1 lists. */
const WORDS = new Map(
  [
    [true, "y Y yes Yes YES on On ON"],
    [false, "n N no No NO off Off OFF"],
  ].flatMap(([value, words]) => (words as string).split(" ").map((word) => [word, value as boolean] as const)),
);

const scalarText = (node: Scalar): string => (node.type === "date" ? isoText(node.text) : node.text);

const TAGS: Readonly<Record<Scalar["type"], string>> = { string: "!!str", int: "!!int", float: "!!float", bool: "!!bool", null: "!!null", date: "!!timestamp" };

function tagged(node: ComposeNode): string {
  if (node.kind === "map") return "!!map";
  if (node.kind === "list") return "!!seq";
  const text = scalarText(node);
  // Whole floats are written without a point, and so read as integers.
  const tag = node.type === "float" && /^-?\d+$/.test(text) ? TAGS.int : TAGS[node.type];
  return `${tag} \`${text.length > 10 ? `${text.slice(0, 7)}...` : text}\``;
}

/** True for what stands on the line of its key. */
const isScalarLine = (node: ComposeNode): boolean => node.kind === "scalar" || (node.kind === "map" ? node.entries.size : node.items.length) === 0;

/** Lines that `key: value` takes when it is written as block YAML. */
function lineCount(node: ComposeNode): number {
  if (node.kind === "scalar") return 1 + (isString(node) ? extraLines(node.text) : 0);
  if (isScalarLine(node)) return 1;
  if (node.kind === "map") return 1 + [...node.entries.values()].reduce((sum, { value }) => sum + lineCount(value), 0);
  return 1 + node.items.reduce((sum, item) => sum + itemLines(item), 0);
}

const itemLines = (item: ComposeNode): number => (item.kind === "scalar" || isScalarLine(item) ? lineCount(item) : lineCount(item) - 1);

const extraLines = (text: string): number => (text.includes("\n") ? text.replace(/\n$/, "").split("\n").length : 0);
