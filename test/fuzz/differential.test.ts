/**
 * Random definitions must resolve as the reference resolves them. Where the reference (0.36.1) is
 * installed (TSBAKE_REFERENCE, or buildx on PATH) it is asked; the recorded set runs everywhere.
 *
 *   TSBAKE_FUZZ=2000 npx vitest run test/fuzz/differential.test.ts      a long run
 *   TSBAKE_RECORD=1 npx vitest run test/fuzz/differential.test.ts       records the set anew
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { describeDifference, each, type FuzzCase, seedsTo } from "./cases.ts";
import { ATTRIBUTE_FORMS, Definitions } from "./definitions.ts";
import { FORMS, FUNCTION_NAMES, OPERATORS } from "./expressions.ts";
import { Coverage } from "./random.ts";
import { findReference, type Outcome, runCommand } from "./reference.ts";

const TSBAKE: readonly string[] = [process.execPath, join(import.meta.dirname, "../../dist/bin/tsbake.cjs")];
const RECORDED = join(import.meta.dirname, "recorded.json.gz");
const RECORDED_COUNT = 300;

/** How often the reference is asked: where it walks maps in random order it has several answers, and any of them will do. */
const ASKS = 12;

interface Recording {
  readonly reference: string;
  /** By seed, all answers the reference gave. */
  readonly outcomes: readonly (readonly Outcome[])[];
}

async function outcomeOf(command: readonly string[], fuzz: FuzzCase): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), "tsbake-fuzz-"));
  try {
    mkdirSync(join(folder, "home"));
    mkdirSync(join(folder, "in"));
    for (const [name, text] of Object.entries(fuzz.files)) writeFileSync(join(folder, "in", name), text);
    return await runCommand([...command, ...fuzz.args], { cwd: join(folder, "in"), env: { HOME: join(folder, "home"), ...fuzz.env } });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const caseOf = (seed: number, coverage = new Coverage()): FuzzCase => new Definitions(seed, coverage).generate();

const same = (a: Outcome, b: Outcome): boolean => JSON.stringify(a) === JSON.stringify(b);

/** The answers of the reference, each once; asks until `enough` says so. */
async function answers(reference: string, fuzz: FuzzCase, enough: (answer: Outcome) => boolean): Promise<readonly [Outcome, ...Outcome[]]> {
  const all: [Outcome, ...Outcome[]] = [await outcomeOf([reference], fuzz)];
  for (let i = 1, last = all[0]; i < ASKS && !enough(last); i++) {
    last = await outcomeOf([reference], fuzz);
    if (!all.some((earlier) => same(earlier, last))) all.push(last);
  }
  return all;
}

const reference = findReference();

test("the generator reaches every function, operator, form and attribute", () => {
  const coverage = new Coverage();
  for (const seed of seedsTo(2000)) caseOf(seed, coverage);
  const expected = [
    ...FUNCTION_NAMES.map((name) => `fn:${name}`),
    ...OPERATORS.map((name) => `op:${name}`),
    ...FORMS.map((name) => `form:${name}`),
    ...ATTRIBUTE_FORMS,
  ];
  expect(coverage.missing(expected, 20)).toEqual([]);
  expect(FUNCTION_NAMES).toHaveLength(106);
});

test.runIf(process.env["TSBAKE_RECORD"] && reference)("record the set", { timeout: 600_000 }, async () => {
  const outcomes: (readonly Outcome[])[] = [];
  await each(seedsTo(RECORDED_COUNT), async (seed) => {
    outcomes[seed - 1] = await answers(reference?.path ?? "", caseOf(seed), () => false);
  });
  writeFileSync(RECORDED, gzipSync(JSON.stringify({ reference: reference?.version, outcomes })));
});

test("the recorded set: no difference", { timeout: 300_000 }, async () => {
  const recording = JSON.parse(gunzipSync(readFileSync(RECORDED)).toString()) as Recording;
  expect(recording.reference).toContain("0.36.1");
  const differences: string[] = [];
  await each(seedsTo(recording.outcomes.length), async (seed) => {
    const fuzz = caseOf(seed);
    const wanted = recording.outcomes[seed - 1] as readonly Outcome[];
    const got = await outcomeOf(TSBAKE, fuzz);
    if (!wanted.some((want) => same(want, got))) differences.push(describeDifference(fuzz, wanted[0] as Outcome, got));
  });
  expect(differences.slice(0, 5)).toEqual([]);
});

test.skipIf(!reference)("against the installed reference: no difference, at most 30 % refused", { timeout: 3_600_000 }, async () => {
  const count = Number(process.env["TSBAKE_FUZZ"] ?? "60");
  const first = Number(process.env["TSBAKE_FUZZ_FROM"] ?? "1000");
  const differences: string[] = [];
  const coverage = new Coverage();
  let refused = 0;
  let random = 0;
  await each(seedsTo(count), async (index) => {
    const fuzz = caseOf(first + index, coverage);
    const got = await outcomeOf(TSBAKE, fuzz);
    const wanted = await answers(reference?.path ?? "", fuzz, (want) => same(want, got));
    if (wanted[0].exit !== 0 && got.exit !== 0) refused++;
    if (!wanted.some((want) => same(want, got))) differences.push(describeDifference(fuzz, wanted[0], got));
    else if (wanted.length > 1) random++;
  });
  const counts = [...coverage.counts].sort(([, a], [, b]) => a - b);
  console.log(`${count} definitions, ${refused} refused by both, ${random} with several answers of the reference, ${differences.length} different`);
  console.log(
    `${counts.length} forms covered, the rarest: ${counts
      .slice(0, 8)
      .map(([form, hits]) => `${form} ${hits}`)
      .join(", ")}`,
  );
  expect(differences.slice(0, 5)).toEqual([]);
  expect(refused / count).toBeLessThanOrEqual(0.3);
});
