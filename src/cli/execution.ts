/** How a run is to go about failures, time and concurrency, from flags and the environment. */
import { fail, ok, plainError, type Result } from "../diagnostics.ts";
import { parseDuration } from "../go-text.ts";
import type { Host } from "../host.ts";
import type { ExecutionMode, RunOptions } from "../runner/run.ts";
import type { Options } from "./options.ts";

export type Execution = Pick<RunOptions, "maxParallelism" | "execution" | "retries" | "timeoutMs" | "targetTimeoutMs">;

const modes: ReadonlySet<string> = new Set<ExecutionMode>(["fail-fast", "defer-error", "defer-output"]);

/** What was asked for; absent is the runner's default. */
export function readExecution(options: Options, { env }: Host): Result<Execution> {
  const mode = options["keep-going"] === true ? "defer-error" : options.execution;
  if (options["keep-going"] === true && options.execution !== undefined && options.execution !== "defer-error") {
    return fail(plainError("cli.options", `--keep-going means --execution=defer-error, which --execution=${options.execution} contradicts`));
  }
  if (mode !== undefined && !modes.has(mode)) return fail(plainError("cli.options", `invalid execution mode "${mode}": expected ${[...modes].join(", ")}`));
  const limit = options["max-parallelism"] ?? (env["TSBAKE_MAX_PARALLELISM"] || undefined);
  const maxParallelism = limit === undefined ? undefined : wholeNumber(limit);
  if (limit !== undefined && !maxParallelism) {
    const name = options["max-parallelism"] === undefined ? "TSBAKE_MAX_PARALLELISM" : "--max-parallelism";
    return fail(plainError("cli.options", `invalid value "${limit}" for ${name}: expected a number of at least 1`));
  }
  const retries = options.retries === undefined ? undefined : wholeNumber(options.retries);
  if (options.retries !== undefined && retries === undefined)
    return fail(plainError("cli.options", `invalid value "${options.retries}" for --retries: expected a number`));
  const times: Partial<Record<"timeout" | "target-timeout", number>> = {};
  for (const name of ["timeout", "target-timeout"] as const) {
    const text = options[name];
    if (text === undefined) continue;
    const milliseconds = parseDuration(text);
    if (!milliseconds) return fail(plainError("cli.options", `invalid value "${text}" for --${name}: expected a duration such as 90s, 10m or 1h30m`));
    times[name] = milliseconds;
  }
  return ok({
    ...(mode === undefined ? {} : { execution: mode as ExecutionMode }),
    ...(maxParallelism === undefined ? {} : { maxParallelism }),
    ...(retries === undefined ? {} : { retries }),
    ...(times.timeout === undefined ? {} : { timeoutMs: times.timeout }),
    ...(times["target-timeout"] === undefined ? {} : { targetTimeoutMs: times["target-timeout"] }),
  });
}

const wholeNumber = (text: string): number | undefined => (/^\d{1,9}$/.test(text) ? Number(text) : undefined);
