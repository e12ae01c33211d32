/** Commands that a step gives to the GitHub Actions runner by printing lines that begin with two colons. */
import { basename, relative, sep } from "node:path";
import type { FailurePlace, VertexWarning } from "../../events.ts";

type Properties = Readonly<Record<string, string | number | undefined>>;

/** One line: `::error file=Dockerfile,line=3::text`, everything escaped. */
export function workflowCommand(name: string, properties: Properties, message: string): string {
  const list = Object.entries(properties).flatMap(([key, value]) => (value === undefined || value === "" ? [] : [`${key}=${escapeProperty(String(value))}`]));
  return `::${name}${list.length > 0 ? ` ${list.join(",")}` : ""}::${escapeData(message)}\n`;
}

const escapeData = (text: string): string => text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
const escapeProperty = (text: string): string => escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");

/** Where a target's Dockerfile is, and the root that annotations are relative to. */
export interface SourceMap {
  /** Absolute path of the Dockerfile of a target; undefined where it is not a local file. */
  readonly dockerfileOf: (target: string) => string | undefined;
  readonly workspace: string;
}

/** The path of a file in annotations: the engine knows only the name below the Dockerfile's folder. */
export function annotationPath(filename: string, target: string | undefined, { dockerfileOf, workspace }: SourceMap): string {
  const dockerfile = target === undefined ? undefined : dockerfileOf(target);
  if (dockerfile === undefined || basename(dockerfile) !== basename(filename)) return filename;
  return relative(workspace, dockerfile).split(sep).join("/");
}

export function failureAnnotation(target: string, error: string, place: FailurePlace | undefined, sources: SourceMap): string {
  const where = place ? { file: annotationPath(place.filename, target, sources), line: place.first, endLine: place.last } : {};
  return workflowCommand("error", { ...where, title: `target ${target} failed` }, error);
}

/** A lint warning; the name of its rule, which stands in front of the text, becomes the title. */
export function warningAnnotation(warning: VertexWarning, target: string | undefined, sources: SourceMap): string {
  const short = Buffer.from(warning.short).toString();
  const [, rule, rest] = /^([A-Z]\w+): (.*)$/s.exec(short) ?? [];
  const range = warning.ranges[0];
  const where =
    warning.source && range ? { file: annotationPath(warning.source.filename, target, sources), line: range.start.line, endLine: range.end.line } : {};
  const detail = warning.detail.map((line) => Buffer.from(line).toString());
  const more = warning.url === "" ? [] : [`More info: ${warning.url}`];
  return workflowCommand("warning", { ...where, title: rule }, [rest ?? short, ...detail, ...more].join("\n"));
}
