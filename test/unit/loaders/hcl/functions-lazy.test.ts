/** `try`, `can` and `convert` (spec/hcl.md 6.4). */
import { describe, expect, it } from "vitest";
import type { Diagnostic } from "../../../../src/diagnostics.ts";
import type { Expression } from "../../../../src/loaders/hcl/ast.ts";
import type { CallOutcome, LazyArguments } from "../../../../src/loaders/hcl/functions/function.ts";
import { BOOL, TRUE, UNKNOWN, unknownOf } from "../../../../src/loaders/hcl/values.ts";
import { type Data, library, show, toValue } from "./function-rig.ts";

const file = { name: "docker-bake.hcl", text: "ab cd ef\n" };

/** An expression that evaluates to a value, or to problems. */
type Outcome = Data | { readonly problems: readonly Diagnostic[] };

const problem = (start: number, summary: string, detail: string): Diagnostic => ({
  severity: "error",
  code: "hcl.test",
  summary,
  detail,
  range: { file, start, end: start + 2 },
});
const failing = (diagnostic: Diagnostic): Outcome => ({ problems: [diagnostic] });
const word = (root: string): Expression => {
  const range = { file, start: 6, end: 8 };
  return { kind: "traversal", root, steps: [], ...range };
};

function run(name: string, outcomes: readonly Outcome[], ...more: readonly Expression[]): CallOutcome {
  const expressions = outcomes.map((_, i): Expression => ({ kind: "anonymous", file, start: i, end: i }));
  const evaluate: LazyArguments["evaluate"] = (expression) => {
    const outcome = outcomes[expressions.indexOf(expression)] as Outcome;
    const failed = typeof outcome === "object" && outcome !== null && "problems" in outcome;
    return failed ? { value: UNKNOWN, diagnostics: outcome.problems as readonly Diagnostic[] } : { value: toValue(outcome as Data), diagnostics: [] };
  };
  return library.get(name)?.lazy?.({ expressions: [...expressions, ...more], evaluate }) as CallOutcome;
}

const bad = failing(problem(0, "Unsupported attribute", 'This object does not have an attribute named "q".'));
const worse = failing(problem(3, "Invalid index", "No such index."));

describe("try", () => {
  it("[hcl 88] gives the first that evaluates", () => {
    expect(show(run("try", [bad, worse, "d", "e"]))).toBe('"d"');
  });

  it("takes null as a success", () => {
    expect(show(run("try", [null, "x"]))).toBe("null");
  });

  it("[hcl 89] tells of every failure when all fail", () => {
    expect(run("try", [bad, worse])).toEqual({
      ok: false,
      message:
        "no expression succeeded:\n" +
        '- Unsupported attribute (at docker-bake.hcl:1,1-3)\n  This object does not have an attribute named "q".\n' +
        "- Invalid index (at docker-bake.hcl:1,4-6)\n  No such index.\n" +
        "\nAt least one expression must produce a successful result",
    });
  });

  it("wants an argument", () => {
    expect(run("try", [])).toEqual({ ok: false, message: "at least one argument is required" });
  });

  it("stays unknown when the first success is", () => {
    expect(run("try", [unknownOf(BOOL), "x"])).toEqual({ ok: true, value: UNKNOWN });
  });
});

describe("can", () => {
  it("says whether its argument evaluates", () => {
    expect([run("can", [null]), run("can", [bad])].map(show)).toEqual(["true", "false"]);
  });

  it("stays unknown for an unknown argument", () => {
    expect(run("can", [UNKNOWN])).toEqual({ ok: true, value: unknownOf(TRUE.type) });
  });
});

describe("convert", () => {
  it("converts to the type that the second argument spells", () => {
    expect(show(run("convert", [5], word("string")))).toBe('"5"');
    expect(show(run("convert", [null], word("number")))).toBe("null");
  });

  it("[hcl 90] blames the value when it does not fit", () => {
    expect(run("convert", ["yes"], word("bool"))).toEqual({ ok: false, message: "a bool is required", argument: 0 });
  });

  it("[hcl 92] reports a bad type at its place, beside the value's own problems", () => {
    const detail = 'The keyword "foo" is not a valid type specification.';
    const badType = {
      severity: "error",
      code: "hcl.type",
      summary: "Invalid type specification",
      detail,
      range: { file, start: 6, end: 8 },
    };
    expect(run("convert", [1], word("foo"))).toMatchObject({ ok: false, diagnostics: [badType] });
    expect(run("convert", [bad], word("foo"))).toMatchObject({ ok: false, diagnostics: [{ summary: "Unsupported attribute" }, badType] });
  });
});
