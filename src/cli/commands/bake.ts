/**
 * `tsbake [bake]`: from options to a print, a list, a plan or a build. What needs an engine is in build.ts, which is
 * loaded only then: this file is on the start-up path of every dry run.
 */
import { checkTargets, type CheckedTarget } from "../../bake/check.ts";
import type { Definition } from "../../bake/definition.ts";
import { listMatrix, listTargets, listVariables, parseList, type ListRequest } from "../../bake/list.ts";
import { printDefinition } from "../../bake/print.ts";
import { resolve } from "../../bake/resolve.ts";
import type { ResolvedBake } from "../../bake/resolved.ts";
import { ok, type Diagnostic, type Result } from "../../diagnostics.ts";
import { load } from "../../loaders/load.ts";
import { nodeHost } from "../../node-host.ts";
import { formatWarnings } from "../failures.ts";
import type { Opening } from "../opening.ts";
import type { Options } from "../options.ts";
import { writeAll } from "../output.ts";
import { refuse } from "../refuse.ts";
import { type Invocation, readRequest, type Request } from "../request.ts";
import { isReserved } from "../reserved.ts";

/** A definition on its way to a build, with what was found out about it. */
export interface Prepared {
  readonly definition: Definition;
  readonly resolved: ResolvedBake;
  readonly checked: ReadonlyMap<string, CheckedTarget>;
}

/** When reading the definition began and ended, milliseconds since the epoch. */
export interface ReadTimes {
  readonly started: number;
  readonly completed: number;
}

/** From so many bytes on, reading and evaluating a definition takes longer than the rest of a dry run. */
const BIG_DEFINITION = 16 * 1024;

/** Runs the command and resolves to the exit status. */
export async function bake(options: Options, positionals: readonly string[], invocation: Invocation): Promise<number> {
  const { pace } = invocation;
  const onRead = (bytes: number): void => {
    if (bytes >= BIG_DEFINITION) pace?.hurry();
  };
  const request = await readRequest(options, positionals, invocation, nodeHost());
  if (!request.ok) return refuse(request.diagnostics);
  for (const line of request.value.deprecations) writeAll(2, line);
  const { load: input } = request.value;
  if (input.remote === undefined) return await bakeLoaded(request.value, (host) => load(input, { host, onRead }));
  const { withRemote } = await import("./remote.ts");
  return await withRemote(request.value, (remote, opening) => bakeLoaded(request.value, (host) => load(input, { host, remote, onRead }), opening));
}

async function bakeLoaded(request: Request, read: (host: Request["host"]) => ReturnType<typeof load>, opening?: Opening): Promise<number> {
  const { host, options, list } = request;
  const dry = options.print === true || list !== "";
  // Compiling the run path overlaps with reading the definition.
  const building = dry ? undefined : import("./build.ts");
  building?.catch(() => undefined);
  const started = host.now();
  const loaded = await read(host);
  if (!loaded.ok) return await refuseFile(loaded.diagnostics, request);
  const definition = loaded.value;
  const warnings = [...definition.warnings, ...loaded.diagnostics];
  if (warnings.length > 0 && !request.quiet) writeAll(2, formatWarnings(warnings));
  if (!request.invocation.explicit && !request.quiet) noteReserved(definition);
  if (list !== "") return listed(list, definition, request);
  const times: ReadTimes = { started, completed: host.now() };
  const prepared = prepare(definition, request);
  if (!prepared.ok) return refuse(prepared.diagnostics);
  if (!building) return print(printDefinition(prepared.value.resolved));
  request.invocation.pace?.settle();
  const { build, printPlanned } = await building;
  return await (request.plan ? printPlanned(request, prepared.value) : build(request, prepared.value, times, opening));
}

function listed(text: string, definition: Definition, request: Request): number {
  const list = parseList(text);
  if (!list.ok) return refuse(list.diagnostics);
  const { type, format }: ListRequest = list.value;
  if (type === "targets") return print(listTargets(definition, format));
  if (type === "variables") return print(listVariables(definition, format));
  const prepared = prepare(definition, request);
  return prepared.ok ? print(listMatrix(prepared.value.resolved, prepared.value.checked, format)) : refuse(prepared.diagnostics);
}

function prepare(definition: Definition, { host, flags, targets }: Request): Result<Prepared> {
  const resolved = resolve(definition, { targets, overrides: flags.overrides, disablePolicy: flags.disablePolicy, host });
  if (!resolved.ok) return resolved;
  const checked = checkTargets(resolved.value, host);
  return checked.ok ? ok({ definition, resolved: resolved.value, checked: checked.value }) : checked;
}

function print(text: string): number {
  writeAll(1, text);
  return 0;
}

/** On a terminal, or to debug, a second parser is asked about syntax errors. */
async function refuseFile(diagnostics: readonly Diagnostic[], { host, options }: Request): Promise<number> {
  if (host.tty.stderr || options.debug === true) {
    const { syntaxVerdict } = await import("../verdict.ts");
    writeAll(2, await syntaxVerdict(diagnostics));
  }
  return refuse(diagnostics);
}

/** `tsbake build` is a command even where a target is called so. */
function noteReserved({ targets }: Definition): void {
  for (const name of new Set(targets.map((target) => target.name).filter(isReserved))) {
    writeAll(2, `note: the target "${name}" has the name of a command; it is baked by: tsbake bake ${name}\n`);
  }
}
