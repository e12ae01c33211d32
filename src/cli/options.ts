/**
 * The flag table and its parser. One row a flag: parsing, help and the docs page come from it.
 * Spelling rules and error texts are those of the reference's flag library.
 */

/** `optional` takes a value only after `=`; without one it is the empty text. */
export type FlagKind = "bool" | "string" | "list" | "optional";

export interface Flag {
  readonly kind: FlagKind;
  readonly short?: string;
  /** Placeholder of the value in help. */
  readonly value?: string;
  readonly help: string;
  readonly group: "Definition" | "Build" | "Output" | "Engine" | "General";
  /** Given as true it is this value of another flag: of the two, the one given last counts. */
  readonly means?: { readonly flag: string; readonly value: string };
  /** Accepted, not shown in help. */
  readonly hidden?: boolean;
}

export const BAKE_FLAGS = {
  file: { kind: "list", short: "f", value: "FILE", group: "Definition", help: "Definition file: HCL, JSON or compose; - reads standard input (repeatable)" },
  set: { kind: "list", value: "TARGET.KEY=VALUE", group: "Definition", help: "Override an attribute; TARGET may be a pattern, += appends (repeatable)" },
  var: { kind: "list", value: "NAME=VALUE", group: "Definition", help: "Set a variable, above the environment (repeatable)" },
  "env-file": { kind: "list", value: "FILE", group: "Definition", help: "Read variable values from a file, below the environment (repeatable)" },
  print: { kind: "bool", group: "Definition", help: "Print the resolved definition as JSON and do not build" },
  list: {
    kind: "string",
    value: "KIND",
    group: "Definition",
    help: "List targets or variables; CSV such as type=targets,format=json; type=matrix,format=json for CI",
  },
  plan: {
    kind: "optional",
    value: "FORMAT",
    group: "Definition",
    help: "Print the plan (jobs, nodes, order, contexts, caches) and do not build: text, or json, which is the default where the output is no terminal",
  },
  push: { kind: "bool", group: "Output", help: "Push images: shorthand for --set=*.push=true" },
  load: { kind: "bool", group: "Output", help: "Load images into the Docker engine: shorthand for --set=*.load=true" },
  "metadata-file": { kind: "string", value: "FILE", group: "Output", help: "Write digests and other results of each target as JSON" },
  events: { kind: "string", value: "FILE", group: "Output", help: "Write every event of the run as a line of JSON; - is standard output" },
  progress: { kind: "string", value: "MODE", group: "Output", help: "auto, tty, plain, quiet, none or rawjson; plain shows the output of containers" },
  "log-dir": { kind: "string", value: "DIR", group: "Output", help: "Write one complete log file a target" },
  report: {
    kind: "list",
    value: "FILE",
    group: "Output",
    help: "Write a time line of the build: a page (.html), data (.json) or a Chrome trace (.trace.json) (repeatable)",
  },
  "no-cache": { kind: "bool", group: "Build", help: "Build every step anew; --no-cache=false overrides the definition" },
  pull: { kind: "bool", group: "Build", help: "Always look for newer images; --pull=false overrides the definition" },
  sbom: { kind: "string", value: "VALUE", group: "Build", help: "Shorthand for --set=*.attest=type=sbom" },
  provenance: { kind: "string", value: "VALUE", group: "Build", help: "Shorthand for --set=*.attest=type=provenance" },
  policy: { kind: "list", value: "OPTIONS", group: "Build", help: "Policy evaluation: disabled=BOOL, strict=BOOL, log-level=LEVEL (repeatable)" },
  call: { kind: "string", value: "METHOD", group: "Build", help: "Evaluate instead of building: check, outline or targets" },
  check: { kind: "bool", group: "Build", means: { flag: "call", value: "check" }, help: "Shorthand for --call=check" },
  allow: {
    kind: "list",
    value: "ENTITLEMENT",
    group: "Build",
    help: "Grant a build what it asks for: network.host, security.insecure, ssh, fs.read=PATH, ... (repeatable)",
  },
  cache: {
    kind: "string",
    value: "REF",
    group: "Build",
    help: "Import and export the cache of every target under one registry reference (or type=gha, s3, azblob), with a scope each",
  },
  "max-parallelism": {
    kind: "string",
    value: "N",
    group: "Build",
    help: "How many targets may be built at the same time (default 60, or TSBAKE_MAX_PARALLELISM)",
  },
  execution: {
    kind: "string",
    value: "MODE",
    group: "Build",
    help: "On failures: fail-fast cancels the others, defer-error goes on with them, defer-output holds all outputs back until everything is built",
  },
  "keep-going": { kind: "bool", short: "k", group: "Build", help: "Shorthand for --execution=defer-error" },
  retries: {
    kind: "string",
    value: "N",
    group: "Build",
    help: "Try a target again after failures of networks and registries, never after a failed step (default 0)",
  },
  timeout: { kind: "string", value: "DURATION", group: "Build", help: "Cancel the run when it takes longer, such as 30m" },
  "target-timeout": { kind: "string", value: "DURATION", group: "Build", help: "Fail a target that works longer" },
  strict: { kind: "bool", group: "Build", help: "Fail when several targets write the same tag, output or cache, or a platform has no node" },
  builder: {
    kind: "string",
    value: "NAME|ADDRESS",
    group: "Engine",
    help: "Builder by name, or an address such as unix:///run/buildkit/buildkitd.sock or tcp://host:1234",
  },
  debug: { kind: "bool", short: "D", group: "General", help: "Show more of what happens, and stack traces of failures" },
  help: { kind: "bool", short: "h", group: "General", help: "Show this help" },
  version: { kind: "bool", short: "v", group: "General", help: "Show the version" },
  "list-targets": { kind: "bool", group: "General", hidden: true, help: "Use --list=targets" },
  "list-variables": { kind: "bool", group: "General", hidden: true, help: "Use --list=variables" },
} as const satisfies Readonly<Record<string, Flag>>;

export type FlagName = keyof typeof BAKE_FLAGS;

/** Values as given; a flag that was not given is undefined (false is "given as false"). */
export type Options = {
  readonly [Name in FlagName]: (typeof BAKE_FLAGS)[Name]["kind"] extends "bool"
    ? boolean | undefined
    : (typeof BAKE_FLAGS)[Name]["kind"] extends "list"
      ? readonly string[]
      : string | undefined;
};

export type ParsedArguments =
  | { readonly ok: true; readonly options: Options; readonly positionals: readonly string[] }
  | { readonly ok: false; readonly message: string; readonly unknownFlag?: string };

const TRUE = new Set(["1", "t", "T", "TRUE", "true", "True"]);
const FALSE = new Set(["0", "f", "F", "FALSE", "false", "False"]);

interface Cursor {
  readonly argv: readonly string[];
  index: number;
  readonly values: Map<string, boolean | string | string[]>;
}

/** Parses the arguments of bake: flags and targets in any order, `--` ends the flags. */
export function parseArguments(argv: readonly string[]): ParsedArguments {
  const cursor: Cursor = { argv, index: 0, values: new Map() };
  const positionals: string[] = [];
  for (; cursor.index < argv.length; cursor.index++) {
    const argument = argv[cursor.index] as string;
    if (argument === "--") {
      positionals.push(...argv.slice(cursor.index + 1));
      break;
    }
    if (argument.length < 2 || !argument.startsWith("-")) {
      positionals.push(argument);
      continue;
    }
    const failure = argument.startsWith("--") ? takeLong(cursor, argument) : takeShort(cursor, argument);
    if (failure) return failure;
  }
  return { ok: true, options: toOptions(cursor.values), positionals };
}

function toOptions(values: ReadonlyMap<string, boolean | string | string[]>): Options {
  const options: Record<string, unknown> = {};
  for (const [name, flag] of Object.entries(BAKE_FLAGS)) options[name] = values.get(name) ?? (flag.kind === "list" ? [] : undefined);
  return options as Options;
}

type Failure = { readonly ok: false; readonly message: string; readonly unknownFlag?: string };

function takeLong(cursor: Cursor, argument: string): Failure | undefined {
  const equals = argument.indexOf("=");
  const name = argument.slice(2, equals < 0 ? undefined : equals);
  if (name === "" || name.startsWith("-")) return { ok: false, message: `bad flag syntax: ${argument}` };
  const flag = lookup(name);
  if (!flag) return { ok: false, message: `unknown flag: --${name}`, unknownFlag: name };
  if (equals >= 0) return store(cursor, name, argument.slice(equals + 1));
  if (flag.kind === "bool") return store(cursor, name, "true");
  if (flag.kind === "optional") return store(cursor, name, "");
  const text = cursor.argv[++cursor.index];
  return text === undefined ? { ok: false, message: `flag needs an argument: --${name}` } : store(cursor, name, text);
}

/** `-Df x`, `-fx`, `-f=x`: boolean shorthands may be joined, the last one may take a value. */
function takeShort(cursor: Cursor, argument: string): Failure | undefined {
  for (let rest = argument.slice(1); rest !== ""; ) {
    const letter = rest[0] as string;
    rest = rest.slice(1);
    const found = Object.entries(BAKE_FLAGS).find(([, flag]) => (flag as Flag).short === letter);
    if (!found) return { ok: false, message: `unknown shorthand flag: '${letter}' in -${letter}${rest}` };
    const [name, flag] = found;
    if (flag.kind === "bool" && !rest.startsWith("=")) {
      const failure = store(cursor, name, "true");
      if (failure) return failure;
      continue;
    }
    const inline = rest.startsWith("=") ? rest.slice(1) : rest === "" ? undefined : rest;
    const text = inline ?? cursor.argv[++cursor.index];
    return text === undefined ? { ok: false, message: `flag needs an argument: '${letter}' in -${letter}` } : store(cursor, name, text);
  }
  return undefined;
}

function lookup(name: string): Flag | undefined {
  return Object.hasOwn(BAKE_FLAGS, name) ? BAKE_FLAGS[name as FlagName] : undefined;
}

function store(cursor: Cursor, name: string, text: string): Failure | undefined {
  const flag = lookup(name);
  const kind = flag?.kind;
  if (kind === "list") {
    const list = (cursor.values.get(name) as string[] | undefined) ?? [];
    list.push(text);
    cursor.values.set(name, list);
  } else if (kind === "string" || kind === "optional") {
    cursor.values.set(name, text);
  } else if (TRUE.has(text)) {
    cursor.values.set(name, true);
    if (flag?.means) cursor.values.set(flag.means.flag, flag.means.value);
  } else if (FALSE.has(text)) {
    cursor.values.set(name, false);
  } else {
    const label = flag?.short ? `-${flag.short}, --${name}` : `--${name}`;
    return {
      ok: false,
      message: `invalid argument ${JSON.stringify(text)} for "${label}" flag: strconv.ParseBool: parsing ${JSON.stringify(text)}: invalid syntax`,
    };
  }
  return undefined;
}
