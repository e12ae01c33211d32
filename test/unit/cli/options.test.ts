import { describe, expect, test } from "vitest";
import { nearestName as nearest } from "../../../src/bake/nearest.ts";
import { parseArguments } from "../../../src/cli/options.ts";

function parsed(...argv: string[]) {
  const result = parseArguments(argv);
  if (!result.ok) throw new Error(result.message);
  return result;
}

function message(...argv: string[]): string | undefined {
  const result = parseArguments(argv);
  return result.ok ? undefined : result.message;
}

describe("flags", () => {
  test("flags and targets come in any order", () => {
    const { options, positionals } = parsed("api", "--print", "-f", "a.hcl", "web", "--file=b.hcl", "-fc.hcl", "-f=d.hcl");
    expect(positionals).toEqual(["api", "web"]);
    expect(options.print).toBe(true);
    expect(options.file).toEqual(["a.hcl", "b.hcl", "c.hcl", "d.hcl"]);
  });

  test("a boolean that was not given is undefined, given as false it is false", () => {
    expect(parsed().options.pull).toBeUndefined();
    expect(parsed("--pull=false").options.pull).toBe(false);
    expect(parsed("--no-cache", "--pull=T").options).toMatchObject({ "no-cache": true, pull: true });
  });

  test("of --call and its shorthand --check the last one counts", () => {
    expect(parsed("--check").options.call).toBe("check");
    expect(parsed("--check", "--call=outline").options.call).toBe("outline");
    expect(parsed("--call=outline", "--check").options.call).toBe("check");
    expect(parsed("--call=outline", "--check=false").options.call).toBe("outline");
  });

  test("the last string wins, lists collect, list values are never split", () => {
    const { options } = parsed("--progress", "plain", "--progress=quiet", "--set", "a.tags=x,y", "--set=a.args.B=c=d");
    expect(options.progress).toBe("quiet");
    expect(options.set).toEqual(["a.tags=x,y", "a.args.B=c=d"]);
  });

  test("everything after -- is a target, and a lone - is one too", () => {
    expect(parsed("--print", "--", "--push", "-x").positionals).toEqual(["--push", "-x"]);
    expect(parsed("-", "a").positionals).toEqual(["-", "a"]);
  });

  test("boolean shorthands may be joined with one that takes a value", () => {
    const { options } = parsed("-Df", "x.hcl");
    expect(options).toMatchObject({ debug: true, file: ["x.hcl"] });
  });

  test.each([
    [["--foo"], "unknown flag: --foo"],
    [["--foo=1"], "unknown flag: --foo"],
    [["-x"], "unknown shorthand flag: 'x' in -x"],
    [["-Dxy"], "unknown shorthand flag: 'x' in -xy"],
    [["--set"], "flag needs an argument: --set"],
    [["-f"], "flag needs an argument: 'f' in -f"],
    [["--push=x"], 'invalid argument "x" for "--push" flag: strconv.ParseBool: parsing "x": invalid syntax'],
    [["--debug=x"], 'invalid argument "x" for "-D, --debug" flag: strconv.ParseBool: parsing "x": invalid syntax'],
    [["--=x"], "bad flag syntax: --=x"],
  ])("%j is refused in the reference's words", (argv, expected) => {
    expect(message(...argv)).toBe(expected);
  });
});

test("the nearest name is offered only when it is near", () => {
  expect(nearest("metadata-flie", ["file", "metadata-file", "debug"])).toBe("metadata-file");
  expect(nearest("prnt", ["print", "plan"])).toBe("print");
  expect(nearest("zzzzzz", ["print", "plan"])).toBeUndefined();
});
