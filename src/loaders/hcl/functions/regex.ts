/** `regex`, `regexall` and `regex_replace` over the engine of this folder (spec/hcl.md 6.7). */
import { list, nullOf, object, string, STRING, textOf, tuple, type Type, type Value } from "../values.ts";
import { fn, type FunctionTable, MAX_TEXT, text, TOO_LONG } from "./define.ts";
import { type CallOutcome, failure, result } from "./function.ts";
import { type Match, Matcher } from "./regex-matcher.ts";
import { compileProgram, type Program } from "./regex-program.ts";
import { parseRegex, type RegexError } from "./regex-syntax.ts";

type Compiled = { readonly ok: true; readonly program: Program } | ({ readonly ok: false } & RegexError);

/** Definitions apply the same few patterns to many names. */
const compiled = new Map<string, Compiled>();
const MAX_KEPT = 200;

function compile(pattern: string): Compiled {
  const known = compiled.get(pattern);
  if (known) return known;
  const parsed = parseRegex(pattern);
  const program = parsed.ok ? compileProgram(parsed.syntax) : undefined;
  const tooLarge: Compiled = { ok: false, code: "expression too large", fragment: pattern };
  const outcome: Compiled = parsed.ok ? (program ? { ok: true, program } : tooLarge) : parsed;
  if (compiled.size >= MAX_KEPT) compiled.clear();
  compiled.set(pattern, outcome);
  return outcome;
}

/** How matches are given: as texts, tuples of groups, or objects of named groups. */
interface Shape {
  readonly type: Type;
  readonly make: (source: string, match: Match) => Value;
}

function group(source: string, match: Match, index: number): Value {
  const [start = -1, end = -1] = match.subarray(2 * index, 2 * index + 2);
  return start < 0 ? nullOf(STRING) : string(source.slice(start, end));
}

/** Undefined when named and unnamed groups are mixed. */
function shapeOf({ names }: Program): Shape | undefined {
  const named = names.filter((name) => name !== undefined);
  if (names.length === 0) return { type: STRING, make: (source, match) => group(source, match, 0) };
  if (named.length === 0) {
    return {
      type: { kind: "tuple", elements: names.map(() => STRING) },
      make: (source, match) => tuple(names.map((_, i) => group(source, match, i + 1))),
    };
  }
  if (named.length < names.length) return undefined;
  const attributes = object(named.map((name) => [name, string("")])).type;
  return { type: attributes, make: (source, match) => object(named.map((name, i) => [name, group(source, match, i + 1)])) };
}

function prepare(
  pattern: Value,
): { readonly ok: true; readonly program: Program; readonly shape: Shape } | { readonly ok: false; readonly outcome: CallOutcome } {
  const regex = compile(textOf(pattern));
  if (!regex.ok) return { ok: false, outcome: failure(`invalid regexp pattern: ${regex.code} in ${regex.fragment}`, 0) };
  const shape = shapeOf(regex.program);
  if (!shape) return { ok: false, outcome: failure("invalid regexp pattern: cannot mix both named and unnamed capture groups", 0) };
  return { ok: true, program: regex.program, shape };
}

function first([pattern, source]: readonly Value[]): CallOutcome {
  const regex = prepare(pattern as Value);
  if (!regex.ok) return regex.outcome;
  const match = new Matcher(regex.program, textOf(source as Value)).find(0);
  return match ? result(regex.shape.make(textOf(source as Value), match)) : failure("pattern did not match any part of the given string");
}

const widthAt = (source: string, at: number): number => ((source.codePointAt(at) ?? 0) > 0xffff ? 2 : 1);

/** All matches that do not overlap; an empty one right behind another is none. */
function* matches(program: Program, source: string): Generator<Match> {
  const matcher = new Matcher(program, source);
  let last = -1;
  for (let at = 0; at <= source.length; ) {
    const match = matcher.find(at);
    if (!match) return;
    const [start = 0, end = 0] = match;
    if (start !== end || start !== last) yield match;
    last = end;
    at = end > at ? end : at + widthAt(source, at);
  }
}

function all([pattern, source]: readonly Value[]): CallOutcome {
  const regex = prepare(pattern as Value);
  if (!regex.ok) return regex.outcome;
  const found: Value[] = [];
  for (const match of matches(regex.program, textOf(source as Value))) found.push(regex.shape.make(textOf(source as Value), match));
  return result(list(regex.shape.type, found));
}

/** Parts of a replacement: literal text, or what a group matched. */
type Part = string | { readonly groups: readonly number[] };

const REFERENCE = /\$(?:\$|\{([\p{L}\p{Nd}_]+)\}|([\p{L}\p{Nd}_]+))/uy;

/** `$1`, `${1}`, `$name`, `${name}` and `$$`; any other dollar sign stays. */
function parseReplacement(template: string, names: Program["names"]): Part[] {
  const parts: Part[] = [];
  for (let at = 0; at < template.length; ) {
    const dollar = template.indexOf("$", at);
    if (dollar < 0) {
      parts.push(template.slice(at));
      break;
    }
    parts.push(template.slice(at, dollar));
    REFERENCE.lastIndex = dollar;
    const [token, braced, bare] = REFERENCE.exec(template) ?? ["$"];
    const name = braced ?? bare;
    parts.push(name === undefined ? "$" : { groups: groupsNamed(name, names) });
    at = dollar + token.length;
  }
  return parts;
}

/** Numbers are group numbers; several groups may share a name, and the first that took part counts. */
function groupsNamed(name: string, names: Program["names"]): readonly number[] {
  if (/^(?:0|[1-9]\d{0,7})$/.test(name)) return Number(name) <= names.length ? [Number(name)] : [];
  return names.flatMap((other, i) => (other === name ? [i + 1] : []));
}

function replaceAll([source, pattern, replacement]: readonly Value[]): CallOutcome {
  const whole = textOf(source as Value);
  const regex = compile(textOf(pattern as Value));
  if (!regex.ok) return failure(`error parsing regexp: ${regex.code}: \`${regex.fragment}\``);
  const parts = parseReplacement(textOf(replacement as Value), regex.program.names);
  const written: string[] = [];
  let last = 0;
  let size = whole.length;
  for (const match of matches(regex.program, whole)) {
    written.push(whole.slice(last, match[0]));
    for (const part of parts) {
      const at = typeof part === "string" ? undefined : part.groups.find((index) => (match[2 * index] as number) >= 0);
      const piece = typeof part === "string" ? part : at === undefined ? "" : whole.slice(match[2 * at], match[2 * at + 1]);
      written.push(piece);
      size += piece.length;
    }
    if (size > MAX_TEXT) return failure(TOO_LONG);
    last = match[1] as number;
  }
  written.push(whole.slice(last));
  return result(string(written.join("")));
}

export function regexFunctions(): FunctionTable {
  return {
    regex: fn([text("pattern"), text("string")], first),
    regexall: fn([text("pattern"), text("string")], all),
    regex_replace: fn([text("str"), text("pattern"), text("replace")], replaceAll),
  };
}
