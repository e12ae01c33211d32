/** Strings, apart from formatting, expressions and digests (spec/hcl.md 6.2). */
import { compareBytes } from "../../../byte-order.ts";
import { countGraphemes, splitGraphemes } from "../../../graphemes.ts";
import { int, itemsOf, list, listOf, STRING, string, textOf, type Value } from "../values.ts";
import { crashed, fn, type FunctionTable, MAX_TEXT, NOT_WHOLE, numeric, param, text, textual, TOO_LONG, variadic, wholeNumber } from "./define.ts";
import { type CallOutcome, failure, result } from "./function.ts";
import { lowerCase, titleCase, trimSpace, upperCase } from "./text-case.ts";

/** Counted in grapheme clusters. A negative offset with length 0 gives the rest, as in the reference. */
function substring([source, offsetValue, lengthValue]: readonly Value[]): CallOutcome {
  const offset = wholeNumber(offsetValue as Value);
  const length = wholeNumber(lengthValue as Value);
  if (offset === undefined || length === undefined) return failure(NOT_WHOLE);
  const clusters = splitGraphemes(textOf(source as Value));
  const start = offset < 0n ? Math.max(0, clusters.length + Number(offset)) : Number(offset);
  const rest = length < 0n || (length === 0n && offset < 0n);
  return result(string(clusters.slice(start, rest ? undefined : start + Number(length)).join("")));
}

function join(args: readonly Value[]): CallOutcome {
  const lists = args.slice(1);
  if (lists.length === 0) return failure("at least one list is required");
  const parts: string[] = [];
  let size = 0;
  const separator = textOf(args[0] as Value);
  for (const [at, each] of lists.entries()) {
    for (const [i, item] of itemsOf(each).entries()) {
      if (item.state === "null") {
        const of = lists.length > 1 ? ` of list ${at + 1}` : "";
        return failure(`element ${i}${of} is null; cannot concatenate null values`, at + 1);
      }
      parts.push(textOf(item));
      size += textOf(item).length + separator.length;
    }
  }
  return size > MAX_TEXT ? failure(TOO_LONG) : result(string(parts.join(separator)));
}

function split([separator, source]: readonly Value[]): CallOutcome {
  const [by, whole] = [textOf(separator as Value), textOf(source as Value)];
  // An empty separator cuts between code points.
  const parts = by === "" ? Array.from(whole) : whole.split(by);
  return result(list(STRING, parts.map(string)));
}

function sort([items]: readonly Value[]): CallOutcome {
  const values = itemsOf(items as Value);
  const missing = values.findIndex((item) => item.state === "null");
  if (missing >= 0) return failure(`given list element ${missing} is null; a null string cannot be sorted`);
  return result(
    list(
      STRING,
      [...values].sort((a, b) => compareBytes(textOf(a), textOf(b))),
    ),
  );
}

function replace([source, search, by]: readonly Value[]): CallOutcome {
  const [whole, from, to] = [textOf(source as Value), textOf(search as Value), textOf(by as Value)];
  const parts = from === "" ? ["", ...Array.from(whole), ""] : whole.split(from);
  const joined = from === "" && whole === "" ? ["", ""] : parts;
  if (whole.length + joined.length * to.length > MAX_TEXT) return failure(TOO_LONG);
  return result(string(joined.join(to)));
}

/** Code points of a set off both ends. */
function trim(source: string, cutset: string): string {
  const cut = new Set(cutset);
  const points = Array.from(source);
  let start = 0;
  let end = points.length;
  while (start < end && cut.has(points[start] as string)) start++;
  while (end > start && cut.has(points[end - 1] as string)) end--;
  return points.slice(start, end).join("");
}

function chomp(source: string): string {
  let end = source.length;
  while (end > 0 && (source[end - 1] === "\n" || source[end - 1] === "\r")) end--;
  return source.slice(0, end);
}

function indent([spaces, source]: readonly Value[]): CallOutcome {
  const width = wholeNumber(spaces as Value);
  if (width === undefined) return failure(NOT_WHOLE);
  if (width < 0n) return crashed("strings: negative Repeat count");
  const lines = textOf(source as Value).split("\n");
  if (BigInt(lines.length) * width > BigInt(MAX_TEXT)) return failure(TOO_LONG);
  return result(string(lines.join(`\n${" ".repeat(lines.length > 1 ? Number(width) : 0)}`)));
}

/** A slash path without doubled slashes, `.` and needless `..`. */
function clean(path: string): string {
  const rooted = path.startsWith("/");
  const kept: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") kept.push(part);
    else if (kept.length > 0 && kept.at(-1) !== "..") kept.pop();
    else if (!rooted) kept.push(part);
  }
  return (rooted ? "/" : "") + kept.join("/") || ".";
}

function basename(path: string): string {
  if (path === "") return ".";
  let end = path.length;
  while (end > 0 && path[end - 1] === "/") end--;
  return path.slice(path.lastIndexOf("/", end - 1) + 1, end) || "/";
}

export function stringFunctions(): FunctionTable {
  return {
    upper: textual(["str"], upperCase),
    lower: textual(["str"], lowerCase),
    title: textual(["str"], titleCase),
    reverse: textual(["str"], (source) => splitGraphemes(source).reverse().join("")),
    strlen: fn([text("str")], ([source]) => result(int(countGraphemes(textOf(source as Value))))),
    substr: fn([text("str"), numeric("offset"), numeric("length")], substring),
    join: variadic([text("separator")], param("lists", listOf(STRING)), join),
    split: fn([text("separator"), text("str")], split),
    sort: fn([param("list", listOf(STRING))], sort),
    replace: fn([text("str"), text("substr"), text("replace")], replace),
    trim: textual(["str", "cutset"], trim),
    trimprefix: textual(["str", "prefix"], (source, prefix) => (source.startsWith(prefix) ? source.slice(prefix.length) : source)),
    trimsuffix: textual(["str", "suffix"], (source, suffix) => (source.endsWith(suffix) ? source.slice(0, source.length - suffix.length) : source)),
    trimspace: textual(["str"], trimSpace),
    chomp: textual(["str"], chomp),
    indent: fn([numeric("spaces"), text("str")], indent),
    sanitize: textual(["name"], (name) => name.replace(/[^A-Za-z0-9_-]/gu, "_")),
    basename: textual(["path"], basename),
    dirname: textual(["path"], (path) => clean(path.slice(0, path.lastIndexOf("/") + 1))),
  };
}
