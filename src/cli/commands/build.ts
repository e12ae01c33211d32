/** The build half of bake: grants, engine, plan, run, and what is shown and written of the outcome. Loaded only when something is built or planned. */
import { createHash, randomBytes } from "node:crypto";
import { checkEntitlements } from "../../bake/entitlements.ts";
import { entitlementError, entitlementMessage } from "../../bake/entitlement-text.ts";
import { BakeError, type Diagnostic, type Result } from "../../diagnostics.ts";
import { nanosecondsOf, type BakeEvent } from "../../events.ts";
import { goBool } from "../../go-text.ts";
import { planResolved } from "../../plan.ts";
import { printPlan, type Plan } from "../../planner/plan.ts";
import type { Engine } from "../../runner/connect.ts";
import { callOutput } from "../../runner/call-output.ts";
import { formatMetadata, writeMetadata } from "../../runner/metadata.ts";
import { encodeWarning } from "../../runner/progress/rawjson.ts";
import type { Renderer } from "../../runner/progress/renderer.ts";
import type { WarningList } from "../../runner/progress/warnings.ts";
import { Redactor, secretValues } from "../../runner/redact.ts";
import { run, type RunResult } from "../../runner/run.ts";
import { TargetsFailed } from "../../runner/targets-failed.ts";
import { definitionEvents } from "../definition-events.ts";
import { formatPlaces, formatWarnings } from "../failures.ts";
import { Interrupt } from "../interrupt.ts";
import { openEngine, Opening } from "../opening.ts";
import { OutcomeTable } from "../outcome-table.ts";
import { writeAll } from "../output.ts";
import { confirm } from "../prompt.ts";
import type { Request } from "../request.ts";
import { prepareDisplay, show } from "../show.ts";
import { refuse } from "../refuse.ts";
import type { Prepared, ReadTimes } from "./bake.ts";

/** `--plan`: with the facts of the engine when one answers, without them when none was named. */
export async function printPlanned(request: Request, prepared: Prepared): Promise<number> {
  const plan = await planForPrint(request, prepared);
  if (!plan.ok) return refuse(plan.diagnostics);
  warnAbout(plan.diagnostics, request);
  const text = request.plan === "json" ? printPlan(plan.value) : (await import("../../planner/plan-text.ts")).planText(plan.value);
  writeAll(1, new Redactor(secretValues(plan.value, request.host)).text(text));
  return 0;
}

async function planForPrint(request: Request, prepared: Prepared): Promise<Result<Plan>> {
  using interrupt = new Interrupt(request.execution.timeoutMs);
  const { options } = request;
  try {
    await using opening = new Opening(request);
    await using engine = await openEngine(request, interrupt.signal, opening);
    return await planWith(request, prepared, engine);
  } catch (error) {
    if (!(error instanceof BakeError) || options.builder || interrupt.signal.aborted) throw interrupt.explain(error);
    writeAll(2, `note: no engine answers (${error.message}); the plan assumes one that can do everything\n`);
    return await planWith(request, prepared, undefined);
  }
}

/** Builds the targets and resolves to the exit status. `before` is what was shown while a remote definition was read. */
export async function build(request: Request, prepared: Prepared, times: ReadTimes, before?: Opening): Promise<number> {
  const { timeoutMs } = request.execution;
  using interrupt = new Interrupt(timeoutMs);
  try {
    const refused = await askForGrants(request, prepared, interrupt.signal);
    return refused ?? (await buildGranted({ request, prepared, times, signal: interrupt.signal, ...(before ? { before } : {}) }));
  } catch (error) {
    throw interrupt.explain(error);
  }
}

interface BuildInput {
  readonly request: Request;
  readonly prepared: Prepared;
  readonly times: ReadTimes;
  readonly before?: Opening;
  /** Also ends what takes longer than there is time. */
  readonly signal: AbortSignal;
}

async function buildGranted({ request, prepared, times, before, signal }: BuildInput): Promise<number> {
  const { host, options, progress } = request;
  await using opening = before ?? new Opening(request);
  const read = definitionStep(request, prepared, times);
  if (read) opening.note(read);
  await using engine = await openEngine(request, signal, opening);
  if (engine.message && progress !== "quiet" && !before) writeAll(2, `note: ${engine.message}\n`);
  const plan = await planWith(request, prepared, engine);
  await opening.pause();
  if (!plan.ok) {
    await opening.close();
    return refuse(plan.diagnostics);
  }
  warnAbout(plan.diagnostics, request);
  const outcomes = new OutcomeTable();
  const display = await prepareDisplay(request, plan.value, await opening.handOver());
  const { renderer } = display;
  const metadata = options["metadata-file"] !== undefined;
  const { timeoutMs: _, ...execution } = request.execution;
  const building = run(plan.value, engine, { host, signal, metadata, stdout: process.stdout, ...execution });
  try {
    const { result, warnings, unwritten } = await show(building, display, { request, outcomes, before: opening.events });
    const status = finish(request, prepared, { plan: plan.value, result, warnings });
    if (unwritten !== undefined) throw unwritten;
    return result.failure ? reportFailures(result.failure, renderer, outcomes) : status;
  } catch (error) {
    if (error instanceof TargetsFailed) return reportFailures(error, renderer, outcomes);
    throw error;
  }
}

/** Every failure, then what became of all targets. */
function reportFailures({ failures, message, exitCode }: TargetsFailed, { showsFailures }: Renderer, outcomes: OutcomeTable): number {
  if (showsFailures !== true) for (const failure of failures.values()) writeAll(2, `${formatPlaces(failure.diagnostics)}error: ${failure.message}\n\n`);
  writeAll(2, `${outcomes.format()}\nERROR: ${message}\n`);
  return exitCode;
}

function warnAbout(diagnostics: readonly Diagnostic[], { quiet }: Request): void {
  if (!quiet) writeAll(2, formatWarnings(diagnostics));
}

function planWith({ host, flags, options }: Request, { resolved, checked }: Prepared, engine: Engine | undefined): Promise<Result<Plan>> {
  return planResolved({
    resolved,
    checked,
    host,
    ...(engine ? { engine } : {}),
    ...(flags.call ? { call: flags.call } : {}),
    ...(options.cache ? { cache: options.cache } : {}),
    strict: options.strict === true,
  });
}

/** The exit status of a refusal, or undefined when the build may go on. */
async function askForGrants({ allowed, host, progress, invocation }: Request, { resolved }: Prepared, signal: AbortSignal): Promise<number | undefined> {
  const checked = checkEntitlements(resolved, allowed, host);
  if (!checked.ok) return refuse(checked.diagnostics);
  const verdict = checked.value;
  if (verdict.missing.length === 0) return undefined;
  const raw = progress === "rawjson";
  const interactive = host.tty.stdin && !raw;
  const program = host.env["DOCKER_CLI_PLUGIN_ORIGINAL_CLI_COMMAND"];
  const text = entitlementMessage(verdict, { argv: invocation.argv, interactive, ...(program === undefined ? {} : { program }) });
  if (!verdict.mustAsk) {
    if (!raw) writeAll(2, text);
    return undefined;
  }
  if (interactive) {
    if (await confirm(text, signal)) return undefined;
  } else if (!raw) writeAll(2, text);
  writeAll(2, `ERROR: ${entitlementError(verdict, raw)}\n`);
  return 1;
}

/** Undefined when nothing was read from this machine. */
function definitionStep({ host, options, load }: Request, { definition }: Prepared, { started, completed }: ReadTimes): BakeEvent | undefined {
  const local = options.file.flatMap((file) => (file.startsWith("cwd://") ? [file.slice("cwd://".length)] : []));
  const files = load.remote === undefined ? definition.files : definition.files.filter(({ name }) => local.includes(name));
  if (load.remote !== undefined && files.length === 0) return undefined;
  const digest = `sha256:${createHash("sha256").update(randomBytes(16)).digest("hex")}`;
  const fromVariable = options.file.length === 0 && Boolean(host.env["BUILDX_BAKE_FILE"]);
  return definitionEvents(files, { fromVariable, started: nanosecondsOf(started), completed: nanosecondsOf(completed) }, digest);
}

interface Outcome {
  readonly plan: Plan;
  readonly result: RunResult;
  readonly warnings: WarningList;
}

/** After a run that succeeded: metadata, messages of frontends, answers of calls. */
function finish({ host, options, flags }: Request, { resolved }: Prepared, { plan, result, warnings }: Outcome): number {
  const calls = plan.jobs.some(({ call }) => call !== undefined);
  const file = options["metadata-file"];
  if (file !== undefined) {
    const wanted = !calls && goBool(host.env["BUILDX_METADATA_WARNINGS"]) === true;
    writeMetadata(file, formatMetadata(result.responses, wanted ? warnings.all.map((warning) => encodeWarning(warning)) : undefined));
  }
  for (const [target, response] of [...result.responses].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const message = response["frontend.result.inlinemessage"];
    if (message) writeAll(2, `\n# ${target}\n${message}\n`);
  }
  if (!calls) return 0;
  const answer = callOutput({ plan, responses: result.responses, resolved, json: flags.call?.format === "json" });
  writeAll(1, answer.text);
  return answer.exitCode;
}
