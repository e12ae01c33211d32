/**
 * The words for mistakes in definitions: source files, ranges, diagnostics, results, and how a
 * diagnostic is printed. Shared by every room; imports nothing but the grapheme table, which is
 * only touched when a line with non-ASCII text is printed.
 */
import { countGraphemes } from "./graphemes.ts";

/** A text that ranges point into. `name` is the name users see in messages. */
export interface SourceFile {
  readonly name: string;
  readonly text: string;
  /** JSON counts its columns in a way of its own (spec/hcl.md 7.1). */
  readonly syntax?: "json";
  /** For a text decoded out of a file, as a string of JSON is: where in that file its positions begin. */
  readonly within?: { readonly file: SourceFile; readonly start: number };
}

/** A half-open range of UTF-16 offsets in a source file. */
export interface SourceRange {
  readonly file: SourceFile;
  readonly start: number;
  readonly end: number;
}

/** A place that belongs to a diagnostic: the other definition, the next step of a cycle. */
export interface RelatedPlace {
  readonly message: string;
  readonly range: SourceRange;
}

/**
 * A mistake in the input, as a value. Never thrown across rooms.
 * `summary` is one line without a position; `detail` says what to do.
 */
export interface Diagnostic {
  readonly severity: "error" | "warning" | "info";
  /** Stable, searchable name of the kind of mistake, such as `hcl.unknown-variable`. */
  readonly code: string;
  readonly summary: string;
  readonly detail?: string;
  /** Absent only where no file is to blame (a flag, the selection, the engine). */
  readonly range?: SourceRange;
  /** Where in the model: `["target", "web", "platforms", 1]`. */
  readonly path?: readonly (string | number)[];
  readonly related?: readonly RelatedPlace[];
  /** A "did you mean" or other help of ours, printed as a note after the reference's wording. */
  readonly hint?: string;
  /**
   * The reference prints these as plain text without a place (`failed to find target x`): the
   * place is still known here and shown as a note, but the last line stays the plain text.
   */
  readonly plain?: boolean;
}

export type Result<T> =
  | { readonly ok: true; readonly value: T; readonly diagnostics: readonly Diagnostic[] }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

const NONE: readonly Diagnostic[] = [];

export const ok = <T>(value: T, diagnostics: readonly Diagnostic[] = NONE): Result<T> => ({ ok: true, value, diagnostics });
export const fail = (...diagnostics: readonly Diagnostic[]): { ok: false; diagnostics: readonly Diagnostic[] } => ({ ok: false, diagnostics });

/** An error without a place of its own, in the reference's plain wording. */
export function plainError(code: string, summary: string, range?: SourceRange): Diagnostic {
  return { severity: "error", code, summary, plain: true, ...(range ? { range } : {}) };
}

/** The world failed: no engine, a failed step, a cut connection. Carries the exit status that users expect. */
export class BakeError extends Error {
  override readonly name = "BakeError";
  readonly code: string;
  readonly exitCode: number;
  readonly diagnostics: readonly Diagnostic[];
  constructor(code: string, message: string, options: { exitCode?: number; cause?: unknown; diagnostics?: readonly Diagnostic[] } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.exitCode = options.exitCode ?? 1;
    this.diagnostics = options.diagnostics ?? [];
  }
}

/** A bug in tsbake itself: asks for a report. */
export class InternalError extends Error {
  override readonly name = "InternalError";
}

const lineTables = new WeakMap<SourceFile, number[]>();

/** Offsets of line starts; lines end at LF only, as HCL counts them. */
function lineStarts(file: SourceFile): number[] {
  let starts = lineTables.get(file);
  if (!starts) {
    starts = [0];
    for (let i = file.text.indexOf("\n"); i >= 0; i = file.text.indexOf("\n", i + 1)) starts.push(i + 1);
    lineTables.set(file, starts);
  }
  return starts;
}

/** The file that users see, for a text that was decoded out of it too. */
export const visibleFile = (file: SourceFile): SourceFile => file.within?.file ?? file;

/** The offset in the file that users see: for a decoded text where it begins. */
export const visibleOffset = ({ within }: SourceFile, offset: number): number => within?.start ?? offset;

/** 1-based line and column of an offset. Columns count extended grapheme clusters (spec/hcl.md 1.1). */
export function position(file: SourceFile, offset: number): { line: number; column: number } {
  const own = ownPosition(file, offset);
  if (!file.within) return own;
  const { line, column } = position(file.within.file, file.within.start);
  return own.line === 1 ? { line, column: column + own.column - 1 } : { line: line + own.line - 1, column: own.column };
}

function ownPosition(file: SourceFile, offset: number): { line: number; column: number } {
  const starts = lineStarts(file);
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  const lineStart = starts[low] ?? 0;
  const bom = low === 0 && file.text.charCodeAt(0) === 0xfeff && file.syntax !== "json" ? 1 : 0;
  const before = file.text.slice(lineStart + bom, Math.max(offset, lineStart + bom));
  return { line: low + 1, column: 1 + (file.syntax === "json" ? jsonColumns(before) : countGraphemes(before)) };
}

/** Outside of strings a tab is two columns wide and a carriage return has none. */
function jsonColumns(text: string): number {
  let columns = 0;
  for (const [part] of text.matchAll(/"(?:[^"\\]|\\.)*"?|[\t\r]|[^"\t\r]+/gs)) columns += part === "\t" ? 2 : part === "\r" ? 0 : countGraphemes(part);
  return columns;
}

/** `file:line,col-col`, or `file:line,col-line,col` when the range spans lines. */
export function formatRange(range: SourceRange): string {
  const start = position(range.file, range.start);
  const end = position(range.file, range.end);
  return start.line === end.line
    ? `${range.file.name}:${start.line},${start.column}-${end.column}`
    : `${range.file.name}:${start.line},${start.column}-${end.line},${end.column}`;
}

/** One line: `file:line,col-col: summary; detail`, or the plain text. */
export function formatDiagnosticLine(diagnostic: Diagnostic): string {
  const text = diagnostic.detail !== undefined ? `${diagnostic.summary}; ${diagnostic.detail}` : diagnostic.summary;
  return diagnostic.range && !diagnostic.plain ? `${formatRange(diagnostic.range)}: ${text}` : text;
}

/**
 * The source lines around a range with `>>>` marks (spec/bake.md 12). Ends with a newline. Nothing when a decoded text has more
 * lines than the file it came from.
 */
export function formatSnippet(range: SourceRange): string {
  const file = visibleFile(range.file);
  const starts = lineStarts(file);
  const first = position(range.file, range.start).line;
  if (first > starts.length) return "";
  const lines = starts.map((start, i) => file.text.slice(start, (starts[i + 1] ?? file.text.length + 1) - 1));
  // A range that ends where a line starts marks that line too, as behind a newline token (spec/hcl.md 8.1).
  return formatExcerpt(file.name, lines, first, Math.min(position(range.file, range.end).line, lines.length));
}

/** The excerpt both definitions and Dockerfiles are shown in; lines are 1-based and inclusive. */
export function formatExcerpt(name: string, lines: readonly string[], first: number, last: number): string {
  let from = first;
  let to = last;
  const budget = first === last ? 4 : 2;
  for (let spent = 0; spent < budget; ) {
    if (from > 1) {
      from--;
      spent++;
    }
    if (to < lines.length) {
      to++;
      spent++;
    }
    spent++;
  }
  const rule = "--------------------";
  let out = `${name}:${first}\n${rule}\n`;
  for (let n = from; n <= to; n++) {
    const mark = n >= first && n <= last ? ">>>" : "   ";
    out += ` ${String(n).padStart(3)} | ${mark} ${lines[n - 1] ?? ""}\n`;
  }
  return `${out}${rule}\n`;
}
