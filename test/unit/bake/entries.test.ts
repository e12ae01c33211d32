import { describe, expect, test } from "vitest";
import { csvFields } from "../../../src/bake/entries/csv.ts";
import { parseAttest, parseAttestMap } from "../../../src/bake/entries/attest.ts";
import { parseCache, parseCacheMap } from "../../../src/bake/entries/cache.ts";
import { outputToMap, parseOutput, parseOutputMap } from "../../../src/bake/entries/output.ts";
import { parsePolicy, parsePolicyMap, policyToMap } from "../../../src/bake/entries/policy.ts";
import { parseSecret, parseSecretMap, secretToMap } from "../../../src/bake/entries/secret.ts";
import { parseSsh, parseSshMap, sshToMap } from "../../../src/bake/entries/ssh.ts";
import type { Entries } from "../../../src/bake/definition.ts";

const read = (result: Entries): unknown => (result.ok ? result.entries : result.message);
const map = (value: Record<string, string | readonly string[]>): ReadonlyMap<string, string | readonly string[]> => new Map(Object.entries(value));

describe("a line of comma separated values", () => {
  test.each([
    ["a,b", ["a", "b"]],
    ["a,", ["a", ""]],
    ['"a,b",c', ["a,b", "c"]],
    ['"a ""q""",b', ['a "q"', "b"]],
    ["a\r\n", ["a"]],
    ["a\n\n", ["a\n"]],
    ['"a\nb"', ["a\nb"]],
  ])("%j is split into its fields", (text, fields) => {
    expect(csvFields(text)).toEqual({ ok: true, fields });
  });
  test.each([
    ["", "EOF"],
    ["\n", "EOF"],
    ['ref=x,b="q', 'parse error on line 1, column 9: bare " in non-quoted-field'],
    ['type=tar,éa"b', 'parse error on line 1, column 13: bare " in non-quoted-field'],
    ['type=tar,"a"b', 'parse error on line 1, column 12: extraneous or missing " in quoted-field'],
    ['type=tar,"a', 'parse error on line 1, column 11: extraneous or missing " in quoted-field'],
    ['type=tar,"abc', 'parse error on line 1, column 11: extraneous or missing " in quoted-field'],
    ['type=tar,"ab""', 'parse error on line 1, column 15: extraneous or missing " in quoted-field'],
  ])("%j is refused with the byte column", (text, message) => {
    expect(csvFields(text)).toEqual({ ok: false, message });
  });
});

describe("output", () => {
  test("[bake 22] a text that does not begin with type= is a directory, whatever it looks like", () => {
    expect(read(parseOutput("dest=out"))).toEqual([{ type: "local", dest: "dest=out" }]);
    expect(read(parseOutput("TYPE=image"))).toEqual([{ type: "local", dest: "TYPE=image" }]);
    expect(read(parseOutput("-"))).toEqual([{ type: "tar", dest: "-" }]);
  });
  test("[bake 23] keys are trimmed and lower-cased, values are not", () => {
    expect(read(parseOutput("type=image, NAME= x"))).toEqual([{ type: "image", name: " x" }]);
  });
  test("the map form keeps keys as they are and drops an empty destination", () => {
    expect(read(parseOutputMap(map({ type: "tar", Dest: "q", dest: "" })))).toEqual([{ type: "tar", Dest: "q" }]);
  });
  test.each([
    ["type=", "type is required for output"],
    ['"a"', "invalid value a"],
    ["type=tar,x", "invalid value x"],
  ])("%j is refused", (text, message) => {
    expect(read(parseOutput(text))).toBe(message);
  });
  test("the empty text is no entry", () => {
    expect(read(parseOutput(""))).toEqual([]);
  });
  test("it reads back with a destination", () => {
    expect(outputToMap({ type: "image" })).toEqual(map({ type: "image", dest: "" }));
  });
});

describe("cache-from and cache-to", () => {
  test("[bake 24] a text without = is a list of registry references", () => {
    expect(read(parseCache("a,b"))).toEqual([
      { type: "registry", ref: "a" },
      { type: "registry", ref: "b" },
    ]);
  });
  test("keys are lower-cased but not trimmed", () => {
    expect(read(parseCache("type=local,SRC=x, y=z"))).toEqual([{ type: "local", src: "x", " y": "z" }]);
  });
  test.each([
    ["ref=x", 'type required for "ref=x"'],
    ["ref=x\ny", 'type required for "ref=x\\ny"'],
    ["type=local,src", "invalid value src"],
    ["a,", "EOF"],
  ])("%j is refused", (text, message) => {
    expect(read(parseCache(text))).toBe(message);
  });
  test("a map without type is shown as JSON", () => {
    expect(read(parseCacheMap(map({ type: "", ref: "<x>" })))).toBe('type required for "{\\"ref\\":\\"\\\\u003cx\\\\u003e\\",\\"type\\":\\"\\"}"');
  });
});

describe("attest", () => {
  test("type and disabled are found in any spelling, other keys stay as written", () => {
    expect(read(parseAttest("Type=sbom, Foo =x, DISABLED =1"))).toEqual([{ type: "sbom", " Foo ": "x", disabled: true }]);
  });
  test("disabled=false leaves no trace", () => {
    expect(read(parseAttest("type=sbom,disabled=false"))).toEqual([{ type: "sbom" }]);
  });
  test("a text needs a type, a map does not", () => {
    expect(read(parseAttest("x=y"))).toBe("attestation type not specified");
    expect(read(parseAttestMap(map({ x: "y" })))).toEqual([{ type: "", x: "y" }]);
  });
  test("disabled must be a boolean", () => {
    expect(read(parseAttest("type=sbom,disabled=maybe"))).toBe('invalid value disabled=maybe: strconv.ParseBool: parsing "maybe": invalid syntax');
    expect(read(parseAttestMap(map({ disabled: "q" })))).toBe('strconv.ParseBool: parsing "q": invalid syntax');
  });
});

describe("secret", () => {
  test("[bake 26] type=env makes the source the variable's name", () => {
    expect(read(parseSecret("type=env,id=g,src=X"))).toEqual([{ id: "g", env: "X" }]);
    expect(read(parseSecret("type=env,id=g,src=X,env=Y"))).toEqual([{ id: "g", src: "X", env: "Y" }]);
  });
  test("[bake 27] the object form ignores type", () => {
    expect(read(parseSecretMap(map({ type: "env", id: "HOME", src: "f" })))).toEqual([{ id: "HOME", src: "f" }]);
  });
  test("the last of src and source counts", () => {
    expect(read(parseSecret("id=a,SRC=x,source=y"))).toEqual([{ id: "a", src: "y" }]);
  });
  test.each([
    ["type=foo", 'unsupported secret type "foo"'],
    ["id=a,Foo=b", "unexpected key 'foo' in 'Foo=b'"],
    ['""', "invalid field '' must be a key=value pair"],
    ["a", "invalid field 'a' must be a key=value pair"],
    ['id="x', 'failed to parse csv secret: parse error on line 1, column 4: bare " in non-quoted-field'],
  ])("%j is refused", (text, message) => {
    expect(read(parseSecret(text))).toBe(message);
  });
  test("it reads back with all three keys", () => {
    expect(secretToMap({ id: "a" })).toEqual(map({ id: "a", src: "", env: "" }));
  });
});

describe("ssh", () => {
  test("[bake 28] paths are split at commas without quoting", () => {
    expect(read(parseSsh("k=a,b"))).toEqual([{ id: "k", paths: ["a", "b"] }]);
    expect(read(parseSsh("default"))).toEqual([{ id: "default" }]);
  });
  test("empty parts are left out of objects", () => {
    expect(read(parseSshMap(new Map()))).toEqual([{}]);
    expect(read(parseSshMap(map({ id: "x", paths: ["p"] })))).toEqual([{ id: "x", paths: ["p"] }]);
    expect(sshToMap({})).toEqual(map({ id: "", paths: [] }));
  });
});

describe("policy", () => {
  const none = { Files: null, Reset: false, Disabled: false, Strict: null, LogLevel: null };
  test("file names repeat, levels are normalised", () => {
    const Files = [
      { Filename: "a", Data: null },
      { Filename: "b", Data: null },
    ];
    expect(read(parsePolicy("filename=a,filename=b,Reset=true, strict=false,log-level=WARN"))).toEqual([
      { Files, Reset: true, Disabled: false, Strict: false, LogLevel: "warning" },
    ]);
  });
  test("empty values of a map are skipped", () => {
    expect(read(parsePolicyMap(map({ filename: "", strict: "true" })))).toEqual([{ ...none, Strict: true }]);
  });
  test.each([
    ["filename=", "invalid value filename="],
    ["a.rego", "invalid value a.rego"],
    ["zz=a", "invalid value zz=a"],
    ["strict=foo", 'invalid value strict=foo: strconv.ParseBool: parsing "foo": invalid syntax'],
    ["log-level=foo", 'invalid value log-level=foo: not a valid logrus Level: "foo"'],
  ])("%j is refused", (text, message) => {
    expect(read(parsePolicy(text))).toBe(message);
  });
  test("only set keys and the first file read back", () => {
    const Files = [
      { Filename: "a", Data: null },
      { Filename: "b", Data: null },
    ];
    expect(policyToMap({ ...none, Files, Strict: false })).toEqual(map({ filename: "a", strict: "false" }));
  });
});
