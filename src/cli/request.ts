/** What the options of bake say, checked in the order in which the reference checks them, so that the first mistake is the same. */
import { parseAllow, type Allowed } from "../bake/allow.ts";
import type { LoadInput } from "../bake/definition.ts";
import { DECODERS } from "../bake/fields.ts";
import { lowerFlags, type LoweredFlags } from "../bake/flags.ts";
import { isRemoteUrl } from "../bake/remote-url.ts";
import { fail, ok, plainError, type Result } from "../diagnostics.ts";
import type { Host } from "../host.ts";
import { NO_CONSOLE, progressMode, type ProgressMode, progressWord } from "./display.ts";
import { readEnvFiles } from "./env-file.ts";
import { readExecution, type Execution } from "./execution.ts";
import type { Options } from "./options.ts";
import { parseVars } from "./vars.ts";

/** How soon the runtime optimizes: the launcher knows how to tell it. */
export interface Pace {
  /** A big definition is to be read and evaluated. */
  hurry(): void;
  /** It is done. */
  settle(): void;
}

export interface Invocation {
  /** The word `bake` was given. */
  readonly explicit: boolean;
  /** The command line as typed, program first. */
  readonly argv: readonly string[];
  readonly pace?: Pace | undefined;
}

export interface Request {
  readonly host: Host;
  readonly options: Options;
  readonly flags: LoweredFlags;
  readonly allowed: Allowed;
  /** Value of `--list`, parsed once the files are read; empty without it. */
  readonly list: string;
  /** Found out when first asked for: telling a terminal from a file takes longer than a short print. */
  readonly progress: ProgressMode;
  /** Nothing but results and errors is shown. */
  readonly quiet: boolean;
  readonly execution: Execution;
  /** Format of `--plan`; absent without it. */
  readonly plan?: "json" | "text";
  readonly targets: readonly string[];
  readonly load: LoadInput;
  readonly invocation: Invocation;
  /** Lines for standard error about flags that have better names now. */
  readonly deprecations: readonly string[];
}

export async function readRequest(options: Options, positionals: readonly string[], invocation: Invocation, host: Host): Promise<Result<Request>> {
  const flags = lowerFlags({
    set: options.set,
    policy: options.policy,
    ...given("push", options.push),
    ...given("load", options.load),
    ...given("pull", options.pull),
    ...given("noCache", options["no-cache"]),
    ...given("call", options.call),
    ...given("sbom", options.sbom),
    ...given("provenance", options.provenance),
  });
  if (!flags.ok) return flags;
  const allowed = parseAllow(options.allow);
  if (!allowed.ok) return allowed;
  const list = options.list || (options["list-targets"] ? "targets" : options["list-variables"] ? "variables" : "");
  if (list !== "" && options.print === true) return fail(plainError("cli.options", "--print and --list are mutually exclusive"));
  const progress = progressWord(options.progress, host);
  if (!progress) return fail(plainError("cli.options", `invalid progress mode ${options.progress ?? host.env["BUILDKIT_PROGRESS"] ?? ""}`));
  if (progress === "tty" && !host.tty.stderr) return fail(plainError("cli.progress", NO_CONSOLE));
  const execution = readExecution(options, host);
  if (!execution.ok) return execution;
  const plan = planFormat(options.plan, host);
  if (!plan.ok) return plan;
  const vars = parseVars(options.var);
  if (!vars.ok) return vars;
  const envFiles = await readEnvFiles(options["env-file"], host);
  if (!envFiles.ok) return fail(plainError("cli.env-file", envFiles.message));
  const { targets, ...remote } = splitPositionals(positionals);
  const load: LoadInput = { files: options.file, vars: vars.value, envFileVars: envFiles.vars, decoders: DECODERS, ...remote };
  const deprecations = (["list-targets", "list-variables"] as const)
    .filter((name) => options[name] === true)
    .map((name) => `Flag --${name} has been deprecated, use --list=${name.slice(5)} instead\n`);
  return ok({
    host,
    options,
    flags: flags.value,
    allowed: allowed.value,
    list,
    get progress() {
      return progressMode(progress, host);
    },
    quiet: progress === "quiet",
    execution: execution.value,
    ...(plan.value ? { plan: plan.value } : {}),
    targets,
    load,
    invocation,
    deprecations,
  });
}

/** People read text, programs JSON. */
function planFormat(text: string | undefined, { tty }: Host): Result<"json" | "text" | undefined> {
  if (text === "json" || text === "text") return ok(text);
  if (text === undefined || text === "false") return ok(undefined);
  if (text === "" || text === "true") return ok(tty.stdout ? "text" : "json");
  return fail(plainError("cli.options", `invalid format "${text}" for --plan: expected text or json`));
}

function given<Name extends string, Value>(name: Name, value: Value | undefined): { readonly [Key in Name]?: Value } {
  return (value === undefined ? {} : { [name]: value }) as { readonly [Key in Name]?: Value };
}

/** A first remote URL is the definition, a second one the command context (spec/bake.md 1). */
function splitPositionals(positionals: readonly string[]): { readonly remote?: string; readonly commandContext?: string; readonly targets: readonly string[] } {
  const [first, second] = positionals;
  if (first === undefined || !isRemoteUrl(first)) return { targets: positionals };
  if (second === undefined || !isRemoteUrl(second)) return { remote: first, targets: positionals.slice(1) };
  return { remote: first, commandContext: second, targets: positionals.slice(2) };
}
