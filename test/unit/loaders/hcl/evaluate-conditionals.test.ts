/** Conditionals: the type of both branches, and which problems are reported (spec/hcl.md 3.5). The expectations are the reference's. */
import { evaluates } from "./evaluate-rig.ts";

evaluates("conditionals", [
  ['true ? {a=1} : {b="x"}', '{"a":"1"}', "[hcl 44]"],
  ['true ? [1, true] : ["a"]', '["1","true"]', "[hcl 45]"],
  [
    "true ? 1 : []",
    "✗ 1,12-18: Inconsistent conditional result types; The true and false result expressions must have consistent types. The 'true' value is number, but the 'false' value is tuple.",
    "[hcl 46]",
  ],
  ["1 ? 2 : 3", "✗ 1,5-6: Incorrect condition type; The condition expression must be of type bool.", "[hcl 47]"],
  ["null ? 1 : 2", "✗ 1,5-9: Null condition; The condition value is null. Conditions must either be true or false.", "[hcl 48]"],
  ['true ? 1 : "a"', '"1"'],
  ["false ? 1 : false ? 2 : 3", "3"],
  ['true ? [1] : ["a"]', '["1"]'],
  ["true ? [] : [1]", "[]"],
  ["true ? null : 1", "null"],
  ["false ? null : [1]", "[1]"],
  ["true ? 1 : nosuch", "1"],
  ["false ? nosuch : 1", "1"],
  ["true ? nosuch : 1", '✗ 1,12-18: Unknown variable; There is no variable named "nosuch".'],
  ['"true" ? 1 : 2', "1"],
  ['"0" ? 1 : 2', "2"],
  ["nosuch ? 1 : 2", '✗ 1,5-11: Unknown variable; There is no variable named "nosuch".'],
  ["(true ? {a=1} : {b=2}).a", "1"],
  ["(true ? {a=1} : {b=2}).b", '✗ 1,27-29: Missing map element; This map does not have an element with the key "b".'],
  ['true ? {a=1} : {a="x"}', '{"a":"1"}'],
  ['true ? ["x","x"] : ts', '["x"]'],
  ["true ? ts : tl", '["a","b"]'],
  [
    "true ? 1 : true",
    "✗ 1,12-20: Inconsistent conditional result types; The true and false result expressions must have consistent types. The 'true' value is number, but the 'false' value is bool.",
  ],
  [
    "true ? {a=1} : {a=[]}",
    "✗ 1,12-26: Inconsistent conditional result types; The true and false result expressions must have consistent types. Type mismatch for object attribute \"a\": The 'true' value is number, but the 'false' value is tuple.",
  ],
  [
    "true ? {a=1,c=1} : {a=[],b=1}",
    "✗ 1,12-34: Inconsistent conditional result types; The true and false result expressions must have consistent types. Type mismatch for object attribute \"a\": The 'true' value is number, but the 'false' value is tuple.",
  ],
  [
    "true ? {a=1} : {a=1,b=[]}",
    "✗ 1,12-30: Inconsistent conditional result types; The true and false result expressions must have consistent types. The 'false' value includes object attribute \"b\", which is absent in the 'true' value.",
  ],
  [
    "true ? [1,2] : [[]]",
    "✗ 1,12-24: Inconsistent conditional result types; The true and false result expressions must have consistent types. The 'true' tuple has length 2, but the 'false' tuple has length 1.",
  ],
  [
    "true ? [1] : [[]]",
    "✗ 1,12-22: Inconsistent conditional result types; The true and false result expressions must have consistent types. Type mismatch for tuple element 0: The 'true' value is number, but the 'false' value is tuple.",
  ],
  [
    'true ? lo : "x"',
    "✗ 1,12-20: Inconsistent conditional result types; The true and false result expressions must have consistent types. The 'true' value is tuple, but the 'false' value is string.",
  ],
  [
    "true ? tl : {a=1}",
    "✗ 1,12-22: Inconsistent conditional result types; The true and false result expressions must have consistent types. The 'true' value is list of string, but the 'false' value is object.",
  ],
  ['true ? [[1]] : [["a"]]', '[["1"]]'],
  ["c ? 1", "✗ 1,10-2,1: Missing false expression in conditional; The conditional operator (...?...:...) requires a false expression, delimited by a colon."],
]);
