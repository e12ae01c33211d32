/**
 * Points in time with an offset from UTC, RFC 3339 texts and durations, with the reference's errors
 * (spec/hcl.md 6.4, 6.8). Years beyond four digits are fine; nothing here depends on a time zone.
 */

export interface Instant {
  /** Whole seconds since the epoch. */
  readonly seconds: bigint;
  /** 0 to 999999999. */
  readonly nanoseconds: number;
  /** Minutes east of UTC. */
  readonly offset: number;
}

/** An instant as clocks and calendars at its offset show it. */
export interface Civil {
  readonly year: number;
  /** From 1. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  /** 0 is Sunday. */
  readonly weekday: number;
  /** From 1. */
  readonly yearDay: number;
}

export const MONTHS: readonly string[] = "January February March April May June July August September October November December".split(" ");
export const WEEKDAYS: readonly string[] = "Sunday Monday Tuesday Wednesday Thursday Friday Saturday".split(" ");

const DAY = 86_400n;

const floorDivide = (a: bigint, b: bigint): bigint => (a - (((a % b) + b) % b)) / b;

/** Days from the epoch to a date of the Gregorian calendar. */
function daysOf(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468;
}

function dateOf(days: number): { year: number; month: number; day: number } {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor((dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day: dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1 };
}

export function civil(instant: Instant): Civil {
  const local = instant.seconds + BigInt(instant.offset) * 60n;
  const days = Number(floorDivide(local, DAY));
  const rest = Number(local - BigInt(days) * DAY);
  const date = dateOf(days);
  return {
    ...date,
    hour: Math.floor(rest / 3600),
    minute: Math.floor(rest / 60) % 60,
    second: rest % 60,
    weekday: (((days + 4) % 7) + 7) % 7,
    yearDay: days - daysOf(date.year, 1, 1) + 1,
  };
}

/** The week by ISO 8601 and the year it counts to. */
export function isoWeek(date: Civil): { readonly year: number; readonly week: number } {
  const days = daysOf(date.year, date.month, date.day);
  const thursday = days - ((date.weekday + 6) % 7) + 3;
  const year = dateOf(thursday).year;
  return { year, week: Math.floor((thursday - daysOf(year, 1, 1)) / 7) + 1 };
}

const two = (value: number): string => String(value).padStart(2, "0");

/** `Z` or `+01:00`, by a separator between hours and minutes. */
export function offsetText(offset: number, separator: string): string {
  const minutes = Math.abs(offset);
  return `${offset < 0 ? "-" : "+"}${two(Math.floor(minutes / 60))}${separator}${two(minutes % 60)}`;
}

export function yearText(year: number): string {
  return (year < 0 ? "-" : "") + String(Math.abs(year)).padStart(4, "0");
}

/** RFC 3339 in whole seconds. */
export function rfc3339(instant: Instant): string {
  const { year, month, day, hour, minute, second } = civil(instant);
  const zone = instant.offset === 0 ? "Z" : offsetText(instant.offset, ":");
  return `${yearText(year)}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:${two(second)}${zone}`;
}

export type ParsedInstant = { readonly ok: true; readonly instant: Instant } | { readonly ok: false; readonly message: string };

const SHAPE = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;

const isLeap = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
const daysIn = (year: number, month: number): number => (month === 2 ? (isLeap(year) ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31);

/** Strict RFC 3339; the message is the reference's. */
export function parseRfc3339(text: string): ParsedInstant {
  const match = SHAPE.exec(text);
  const fields = match?.slice(1, 7).map(Number) ?? [];
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = fields;
  const zone = match?.[8] ?? "Z";
  const offset = zone === "Z" ? 0 : (zone.startsWith("-") ? -1 : 1) * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4)));
  const inRange = month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month) && hour < 24 && minute < 60 && second < 60;
  if (!match || !inRange || Math.abs(offset) >= 24 * 60 || (zone !== "Z" && Number(zone.slice(4)) > 59)) {
    return { ok: false, message: `not a valid RFC3339 timestamp: ${whyInvalid(text)}` };
  }
  const seconds = BigInt(daysOf(year, month, day)) * DAY + BigInt(hour * 3600 + minute * 60 + second - offset * 60);
  const nanoseconds = Number((match[7] ?? ".0").slice(1, 10).padEnd(9, "0"));
  return { ok: true, instant: { seconds, nanoseconds, offset } };
}

interface Field {
  readonly name: string;
  readonly size: number;
  readonly after: string;
  readonly fits: (value: number) => boolean;
}

const FIELDS: readonly Field[] = [
  { name: "year", size: 4, after: "-", fits: () => true },
  { name: "month", size: 2, after: "-", fits: (value) => value >= 1 && value <= 12 },
  { name: "day of month", size: 2, after: "T", fits: () => true },
  { name: "hour", size: 2, after: ":", fits: (value) => value < 24 },
  { name: "minute", size: 2, after: ":", fits: (value) => value < 60 },
  { name: "second", size: 2, after: "", fits: (value) => value < 60 },
];

/** What the reference says of a text that is no timestamp: a walk over its fields, remainders quoted as it does. */
function whyInvalid(text: string): string {
  let rest = text;
  for (const field of FIELDS) {
    const wrong = wrongField(field, rest);
    if (wrong) return wrong;
    rest = rest.slice(field.size);
    if (field.after === "") break;
    if (field.after === "T" && !rest.startsWith("T")) return "missing required time introducer 'T'";
    if (rest === "") return `end of string where ${JSON.stringify(field.after)} is expected`;
    if (!rest.startsWith(field.after)) return `found ${JSON.stringify(rest)} where ${JSON.stringify(field.after)} is expected`;
    rest = rest.slice(1);
  }
  const [year = 0, month = 1, day = 1] = text.split(/[-T]/).map(Number);
  if (day < 1 || day > daysIn(year, month)) return "day out of range";
  return wrongZone(rest);
}

function wrongField(field: Field, rest: string): string | undefined {
  if (rest === "") return `end of string before ${field.name}`;
  const digits = /^\d*/.exec(rest)?.[0].length ?? 0;
  if (digits >= field.size && field.fits(Number(rest.slice(0, field.size)))) return undefined;
  if (field.name === "hour") return digits === 1 ? "hour must have exactly two digits" : "hour must be between 0 and 23 inclusive";
  if (field.name === "minute") return "minute must have exactly two digits";
  // What is out of range is quoted from behind it.
  const quoted = digits >= field.size ? rest.slice(field.size) : rest;
  return `cannot use ${JSON.stringify(quoted)} as ${field.name}`;
}

function wrongZone(text: string): string {
  const rest = text.replace(/^\.\d+/, "");
  if (rest === "") return "end of string before UTC offset";
  const zone = /^(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)/.exec(rest)?.[0];
  if (zone !== undefined) return `cannot use ${JSON.stringify(rest.slice(zone.length))} as timestamp segment`;
  if (rest.startsWith(",")) return 'cannot use "," as timestamp segment';
  return `cannot use ${JSON.stringify(rest)} as UTC offset`;
}

const UNITS: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1000n,
  µs: 1000n,
  μs: 1000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};

const MAX_DURATION = 2n ** 63n - 1n;

export type ParsedDuration = { readonly ok: true; readonly nanoseconds: bigint } | { readonly ok: false; readonly message: string };

/** A duration such as `1h30m` or `-1.5s`. */
export function parseDuration(text: string): ParsedDuration {
  const quoted = quote(text);
  const invalid: ParsedDuration = { ok: false, message: `time: invalid duration ${quoted}` };
  const negative = text.startsWith("-");
  let rest = /^[+-]/.test(text) ? text.slice(1) : text;
  if (rest === "0") return { ok: true, nanoseconds: 0n };
  if (rest === "") return invalid;
  let total = 0n;
  while (rest !== "") {
    const [, whole = "", fraction = ""] = /^(\d*)(\.\d*)?/.exec(rest) ?? [];
    if (whole === "" && fraction.length < 2) return invalid;
    rest = rest.slice(whole.length + fraction.length);
    const unit = /^[^.0-9]*/.exec(rest)?.[0] ?? "";
    if (unit === "") return { ok: false, message: `time: missing unit in duration ${quoted}` };
    if (!Object.hasOwn(UNITS, unit)) return { ok: false, message: `time: unknown unit ${quote(unit)} in duration ${quoted}` };
    const scale = UNITS[unit] as bigint;
    const decimals = fraction.slice(1, 19);
    total += BigInt(whole || "0") * scale + (BigInt(decimals || "0") * scale) / 10n ** BigInt(decimals.length);
    if (total > MAX_DURATION + (negative ? 1n : 0n)) return invalid;
    rest = rest.slice(unit.length);
  }
  return { ok: true, nanoseconds: negative ? -total : total };
}

/** Quoted as durations are in errors: bytes beyond ASCII are escaped one by one. */
function quote(text: string): string {
  let quoted = "";
  for (const byte of new TextEncoder().encode(text)) {
    const char = String.fromCharCode(byte);
    if (char === '"' || char === "\\") quoted += `\\${char}`;
    else quoted += byte >= 0x20 && byte < 0x80 ? char : `\\x${byte.toString(16).padStart(2, "0")}`;
  }
  return `"${quoted}"`;
}

/** Later by a duration, at the same offset. */
export function addDuration(instant: Instant, nanoseconds: bigint): Instant {
  const total = BigInt(instant.nanoseconds) + nanoseconds;
  const seconds = floorDivide(total, 1_000_000_000n);
  return { seconds: instant.seconds + seconds, nanoseconds: Number(total - seconds * 1_000_000_000n), offset: instant.offset };
}
