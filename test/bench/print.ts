/**
 * How printing grows with the number of targets, which inherit and call functions: 1,000, 5,000 and 20,000. Budgets: at least 6
 * times faster than the reference at 1,000, at least 30 times at 5,000; 20,000 cost at most 4.5 times what 5,000 do.
 *
 *   node scripts/run-typescript.mjs test/bench/print.ts [ROUNDS]
 *   node scripts/run-typescript.mjs test/bench/print.ts ROUNDS FOLDER     all targets of the definition in a folder
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { engineLayout } from "../../scripts/engines/folder.ts";
import { findPrograms } from "../../scripts/engines/programs.ts";
import { type Contender, measure, report, type Timing, withFolder } from "./measure.ts";

/** The reference needs minutes for more. */
const REFERENCE_LIMIT = 5000;

const rounds = Number(process.argv[2] ?? 5);
const bin = join(process.cwd(), "dist/bin/tsbake.cjs");
const { reference } = findPrograms(engineLayout(process.env), process.env);

/** Targets that inherit one of ten parents and compute what they are called and tagged. */
function definition(count: number): string {
  const parents = Array.from(
    { length: 10 },
    (_, index) => `target "_parent${index}" {\n  args = { PARENT = "${index}", COMMON = upper("common") }\n  labels = { vendor = VENDOR }\n}\n`,
  );
  const targets = Array.from(
    { length: count },
    (_, index) => `target "service-${index}" {
  inherits = ["_parent${index % 10}"]
  context  = "services/${index}"
  args     = { NUMBER = ${index} * 2, NAME = format("svc-%05d", ${index}) }
  tags     = [image("service-${index}"), "\${lower("LATEST")}-${index}"]
}
`,
  );
  return `variable "VENDOR" { default = "example" }
function "image" {
  params = [name]
  result = "registry.example.com/\${VENDOR}/\${name}:1.0"
}
group "default" { targets = [${targets.map((_, index) => `"service-${index}"`).join(", ")}] }
${parents.join("")}${targets.join("")}`;
}

/** All targets of the definition in a folder. The budget for a few hundred that matrices make is 5 times faster than the reference. */
function measureFolder(cwd: string): void {
  withFolder((folder) => {
    const contenders: Contender[] = [{ name: "tsbake", command: [process.execPath, bin, "--print", "*"] }];
    if (reference !== undefined) contenders.push({ name: "reference", command: [reference, "bake", "--print", "*"] });
    // The first runs keep their compiled code.
    measure(contenders.slice(0, 1), { cwd, home: folder, rounds: 6 });
    report(`--print '*' in ${cwd}`, measure(contenders, { cwd, home: folder, rounds }), ["tsbake"]);
  });
}

/** Definitions that grow, and how their times do. */
function measureCounts(): void {
  const ours = new Map<number, Timing>();
  for (const count of [1000, 5000, 20_000]) {
    withFolder((folder) => {
      const home = join(folder, "home");
      mkdirSync(home);
      writeFileSync(join(folder, "docker-bake.hcl"), definition(count));
      const tsbake: Contender = { name: "tsbake", command: [process.execPath, bin, "--print"] };
      measure([tsbake], { cwd: folder, home, rounds: 2 });
      const timings = measure([tsbake], { cwd: folder, home, rounds });
      const [own] = timings;
      if (own) ours.set(count, own);
      const theirs =
        reference === undefined || count > REFERENCE_LIMIT
          ? []
          : measure([{ name: "reference", command: [reference, "bake", "--print"] }], { cwd: folder, home, rounds: count > 1000 ? 1 : rounds });
      report(`--print of ${count} targets`, [...timings, ...theirs], ["tsbake"]);
    });
  }
  const [small, large] = [ours.get(5000), ours.get(20_000)];
  if (small && large) console.log(`\n20,000 targets cost ${(large.best / small.best).toFixed(2)} times what 5,000 do`);
}

const given = process.argv[3];
if (given === undefined) measureCounts();
else measureFolder(given);
