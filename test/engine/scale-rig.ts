/** What the scale suites share: definitions with many targets, the events of a run, and what they say about concurrency. */
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import type { EngineRig, Run, RunOptions } from "./rig.ts";

/** An event as a line of `--events` has it: times are text. */
export interface EventLine {
  readonly type: string;
  readonly target?: string;
  readonly state?: string;
  readonly attempt?: number;
  readonly error?: string;
  readonly name?: string;
  readonly direction?: string;
  readonly bytes?: number;
  readonly done?: boolean;
  readonly succeeded?: readonly string[];
  readonly failed?: readonly string[];
  readonly cancelled?: readonly string[];
  readonly skipped?: readonly string[];
  readonly vertexes?: readonly {
    readonly digest: string;
    readonly name: string;
    readonly cached: boolean;
    readonly started?: string;
    readonly completed?: string;
  }[];
}

export interface EventfulRun {
  readonly run: Run;
  readonly events: readonly EventLine[];
}

/** Runs tsbake and reads its events. */
export async function runWithEvents(engine: EngineRig, args: readonly string[], options: RunOptions): Promise<EventfulRun> {
  const run = await engine.tsbake(["--progress=plain", "--events=events.jsonl", ...args], options);
  return { run, events: readEvents(options.cwd) };
}

export function readEvents(cwd: string): readonly EventLine[] {
  const text = readFileSync(join(cwd, "events.jsonl"), "utf8");
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as EventLine);
}

/** The last event. */
export function endOf({ events, run }: EventfulRun): EventLine {
  const last = events[events.length - 1];
  expect(last?.type, run.story).toBe("end");
  return last as EventLine;
}

/** States of one target in order, with their attempts. */
export function statesOf(events: readonly EventLine[], target: string): readonly string[] {
  return events.filter((event) => event.type === "target" && event.target === target).map(({ state, attempt }) => `${state} ${attempt}`);
}

/** Steps that really ran, each once, by the engine's clock in nanoseconds. */
export function stepsOf(events: readonly EventLine[], name: RegExp): readonly { readonly from: bigint; readonly to: bigint }[] {
  const steps = new Map<string, { from: bigint; to: bigint }>();
  for (const { vertexes = [] } of events) {
    for (const vertex of vertexes) {
      if (!name.test(vertex.name) || vertex.cached || vertex.started === undefined || vertex.completed === undefined) continue;
      // A step that is started anew for each interested build is one step from the first start on.
      const known = steps.get(vertex.digest);
      const from = BigInt(vertex.started);
      steps.set(vertex.digest, { from: known && known.from < from ? known.from : from, to: BigInt(vertex.completed) });
    }
  }
  return [...steps.values()];
}

/** How many of the steps ran at the same time at most. */
export function peakOf(steps: readonly { readonly from: bigint; readonly to: bigint }[]): number {
  const changes = steps.flatMap(({ from, to }) => [
    { at: from, by: 1 },
    { at: to, by: -1 },
  ]);
  changes.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.by - b.by));
  let now = 0;
  let peak = 0;
  for (const { by } of changes) peak = Math.max(peak, (now += by));
  return peak;
}

/** Looks at a process of this machine while it runs; the function gives the most that was seen, and ends looking. */
export function watchUsage(pid: number): () => { readonly memoryMb: number; readonly sockets: number } {
  let memoryMb = 0;
  let sockets = 0;
  const look = (): void => {
    try {
      memoryMb = Math.max(memoryMb, Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1024);
      const open = readdirSync(`/proc/${pid}/fd`).filter((file) => readlinkSync(`/proc/${pid}/fd/${file}`).startsWith("socket:"));
      sockets = Math.max(sockets, open.length);
    } catch {
      // It has ended, or a file was closed between two looks.
    }
  };
  const timer = setInterval(look, 100);
  return () => {
    clearInterval(timer);
    return { memoryMb, sockets };
  };
}

/** A Dockerfile on a shell from the project's tools; the result can be cached, unlike one that starts from a local directory. */
export const shellDockerfile = (...steps: readonly string[]): string => ["FROM scratch", "COPY --from=tools / /", "ARG NAME", ...steps].join("\n") + "\n";

/** A step by the shell. */
export const run = (command: string): string => `RUN ["/bin/busybox", "sh", "-c", ${JSON.stringify(command)}]`;

/** Targets `t0` to `tN` that differ in one argument. */
export function manyTargets(count: number, body = ""): string {
  return (
    `target "t" {\n  name = "t\${n}"\n  matrix = { n = range(0, ${count}) }\n  contexts = { tools = "tools" }\n` +
    `  args = { NAME = "t\${n}" }\n  output = ["type=cacheonly"]\n${body}}\n` +
    `group "default" {\n  targets = ["t"]\n}\n`
  );
}
