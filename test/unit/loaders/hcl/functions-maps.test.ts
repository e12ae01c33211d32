/** Maps and sets: answers of the reference, one a line (spec/hcl.md 6). */
import { describe } from "vitest";
import { answers, stringMap, stringSet, strings } from "./function-rig.ts";

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
});

describe("setintersection", () => {
  answers("setintersection", [[1], [1, "a"]], '["1"]');
});

describe("setsymmetricdifference", () => {
  answers("setsymmetricdifference", [[1, 2], [2, 3], [3, 4]], "[1,4]");
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
});
