/**
 * From text to YAML documents (spec/compose.md 1.2, 8.1): the `yaml` package parses, and what it takes
 * differently from the reference is evened out here.
 */
import { Composer, type CST, type Document, Parser } from "yaml";
import { position, type SourceFile, type SourceRange } from "../../diagnostics.ts";
import { yamlSource } from "./decode-text.ts";
import { reindentFlows, type Reindented, type UnderIndented } from "./flow-indent.ts";
import { refuse } from "./problem.ts";

/** A parsed document, or the reason why it is none. */
export interface ParsedDocument {
  readonly document: Document.Parsed;
  /** The first mistake in the document: text without position, and where. */
  readonly mistake?: { readonly text: string; readonly start: number; readonly end: number };
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
  const rangeOf = (start: number, end: number): SourceRange => ({ file, start: current.originalOffset(start), end: current.originalOffset(end) });
  return { file, documents: documents.map(withMistake), rangeOf };
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

function withMistake(document: Document.Parsed): ParsedDocument {
  const { directives } = document;
  if (directives?.yaml.explicit === true && directives.yaml.version !== "1.1") {
    return { document, mistake: { text: "<unknown position>: found incompatible YAML document", start: document.range[0], end: document.range[0] } };
  }
  const [first] = document.errors;
  return first ? { document, mistake: { text: lowerFirst(first.message), start: first.pos[0], end: first.pos[1] } } : { document };
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

/** Stops with a document's mistake. */
export function refuseMistake({ file, rangeOf }: ParsedFile, { text, start, end }: NonNullable<ParsedDocument["mistake"]>): never {
  const range = rangeOf(start, end);
  if (text.startsWith("<unknown position>")) refuse("compose.yaml", `failed to parse ${file.name}: yaml: ${text}`, range);
  const { line, column } = position(file, range.start);
  refuse("compose.yaml", `failed to parse ${file.name}: yaml: line ${line}, column ${column}: ${text}`, range);
}
