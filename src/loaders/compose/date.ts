/** Dates among plain scalars (spec/compose.md 1.3): what is one, and the two texts it has. */

const DATE = /^(\d{4})-(\d{1,2})-(\d{1,2})$/;
const TIME =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[Tt](\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,](\d+))?(Z|[+-]\d\d:\d\d)|[ \t]+(\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,](\d+))?)$/;

/** `YYYY-MM-DD hh:mm:ss[.fraction] ±hhmm ZONE`, or undefined when the text is no valid day and time. */
export function dateText(text: string): string | undefined {
  const day = DATE.exec(text);
  if (day) return dayText(day) === undefined ? undefined : `${dayText(day)} 00:00:00 +0000 UTC`;
  const match = TIME.exec(text);
  const date = match && dayText(match);
  if (!match || date === undefined) return undefined;
  const [hour = "", minute = "", second = "", fraction = ""] = match[4] === undefined ? match.slice(9, 13) : match.slice(4, 8);
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  const zone = zoneText(match[8] ?? "Z");
  if (zone === undefined) return undefined;
  const part = fraction.slice(0, 9).replace(/0+$/, "");
  return `${date} ${two(hour)}:${two(minute)}:${two(second)}${part === "" ? "" : `.${part}`} ${zone}`;
}

const two = (digits: string): string => digits.padStart(2, "0");

function dayText([, year = "", month = "", day = ""]: readonly (string | undefined)[]): string | undefined {
  const m = Number(month);
  const d = Number(day);
  if (m < 1 || m > 12 || d < 1 || d > daysIn(Number(year), m)) return undefined;
  return `${year}-${two(month)}-${two(day)}`;
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/**
 * An offset is its own zone name. The reference would name the machine's own zone instead; only UTC, the
 * zone of almost every build machine, is named here, so that the answer does not depend on the machine.
 */
function zoneText(zone: string): string | undefined {
  if (zone === "Z" || zone === "+00:00" || zone === "-00:00") return "+0000 UTC";
  if (Number(zone.slice(1, 3)) > 24 || Number(zone.slice(4)) > 59) return undefined;
  const offset = zone.replace(":", "");
  return `${offset} ${offset}`;
}

/** The date in the form that values of `x-bake` take: `2001-01-01T00:00:00Z`. */
export function isoText(text: string): string {
  const [day = "", time = "", offset = ""] = text.split(" ");
  return `${day}T${time}${offset === "+0000" ? "Z" : `${offset.slice(0, 3)}:${offset.slice(3)}`}`;
}
