/** Lists and tuples: answers of the reference, one a line (spec/hcl.md 6). */
import { describe } from "vitest";
import { answers, noStrings, stringMap, stringSet, strings } from "./function-rig.ts";

describe("length", () => {
  answers("length", [noStrings], "✗ collection: argument must not be null");
  answers("length", [null], "✗ collection: argument must not be null");
  answers("length", [stringSet("a", "b")], "2");
  answers("length", [[1, 2]], "2");
});

describe("element", () => {
  answers("element", [["a"], 0.5], "✗ invalid index: value must be a whole number, between -9223372036854775808 and 9223372036854775807");
  answers("element", [stringSet("a", "b"), 0], "✗ cannot read elements from set of string");
  answers("element", [null, 0], "✗ list: argument must not be null");
  answers("element", ["x", 0], "✗ cannot read elements from string");
  answers("element", [{ a: 1 }, 0], "✗ cannot read elements from object");
  answers("element", [stringMap({ a: "1" }), 0], "✗ cannot read elements from map of string");
  answers("element", [strings("q", "r"), 5], '"r"');
  answers("element", [strings("q", "r"), 1e30], "✗ invalid index: value must be a whole number, between -9223372036854775808 and 9223372036854775807");
  answers("element", [strings("q", "r"), -3], '"r"');
  answers("element", [[1, "a"], -3], '"a"');
});

describe("index", () => {
  answers("index", [stringSet("a", "b"), 0], "✗ collection must be a list, a map or a tuple");
  answers("index", [[1, 2], "0"], "✗ key for tuple must be number");
  answers("index", [[1, 2], 5], "✗ key must be between 0 and 2 inclusive");
  answers("index", [[1, 2], -1], "✗ key must be between 0 and 2 inclusive");
  answers("index", [[1, 2], 0.5], "✗ invalid key for tuple: value must be a whole number, between -9223372036854775808 and 9223372036854775807");
  answers("index", [strings("q", "r"), 9], "✗ invalid index");
  answers("index", [strings("q", "r"), "0"], "✗ key for list must be number");
  answers("index", [stringMap({ a: "1" }), "zz"], "✗ invalid index");
  answers("index", [stringMap({ a: "1" }), 1], "✗ key for map must be string");
  answers("index", ["x", 1], "✗ collection must be a list, a map or a tuple");
  answers("index", [[], 0], "✗ key must be between 0 and 0 inclusive");
  answers("index", [stringMap({ a: "1" }), "a"], '"1"');
  answers("index", [strings("q", "r"), 0.5], "✗ invalid index");
  answers("index", [strings("q", "r"), -1], "✗ invalid index");
  answers("index", [strings("q", "r"), null], "✗ key: argument must not be null");
});

describe("hasindex", () => {
  answers("hasindex", [strings("q", "r"), "0"], "false");
  answers("hasindex", [stringSet("a", "b"), "0"], "✗ collection must be a list, a map or a tuple");
  answers("hasindex", ["x", "0"], "✗ collection must be a list, a map or a tuple");
  answers("hasindex", [stringMap({ a: "1" }), 1], "false");
  answers("hasindex", [[1], 0.5], "false");
  answers("hasindex", [strings("q", "r"), null], "✗ key: argument must not be null");
  answers("hasindex", [strings("q", "r"), -1], "false");
  answers("hasindex", [strings("q", "r"), 1], "true");
  answers("hasindex", [[], 0], "false");
  answers("hasindex", [noStrings, 0], "✗ collection: argument must not be null");
  answers("hasindex", [{}, "a"], "✗ collection must be a list, a map or a tuple");
});

describe("indexof", () => {
  answers("indexof", [stringSet("a", "b"), "a"], "✗ argument must be a list or tuple");
  answers("indexof", ["x", "a"], "✗ argument must be a list or tuple");
  answers("indexof", [[], "a"], "✗ cannot search an empty list");
  answers("indexof", [[null], null], "✗ value: argument must not be null");
  answers("indexof", [[1, "a"], "a"], "1");
  answers("indexof", [strings("q", "r"), "r"], "1");
  answers("indexof", [strings("q", "r"), 1], "✗ item not found");
  answers("indexof", [[noStrings], "a"], "✗ item not found");
  answers("indexof", [["a", null], "b"], "✗ item not found");
});

describe("contains", () => {
  answers("contains", [[null], null], "✗ value: argument must not be null");
  answers("contains", [[1, null], 1], "true");
  answers("contains", [{ a: 1 }, 1], "✗ argument must be list, tuple, or set");
  answers("contains", [null, 1], "✗ list: argument must not be null");
  answers("contains", [noStrings, "a"], "✗ list: argument must not be null");
  answers("contains", [strings("q", "r"), "q"], "true");
  answers("contains", [stringSet("a", "b"), "q"], "false");
  answers("contains", [["1"], 1], "false");
  answers("contains", [[[1]], [1]], "true");
  answers("contains", [[], null], "✗ value: argument must not be null");
  answers("contains", [[strings("q", "r")], ["q", "r"]], "false");
});

describe("concat", () => {
  answers("concat", [null], "✗ seqs: argument must not be null");
  answers("concat", [stringSet("a", "b"), [1]], "✗ seqs: all arguments must be lists or tuples; got set of string");
  answers("concat", [noStrings, [1]], "✗ seqs: argument must not be null");
  answers("concat", ["a"], "✗ seqs: all arguments must be lists or tuples; got string");
  answers("concat", [{ a: 1 }, [1]], "✗ seqs: all arguments must be lists or tuples; got object");
  answers("concat", ["5", 1], "✗ seqs: all arguments must be lists or tuples; got string");
  answers("concat", ["5", [strings("q", "r"), [1]]], "✗ seqs: all arguments must be lists or tuples; got string");
  answers("concat", ["5", [true, 1]], "✗ seqs: all arguments must be lists or tuples; got string");
  answers("concat", ["5", stringMap({ a: "1" })], "✗ seqs: all arguments must be lists or tuples; got string");
  answers("concat", ["5", null], "✗ seqs: argument must not be null");
  answers("concat", ["a", strings("q", "r")], "✗ seqs: all arguments must be lists or tuples; got string");
  answers("concat", ["a", { a: null }], "✗ seqs: all arguments must be lists or tuples; got string");
  answers("concat", ["a", { b: true }], "✗ seqs: all arguments must be lists or tuples; got string");
  answers("concat", [1, "a"], "✗ seqs: all arguments must be lists or tuples; got number");
  answers("concat", [1, [strings("q", "r"), [1]]], "✗ seqs: all arguments must be lists or tuples; got number");
  answers("concat", [1, { a: "x" }], "✗ seqs: all arguments must be lists or tuples; got number");
  answers("concat", [1, { a: 1 }], "✗ seqs: all arguments must be lists or tuples; got number");
  answers("concat", [["a"], [1, "a"]], '["a",1,"a"]');
  answers("concat", [["a"], [true, 1]], '["a",true,1]');
  answers("concat", [["a"], noStrings], "✗ seqs: argument must not be null");
  answers("concat", [["a"], { a: 1 }], "✗ seqs: all arguments must be lists or tuples; got object");
  answers("concat", [[1, "a"], ["a"]], '[1,"a","a"]');
  answers("concat", [[1, "a"], { a: "x" }], "✗ seqs: all arguments must be lists or tuples; got object");
  answers("concat", [[1], ["a"]], '[1,"a"]');
  answers("concat", [[1], [1]], "[1,1]");
  answers("concat", [[1], [true, 1]], "[1,true,1]");
  answers("concat", [[[1], [2, 3]], "a"], "✗ seqs: all arguments must be lists or tuples; got string");
  answers(
    "concat",
    [
      [[1], [2, 3]],
      [strings("q", "r"), [1]],
    ],
    '[[1],[2,3],["q","r"],[1]]',
  );
  answers("concat", [[[1], [2, 3]], strings("q", "r")], '[[1],[2,3],"q","r"]');
  answers("concat", [[[1], [2, 3]], { a: 1 }], "✗ seqs: all arguments must be lists or tuples; got object");
  answers("concat", [[null], [[1], [2, 3]]], "[null,[1],[2,3]]");
  answers("concat", [[null], []], "[null]");
  answers("concat", [[null], [true, 1]], "[null,true,1]");
  answers("concat", [[null], noStrings], "✗ seqs: argument must not be null");
  answers("concat", [[null], { a: "x" }], "✗ seqs: all arguments must be lists or tuples; got object");
  answers("concat", [[strings("q", "r"), [1]], []], '[["q","r"],[1]]');
  answers("concat", [[strings("q", "r"), [1]], noStrings], "✗ seqs: argument must not be null");
  answers("concat", [[strings("q", "r"), [1]], strings("q", "r")], '[["q","r"],[1],"q","r"]');
  answers("concat", [[true, 1], "a"], "✗ seqs: all arguments must be lists or tuples; got string");
  answers("concat", [[true, 1], [1]], "[true,1,1]");
  answers("concat", [[true, 1], []], "[true,1]");
  answers("concat", [strings("a", null), strings("a", null)], '["a",null,"a",null]');
  answers("concat", [strings("a", null), { a: null }], "✗ seqs: all arguments must be lists or tuples; got object");
  answers("concat", [stringMap({ a: "1" }), [[1], [2, 3]]], "✗ seqs: all arguments must be lists or tuples; got map of string");
  answers("concat", [stringMap({ a: "1" }), strings("a", null)], "✗ seqs: all arguments must be lists or tuples; got map of string");
  answers("concat", [stringMap({ a: "1" }), { a: strings("q", "r") }], "✗ seqs: all arguments must be lists or tuples; got map of string");
  answers("concat", [stringMap({ a: "1" }), { b: true }], "✗ seqs: all arguments must be lists or tuples; got map of string");
  answers("concat", [noStrings, ["a"]], "✗ seqs: argument must not be null");
  answers("concat", [noStrings, [null]], "✗ seqs: argument must not be null");
  answers("concat", [noStrings, { a: "x" }], "✗ seqs: argument must not be null");
  answers("concat", [noStrings, { a: 1 }], "✗ seqs: argument must not be null");
  answers("concat", [noStrings, { a: null }], "✗ seqs: argument must not be null");
  answers("concat", [null, []], "✗ seqs: argument must not be null");
  answers("concat", [null, noStrings], "✗ seqs: argument must not be null");
  answers("concat", [strings("q", "r"), "5"], "✗ seqs: all arguments must be lists or tuples; got string");
  answers("concat", [strings("q", "r"), [strings("q", "r"), [1]]], '["q","r",["q","r"],[1]]');
  answers("concat", [strings("q", "r"), strings("a", null)], '["q","r","a",null]');
  answers("concat", [true, "5"], "✗ seqs: all arguments must be lists or tuples; got bool");
  answers("concat", [true, 1], "✗ seqs: all arguments must be lists or tuples; got bool");
  answers("concat", [true, [1]], "✗ seqs: all arguments must be lists or tuples; got bool");
  answers("concat", [stringSet("a", "b"), [strings("q", "r"), [1]]], "✗ seqs: all arguments must be lists or tuples; got set of string");
  answers("concat", [stringSet("a", "b"), strings("q", "r")], "✗ seqs: all arguments must be lists or tuples; got set of string");
  answers("concat", [{ a: "x" }, [true, 1]], "✗ seqs: all arguments must be lists or tuples; got object");
  answers("concat", [{ a: 1 }, [null]], "✗ seqs: all arguments must be lists or tuples; got object");
  answers("concat", [{ a: 1 }, { a: "x" }], "✗ seqs: all arguments must be lists or tuples; got object");
  answers("concat", [{ a: 1 }, { a: null }], "✗ seqs: all arguments must be lists or tuples; got object");
  answers("concat", [{ a: 1 }, {}], "✗ seqs: all arguments must be lists or tuples; got object");
  answers("concat", [{ a: null }, {}], "✗ seqs: all arguments must be lists or tuples; got object");
  answers("concat", [{ a: strings("q", "r") }, [true, 1]], "✗ seqs: all arguments must be lists or tuples; got object");
  answers("concat", [{ b: true }, 1], "✗ seqs: all arguments must be lists or tuples; got object");
  answers("concat", [{ b: true }, noStrings], "✗ seqs: argument must not be null");
  answers("concat", [{}, [1]], "✗ seqs: all arguments must be lists or tuples; got object");
});

describe("flatten", () => {
  answers("flatten", ["x"], "✗ can only flatten lists, sets and tuples");
  answers("flatten", [{ a: 1 }], "✗ can only flatten lists, sets and tuples");
  answers("flatten", [null], "✗ list: argument must not be null");
  answers("flatten", [[noStrings]], "[null]");
  answers("flatten", [stringSet("a", "b")], '["a","b"]');
});

describe("distinct", () => {
  answers("distinct", [[1, "1", 2]], '["1","2"]');
  answers("distinct", [[]], "[]");
  answers("distinct", ["a"], "✗ list: list of dynamic required, but have string");
  answers("distinct", [[1, [2]]], "✗ list: all list elements must have the same type");
  answers("distinct", [stringSet("a", "b")], '["a","b"]');
  answers("distinct", [[null, null]], "[null]");
  answers("distinct", [strings("a", null)], '["a",null]');
});

describe("compact", () => {
  answers("compact", ["a"], "✗ list: list of string required, but have string");
  answers("compact", [[[1]]], "✗ list: element 0: string required, but have tuple");
  answers("compact", [stringSet("a", "b")], '["a","b"]');
  answers("compact", [strings("a", null)], '["a"]');
});

describe("chunklist", () => {
  answers("chunklist", [[1, 2, 3], -1], "✗ the size argument must be positive");
  answers("chunklist", [[1, 2, 3], 0.5], "✗ invalid size: value must be a whole number, between -9223372036854775808 and 9223372036854775807");
  answers("chunklist", [[], 0], "[]");
  answers("chunklist", [stringSet("a", "b"), 1], '[["a"],["b"]]');
  answers("chunklist", [[1, "a"], 1], '[["1"],["a"]]');
});

describe("slice", () => {
  answers(
    "slice",
    [stringSet("a", "b"), 0, 1],
    "✗ list: cannot slice a set, because its elements do not have indices; explicitly convert to a list if the ordering of the result is not important",
  );
  answers("slice", ["x", 0, 1], "✗ list: must be a list or tuple value");
  answers("slice", [[1, 2], 2, 1], "✗ start_index: start index must not be greater than end index");
  answers("slice", [[1, 2], -1, 1], "✗ start_index: start index must not be less than zero");
  answers("slice", [[1, 2], 3, 4], "✗ start_index: start index must not be greater than the length of the list");
  answers("slice", [[1, 2], 0, 4], "✗ end_index: end index must not be greater than the length of the list");
  answers("slice", [[1, 2], 0.5, 4], "✗ start_index: invalid start index: value must be a whole number, between -9223372036854775808 and 9223372036854775807");
  answers("slice", [strings("q", "r"), 0, 1], '["q"]');
  answers("slice", [{ a: 1 }, 0, 1], "✗ list: must be a list or tuple value");
});

describe("reverselist", () => {
  answers("reverselist", ["x"], "✗ list: can only reverse list or tuple values, not string");
  answers("reverselist", [stringSet("a", "b")], '["b","a"]');
  answers("reverselist", [{ a: 1 }], "✗ list: can only reverse list or tuple values, not object");
  answers("reverselist", [strings("q", "r")], '["r","q"]');
});

describe("range", () => {
  answers("range", [], "✗ must have one, two, or three arguments");
  answers("range", [1, 2, 3, 4], "✗ must have one, two, or three arguments");
  answers("range", [0, 5, -1], "✗ params: end must be less than start when step is negative");
  answers("range", [5, 0, 1], "✗ params: end must be greater than start when step is positive");
  answers("range", [0, 5, 0], "✗ more than 1024 values were generated; either decrease the difference between start and end or use a smaller step");
  answers("range", [5, 0, 0], "✗ params: end must be greater than start when step is positive");
  answers("range", [0, 0, 0], "[]");
  answers("range", ["a"], "✗ params: a number is required");
  answers("range", [null], "✗ params: argument must not be null");
  answers("range", [1025], "✗ more than 1024 values were generated; either decrease the difference between start and end or use a smaller step");
  answers("range", [0.5], "[0]");
  answers("range", [-0.5], "[0]");
  answers("range", [3, 3], "[]");
  answers("range", [0, Infinity, Infinity], "[0]");
  answers("range", [Infinity], "✗ more than 1024 values were generated; either decrease the difference between start and end or use a smaller step");
});

describe("coalescelist", () => {
  answers("coalescelist", [], "✗ at least one argument is required");
  answers("coalescelist", [null, ["a"]], "✗ coalescelist arguments must be lists or tuples");
  answers("coalescelist", [noStrings, ["a"]], '["a"]');
  answers("coalescelist", ["a"], "✗ coalescelist arguments must be lists or tuples");
  answers("coalescelist", [[], []], "✗ no non-null arguments");
  answers("coalescelist", [stringSet("a", "b")], "✗ coalescelist arguments must be lists or tuples");
  answers("coalescelist", [["a"], "b"], "✗ coalescelist arguments must be lists or tuples");
  answers("coalescelist", [["a"], null], "✗ coalescelist arguments must be lists or tuples");
  answers("coalescelist", [noStrings], "✗ no non-null arguments");
});
