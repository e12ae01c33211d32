/**
 * How printing compose projects of 10, 100, 1,000 and 2,000 services compares with the reference. Budgets: at 1,000 services
 * under 0.6 times its time; 2,000 cost at most 2.4 times what 1,000 do.
 *
 *   node scripts/run-typescript.mjs test/bench/compose.ts [ROUNDS]
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { engineLayout } from "../../scripts/engines/folder.ts";
import { findPrograms } from "../../scripts/engines/programs.ts";
import { type Contender, measure, report, type Timing, withFolder } from "./measure.ts";

const rounds = Number(process.argv[2] ?? 5);
const bin = process.env["TSBAKE_BIN"] ?? join(process.cwd(), "dist/bin/tsbake.cjs");
const { reference } = findPrograms(engineLayout(process.env), process.env);

/** Services with the keys that people write, some of them from an anchor, and variables from .env. */
function project(count: number): string {
  const services = Array.from(
    { length: count },
    (_, index) => `  service-${index}:
    image: \${REGISTRY}/service-${index}:\${TAG:-latest}
    build:
      <<: *common
      context: ./services/${index}
      dockerfile: docker/Dockerfile
      target: prod
      labels:
        com.example.id: "${index}"
        com.example.on: yes
      cache_from:
        - type=registry,ref=\${REGISTRY}/service-${index}:cache
      x-bake:
        platforms: [linux/amd64, linux/arm64]
    environment:
      - LEVEL=info
    ports: ["80${index % 10}:80"]
    depends_on: [service-0]
`,
  );
  return `x-common: &common
  args:
    BASE: alpine:\${ALPINE:-3}
    CI:
services:
${services.join("")}`;
}

const ours = new Map<number, Timing>();
for (const count of [10, 100, 1000, 2000]) {
  withFolder((folder) => {
    const home = join(folder, "home");
    mkdirSync(home);
    writeFileSync(join(folder, "compose.yaml"), project(count));
    writeFileSync(join(folder, ".env"), "REGISTRY=registry.example.com/team\nTAG=1.0\n");
    const tsbake: Contender = { name: "tsbake", command: [process.execPath, bin, "bake", "--print"] };
    // Twice unmeasured: the first run writes the code cache, the second reads it.
    measure([tsbake], { cwd: folder, home, rounds: 2 });
    const theirs: readonly Contender[] = reference === undefined ? [] : [{ name: "reference", command: [reference, "bake", "--print"] }];
    const timings = measure([tsbake, ...theirs], { cwd: folder, home, rounds });
    const [own] = timings;
    if (own) ours.set(count, own);
    report(
      `--print of ${count} services`,
      timings,
      theirs.map(({ name }) => name),
    );
  });
}
const [small, large] = [ours.get(1000), ours.get(2000)];
if (small && large) console.log(`\n2,000 services cost ${(large.best / small.best).toFixed(2)} times what 1,000 do`);
