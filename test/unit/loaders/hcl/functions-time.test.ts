/** Time: answers of the reference, one a line (spec/hcl.md 6). */
import { describe } from "vitest";
import { answers } from "./function-rig.ts";

describe("formatdate", () => {
  answers("formatdate", ["", "2020-01-01"], "✗ time: not a valid RFC3339 timestamp: missing required time introducer 'T'");
  answers("formatdate", ["YYY", "2020-01-01T00:00:00Z"], '✗ format: invalid date format verb "YYY": year must either be "YY" or "YYYY"');
  answers("formatdate", ["Y", "2020-01-01T00:00:00Z"], '✗ format: invalid date format verb "Y": year must either be "YY" or "YYYY"');
  answers("formatdate", ["MMMMM", "2020-01-01T00:00:00Z"], '✗ format: invalid date format verb "MMMMM": month must be "M", "MM", "MMM", or "MMMM"');
  answers("formatdate", ["DDD", "2020-01-01T00:00:00Z"], '✗ format: invalid date format verb "DDD": day of month must either be "D" or "DD"');
  answers("formatdate", ["E", "2020-01-01T00:00:00Z"], '✗ format: invalid date format verb "E": day of week must either be "EEE" or "EEEE"');
  answers("formatdate", ["EEEEE", "2020-01-01T00:00:00Z"], '✗ format: invalid date format verb "EEEEE": day of week must either be "EEE" or "EEEE"');
  answers("formatdate", ["hhh", "2020-01-01T00:00:00Z"], '✗ format: invalid date format verb "hhh": 24-hour must either be "h" or "hh"');
  answers("formatdate", ["HHH", "2020-01-01T00:00:00Z"], '✗ format: invalid date format verb "HHH": 12-hour must either be "H" or "HH"');
  answers("formatdate", ["A", "2020-01-01T00:00:00Z"], '✗ format: invalid date format verb "A": must be "AA"');
  answers("formatdate", ["AAA", "2020-01-01T00:00:00Z"], '✗ format: invalid date format verb "AAA": must be "AA"');
  answers("formatdate", ["a", "2020-01-01T00:00:00Z"], '✗ format: invalid date format verb "a": must be "aa"');
  answers("formatdate", ["mmm", "2020-01-01T00:00:00Z"], '✗ format: invalid date format verb "mmm": minute must either be "m" or "mm"');
  answers("formatdate", ["sss", "2020-01-01T00:00:00Z"], '✗ format: invalid date format verb "sss": second must either be "s" or "ss"');
  answers("formatdate", ["ZZ", "2020-01-01T00:00:00Z"], '✗ format: invalid date format verb "ZZ": timezone must be Z, ZZZZ, or ZZZZZ');
  answers("formatdate", ["ZZZZZZ", "2020-01-01T00:00:00Z"], '✗ format: invalid date format verb "ZZZZZZ": timezone must be Z, ZZZZ, or ZZZZZ');
  answers("formatdate", ["T", "2020-01-01T00:00:00Z"], '✗ format: invalid date format verb "T"');
  answers("formatdate", ["é-'x'", "2020-01-01T00:00:00Z"], '"é-x"');
  answers("formatdate", ["''", "2020-01-01T00:00:00Z"], '"\'"');
  answers("formatdate", ["'''", "2020-01-01T00:00:00Z"], "✗ format: unterminated literal '");
  answers("formatdate", ["''''", "2020-01-01T00:00:00Z"], "\"''\"");
  answers("formatdate", ["'a''b'c", "2020-01-01T00:00:00Z"], '✗ format: invalid date format verb "c"');
  answers("formatdate", ["'", "2020-01-01T00:00:00Z"], "✗ format: unterminated literal '");
  answers("formatdate", ["YYYY", "2020-13-01T00:00:00Z"], '✗ time: not a valid RFC3339 timestamp: cannot use "-01T00:00:00Z" as month');
  answers("formatdate", ["YYYY", "2020-02-30T00:00:00Z"], "✗ time: not a valid RFC3339 timestamp: day out of range");
  answers("formatdate", ["YYYY", "2020-00-01T00:00:00Z"], '✗ time: not a valid RFC3339 timestamp: cannot use "-01T00:00:00Z" as month');
  answers("formatdate", ["YYYY", "2020-02-00T00:00:00Z"], "✗ time: not a valid RFC3339 timestamp: day out of range");
  answers("formatdate", ["YYYY", "2020-1-01T00:00:00Z"], '✗ time: not a valid RFC3339 timestamp: cannot use "1-01T00:00:00Z" as month');
  answers("formatdate", ["YYYY", "2020-01-1T00:00:00Z"], '✗ time: not a valid RFC3339 timestamp: cannot use "1T00:00:00Z" as day of month');
  answers("formatdate", ["YYYY", "2020-01-01T24:00:00Z"], "✗ time: not a valid RFC3339 timestamp: hour must be between 0 and 23 inclusive");
  answers("formatdate", ["YYYY", "2020-01-01T1:00:00Z"], "✗ time: not a valid RFC3339 timestamp: hour must have exactly two digits");
  answers("formatdate", ["YYYY", "2020-01-01T00:60:00Z"], "✗ time: not a valid RFC3339 timestamp: minute must have exactly two digits");
  answers("formatdate", ["YYYY", "2020-01-01T00:0:00Z"], "✗ time: not a valid RFC3339 timestamp: minute must have exactly two digits");
  answers("formatdate", ["YYYY", "2020-01-01T00:00:60Z"], '✗ time: not a valid RFC3339 timestamp: cannot use "Z" as second');
  answers("formatdate", ["YYYY", "2020-01-01T00:00:0Z"], '✗ time: not a valid RFC3339 timestamp: cannot use "0Z" as second');
  answers("formatdate", ["YYYY", "2020-01-01T00:00:00"], "✗ time: not a valid RFC3339 timestamp: end of string before UTC offset");
  answers("formatdate", ["YYYY", "2020-01-01T00:00:00z"], '✗ time: not a valid RFC3339 timestamp: cannot use "z" as UTC offset');
  answers("formatdate", ["YYYY", "2020-01-01t00:00:00Z"], "✗ time: not a valid RFC3339 timestamp: missing required time introducer 'T'");
  answers("formatdate", ["YYYY", "2020-01-01 00:00:00Z"], "✗ time: not a valid RFC3339 timestamp: missing required time introducer 'T'");
  answers("formatdate", ["YYYY", "2020-01-01T00:00Z"], '✗ time: not a valid RFC3339 timestamp: found "Z" where ":" is expected');
  answers("formatdate", ["YYYY", "2020-01-01T00Z"], '✗ time: not a valid RFC3339 timestamp: found "Z" where ":" is expected');
  answers("formatdate", ["YYYY", "2020-01-01T"], "✗ time: not a valid RFC3339 timestamp: end of string before hour");
  answers("formatdate", ["YYYY", "2020-01-01"], "✗ time: not a valid RFC3339 timestamp: missing required time introducer 'T'");
  answers("formatdate", ["YYYY", "2020-01"], '✗ time: not a valid RFC3339 timestamp: end of string where "-" is expected');
  answers("formatdate", ["YYYY", "2020-"], "✗ time: not a valid RFC3339 timestamp: end of string before month");
  answers("formatdate", ["YYYY", "2020"], '✗ time: not a valid RFC3339 timestamp: end of string where "-" is expected');
  answers("formatdate", ["YYYY", "20"], '✗ time: not a valid RFC3339 timestamp: cannot use "20" as year');
  answers("formatdate", ["YYYY", ""], "✗ time: not a valid RFC3339 timestamp: end of string before year");
  answers("formatdate", ["YYYY", "x"], '✗ time: not a valid RFC3339 timestamp: cannot use "x" as year');
  answers("formatdate", ["YYYY", "2020x01"], '✗ time: not a valid RFC3339 timestamp: found "x01" where "-" is expected');
  answers("formatdate", ["YYYY", "2020-01x01"], '✗ time: not a valid RFC3339 timestamp: found "x01" where "-" is expected');
  answers("formatdate", ["YYYY", "2020-01-01T00:00:00+24:00"], '✗ time: not a valid RFC3339 timestamp: cannot use "+24:00" as UTC offset');
  answers("formatdate", ["YYYY", "2020-01-01T00:00:00+23:60"], '✗ time: not a valid RFC3339 timestamp: cannot use "+23:60" as UTC offset');
  answers("formatdate", ["Z", "2020-01-01T00:00:00+23:59"], '"+23:59"');
  answers("formatdate", ["Z", "2020-01-01T00:00:00-00:00"], '"Z"');
  answers("formatdate", ["Z ZZZ", "2020-01-01T00:00:00+00:00"], '"Z UTC"');
  answers("formatdate", ["YYYY", "2020-01-01T00:00:00+0200"], '✗ time: not a valid RFC3339 timestamp: cannot use "+0200" as UTC offset');
  answers("formatdate", ["YYYY", "2020-01-01T00:00:00+02"], '✗ time: not a valid RFC3339 timestamp: cannot use "+02" as UTC offset');
  answers("formatdate", ["YYYY", "2020-01-01T00:00:00+02:0"], '✗ time: not a valid RFC3339 timestamp: cannot use "+02:0" as UTC offset');
  answers("formatdate", ["YYYY", "2020-01-01T00:00:00Zx"], '✗ time: not a valid RFC3339 timestamp: cannot use "x" as timestamp segment');
  answers("formatdate", ["YYYY", "2020-01-01T00:00:00.Z"], '✗ time: not a valid RFC3339 timestamp: cannot use ".Z" as UTC offset');
  answers("formatdate", ["YYYY", "2020-01-01T00:00:00.5Z"], '"2020"');
  answers("formatdate", ["YYYY", "2020-01-01T00:00:00,5Z"], '✗ time: not a valid RFC3339 timestamp: cannot use "," as timestamp segment');
  answers("formatdate", ["YYYY", "2020-01-01T00:00:00x"], '✗ time: not a valid RFC3339 timestamp: cannot use "x" as UTC offset');
  answers("formatdate", ["YYYY", "2020-01-01T00x00:00Z"], '✗ time: not a valid RFC3339 timestamp: found "x00:00Z" where ":" is expected');
  answers("formatdate", ["YYYY", "2020-01-01T00:00x00Z"], '✗ time: not a valid RFC3339 timestamp: found "x00Z" where ":" is expected');
  answers("formatdate", ["YYYY", "2020-01-01Tab:00:00Z"], "✗ time: not a valid RFC3339 timestamp: hour must be between 0 and 23 inclusive");
  answers("formatdate", ["YYYY", "2020-01-01T00:ab:00Z"], "✗ time: not a valid RFC3339 timestamp: minute must have exactly two digits");
  answers("formatdate", ["YYYY", "2020-01-01T00:00:abZ"], '✗ time: not a valid RFC3339 timestamp: cannot use "abZ" as second');
  answers("formatdate", ["YYYY", "2020-ab-01T00:00:00Z"], '✗ time: not a valid RFC3339 timestamp: cannot use "ab-01T00:00:00Z" as month');
  answers("formatdate", ["YYYY", "2020-01-abT00:00:00Z"], '✗ time: not a valid RFC3339 timestamp: cannot use "abT00:00:00Z" as day of month');
  answers("formatdate", ["YYYY", "20202-01-01T00:00:00Z"], '✗ time: not a valid RFC3339 timestamp: found "2-01-01T00:00:00Z" where "-" is expected');
  answers("formatdate", ["YYYY-YY", "0001-01-01T00:00:00Z"], '"0001-01"');
  answers("formatdate", ["YYYY EEE", "0000-01-01T00:00:00Z"], '"0000 Sat"');
  answers("formatdate", ["YYYY", "2020-01-01T-1:00:00Z"], "✗ time: not a valid RFC3339 timestamp: hour must be between 0 and 23 inclusive");
  answers("formatdate", ["YYYY", "2020-01-01T000:00:00Z"], '✗ time: not a valid RFC3339 timestamp: found "0:00:00Z" where ":" is expected');
  answers("formatdate", ["YYYY", "2021-02-29T00:00:00Z"], "✗ time: not a valid RFC3339 timestamp: day out of range");
  answers("formatdate", ["YYYY", "2020-01-01T00:00:00+02:00:00"], '✗ time: not a valid RFC3339 timestamp: cannot use ":00" as timestamp segment');
  answers("formatdate", ["YYYY", "2020-01-01T00:00:00.123456789123Z"], '"2020"');
  answers("formatdate", ["hh", "2020-01-01T12:00:00Z"], '"12"');
  answers("formatdate", ["H HH aa AA", "2020-01-01T12:05:00Z"], '"12 12 pm PM"');
  answers("formatdate", ["H HH aa", "2020-01-01T00:05:00Z"], '"12 12 am"');
  answers("formatdate", ["YYYY", "2020-01-01T23:59:59"], "✗ time: not a valid RFC3339 timestamp: end of string before UTC offset");
  answers("formatdate", ["YYYY", "2020-01-01T23:59"], '✗ time: not a valid RFC3339 timestamp: end of string where ":" is expected');
  answers("formatdate", ["YYYY", "2020-01-01T23:59:"], "✗ time: not a valid RFC3339 timestamp: end of string before second");
  answers("formatdate", ["YYYY", "2020-01-01T23:"], "✗ time: not a valid RFC3339 timestamp: end of string before minute");
  answers("formatdate", ["YYYY", "2020-01-01T23"], '✗ time: not a valid RFC3339 timestamp: end of string where ":" is expected');
  answers("formatdate", ["YYYY", "20-01-01T23:00:00Z"], '✗ time: not a valid RFC3339 timestamp: cannot use "20-01-01T23:00:00Z" as year');
  answers("formatdate", ["YYYY", "2020/01/01"], '✗ time: not a valid RFC3339 timestamp: found "/01/01" where "-" is expected');
  answers("formatdate", ["YYYY", "now"], '✗ time: not a valid RFC3339 timestamp: cannot use "now" as year');
  answers("formatdate", ["YYYY", "2020-01-01T00:00:00+2:00"], '✗ time: not a valid RFC3339 timestamp: cannot use "+2:00" as UTC offset');
  answers("formatdate", ["YYYY", "2020-01-01T00:00:00-"], '✗ time: not a valid RFC3339 timestamp: cannot use "-" as UTC offset');
});

describe("formattimestamp", () => {
  answers("formattimestamp", ["X", "x"], "✗ time: timestamp string must be RFC3339");
  answers("formattimestamp", ["X", "2020-02-03T04:05:06Z"], '"1580702706"');
  answers("formattimestamp", ["X", "2020-02-03T04:05:06.999Z"], '"1580702706"');
  answers("formattimestamp", ["X", "1969-12-31T23:59:59.5Z"], '"-1"');
  answers("formattimestamp", ["X", 5], '"5"');
  answers("formattimestamp", ["X", 0.5], "✗ time: unix timestamp must be an integer");
  answers("formattimestamp", ["X", true], "✗ time: must be a string timestamp or a unix timestamp number");
  answers("formattimestamp", ["X", null], "✗ time: argument must not be null");
  answers("formattimestamp", ["XX", 5], '✗ format: invalid date format verb "XX"');
  answers("formattimestamp", ["YYYY", "x"], '✗ time: not a valid RFC3339 timestamp: cannot use "x" as year');
  answers("formattimestamp", ["YYYY", 1e30], "✗ time: unix timestamp must be an integer");
  answers("formattimestamp", ["YYYY-MM-DD", -62135596801], '"0000-12-31"');
  answers("formattimestamp", ["YYYY", [1]], "✗ time: must be a string timestamp or a unix timestamp number");
  answers("formattimestamp", ["YYYY", "5"], '✗ time: not a valid RFC3339 timestamp: cannot use "5" as year');
  answers("formattimestamp", ["X", 1e30], "✗ time: unix timestamp must be an integer");
  answers("formattimestamp", ["X", "2020-13-03T04:05:06Z"], "✗ time: timestamp string must be RFC3339");
  answers("formattimestamp", ["T", 5], '✗ format: invalid date format verb "T"');
});

describe("timeadd", () => {
  answers("timeadd", ["2020-01-01T00:00:00Z", ""], '✗ time: invalid duration ""');
  answers("timeadd", ["2020-01-01T00:00:00Z", "1"], '✗ time: missing unit in duration "1"');
  answers("timeadd", ["2020-01-01T00:00:00Z", "1d"], '✗ time: unknown unit "d" in duration "1d"');
  answers("timeadd", ["2020-01-01T00:00:00Z", "1h 2m"], '✗ time: unknown unit "h " in duration "1h 2m"');
  answers("timeadd", ["2020-01-01T00:00:00Z", "x"], '✗ time: invalid duration "x"');
  answers("timeadd", ["2020-01-01T00:00:00Z", "-"], '✗ time: invalid duration "-"');
  answers("timeadd", ["2020-01-01T00:00:00Z", "+"], '✗ time: invalid duration "+"');
  answers("timeadd", ["2020-01-01T00:00:00Z", "0"], '"2020-01-01T00:00:00Z"');
  answers("timeadd", ["2020-01-01T00:00:00Z", "+0"], '"2020-01-01T00:00:00Z"');
  answers("timeadd", ["2020-01-01T00:00:00Z", ".5h"], '"2020-01-01T00:30:00Z"');
  answers("timeadd", ["2020-01-01T00:00:00Z", "5.h"], '"2020-01-01T05:00:00Z"');
  answers("timeadd", ["2020-01-01T00:00:00Z", ".h"], '✗ time: invalid duration ".h"');
  answers("timeadd", ["2020-01-01T00:00:00Z", "1µs"], '"2020-01-01T00:00:00Z"');
  answers("timeadd", ["2020-01-01T00:00:00Z", "1.5s"], '"2020-01-01T00:00:01Z"');
  answers("timeadd", ["2020-01-01T00:00:00.7Z", "0.5s"], '"2020-01-01T00:00:01Z"');
  answers("timeadd", ["2020-01-01T00:00:00Z", "-0.5s"], '"2019-12-31T23:59:59Z"');
  answers("timeadd", ["2020-01-01T00:00:00Z", "9999999h"], '✗ time: invalid duration "9999999h"');
  answers("timeadd", ["2020-01-01T00:00:00Z", "2562047h47m16.854775807s"], '"2312-04-11T23:47:16Z"');
  answers("timeadd", ["2020-01-01T00:00:00Z", "2562047h47m16.854775808s"], '✗ time: invalid duration "2562047h47m16.854775808s"');
  answers("timeadd", ["2020-01-01T00:00:00Z", "-2562047h47m16.854775808s"], '"1727-09-22T00:12:43Z"');
  answers("timeadd", ["2020-01-01T00:00:00Z", "1h-2m"], '✗ time: unknown unit "h-" in duration "1h-2m"');
  answers("timeadd", ["2020-01-01T00:00:00Z", "1hh"], '✗ time: unknown unit "hh" in duration "1hh"');
  answers("timeadd", ["2020-01-01T00:00:00Z", "1.2.3h"], '✗ time: missing unit in duration "1.2.3h"');
  answers("timeadd", ["2020-01-01T00:00:00Z", "99999999999999999999h"], '✗ time: invalid duration "99999999999999999999h"');
  answers("timeadd", ["x", "1h"], '✗ not a valid RFC3339 timestamp: cannot use "x" as year');
  answers("timeadd", ["2020-13-01T00:00:00Z", "1h"], '✗ not a valid RFC3339 timestamp: cannot use "-01T00:00:00Z" as month');
  answers("timeadd", ["2020-01-01T00:00:00+02:00", "1h30m"], '"2020-01-01T01:30:00+02:00"');
  answers("timeadd", ["2020-01-01T00:00:00+00:00", "1h30m"], '"2020-01-01T01:30:00Z"');
  answers("timeadd", ["0000-01-01T00:00:00Z", "-1h"], '"-0001-12-31T23:00:00Z"');
  answers("timeadd", ["9999-12-31T23:59:59Z", "1s"], '"10000-01-01T00:00:00Z"');
  answers("timeadd", ["2020-01-01T00:00:00Z", "1é"], '✗ time: unknown unit "\\xc3\\xa9" in duration "1\\xc3\\xa9"');
  answers("timeadd", ["2020-01-01T00:00:00Z", '1"'], '✗ time: unknown unit "\\"" in duration "1\\""');
  answers("timeadd", ["2020-01-01T00:00:00-05:30", "24h"], '"2020-01-02T00:00:00-05:30"');
  answers("timeadd", ["x", "x"], '✗ not a valid RFC3339 timestamp: cannot use "x" as year');
});

describe("unixtimestampparse", () => {
  answers("unixtimestampparse", [0.5], "✗ unix_timestamp: unix timestamp must be an integer");
  answers("unixtimestampparse", [1e30], "✗ unix_timestamp: unix timestamp must be an integer");
  answers(
    "unixtimestampparse",
    [-1],
    '{"day":31,"hour":23,"iso_week":1,"iso_year":1970,"minute":59,"month":12,"month_name":"December","rfc3339":"1969-12-31T23:59:59Z","second":59,"weekday":3,"weekday_name":"Wednesday","year":1969,"year_day":365}',
  );
  answers(
    "unixtimestampparse",
    [1000000000000],
    '{"day":27,"hour":1,"iso_week":39,"iso_year":33658,"minute":46,"month":9,"month_name":"September","rfc3339":"33658-09-27T01:46:40Z","second":40,"weekday":5,"weekday_name":"Friday","year":33658,"year_day":270}',
  );
  answers("unixtimestampparse", ["x"], "✗ unix_timestamp: a number is required");
  answers(
    "unixtimestampparse",
    [1609459199],
    '{"day":31,"hour":23,"iso_week":53,"iso_year":2020,"minute":59,"month":12,"month_name":"December","rfc3339":"2020-12-31T23:59:59Z","second":59,"weekday":4,"weekday_name":"Thursday","year":2020,"year_day":366}',
  );
});
