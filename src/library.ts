/**
 * The stages as functions for programs: text to definition, definition to targets, targets to a plan, a plan to a run.
 * Each can be called on its own. They read nothing but the Host they are given, print nothing and never exit.
 */
import type { CheckedTarget } from "./bake/check.ts";
import { checkTargets } from "./bake/check.ts";
import type { Definition, LoadResult } from "./bake/definition.ts";
import { DECODERS } from "./bake/fields.ts";
import { lowerFlags } from "./bake/flags.ts";
import { printDefinition } from "./bake/print.ts";
import { resolve as resolveDefinition } from "./bake/resolve.ts";
import type { ResolvedBake } from "./bake/resolved.ts";
import { ok, type Result } from "./diagnostics.ts";
import type { Host, RemoteReader } from "./host.ts";
import { load as loadDefinition } from "./loaders/load.ts";
import { planResolved } from "./plan.ts";
import type { Plan } from "./planner/plan.ts";
import { connect as connectEngine, type Engine } from "./runner/connect.ts";

/** What `load` reads. Everything is optional: without files they are discovered as the command line does. */
export interface LoadOptions {
  /** Paths, in order; later ones override earlier ones. */
  readonly files?: readonly string[];
  /** A git or http(s) URL that holds the definition; `context.remote` reads it. */
  readonly url?: string;
  /** Variable values, above the environment. */
  readonly vars?: Readonly<Record<string, string>>;
}

/** Reads and evaluates definition files (docker-bake.hcl, docker-bake.json, compose). Mistakes come back as diagnostics. */
export function load(options: LoadOptions, context: { readonly host: Host; readonly remote?: RemoteReader }): Promise<LoadResult> {
  const { files = [], url, vars = {} } = options;
  return loadDefinition({ files, vars: new Map(Object.entries(vars)), decoders: DECODERS, ...(url === undefined ? {} : { remote: url }) }, context);
}

/** What `resolve` selects and overrides; the names are those of the command line. */
export interface ResolveOptions {
  /** Names and patterns; none means `default`. */
  readonly targets?: readonly string[];
  /** `TARGET.KEY=VALUE` texts, as `--set` takes them. */
  readonly set?: readonly string[];
  readonly push?: boolean;
  readonly load?: boolean;
  readonly pull?: boolean;
  readonly noCache?: boolean;
}

/** Resolved targets, checked and ready to be planned. */
export interface ResolvedTargets extends ResolvedBake {
  readonly checked: ReadonlyMap<string, CheckedTarget>;
}

/** Merges, inherits, overrides and checks the targets, as `--print` does. */
export function resolve(definition: Definition, options: ResolveOptions, context: { readonly host: Host }): Result<ResolvedTargets> {
  const { targets = [], set = [], ...flags } = options;
  const lowered = lowerFlags({ set, ...flags });
  if (!lowered.ok) return lowered;
  const resolved = resolveDefinition(definition, {
    targets,
    overrides: lowered.value.overrides,
    disablePolicy: lowered.value.disablePolicy,
    host: context.host,
  });
  if (!resolved.ok) return resolved;
  const checked = checkTargets(resolved.value, context.host);
  return checked.ok ? ok({ ...resolved.value, checked: checked.value }) : checked;
}

/** The resolved targets as JSON text, byte for byte what `tsbake --print` writes. */
export function print(resolved: ResolvedBake): string {
  return printDefinition(resolved);
}

/** Finds an engine and asks it what it can do. Rejects with a BakeError when there is none. Close it after use. */
export function connect(options: { readonly builder?: string }, context: { readonly host: Host; readonly signal?: AbortSignal }): Promise<Engine> {
  return connectEngine({ ...options, ...context });
}

/** What `plan` adds to what the targets say themselves. */
export interface PlanOptions {
  /** One place for the caches of all targets, as `--cache` takes it. */
  readonly cache?: string;
  /** Conflicts between targets are errors, not warnings. */
  readonly strict?: boolean;
}

/** Plans the targets for an engine, or, without one, for an engine that can do everything. Warnings are among the diagnostics. */
export function plan(resolved: ResolvedTargets, context: { readonly host: Host; readonly engine?: Engine }, options: PlanOptions = {}): Promise<Result<Plan>> {
  const { host, engine } = context;
  return planResolved({ resolved, checked: resolved.checked, host, ...(engine ? { engine } : {}), ...options });
}
