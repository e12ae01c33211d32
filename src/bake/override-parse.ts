/** The grammar of `--set`: texts to overrides of targets (spec/bake.md 8.1). */
import { fail, ok, plainError, type Result } from "../diagnostics.ts";
import type { Host } from "../host.ts";
import type { Catalogue } from "./catalogue.ts";
import { goBool } from "../go-text.ts";
import { didYouMean } from "./nearest.ts";
import { compilePattern } from "./pattern.ts";
import type { Override } from "./resolved.ts";

/** For each target, its overrides by whole key, in the order the keys first appear. */
export type Overrides = ReadonlyMap<string, ReadonlyMap<string, Override>>;

/** An override before it meets targets. */
interface ParsedOverride {
  readonly pattern: string;
  readonly key: string;
  readonly name?: string;
  /** Absent for `args.NAME` whose variable is not set: nothing happens then. */
  readonly value?: string;
  readonly append: boolean;
  readonly flag: string;
}

/** Keys that are refused without a name even when their target is not built. */
const named: Readonly<Record<string, (left: string) => string>> = {
  args: (left) => `invalid key ${left}, args requires name`,
  contexts: (left) => `invalid key ${left}, contexts requires name`,
  secret: (left) => `invalid key ${left}, secret requires name`,
  resources: (left) => `invalid key ${left}, resources requires name`,
};

/** Parses overrides in order and finds their targets; the first mistake ends it. */
export function parseOverrides(flags: readonly string[], catalogue: Catalogue, host: Host): Result<Overrides> {
  const overrides = new Map<string, Map<string, Override>>();
  for (const flag of flags) {
    const parsed = parseOne(flag, host);
    if (!parsed.ok) return parsed;
    const names = matchTargets(parsed.value.pattern, catalogue);
    if (!names.ok) return names;
    const problem = checkName(parsed.value);
    if (problem !== undefined) return fail(plainError("bake.override", problem));
    if (parsed.value.value !== undefined) collect(overrides, names.value, parsed.value, parsed.value.value);
  }
  return ok(overrides);
}

function parseOne(flag: string, host: Host): Result<ParsedOverride> {
  const equals = flag.indexOf("=");
  const left = equals < 0 ? flag : flag.slice(0, equals);
  const append = left.endsWith("+");
  const whole = append ? left.slice(0, -1) : left;
  const dot = whole.indexOf(".");
  if (dot < 0) return fail(plainError("bake.override", `invalid override key ${whole}, expected target.name`));
  const second = whole.indexOf(".", dot + 1);
  const key = second < 0 ? whole.slice(dot + 1) : whole.slice(dot + 1, second);
  const name = second < 0 ? {} : { name: whole.slice(second + 1) };
  if (equals < 0 && key !== "args") return fail(plainError("bake.override", `invalid override ${flag}, expected target.name=value`));
  const value = equals < 0 ? lookUp(name.name ?? "", host) : flag.slice(equals + 1);
  return ok({ pattern: whole.slice(0, dot), key, ...name, ...(value === undefined ? {} : { value }), append, flag });
}

/** `args.NAME` alone passes a variable on, unless it is unset or looking it up is switched off. */
function lookUp(name: string, { env }: Host): string | undefined {
  return goBool(env["BUILDX_BAKE_DISABLE_VARS_ENV_LOOKUP"] ?? "") === true ? undefined : env[name];
}

function matchTargets(pattern: string, { targets }: Catalogue): Result<readonly string[]> {
  if (targets.has(pattern)) return ok([pattern]);
  const matches = compilePattern(pattern);
  if (!matches) return fail(plainError("bake.override", `could not match targets with '${pattern}': syntax error in pattern`));
  const names = [...targets.keys()].filter(matches);
  if (names.length > 0) return ok(names);
  return fail({ ...plainError("bake.no-match", `could not find any target matching '${pattern}'`), ...didYouMean(pattern, targets.keys()) });
}

function checkName({ key, name, append, flag }: ParsedOverride): string | undefined {
  const message = Object.hasOwn(named, key) ? named[key] : undefined;
  if (!message) return undefined;
  const left = flag.split("=", 1)[0] as string;
  if (name === undefined) return message(left);
  if (append && (key === "secret" || key === "resources")) return `invalid key ${left}, ${key} does not support append`;
  return undefined;
}

function collect(overrides: Map<string, Map<string, Override>>, names: readonly string[], { key, name, append, flag }: ParsedOverride, value: string): void {
  const whole = name === undefined ? key : `${key}.${name}`;
  const first: Override = { key, ...(name === undefined ? {} : { name }), values: [value], append, flags: [flag] };
  for (const target of names) {
    let own = overrides.get(target);
    if (!own) overrides.set(target, (own = new Map<string, Override>()));
    const earlier = own.get(whole);
    own.set(whole, earlier ? { ...first, values: [...earlier.values, value], flags: [...earlier.flags, flag] } : first);
  }
}
