/** Strings: answers of the reference, one a line (spec/hcl.md 6). */
import { describe } from "vitest";
import { answers, stringSet, strings } from "./function-rig.ts";

describe("upper", () => {
  answers("upper", ["ßŉǰΐΰևẖẗẘẙẚﬀﬁﬂﬃﬄﬅﬆﬓﬔﬕﬖﬗ"], '"ßŉǰΐΰևẖẗẘẙẚﬀﬁﬂﬃﬄﬅﬆﬓﬔﬕﬖﬗ"');
  answers("upper", ["ᾀᾁᾂᾃᾐᾠᾳῃῳᾲᾴᾷ"], '"ᾈᾉᾊᾋᾘᾨᾼῌῼᾲᾴᾷ"');
  answers("upper", ["ıſ µ ÿ \u0345 ǅ ა ꭰ ᵹ"], '"IS Μ Ÿ Ι Ǆ Ა Ꭰ Ᵹ"');
  answers("upper", ["ǅǈǋǲ"], '"ǄǇǊǱ"');
  answers("upper", [true], '"TRUE"');
  answers("upper", [1.5], '"1.5"');
});

describe("lower", () => {
  answers("lower", ["İΑΣ ᾈ ẞ Ω K Å"], '"iασ ᾀ ß ω k å"');
  answers("lower", ["ǅ Ა Ꭰ ꭰ Ɐ"], '"ǆ ა ꭰ ꭰ ɐ"');
  answers("lower", [null], "✗ str: argument must not be null");
});

describe("title", () => {
  answers("title", ["a\u00a0b"], '"A\u00a0B"');
  answers("title", ["ßa ŉb ﬁ ᾳ ჯ ǳx"], '"ßa ŉb ﬁ ᾼ ჯ ǲx"');
  answers("title", ["ა ⅷ ⓐ"], '"ა Ⅷ Ⓐ"');
  answers("title", ["_a a_b 1a a1"], '"_a A_b 1a A1"');
  answers("title", ["ᾀ ᾳ \u0345a"], '"ᾈ ᾼ Ιa"');
  answers("title", ["ǆ ǉ ǌ ǳ ǅ Ǆ"], '"ǅ ǈ ǋ ǲ ǅ ǅ"');
  answers("title", [""], '""');
});

describe("reverse", () => {
  answers("reverse", [""], '""');
});

describe("strlen", () => {
  answers("strlen", [""], "0");
  answers("strlen", ["abc"], "3");
});

describe("substr", () => {
  answers("substr", ["a", 0.5, 1], "✗ value must be a whole number, between -9223372036854775808 and 9223372036854775807");
  answers("substr", ["a", 0, "x"], "✗ length: a number is required");
  answers("substr", ["abc", -1, 0], '"c"');
  answers("substr", ["abc", 1, 0], '""');
  answers("substr", ["abc", -5, 0], '"abc"');
  answers("substr", ["abc", 0, 10000000000], '"abc"');
  answers("substr", ["abc", 0, -5], '"abc"');
  answers("substr", ["", -1, 1], '""');
  answers("substr", ["ab", 2, 1], '""');
  answers("substr", ["ab", 3, -1], '""');
});

describe("join", () => {
  answers("join", [","], "✗ at least one list is required");
  answers("join", [",", ["a", null], ["b"]], "✗ lists: element 1 of list 1 is null; cannot concatenate null values");
  answers("join", [",", ["a"], ["b", null]], "✗ lists: element 1 of list 2 is null; cannot concatenate null values");
  answers("join", [",", ["a"], [null]], "✗ lists: element 0 of list 2 is null; cannot concatenate null values");
  answers("join", [",", null], "✗ lists: argument must not be null");
  answers("join", [",", ["a"], null], "✗ lists: argument must not be null");
  answers("join", [",", "a"], "✗ lists: list of string required, but have string");
  answers("join", [",", { a: 1 }], "✗ lists: list of string required");
  answers("join", [",", [["a"]]], "✗ lists: element 0: string required, but have tuple");
  answers("join", [",", stringSet("a", "b")], '"a,b"');
  answers("join", [",", []], '""');
  answers("join", [",", [], []], '""');
  answers("join", [",", strings("q", "r"), stringSet("a", "b")], '"q,r,a,b"');
  answers("join", [",", strings("a", null)], "✗ lists: element 1 is null; cannot concatenate null values");
});

describe("split", () => {
  answers("split", [",", null], "✗ str: argument must not be null");
  answers("split", ["", ""], "[]");
});

describe("sort", () => {
  answers("sort", [["a", null]], "✗ given list element 1 is null; a null string cannot be sorted");
  answers("sort", ["a"], "✗ list: list of string required, but have string");
  answers("sort", [stringSet("a", "b")], '["a","b"]');
  answers("sort", [strings("a", null)], "✗ given list element 1 is null; a null string cannot be sorted");
});

describe("replace", () => {
  answers("replace", ["aaa", "", "-"], '"-a-a-a-"');
  answers("replace", ["", "", "-"], '"-"');
  answers("replace", ["éx", "e", "y"], '"éx"');
  answers("replace", ["abcabc", "bc", "\\"], '"a\\\\a\\\\"');
});

describe("trim", () => {
  answers("trim", ["  a ", " "], '"a"');
  answers("trim", ["ababx", "ab"], '"x"');
});

describe("trimprefix", () => {
  answers("trimprefix", ["aab", "a"], '"ab"');
  answers("trimprefix", ["ab", ""], '"ab"');
});

describe("trimsuffix", () => {
  answers("trimsuffix", ["aXX", "X"], '"aX"');
});

describe("trimspace", () => {
  answers("trimspace", ["\u200b a \ufeff"], '"\u200b a \ufeff"');
});

describe("chomp", () => {
  answers("chomp", ["a\n\nb\n\r\r\n"], '"a\\n\\nb"');
  answers("chomp", ["\n"], '""');
  answers("chomp", ["a\r"], '"a"');
});

describe("indent", () => {
  answers("indent", [0.5, "a"], "✗ value must be a whole number, between -9223372036854775808 and 9223372036854775807");
  answers("indent", [2, "a\nb\n"], '"a\\n  b\\n  "');
  answers("indent", [3, ""], '""');
  answers("indent", [2, "\n"], '"\\n  "');
});

describe("sanitize", () => {
  answers("sanitize", ["a.b😀"], '"a_b_"');
  answers("sanitize", ["é-_A"], '"_-_A"');
});

describe("basename", () => {
  answers("basename", ["//"], '"/"');
  answers("basename", ["a//"], '"a"');
  answers("basename", ["."], '"."');
  answers("basename", ["a/b"], '"b"');
});

describe("dirname", () => {
  answers("dirname", ["//a"], '"/"');
  answers("dirname", ["///a//b"], '"/a"');
  answers("dirname", ["a/../.."], '"."');
  answers("dirname", ["../a"], '".."');
  answers("dirname", ["/../a"], '"/"');
  answers("dirname", ["a/b/.."], '"a/b"');
  answers("dirname", ["/a/.."], '"/a"');
  answers("dirname", ["a\\b"], '"."');
});
