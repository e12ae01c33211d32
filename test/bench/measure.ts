/** Times commands side by side: interleaved, so that what else the machine does falls on all of them alike. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Contender {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  readonly env?: Readonly<Record<string, string>>;
  /** Called before each run. */
  readonly before?: () => void;
}

export interface Timing {
  readonly name: string;
  /** Milliseconds of the fastest run, which others disturbed least. */
  readonly best: number;
  readonly median: number;
}

/** Runs each contender `rounds` times in turn, in `cwd`, with nothing from outside in the environment but PATH. */
export function measure(
  contenders: readonly Contender[],
  { cwd, home, rounds }: { readonly cwd: string; readonly home: string; readonly rounds: number },
): readonly Timing[] {
  const times = new Map(contenders.map(({ name }) => [name, [] as number[]]));
  for (let round = 0; round < rounds; round++) {
    for (const { name, command, env, before } of contenders) {
      before?.();
      const [program, ...args] = command;
      const started = performance.now();
      // NODE_EXTRA_CA_CERTS, which would cost every start of Node 20 dozens of milliseconds, stays out as well.
      const { status, stderr } = spawnSync(program, args, { cwd, env: { PATH: process.env["PATH"], HOME: home, ...env }, stdio: ["ignore", "ignore", "pipe"] });
      const took = performance.now() - started;
      if (status !== 0) throw new Error(`${command.join(" ")} ended with status ${status}: ${stderr.toString()}`);
      times.get(name)?.push(took);
    }
  }
  return contenders.map(({ name }) => {
    const sorted = (times.get(name) ?? []).sort((a, b) => a - b);
    return { name, best: sorted[0] ?? 0, median: sorted[sorted.length >> 1] ?? 0 };
  });
}

/** Prints a table of times and of ratios to each of the named ones. */
export function report(title: string, timings: readonly Timing[], against: readonly string[]): void {
  const bases = timings.filter(({ name }) => against.includes(name));
  console.log(`\n${title}`);
  console.log(
    ["", "best ms", "median ms", ...bases.map(({ name }) => `x ${name}`)].map((cell, at) => (at === 0 ? cell.padEnd(24) : cell.padStart(18))).join(""),
  );
  for (const { name, best, median } of timings) {
    const numbers = [best.toFixed(1), median.toFixed(1), ...bases.map((base) => (best / base.best).toFixed(2))];
    console.log(name.padEnd(24) + numbers.map((cell) => cell.padStart(18)).join(""));
  }
}

/** A temporary folder for the time of a benchmark. */
export function withFolder<T>(use: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), "tsbake-bench-"));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
