/** Shows a run: the display, log files and reports as subscribers of its events, and what is said once the display is free. */
import { randomBytes } from "node:crypto";
import { basename, isAbsolute } from "node:path";
import { BakeError } from "../diagnostics.ts";
import type { BakeEvent } from "../events.ts";
import type { Host } from "../host.ts";
import type { Plan } from "../planner/plan.ts";
import { SolveFailure } from "../runner/failure.ts";
import type { SourceMap } from "../runner/progress/workflow-command.ts";
import { broadcast, type Renderer } from "../runner/progress/renderer.ts";
import { withTwins } from "../runner/progress/twins.ts";
import { WarningList } from "../runner/progress/warnings.ts";
import type { BakeRun, RunResult } from "../runner/run.ts";
import { TargetsFailed } from "../runner/targets-failed.ts";
import { createRenderer, stderrDisplay } from "./display.ts";
import { EventFile } from "./event-file.ts";
import type { OutcomeTable } from "./outcome-table.ts";
import { writeAll } from "./output.ts";
import type { Request } from "./request.ts";
import { VERSION } from "./version.ts";

/** What a run gave, and the warnings it gave on its way. */
export interface Shown {
  readonly result: RunResult;
  readonly warnings: WarningList;
  /** Why something about a run that succeeded could not be written. */
  readonly unwritten?: unknown;
}

/** All that is shown and written of a run. */
export interface RunDisplay {
  readonly renderer: Renderer;
  /** The part of it that has seen nothing of what was before the run. */
  readonly uninformed: Renderer;
}

/** Everything that may refuse to start does so here, before anything is built. `opened` is a display that is in use already. */
export async function prepareDisplay(request: Request, plan: Plan, opened: Renderer | undefined): Promise<RunDisplay> {
  const { host, options, progress } = request;
  if (options.events === "-") refuseSharedOutput(plan);
  const display = stderrDisplay(host);
  const sources = sourceMap(plan, host);
  const twins = twinsOf(plan);
  const renderer = opened ?? (await createRenderer(progress, display, () => ({ sources, token: randomBytes(16).toString("hex") })));
  const renderers = [progress === "tty" || progress === "github" ? withTwins(renderer, twins) : renderer];
  if (options.events !== undefined) renderers.push(new EventFile(options.events));
  if (options["log-dir"] !== undefined) {
    const { LogFiles } = await import("../runner/progress/log-files.ts");
    renderers.push(withTwins(new LogFiles(options["log-dir"], display), twins));
  }
  if (options.report.length > 0) {
    const { ReportFiles } = await import("../runner/report/report-files.ts");
    renderers.push(withTwins(new ReportFiles(options.report, { now: display.now, tool: `tsbake ${VERSION}` }), twins));
  }
  const summary = host.env["GITHUB_STEP_SUMMARY"];
  if (summary && host.env["GITHUB_ACTIONS"] === "true") {
    const { JobSummary } = await import("../runner/progress/job-summary.ts");
    renderers.push(withTwins(new JobSummary(summary, { sources, now: display.now }), twins));
  }
  const all = broadcast(renderers);
  return { renderer: all, uninformed: opened ? broadcast(renderers.slice(1)) : all };
}

/** Lines of events in the middle of an archive would break both. */
function refuseSharedOutput({ jobs }: Plan): void {
  const writer = jobs.find(({ request }) => request.exporters.some(({ sink }) => sink?.kind === "stdout"));
  if (writer) throw new BakeError("cli.events", `target ${writer.target} writes its output to standard output, where --events=- writes events`);
}

export interface ShowInput {
  readonly request: Request;
  readonly outcomes: OutcomeTable;
  /** What was before the run, such as reading the definition. */
  readonly before: readonly BakeEvent[];
}

/** Shows a run to its end. Rejects as the run does, once everything about it has been said. */
export async function show(run: BakeRun, { renderer, uninformed }: RunDisplay, { request, outcomes, before }: ShowInput): Promise<Shown> {
  const { host, options, progress } = request;
  const warnings = new WarningList();
  const messages: string[] = [];
  try {
    for await (const event of run) {
      renderer.handle(event);
      outcomes.handle(event);
      if (event.type === "start") for (const earlier of before) uninformed.handle(earlier);
      else if (event.type === "status") for (const warning of event.warnings ?? []) warnings.add(warning, event.target);
      else if (event.type === "message") messages.push(formatMessage(event, options.debug === true));
    }
  } catch (error) {
    await finishOf(renderer);
    throw error;
  }
  const unwritten = await finishOf(renderer);
  writeAll(2, messages.join(""));
  const format = { debug: options.debug === true, color: host.tty.stderr && !host.env["NO_COLOR"], places: progress !== "plain" };
  if (progress !== "quiet" && progress !== "rawjson") writeAll(2, warnings.format(format));
  const shown = renderer.showsFailures === true;
  try {
    const result = await run.result;
    if (!result.failure) return { warnings, result, unwritten };
    noteUnwritten(unwritten);
    return { warnings, result: shown ? { ...result, failure: withoutPlaces(result.failure) } : result };
  } catch (error) {
    noteUnwritten(unwritten);
    if (!shown) throw error;
    throw error instanceof TargetsFailed ? withoutPlaces(error) : error instanceof BakeError ? withoutLines(error) : error;
  }
}

/** What went wrong at the end of the display, which is no reason to drop what the run gave. */
async function finishOf(renderer: Renderer): Promise<unknown> {
  try {
    await renderer.finish();
    return undefined;
  } catch (error) {
    return error;
  }
}

/** Of a run that failed, the failure is what the command ends with. */
function noteUnwritten(error: unknown): void {
  if (error instanceof Error) writeAll(2, `error: ${error.message}\n\n`);
}

function formatMessage(event: BakeEvent & { readonly type: "message" }, debug: boolean): string {
  return event.severity === "debug" && !debug ? "" : `${event.severity.toUpperCase()}: ${event.text}\n`;
}

/** The failure without Dockerfile lines, which the display has shown. */
function withoutPlaces(failures: TargetsFailed): TargetsFailed {
  return new TargetsFailed(new Map([...failures.failures].map(([target, failure]) => [target, withoutLines(failure)])), failures.targets);
}

const withoutLines = (error: BakeError): BakeError => (error instanceof SolveFailure ? error.copy({ diagnostics: [] }) : error);

/** Targets that are built by another target's job, by that target. */
function twinsOf({ jobs, twins }: Plan): ReadonlyMap<string, readonly string[]> {
  const owners = new Map(jobs.map(({ id, target }) => [id, target]));
  const result = new Map<string, string[]>();
  for (const { job, target } of twins) {
    const owner = owners.get(job);
    if (owner !== undefined && result.get(owner)?.includes(target) !== true) result.set(owner, [...(result.get(owner) ?? []), target]);
  }
  return result;
}

/** Local Dockerfiles by target, for annotations. */
function sourceMap(plan: Plan, host: Host): SourceMap {
  const dockerfiles = new Map(plan.jobs.map(({ target, localState }) => [target, localState.dockerfilePath]));
  const ofJobs = new Map(plan.jobs.map(({ id, localState }) => [id, localState.dockerfilePath]));
  for (const { target, job } of plan.twins) dockerfiles.set(target, ofJobs.get(job) ?? "");
  return {
    workspace: host.env["GITHUB_WORKSPACE"] || host.cwd,
    dockerfileOf: (target) => {
      const path = dockerfiles.get(target);
      return path !== undefined && isAbsolute(path) && basename(path) !== "" ? path : undefined;
    },
  };
}
