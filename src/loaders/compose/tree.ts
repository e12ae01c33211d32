/**
 * From a YAML document to the model (spec/compose.md 1.2, 1.7): aliases and merge keys are resolved, the
 * places of `!reset` and `!override` noted, duplicate keys and alias bombs refused.
 */
import { type Alias, isAlias, isMap, isScalar, isSeq, type Node, type Pair, type Scalar as YamlScalar, type YAMLMap } from "yaml";
import { position, type SourceRange } from "../../diagnostics.ts";
import { bindAliases, type Anchors } from "./anchors.ts";
import { quote } from "../../go-text.ts";
import { type ComposeNode, type Entry, list, mapping, type Mapping, scalar, type Scalar } from "./node.ts";
import { refuse } from "./problem.ts";
import { resolvePlain, resolveTagged } from "./scalar.ts";
import { MAX_DEPTH, type ParsedDocument, type ParsedFile, refuseMistake } from "./yaml-parse.ts";

/** A document as written. `notes` are the paths of its `!reset` and `!override` nodes. */
export interface RawDocument {
  readonly root: Mapping;
  readonly notes: readonly (readonly string[])[];
}

const MAX_VISITS = 100_000;
const YAML_TAG = "tag:yaml.org,2002:";

/** The model of one document; `anchors` are those of the documents before it in the file. */
export function buildTree(parsed: ParsedFile, { document, mistake }: ParsedDocument, anchors: Anchors): RawDocument {
  if (mistake) refuseMistake(parsed, mistake);
  const contents = document.contents as Node | null;
  const [start, end] = document.range;
  const whole = parsed.rangeOf(start, Math.min(start + 1, end));
  if (!contents) refuse("compose.yaml", "top-level object must be a mapping", whole);
  bindAliases(parsed, contents, anchors);
  const builder = new TreeBuilder(parsed, anchors.targets, contents);
  const root = builder.build(contents);
  builder.refuseMistakes();
  if (root?.kind !== "map") refuse("compose.yaml", "top-level object must be a mapping", root?.range ?? whole);
  return { root, notes: builder.notes };
}

class TreeBuilder {
  readonly notes: (readonly string[])[] = [];
  readonly #parsed: ParsedFile;
  readonly #targets: ReadonlyMap<Alias, Node>;
  /** The path of the node that is being built. */
  readonly #path: string[] = [];
  /** Nodes that are being built through an alias, with the path of the alias. */
  readonly #open = new Map<Node, string>();
  #depth = 0;
  #visits = 1;
  #constructed = 0;
  #aliased = 0;
  #aliasDepth = 0;
  /** Below `!override`, where tags say nothing more. */
  #overridden = 0;
  /** Where the document's content starts: what the reference names in mistakes of construction. */
  readonly #line: number;
  #mistake: { readonly text: string; readonly range: SourceRange } | undefined;
  #key: { readonly text: string; readonly range: SourceRange } | undefined;

  constructor(parsed: ParsedFile, targets: ReadonlyMap<Alias, Node>, root: Node) {
    this.#parsed = parsed;
    this.#targets = targets;
    this.#line = position(parsed.file, this.#rangeOf(root).start).line;
  }

  /** Undefined for a node that `!reset` takes away. */
  build(node: Node | null): ComposeNode | undefined {
    if (this.#aliasDepth === 0 && ++this.#visits > MAX_VISITS + 1) this.#limit(`compose file exceeds maximum node visit limit (${MAX_VISITS})`, node);
    this.#count(node);
    if (node === null) return scalar("null", "", this.#parsed.rangeOf(0, 0));
    if (isAlias(node)) return this.#alias(node);
    if (this.#overridden > 0 || (node.tag !== "!reset" && node.tag !== "!override")) return this.#content(node);
    this.notes.push([...this.#path]);
    if (node.tag === "!reset") return undefined;
    this.#overridden++;
    const built = this.#content(node);
    this.#overridden--;
    return built;
  }

  /** Stops at what was found on the way: first mistakes of construction, then keys that are no strings. */
  refuseMistakes(): void {
    if (this.#mistake) refuse("compose.yaml", this.#mistake.text, this.#mistake.range);
    if (this.#key) refuse("compose.key", this.#key.text, this.#key.range);
  }

  #content(node: Node): ComposeNode {
    if (isScalar(node)) return this.#scalar(node as YamlScalar<string>);
    if (++this.#depth > MAX_DEPTH) this.#limit(`exceeded max depth of ${MAX_DEPTH}`, node);
    const built = isMap(node)
      ? this.#map(node as YAMLMap<Node, Node | null>)
      : isSeq(node)
        ? this.#list(node.items as (Node | Pair)[], this.#rangeOf(node))
        : undefined;
    this.#depth--;
    return built as ComposeNode;
  }

  #alias(node: Alias): ComposeNode | undefined {
    const target = this.#targets.get(node) as Node;
    const path = this.#path.join(".");
    const open = this.#open.get(target);
    if (open !== undefined)
      refuse("compose.yaml", this.#constructText(`cycle detected: node at path ${path} references node at path ${open}`), this.#rangeOf(node));
    this.#open.set(target, path);
    this.#aliasDepth++;
    const built = this.build(target);
    this.#aliasDepth--;
    this.#open.delete(target);
    return built;
  }

  #list(items: readonly (Node | Pair)[], range: SourceRange): ComposeNode {
    const out: ComposeNode[] = [];
    for (let i = 0; i < items.length; i++) {
      this.#path.push(String(i));
      const built = this.build(items[i] as Node);
      this.#path.pop();
      if (built) out.push(built);
    }
    return list(out, range);
  }

  #map(map: YAMLMap<Node, Node | null>): Mapping {
    const entries = new Map<string, Entry>();
    const lines = new Map<string, Node>();
    let merge: { readonly value: Node | null } | undefined;
    for (const { key, value } of map.items) {
      const text = this.#keyText(key);
      this.#refuseDuplicate(text, key, lines);
      if (this.#isMerge(key)) {
        merge = { value };
        continue;
      }
      this.#count(key);
      this.#path.push(text);
      const built = this.build(value);
      this.#path.pop();
      if (built) entries.set(text, { key: this.#rangeOf(key), value: this.#placed(built, value, key) });
    }
    if (merge) this.#merge(merge.value, entries, map);
    return mapping(entries, this.#rangeOf(map));
  }

  /** An absent value has no place of its own: it gets that of its key. */
  #placed(built: ComposeNode, value: Node | null, key: Node): ComposeNode {
    return built.kind === "scalar" && built.type === "null" && (value === null || built.range.start === built.range.end)
      ? { ...built, range: this.#rangeOf(key) }
      : built;
  }

  #refuseDuplicate(text: string, key: Node, lines: Map<string, Node>): void {
    const earlier = lines.get(text);
    if (!earlier) {
      lines.set(text, key);
      return;
    }
    const line = (node: Node): number => position(this.#parsed.file, this.#rangeOf(node).start).line;
    const outer = this.#overridden > 0 ? "" : `line ${this.#line}: `;
    refuse(
      "compose.yaml",
      `failed to parse ${this.#parsed.file.name}: yaml: construct errors:\n  ${outer}line ${line(key)}: mapping key ${quote(text)} already defined at line ${line(earlier)}`,
      this.#rangeOf(key),
      {
        related: [{ message: `${quote(text)} was defined here`, range: this.#rangeOf(earlier) }],
      },
    );
  }

  #isMerge(key: Node): boolean {
    if (!isScalar(key)) return false;
    return key.tag === `${YAML_TAG}merge` || (key.value === "<<" && key.type === "PLAIN" && (key.tag === undefined || key.tag === ""));
  }

  /** Sources of a merge key; keys of the map itself, then those of earlier sources win. */
  #merge(value: Node | null, entries: Map<string, Entry>, map: Node): void {
    const target = isAlias(value) ? this.#targets.get(value) : value;
    const sources = isSeq(target) ? (target.items as Node[]) : [value];
    for (const source of sources) {
      const built = source === null ? undefined : this.build(source);
      if (built?.kind === "map") for (const [key, entry] of built.entries) if (!entries.has(key)) entries.set(key, entry);
      if (built?.kind !== "map") this.#construct("yaml: map merge requires map or sequence of maps as the value", source ?? map);
    }
  }

  #keyText(node: Node | null): string {
    const key = isAlias(node) ? (this.#targets.get(node) as Node) : node;
    if (key !== null && !isScalar(key)) {
      const written = this.#goSyntax(key);
      this.#construct(`yaml: cannot use '${written}' as a map key; try decoding into yaml.Node`, key);
      return written;
    }
    const text = key === null ? "" : String(key.value ?? "");
    const built = key === null ? scalar("null", "", this.#parsed.rangeOf(0, 0)) : this.#scalar(key as YamlScalar<string>);
    if (built.type !== "string" && !this.#isMerge(key as Node) && !this.#key) {
      const place =
        this.#path.length === 0
          ? "at top level"
          : `in ${this.#path.map((part, i) => (/^\d+$/.test(part) ? `[${part}]` : i === 0 ? part : `.${part}`)).join("")}`;
      this.#key = { text: `non-string key ${place}: ${built.type === "null" ? "<nil>" : built.text}`, range: built.range };
    }
    return built.type === "string" ? built.text : text;
  }

  /** A list or map as the reference writes it when it is used as a key. */
  #goSyntax(node: Node): string {
    if (isSeq(node)) return `[]interface {}{${(node.items as Node[]).map((item) => this.#goSyntax(item)).join(", ")}}`;
    if (isMap(node))
      return `map[string]interface {}{${(node.items as Pair<Node, Node>[]).map((pair) => `${this.#goSyntax(pair.key)}:${pair.value ? this.#goSyntax(pair.value) : "interface {}(nil)"}`).join(", ")}}`;
    if (!isScalar(node)) return "";
    const { type, text } = this.#scalar(node as YamlScalar<string>);
    return type === "string" ? quote(text) : type === "null" ? "interface {}(nil)" : text;
  }

  #scalar(node: YamlScalar<string>): Scalar {
    const range = this.#rangeOf(node);
    const text = typeof node.value === "string" ? node.value : "";
    const plain = node.type === undefined || node.type === "PLAIN";
    const { tag } = node;
    if (tag === undefined || tag === "") {
      const found = plain ? resolvePlain(text) : undefined;
      return found ? scalar(found.type, found.text, range) : scalar("string", text, range);
    }
    if (!tag.startsWith(YAML_TAG)) {
      const found = this.#overridden > 0 && tag === "!override" && plain ? resolvePlain(text) : undefined;
      return scalar(found?.type ?? "string", found?.text ?? text, range);
    }
    const name = tag.slice(YAML_TAG.length);
    const found = resolveTagged(name, text, plain);
    if (!found) {
      this.#construct(
        name === "binary"
          ? "yaml: !!binary value contains invalid base64 data"
          : `yaml: cannot construct !!${plain ? yamlName(text) : "str"} \`${text}\` as a !!${name}`,
        node,
      );
      return scalar("string", text, range);
    }
    return scalar(found.type, found.text, range);
  }

  #rangeOf(node: Node): SourceRange {
    const [start, end] = node.range ?? [0, 0];
    return this.#parsed.rangeOf(start, end);
  }

  /** Refuses documents that aliases blow up: the more is built, the less of it may come from aliases. */
  #count(node: Node | null): void {
    this.#constructed++;
    if (this.#aliasDepth === 0) return;
    this.#aliased++;
    if (this.#aliased > 100 && this.#constructed > 1000 && this.#aliased / this.#constructed > allowedRatio(this.#constructed))
      this.#limit(`yaml: construct errors:\n  line ${this.#line}: yaml: document contains excessive aliasing`, node);
  }

  #limit(text: string, node: Node | null): never {
    refuse("compose.limit", `failed to parse ${this.#parsed.file.name}: ${text}`, node ? this.#rangeOf(node) : undefined);
  }

  /** A mistake of construction: the reference looks for those after it has met every key and alias. */
  #construct(text: string, node: Node): void {
    this.#mistake ??= { text: this.#constructText(text), range: this.#rangeOf(node) };
  }

  #constructText(text: string): string {
    return `failed to parse ${this.#parsed.file.name}: yaml: construct errors:\n  line ${this.#line}: ${text}`;
  }
}

const yamlName = (text: string): string =>
  ({ string: "str", int: "int", float: "float", bool: "bool", null: "null", date: "timestamp" })[resolvePlain(text).type];

function allowedRatio(constructed: number): number {
  if (constructed <= 400_000) return 0.99;
  if (constructed >= 4_000_000) return 0.1;
  return 0.99 - (0.89 * (constructed - 400_000)) / 3_600_000;
}
