/**
 * Random compose projects must resolve as the reference resolves them. Where the reference (0.36.1) is
 * installed (TSBAKE_REFERENCE, or buildx on PATH) it is asked; the recorded set runs everywhere.
 *
 *   TSBAKE_FUZZ=5000 npx vitest run test/fuzz/compose.test.ts      a long run
 *   TSBAKE_RECORD=1 npx vitest run test/fuzz/compose.test.ts       records the set anew
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { COMPOSE_FORMS, ComposeProjects, WRONG_FORMS } from "./compose-projects.ts";
import { composeOutcome } from "./compose-outcome.ts";
import { describeDifference, each, type FuzzCase, seedsTo } from "./cases.ts";
import { Coverage } from "./random.ts";
import { findReference, type Outcome } from "./reference.ts";

const TSBAKE: readonly string[] = [process.execPath, join(import.meta.dirname, "../../dist/bin/tsbake.cjs")];
const RECORDED = join(import.meta.dirname, "compose-recorded.json.gz");
const RECORDED_COUNT = 300;

interface Recording {
  readonly reference: string;
  readonly outcomes: readonly Outcome[];
}

const caseOf = (seed: number, coverage = new Coverage()): FuzzCase => new ComposeProjects(seed, coverage).generate();

const reference = findReference();

test("the generator reaches every key in every form, and every mistake", () => {
  const coverage = new Coverage();
  for (const seed of seedsTo(1000)) caseOf(seed, coverage);
  const counts = COMPOSE_FORMS.map((form) => [form, coverage.counts.get(form) ?? 0] as const).sort((a, b) => a[1] - b[1]);
  const rarest = counts.slice(0, 5).map(([form, count]) => `${form} ${count}`);
  const made = WRONG_FORMS.filter((form) => coverage.counts.has(form)).length;
  console.log(`1000 projects: ${COMPOSE_FORMS.length} forms, the rarest ${rarest.join(", ")}; ${made} of ${WRONG_FORMS.length} mistakes`);
  expect(coverage.missing(COMPOSE_FORMS, 10)).toEqual([]);
  for (const seed of seedsTo(8000)) caseOf(seed, coverage);
  expect(coverage.missing(WRONG_FORMS, 1)).toEqual([]);
});

test.runIf(process.env["TSBAKE_RECORD"] && reference)("record the set", { timeout: 600_000 }, async () => {
  const outcomes: Outcome[] = [];
  await each(seedsTo(RECORDED_COUNT), async (seed) => {
    outcomes[seed - 1] = await composeOutcome([reference?.path ?? ""], caseOf(seed));
  });
  writeFileSync(RECORDED, gzipSync(JSON.stringify({ reference: reference?.version, outcomes })));
});

test("the recorded set: no difference", { timeout: 300_000 }, async () => {
  const recording = JSON.parse(gunzipSync(readFileSync(RECORDED)).toString()) as Recording;
  expect(recording.reference).toContain("0.36.1");
  const differences: string[] = [];
  await each(seedsTo(recording.outcomes.length), async (seed) => {
    const fuzz = caseOf(seed);
    const want = recording.outcomes[seed - 1] as Outcome;
    const got = await composeOutcome(TSBAKE, fuzz);
    if (JSON.stringify(want) !== JSON.stringify(got)) differences.push(describeDifference(fuzz, want, got));
  });
  expect(differences.slice(0, 5)).toEqual([]);
});

test.skipIf(!reference)("against the installed reference: no difference, at most 40 % refused", { timeout: 3_600_000 }, async () => {
  const count = Number(process.env["TSBAKE_FUZZ"] ?? "1000");
  const first = Number(process.env["TSBAKE_FUZZ_FROM"] ?? "0");
  const differences: string[] = [];
  let refused = 0;
  await each(seedsTo(count), async (index) => {
    const fuzz = caseOf(first + index);
    const want = await composeOutcome([reference?.path ?? ""], fuzz);
    const got = await composeOutcome(TSBAKE, fuzz);
    if (want.exit !== 0 && got.exit !== 0) refused++;
    if (JSON.stringify(want) !== JSON.stringify(got)) differences.push(describeDifference(fuzz, want, got));
  });
  console.log(`${count} projects, ${refused} refused by both, ${differences.length} different`);
  expect(differences.slice(0, 5)).toEqual([]);
  expect(refused / count).toBeLessThanOrEqual(0.4);
});
