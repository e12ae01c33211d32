/** The library as a whole, functions that see the world, and the checklist's lines on functions (spec/hcl.md 6, 11). */
import { describe, expect, it } from "vitest";
import { rareFamilies, standardFunctions } from "../../../../src/loaders/hcl/functions/standard.ts";
import { answers, call, type Data, library, show } from "./function-rig.ts";

const NAMES =
  "absolute add and base64decode base64encode basename bcrypt byteslen bytesslice can ceil chomp chunklist cidrhost cidrnetmask cidrsubnet cidrsubnets coalesce " +
  "coalescelist compact concat contains convert csvdecode dirname distinct divide element equal flatten floor format formatdate formatlist formattimestamp " +
  "greaterthan greaterthanorequalto hasindex homedir indent index indexof int join jsondecode jsonencode keys length lessthan lessthanorequalto log lookup lower " +
  "max md5 merge min modulo multiply negate not notequal or parseint pow range regex regex_replace regexall replace reverse reverselist rsadecrypt sanitize " +
  "semvercmp sethaselement setintersection setproduct setsubtract setsymmetricdifference setunion sha1 sha256 sha512 signum slice sort split strlen substr subtract " +
  "timeadd timestamp title trim trimprefix trimspace trimsuffix try unixtimestampparse upper urlencode uuidv4 uuidv5 values zipmap";

describe("the standard library", () => {
  it("has exactly its names, in byte order", () => {
    expect(library.keys()).toEqual(NAMES.split(" "));
  });

  it("has a function behind each name", () => {
    for (const name of library.keys()) expect(library.get(name), name).toBeDefined();
  });

  it("[hcl 66] has no aliases and nothing of JavaScript's", () => {
    for (const name of ["tostring", "toset", "startswith", "file", "constructor", "toString", "__proto__"]) expect(library.get(name), name).toBeUndefined();
  });

  it("names parameters as messages about arguments do", () => {
    const signature = (name: string): readonly (string | undefined)[] => {
      const found = library.get(name);
      return [...(found?.parameters ?? []).map((parameter) => parameter.name), found?.variadic && `${found.variadic.name}...`];
    };
    expect(["upper", "semvercmp", "setunion", "bcrypt", "max", "lookup"].map(signature)).toEqual([
      ["str", undefined],
      ["version", "contraint", undefined],
      ["first_set", "other_sets..."],
      ["str", "cost..."],
      ["numbers..."],
      ["inputMap", "key", "default", undefined],
    ]);
  });
});

describe("what the host decides", () => {
  answers("timestamp", [], '"2024-02-29T12:30:15Z"');
  answers("homedir", [], '"/home/u"');
  answers("uuidv4", [], '"01112131-4151-4171-8191-a1b1c1d1e1f1"');

  it("falls back to the machine's idea of the home directory", () => {
    const other = standardFunctions({ env: {}, home: "/srv/home", now: () => 0, randomBytes: (length) => new Uint8Array(length) });
    expect(show(other.get("homedir")?.call([]) as ReturnType<typeof call>)).toBe('"/srv/home"');
  });
});

describe("limits", () => {
  const limit = "the result is longer than the limit of 16 MiB";
  it.each<readonly [string, readonly Data[]]>([
    ["format", ["%100000000d", 1]],
    ["indent", [20_000_000, "a\nb"]],
    ["replace", ["x".repeat(5000), "x", "y".repeat(5000)]],
    ["regex_replace", ["x".repeat(5000), "x", "y".repeat(5000)]],
    ["join", ["y".repeat(100_000), Array.from({ length: 200 }, () => "a")]],
  ])("%s makes no text beyond 16 MiB", (name, args) => {
    expect(show(call(name, args))).toBe(`✗ ${limit}`);
  });

  it("a product of sets has at most a million elements", () => {
    const hundred = Array.from({ length: 101 }, (_, i) => i);
    expect(show(call("setproduct", [hundred, hundred, hundred]))).toBe("✗ the product has more than 1000000 elements");
  });

  it("many distinct items are told apart in linear time", () => {
    const items: Data[] = Array.from({ length: 20_000 }, (_, i) => ({ id: i % 10_000 }));
    const outcome = call("distinct", [items]);
    expect(outcome.ok && (outcome.value.content as readonly unknown[]).length).toBe(10_000);
  });
});

describe("NaN in the reference's words", () => {
  const nan = "✗ panic in function implementation: Float.SetFloat64(NaN)";
  answers("log", [1, 1], nan);
  answers("log", [-1, 2], nan);
  answers("pow", [-1, 0.5], nan);
  answers("pow", [10, 400], "✗ cannot serialize infinity as JSON");
});

describe("the checklist", () => {
  it.each<readonly [string, string, readonly Data[], string]>([
    ["[hcl 69]", "upper", [null], "✗ str: argument must not be null"],
    ["[hcl 70]", "upper", [["a", "b"]], "✗ str: string required, but have tuple"],
    ["[hcl 71]", "join", ["-", ["a", "b"], ["c"]], '"a-b-c"'],
    ["[hcl 72]", "max", ["a", "b"], "✗ numbers: a number is required"],
    ["[hcl 73]", "title", ["hello wORLD a_b it's"], '"Hello WORLD A_b It\'S"'],
    ["[hcl 74]", "split", ["", "héy"], '["h","é","y"]'],
    ["[hcl 75]", "sort", [["b", "B", "a", "10", "9"]], '["10","9","B","a","b"]'],
    ["[hcl 76]", "range", [0, 1, 0.25], "[0,0.25,0.5,0.75]"],
    ["[hcl 77]", "coalesce", [null, 1, "x"], '"1"'],
    ["[hcl 78]", "merge", [{ a: { x: 1 } }, { a: { y: 2 } }], '{"a":{"y":2}}'],
    ["[hcl 79]", "setproduct", [["a"], []], "[]"],
    ["[hcl 80]", "format", ["%5.1f|%-4d|%q", 3.14159, 7, "x"], '"  3.1|7   |\\"x\\""'],
    ["[hcl 81]", "format", ["%s", "a", "b"], "✗ args: too many arguments; only 1 used by format string"],
    ["[hcl 82]", "jsonencode", [{ "<": "&" }], '"{\\"\\\\u003c\\":\\"\\\\u0026\\"}"'],
    ["[hcl 83]", "formatdate", ["DD/MM/YY hh:mm:ss", "2024-02-29T23:59:01+05:30"], '"29/02/24 23:59:01"'],
    ["[hcl 84]", "timeadd", ["2024-02-28T23:00:00Z", "48h"], '"2024-03-01T23:00:00Z"'],
    ["[hcl 85]", "cidrsubnet", ["10.0.0.0/8", 8, 300], "✗ prefix extension of 8 does not accommodate a subnet numbered 300"],
    ["[hcl 86]", "regex", ["x", "abc"], "✗ pattern did not match any part of the given string"],
    ["[hcl 87]", "regex_replace", ["a.b.c", "\\.", "-"], '"a-b-c"'],
    ["[hcl 93]", "uuidv5", ["url", "https://example.com"], '"4fd35a71-71ef-5a55-a9d9-aa75c889a6d0"'],
  ])("%s %s", (_, name, args, expected) => {
    expect(show(call(name, args))).toBe(expected);
  });
});

describe("families that are loaded on demand", () => {
  const host = { env: {}, home: "/", now: () => 0, randomBytes: (length: number) => new Uint8Array(length) };
  it("are loaded when a text names one of their functions, or may hide a name in escapes", async () => {
    expect(await rareFamilies(['a = upper("x")'])).toBeUndefined();
    expect(await rareFamilies(['a = upper("x")', 'b = regex_replace("a", "b", "c")'])).toBeDefined();
    expect(await rareFamilies(['{"a": "${\\u0072egex()}"}'])).toBeDefined();
  });
  it("have their names known without being there", () => {
    const common = standardFunctions(host);
    expect(common.keys()).toEqual(library.keys());
    expect(common.keys()).toHaveLength(106);
    expect(common.get("upper")).toBeDefined();
    expect(() => common.get("sha256")).toThrow("no text mentions");
  });
});
