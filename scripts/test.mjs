/**
 * `npm test`: builds the command, runs everything that needs no engine, then the engine suites on whatever engines are there.
 * Ends with what was skipped and why, and the line `N passed, N failed` (`, N skipped`).
 *
 *   npm test -- --no-engine      only what needs no engine
 *   npm test -- --engine         only the engine suites
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const options = new Set(process.argv.slice(2));

const phases = [
  { title: "without engine", projects: ["unit", "cli", "browser", "fuzz"], wanted: !options.has("--engine") },
  { title: "on engines", projects: ["engine"], wanted: !options.has("--no-engine") },
];

/** Runs vitest on some projects; gives counts, and the names of skipped tests, which hold the reason. */
function runPhase({ title, projects }) {
  const folder = mkdtempSync(join(tmpdir(), "tsbake-report-"));
  const report = join(folder, "report.json");
  try {
    console.log(`\n=== ${title}: ${projects.join(", ")}`);
    const started = Date.now();
    const choice = projects.flatMap((project) => ["--project", project]);
    const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
    const vitest = join(root, "node_modules/vitest/vitest.mjs");
    const { status } = spawnSync(process.execPath, [vitest, "run", ...choice, ...reporters], { cwd: root, stdio: "inherit" });
    const result = countResults(JSON.parse(readFileSync(report, "utf8")));
    // Vitest also fails for errors outside any test.
    if (status !== 0 && result.failed === 0) result.failed = 1;
    console.log(`=== ${title}: ${Math.round((Date.now() - started) / 1000)} s`);
    return result;
  } catch (error) {
    console.error(`no report: ${error.message}`);
    return { passed: 0, failed: 1, skipped: [] };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function countResults(report) {
  const result = { passed: 0, failed: 0, skipped: [] };
  for (const file of report.testResults) {
    // A file that could not even be loaded.
    if (file.status === "failed" && !file.assertionResults.some(({ status }) => status === "failed")) result.failed++;
    for (const { status, fullName } of file.assertionResults) {
      if (status === "passed") result.passed++;
      else if (status === "failed") result.failed++;
      else result.skipped.push(fullName);
    }
  }
  return result;
}

const built = spawnSync(process.execPath, [join(root, "scripts/build.mjs")], { cwd: root, stdio: "inherit" });
if (built.status !== 0) {
  console.log("0 passed, 1 failed");
  process.exit(1);
}
const results = phases.filter(({ wanted }) => wanted).map(runPhase);
const sum = (count) => results.reduce((total, result) => total + count(result), 0);
const skipped = results.flatMap((result) => result.skipped);
if (skipped.length > 0) console.log(`\nSkipped:\n${skipped.map((name) => `  ${name}`).join("\n")}`);
const failed = sum(({ failed }) => failed);
console.log(`\n${sum(({ passed }) => passed)} passed, ${failed} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ""}`);
process.exitCode = failed > 0 ? 1 : 0;
