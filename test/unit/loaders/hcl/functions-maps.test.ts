/** Maps and sets: answers of the reference, one a line (spec/hcl.md 6). */
import { describe } from "vitest";
import { answers, noStrings, stringMap, stringSet, strings } from "./function-rig.ts";

describe("keys", () => {
  answers("keys", ["x"], "✗ inputMap: must have map or object type");
  answers("keys", [[1]], "✗ inputMap: must have map or object type");
  answers("keys", [null], "✗ inputMap: argument must not be null");
});

describe("values", () => {
  answers("values", ["x"], "✗ values() requires a map as the first argument");
  answers("values", [[1]], "✗ values() requires a map as the first argument");
});

describe("lookup", () => {
  answers("lookup", ["x", "a", 1], "✗ inputMap: lookup() requires a map as the first argument");
  answers("lookup", [{ a: 1 }, "b", null], "✗ default: argument must not be null");
  answers("lookup", [stringMap({ a: "1" }), "b", [1]], "✗ default: the default value must have the same type as the map elements");
  answers("lookup", [stringMap({ a: "1" }), "b", 1], '"1"');
  answers("lookup", [stringMap({ a: "1" }), "a", 1], '"1"');
  answers("lookup", [{ a: 1 }, "b", [1]], "[1]");
  answers("lookup", [[1], "b", [1]], "✗ inputMap: lookup() requires a map as the first argument");
  answers("lookup", [stringMap({ a: "1" }), "zz", "d"], '"d"');
  answers("lookup", [stringMap({ a: "1" }), null, "d"], "✗ key: argument must not be null");
  answers("lookup", [{ a: null }, "a", "d"], "null");
});

describe("merge", () => {
  answers("merge", [{ a: 1 }, ["b"]], '✗ arguments must be maps or objects, got "tuple"');
  answers("merge", ["x"], '✗ arguments must be maps or objects, got "string"');
  answers("merge", [null], "{}");
  answers("merge", [null, null], "{}");
  answers("merge", [stringMap({ a: "1" }), stringMap({ a: "1" })], '{"a":"1"}');
  answers("merge", [stringMap({ a: "1" }), { b: "x" }], '{"a":"1","b":"x"}');
  answers("merge", [{ a: 1 }, stringMap({ a: "1" })], '{"a":"1"}');
});

describe("zipmap", () => {
  answers("zipmap", [["a"], [1, 2]], "✗ number of keys (1) does not match number of values (2)");
  answers("zipmap", [[null], [1]], "✗ keys list has null value at index 0");
  answers("zipmap", [["a"], "x"], "✗ values argument must be a list or tuple value");
  answers("zipmap", [["a"], stringSet("a", "b")], "✗ values argument must be a list or tuple value");
  answers("zipmap", [["a", "b"], strings("q", "r")], '{"a":"q","b":"r"}');
  answers("zipmap", [stringSet("a", "b"), strings("q", "r")], '{"a":"q","b":"r"}');
  answers("zipmap", ["a", strings("q", "r")], "✗ keys: list of string required, but have string");
  answers("zipmap", [[], []], "{}");
});

describe("setunion", () => {
  answers("setunion", [[1], [[2]]], "✗ given sets must all have compatible element types");
  answers("setunion", [[1], [true]], "✗ given sets must all have compatible element types");
  answers("setunion", ["a"], "✗ first_set: set of dynamic required, but have string");
  answers("setunion", [[1]], "[1]");
  answers("setunion", [[], []], "[]");
  answers("setunion", ["5", "a"], "✗ first_set: set of dynamic required, but have string");
  answers("setunion", ["5", [1]], "✗ first_set: set of dynamic required, but have string");
  answers("setunion", ["5", [true, 1]], "✗ first_set: set of dynamic required, but have string");
  answers("setunion", ["5", [{ a: 1 }, { b: 2 }]], "✗ first_set: set of dynamic required, but have string");
  answers("setunion", ["5", strings("q", "r")], "✗ first_set: set of dynamic required, but have string");
  answers("setunion", ["5", { a: strings("q", "r") }], "✗ first_set: set of dynamic required, but have string");
  answers("setunion", ["a", [[1], [2, 3]]], "✗ first_set: set of dynamic required, but have string");
  answers("setunion", ["a", [strings("q", "r"), [1]]], "✗ first_set: set of dynamic required, but have string");
  answers("setunion", [1, [{ a: 1 }, { b: 2 }]], "✗ first_set: set of dynamic required, but have number");
  answers("setunion", [1, strings("a", null)], "✗ first_set: set of dynamic required, but have number");
  answers("setunion", [1, noStrings], "✗ first_set: set of dynamic required, but have number");
  answers("setunion", [["a"], [1]], '["1","a"]');
  answers("setunion", [["a"], strings("q", "r")], '["a","q","r"]');
  answers("setunion", [["a"], { b: true }], "✗ other_sets: set of any single type required");
  answers("setunion", [[1, "a"], noStrings], "✗ other_sets: argument must not be null");
  answers("setunion", [[1], "5"], "✗ other_sets: set of dynamic required, but have string");
  answers("setunion", [[1], []], "[1]");
  answers("setunion", [[1], strings("a", null)], '["1","a",null]');
  answers("setunion", [[[1], [2, 3]], "5"], "✗ other_sets: set of dynamic required, but have string");
  answers("setunion", [[], [null]], "[null]");
  answers("setunion", [[], noStrings], "✗ other_sets: argument must not be null");
  answers("setunion", [[], { b: true }], "✗ other_sets: set of any single type required");
  answers("setunion", [[null], [1]], "[1,null]");
  answers("setunion", [[null], []], "[null]");
  answers("setunion", [[null], noStrings], "✗ other_sets: argument must not be null");
  answers(
    "setunion",
    [
      [strings("q", "r"), [1]],
      [{ a: 1 }, { b: 2 }],
    ],
    "✗ given sets must all have compatible element types",
  );
  answers("setunion", [[strings("q", "r"), [1]], { a: 1 }], "✗ other_sets: set of any single type required");
  answers("setunion", [[strings("q", "r"), [1]], { b: true }], "✗ other_sets: set of any single type required");
  answers("setunion", [[true, 1], 1], "✗ first_set: all set elements must have the same type");
  answers("setunion", [[true, 1], { a: "x" }], "✗ first_set: all set elements must have the same type");
  answers("setunion", [[true, 1], { a: 1 }], "✗ first_set: all set elements must have the same type");
  answers("setunion", [strings("a", null), [{ a: 1 }, { b: 2 }]], "✗ given sets must all have compatible element types");
  answers("setunion", [strings("a", null), noStrings], "✗ other_sets: argument must not be null");
  answers("setunion", [strings("a", null), { a: strings("q", "r") }], "✗ other_sets: set of any single type required");
  answers("setunion", [stringMap({ a: "1" }), [true, 1]], "✗ first_set: set of any single type required");
  answers("setunion", [noStrings, []], "✗ first_set: argument must not be null");
  answers("setunion", [noStrings, [strings("q", "r"), [1]]], "✗ first_set: argument must not be null");
  answers("setunion", [null, "a"], "✗ other_sets: set of dynamic required, but have string");
  answers("setunion", [null, strings("a", null)], "✗ first_set: argument must not be null");
  answers("setunion", [null, null], "✗ first_set: argument must not be null");
  answers("setunion", [strings("q", "r"), [true, 1]], "✗ other_sets: all set elements must have the same type");
  answers("setunion", [strings("q", "r"), noStrings], "✗ other_sets: argument must not be null");
  answers("setunion", [true, { b: true }], "✗ first_set: set of dynamic required, but have bool");
  answers("setunion", [stringSet("a", "b"), []], '["a","b"]');
  answers("setunion", [stringSet("a", "b"), [{ a: 1 }, { b: 2 }]], "✗ given sets must all have compatible element types");
  answers("setunion", [stringSet("a", "b"), stringSet("a", "b")], '["a","b"]');
  answers("setunion", [{ a: "x" }, [{ a: 1 }, { b: 2 }]], "✗ first_set: set of any single type required");
  answers("setunion", [{ a: "x" }, stringSet("a", "b")], "✗ first_set: set of any single type required");
  answers("setunion", [{ a: 1 }, [strings("q", "r"), [1]]], "✗ first_set: set of any single type required");
  answers("setunion", [{ a: null }, [1]], "✗ first_set: set of any single type required");
  answers("setunion", [{ a: strings("q", "r") }, [null]], "✗ first_set: set of any single type required");
  answers("setunion", [{ b: true }, [strings("q", "r"), [1]]], "✗ first_set: set of any single type required");
  answers("setunion", [{ b: true }, [true, 1]], "✗ first_set: set of any single type required");
  answers("setunion", [{ b: true }, {}], "✗ first_set: set of any single type required");
});

describe("setintersection", () => {
  answers("setintersection", [[1], [1, "a"]], '["1"]');
});

describe("setsymmetricdifference", () => {
  answers(
    "setsymmetricdifference",
    [
      [1, 2],
      [2, 3],
      [3, 4],
    ],
    "[1,4]",
  );
  answers("setsymmetricdifference", [[1], [true]], "✗ given sets must all have compatible element types");
});

describe("setsubtract", () => {
  answers("setsubtract", [[1, 2], ["1"]], '["2"]');
  answers("setsubtract", [[1], [[1]]], "✗ given sets must all have compatible element types");
});

describe("sethaselement", () => {
  answers("sethaselement", [["1"], 1], "false");
  answers("sethaselement", ["1", 1], "✗ set: set of dynamic required, but have string");
  answers("sethaselement", [[1], null], "✗ elem: argument must not be null");
  answers("sethaselement", [stringSet("a", "b"), "a"], "true");
  answers("sethaselement", [[[1]], [1]], "true");
});

describe("setproduct", () => {
  answers("setproduct", [["a"]], "✗ at least two arguments are required");
  answers("setproduct", [], "✗ at least two arguments are required");
  answers("setproduct", ["a", ["b"]], "✗ sets: a set or a list is required");
  answers("setproduct", [["a"], { b: 1 }], "✗ sets: a set or a list is required");
  answers("setproduct", [[1, true], ["b"]], "✗ sets: all elements must be of the same type");
  answers("setproduct", [[1, "a"], ["b"]], '[["1","b"],["a","b"]]');
  answers("setproduct", [stringSet("a", "b"), ["b", "c"]], '[["a","b"],["a","c"],["b","b"],["b","c"]]');
  answers("setproduct", [[], stringSet("a", "b")], "[]");
  answers("setproduct", [[], []], "[]");
  answers("setproduct", [[null], [1]], "[[null,1]]");
  answers("setproduct", [["a"], []], "[]");
  answers("setproduct", [stringSet("a", "b"), stringSet("a", "b")], '[["a","a"],["a","b"],["b","a"],["b","b"]]');
  answers("setproduct", [[1, 2], [3, 4], [5]], "[[1,3,5],[1,4,5],[2,3,5],[2,4,5]]");
  answers("setproduct", ["5", 1], "✗ sets: a set or a list is required");
  answers("setproduct", ["5", stringSet("a", "b")], "✗ sets: a set or a list is required");
  answers("setproduct", ["a", [1, "a"]], "✗ sets: a set or a list is required");
  answers("setproduct", [1, strings("a", null)], "✗ sets: a set or a list is required");
  answers("setproduct", [1, stringMap({ a: "1" })], "✗ sets: a set or a list is required");
  answers("setproduct", [1, { a: "x" }], "✗ sets: a set or a list is required");
  answers(
    "setproduct",
    [
      [1, "a"],
      [true, 1],
    ],
    "✗ sets: all elements must be of the same type",
  );
  answers("setproduct", [[1], [true, 1]], "✗ sets: all elements must be of the same type");
  answers("setproduct", [[1], strings("q", "r")], '[[1,"q"],[1,"r"]]');
  answers("setproduct", [[[1], [2, 3]], strings("a", null)], '[[[1],"a"],[[1],null],[[2,3],"a"],[[2,3],null]]');
  answers("setproduct", [[[1], [2, 3]], null], "✗ sets: argument must not be null");
  answers("setproduct", [[[1], [2, 3]], { a: null }], "✗ sets: a set or a list is required");
  answers("setproduct", [[], { a: null }], "✗ sets: a set or a list is required");
  answers("setproduct", [[null], [[1], [2, 3]]], "[[null,[1]],[null,[2,3]]]");
  answers("setproduct", [[strings("q", "r"), [1]], stringMap({ a: "1" })], "✗ sets: a set or a list is required");
  answers("setproduct", [[strings("q", "r"), [1]], noStrings], "✗ sets: argument must not be null");
  answers("setproduct", [[strings("q", "r"), [1]], null], "✗ sets: argument must not be null");
  answers("setproduct", [[strings("q", "r"), [1]], { a: "x" }], "✗ sets: a set or a list is required");
  answers("setproduct", [[strings("q", "r"), [1]], { a: 1 }], "✗ sets: a set or a list is required");
  answers("setproduct", [[true, 1], "a"], "✗ sets: all elements must be of the same type");
  answers(
    "setproduct",
    [
      [{ a: 1 }, { b: 2 }],
      [1, "a"],
    ],
    '[[{"a":1},"1"],[{"a":1},"a"],[{"b":2},"1"],[{"b":2},"a"]]',
  );
  answers("setproduct", [[{ a: 1 }, { b: 2 }], strings("q", "r")], '[[{"a":1},"q"],[{"a":1},"r"],[{"b":2},"q"],[{"b":2},"r"]]');
  answers("setproduct", [strings("a", null), [null]], '[["a",null],[null,null]]');
  answers("setproduct", [stringMap({ a: "1" }), stringSet("a", "b")], "✗ sets: a set or a list is required");
  answers("setproduct", [strings("q", "r"), 1], "✗ sets: a set or a list is required");
  answers("setproduct", [strings("q", "r"), [[1], [2, 3]]], '[["q",[1]],["q",[2,3]],["r",[1]],["r",[2,3]]]');
  answers("setproduct", [strings("q", "r"), [true, 1]], "✗ sets: all elements must be of the same type");
  answers("setproduct", [strings("q", "r"), null], "✗ sets: argument must not be null");
  answers("setproduct", [strings("q", "r"), { a: 1 }], "✗ sets: a set or a list is required");
  answers("setproduct", [true, stringMap({ a: "1" })], "✗ sets: a set or a list is required");
  answers("setproduct", [true, true], "✗ sets: a set or a list is required");
  answers("setproduct", [{ a: null }, [1]], "✗ sets: a set or a list is required");
  answers("setproduct", [{ a: null }, { a: strings("q", "r") }], "✗ sets: a set or a list is required");
  answers("setproduct", [{ a: strings("q", "r") }, 1], "✗ sets: a set or a list is required");
  answers("setproduct", [{ a: strings("q", "r") }, { a: 1 }], "✗ sets: a set or a list is required");
  answers("setproduct", [{ b: true }, [true, 1]], "✗ sets: a set or a list is required");
  answers("setproduct", [{ b: true }, noStrings], "✗ sets: argument must not be null");
  answers("setproduct", [{ b: true }, { a: null }], "✗ sets: a set or a list is required");
  answers("setproduct", [{ b: true }, {}], "✗ sets: a set or a list is required");
  answers("setproduct", [{}, [1]], "✗ sets: a set or a list is required");
  answers("setproduct", [{}, noStrings], "✗ sets: argument must not be null");
  answers("setproduct", [{}, { a: 1 }], "✗ sets: a set or a list is required");
});
