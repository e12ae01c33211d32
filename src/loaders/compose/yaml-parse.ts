/**
 * From text to YAML documents (spec/compose.md 1.2, 8.1): the `yaml` package parses, and what it takes
 * differently from the reference is evened out here.
 */
import { Composer, type CST, type Document, isCollection, isNode, isPair, isScalar, Parser } from "yaml";
import { position, type SourceFile, type SourceRange } from "../../diagnostics.ts";
import { yamlSource } from "./decode-text.ts";
import { reindentFlows, type Reindented, type UnderIndented } from "./flow-indent.ts";
import { refuse } from "./problem.ts";

interface Mistake {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** Where what does not end begins. */
  readonly opened?: number;
}

/** A parsed document, or the reason why it is none. */
export interface ParsedDocument {
  readonly document: Document.Parsed;
  /** The first mistake in the document: text without position, and where. */
  readonly mistake?: Mistake;
}

export interface ParsedFile {
  readonly file: SourceFile;
  readonly documents: readonly ParsedDocument[];
  /** From offsets in the parsed text to the file's. */
  readonly rangeOf: (start: number, end: number) => SourceRange;
}

/** Levels of lists and maps within each other; the reference stops at 10,000, the parser runs out of stack at 800. */
export const MAX_DEPTH = 500;

const OPTIONS = {
  schema: "failsafe",
  version: "1.2",
  uniqueKeys: false,
  strict: false,
  resolveKnownTags: false,
  logLevel: "silent",
  prettyErrors: false,
} as const;
// A reparse costs as much as a parse, and a person's file has a handful of such places.
const MAX_REPAIRS = 100;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that are looked for
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/;

/** Splits and parses a file. Mistakes of a document are reported when it is its turn, not here. */
export function parseYaml(source: SourceFile): ParsedFile {
  const file = yamlSource(source);
  const control = CONTROL.exec(file.text);
  if (control) {
    const offset = new TextEncoder().encode(file.text.slice(0, control.index)).length;
    refuse("compose.yaml", `failed to parse ${file.name}: yaml: offset ${offset}: control characters are not allowed`, {
      file,
      start: control.index,
      end: control.index + 1,
    });
  }
  let current: Reindented = { text: file.text, originalOffset: (offset) => offset, lines: new Set() };
  let documents = compose(file, current.text);
  for (let repairs = 0; repairs < MAX_REPAIRS; repairs++) {
    const place = underIndented(documents);
    if (place === undefined) break;
    const next = reindentFlows(file.text, current, place);
    if (next === undefined) break;
    current = next;
    documents = compose(file, current.text);
  }
  const place = (offset: number): number => Math.min(current.originalOffset(offset), file.text.length);
  const rangeOf = (start: number, end: number): SourceRange => ({ file, start: place(start), end: place(end) });
  return { file, documents: documents.map((document) => withMistake(document, current.text)), rangeOf };
}

function compose(file: SourceFile, text: string): Document.Parsed[] {
  const composer = new Composer(OPTIONS);
  const documents: Document.Parsed[] = [];
  for (const token of new Parser().parse(text)) {
    checkDepth(token, file);
    documents.push(...composer.next(token));
  }
  documents.push(...composer.end());
  return documents;
}

/** Composing recurses, so the depth is checked on the tokens before. */
function checkDepth(token: CST.Token, file: SourceFile): void {
  const stack: [CST.Token, number][] = [[token, 0]];
  for (let top = stack.pop(); top; top = stack.pop()) {
    const [{ type }, depth] = top;
    if (type === "document") {
      const { value } = top[0] as CST.Document;
      if (value) stack.push([value, depth]);
      continue;
    }
    if (type !== "block-map" && type !== "block-seq" && type !== "flow-collection") continue;
    if (depth >= MAX_DEPTH)
      refuse("compose.limit", `failed to parse ${file.name}: yaml: exceeded max depth of ${MAX_DEPTH}`, { file, start: top[0].offset, end: top[0].offset + 1 });
    for (const item of (top[0] as CST.BlockMap | CST.BlockSequence | CST.FlowCollection).items) {
      if (item.key) stack.push([item.key, depth + 1]);
      if (item.value) stack.push([item.value, depth + 1]);
    }
  }
}

/** Where a flow collection or a quoted text goes on with less indentation than this parser wants. */
function underIndented(documents: readonly Document.Parsed[]): UnderIndented | undefined {
  for (const { errors } of documents) {
    const [first] = errors;
    if (!first) continue;
    const [offset] = first.pos;
    if (first.code === "BAD_INDENT" && first.message.startsWith("Flow ")) return { offset };
    const quote = first.code === "MISSING_CHAR" ? /^Missing closing (["'])/.exec(first.message)?.[1] : undefined;
    return quote === undefined ? undefined : { offset, quote };
  }
  return undefined;
}

function withMistake(document: Document.Parsed, source: string): ParsedDocument {
  const { directives } = document;
  if (directives?.yaml.explicit === true && directives.yaml.version !== "1.1") {
    return { document, mistake: { text: "<unknown position>: found incompatible YAML document", start: document.range[0], end: document.range[0] } };
  }
  const [first] = document.errors;
  if (!first) return { document };
  const [start, end] = first.pos;
  const opened = /^(?:Flow |Missing closing )/.test(first.message) ? lastOpened(document, start, source) : undefined;
  return { document, mistake: { text: messageOf(first.message), start, end, ...(opened === undefined ? {} : { opened }) } };
}

/** Start of the innermost collection in brackets, or quoted text, that a place at its end is in. */
function lastOpened(document: Document.Parsed, place: number, source: string): number | undefined {
  let opened: number | undefined;
  for (let node: unknown = document.contents; isNode(node); ) {
    const start = node.range?.[0] ?? 0;
    if (start > place) break;
    if (isScalar(node) ? /["']/.test(source[start] ?? "") : /[[{]/.test(source[start] ?? "")) opened = start;
    const last: unknown = isCollection(node) ? node.items.at(-1) : undefined;
    node = isPair(last) ? (last.value ?? last.key) : last;
  }
  return opened;
}

/** The package's message; those about what does not end in the words that the reference has for them. */
function messageOf(message: string): string {
  if (message.startsWith("Flow map")) return "did not find expected ',' or '}'";
  if (message.startsWith("Flow sequence")) return "did not find expected ',' or ']'";
  if (message.startsWith("Missing closing ")) return `missing closing ${message.includes('"') ? "double" : "single"} quote`;
  return message.charAt(0).toLowerCase() + message.slice(1);
}

/** Stops with a document's mistake. */
export function refuseMistake({ file, rangeOf }: ParsedFile, { text, start, end, opened }: Mistake): never {
  const range = rangeOf(start, end);
  if (text.startsWith("<unknown position>")) refuse("compose.yaml", `failed to parse ${file.name}: yaml: ${text}`, range);
  const { line, column } = position(file, range.start);
  const related = opened === undefined ? [] : [{ message: "it begins here", range: rangeOf(opened, opened + 1) }];
  refuse("compose.yaml", `failed to parse ${file.name}: yaml: line ${line}, column ${column}: ${text}`, range, { related });
}
