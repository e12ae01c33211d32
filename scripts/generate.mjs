/** `npm run generate`: runs every generator. `--check` writes nothing and fails when a generated file is stale. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const generators = ["scripts/gen-model.ts", "scripts/gen-proto.mjs", "scripts/gen-unicode.mjs", "scripts/gen-report.mjs", "scripts/gen-docs.ts"];
const check = process.argv.includes("--check") ? ["--check"] : [];

for (const script of generators) {
  const command = script.endsWith(".ts") ? ["scripts/run-typescript.mjs", script] : [script];
  const { status } = spawnSync(process.execPath, [...command, ...check], { cwd: root, stdio: "inherit" });
  if (status !== 0) {
    console.error(`${script} failed${check.length > 0 ? ": run `npm run generate` and look at what changed" : ""}`);
    process.exitCode = 1;
  }
}
