/** A made-up build of any size, event by event: some targets cached, some failing, each with a context and a log. */
import type { BakeEvent, Vertex } from "../../src/events.ts";

export interface StreamOptions {
  readonly targets: number;
  readonly stepsEach: number;
  /** Every so many targets one fails; 0: none. */
  readonly failEvery?: number;
  /** Targets under way at a time. */
  readonly parallel?: number;
}

/** An event and when it comes, in seconds since the start. */
export type Timed = readonly [seconds: number, event: BakeEvent];

const zero = 1_700_000_000_000_000_000n;
export const at = (seconds: number): bigint => zero + BigInt(Math.round(seconds * 1e9));

/** Seconds that a step takes. */
const stepSeconds = (target: number, step: number): number => 0.2 + ((target * 7 + step * 3) % 10) / 10;

export function madeUpBuild({ targets, stepsEach, failEvery = 0, parallel = 8 }: StreamOptions): readonly Timed[] {
  const names = Array.from({ length: targets }, (_, i) => `target-${String(i).padStart(4, "0")}`);
  const timed: Timed[] = [[0, { type: "start", builder: "made-up", driver: "docker", targets: names, time: at(0) }]];
  const free = Array.from({ length: parallel }, () => 0);
  names.forEach((name, i) => {
    const lane = free.indexOf(Math.min(...free));
    free[lane] = addTarget(timed, { name, index: i, stepsEach, begin: free[lane] as number, fails: failEvery > 0 && i % failEvery === failEvery - 1 });
  });
  timed.sort(([a], [b]) => a - b);
  const last = timed.at(-1)?.[0] ?? 0;
  timed.push([last, { type: "end", succeeded: [], failed: [], cancelled: [], skipped: [], time: at(last) }]);
  return timed;
}

interface MadeUpTarget {
  readonly name: string;
  readonly index: number;
  readonly stepsEach: number;
  readonly begin: number;
  readonly fails: boolean;
}

function addTarget(timed: Timed[], { name, index, stepsEach, begin, fails }: MadeUpTarget): number {
  let time = begin;
  timed.push([time, { type: "target", target: name, state: "running", attempt: 1, time: at(time) }]);
  timed.push([time, { type: "transfer", target: name, direction: "send", name: "context", bytes: 1000, files: 1, done: false, time: at(time) }]);
  for (let step = 0; step < stepsEach; step++) {
    const failed = fails && step === stepsEach - 1;
    const cached = !failed && (index + step) % 3 === 0;
    const took = cached ? 0 : stepSeconds(index, step);
    const vertex: Vertex = {
      digest: `sha256:${index}-${step}`,
      name: `[${step + 1}/${stepsEach}] RUN step ${step} of ${name}`,
      inputs: step > 0 ? [`sha256:${index}-${step - 1}`] : [],
      cached,
      started: at(time),
    };
    const data = Buffer.from(`${name} says hello from step ${step}\n`);
    timed.push([
      time,
      {
        type: "status",
        target: name,
        vertexes: [vertex],
        ...(cached ? {} : { logs: [{ vertex: vertex.digest, stream: 1, data, timestamp: at(time + 0.1) }] }),
      },
    ]);
    time += took;
    timed.push([time, { type: "status", target: name, vertexes: [{ ...vertex, completed: at(time), ...(failed ? { error: "exit code: 7" } : {}) }] }]);
  }
  timed.push([time, { type: "transfer", target: name, direction: "send", name: "context", bytes: 50_000, files: 12, done: true, time: at(time) }]);
  const state = fails
    ? ({
        state: "failed",
        error: `failed to solve ${name}: exit code: 7`,
        places: [{ filename: "Dockerfile", text: "FROM base\nRUN a\nRUN b\n", first: 3, last: 3 }],
      } as const)
    : ({ state: "succeeded", image: { digest: `sha256:${String(index).padStart(64, "0")}`, names: [`example.org/${name}:1`], pushed: true } } as const);
  timed.push([time, { type: "target", target: name, attempt: 1, time: at(time), ...state }]);
  return time;
}
