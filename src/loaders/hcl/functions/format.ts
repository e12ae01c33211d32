/** `format` and `formatlist` (spec/hcl.md 6.6). */
import { countGraphemes, splitGraphemes } from "../../../graphemes.ts";
import { convert } from "../convert.ts";
import { encodeJson, quoteJson } from "../json-encode.ts";
import { isSequence } from "../types.ts";
import { BOOL, boolOf, itemsOf, list, NUMBER, numberOf, STRING, string, textOf, type Type, type Value } from "../values.ts";
import { type FunctionTable, MAX_TEXT, nullable, param, TOO_LONG, variadic } from "./define.ts";
import { formatFloat, formatInteger, type NumberVerb } from "./format-number.ts";
import { type CallOutcome, failure, result } from "./function.ts";

interface Verb extends NumberVerb {
  /** As written, from the percent sign on. */
  readonly raw: string;
  /** UTF-16 offset of the percent sign. */
  readonly at: number;
  /** From 1. */
  readonly argument: number;
}

type Text = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly message: string; readonly extra?: number };

const bytes = (text: string): number => new TextEncoder().encode(text).length;

/** A format in its parts: plain texts, verbs, and at the end the mistake that reading ran into. */
type Piece = string | Verb | { readonly message: string };

/** Formats that were read: a definition uses few, for many targets. */
const known = new Map<string, readonly Piece[]>();
const REMEMBERED = 256;

function piecesOf(format: string): readonly Piece[] {
  const found = known.get(format);
  if (found) return found;
  const pieces = readFormat(format);
  if (known.size < REMEMBERED) known.set(format, pieces);
  return pieces;
}

function readFormat(format: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let next = 1;
  for (let at = 0; at < format.length; ) {
    const percent = format.indexOf("%", at);
    if (percent < 0) {
      pieces.push(format.slice(at));
      break;
    }
    if (percent > at) pieces.push(format.slice(at, percent));
    if (format[percent + 1] === "%") {
      pieces.push("%");
      at = percent + 2;
      continue;
    }
    const verb = readVerb(format, percent, next);
    pieces.push(verb);
    if ("message" in verb) break;
    next = verb.argument + 1;
    at = percent + verb.raw.length;
  }
  return pieces;
}

/** One text from a format and its arguments; `extra` is the index of the first argument that no verb uses. */
function formatText(format: string, args: readonly Value[]): Text {
  const pieces = piecesOf(format);
  let text = "";
  let used = 0;
  for (let i = 0; i < pieces.length; i++) {
    const piece = pieces[i] as Piece;
    if (typeof piece === "string") {
      text += piece;
      continue;
    }
    if ("message" in piece) return { ok: false, message: piece.message };
    const formatted = formatVerb(piece, format, args);
    if (!formatted.ok) return formatted;
    text += formatted.text;
    if (text.length > MAX_TEXT) return { ok: false, message: TOO_LONG };
    if (piece.argument > used) used = piece.argument;
  }
  if (used >= args.length) return { ok: true, text };
  const message = used === 0 ? "too many arguments; no verbs in format string" : `too many arguments; only ${used} used by format string`;
  return { ok: false, message, extra: used };
}

const VERB = /%([ +\-0#]*)([1-9]\d*)?(\.\d*)?(?:\[([1-9]\d*)\])?/y;

/** A verb at its percent sign. What stands where it cannot is named with its offset in bytes. */
function readVerb(format: string, at: number, next: number): Verb | { readonly message: string } {
  VERB.lastIndex = at;
  const [head = "", flags = "", width, precision, argument] = VERB.exec(format) ?? [];
  let end = at + head.length;
  // An index that is cut off or ill-formed is read up to the character to blame.
  if (argument === undefined && format[end] === "[") end += 1 + (/^[1-9]\d*/.exec(format.slice(end + 1))?.[0].length ?? 0);
  const letter = String.fromCodePoint(format.codePointAt(end) ?? 0);
  if (end >= format.length) return { message: `invalid format string starting at offset ${bytes(format)}` };
  if (end !== at + head.length || !/[A-Za-z]/.test(letter))
    return { message: `unrecognized format character '${letter}' at offset ${bytes(format.slice(0, end))}` };
  return {
    raw: format.slice(at, end + 1),
    at,
    letter,
    argument: argument === undefined ? next : Number(argument),
    plus: flags.includes("+"),
    minus: flags.includes("-"),
    zero: flags.includes("0"),
    space: flags.includes(" "),
    sharp: flags.includes("#"),
    width: width === undefined ? 0 : Number(width),
    precision: precision === undefined ? undefined : Number(precision.slice(1)),
  };
}

const WANTED: Readonly<Record<string, Type>> = {
  s: STRING,
  q: STRING,
  t: BOOL,
  d: NUMBER,
  b: NUMBER,
  o: NUMBER,
  x: NUMBER,
  X: NUMBER,
  e: NUMBER,
  E: NUMBER,
  f: NUMBER,
  g: NUMBER,
  G: NUMBER,
};

function formatVerb(verb: Verb, format: string, args: readonly Value[]): Text {
  const arg = args[verb.argument - 1];
  if (!arg) {
    return { ok: false, message: `not enough arguments for ${placeOf(verb, format)}: need index ${verb.argument} but have ${args.length} total` };
  }
  if (verb.width > MAX_TEXT || (verb.precision ?? 0) > MAX_TEXT) return { ok: false, message: TOO_LONG };
  if (verb.letter === "v") return formatAny(verb, arg);
  if (arg.state === "null") return refused(verb, format, "null value cannot be formatted");
  const wanted = Object.hasOwn(WANTED, verb.letter) ? WANTED[verb.letter] : undefined;
  if (!wanted) {
    const offset = bytes(format.slice(0, verb.at));
    return { ok: false, message: `unsupported format verb '${verb.letter}' in ${JSON.stringify(verb.raw)} at offset ${offset}` };
  }
  const converted = convert(arg, wanted);
  if (!converted.ok) return refused(verb, format, converted.message);
  const value = converted.value;
  if (wanted === BOOL) return { ok: true, text: String(boolOf(value)) };
  if (wanted === STRING) return { ok: true, text: formatString(verb, textOf(value)) };
  if (!"dboxX".includes(verb.letter)) return { ok: true, text: formatFloat(numberOf(value), verb) };
  if (!numberOf(value).isInteger) return refused(verb, format, "an integer is required");
  return { ok: true, text: formatInteger(numberOf(value), verb) };
}

/** A verb and where it stands. */
const placeOf = (verb: Verb, format: string): string => `${JSON.stringify(verb.raw)} at ${bytes(format.slice(0, verb.at))}`;

const refused = (verb: Verb, format: string, reason: string): Text => ({ ok: false, message: `unsupported value for ${placeOf(verb, format)}: ${reason}` });

/** Precision 0 is ignored. */
function formatString(verb: Verb, text: string): string {
  const cut = verb.precision ? splitGraphemes(text).slice(0, verb.precision).join("") : text;
  return pad(verb, verb.letter === "q" ? quoteJson(cut) : cut);
}

/** To a width in clusters; also texts are padded with zeros when the flag asks for it. */
function pad(verb: Verb, text: string): string {
  const missing = verb.width - countGraphemes(text);
  if (missing <= 0) return text;
  const fill = (verb.zero ? "0" : " ").repeat(missing);
  return verb.minus ? text + fill : fill + text;
}

function formatAny(verb: Verb, arg: Value): Text {
  if (arg.state === "known" && !verb.sharp) {
    if (arg.type.kind === "string") return { ok: true, text: pad(verb, textOf(arg)) };
    const plain: NumberVerb = {
      ...verb,
      letter: "g",
      plus: false,
      space: false,
      minus: false,
      zero: false,
      width: 0,
      precision: undefined,
    };
    if (arg.type.kind === "number") return { ok: true, text: pad(verb, formatFloat(numberOf(arg), plain)) };
  }
  const encoded = encodeJson(arg);
  return encoded.ok ? { ok: true, text: pad(verb, encoded.text) } : encoded;
}

function format(args: readonly Value[]): CallOutcome {
  const formatted = formatText(textOf(args[0] as Value), args.slice(1));
  if (formatted.ok) return result(string(formatted.text));
  return failure(formatted.message, formatted.extra === undefined ? undefined : formatted.extra + 1);
}

/** Sequences advance together, other values repeat. */
function formatList([source, ...args]: readonly Value[]): CallOutcome {
  if (args.length === 0) {
    const single = format([source as Value]);
    return single.ok ? result(list(STRING, [single.value])) : single;
  }
  const isIterated = (arg: Value): boolean => arg.state === "known" && isSequence(arg.type);
  const first = args.findIndex(isIterated);
  const count = first < 0 ? 1 : itemsOf(args[first] as Value).length;
  for (const [at, arg] of args.entries()) {
    if (!isIterated(arg) || itemsOf(arg).length === count) continue;
    const sizes = `argument ${at + 1} has length ${itemsOf(arg).length}, which is inconsistent with argument ${first + 1} of length ${count}`;
    return failure(sizes, at + 1);
  }
  const texts: Value[] = [];
  for (let i = 0; i < count; i++) {
    const row = args.map((arg) => (isIterated(arg) ? (itemsOf(arg)[i] as Value) : arg));
    const formatted = formatText(textOf(source as Value), row);
    if (!formatted.ok) return failure(`error on format iteration ${i}: ${formatted.message}`);
    texts.push(string(formatted.text));
  }
  return result(list(STRING, texts));
}

export function formatFunctions(): FunctionTable {
  const parameters = [param("format", STRING)];
  return {
    format: variadic(parameters, nullable("args"), format),
    formatlist: variadic(parameters, nullable("args"), formatList),
  };
}
