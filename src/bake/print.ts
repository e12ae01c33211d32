/**
 * `--print`: the resolved groups and targets as JSON, byte for byte the reference's (spec/bake.md 7.2). The engine writes it, which
 * takes a fraction of the time and memory that putting the text together here does. What it would write in another way is copied
 * before, or marked to be rewritten after.
 */
import { compareBytes, sortedKeys } from "../byte-order.ts";
import { FIELDS, type Field } from "./fields.ts";
import { escapeMarkup } from "./json-text.ts";
import type { Group, Target } from "./model.ts";
import type { ResolvedBake } from "./resolved.ts";

/**
 * Put before a key that begins with a digit, as the engine writes those that are numbers first, and around a number that it cannot
 * write. Half of a surrogate pair: no text of a definition has one that stands alone, so that its escape is found again for certain.
 */
const MARK = "\ud800";
const MARKED = /"\\ud800(?:(-?\d+)\\ud800")?/g;

/** The whole document, two spaces a level, newline at the end. */
export function printDefinition({ groups, targets }: Pick<ResolvedBake, "groups" | "targets">): string {
  const group = membersOf(groups, ({ description, targets: members }: Group) => (description ? { description, targets: members } : { targets: members }));
  const target = membersOf(targets, (resolved) => printedTarget(resolved.target));
  const text = escapeMarkup(`${JSON.stringify({ group, target }, undefined, 2)}\n`);
  return text.includes("\\ud800") ? text.replace(MARKED, (_, digits: string | undefined) => digits ?? '"') : text;
}

/** Without a prototype no key has a meaning of its own. */
const emptyRecord = (): Record<string, unknown> => Object.create(null) as Record<string, unknown>;

const startsWithDigit = (key: string): boolean => key < ":" && key >= "0";
const markedKey = (key: string): string => (startsWithDigit(key) ? MARK + key : key);

function membersOf<T>(members: ReadonlyMap<string, T>, printed: (member: T) => unknown): Readonly<Record<string, unknown>> {
  const out = emptyRecord();
  for (const name of sortedKeys(members.keys())) out[markedKey(name)] = printed(members.get(name) as T);
  return out;
}

/** The target itself, where it can be written as it is. */
function printedTarget(target: Target): Target {
  let copy: Record<string, unknown> | undefined;
  for (const key in target) {
    const name = key as keyof Target;
    const value = target[name];
    const printed = printedField(FIELDS[name], value);
    if (printed !== value) (copy ??= { ...target })[name] = printed;
  }
  return (copy as Target | undefined) ?? target;
}

type Flat = Readonly<Record<string, unknown>>;

function printedField({ kind, order, escaped = false }: Field, value: unknown): unknown {
  switch (kind) {
    case "bool":
      return value;
    case "string":
      return escaped ? printedItem(value) : value;
    case "string-list":
      return escaped ? copied(value as readonly unknown[], printedItem) : value;
    case "string-map":
    case "nullable-string-map":
    case "resources":
      return printedRecord(value as Flat, order, escaped);
    case "entries":
      return printedEntries(value as readonly Flat[], order);
    default:
      return kind satisfies never;
  }
}

const printedEntries = (entries: readonly Flat[], order: readonly string[] | undefined): readonly unknown[] =>
  copied(entries, (entry) => printedRecord(entry, order, false));

/** The items as they are printed: in the same list where none is another. */
function copied<T>(items: readonly T[], printed: (item: T) => unknown): readonly unknown[] {
  const copy = items.map(printed);
  return copy.every((item, index) => item === items[index]) ? items : copy;
}

function printedRecord(value: Flat, order: readonly string[] | undefined, escaped: boolean): Flat {
  if (isPrintable(value, order, escaped)) return value;
  const out = emptyRecord();
  for (const key of keysOf(value, order)) out[markedKey(key)] = escaped ? printedItem(value[key]) : writable(value[key]);
  return out;
}

const keysOf = (value: Flat, order: readonly string[] | undefined): readonly string[] =>
  order ? order.filter((key) => value[key] !== undefined) : sortedKeys(Object.keys(value));

/** Whether keys are in order and nothing has to be marked or escaped: what loaders and merging make mostly is so. */
function isPrintable(value: Flat, order: readonly string[] | undefined, escaped: boolean): boolean {
  let place = -1;
  let previous = "";
  for (const key in value) {
    if (order) {
      place = order.indexOf(key, place + 1);
      if (place < 0) return false;
    } else if (startsWithDigit(key) || compareBytes(previous, key) > 0) {
      return false;
    }
    previous = key;
    const item = value[key];
    if (typeof item === "string" ? escaped && item.includes("{") : typeof item === "bigint") return false;
  }
  return true;
}

/** `${` and `%{` doubled, so that the print can be read again as a JSON definition. */
const printedItem = (item: unknown): unknown => (typeof item === "string" ? item.replaceAll(/[$%]\{/g, (mark) => `${mark[0]}${mark}`) : item);

const writable = (item: unknown): unknown => (typeof item === "bigint" ? `${MARK}${item}${MARK}` : item);
