/** Numbers and logic: answers of the reference, one a line (spec/hcl.md 6). */
import { describe } from "vitest";
import { answers, strings } from "./function-rig.ts";

describe("absolute", () => {
  answers("absolute", [-0], "0");
  answers("absolute", [0.7], "0.7");
  answers("absolute", [7], "7");
});

describe("add", () => {
  answers("add", [Infinity, -Infinity], "✗ can't compute sum of opposing infinities");
});

describe("subtract", () => {
  answers("subtract", [Infinity, Infinity], "✗ can't subtract infinity from itself");
});

describe("multiply", () => {
  answers("multiply", [0, Infinity], "✗ can't multiply zero by infinity");
});

describe("divide", () => {
  answers("divide", [0, 0], "✗ can't divide zero by zero or infinity by infinity");
});

describe("modulo", () => {
  answers("modulo", [1, Infinity], "✗ can't use modulo with zero and infinity");
  answers("modulo", [1, 0], "1");
});

describe("negate", () => {
  answers("negate", [0], "-0");
  answers("negate", ["a"], "✗ num: a number is required");
  answers("negate", [7], "-7");
});

describe("and", () => {
  answers("and", [1, true], "✗ a: bool required, but have number");
  answers("and", [null, true], "✗ a: argument must not be null");
  answers("and", [true, null], "✗ b: argument must not be null");
});

describe("not", () => {
  answers("not", [null], "✗ val: argument must not be null");
  answers("not", ["x"], "✗ val: a bool is required");
  answers("not", [1], "✗ val: bool required, but have number");
});

describe("equal", () => {
  answers("equal", [1, "1"], "false");
  answers("equal", [[1], [1, 2]], "false");
  answers("equal", [strings("q", "r"), ["q", "r"]], "false");
  answers("equal", [null, "a"], "false");
});

describe("notequal", () => {
  answers("notequal", [null, null], "false");
});

describe("lessthan", () => {
  answers("lessthan", ["a", 1], "✗ a: a number is required");
});

describe("ceil", () => {
  answers("ceil", [-Infinity], "✗ cannot serialize infinity as JSON");
  answers("ceil", [-0.5], "0");
  answers("ceil", [1.2], "2");
  answers("ceil", [-0], "0");
});

describe("floor", () => {
  answers("floor", [Infinity], "✗ cannot serialize infinity as JSON");
  answers("floor", [-0], "0");
  answers("floor", [-2.5], "-3");
  answers("floor", [1], "1");
  answers("floor", [-0], "0");
});

describe("int", () => {
  answers("int", ["x"], "✗ num: a number is required");
  answers("int", [-0.5], "0");
  answers("int", [1], "1");
  answers("int", [2.25], "2");
  answers("int", [-0], "-0");
  answers("int", [-0], "-0");
});

describe("log", () => {
  answers("log", [0, 10], "✗ cannot serialize infinity as JSON");
  answers("log", [8, 2], "3");
  answers("log", [Infinity, 10], "✗ cannot serialize infinity as JSON");
  answers("log", [10, Infinity], "0");
  answers("log", [1000, 10], "2.9999999999999996");
  answers("log", [125, 5], "3.0000000000000004");
  answers("log", [3, 10], "0.4771212547196623");
  answers("log", [2, 10], "0.30102999566398114");
  answers("log", [7, 3], "1.7712437491614224");
  answers("log", ["1e-400", 10], "✗ cannot serialize infinity as JSON");
});

describe("pow", () => {
  answers("pow", [10, 400], "✗ cannot serialize infinity as JSON");
  answers("pow", [0, -1], "✗ cannot serialize infinity as JSON");
  answers("pow", [2, Infinity], "✗ cannot serialize infinity as JSON");
  answers("pow", [Infinity, 0], "1");
  answers("pow", [1, Infinity], "1");
  answers("pow", [-1, Infinity], "1");
  answers("pow", [2, -1], "0.5");
  answers("pow", [10, -3], "0.001");
  answers("pow", [7, 33], "7730993719707445000000000000");
  answers("pow", [1.0001, 10000], "2.718145926824356");
  answers("pow", [0.1, 1], "0.1");
  answers("pow", [2, 0.5], "1.4142135623730951");
  answers("pow", [3, 40], "12157665459056929000");
});

describe("signum", () => {
  answers("signum", [0.5], "✗ value must be a whole number, between -9223372036854775808 and 9223372036854775807");
  answers("signum", [Infinity], "✗ value must be a whole number, between -9223372036854775808 and 9223372036854775807");
  answers("signum", [1e30], "✗ value must be a whole number, between -9223372036854775808 and 9223372036854775807");
});

describe("max", () => {
  answers("max", [Infinity, 5], "✗ cannot serialize infinity as JSON");
  answers("max", [null], "✗ numbers: argument must not be null");
  answers("max", [1, null], "✗ numbers: argument must not be null");
  answers("max", ["a"], "✗ numbers: a number is required");
  answers("max", [-0, 0], "-0");
  answers("max", [0, -0], "0");
});

describe("min", () => {
  answers("min", [], "✗ must pass at least one number");
  answers("min", ["a", 1], "✗ numbers: a number is required");
});

describe("parseint", () => {
  answers("parseint", ["", 10], '✗ number: cannot parse "" as a base 10 integer');
  answers("parseint", ["12", 0.5], "✗ base: value must be a whole number, between -9223372036854775808 and 9223372036854775807");
  answers("parseint", ["12", 1], "✗ base: base must be a whole number between 2 and 62 inclusive");
  answers("parseint", ["z", 37], "35");
  answers("parseint", ["Zz", 62], "3817");
  answers("parseint", ["-", 10], '✗ number: cannot parse "-" as a base 10 integer');
  answers("parseint", ["+-1", 10], '✗ number: cannot parse "+-1" as a base 10 integer');
  answers("parseint", ["0b1", 2], '✗ number: cannot parse "0b1" as a base 2 integer');
  answers("parseint", [true, 10], "✗ number: first argument must be a string, not bool");
  answers("parseint", [null, 10], "✗ number: argument must not be null");
  answers("parseint", ["１", 10], '✗ number: cannot parse "１" as a base 10 integer');
  answers("parseint", ["00012", 10], "12");
  answers("parseint", ["-0", 10], "0");
  answers("parseint", ["a", "16"], "10");
  answers("parseint", ["ffffffffffffffffffff", 16], "1208925819614629174706175");
});
