/** What the stages of one load share: variables, files, and where warnings go. */
import type { Diagnostic, SourceFile, SourceRange } from "../../diagnostics.ts";
import type { Host } from "../../host.ts";
import { lookupIn, type Variables } from "./environment.ts";
import { warning } from "./problem.ts";
import { unsetText } from "./template.ts";

export interface LoadScope {
  readonly host: Host;
  readonly variables: Variables;
  readonly lookup: (name: string) => string | undefined;
  /** Directory against which relative paths of the model are resolved; empty for files named with `-f`. */
  readonly workingDirectory: string;
  /** Directory against which `include` and `extends` name files. */
  readonly directory: string;
  /** Names of the files that led here, for cycles; the main file's name is empty. */
  readonly including: readonly string[];
  readonly warn: (diagnostic: Diagnostic) => void;
  readonly warnUnset: (name: string, range?: SourceRange) => void;
  /** Told of each file that was read beside the named ones. */
  readonly readFile: (file: SourceFile) => void;
}

export interface ScopeInput {
  readonly host: Host;
  readonly variables: Variables;
  readonly warn: (diagnostic: Diagnostic) => void;
  readonly readFile: (file: SourceFile) => void;
  readonly workingDirectory?: string;
  readonly directory?: string;
  readonly including?: readonly string[];
}

export function scopeOf({ host, variables, warn, readFile, workingDirectory = "", directory = "", including = [""] }: ScopeInput): LoadScope {
  return {
    host,
    variables,
    lookup: lookupIn(variables, host),
    workingDirectory,
    directory,
    including,
    warn,
    warnUnset: (name, range) => warn(warning(unsetText(name), range)),
    readFile,
  };
}

export const withVariables = (scope: LoadScope, variables: Variables): LoadScope => ({ ...scope, variables, lookup: lookupIn(variables, scope.host) });
