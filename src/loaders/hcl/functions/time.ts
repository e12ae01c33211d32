/** Time functions (spec/hcl.md 6.4, 6.8). */
import { int, NUMBER, numberOf, object, string, STRING, textOf, type Value } from "../values.ts";
import {
  addDuration,
  civil,
  type Civil,
  type Instant,
  isoWeek,
  MONTHS,
  offsetText,
  parseDuration,
  parseRfc3339,
  rfc3339,
  WEEKDAYS,
  yearText,
} from "./calendar.ts";
import { fn, type FunctionTable, param, text, wholeNumber } from "./define.ts";
import { type CallOutcome, failure, result } from "./function.ts";

const two = (value: number): string => String(value).padStart(2, "0");
const twelve = (hour: number): number => ((hour + 11) % 12) + 1;

type Render = (date: Civil, instant: Instant) => string;

/** By letter: what each length of the run means, and what is said of other lengths. */
const VERBS: Readonly<Record<string, { readonly lengths: Readonly<Record<number, Render>>; readonly hint: string }>> = {
  Y: { lengths: { 4: (d) => yearText(d.year), 2: (d) => two(Math.abs(d.year) % 100) }, hint: 'year must either be "YY" or "YYYY"' },
  M: {
    lengths: {
      4: (d) => MONTHS[d.month - 1] ?? "",
      3: (d) => (MONTHS[d.month - 1] ?? "").slice(0, 3),
      2: (d) => two(d.month),
      1: (d) => String(d.month),
    },
    hint: 'month must be "M", "MM", "MMM", or "MMMM"',
  },
  D: { lengths: { 2: (d) => two(d.day), 1: (d) => String(d.day) }, hint: 'day of month must either be "D" or "DD"' },
  E: {
    lengths: { 4: (d) => WEEKDAYS[d.weekday] ?? "", 3: (d) => (WEEKDAYS[d.weekday] ?? "").slice(0, 3) },
    hint: 'day of week must either be "EEE" or "EEEE"',
  },
  h: { lengths: { 2: (d) => two(d.hour), 1: (d) => String(d.hour) }, hint: '24-hour must either be "h" or "hh"' },
  H: { lengths: { 2: (d) => two(twelve(d.hour)), 1: (d) => String(twelve(d.hour)) }, hint: '12-hour must either be "H" or "HH"' },
  A: { lengths: { 2: (d) => (d.hour < 12 ? "AM" : "PM") }, hint: 'must be "AA"' },
  a: { lengths: { 2: (d) => (d.hour < 12 ? "am" : "pm") }, hint: 'must be "aa"' },
  m: { lengths: { 2: (d) => two(d.minute), 1: (d) => String(d.minute) }, hint: 'minute must either be "m" or "mm"' },
  s: { lengths: { 2: (d) => two(d.second), 1: (d) => String(d.second) }, hint: 'second must either be "s" or "ss"' },
  Z: {
    lengths: {
      1: (_, at) => (at.offset === 0 ? "Z" : offsetText(at.offset, ":")),
      3: (_, at) => (at.offset === 0 ? "UTC" : offsetText(at.offset, "")),
      4: (_, at) => offsetText(at.offset, ""),
      5: (_, at) => offsetText(at.offset, ":"),
    },
    hint: "timezone must be Z, ZZZZ, or ZZZZZ",
  },
};

/** The end of the literal that opens at a quote (behind its closing quote), or undefined. */
function literalEnd(format: string, open: number): number | undefined {
  for (let at = open + 1; at < format.length; at++) {
    if (format[at] !== "'") continue;
    if (format[at + 1] !== "'") return at + 1;
    at++;
  }
  return undefined;
}

const RUN = /([A-Za-z])\1*|[^'A-Za-z]+/y;

/** The instant in a format of runs of letters (`YYYY`) and quoted text. */
function formatInstant(format: string, instant: Instant): CallOutcome {
  const date = civil(instant);
  let written = "";
  for (let at = 0; at < format.length; ) {
    if (format.startsWith("''", at)) {
      written += "'";
      at += 2;
      continue;
    }
    if (format[at] === "'") {
      const end = literalEnd(format, at);
      if (end === undefined) return failure("unterminated literal '", 0);
      written += format.slice(at + 1, end - 1).replaceAll("''", "'");
      at = end;
      continue;
    }
    RUN.lastIndex = at;
    const [token = "", letter] = RUN.exec(format) ?? [];
    at += token.length;
    const verb = letter === undefined ? undefined : Object.hasOwn(VERBS, letter) ? VERBS[letter] : undefined;
    const render = verb?.lengths[token.length];
    if (letter !== undefined && !render) return failure(`invalid date format verb ${JSON.stringify(token)}${verb ? `: ${verb.hint}` : ""}`, 0);
    written += render ? render(date, instant) : token;
  }
  return result(string(written));
}

function formatDate([format, time]: readonly Value[]): CallOutcome {
  const parsed = parseRfc3339(textOf(time as Value));
  return parsed.ok ? formatInstant(textOf(format as Value), parsed.instant) : failure(parsed.message, 1);
}

/** Also takes seconds since the epoch, and gives them for the format `X`. */
function formatTimestamp([format, time]: readonly Value[]): CallOutcome {
  const value = time as Value;
  const wantsSeconds = textOf(format as Value) === "X";
  let instant: Instant;
  if (value.type.kind === "number") {
    const seconds = wholeNumber(value);
    if (seconds === undefined) return failure("unix timestamp must be an integer", 1);
    instant = { seconds, nanoseconds: 0, offset: 0 };
  } else if (value.type.kind === "string") {
    const parsed = parseRfc3339(textOf(value));
    if (!parsed.ok) return failure(wantsSeconds ? "timestamp string must be RFC3339" : parsed.message, 1);
    instant = parsed.instant;
  } else {
    return failure("must be a string timestamp or a unix timestamp number", 1);
  }
  return wantsSeconds ? result(string(String(instant.seconds))) : formatInstant(textOf(format as Value), instant);
}

function timeAdd([timestamp, duration]: readonly Value[]): CallOutcome {
  const parsed = parseRfc3339(textOf(timestamp as Value));
  if (!parsed.ok) return failure(parsed.message);
  const length = parseDuration(textOf(duration as Value));
  return length.ok ? result(string(rfc3339(addDuration(parsed.instant, length.nanoseconds)))) : failure(length.message);
}

/** All fields in UTC. */
function parseUnix([timestamp]: readonly Value[]): CallOutcome {
  const seconds = numberOf(timestamp as Value).isInteger ? wholeNumber(timestamp as Value) : undefined;
  if (seconds === undefined) return failure("unix timestamp must be an integer", 0);
  const instant: Instant = { seconds, nanoseconds: 0, offset: 0 };
  const date = civil(instant);
  const week = isoWeek(date);
  return result(
    object([
      ["day", int(date.day)],
      ["hour", int(date.hour)],
      ["iso_week", int(week.week)],
      ["iso_year", int(week.year)],
      ["minute", int(date.minute)],
      ["month", int(date.month)],
      ["month_name", string(MONTHS[date.month - 1] ?? "")],
      ["rfc3339", string(rfc3339(instant))],
      ["second", int(date.second)],
      ["weekday", int(date.weekday)],
      ["weekday_name", string(WEEKDAYS[date.weekday] ?? "")],
      ["year", int(date.year)],
      ["year_day", int(date.yearDay)],
    ]),
  );
}

/** `now` gives milliseconds since the epoch. */
export function timeFunctions(now: () => number): FunctionTable {
  return {
    timestamp: fn([], () => result(string(rfc3339({ seconds: BigInt(Math.floor(now() / 1000)), nanoseconds: 0, offset: 0 })))),
    formatdate: fn([text("format"), text("time")], formatDate),
    formattimestamp: fn([text("format"), param("time")], formatTimestamp),
    timeadd: fn([param("timestamp", STRING), param("duration", STRING)], timeAdd),
    unixtimestampparse: fn([param("unix_timestamp", NUMBER)], parseUnix),
  };
}
