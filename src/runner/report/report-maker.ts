/** Makes the report of what was recorded: one clock, indexes instead of digests, the critical path. */
import type { StartEvent, TargetEvent, TransferEvent, VertexWarning } from "../../events.ts";
import { formatTime } from "../progress/rawjson.ts";
import { plainText } from "../progress/text.ts";
import { levels } from "./concurrency.ts";
import { criticalPath } from "./critical-path.ts";
import type { RecordedStep } from "./recorded-step.ts";
import type { Report, ReportStep, ReportTarget, ReportTransfer, ReportWarning, Span } from "./report.ts";

export interface RecordedTarget {
  state: TargetEvent["state"];
  attempts: number;
  started?: bigint;
  ended?: bigint;
  last?: TargetEvent;
}

export interface RecordedTransfer {
  readonly started: bigint;
  last: TransferEvent;
}

export interface RecordedWarning {
  readonly warning: VertexWarning;
  readonly targets: Set<string>;
}

export interface Recording {
  readonly tool: string;
  readonly start: StartEvent;
  /** Local time up to which the report goes. */
  readonly end: bigint;
  /** What to add to the times of each target's stream. */
  readonly offsets: ReadonlyMap<string, bigint>;
  readonly targets: ReadonlyMap<string, RecordedTarget>;
  readonly steps: readonly RecordedStep[];
  readonly transfers: readonly RecordedTransfer[];
  readonly warnings: readonly RecordedWarning[];
}

export function makeReport(recording: Recording): Report {
  const { start, end, tool, targets, transfers, warnings } = recording;
  const since = (time: bigint): number => Math.max(0, Math.round(Number(time - start.time) / 1e6) / 1000);
  const indexOf: TargetIndex = new Map([...targets.keys()].map((name, i) => [name, i]));
  const { steps, path } = makeSteps(recording, since, indexOf);
  const stepsOf = stepsByTarget(steps, targets.size);
  const reportTargets = [...targets].map(([name, target], i) => makeTarget(name, target, { steps: stepsOf[i] as readonly number[], since, end }));
  return {
    version: 1,
    tool,
    builder: start.builder,
    driver: start.driver,
    started: formatTime(start.time),
    duration: since(end),
    targets: reportTargets,
    steps,
    transfers: transfers.map((transfer) => makeTransfer(transfer, since, indexOf)),
    warnings: warnings.map((warning) => makeWarning(warning, indexOf)),
    criticalPath: path,
    concurrency: {
      targets: levels(reportTargets.flatMap(({ span }) => (span ? [span] : []))),
      steps: levels(steps.filter(({ state }) => state !== "cached").flatMap((step) => step.runs)),
    },
  };
}

type Since = (time: bigint) => number;
type TargetIndex = ReadonlyMap<string, number>;

/** Steps in order of their start. */
function makeSteps(
  { steps, offsets, end }: Recording,
  since: Since,
  targetIndex: TargetIndex,
): { readonly steps: readonly ReportStep[]; readonly path: readonly number[] } {
  const timed = steps
    .filter((step) => step.started)
    .map((step) => {
      const offset = offsets.get(step.clock) ?? 0n;
      return { step, runs: step.runs(end - offset).map(([from, to]): Span => [since(from + offset), since(to + offset)]) };
    })
    .sort((a, b) => (a.runs[0]?.[0] ?? 0) - (b.runs[0]?.[0] ?? 0));
  const indexOf = new Map(timed.map(({ step }, i) => [step.digest, i]));
  const linked = timed.map(({ step, runs }) => ({
    runs,
    targets: [...step.targets].flatMap((name) => targetIndex.get(name) ?? []),
    inputs: step.inputs.flatMap((digest) => indexOf.get(digest) ?? []),
  }));
  const path = criticalPath(linked);
  const onPath = new Set(path);
  const made = timed.map(
    ({ step }, i): ReportStep => ({
      name: plainText(step.name),
      ...(linked[i] as (typeof linked)[number]),
      state: step.state,
      ...(step.error === undefined ? {} : { error: step.error }),
      sizes: step.sizes,
      log: step.lines.map(plainText),
      logDropped: step.logDropped,
      critical: onPath.has(i),
    }),
  );
  return { steps: made, path };
}

function stepsByTarget(steps: readonly ReportStep[], count: number): readonly (readonly number[])[] {
  const lists = Array.from({ length: count }, (): number[] => []);
  steps.forEach(({ targets }, i) => {
    for (const target of targets) lists[target]?.push(i);
  });
  return lists;
}

function makeTarget(
  name: string,
  { state, attempts, started, ended, last }: RecordedTarget,
  { steps, since, end }: { readonly steps: readonly number[]; readonly since: Since; readonly end: bigint },
): ReportTarget {
  return {
    name,
    state,
    attempts,
    ...(started === undefined ? {} : { span: [since(started), since(ended ?? end)] as const }),
    steps,
    ...(last?.error === undefined ? {} : { error: last.error }),
    ...(last?.places === undefined ? {} : { places: last.places }),
    ...(last?.image === undefined ? {} : { image: last.image }),
  };
}

function makeTransfer({ started, last }: RecordedTransfer, since: Since, indexOf: TargetIndex): ReportTransfer {
  const target = last.target === undefined ? undefined : indexOf.get(last.target);
  return {
    name: last.name,
    direction: last.direction,
    ...(target === undefined ? {} : { target }),
    span: [since(started), since(last.time)],
    bytes: last.bytes,
    files: last.files,
  };
}

function makeWarning({ warning, targets }: RecordedWarning, indexOf: TargetIndex): ReportWarning {
  const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();
  const [range] = warning.ranges;
  return {
    text: text(warning.short),
    detail: warning.detail.map(text),
    url: warning.url,
    targets: [...targets].flatMap((name) => indexOf.get(name) ?? []),
    ...(warning.source ? { file: warning.source.filename } : {}),
    ...(range ? { first: range.start.line, last: range.end.line } : {}),
  };
}
