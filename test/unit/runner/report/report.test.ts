import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";
import type { BakeEvent } from "../../../../src/events.ts";
import { chromeTrace } from "../../../../src/runner/report/chrome-trace.ts";
import { ClockOffsets } from "../../../../src/runner/report/clock-offset.ts";
import { levels } from "../../../../src/runner/report/concurrency.ts";
import { criticalPath } from "../../../../src/runner/report/critical-path.ts";
import { reportPage } from "../../../../src/runner/report/page.ts";
import { Recorder } from "../../../../src/runner/report/recorder.ts";
import { ReportFiles } from "../../../../src/runner/report/report-files.ts";
import type { Report } from "../../../../src/runner/report/report.ts";
import { at, Clock, end, log, second, sizes, start, status, target, vertex } from "../progress/rig.ts";

/** An engine whose clock is an hour ahead. */
const engine = (seconds: number): bigint => at(seconds) + 3600n * second;

/** Two targets that share a step; each event comes when what it tells happens. */
const build: readonly (readonly [seconds: number, event: BakeEvent])[] = [
  [0, start("base", "app")],
  [0, status({ vertexes: [vertex("load", "[internal] load local bake definitions", { started: at(0), completed: at(0) })] })],
  [0, target("base", "running", { time: at(0) })],
  [1, { ...status({ vertexes: [vertex("copy", "[base 1/2] COPY . .", { started: engine(0), completed: engine(1), cached: true })] }), target: "base" }],
  [1, target("app", "running", { time: at(1) })],
  [1, { type: "transfer", target: "app", direction: "send", name: "context", bytes: 10, files: 1, done: false, time: at(1) }],
  [
    1,
    {
      ...status({ vertexes: [vertex("make", "[base 2/2] RUN make", { inputs: ["copy"], started: engine(1) })], logs: [log("make", "compiling\n", 3601.5)] }),
      target: "base",
    },
  ],
  [2, { type: "transfer", target: "app", direction: "send", name: "context", bytes: 2000, files: 3, done: true, time: at(2) }],
  [
    2,
    {
      ...status({ vertexes: [vertex("make", "[base 2/2] RUN make", { inputs: ["copy"], started: engine(1) })], logs: [log("make", "compiling\n", 3601.5)] }),
      target: "app",
    },
  ],
  [4, { ...status({ vertexes: [vertex("make", "[base 2/2] RUN make", { inputs: ["copy"], started: engine(1), completed: engine(4) })] }), target: "base" }],
  [4, target("base", "succeeded", { time: at(4), image: { digest: "sha256:1", names: ["base:1"], pushed: true } })],
  [
    4,
    {
      ...status({ vertexes: [vertex("test", "[2/2] RUN test", { inputs: ["make"], started: engine(4) })], statuses: [sizes("test", "layer", 5, 10)] }),
      target: "app",
    },
  ],
  [
    6,
    {
      ...status({ vertexes: [vertex("test", "[2/2] RUN test", { inputs: ["make"], started: engine(4), completed: engine(6), error: "exit code: 1" })] }),
      target: "app",
    },
  ],
  [6, target("app", "failed", { time: at(6), error: "exit code: 1" })],
  [6, end(6)],
];

function record(events: readonly (readonly [number, BakeEvent])[] = build): Report {
  const clock = new Clock();
  const recorder = new Recorder({ now: clock.now, tool: "tsbake 1.0.0" });
  for (const [seconds, event] of events) {
    clock.set(seconds);
    recorder.handle(event);
  }
  return recorder.report() as Report;
}

describe("the report", () => {
  test("puts targets, steps, transfers and the critical path on one clock, whatever the engine's says", () => {
    const report = record();
    expect(report).toEqual({
      version: 1,
      tool: "tsbake 1.0.0",
      builder: "default",
      driver: "docker",
      started: "2023-11-14T22:13:20Z",
      duration: 6,
      targets: [
        { name: "base", state: "succeeded", attempts: 1, span: [0, 4], steps: [1, 2], image: { digest: "sha256:1", names: ["base:1"], pushed: true } },
        { name: "app", state: "failed", attempts: 1, span: [1, 6], steps: [2, 3], error: "exit code: 1" },
      ],
      steps: [
        {
          name: "[internal] load local bake definitions",
          runs: [[0, 0]],
          targets: [],
          inputs: [],
          state: "done",
          sizes: [],
          log: [],
          logDropped: 0,
          critical: false,
        },
        { name: "[base 1/2] COPY . .", runs: [[0, 1]], targets: [0], inputs: [], state: "cached", sizes: [], log: [], logDropped: 0, critical: true },
        {
          name: "[base 2/2] RUN make",
          runs: [[1, 4]],
          targets: [0, 1],
          inputs: [1],
          state: "done",
          sizes: [],
          log: ["0.500 compiling"],
          logDropped: 0,
          critical: true,
        },
        {
          name: "[2/2] RUN test",
          runs: [[4, 6]],
          targets: [1],
          inputs: [2],
          state: "failed",
          error: "exit code: 1",
          sizes: [{ id: "layer", current: 5, total: 10 }],
          log: [],
          logDropped: 0,
          critical: true,
        },
      ],
      transfers: [{ name: "context", direction: "send", target: 1, span: [1, 2], bytes: 2000, files: 3 }],
      warnings: [],
      criticalPath: [1, 2, 3],
      concurrency: {
        targets: [
          [0, 1],
          [1, 2],
          [4, 1],
          [6, 0],
        ],
        steps: [
          [1, 1],
          [6, 0],
        ],
      },
    });
  });

  test("has the shape that the schema tells", () => {
    const validate = new Ajv({ strictTuples: false }).compile(JSON.parse(readFileSync("schema/report.json", "utf8")) as object);
    expect(validate(JSON.parse(JSON.stringify(record()))) || validate.errors).toBe(true);
  });

  test("of a build that was interrupted reaches to the end of what was seen", () => {
    const report = record(build.slice(0, 9));
    expect(report.targets.map(({ state, span }) => [state, span])).toEqual([
      ["running", [0, 2]],
      ["running", [1, 2]],
    ]);
    expect(report.steps[2]).toMatchObject({ state: "running", runs: [[1, 2]] });
  });

  test("keeps the end of long logs", () => {
    const lines = Array.from({ length: 500 }, (_, i) => `line ${i}\n`).join("");
    const report = record([
      [0, start("a")],
      [0, { ...status({ vertexes: [vertex("v", "RUN", { started: at(0) })], logs: [log("v", lines, 0)] }), target: "a" }],
    ]);
    expect(report.steps[0]?.log).toHaveLength(200);
    expect(report.steps[0]?.log.at(-1)).toBe("0.000 line 499");
    expect(report.steps[0]?.logDropped).toBe(300);
  });
});

describe("the critical path", () => {
  const step = (runs: readonly (readonly [number, number])[], inputs: readonly number[] = [], targets: readonly number[] = [0]) => ({ runs, inputs, targets });

  test("goes from the last end to the input that was ready last", () => {
    expect(criticalPath([step([[0, 1]]), step([[0, 3]]), step([[3, 4]], [0, 1]), step([[0, 2]])])).toEqual([1, 2]);
  });

  test("a step without inputs waited for what its target did before", () => {
    expect(criticalPath([step([[0, 1]]), step([[1, 2]]), step([[0, 1.9]], [], [1])])).toEqual([0, 1]);
  });

  test("ends on inputs that make a circle, and without steps", () => {
    expect(criticalPath([step([[1, 1]], [1]), step([[1, 1]], [0])])).toHaveLength(2);
    expect(criticalPath([])).toEqual([]);
  });
});

test("targets on one engine share its offset, those on another have their own", () => {
  const offsets = new ClockOffsets();
  offsets.observe("a", 1000n, 1_500n);
  offsets.observe("a", 2000n, 2_100n);
  offsets.observe("b", 1000n, 1_300n);
  offsets.observe("c", 0n, 7_200_000_000_000n);
  expect([...offsets.settle()]).toEqual([
    ["a", 100n],
    ["b", 100n],
    ["c", 7_200_000_000_000n],
  ]);
});

test("levels count what overlaps; what ends when another begins does not", () => {
  expect(
    levels([
      [0, 2],
      [1, 3],
      [2, 3],
      [5, 5],
    ]),
  ).toEqual([
    [0, 1],
    [1, 2],
    [3, 0],
  ]);
});

test("the trace has a process a target and a thread a lane", () => {
  const { traceEvents } = JSON.parse(chromeTrace(record())) as {
    traceEvents: { name: string; ph: string; pid: number; tid: number; ts: number; dur?: number; args: { name?: string } }[];
  };
  expect(traceEvents.filter(({ name }) => name === "process_name").map(({ pid, args }) => [pid, args.name])).toEqual([
    [1, "client"],
    [10, "base"],
    [11, "app"],
  ]);
  expect(traceEvents.find(({ name }) => name === "[base 2/2] RUN make")).toEqual({
    name: "[base 2/2] RUN make",
    cat: "done,critical",
    ph: "X",
    pid: 10,
    tid: 1,
    ts: 1_000_000,
    dur: 3_000_000,
    args: { state: "done" },
  });
});

test("no name can end the element that the data is in", () => {
  const report = { ...record(), builder: "</script><script>alert(1)</script><!--" };
  const page = reportPage(report);
  expect(page.match(/<\/script>/g)).toHaveLength(2);
  const data = /<script type="application\/json" id="report">(.*?)<\/script>/s.exec(page)?.[1] ?? "";
  expect(JSON.parse(data)).toEqual(report);
});

describe("report files", () => {
  const options = { now: new Clock().now, tool: "tsbake" };

  test("are written by the ending of their names, when the run is over", async () => {
    const folder = mkdtempSync(join(tmpdir(), "tsbake-report-"));
    const files = new ReportFiles(
      ["a.html", "a.json", "a.trace.json"].map((name) => join(folder, name)),
      options,
    );
    for (const [, event] of build) files.handle(event);
    expect(readdirSync(folder)).toEqual([]);
    await files.finish();
    expect(readdirSync(folder).sort()).toEqual(["a.html", "a.json", "a.trace.json"]);
    expect(JSON.parse(readFileSync(join(folder, "a.json"), "utf8"))).toMatchObject({ version: 1, driver: "docker" });
    expect(JSON.parse(readFileSync(join(folder, "a.trace.json"), "utf8"))).toHaveProperty("traceEvents");
    expect(readFileSync(join(folder, "a.html"), "utf8")).toMatch(/^<!doctype html>/);
  });

  test("that cannot be are refused before anything is built", () => {
    expect(() => new ReportFiles(["report.txt"], options)).toThrow(
      'cannot tell the format of report "report.txt": its name must end in .html, .json or .trace.json',
    );
    expect(() => new ReportFiles(["/no/such/folder/r.html"], options)).toThrow("cannot write report /no/such/folder/r.html: /no/such/folder is no directory");
  });
});
