/** Numbers: exact binary arithmetic and shortest decimal texts (spec/hcl.md 4.2). */
import { describe, expect, it } from "vitest";
import {
  add,
  type Arithmetic,
  type BigNumber,
  ceil,
  compareNumbers,
  divide,
  floor,
  modulo,
  multiply,
  negate,
  numberFromDouble,
  numberFromInt,
  numbersEqual,
  parseNumber,
  subtract,
  truncate,
} from "../../../../src/loaders/hcl/number.ts";

const n = (text: string): BigNumber => parseNumber(text) as BigNumber;
const shown = (outcome: Arithmetic): string => ("error" in outcome ? `✗ ${outcome.error}` : outcome.toString());
const value = (outcome: Arithmetic): BigNumber => outcome as BigNumber;

describe("a number as text", () => {
  it.each([
    ["1.50", "1.5"],
    ["1e3", "1000"],
    ["-0", "-0"],
    ["0.0", "0"],
    ["1e-7", "0.0000001"],
    ["9007199254740993", "9007199254740993"],
    ["100000000000000000000000000000000000001", "100000000000000000000000000000000000001"],
    ["1p4", "16"],
    ["1P-2", "0.25"],
    [".5", "0.5"],
    ["5.", "5"],
    ["+7", "7"],
    ["-Inf", "-Inf"],
    ["inf", "+Inf"],
  ])("%s prints as %s", (text, expected) => {
    expect(n(text).toString()).toBe(expected);
  });

  it.each(["", ".", "e5", "1e", "1_0", "0x10", " 1", "1 ", "NaN", "INF", "infinity", "１", "--1", "1.2.3"])("%j is no number", (text) => {
    expect(parseNumber(text)).toBeUndefined();
  });

  it("refuses exponents whose digits would fill the memory", () => {
    expect(parseNumber("1e400000000")).toBeUndefined();
    expect(parseNumber("1p999999999")).toBeUndefined();
  });
});

describe("arithmetic keeps the larger precision and prints the shortest digits", () => {
  it.each([
    ["0.1 + 0.2", add(n("0.1"), n("0.2")), "0.3"],
    ["1/10", divide(n("1"), n("10")), "0.1"],
    ["10/4", divide(n("10"), n("4")), "2.5"],
    ["1/3", divide(n("1"), n("3")), `0.${"3".repeat(154)}5`],
    ["1/3*3", multiply(value(divide(n("1"), n("3"))), n("3")), "1"],
    ["lengths 1/3 have 64 bits", divide(numberFromInt(1), numberFromInt(3)), "0.33333333333333333334"],
    ["2^0.5 has 53 bits", numberFromDouble(Math.SQRT2), "1.4142135623730951"],
    ["2^0.5 + 1", add(numberFromDouble(Math.SQRT2), n("1")), "2.4142135623730951454746218587388284504413604736328125"],
    ["2^100 as a double", numberFromDouble(2 ** 100), "1267650600228229400000000000000"],
    ["2^100 + 0", add(numberFromDouble(2 ** 100), n("0")), "1267650600228229401496703205376"],
    ["0 * -1", multiply(n("0"), n("-1")), "-0"],
    ["7.5 % 2", modulo(n("7.5"), n("2")), "1.5"],
    ["-10 % 3", modulo(n("-10"), n("3")), "-1"],
    ["5 % 0", modulo(n("5"), n("0")), "5"],
    ["1/0", divide(n("1"), n("0")), "+Inf"],
    ["-1/0", divide(n("-1"), n("0")), "-Inf"],
  ])("%s", (_, outcome, expected) => {
    expect(shown(outcome)).toBe(expected);
  });

  it.each([
    ["0/0", divide(n("0"), n("0")), "✗ can't divide zero by zero or infinity by infinity"],
    ["inf - inf", subtract(n("inf"), n("inf")), "✗ can't subtract infinity from itself"],
    ["inf + -inf", add(n("inf"), n("-inf")), "✗ can't compute sum of opposing infinities"],
    ["0 * inf", multiply(n("0"), n("inf")), "✗ can't multiply zero by infinity"],
    ["1 % inf", modulo(n("1"), n("inf")), "✗ can't use modulo with zero and infinity"],
  ])("%s is refused", (_, outcome, expected) => {
    expect(shown(outcome)).toBe(expected);
  });
});

describe("small whole numbers", () => {
  // What is made from a binary exponent takes the long way.
  const wide = (whole: number): BigNumber => n(`${whole}p0`);
  const samples = [0, 1, 2, 3, 12, 1023, 1024, 32_768, 999_999_999];

  it("are what any number of the same value is", () => {
    for (const a of samples) {
      expect(n(String(a))).toMatchObject({ negative: false, mantissa: wide(a).mantissa, exponent: wide(a).exponent, precision: 512, infinite: false });
      expect([n(String(a)).toString(), n(String(a)).toDouble(), n(String(a)).toBigInt()]).toEqual([String(a), a, BigInt(a)]);
      for (const b of samples) {
        const [short, long] = [n(String(a)), wide(a)];
        const other = n(String(b));
        for (const of of [add, subtract, multiply]) {
          const { negative, mantissa, exponent, precision } = value(of(short, other));
          expect(value(of(long, wide(b)))).toMatchObject({ negative, mantissa, exponent, precision });
        }
        expect(Math.sign(compareNumbers(short, other))).toBe(Math.sign(compareNumbers(long, other)));
        expect(numbersEqual(short, other)).toBe(numbersEqual(long, other));
      }
    }
  });
});

describe("equality and order", () => {
  it("takes fractions as equal when they print alike", () => {
    expect(numbersEqual(value(add(n("0.1"), n("0.2"))), n("0.3"))).toBe(true);
    expect(numbersEqual(value(add(n("1.1"), n("2.2"))), n("3.3"))).toBe(false);
  });

  it("compares whole numbers exactly, and both zeros as equal", () => {
    expect(numbersEqual(n("9007199254740993"), n("9007199254740992"))).toBe(false);
    expect(numbersEqual(n("-0"), n("0"))).toBe(true);
    expect(numbersEqual(numberFromInt(5), n("5.0"))).toBe(true);
  });

  it("orders by exact value", () => {
    expect(["-Inf", "-2", "-0.5", "0", "0.3", "1e3", "+Inf"].map(n).map((each) => Math.sign(compareNumbers(each, n("0.3"))))).toEqual([
      -1, -1, -1, -1, 0, 1, 1,
    ]);
  });
});

describe("rounding", () => {
  it.each([
    ["1.2", "1", "1", "2"],
    ["-1.2", "-1", "-2", "-1"],
    ["5", "5", "5", "5"],
    ["-0.5", "-0", "-1", "-0"],
  ])("%s truncates to %s, floors to %s, ceils to %s", (text, cut, low, high) => {
    expect([truncate(n(text)), floor(n(text)), ceil(n(text))].map(String)).toEqual([cut, low, high]);
  });

  it("gives the nearest double, below the normal range too", () => {
    const doubles = [0.1, 5e-324, 1.5e-310, 2.2250738585072014e-308, 1.7976931348623157e308, -3];
    expect(doubles.map((double) => numberFromDouble(double).toDouble())).toEqual(doubles);
    expect(n("1e-400").toDouble()).toBe(0);
    expect(n("1e400").toDouble()).toBe(Infinity);
    expect(negate(n("inf")).toDouble()).toBe(-Infinity);
  });
});
