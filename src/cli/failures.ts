/** How failures reach people: source lines, notes, and the reference's `ERROR:` line last. */
import { BakeError, type Diagnostic, formatDiagnosticLine, formatRange, formatSnippet, InternalError, visibleFile, visibleOffset } from "../diagnostics.ts";

/** Everything to print for a list of mistakes: all of them in source order, the first as the last line. */
export function formatFailure(diagnostics: readonly Diagnostic[]): string {
  const errors = diagnostics.filter((diagnostic) => diagnostic.severity === "error");
  const first = errors[0];
  if (!first) return "";
  const others = errors.length - 1;
  const last = `ERROR: ${formatDiagnosticLine(first)}${others > 0 ? `, and ${others} other diagnostic(s)` : ""}\n`;
  if (others === 0) return `${formatPlace(first)}${last}`;
  const all = inSourceOrder(errors).map((diagnostic) => `${formatPlace(diagnostic)}error: ${formatDiagnosticLine(diagnostic)}\n\n`);
  return `${all.join("")}${last}`;
}

/** Warnings and notes, each with its place. Those in the reference's words look like its own; of repeated ones, the first names the place. */
export function formatWarnings(diagnostics: readonly Diagnostic[]): string {
  const placed = new Set<string>();
  return diagnostics
    .filter(({ severity }) => severity !== "error")
    .map((diagnostic) => {
      const { severity, plain, range } = diagnostic;
      const line = formatDiagnosticLine(diagnostic);
      if (!plain) return `${severity}: ${line}\n${notes(diagnostic)}`;
      const place = range ? `note: ${formatRange(range)}: ${line}\n` : "";
      const known = placed.has(place);
      placed.add(place);
      return `${severity.toUpperCase()}: ${line}\n${known ? "" : place}${notes(diagnostic)}`;
    })
    .join("");
}

/** The places of mistakes, without their messages. */
export function formatPlaces(diagnostics: readonly Diagnostic[]): string {
  return diagnostics.map(formatPlace).join("");
}

/** The excerpt names a line; where the message itself has no place, a note says the column too. */
function formatPlace(diagnostic: Diagnostic): string {
  const { range, plain } = diagnostic;
  if (!range) return notes(diagnostic);
  return `${formatSnippet(range)}${plain ? `note: ${formatRange(range)}: the mistake is here\n` : ""}${notes(diagnostic)}`;
}

function notes(diagnostic: Diagnostic): string {
  const related = (diagnostic.related ?? []).map((place) => `note: ${formatRange(place.range)}: ${place.message}\n`);
  return `${related.join("")}${diagnostic.hint ? `hint: ${diagnostic.hint}\n` : ""}`;
}

/** Files in the order in which they first appear, then by offset; what has no place comes last. */
function inSourceOrder(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const files = new Map<unknown, number>();
  for (const { range } of diagnostics) if (range && !files.has(visibleFile(range.file))) files.set(visibleFile(range.file), files.size);
  const rank = ({ range }: Diagnostic): number => (range ? (files.get(visibleFile(range.file)) ?? 0) : files.size);
  const offset = ({ range }: Diagnostic): number => (range ? visibleOffset(range.file, range.start) : 0);
  return [...diagnostics].sort((a, b) => rank(a) - rank(b) || offset(a) - offset(b));
}

/** What policies say about a source that they denied, in front of everything else. */
function formatDenials(error: BakeError & { readonly denials?: readonly string[] }): string {
  return (error.denials ?? [])
    .filter((message) => message !== "")
    .map((message) => `Policy: ${message}\n`)
    .join("");
}

/** Text and exit status of anything that was thrown. Stack traces are for `--debug` and for bugs. */
export function formatThrown(error: unknown, debug: boolean): { readonly text: string; readonly exitCode: number } {
  const stack = debug && error instanceof Error && error.stack ? `${error.stack}\n` : "";
  if (error instanceof BakeError) {
    const places = formatPlaces(error.diagnostics);
    return { text: `${formatDenials(error)}${places}${stack}ERROR: ${error.message}\n`, exitCode: error.exitCode };
  }
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof InternalError || !debug) {
    return { text: `${stack}ERROR: internal error: ${message}\nThis is a bug in tsbake; please report it with the output of --debug.\n`, exitCode: 1 };
  }
  return { text: `${stack}ERROR: ${message}\n`, exitCode: 1 };
}
