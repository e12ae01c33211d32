/** Conversion and unification of types, equality and sets (spec/hcl.md 4.5 to 4.9). */
import { describe, expect, it } from "vitest";
import { convert } from "../../../../src/loaders/hcl/convert.ts";
import { makeSet, valuesEqual } from "../../../../src/loaders/hcl/equality.ts";
import { encodeJson } from "../../../../src/loaders/hcl/json-encode.ts";
import { constraintName, friendlyName, typesEqual } from "../../../../src/loaders/hcl/types.ts";
import { unifyTypes } from "../../../../src/loaders/hcl/unify.ts";
import {
  BOOL,
  DYNAMIC,
  entriesOf,
  list,
  listOf,
  mapOf,
  NULL,
  nullOf,
  NUMBER,
  number,
  setOf,
  string,
  STRING,
  type Type,
  UNKNOWN,
  type Value,
} from "../../../../src/loaders/hcl/values.ts";
import { numberFromDouble } from "../../../../src/loaders/hcl/number.ts";
import { type Data, show, stringMap, strings, stringSet, toValue } from "./function-rig.ts";

const objectOf = (attributes: Readonly<Record<string, Type>>, ...optional: string[]): Type => ({
  kind: "object",
  attributes: new Map(Object.entries(attributes)),
  ...(optional.length > 0 && { optional: new Set(optional) }),
});
const tupleOf = (...elements: readonly Type[]): Type => ({ kind: "tuple", elements });
const converted = (data: Data, type: Type): string => show(convert(toValue(data), type));

describe("conversion", () => {
  it.each<readonly [Data, Type, string]>([
    [5, STRING, '"5"'],
    [1.5, STRING, '"1.5"'],
    [true, STRING, '"true"'],
    ["5", NUMBER, "5"],
    ["1", BOOL, "true"],
    ["0", BOOL, "false"],
    [null, NUMBER, "null"],
    [["1", 2], listOf(NUMBER), "[1,2]"],
    [[1, "a"], listOf(DYNAMIC), '["1","a"]'],
    [[3, 1, "2", 1], setOf(NUMBER), "[1,2,3]"],
    [{ a: 1, b: 2 }, mapOf(STRING), '{"a":"1","b":"2"}'],
    [{ a: 1, extra: true }, objectOf({ a: STRING }), '{"a":"1"}'],
    [{ a: 1 }, objectOf({ a: STRING, b: BOOL }, "b"), '{"a":"1","b":null}'],
    [stringMap({ a: "1" }), objectOf({ a: NUMBER }), '{"a":1}'],
    [stringSet("b", "a"), listOf(STRING), '["a","b"]'],
    [[[1], ["a"]], listOf(listOf(DYNAMIC)), '[["1"],["a"]]'],
  ])("turns %j into what the type asks", (data, type, expected) => {
    expect(converted(data, type)).toBe(expected);
  });

  it.each<readonly [Data, Type, string]>([
    ["x", NUMBER, "a number is required"],
    ["x", BOOL, "a bool is required"],
    ["True", BOOL, 'a bool is required; to convert from string, use lowercase "true"'],
    [1, BOOL, "bool required, but have number"],
    [true, NUMBER, "number required, but have bool"],
    [["x"], STRING, "string required, but have tuple"],
    ["a", listOf(DYNAMIC), "list of dynamic required, but have string"],
    [[1, ["2"]], listOf(STRING), "element 1: string required, but have tuple"],
    [{}, listOf(STRING), "list of string required"],
    [[1, [2]], listOf(DYNAMIC), "all list elements must have the same type"],
    [[1, [2]], setOf(DYNAMIC), "all set elements must have the same type"],
    [{ a: 1, b: true }, mapOf(DYNAMIC), "all map elements must have the same type"],
    [{ z: 1, a: ["x"], b: ["y"] }, mapOf(STRING), 'element "a": string required, but have tuple'],
    [{}, objectOf({ a: STRING }), 'attribute "a" is required'],
    [{}, objectOf({ b: STRING, a: STRING }), 'attributes "a" and "b" are required'],
    [{}, objectOf({ c: STRING, b: STRING, a: STRING }), 'attributes "a", "b", and "c" are required'],
    [{ a: 1 }, objectOf({ a: listOf(STRING) }), 'attribute "a": list of string required, but have number'],
    [{ a: "x" }, objectOf({ a: NUMBER }), "a number is required"],
    [stringMap({ a: "1" }), objectOf({ z: STRING }), 'map has no element for required attribute "z"'],
    [strings("a"), listOf(listOf(STRING)), "incorrect list element type: list of string required, but have string"],
    [strings("a"), mapOf(STRING), "map of string required"],
    [{ a: 1 }, tupleOf(STRING), "tuple required"],
    [[1], objectOf({}), "object required, but have tuple"],
    [[[1], [true]], listOf(listOf(DYNAMIC)), "cannot find a common base type for all elements"],
    [[[1], ["a"]], setOf(listOf(DYNAMIC)), "element types must all match for conversion to set"],
  ])("refuses %j with the reference's words", (data, type, message) => {
    expect(converted(data, type)).toBe(`✗ ${message}`);
  });

  it("leaves an unknown value unknown, in the wanted type", () => {
    expect(convert(UNKNOWN, NUMBER)).toEqual({ ok: true, value: { type: NUMBER, state: "unknown", content: undefined } });
  });

  it("takes a long list without comparing all with all", () => {
    const items: Data[] = Array.from({ length: 20_000 }, (_, i) => (i % 2 === 0 ? i : `x${i}`));
    expect(convert(toValue(items), listOf(DYNAMIC))).toMatchObject({ ok: true, value: { type: listOf(STRING) } });
  });
});

describe("the common type", () => {
  it.each<readonly [string, readonly Type[], Type | undefined]>([
    ["of nothing is dynamic", [], DYNAMIC],
    ["of number and string is string", [NUMBER, STRING], STRING],
    ["of number and bool does not exist", [NUMBER, BOOL], undefined],
    ["of a primitive and a null is the primitive", [DYNAMIC, NUMBER], NUMBER],
    ["of number, bool and a null stays open", [NUMBER, DYNAMIC, BOOL], DYNAMIC],
    ["of lists unifies their elements", [listOf(NUMBER), listOf(STRING)], listOf(STRING)],
    ["of a tuple and a list is a list", [tupleOf(NUMBER), listOf(STRING)], listOf(STRING)],
    ["of an object and a map is a map", [objectOf({ a: NUMBER }), mapOf(STRING)], mapOf(STRING)],
    ["of objects with the same names goes by attribute", [objectOf({ a: NUMBER }), objectOf({ a: STRING })], objectOf({ a: STRING })],
    ["of objects with other names is a map", [objectOf({ a: NUMBER }), objectOf({ b: STRING })], mapOf(STRING)],
    ["of tuples of one length goes by element", [tupleOf(NUMBER), tupleOf(STRING)], tupleOf(STRING)],
    ["of tuples of other lengths is a list", [tupleOf(NUMBER), tupleOf(STRING, BOOL)], listOf(STRING)],
    ["of a list and a set is the list", [setOf(STRING), listOf(STRING)], listOf(STRING)],
    ["of an object and a tuple does not exist", [objectOf({}), tupleOf()], undefined],
    ["of a tuple and a string does not exist", [tupleOf(NUMBER), STRING], undefined],
    ["of an object and a null stays open", [objectOf({ a: NUMBER }), DYNAMIC], DYNAMIC],
  ])("%s", (_, types, expected) => {
    expect(unifyTypes(types)).toEqual(expected);
  });
});

describe("equality", () => {
  it.each<readonly [Data, Data, boolean]>([
    [1, "1", false],
    [true, "true", false],
    [[], {}, false],
    [{ a: 1 }, { a: "1" }, false],
    [{ a: 1, b: [2] }, { b: [2], a: 1 }, true],
    [null, "", false],
    [["a", "b"], strings("a", "b"), false],
  ])("of %j and %j is %j", (a, b, expected) => {
    expect(valuesEqual(toValue(a), toValue(b))).toBe(expected);
  });

  it("holds for nulls of any type, and is open for unknowns", () => {
    expect(valuesEqual(NULL, nullOf(STRING))).toBe(true);
    expect(valuesEqual(UNKNOWN, string("a"))).toBeUndefined();
  });

  it("normalises text", () => {
    expect(valuesEqual(string("e\u0301"), string("\u00e9"))).toBe(true);
    expect(string("\u212b").content).toBe("\u00c5");
  });
});

describe("sets and maps", () => {
  const setText = (element: Type, ...items: readonly Value[]): string => show({ ok: true, value: makeSet(element, items) });

  it("orders texts by code point, numbers by value, null last", () => {
    expect(show({ ok: true, value: stringSet("10", "9", "B", "a", "é", "a") })).toBe('["10","9","B","a","é"]');
    expect(show({ ok: true, value: stringSet("\u{1f600}", "\uffff") })).toBe('["\uffff","\u{1f600}"]');
    expect(setText(NUMBER, toValue(10), toValue(9), toValue(2.5), toValue(9))).toBe("[2.5,9,10]");
    expect(setText(BOOL, toValue(true), toValue(false))).toBe("[false,true]");
    expect(setText(STRING, nullOf(STRING), string("a"))).toBe('["a",null]');
  });

  it("orders structures by their canonical text", () => {
    const pairs = [
      ["b", 1],
      ["a", 2],
      ["a", 1],
    ].map((pair) => toValue(pair));
    expect(setText((pairs[0] as Value).type, ...pairs)).toBe('[["a",1],["a",2],["b",1]]');
  });

  it("keeps keys in byte order", () => {
    expect([...entriesOf(stringMap({ b: "1", a: "2", B: "3", é: "4" })).keys()]).toEqual(["B", "a", "b", "é"]);
  });
});

describe("JSON text", () => {
  it("escapes what could end a script, and nothing more", () => {
    expect(encodeJson(string('<a>&"\\\n\b\u0001\u007f\u2028é'))).toEqual({
      ok: true,
      text: '"\\u003ca\\u003e\\u0026\\"\\\\\\n\\b\\u0001\u007f\\u2028é"',
    });
  });

  it("writes keys in byte order, nulls, and sets in their order", () => {
    expect(show({ ok: true, value: toValue({ b: 1, a: [null, 1, stringSet("y", "x")] }) })).toBe('{"a":[null,1,["x","y"]],"b":1}');
  });

  it("refuses infinities", () => {
    expect(encodeJson(number(numberFromDouble(Infinity)))).toEqual({ ok: false, message: "cannot serialize infinity as JSON" });
  });
});

describe("names of types", () => {
  it.each<readonly [Type, string, string]>([
    [listOf(STRING), "list of string", "list of string"],
    [mapOf(listOf(NUMBER)), "map of list of number", "map of list of number"],
    [setOf(DYNAMIC), "set of dynamic", "set of any single type"],
    [DYNAMIC, "dynamic", "any type"],
    [objectOf({ a: STRING }), "object", "object"],
    [tupleOf(STRING), "tuple", "tuple"],
  ])("%j", (type, friendly, constraint) => {
    expect([friendlyName(type), constraintName(type)]).toEqual([friendly, constraint]);
  });

  it("types are equal by structure", () => {
    expect(typesEqual(objectOf({ a: listOf(STRING) }), objectOf({ a: listOf(STRING) }))).toBe(true);
    expect(typesEqual(objectOf({ a: STRING }), objectOf({ b: STRING }))).toBe(false);
    expect(typesEqual(list(STRING, []).type, setOf(STRING))).toBe(false);
  });
});
