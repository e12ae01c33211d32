/** Suites by what they need: unit and structure only sources, cli and fuzz the built command, browser a terminal or Chromium, engine also BuildKit. */
import { defineConfig } from "vitest/config";
import { engineLayout } from "./scripts/engines/folder.ts";
import { findPrograms } from "./scripts/engines/programs.ts";

const { reference, opa } = findPrograms(engineLayout(process.env), process.env);
// Workers inherit them: tests find the reference and the evaluator of policies that `npm run engines` built.
if (reference !== undefined) process.env["TSBAKE_REFERENCE"] ||= reference;
if (opa !== undefined) process.env["TSBAKE_OPA"] ||= opa;

/** Suites that start processes: a process each, so that signals and working directories stay apart. */
const forks = { pool: "forks", testTimeout: 60_000, hookTimeout: 60_000 } as const;

/** Engine suites share two cores with the engines themselves: a test that fails is tried once more, and is reported as retried. */
export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      { test: { name: "unit", include: ["test/unit/**/*.test.ts", "test/structure/**/*.test.ts"], pool: "threads", isolate: false, testTimeout: 30_000 } },
      { test: { name: "cli", include: ["test/cli/**/*.test.ts", "test/conformance/**/*.test.ts"], ...forks } },
      { test: { name: "browser", include: ["test/browser/**/*.test.ts"], ...forks } },
      { test: { name: "fuzz", include: ["test/fuzz/**/*.test.ts"], ...forks } },
      { test: { name: "engine", include: ["test/engine/**/*.test.ts"], globalSetup: "test/engine/rig-setup.ts", ...forks, testTimeout: 120_000, retry: 1 } },
    ],
  },
});
