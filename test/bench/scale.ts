/**
 * Many targets in one run, beside the reference on the same engines: 50 cached targets with one context of 10,000 files, 300
 * targets, and 1,000 targets on the docker driver. Prints wall time, peak memory and what failed.
 *
 *   npm run engines
 *   node scripts/run-typescript.mjs test/bench/scale.ts [ROUNDS] [TEXT]    only what has the text in its title, such as "50 cached"
 *
 * Engines are private ones, a fresh one for each scenario: an engine that has kept more than 50 builds stops now and then to forget
 * the oldest, for up to a minute. The reference is left out where it is not installed. What an engine writes down about each build
 * costs the disk's time and is the same for both; the fastest of the rounds, which run in turn, is disturbed least by all that. Three
 * seconds after a build an engine writes its trace, which is much after the reference: each run waits until that is over.
 */
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { copyBusybox, findBusybox } from "../../scripts/engines/busybox.ts";
import { engineLayout } from "../../scripts/engines/folder.ts";
import { findPrograms } from "../../scripts/engines/programs.ts";
import { startBuildkitd, startDockerd, stopAll } from "../../scripts/engines/start.ts";

const rounds = Number(process.argv[2] ?? 3);
const wanted = process.argv[3] ?? "";
const files = 10_000;
const limitMs = 600_000;
const settleMs = 8000;

interface Engine {
  readonly name: "dockerd" | "buildkitd";
  readonly address: string;
}

interface Outcome {
  readonly ms: number;
  readonly peakMb: number;
  /** The last line where it failed. */
  readonly failure?: string;
}

interface Command {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  readonly env: Readonly<Record<string, string>>;
}

/** Runs a command to its end, and looks at its memory meanwhile. */
function run({ command: [program, ...args], env }: Command, cwd: string): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(program, args, { cwd, env: { PATH: process.env["PATH"], ...env }, stdio: ["ignore", "ignore", "pipe"] });
    let stderr = "";
    let peakMb = 0;
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr = (stderr + text).slice(-2000)));
    const look = setInterval(() => (peakMb = Math.max(peakMb, peakOf(child.pid))), 50);
    const limit = setTimeout(() => child.kill("SIGKILL"), limitMs);
    child.once("error", reject);
    child.once("close", (code) => {
      clearInterval(look);
      clearTimeout(limit);
      const lines = stderr.trim().split("\n");
      resolve({
        ms: performance.now() - started,
        peakMb,
        ...(code === 0 ? {} : { failure: code === null ? "no end in ten minutes" : (lines[lines.length - 1] ?? "") }),
      });
    });
  });
}

function peakOf(pid: number | undefined): number {
  try {
    return Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1024;
  } catch {
    // It has just ended.
    return 0;
  }
}

/** A project of targets; `body` is what each has beside its context. */
function project(folder: string, name: string, count: number, body: string, withFiles: boolean): string {
  const cwd = join(folder, name);
  copyBusybox(findBusybox(engineLayout(process.env)) ?? "", join(cwd, "tools"));
  if (withFiles) writeFiles(join(cwd, "src"));
  writeFileSync(join(cwd, "Dockerfile"), `FROM scratch\nARG NAME\nCOPY --from=tools / /\n${withFiles ? "COPY src /src\n" : ""}RUN ["/bin/busybox", "true"]\n`);
  writeFileSync(
    join(cwd, "docker-bake.hcl"),
    `group "default" {\n  targets = ["t"]\n}\ntarget "t" {\n  name = "t\${n}"\n  matrix = { n = range(0, ${count}) }\n  contexts = { tools = "tools" }\n${body}}\n`,
  );
  return cwd;
}

function writeFiles(folder: string): void {
  for (let i = 0; i < files; i++) {
    const place = join(folder, String(i % 100));
    if (i < 100) mkdirSync(place, { recursive: true });
    writeFileSync(join(place, `${i}.txt`), `file ${i}\n`.repeat(10));
  }
}

const cacheOnly = '  output = ["type=cacheonly"]\n';
const distinct = `  args = { NAME = "t\${n}" }\n${cacheOnly}`;

function commands(engine: Engine, home: string, reference: string | undefined): readonly Command[] {
  const docker = engine.name === "dockerd";
  const env = { HOME: home, BUILDX_CONFIG: join(home, "buildx") };
  const ours: Command = {
    name: "tsbake",
    command: [process.execPath, join(process.cwd(), "dist/bin/tsbake.cjs"), "--progress=quiet"],
    env: { ...env, ...(docker ? { DOCKER_HOST: engine.address } : { BUILDX_BUILDER: engine.address }) },
  };
  if (reference === undefined) return [ours];
  mkdirSync(env.BUILDX_CONFIG, { recursive: true });
  const create = ["create", "--name", "bench", "--driver", "remote", engine.address];
  if (!docker) spawnSync(reference, create, { env: { PATH: process.env["PATH"], ...env } });
  return [
    ours,
    {
      name: "reference",
      command: [reference, "bake", "--progress=quiet"],
      env: { ...env, ...(docker ? { DOCKER_HOST: engine.address } : { BUILDX_BUILDER: "bench" }) },
    },
  ];
}

async function scenario(title: string, cwd: string, contenders: readonly Command[], times: number): Promise<void> {
  const outcomes = new Map(contenders.map(({ name }) => [name, [] as Outcome[]]));
  const [first] = contenders;
  // Everything is in the engine's cache before the first round.
  if (first) await run(first, cwd);
  for (let round = 0; round < times; round++) {
    const turn = round % 2 === 0 ? contenders : [...contenders].reverse();
    for (const contender of turn) {
      await sleep(settleMs);
      outcomes.get(contender.name)?.push(await run(contender, cwd));
    }
  }
  const best = (name: string): Outcome | undefined =>
    outcomes
      .get(name)
      ?.filter(({ failure }) => failure === undefined)
      .sort((a, b) => a.ms - b.ms)[0];
  console.log(`\n${title}`);
  for (const [name, list] of outcomes) {
    const fastest = best(name);
    const failed = list.filter(({ failure }) => failure !== undefined);
    const peak = Math.max(...list.map(({ peakMb }) => peakMb));
    const time = fastest ? `${(fastest.ms / 1000).toFixed(2)} s` : "-";
    console.log(
      `  ${name.padEnd(10)} ${time.padStart(9)}  peak ${peak.toFixed(0).padStart(4)} MB${failed.length > 0 ? `  failed ${failed.length} of ${list.length}: ${failed[0]?.failure}` : ""}`,
    );
  }
  const [ours, theirs] = [best("tsbake"), best("reference")];
  if (ours && theirs) console.log(`  ratio      ${(ours.ms / theirs.ms).toFixed(2)}`);
}

interface Scenario {
  readonly title: string;
  readonly project: string;
  readonly rounds: number;
  readonly kinds?: readonly Engine["name"][];
  /** The reference is not asked. */
  readonly alone?: boolean;
}

/**
 * The budget, half of the reference's time, is for what is the same: one solve is done instead of fifty. Targets that differ are a
 * build each for the engine, whoever asks, and that is nearly all of the time: for each it syncs some 40 writes of its history, mounts
 * three folders to read the Dockerfile and the ignore files, and uses 15 to 25 ms of a core. There the aim is the reference's time.
 */
const scenarios: readonly Scenario[] = [
  { title: `50 cached targets of the same solve, one context of ${files} files`, project: "same", rounds },
  { title: `50 cached targets that differ in an argument, one context of ${files} files`, project: "distinct", rounds },
  { title: "300 cached targets that differ in an argument", project: "300", rounds: Math.min(rounds, 2) },
  { title: "1,000 cached targets that differ in an argument", project: "1000", rounds: 1, kinds: ["dockerd"], alone: true },
];

async function main(): Promise<void> {
  const layout = engineLayout(process.env);
  const folder = mkdtempSync(join(tmpdir(), "tsbake-scale-"));
  const engines = join(layout.run, `bench-${process.pid}`);
  const { reference } = findPrograms(layout, process.env);
  if (reference === undefined) console.log("the reference is not installed: tsbake alone");
  try {
    project(folder, "same", 50, cacheOnly, true);
    project(folder, "distinct", 50, distinct, true);
    project(folder, "300", 300, distinct, false);
    project(folder, "1000", 1000, distinct, false);
    for (const name of ["buildkitd", "dockerd"] as const) {
      for (const { title, project: place, rounds: times, kinds, alone } of scenarios) {
        if ((kinds && !kinds.includes(name)) || !title.includes(wanted)) continue;
        const options = { layout, folder: engines };
        const address = name === "buildkitd" ? await startBuildkitd(options) : await startDockerd({ ...options, store: "containerd" });
        const home = mkdtempSync(join(folder, "home-"));
        await scenario(`${name}: ${title}`, join(folder, place), commands({ name, address }, home, alone === true ? undefined : reference), times);
        await stopAll(layout, engines);
      }
    }
  } finally {
    await stopAll(layout, engines);
    rmSync(folder, { recursive: true, force: true });
  }
}

await main();
