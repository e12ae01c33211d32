/**
 * What sending a context costs, beside the reference on the same engine: one large file, many small files, and the many again
 * unchanged. Both run in turn, so that what else the machine does hits both; what counts is the median of the rounds' ratios.
 * Times are those of the whole command; CPU is the client's alone.
 *
 *   node scripts/run-typescript.mjs test/bench/transfer.ts [--rounds 3] [--scale 1] [--only large,small,again]
 *
 * A private buildkitd is started, unless TSBAKE_BENCH_ENGINE names one (`unix:///...`). The command must be built;
 * TSBAKE_BENCH_PROGRAM is another build of it.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { copyBusybox, findBusybox } from "../../scripts/engines/busybox.ts";
import { engineLayout } from "../../scripts/engines/folder.ts";
import { findPrograms } from "../../scripts/engines/programs.ts";
import { ownFolder, stopLeftovers } from "../../scripts/engines/running.ts";
import { startBuildkitd } from "../../scripts/engines/start.ts";
import { nodeHost } from "../../src/node-host.ts";
import { ControlClient } from "../../src/runner/buildkit/client.ts";
import { connect } from "../../src/runner/connect.ts";

interface Case {
  readonly name: string;
  /** Wall time at most this many times the reference's. */
  readonly budget: number;
  fill(context: string): void;
  /** Whether the engine has the context from the round before. */
  readonly unchanged: boolean;
}

interface Cost {
  readonly wall: number;
  readonly cpu: number;
}

const options = parseArgs({
  options: { rounds: { type: "string", default: "3" }, scale: { type: "string", default: "1" }, only: { type: "string", default: "large,small,again" } },
}).values;
const rounds = Number(options.rounds);
const scale = Number(options.scale);
const layout = engineLayout(process.env);
const { reference } = findPrograms(layout, process.env);
const busybox = findBusybox(layout);
if (reference === undefined || busybox === undefined) throw new Error("the reference and busybox are needed: npm run engines");

const cases: readonly Case[] = [
  { name: "large", budget: 1.5, unchanged: false, fill: (context) => fillLarge(context, Math.round(1024 * scale)) },
  { name: "small", budget: 1, unchanged: false, fill: (context) => fillSmall(context, Math.round(50_000 * scale)) },
  { name: "again", budget: 1, unchanged: true, fill: (context) => fillSmall(context, Math.round(50_000 * scale)) },
];

/** Bytes that do not compress and differ from block to block. */
function fillLarge(context: string, megabytes: number): void {
  const block = Buffer.alloc(1024 * 1024);
  for (let at = 0, state = 1; at < block.length; at += 4) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    block.writeUInt32LE(state, at);
  }
  const path = join(context, "large");
  for (let i = 0; i < megabytes; i++) {
    block.writeUInt32LE(i, 0);
    writeFileSync(path, block, { flag: "a" });
  }
}

function fillSmall(context: string, count: number): void {
  for (let i = 0; i < count; i++) {
    if (i % 100 === 0) mkdirSync(join(context, `package-${Math.floor(i / 100)}`), { recursive: true });
    writeFileSync(join(context, `package-${Math.floor(i / 100)}`, `file-${i}.js`), `// ${i}\n`.repeat(20 + (i % 500)));
  }
}

const programs = {
  tsbake: [process.execPath, process.env["TSBAKE_BENCH_PROGRAM"] || join(process.cwd(), "dist/bin/tsbake.cjs")],
  reference: [reference, "bake"],
} as const;
type Program = keyof typeof programs;

interface Setup {
  readonly engine: string;
  readonly folder: string;
}

/** Runs one build. */
function runOnce(program: Program, cwd: string, home: string, { engine }: Setup): Cost {
  const env = program === "tsbake" ? { BUILDX_BUILDER: engine } : { BUILDX_BUILDER: storedBuilder(home, engine) };
  const command = ["-c", '"$@" >/dev/null 2>"$OUT"; status=$?; times; exit $status', "sh", ...programs[program], "--progress=plain", "--no-cache"];
  const out = join(home, "stderr");
  const started = performance.now();
  const { status, stdout } = spawnSync("sh", command, { cwd, env: { PATH: process.env["PATH"], HOME: home, OUT: out, ...env }, encoding: "utf8" });
  const wall = (performance.now() - started) / 1000;
  if (status !== 0) throw new Error(`${program} failed: ${readFileSync(out, "utf8").slice(-2000)}`);
  const [user = 0, system = 0] = [...(stdout.split("\n")[1] ?? "").matchAll(/(\d+)m([\d.]+)s/g)].map(
    ([, minutes, seconds]) => Number(minutes) * 60 + Number(seconds),
  );
  return { wall, cpu: user + system };
}

/** The reference takes addresses only from its store. */
function storedBuilder(home: string, engine: string): string {
  const made = spawnSync(programs.reference[0], ["create", "--name", "bench", "--driver", "remote", engine], {
    env: { PATH: process.env["PATH"], HOME: home },
    encoding: "utf8",
  });
  if (made.status !== 0 && !made.stderr.includes("existing instance")) throw new Error(made.stderr);
  return "bench";
}

async function prune(engine: string): Promise<void> {
  await using builder = await connect({ host: nodeHost(), builder: engine });
  await builder.prepare({ platforms: [[]] });
  for (const lease of builder.lease([0])) {
    for await (const _removed of new ControlClient(lease.channel).prune({ all: true, filter: [] }));
    lease.release();
  }
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

async function measure(which: Case, setup: Setup): Promise<Record<Program, readonly Cost[]>> {
  const cwd = join(setup.folder, which.name);
  const context = join(cwd, "context");
  mkdirSync(context, { recursive: true });
  which.fill(context);
  copyBusybox(busybox ?? "", join(cwd, "tools"));
  writeFileSync(
    join(cwd, "docker-bake.hcl"),
    'target "default" {\n  context = "context"\n  contexts = { tools = "tools" }\n  dockerfile = "../Dockerfile"\n  output = ["type=cacheonly"]\n}\n',
  );
  // The step needs the whole context, and does nothing with it.
  writeFileSync(join(cwd, "Dockerfile"), 'FROM tools\nRUN --mount=type=bind,target=/context ["/bin/busybox", "true"]\n');
  const costs: Record<Program, Cost[]> = { tsbake: [], reference: [] };
  const homes = new Map<Program, string>();
  for (const program of Object.keys(programs) as Program[]) {
    const home = mkdtempSync(join(setup.folder, "home-"));
    homes.set(program, home);
    // Starts both from warm caches of files; an unchanged context is also sent here.
    runOnce(program, cwd, home, setup);
  }
  for (let round = 0; round < rounds; round++) {
    const order: readonly Program[] = round % 2 === 0 ? ["tsbake", "reference"] : ["reference", "tsbake"];
    for (const program of order) {
      const home = homes.get(program) ?? "";
      if (!which.unchanged) {
        await prune(setup.engine);
        // Under a new name of the machine the engine cannot know the context again.
        rmSync(join(home, ".docker/buildx/.buildNodeID"), { force: true });
      }
      costs[program].push(runOnce(program, cwd, home, setup));
    }
  }
  await prune(setup.engine);
  return costs;
}

async function main(): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), "transfer-"));
  const running = ownFolder(layout);
  const named = process.env["TSBAKE_BENCH_ENGINE"] ?? "";
  try {
    const engine = named === "" ? await startBuildkitd({ layout, folder: running }) : named;
    let held = true;
    for (const which of cases.filter(({ name }) => options.only.split(",").includes(name))) {
      const costs = await measure(which, { engine, folder });
      const of = (program: Program, what: keyof Cost): number => median(costs[program].map((cost) => cost[what]));
      const ratio = (what: keyof Cost): number => median(costs.tsbake.map((cost, round) => cost[what] / (costs.reference[round]?.[what] ?? Number.NaN)));
      const shown = (program: Program): string => `${of(program, "wall").toFixed(2)} s (cpu ${of(program, "cpu").toFixed(2)} s)`;
      held &&= ratio("wall") <= which.budget;
      console.log(
        `${which.name.padEnd(6)} tsbake ${shown("tsbake")}  reference ${shown("reference")}  ratio ${ratio("wall").toFixed(2)} of at most ${which.budget} (cpu ${ratio("cpu").toFixed(2)})`,
      );
    }
    return held;
  } finally {
    if (named === "") await stopLeftovers(layout, [running]);
    rmSync(folder, { recursive: true, force: true });
  }
}

process.exitCode = (await main()) ? 0 : 1;
