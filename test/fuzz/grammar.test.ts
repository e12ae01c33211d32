/**
 * Mutated definitions, most of them broken, must never break the lexer, the parsers or the evaluator: each ends in values or in
 * diagnostics whose ranges lie inside the text, without an exception and within a second of processor time.
 *
 *   TSBAKE_FUZZ=200000 npx vitest run test/fuzz/grammar.test.ts      a long run
 */
import { expect, test } from "vitest";
import { type Diagnostic, formatDiagnosticLine, visibleFile, visibleOffset } from "../../src/diagnostics.ts";
import type { Body, Expression } from "../../src/loaders/hcl/ast.ts";
import { evaluate } from "../../src/loaders/hcl/evaluate.ts";
import { MAX_STEPS } from "../../src/loaders/hcl/evaluation.ts";
import { RARE_FAMILIES } from "../../src/loaders/hcl/functions/rare.ts";
import { standardFunctions } from "../../src/loaders/hcl/functions/standard.ts";
import { parseJson } from "../../src/loaders/hcl/json-body.ts";
import { parseHcl } from "../../src/loaders/hcl/native-body.ts";
import { mentionsOf } from "../../src/loaders/hcl/references.ts";
import type { Scope } from "../../src/loaders/hcl/scope.ts";
import { startRange } from "../../src/loaders/hcl/start-range.ts";
import { parseTypeExpression } from "../../src/loaders/hcl/type-expression.ts";
import type { Value } from "../../src/loaders/hcl/values.ts";
import { JSON_DEFINITIONS, NATIVE } from "./grammar-corpus.ts";
import { Random } from "./random.ts";

const COUNT = Number(process.env["TSBAKE_FUZZ"] ?? 20_000);
/** One input evaluates few nodes; more are refused like any definition that is too expensive. */
const STEPS = 20_000;

const FRAGMENTS: readonly string[] = (
  "{ } [ ] ( ) ${ %{ ~} ${~ \" \\ \\u \\U0001 ' ` ; = == => ... . .. , : :: ? ! - + * / % && || & ~ # // /* */ <<EOT <<-EOT EOT $ $${ %% " +
  "null true false for in if else endif endfor 0 1 -1 1e9 1e99999 0.5 .5 1.2.3 x x. x[0] x[*] x.* x.*.y upper( try( can( convert( list(string) object({ " +
  'target "t" variable "v" { default = for x in [1]: { for k, v in %{ if true } %{ endif } %{ for x in l } %{ endfor } é 日 👩‍👩‍👧 NaN "a": ,} ,] [] {}'
).split(" ");
const CHARACTERS: readonly string[] = [
  "\n",
  "\r",
  "\r\n",
  "\t",
  " ",
  "\u00a0",
  "\u2028",
  "\u0000",
  "\u001f",
  "\ufeff",
  "\ud800",
  "\udc00",
  "\u0301",
  "é",
  "\u{10570}",
  "\u{1f600}",
];

/** A few random edits; now and then something is repeated very often. */
function mutate(random: Random, seeds: readonly string[]): string {
  let text = random.pick(seeds);
  for (let edits = 1 + random.int(4); edits > 0; edits--) {
    const at = random.int(text.length + 1);
    const end = Math.min(text.length, at + random.int(random.chance(0.2) ? text.length : 12));
    const piece = random.chance(0.5) ? random.pick(FRAGMENTS) : random.pick(CHARACTERS);
    switch (random.int(7)) {
      case 0:
        text = text.slice(0, at) + text.slice(end);
        break;
      case 1:
        text = text.slice(0, at) + piece + text.slice(at);
        break;
      case 2:
        text = text.slice(0, at) + piece + text.slice(end);
        break;
      case 3:
        text = text.slice(0, end) + text.slice(at);
        break;
      case 4: {
        const other = random.pick(seeds);
        text = text.slice(0, at) + other.slice(random.int(other.length));
        break;
      }
      case 5:
        text = text.slice(0, at);
        break;
      default:
        text = text.slice(0, at) + (random.chance(0.02) ? piece.repeat(1500) : piece + piece) + text.slice(at);
    }
  }
  return text;
}

const library = standardFunctions({ env: {}, home: "/home/u", now: () => 1_600_000_000_000, randomBytes: (length) => new Uint8Array(length) }, RARE_FAMILIES);
const BLOCKS = ["target", "variable", "function", "group", "validation"].map((type) => ({ type, labelNames: type === "validation" ? [] : ["name"] }));

/** Loads a text as far as it goes and hands over all that was reported. */
function reports(text: string, format: "hcl" | "json"): readonly Diagnostic[] {
  const file = { name: `f.${format}`, text };
  const { body, diagnostics } = format === "hcl" ? parseHcl(file) : parseJson(file);
  const found = [...diagnostics];
  const variables = new Map<string, Value>();
  const scope: Scope = { variables, functions: library, budget: { steps: MAX_STEPS - STEPS, depth: 0 } };
  const visit = (expression: Expression): Value => {
    mentionsOf(expression);
    const type = parseTypeExpression(expression);
    if (!type.ok) found.push(type.diagnostic);
    const { value, diagnostics: problems } = evaluate(expression, scope);
    found.push(...problems, { severity: "error", code: "start", summary: "start", range: startRange(expression) });
    return value;
  };
  const walk = (from: Body): void => {
    const content = from.partialContent({ blocks: BLOCKS });
    found.push(...content.diagnostics);
    for (const [name, { expression }] of content.attributes) variables.set(name, visit(expression));
    for (const block of content.blocks) walk(block.body);
  };
  walk(body);
  return found;
}

/** What is wrong with a report; undefined when nothing is. */
function complaint({ summary, range, severity }: Diagnostic, text: string): string | undefined {
  if (summary === "" || severity !== "error") return "no summary";
  if (!range) return `${summary}: no range`;
  const { file, start, end } = range;
  if (start < 0 || start > end || end > file.text.length) return `${summary}: ${start}-${end} of ${file.text.length}`;
  // The texts of JSON strings are files within the one that users see.
  if (visibleOffset(file, start) > text.length) return `${summary}: begins behind the text`;
  return visibleFile(file).text === text ? undefined : `${summary}: another file`;
}

function trouble(text: string, format: "hcl" | "json"): string | undefined {
  const before = process.cpuUsage();
  try {
    const found = reports(text, format);
    const { user, system } = process.cpuUsage(before);
    if (user + system > 1_000_000) return `took ${user + system} microseconds`;
    if (found[0]) formatDiagnosticLine(found[0]);
    for (const diagnostic of found) {
      const wrong = complaint(diagnostic, text);
      if (wrong !== undefined) return wrong;
    }
    return undefined;
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
}

test.each(["hcl", "json"] as const)(
  "mutated definitions in %s end in values or in diagnostics inside the text",
  (format) => {
    const seeds = format === "hcl" ? NATIVE : JSON_DEFINITIONS;
    const troubles: { seed: number; text: string; wrong: string }[] = [];
    for (let seed = 0; seed < COUNT / 2 && troubles.length < 5; seed++) {
      const text = mutate(new Random(seed * 2 + (format === "hcl" ? 0 : 1)), seeds);
      const wrong = trouble(text, format);
      if (wrong !== undefined) troubles.push({ seed, text, wrong });
    }
    expect(troubles).toEqual([]);
  },
  Math.max(60_000, COUNT * 10),
);

test("the seeds themselves load without complaint", () => {
  const problems = [...NATIVE.map((text) => parseHcl({ name: "f.hcl", text })), ...JSON_DEFINITIONS.map((text) => parseJson({ name: "f.json", text }))].flatMap(
    (parsed) => parsed.diagnostics,
  );
  expect(problems.map(formatDiagnosticLine)).toEqual([]);
});
