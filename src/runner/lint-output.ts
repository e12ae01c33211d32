/** Answers of `--call=check`: the warnings of a Dockerfile with their lines, and why it could not be checked (spec/buildkit.md 4.6). */
import { formatExcerpt } from "../diagnostics.ts";

interface Location {
  readonly sourceIndex?: number;
  readonly ranges?: readonly { readonly start?: { readonly line?: number }; readonly end?: { readonly line?: number } }[] | null;
}

interface LintWarning {
  readonly ruleName: string;
  readonly url?: string;
  readonly detail?: string;
  readonly location?: Location;
}

export interface Lint {
  readonly warnings?: readonly LintWarning[] | null;
  readonly sources?: readonly { readonly filename: string; readonly data?: string }[] | null;
  readonly buildError?: { readonly message: string; readonly location?: Location } | null;
}

export const readLint = (json: string | undefined): Lint => JSON.parse(json ?? "{}") as Lint;

/** Text of the warnings; `source` replaces the name of the file they are in. */
export function formatLint(lint: Lint, source: string | undefined): string {
  const warnings = inOrder(lint);
  if (warnings.length === 0) return lint.buildError ? "" : "Check complete, no warnings found.\n";
  const count = warnings.length === 1 ? "1 warning has been found!" : `${warnings.length} warnings have been found!`;
  const text = warnings.map(({ ruleName, url, detail, location }) => {
    const title = `\nWARNING: ${ruleName}${url ? ` - ${url}` : ""}\n`;
    return `${title}${detail ?? ""}\n${excerpt(lint, location, source)}`;
  });
  return `Check complete, ${count}\n${text.join("")}${lint.buildError ? "\n" : ""}`;
}

/** Why the Dockerfile could not be checked to its end; undefined when it could. */
export function lintFailure(lint: Lint, source: string | undefined): string | undefined {
  return lint.buildError ? `${lint.buildError.message}\n${excerpt(lint, lint.buildError.location, source)}` : undefined;
}

/** Warnings without a place first, by rule; then by file and line. */
function inOrder({ warnings, sources }: Lint): readonly LintWarning[] {
  const key = ({ ruleName, location }: LintWarning): readonly [string, number, string] => {
    const [first] = location?.ranges ?? [];
    if (!first) return ["", 0, ruleName];
    return [sources?.[location?.sourceIndex ?? 0]?.filename ?? "", first.start?.line ?? 0, ""];
  };
  const compare = (a: LintWarning, b: LintWarning): number => {
    const [fileA, lineA, ruleA] = key(a);
    const [fileB, lineB, ruleB] = key(b);
    return compareText(fileA, fileB) || lineA - lineB || compareText(ruleA, ruleB);
  };
  return [...(warnings ?? [])].sort(compare);
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function excerpt({ sources }: Lint, location: Location | undefined, name: string | undefined): string {
  const ranges = location?.ranges ?? [];
  const file = sources?.[location?.sourceIndex ?? 0];
  if (ranges.length === 0 || !file) return "";
  const first = Math.min(...ranges.map(({ start }) => start?.line ?? 0));
  const last = Math.max(...ranges.map(({ start, end }) => Math.max(start?.line ?? 0, end?.line ?? 0)));
  return formatExcerpt(
    name ?? file.filename,
    Buffer.from(file.data ?? "", "base64")
      .toString("utf8")
      .split("\n"),
    first,
    last,
  );
}
