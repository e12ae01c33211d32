/** Hostile definitions end with a clear error (spec/hcl.md 9). */
import { describe, expect, it } from "vitest";
import { evaluate } from "../../../../src/loaders/hcl/evaluate.ts";
import { MAX_STEPS } from "../../../../src/loaders/hcl/evaluation.ts";
import { parseHcl } from "../../../../src/loaders/hcl/native-body.ts";
import { newBudget, type Scope } from "../../../../src/loaders/hcl/scope.ts";
import type { Value } from "../../../../src/loaders/hcl/values.ts";
import { library } from "./function-rig.ts";

/**
 * Evaluates attributes in order, each seeing those before it; the summary of the first problem, or nothing. `steps` are what is
 * left of the budget.
 */
function firstProblem(text: string, steps = MAX_STEPS): string | undefined {
  const variables = new Map<string, Value>();
  const scope: Scope = { variables, functions: library, budget: { ...newBudget(), steps: MAX_STEPS - steps } };
  const { body, diagnostics } = parseHcl({ name: "docker-bake.hcl", text });
  if (diagnostics[0]) return diagnostics[0].summary;
  for (const [name, { expression }] of body.partialContent({ blocks: [] }).attributes) {
    const outcome = evaluate(expression, scope);
    if (outcome.diagnostics[0]) return outcome.diagnostics[0].summary;
    variables.set(name, outcome.value);
  }
  return undefined;
}

/** `a0`, then each next one from the one before. */
const chain = (first: string, next: (previous: string) => string, length: number): string =>
  Array.from({ length }, (_, i) => `a${i} = ${i === 0 ? first : next(`a${i - 1}`)}\n`).join("");

describe("nesting", () => {
  const forms: readonly (readonly [open: string, middle: string, close: string])[] = [
    ["(", "1", ")"],
    ["[", "1", "]"],
    ["{a=", "1", "}"],
    ["-", "1", ""],
    ['"${', "1", '}"'],
    ["f(", "1", ")"],
    ["1 ? 1 : ", "1", ""],
    ["a[", "1", "]"],
    ["1 || 1 && 1 == 1 < 1 + 1 * (", "1", ")"],
    ["[for x in ", "y", ": x]"],
    ["x", "[*]".repeat(20_000), ""],
  ];

  it.each(forms)("of %s is refused at 20,000 levels", (open, middle, close) => {
    const count = middle.length > 10 ? 1 : 20_000;
    expect(firstProblem(`v = ${open.repeat(count)}${middle}${close.repeat(count)}\n`)).toBe("Nesting too deep");
  });

  it("of blocks and directives is refused too", () => {
    expect(firstProblem(`${"t {\n".repeat(20_000)}${"}\n".repeat(20_000)}`)).toBe("Nesting too deep");
    expect(firstProblem(`v = "${"%{if true}".repeat(20_000)}"\n`)).toBe("Nesting too deep");
  });

  it("is fine at 200 levels", () => {
    expect(firstProblem(`v = ${"[{a=(-".repeat(50)}1${")}]".repeat(50)}\n`)).toBe("Invalid operand");
    expect(firstProblem(`v = ${"[{a=(".repeat(50)}1${")}]".repeat(50)}\n`)).toBeUndefined();
  });

  it("of values by references is refused before anything walks them", () => {
    expect(firstProblem(chain("[]", (previous) => `[${previous}]`, 300))).toBe("Value too large");
    expect(firstProblem(chain("{}", (previous) => `{k = ${previous}}`, 300))).toBe("Value too large");
  });
});

describe("length", () => {
  it("of operator chains is no nesting", () => {
    expect(firstProblem(`v = ${"1 + ".repeat(20_000)}1\n`)).toBeUndefined();
    expect(firstProblem(`v = ${"true && ".repeat(20_000)}false\n`)).toBeUndefined();
  });

  it("of doubled texts is bounded", () => {
    expect(firstProblem(chain('"0123456789abcdef"', (previous) => `"\${${previous}}\${${previous}}"`, 40))).toBe("Text too long");
  });

  it("of doubled structures is bounded", () => {
    expect(firstProblem(chain("[1, 2]", (previous) => `[${previous}, ${previous}]`, 64))).toBe("Value too large");
    expect(firstProblem(chain("[1, 2]", (previous) => `concat(${previous}, ${previous})`, 64))).toBe("Value too large");
    expect(firstProblem(chain("{a = 1}", (previous) => `{x = ${previous}, y = ${previous}}`, 64))).toBe("Value too large");
  });
});

describe("work", () => {
  it("of loops in loops is bounded", () => {
    expect(firstProblem("v = [for a in range(1000): [for b in range(1000): [for c in range(1000): 1]]]\n", 20_000)).toBe("Evaluation too expensive");
    expect(firstProblem("v = [for a in range(300): [for b in range(300): 1]]\n")).toBeUndefined();
  });

  it("is counted over all expressions of a definition", () => {
    const scope: Scope = { variables: new Map(), functions: library, budget: { steps: MAX_STEPS, depth: 0 } };
    const { body } = parseHcl({ name: "docker-bake.hcl", text: "v = 1 + 1\n" });
    const expression = body.partialContent({ blocks: [] }).attributes.get("v")?.expression;
    expect(expression && evaluate(expression, scope).diagnostics[0]?.summary).toBe("Evaluation too expensive");
    expect(scope.budget.depth).toBe(0);
  });

  it("cannot be hidden in try", () => {
    expect(firstProblem(`v = try(${"[for x in range(1000): ".repeat(4)}1${"]".repeat(4)}, 1)\n`, 20_000)).toBe("Evaluation too expensive");
  });
});

describe("numbers", () => {
  it("with huge exponents are refused or printed in full, never for minutes", () => {
    expect(firstProblem("v = 1e1000000000\n")).toBe("Invalid number literal");
    expect(firstProblem('v = "${1e50000}x"\n')).toBeUndefined();
  });
});
