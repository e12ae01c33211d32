/** The JSON profile: what its objects mean as bodies, blocks and attributes (spec/hcl.md 7.2). */
import { type Diagnostic, formatRange, type SourceFile, type SourceRange } from "../../diagnostics.ts";
import { Attribute, type Block, type Body, type BodyContent, type BodySchema, type Label } from "./ast.ts";
import { jsonExpression } from "./json-expression.ts";
import { type JsonNode, type JsonProperty, jsonStart, parseJsonTree } from "./json-tree.ts";
import { nearName } from "./name-suggestion.ts";
import type { ParsedFile } from "./native-body.ts";

/** Parses a file in the JSON syntax; with diagnostics the body may be empty. */
export function parseJson(file: SourceFile): ParsedFile {
  const { root, diagnostics } = parseJsonTree(file);
  if (root.kind === "object" || root.kind === "array") return { body: new JsonBody(root), diagnostics };
  const detail = "The root value in a JSON-based configuration must be either a JSON object or a JSON array of objects.";
  const problem = jsonError("Root value must be object", detail, root);
  const place = { file, start: root.start, end: root.end };
  return { body: new JsonBody({ kind: "object", properties: [], open: place, close: place, ...place }), diagnostics: [...diagnostics, problem] };
}

function jsonError(summary: string, detail: string, { file, start, end }: SourceRange): Diagnostic {
  return { severity: "error", code: "json.body", summary, detail, range: { file, start, end } };
}

const WRONG_TYPE = "Incorrect JSON value type";

class JsonBody implements Body {
  readonly file: SourceFile;
  readonly missingItemRange: SourceRange;
  readonly #node: JsonNode;

  constructor(node: JsonNode) {
    this.#node = node;
    this.file = node.file;
    this.missingItemRange = node.kind === "object" ? node.close : jsonStart(node);
  }

  partialContent(schema: BodySchema): BodyContent {
    const reader = new ContentReader(schema);
    const properties = schema.attributes ? reader.properties(this.#node, undefined) : reader.onlyObject(this.#node);
    reader.read(properties);
    for (const { name, required } of schema.attributes ?? []) {
      if (!required || reader.attributes.has(name)) continue;
      const detail = `The argument "${name}" is required, but no definition was found.`;
      reader.diagnostics.push(jsonError("Missing required argument", detail, this.missingItemRange));
    }
    return reader;
  }

  content(schema: BodySchema): BodyContent {
    const content = this.partialContent(schema);
    if (!schema.attributes) return content;
    const names = [...schema.attributes.map((row) => row.name), ...schema.blocks.map((row) => row.type)];
    const properties = new ContentReader(schema).properties(this.#node, undefined);
    const used = new Set(properties.map((property) => property.name));
    const free = names.filter((name) => !used.has(name));
    const extraneous = properties.filter(({ name }) => name !== "//" && !names.includes(name));
    const problems = extraneous.map(({ name, nameRange }) => {
      const guess = nearName(name, free);
      const hint = guess === undefined ? "" : ` Did you mean "${guess}"?`;
      return jsonError("Extraneous JSON object property", `No argument or block type is named "${name}".${hint}`, nameRange);
    });
    return { ...content, diagnostics: [...content.diagnostics, ...problems] };
  }
}

/** Sorts the properties of one body into attributes and blocks. */
class ContentReader implements BodyContent {
  readonly attributes: Map<string, Attribute> = new Map();
  readonly blocks: Block[] = [];
  readonly diagnostics: Diagnostic[] = [];
  readonly #schema: BodySchema;

  constructor(schema: BodySchema) {
    this.#schema = schema;
  }

  #error(summary: string, detail: string, place: SourceRange): void {
    this.diagnostics.push(jsonError(summary, detail, place));
  }

  /** Where every remaining property is an attribute, a list of objects is none of the forms of a body. */
  onlyObject(node: JsonNode): readonly JsonProperty[] {
    if (node.kind === "object") return node.properties;
    this.#error(WRONG_TYPE, "A JSON object is required here, setting the arguments for this block.", jsonStart(node));
    return this.properties(node, undefined);
  }

  /** The properties of an object or of all objects of an array; `label` is the label that they name, if any. */
  properties(node: JsonNode, label: string | undefined): readonly JsonProperty[] {
    const purpose = label === undefined ? undefined : `to specify ${label} labels for this block.`;
    if (node.kind === "null") return [];
    if (node.kind === "object") return node.properties;
    if (node.kind !== "array") {
      const start = "Either a JSON object or JSON array of objects is required here,";
      this.#error(WRONG_TYPE, `${start} ${purpose ?? "to define arguments and child blocks."}`, node);
      return [];
    }
    return node.items.flatMap((item) => {
      if (item.kind === "object") return item.properties;
      this.#error(WRONG_TYPE, `A JSON object is required here, ${purpose ?? "defining arguments and child blocks."}`, jsonStart(item));
      return [];
    });
  }

  read(properties: readonly JsonProperty[]): void {
    const blocks = new Map(this.#schema.blocks.map((row) => [row.type, row.labelNames]));
    const wanted = this.#schema.attributes && new Set(this.#schema.attributes.map((row) => row.name));
    for (const property of properties) {
      const labelNames = blocks.get(property.name);
      if (labelNames && !wanted?.has(property.name)) this.#block(property, property.value, { labelNames, labels: [] });
      else if (wanted ? wanted.has(property.name) : property.name !== "//") this.#attribute(property);
    }
  }

  #attribute({ name, nameRange, value }: JsonProperty): void {
    const earlier = this.attributes.get(name);
    if (earlier) {
      const summary = this.#schema.attributes ? "Duplicate argument" : "Duplicate attribute definition";
      this.#error(summary, `The argument "${name}" was already set at ${formatRange(earlier.range)}.`, nameRange);
      return;
    }
    this.attributes.set(name, new Attribute(name, nameRange.start, nameRange.end, jsonExpression(value)));
  }

  /** Peels one label after another off the value of a block type. */
  #block(type: JsonProperty, value: JsonNode, { labelNames, labels }: { labelNames: readonly string[]; labels: readonly Label[] }): void {
    const labelName = labelNames[labels.length];
    if (labelName !== undefined) {
      const properties = this.properties(value, labelName);
      if (properties.length === 0) {
        const detail = `At least one object property is required, whose name represents the ${type.name} block's ${labelName}.`;
        this.#error("Missing block label", detail, jsonStart(value));
      }
      for (const property of properties) {
        this.#block(type, property.value, { labelNames, labels: [...labels, { text: property.name, range: property.nameRange }] });
      }
      return;
    }
    if (value.kind === "null") return;
    if (value.kind !== "object" && value.kind !== "array") {
      const detail = `Either a JSON object or a JSON array is required, representing the contents of one or more "${type.name}" blocks.`;
      this.#error(WRONG_TYPE, detail, value);
      return;
    }
    for (const body of value.kind === "array" ? value.items : [value]) {
      this.blocks.push({ type: type.name, labels, body: new JsonBody(body), typeRange: type.nameRange, headerRange: value.open });
    }
  }
}
