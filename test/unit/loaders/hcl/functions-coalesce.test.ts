/** The common type of arguments: answers of the reference, one a line (spec/hcl.md 6). */
import { describe } from "vitest";
import { answers, noStrings, stringMap, stringSet, strings } from "./function-rig.ts";

describe("coalesce", () => {
  answers("coalesce", [], "✗ all arguments must have the same type");
  answers("coalesce", [1, true], "✗ all arguments must have the same type");
  answers("coalesce", [null], "✗ no non-null arguments");
  answers("coalesce", [noStrings, ["x"]], '["x"]');
  answers("coalesce", [[1], "a"], "✗ all arguments must have the same type");
  answers("coalesce", [null, [1], [2, 3]], "[1]");
  answers("coalesce", ["5", [true, 1]], "✗ all arguments must have the same type");
  answers("coalesce", ["5", stringMap({ a: "1" }), strings("a", null)], "✗ all arguments must have the same type");
  answers("coalesce", ["5", strings("q", "r")], "✗ all arguments must have the same type");
  answers("coalesce", ["5", strings("q", "r"), [null]], "✗ all arguments must have the same type");
  answers("coalesce", ["5", true], '"5"');
  answers("coalesce", ["5", { a: 1 }], "✗ all arguments must have the same type");
  answers("coalesce", ["5", { a: strings("q", "r") }], "✗ all arguments must have the same type");
  answers("coalesce", ["5", {}, { b: true }], "✗ all arguments must have the same type");
  answers("coalesce", ["a", ["a"]], "✗ all arguments must have the same type");
  answers("coalesce", ["a", [1, "a"]], "✗ all arguments must have the same type");
  answers("coalesce", ["a", [1], strings("q", "r")], "✗ all arguments must have the same type");
  answers("coalesce", ["a", [null], noStrings], "✗ all arguments must have the same type");
  answers("coalesce", ["a", null], '"a"');
  answers("coalesce", ["a", { a: "x" }, null], '"a"');
  answers("coalesce", ["a", {}, [1, "a"]], "✗ all arguments must have the same type");
  answers("coalesce", [1, "5"], '"1"');
  answers("coalesce", [1, "5", { a: null }], "✗ all arguments must have the same type");
  answers("coalesce", [1, "a", ["a"]], "✗ all arguments must have the same type");
  answers("coalesce", [1, 1], "1");
  answers("coalesce", [1, [1], [true, 1]], "✗ all arguments must have the same type");
  answers("coalesce", [1, [[1], [2, 3]], [null]], "✗ all arguments must have the same type");
  answers("coalesce", [1, null, [true, 1]], "1");
  answers("coalesce", [1, stringSet("a", "b")], "✗ all arguments must have the same type");
  answers("coalesce", [["a"], [[1], [2, 3]]], "✗ all arguments must have the same type");
  answers("coalesce", [["a"], []], '["a"]');
  answers("coalesce", [["a"], [strings("q", "r"), [1]]], "✗ all arguments must have the same type");
  answers("coalesce", [["a"], strings("a", null), strings("a", null)], '["a"]');
  answers("coalesce", [["a"], stringSet("a", "b")], '["a"]');
  answers(
    "coalesce",
    [
      [1, "a"],
      [1, "a"],
    ],
    '[1,"a"]',
  );
  answers("coalesce", [[1, "a"], [1, "a"], 1], "✗ all arguments must have the same type");
  answers(
    "coalesce",
    [
      [1, "a"],
      [[1], [2, 3]],
    ],
    "✗ all arguments must have the same type",
  );
  answers("coalesce", [[1, "a"], []], '["1","a"]');
  answers(
    "coalesce",
    [
      [1, "a"],
      [true, 1],
    ],
    "✗ all arguments must have the same type",
  );
  answers("coalesce", [[1, "a"], strings("a", null)], '["1","a"]');
  answers("coalesce", [[1, "a"], { a: "x" }], "✗ all arguments must have the same type");
  answers("coalesce", [[1, "a"], { a: "x" }, [{ a: 1 }, { b: 2 }]], "✗ all arguments must have the same type");
  answers("coalesce", [[1, "a"], { a: 1 }, [1]], "✗ all arguments must have the same type");
  answers("coalesce", [[1, "a"], {}], "✗ all arguments must have the same type");
  answers("coalesce", [[1], 1], "✗ all arguments must have the same type");
  answers("coalesce", [[1], [1, "a"], { a: "x" }], "✗ all arguments must have the same type");
  answers("coalesce", [[1], [[1], [2, 3]], "a"], "✗ all arguments must have the same type");
  answers("coalesce", [[1], [strings("q", "r"), [1]]], "✗ all arguments must have the same type");
  answers("coalesce", [[1], [{ a: 1 }, { b: 2 }]], "✗ all arguments must have the same type");
  answers("coalesce", [[1], strings("a", null)], '["1"]');
  answers("coalesce", [[1], null, noStrings], '["1"]');
  answers("coalesce", [[1], strings("q", "r")], '["1"]');
  answers("coalesce", [[1], stringSet("a", "b")], '["1"]');
  answers("coalesce", [[1], { a: "x" }], "✗ all arguments must have the same type");
  answers("coalesce", [[1], { a: null }], "✗ all arguments must have the same type");
  answers("coalesce", [[1], { b: true }, stringMap({ a: "1" })], "✗ all arguments must have the same type");
  answers("coalesce", [[[1], [2, 3]], "5", [1, "a"]], "✗ all arguments must have the same type");
  answers(
    "coalesce",
    [
      [[1], [2, 3]],
      [[1], [2, 3]],
    ],
    "[[1],[2,3]]",
  );
  answers("coalesce", [[[1], [2, 3]], [true, 1], strings("a", null)], "✗ all arguments must have the same type");
  answers("coalesce", [[[1], [2, 3]], stringMap({ a: "1" })], "✗ all arguments must have the same type");
  answers("coalesce", [[[1], [2, 3]], stringMap({ a: "1" }), "a"], "✗ all arguments must have the same type");
  answers("coalesce", [[[1], [2, 3]], stringSet("a", "b")], "✗ all arguments must have the same type");
  answers("coalesce", [[[1], [2, 3]], { a: 1 }, noStrings], "✗ all arguments must have the same type");
  answers("coalesce", [[[1], [2, 3]], { a: null }], "✗ all arguments must have the same type");
  answers("coalesce", [[[1], [2, 3]], { b: true }], "✗ all arguments must have the same type");
  answers("coalesce", [[], []], "[]");
  answers("coalesce", [[], [], "a"], "✗ all arguments must have the same type");
  answers("coalesce", [[], stringMap({ a: "1" }), { b: true }], "✗ all arguments must have the same type");
  answers("coalesce", [[], strings("q", "r"), "5"], "✗ all arguments must have the same type");
  answers("coalesce", [[], { a: 1 }, ["a"]], "✗ all arguments must have the same type");
  answers("coalesce", [[], { b: true }, ["a"]], "✗ all arguments must have the same type");
  answers("coalesce", [[], {}], "✗ all arguments must have the same type");
  answers("coalesce", [[null], "5", [1]], "✗ all arguments must have the same type");
  answers("coalesce", [[null], ["a"]], "[null]");
  answers("coalesce", [[null], [null]], "[null]");
  answers("coalesce", [[null], [strings("q", "r"), [1]]], "[null]");
  answers("coalesce", [[null], noStrings], "[null]");
  answers("coalesce", [[null], noStrings, { a: null }], "✗ all arguments must have the same type");
  answers("coalesce", [[null], stringSet("a", "b")], "[null]");
  answers("coalesce", [[null], { a: 1 }], "✗ all arguments must have the same type");
  answers("coalesce", [[null], { a: strings("q", "r") }], "✗ all arguments must have the same type");
  answers("coalesce", [[strings("q", "r"), [1]], "5"], "✗ all arguments must have the same type");
  answers("coalesce", [[strings("q", "r"), [1]], ["a"], [{ a: 1 }, { b: 2 }]], "✗ all arguments must have the same type");
  answers(
    "coalesce",
    [
      [strings("q", "r"), [1]],
      [1, "a"],
    ],
    "✗ all arguments must have the same type",
  );
  answers(
    "coalesce",
    [
      [strings("q", "r"), [1]],
      [[1], [2, 3]],
    ],
    '[["q","r"],[1]]',
  );
  answers("coalesce", [[strings("q", "r"), [1]], noStrings], "✗ all arguments must have the same type");
  answers("coalesce", [[strings("q", "r"), [1]], null, { a: strings("q", "r") }], "✗ all arguments must have the same type");
  answers("coalesce", [[strings("q", "r"), [1]], { a: "x" }], "✗ all arguments must have the same type");
  answers("coalesce", [[strings("q", "r"), [1]], { a: null }], "✗ all arguments must have the same type");
  answers("coalesce", [[strings("q", "r"), [1]], { a: strings("q", "r") }], "✗ all arguments must have the same type");
  answers("coalesce", [[strings("q", "r"), [1]], { b: true }], "✗ all arguments must have the same type");
  answers("coalesce", [[true, 1], "5"], "✗ all arguments must have the same type");
  answers("coalesce", [[true, 1], ["a"]], '["true","1"]');
  answers("coalesce", [[true, 1], ["a"], [{ a: 1 }, { b: 2 }]], "✗ all arguments must have the same type");
  answers("coalesce", [[true, 1], [1]], "✗ all arguments must have the same type");
  answers("coalesce", [[true, 1], [[1], [2, 3]], { b: true }], "✗ all arguments must have the same type");
  answers("coalesce", [[true, 1], [null]], "✗ all arguments must have the same type");
  answers(
    "coalesce",
    [
      [true, 1],
      [true, 1],
    ],
    "[true,1]",
  );
  answers("coalesce", [[true, 1], true, "a"], "✗ all arguments must have the same type");
  answers("coalesce", [[true, 1], stringSet("a", "b")], '["1","true"]');
  answers("coalesce", [[true, 1], stringSet("a", "b"), {}], "✗ all arguments must have the same type");
  answers("coalesce", [[true, 1], {}], "✗ all arguments must have the same type");
  answers("coalesce", [[{ a: 1 }, { b: 2 }], ["a"]], "✗ all arguments must have the same type");
  answers("coalesce", [[{ a: 1 }, { b: 2 }], [null]], '[{"a":1},{"b":2}]');
  answers(
    "coalesce",
    [
      [{ a: 1 }, { b: 2 }],
      [strings("q", "r"), [1]],
    ],
    "✗ all arguments must have the same type",
  );
  answers("coalesce", [[{ a: 1 }, { b: 2 }], [strings("q", "r"), [1]], {}], "✗ all arguments must have the same type");
  answers("coalesce", [[{ a: 1 }, { b: 2 }], strings("a", null)], "✗ all arguments must have the same type");
  answers("coalesce", [[{ a: 1 }, { b: 2 }], null], '[{"a":1},{"b":2}]');
  answers("coalesce", [[{ a: 1 }, { b: 2 }], { a: 1 }], "✗ all arguments must have the same type");
  answers("coalesce", [[{ a: 1 }, { b: 2 }], { a: strings("q", "r") }, [null]], "✗ all arguments must have the same type");
  answers("coalesce", [[{ a: 1 }, { b: 2 }], { a: strings("q", "r") }, [{ a: 1 }, { b: 2 }]], "✗ all arguments must have the same type");
  answers("coalesce", [[{ a: 1 }, { b: 2 }], { b: true }, true], "✗ all arguments must have the same type");
  answers("coalesce", [[{ a: 1 }, { b: 2 }], {}], "✗ all arguments must have the same type");
  answers("coalesce", [strings("a", null), [null]], '["a",null]');
  answers("coalesce", [strings("a", null), noStrings], '["a",null]');
  answers("coalesce", [strings("a", null), true, [true, 1]], "✗ all arguments must have the same type");
  answers("coalesce", [strings("a", null), { a: 1 }], "✗ all arguments must have the same type");
  answers("coalesce", [strings("a", null), { a: null }], "✗ all arguments must have the same type");
  answers("coalesce", [stringMap({ a: "1" }), "a", null], '{"a":"1"}');
  answers("coalesce", [stringMap({ a: "1" }), ["a"]], "✗ all arguments must have the same type");
  answers("coalesce", [stringMap({ a: "1" }), [null]], "✗ all arguments must have the same type");
  answers("coalesce", [stringMap({ a: "1" }), stringMap({ a: "1" })], '{"a":"1"}');
  answers("coalesce", [stringMap({ a: "1" }), null], '{"a":"1"}');
  answers("coalesce", [noStrings, ["a"]], '["a"]');
  answers("coalesce", [noStrings, [1]], '["1"]');
  answers("coalesce", [noStrings, [[1], [2, 3]]], "✗ all arguments must have the same type");
  answers("coalesce", [noStrings, [true, 1]], '["true","1"]');
  answers("coalesce", [noStrings, [{ a: 1 }, { b: 2 }]], "✗ all arguments must have the same type");
  answers("coalesce", [noStrings, null], "✗ no non-null arguments");
  answers("coalesce", [noStrings, stringSet("a", "b")], '["a","b"]');
  answers("coalesce", [noStrings, { a: 1 }], "✗ all arguments must have the same type");
  answers("coalesce", [noStrings, { b: true }, [true, 1]], "✗ all arguments must have the same type");
  answers("coalesce", [noStrings, {}], "✗ all arguments must have the same type");
  answers("coalesce", [null, "5", [1, "a"]], '"5"');
  answers("coalesce", [null, strings("a", null)], '["a",null]');
  answers("coalesce", [null, stringMap({ a: "1" })], '{"a":"1"}');
  answers("coalesce", [null, { a: "x" }], '{"a":"x"}');
  answers("coalesce", [null, { a: strings("q", "r") }], '{"a":["q","r"]}');
  answers("coalesce", [strings("q", "r"), "5", 1], "✗ all arguments must have the same type");
  answers("coalesce", [strings("q", "r"), "a"], "✗ all arguments must have the same type");
  answers("coalesce", [strings("q", "r"), 1], "✗ all arguments must have the same type");
  answers("coalesce", [strings("q", "r"), ["a"], { a: 1 }], "✗ all arguments must have the same type");
  answers("coalesce", [strings("q", "r"), [1, "a"]], '["q","r"]');
  answers("coalesce", [strings("q", "r"), []], '["q","r"]');
  answers("coalesce", [strings("q", "r"), [{ a: 1 }, { b: 2 }]], "✗ all arguments must have the same type");
  answers("coalesce", [strings("q", "r"), strings("q", "r")], '["q","r"]');
  answers("coalesce", [strings("q", "r"), { a: strings("q", "r") }], "✗ all arguments must have the same type");
  answers("coalesce", [strings("q", "r"), { b: true }], "✗ all arguments must have the same type");
  answers("coalesce", [true, [null], [1, "a"]], "✗ all arguments must have the same type");
  answers("coalesce", [true, [true, 1], { b: true }], "✗ all arguments must have the same type");
  answers("coalesce", [true, strings("a", null)], "✗ all arguments must have the same type");
  answers("coalesce", [true, stringSet("a", "b")], "✗ all arguments must have the same type");
  answers("coalesce", [true, { a: 1 }], "✗ all arguments must have the same type");
  answers("coalesce", [stringSet("a", "b"), [1, "a"]], '["a","b"]');
  answers("coalesce", [stringSet("a", "b"), [true, 1]], '["a","b"]');
  answers("coalesce", [stringSet("a", "b"), [{ a: 1 }, { b: 2 }]], "✗ all arguments must have the same type");
  answers("coalesce", [stringSet("a", "b"), strings("a", null), strings("a", null)], '["a","b"]');
  answers("coalesce", [stringSet("a", "b"), noStrings], '["a","b"]');
  answers("coalesce", [stringSet("a", "b"), stringSet("a", "b")], '["a","b"]');
  answers("coalesce", [stringSet("a", "b"), { a: null }], "✗ all arguments must have the same type");
  answers("coalesce", [{ a: "x" }, "5"], "✗ all arguments must have the same type");
  answers("coalesce", [{ a: "x" }, "5", stringSet("a", "b")], "✗ all arguments must have the same type");
  answers("coalesce", [{ a: "x" }, "a", null], '{"a":"x"}');
  answers("coalesce", [{ a: "x" }, [[1], [2, 3]]], "✗ all arguments must have the same type");
  answers("coalesce", [{ a: "x" }, [true, 1]], "✗ all arguments must have the same type");
  answers("coalesce", [{ a: "x" }, [{ a: 1 }, { b: 2 }]], "✗ all arguments must have the same type");
  answers("coalesce", [{ a: "x" }, [{ a: 1 }, { b: 2 }], null], "✗ all arguments must have the same type");
  answers("coalesce", [{ a: "x" }, stringMap({ a: "1" }), { a: "x" }], '{"a":"x"}');
  answers("coalesce", [{ a: "x" }, null], '{"a":"x"}');
  answers("coalesce", [{ a: "x" }, true], "✗ all arguments must have the same type");
  answers("coalesce", [{ a: "x" }, { a: "x" }], '{"a":"x"}');
  answers("coalesce", [{ a: 1 }, "5"], "✗ all arguments must have the same type");
  answers("coalesce", [{ a: 1 }, [1, "a"], stringSet("a", "b")], "✗ all arguments must have the same type");
  answers("coalesce", [{ a: 1 }, [true, 1], "5"], "✗ all arguments must have the same type");
  answers("coalesce", [{ a: 1 }, [{ a: 1 }, { b: 2 }]], "✗ all arguments must have the same type");
  answers("coalesce", [{ a: 1 }, stringMap({ a: "1" }), "5"], "✗ all arguments must have the same type");
  answers("coalesce", [{ a: 1 }, strings("q", "r")], "✗ all arguments must have the same type");
  answers("coalesce", [{ a: 1 }, { a: "x" }], '{"a":"1"}');
  answers("coalesce", [{ a: null }, "a"], "✗ all arguments must have the same type");
  answers("coalesce", [{ a: null }, "a", "a"], "✗ all arguments must have the same type");
  answers("coalesce", [{ a: null }, [null]], "✗ all arguments must have the same type");
  answers("coalesce", [{ a: null }, strings("q", "r")], "✗ all arguments must have the same type");
  answers("coalesce", [{ a: null }, { a: "x" }], '{"a":null}');
  answers("coalesce", [{ a: strings("q", "r") }, 1], "✗ all arguments must have the same type");
  answers("coalesce", [{ a: strings("q", "r") }, ["a"]], "✗ all arguments must have the same type");
  answers("coalesce", [{ a: strings("q", "r") }, ["a"], null], "✗ all arguments must have the same type");
  answers("coalesce", [{ a: strings("q", "r") }, [1, "a"]], "✗ all arguments must have the same type");
  answers("coalesce", [{ a: strings("q", "r") }, [1]], "✗ all arguments must have the same type");
  answers("coalesce", [{ a: strings("q", "r") }, [null], true], "✗ all arguments must have the same type");
  answers("coalesce", [{ a: strings("q", "r") }, [true, 1]], "✗ all arguments must have the same type");
  answers("coalesce", [{ a: strings("q", "r") }, stringMap({ a: "1" }), 1], "✗ all arguments must have the same type");
  answers("coalesce", [{ a: strings("q", "r") }, null], '{"a":["q","r"]}');
  answers("coalesce", [{ a: strings("q", "r") }, stringSet("a", "b")], "✗ all arguments must have the same type");
  answers("coalesce", [{ a: strings("q", "r") }, { a: "x" }, { a: 1 }], "✗ all arguments must have the same type");
  answers("coalesce", [{ b: true }, "a"], "✗ all arguments must have the same type");
  answers("coalesce", [{ b: true }, 1, [1, "a"]], "✗ all arguments must have the same type");
  answers("coalesce", [{ b: true }, [1]], "✗ all arguments must have the same type");
  answers("coalesce", [{ b: true }, [1], [true, 1]], "✗ all arguments must have the same type");
  answers("coalesce", [{ b: true }, [[1], [2, 3]], []], "✗ all arguments must have the same type");
  answers("coalesce", [{ b: true }, [null]], "✗ all arguments must have the same type");
  answers("coalesce", [{ b: true }, strings("a", null)], "✗ all arguments must have the same type");
  answers("coalesce", [{ b: true }, stringMap({ a: "1" })], '{"b":"true"}');
  answers("coalesce", [{ b: true }, stringMap({ a: "1" }), "a"], "✗ all arguments must have the same type");
  answers("coalesce", [{ b: true }, noStrings, "a"], "✗ all arguments must have the same type");
  answers("coalesce", [{ b: true }, strings("q", "r")], "✗ all arguments must have the same type");
  answers("coalesce", [{ b: true }, { a: 1 }], "✗ all arguments must have the same type");
  answers("coalesce", [{ b: true }, { a: null }], '{"b":true}');
  answers("coalesce", [{ b: true }, {}, { a: 1 }], "✗ all arguments must have the same type");
  answers("coalesce", [{}, [1]], "✗ all arguments must have the same type");
  answers("coalesce", [{}, [null]], "✗ all arguments must have the same type");
  answers("coalesce", [{}, [true, 1]], "✗ all arguments must have the same type");
  answers("coalesce", [{}, [{ a: 1 }, { b: 2 }]], "✗ all arguments must have the same type");
  answers("coalesce", [{}, [{ a: 1 }, { b: 2 }], true], "✗ all arguments must have the same type");
  answers("coalesce", [{}, null], "{}");
  answers("coalesce", [{}, true], "✗ all arguments must have the same type");
  answers("coalesce", [{}, stringSet("a", "b"), [true, 1]], "✗ all arguments must have the same type");
  answers("coalesce", [{}, { a: strings("q", "r") }], "{}");
  answers("coalesce", [1, null, true], "1");
  answers("coalesce", [null, 1, true], "1");
  answers("coalesce", [true, null, 1], "true");
  answers("coalesce", [null, 1, [1]], "1");
  answers("coalesce", [null, [1], 1], "[1]");
  answers("coalesce", [null, { a: 1 }, stringMap({ a: "1" })], '{"a":"1"}');
  answers("coalesce", [stringMap({ a: "1" }), null, { a: 1 }], '{"a":"1"}');
  answers("coalesce", [{ a: true }, null, { a: "1" }], '{"a":true}');
  answers("coalesce", [{ a: true }, { a: 1 }, null], '{"a":true}');
  answers("coalesce", [{ a: true }, { b: 1 }], "✗ all arguments must have the same type");
  answers("coalesce", [[1], [true]], "✗ all arguments must have the same type");
  answers("coalesce", [[1], [true], strings("q", "r")], '["1"]');
  answers("coalesce", [[1, true], strings("q", "r")], '["1","true"]');
  answers("coalesce", [[1], strings("q", "r")], '["1"]');
  answers("coalesce", [[[1]], strings("q", "r")], "✗ all arguments must have the same type");
  answers("coalesce", [["x", [1]], strings("q", "r")], "✗ all arguments must have the same type");
  answers("coalesce", [{ a: [1] }, stringMap({ a: "1" })], "✗ all arguments must have the same type");
  answers("coalesce", [{ a: 1 }, { a: [1] }], "✗ all arguments must have the same type");
  answers("coalesce", [{ a: null }, { a: [1] }], '{"a":null}');
  answers("coalesce", [[null], [1]], "[null]");
  answers("coalesce", [[null], ["a", 1]], "[null]");
  answers("coalesce", [[], strings("q", "r")], "[]");
  answers("coalesce", [{}, stringMap({ a: "1" })], "{}");
  answers("coalesce", [[], stringSet("a", "b")], "[]");
  answers("coalesce", [stringSet("a", "b"), []], '["a","b"]');
  answers("coalesce", [stringSet("a", "b"), strings("q", "r")], '["a","b"]');
  answers("coalesce", [strings("q", "r"), stringSet("a", "b")], '["q","r"]');
  answers("coalesce", [stringSet("a", "b"), [1]], '["a","b"]');
  answers("coalesce", [[1], stringSet("a", "b")], '["1"]');
  answers("coalesce", [[1, "a"], stringSet("a", "b")], '["1","a"]');
  answers("coalesce", ["a", 1, true], '"a"');
  answers("coalesce", [1, "a", true], '"1"');
  answers("coalesce", [true, 1, "a"], '"true"');
  answers("coalesce", [{ a: 1 }, { a: 2, b: true }], "✗ all arguments must have the same type");
  answers("coalesce", [{ a: 1 }, { a: "2", b: true }], '{"a":"1"}');
  answers("coalesce", [{ a: 1 }, { a: "2", b: [1] }], "✗ all arguments must have the same type");
  answers("coalesce", [[1], ["a", true]], '["1"]');
  answers("coalesce", [[1], ["a", [true]]], "✗ all arguments must have the same type");
  answers(
    "coalesce",
    [
      [[1], [true]],
      [["a"], ["b"]],
    ],
    '[["1"],["true"]]',
  );
  answers("coalesce", [[{ a: 1 }], [{ a: "x" }]], '[{"a":"1"}]');
  answers("coalesce", [[{ a: 1 }], [{ b: "x" }]], '[{"a":"1"}]');
  answers("coalesce", [[{ a: 1 }], [{ b: "x" }, { c: true }]], '[{"a":"1"}]');
});
