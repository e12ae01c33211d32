/** Reading files that compose files name: `include`, `extends`, `env_file`. */
import type { SourceFile, SourceRange } from "../../diagnostics.ts";
import { HostError } from "../../host.ts";
import { decodeSource } from "../source-text.ts";
import { decodeText, withoutByteOrderMark } from "./decode-text.ts";
import { refuse, type ProblemCode } from "./problem.ts";
import type { LoadScope } from "./scope.ts";

/** A file system call whose failure is the mistake of the file that named the path. */
export function attempt<T>(code: ProblemCode, range: SourceRange | undefined, call: () => T): T {
  try {
    return call();
  } catch (error) {
    if (error instanceof HostError) refuse(code, error.message, range);
    throw error;
  }
}

export function readYaml(path: string, range: SourceRange, code: ProblemCode, scope: LoadScope): SourceFile {
  const file = { name: path, text: decodeSource(attempt(code, range, () => scope.host.readFile(path))) };
  scope.readFile(file);
  return file;
}

export function readVariables(path: string, range: SourceRange, scope: LoadScope): SourceFile {
  const file = { name: path, text: withoutByteOrderMark(decodeText(attempt("compose.env-file", range, () => scope.host.readFile(path)))) };
  scope.readFile(file);
  return file;
}
