/** Limits of build containers as solve attributes: shared memory, ulimits, resources (spec/bake.md 11.3). */
import { goInt64, quote } from "../go-text.ts";
import type { Resources } from "./model.ts";
import type { Parsed } from "./parsed.ts";
import { parseSize } from "./size.ts";

const ulimitTypes: ReadonlySet<string> = new Set("core cpu data fsize locks memlock msgqueue nice nofile nproc rss rtprio rttime sigpending stack".split(" "));

/** `shm-size` in bytes. Zero means the default and is not sent. */
export function shmSizeAttribute(text: string): Parsed<Readonly<Record<string, string>>> {
  const size = parseSize(text);
  if (!size.ok) return { ok: false, message: `invalid value ${text} for membytes key shm-size` };
  return { ok: true, value: size.value > 0n ? { "shm-size": String(size.value) } : {} };
}

/** `name=soft[:hard]` entries as one attribute, one entry for each name, sorted. */
export function ulimitAttribute(entries: readonly string[]): Parsed<Readonly<Record<string, string>>> {
  const limits = new Map<string, string>();
  for (const entry of entries) {
    const parsed = parseUlimit(entry);
    if (!parsed.ok) return parsed;
    limits.set(parsed.value.name, `${parsed.value.name}=${parsed.value.soft}:${parsed.value.hard}`);
  }
  const names = [...limits.keys()].sort();
  return { ok: true, value: names.length === 0 ? {} : { ulimit: names.map((name) => limits.get(name)).join(",") } };
}

interface Ulimit {
  readonly name: string;
  readonly soft: bigint;
  readonly hard: bigint;
}

function parseUlimit(text: string): Parsed<Ulimit> {
  const equals = text.indexOf("=");
  if (equals < 0) return { ok: false, message: `invalid ulimit argument: ${text}` };
  const name = text.slice(0, equals);
  if (!ulimitTypes.has(name)) return { ok: false, message: `invalid ulimit type: ${name}` };
  const range = text.slice(equals + 1);
  const values = range.split(":");
  if (values.length > 2) return { ok: false, message: `too many limit value arguments - ${range}, can only have up to two, \`soft[:hard]\`` };
  const hard = values[1] === undefined ? undefined : parseWhole(values[1]);
  if (hard && !hard.ok) return hard;
  const soft = parseWhole(values[0] as string);
  if (!soft.ok) return soft;
  const top = hard?.value ?? soft.value;
  if (top !== -1n && soft.value === -1n) return { ok: false, message: `${tooLow}: soft: -1 (unlimited), hard: ${top}` };
  if (top !== -1n && soft.value > top) return { ok: false, message: `${tooLow}: ${soft.value} > ${top}` };
  return { ok: true, value: { name, soft: soft.value, hard: top } };
}

const tooLow = "ulimit soft limit must be less than or equal to hard limit";

function parseWhole(text: string): Parsed<bigint> {
  const value = goInt64(text);
  if (value !== undefined) return { ok: true, value: BigInt(value) };
  const reason = /^[+-]?[0-9]+$/.test(text) ? "value out of range" : "invalid syntax";
  return { ok: false, message: `strconv.ParseInt: parsing ${quote(text)}: ${reason}` };
}

const SIZES = [
  ["memory", "memory"],
  ["memory-swap", "memswap"],
] as const;

const SHARES = [
  ["cpu-shares", "cpushares"],
  ["cpu-period", "cpuperiod"],
  ["cpu-quota", "cpuquota"],
] as const;

/** Resources under their wire names; zero values are not sent. `memory-swap` may be -1 for no limit. */
export function resourceAttributes(resources: Resources): Parsed<Readonly<Record<string, string>>> {
  const out: Record<string, string> = {};
  for (const [name, wire] of SIZES) {
    const text = resources[name]?.trim();
    if (text === undefined) continue;
    if (name === "memory-swap" && text === "-1") {
      out[wire] = "-1";
      continue;
    }
    const size = parseSize(text);
    if (!size.ok) return { ok: false, message: `invalid value ${quote(text)} for resource ${name}: ${size.message}` };
    if (size.value > 0n) out[wire] = String(size.value);
  }
  for (const [name, wire] of SHARES) {
    const value = resources[name];
    if (value !== undefined && BigInt(value) !== 0n) out[wire] = String(value);
  }
  if (resources["cpuset-cpus"]) out["cpusetcpus"] = resources["cpuset-cpus"];
  if (resources["cpuset-mems"]) out["cpusetmems"] = resources["cpuset-mems"];
  return { ok: true, value: out };
}
