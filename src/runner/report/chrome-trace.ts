/**
 * A report in the Chrome trace format, for viewers such as Perfetto: a process a target, a thread a lane of steps
 * that do not overlap, counters for the concurrency. Times are microseconds.
 */
import type { Level, Report, ReportStep, Span } from "./report.ts";

interface TraceEvent {
  readonly name: string;
  readonly ph: "X" | "M" | "C";
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  readonly cat?: string;
  readonly args: Readonly<Record<string, unknown>>;
}

const CLIENT_PID = 1;
const FIRST_TARGET_PID = 10;

export function chromeTrace(report: Report): string {
  const { tool, builder, driver, started } = report;
  const traceEvents = [
    named("process_name", CLIENT_PID, 0, "client"),
    ...clientEvents(report),
    ...report.targets.flatMap((_, i) => targetEvents(report, i)),
    ...counter("targets under way", report.concurrency.targets),
    ...counter("steps under way", report.concurrency.steps),
  ];
  return `${JSON.stringify({ displayTimeUnit: "ms", otherData: { tool, builder, driver, started }, traceEvents })}\n`;
}

function targetEvents(report: Report, index: number): TraceEvent[] {
  const target = report.targets[index];
  if (!target) return [];
  const pid = FIRST_TARGET_PID + index;
  const { name, state, span, attempts, error, image } = target;
  const whole = span ? [complete(name, "target", { pid, tid: 0 }, span, { state, attempts, error, image })] : [];
  // A shared step is drawn with the first target that has it.
  const own = target.steps.flatMap((i) => {
    const step = report.steps[i];
    return step && step.targets[0] === index ? [step] : [];
  });
  return [named("process_name", pid, 0, name), ...whole, ...stepEvents(own, pid)];
}

function stepEvents(steps: readonly ReportStep[], pid: number): TraceEvent[] {
  const lanes: number[] = [];
  return steps.flatMap(({ name, runs, state, error, sizes, critical }) =>
    runs.map((run) => {
      let lane = lanes.findIndex((end) => end <= run[0]);
      if (lane < 0) lane = lanes.length;
      lanes[lane] = run[1];
      return complete(name, critical ? `${state},critical` : state, { pid, tid: lane + 1 }, run, { state, error, ...(sizes.length > 0 ? { sizes } : {}) });
    }),
  );
}

/** Steps of no target, and transfers. */
function clientEvents({ steps, transfers, targets }: Report): TraceEvent[] {
  const own = steps.filter((step) => step.targets.length === 0);
  const moved = transfers.map(({ name, direction, span, bytes, files, target }, i) =>
    complete(`${direction} ${target === undefined ? name : `${targets[target]?.name ?? ""} ${name}`}`, "transfer", { pid: CLIENT_PID, tid: 100 + i }, span, {
      bytes,
      files,
    }),
  );
  return [...stepEvents(own, CLIENT_PID), ...moved];
}

const micros = (seconds: number): number => Math.round(seconds * 1e6);

function complete(
  name: string,
  cat: string,
  { pid, tid }: { readonly pid: number; readonly tid: number },
  [from, to]: Span,
  args: Readonly<Record<string, unknown>>,
): TraceEvent {
  return { name, cat, ph: "X", pid, tid, ts: micros(from), dur: micros(to - from), args };
}

function named(name: string, pid: number, tid: number, value: string): TraceEvent {
  return { name, ph: "M", pid, tid, ts: 0, args: { name: value } };
}

function counter(name: string, staircase: readonly Level[]): TraceEvent[] {
  return staircase.map(([time, count]) => ({ name, ph: "C", pid: CLIENT_PID, tid: 0, ts: micros(time), args: { count } }));
}
