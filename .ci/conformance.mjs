/**
 * Runs a conformance kit against the built command: `node .ci/conformance.mjs KIT/run`. Cases named in conformance-differs.json
 * (with the reason) must fail, all others must pass: a case that starts to pass leaves the list.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const differs = JSON.parse(readFileSync(new URL("conformance-differs.json", import.meta.url), "utf8"));
const folder = mkdtempSync(join(tmpdir(), "tsbake-kit-"));
try {
  const report = join(folder, "report.json");
  spawnSync(process.argv[2], ["--json", report, "--jobs", "2", "--", process.execPath, "dist/bin/tsbake.cjs"], { stdio: ["ignore", "ignore", "inherit"] });
  const { cases } = JSON.parse(readFileSync(report, "utf8"));
  const wrong = cases.filter(({ name, ok }) => ok === Object.hasOwn(differs, name));
  for (const { name, ok, problems } of wrong) console.log(ok ? `${name}: passes, so it must leave the list` : `${name}: ${problems.join("; ")}`);
  console.log(`${cases.length - wrong.length} passed, ${wrong.length} failed`);
  process.exitCode = wrong.length > 0 ? 1 : 0;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
