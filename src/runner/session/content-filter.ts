/**
 * Filters of containerd, as lists of blobs and uploads take them: `field==value,field!=value`. A list of
 * filters wants what any of them wants; an empty list wants everything. Patterns (`~=`) are refused: no
 * engine asks with them, and one that is not to be trusted could block the session with one.
 */
import { status } from "../buildkit/errors.ts";
import { RpcError } from "./rpc.ts";

/** The value of a field; undefined when there is no such field. */
export type FieldOf<T> = (item: T, field: string) => string | undefined;

type Test<T> = (item: T) => boolean;

const selector = /^\s*((?:[A-Za-z0-9_]+)(?:\.(?:[A-Za-z0-9_]+|"(?:[^"\\]|\\.)*"))*)(?:(==|!=|~=)("(?:[^"\\]|\\.)*"|[^,]*))?\s*(?:,|$)/;

/** Throws RpcError for a filter that cannot be read. */
export function contentFilter<T>(filters: readonly string[], fieldOf: FieldOf<T>): Test<T> {
  const any = filters.map((filter) => parseFilter(filter, fieldOf));
  return any.length === 0 ? () => true : (item) => any.some((test) => test(item));
}

function parseFilter<T>(filter: string, fieldOf: FieldOf<T>): Test<T> {
  const tests: Test<T>[] = [];
  for (let rest = filter; rest !== ""; ) {
    const [whole, field, operator, value = ""] = selector.exec(rest) ?? [];
    if (whole === undefined || whole === "" || field === undefined)
      throw new RpcError(status.invalidArgument, `failed to parse filter ${JSON.stringify(filter)}`);
    tests.push(parseTest({ field: field.replace(/"/g, ""), operator, value: unquote(value) }, fieldOf));
    rest = rest.slice(whole.length);
  }
  return (item) => tests.every((test) => test(item));
}

function parseTest<T>({ field, operator, value }: { field: string; operator: string | undefined; value: string }, fieldOf: FieldOf<T>): Test<T> {
  switch (operator) {
    case "==":
      return (item) => fieldOf(item, field) === value;
    case "!=":
      return (item) => fieldOf(item, field) !== value;
    case "~=":
      throw new RpcError(status.invalidArgument, "patterns in filters are not supported");
    default:
      return (item) => fieldOf(item, field) !== undefined;
  }
}

function unquote(value: string): string {
  if (!value.startsWith('"')) return value;
  return value.slice(1, -1).replace(/\\(.)/g, "$1");
}
