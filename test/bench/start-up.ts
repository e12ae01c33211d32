/**
 * What a short run costs: `tsbake --print` of a five-line file with a warm and without a code cache, beside `node -e 0` and the
 * reference. Budgets: warm at most 1.15 times the reference and 1.35 times `node -e 0`, cold at most 1.7 times the reference.
 *
 *   node scripts/run-typescript.mjs test/bench/start-up.ts [ROUNDS]
 */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { engineLayout } from "../../scripts/engines/folder.ts";
import { findPrograms } from "../../scripts/engines/programs.ts";
import { type Contender, measure, report, withFolder } from "./measure.ts";

const FIVE_LINES = `target "default" {
  dockerfile-inline = "FROM scratch\\nCOPY greeting.txt /\\n"
  labels            = { "org.opencontainers.image.title" = "hello" }
  tags              = ["hello:latest"]
}
`;

const rounds = Number(process.argv[2] ?? 40);
const bin = join(process.cwd(), "dist/bin/tsbake.cjs");
const { reference } = findPrograms(engineLayout(process.env), process.env);

withFolder((folder) => {
  const home = join(folder, "home");
  const cold = join(folder, "cold");
  mkdirSync(home);
  writeFileSync(join(folder, "docker-bake.hcl"), FIVE_LINES);
  const contenders: readonly Contender[] = [
    { name: "node -e 0", command: [process.execPath, "-e", "0"] },
    ...(reference === undefined ? [] : [{ name: "reference", command: [reference, "bake", "--print"] } as const]),
    { name: "tsbake, warm cache", command: [process.execPath, bin, "--print"] },
    {
      name: "tsbake, cold cache",
      command: [process.execPath, bin, "--print"],
      env: { HOME: cold },
      before: () => rmSync(cold, { recursive: true, force: true }),
    },
    { name: "tsbake, no cache", command: [process.execPath, bin, "--print"], env: { TSBAKE_NO_CODE_CACHE: "1" } },
  ];
  // The first runs fill the code cache and the file system's.
  measure(contenders, { cwd: folder, home, rounds: 5 });
  report(`--print of five lines, ${rounds} rounds, Node ${process.version}`, measure(contenders, { cwd: folder, home, rounds }), ["node -e 0", "reference"]);
});
