/**
 * What drawing costs: 500 targets under way, each with an update or a log line many times a second, on a terminal of 50 lines.
 * Prints the share of a core that the whole display takes (events in, frames out), for each renderer and for the report.
 *
 *   node scripts/run-typescript.mjs test/bench/render.ts [SECONDS]
 */
import type { BakeEvent } from "../../src/events.ts";
import { LogFiles } from "../../src/runner/progress/log-files.ts";
import { PlainRenderer } from "../../src/runner/progress/plain.ts";
import type { Display, Renderer } from "../../src/runner/progress/renderer.ts";
import { TerminalRenderer } from "../../src/runner/progress/terminal.ts";
import { Recorder } from "../../src/runner/report/recorder.ts";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const TARGETS = 500;
const STEPS = 10;
/** Log lines of each target in a second; BuildKit collects what comes within a tenth of one. */
const LINES = 2;
const TICK_MS = 100;
const LIMIT = 0.05;
const seconds = Number(process.argv[2] ?? 5);

const names = Array.from({ length: TARGETS }, (_, i) => `service-${i}`);
const nanoseconds = (): bigint => BigInt(Date.now()) * 1_000_000n;

function* opening(): Generator<BakeEvent> {
  yield { type: "start", builder: "bench", driver: "docker", targets: names, time: nanoseconds() };
  for (const [i, target] of names.entries()) {
    yield { type: "target", target, state: "running", attempt: 1, time: nanoseconds() };
    const vertexes = Array.from({ length: STEPS }, (_, step) => ({
      digest: `sha256:${i}-${step}`,
      name: `[${step + 1}/${STEPS}] RUN make ${step}`,
      inputs: [],
      cached: false,
    }));
    yield { type: "status", target, vertexes };
    yield { type: "status", target, vertexes: [{ ...(vertexes[0] as (typeof vertexes)[number]), started: nanoseconds() }] };
  }
}

/** The share of targets that have something to tell in a tick. */
function* tick(n: number): Generator<BakeEvent> {
  const every = 1000 / TICK_MS / LINES;
  for (let i = n % every; i < TARGETS; i += every) {
    const now = nanoseconds();
    const logs = [{ vertex: `sha256:${i}-0`, stream: 1, data: Buffer.from(`compiling file ${n} of many in service ${i}\n`), timestamp: now }];
    const statuses = [{ id: "layer", vertex: `sha256:${i}-0`, name: "", current: n * 1000, total: 1_000_000, timestamp: now, started: now }];
    yield { type: "status", target: names[i] as string, logs, statuses };
  }
}

/** CPU seconds a second of wall time while the renderer shows a steady stream. */
async function measure(renderer: Renderer): Promise<number> {
  for (const event of opening()) renderer.handle(event);
  await new Promise((resolve) => setTimeout(resolve, 500));
  const before = process.cpuUsage();
  const started = performance.now();
  let n = 0;
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      for (const event of tick(n++)) renderer.handle(event);
      if (performance.now() - started < seconds * 1000) return;
      clearInterval(timer);
      resolve();
    }, TICK_MS);
  });
  const { user, system } = process.cpuUsage(before);
  const share = (user + system) / 1000 / (performance.now() - started);
  await renderer.finish();
  return share;
}

let written = 0;
const display: Display = {
  write: (text) => {
    written += Buffer.byteLength(text);
  },
  env: { LANG: "C.UTF-8" },
  now: () => Date.now(),
  size: () => ({ columns: 120, rows: 50 }),
};

const folder = mkdtempSync(join(tmpdir(), "tsbake-bench-"));
const recorder = new Recorder({ now: display.now, tool: "bench" });
const idle: Renderer = { handle: () => undefined, finish: () => Promise.resolve() };
const subjects: readonly (readonly [string, Renderer])[] = [
  ["the stream itself", idle],
  ["terminal", new TerminalRenderer(display)],
  ["plain", new PlainRenderer(display)],
  ["log files", new LogFiles(join(folder, "logs"), display)],
  ["report", { handle: (event) => recorder.handle(event), finish: () => Promise.resolve() }],
];

console.log(`${TARGETS} active targets, ${TARGETS * LINES} updates a second, ${seconds} s each:`);
let failed = false;
let base = 0;
for (const [name, renderer] of subjects) {
  written = 0;
  const share = await measure(renderer);
  if (renderer === idle) base = share;
  const own = Math.max(0, share - base);
  if (name === "terminal" && own > LIMIT) failed = true;
  console.log(
    `  ${name.padEnd(18)} ${(own * 100).toFixed(2).padStart(6)} % of a core${written > 0 ? `, ${Math.round(written / 1000 / seconds)} kB/s written` : ""}${renderer === idle ? ` (makes events: ${(share * 100).toFixed(2)} %, taken off below)` : ""}`,
  );
}
rmSync(folder, { recursive: true });
console.log(failed ? `above the limit of ${LIMIT * 100} %` : `the terminal stays under ${LIMIT * 100} %`);
process.exitCode = failed ? 1 : 0;
