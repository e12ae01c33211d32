/** Command-line flags as overrides: the one mechanism behind `--push`, `--sbom` and the rest (spec/bake.md 1 and 8). */
import { fail, ok, plainError, type Result } from "../diagnostics.ts";
import { parseCall, type Call } from "./call.ts";
import { parsePolicy } from "./entries/policy.ts";
import { goBool } from "../go-text.ts";
import type { PolicyEntry } from "./model.ts";

/** Flags as given; absent means not given. */
export interface BakeFlags {
  readonly set: readonly string[];
  readonly push?: boolean;
  readonly load?: boolean;
  readonly pull?: boolean;
  readonly noCache?: boolean;
  /** Value of `--call`; `--check` is `check`. */
  readonly call?: string;
  readonly sbom?: string;
  readonly provenance?: string;
  readonly policy?: readonly string[];
}

export interface LoweredFlags {
  /** For `resolve`, in the order they count. */
  readonly overrides: readonly string[];
  readonly disablePolicy: boolean;
  /** What `--call` asks for; targets may still ask themselves. */
  readonly call?: Call;
}

/** Lowers the flags: user overrides first, so that flags win over them. */
export function lowerFlags(flags: BakeFlags): Result<LoweredFlags> {
  const call = parseCall(flags.call ?? "");
  if (!call.ok) return fail(plainError("bake.call", call.message));
  const policy = lowerPolicies(flags.policy ?? []);
  if (!policy.ok) return policy;
  const overrides = [...flags.set];
  if (flags.push === true) overrides.push("*.push=true");
  if (flags.load === true) overrides.push("*.load=true");
  if (call.value && call.value.name !== "build") overrides.push(`*.call=${call.value.name}`);
  if (flags.noCache !== undefined) overrides.push(`*.no-cache=${flags.noCache}`);
  if (flags.pull !== undefined) overrides.push(`*.pull=${flags.pull}`);
  if (flags.sbom) overrides.push(attestOverride("sbom", flags.sbom));
  if (flags.provenance) overrides.push(attestOverride("provenance", flags.provenance));
  overrides.push(...policy.value.overrides);
  return ok({ overrides, disablePolicy: policy.value.disabled, ...(call.value ? { call: call.value } : {}) });
}

/** A boolean switches the attestation; anything else is its attributes. */
function attestOverride(type: string, value: string): string {
  const wanted = goBool(value);
  return wanted === undefined ? `*.attest=type=${type},${value}` : `*.attest=type=${type},disabled=${!wanted}`;
}

function lowerPolicies(values: readonly string[]): Result<{ overrides: readonly string[]; disabled: boolean }> {
  const entries: PolicyEntry[] = [];
  for (const value of values) {
    const parsed = value === "" ? ({ ok: false, message: "EOF" } as const) : parsePolicy(value);
    if (!parsed.ok) return fail(plainError("bake.policy", parsed.message));
    entries.push(...(parsed.entries as readonly PolicyEntry[]));
  }
  for (const { Files, Reset } of entries) {
    if (Files) return fail(plainError("bake.policy", "--policy does not accept filename; define policy files in the bake definition"));
    if (Reset) return fail(plainError("bake.policy", "--policy does not accept reset; define policy composition in the bake definition"));
  }
  const disabled = entries.some(({ Disabled }) => Disabled);
  const alone = entries.length === 1 && entries[0]?.Strict === null && entries[0].LogLevel === null;
  if (disabled && !alone) return fail(plainError("bake.policy", "disabled policy cannot be combined with other policy flags"));
  return ok({ overrides: disabled ? [] : values.map((value) => `*.policy+=${value}`), disabled });
}
