/** Text that becomes a number or a truth value after interpolation, by its place (spec/compose.md 2.4). */
import { quote } from "../../go-text.ts";
import type { Scalar } from "./node.ts";
import { scalar } from "./node.ts";
import { pathTable, type PathTable } from "./path-table.ts";
import { floatText } from "./scalar.ts";

export type Cast = "ParseInt" | "Atoi" | "ParseFloat" | "bool";

const rows = (cast: Cast, base: string, names: string): (readonly [string, Cast])[] => names.split(" ").map((name) => [`${base}.${name}`, cast] as const);

/** Where text is cast, and how. */
export const CASTS: PathTable<Cast> = pathTable<Cast>([
  ...rows("ParseInt", "services.*", "cpu_count cpu_period cpu_quota cpu_rt_period cpu_rt_runtime cpu_shares oom_score_adj pids_limit"),
  ...rows("Atoi", "services.*", "healthcheck.retries ports.[].target scale ulimits.* ulimits.*.hard ulimits.*.soft"),
  ...rows(
    "Atoi",
    "services.*.deploy",
    "replicas update_config.parallelism rollback_config.parallelism restart_policy.max_attempts placement.max_replicas_per_node",
  ),
  ...rows("ParseFloat", "services.*", "cpu_percent cpus deploy.update_config.max_failure_ratio deploy.rollback_config.max_failure_ratio"),
  ...rows(
    "bool",
    "services.*",
    "init depends_on.*.required depends_on.*.restart healthcheck.disable oom_kill_disable privileged read_only stdin_open tty volumes.[].read_only volumes.[].volume.nocopy",
  ),
  ...rows("bool", "networks.*", "external internal attachable enable_ipv4 enable_ipv6"),
  ["volumes.*.external", "bool"],
  ["secrets.*.external", "bool"],
  ["configs.*.external", "bool"],
]);

/** The cast value; `problem` when the text is of another kind, `warning` for words of YAML 1.1. */
export type CastResult = { readonly value: Scalar; readonly warning?: string } | { readonly problem: string };

export function castScalar(cast: Cast, { text, range }: Scalar): CastResult {
  if (cast === "bool") {
    const read = readBoolean(text);
    return "problem" in read ? read : { value: scalar("bool", String(read.value), range), ...(read.warning === undefined ? {} : { warning: read.warning }) };
  }
  if (cast === "ParseFloat") {
    const value = parseFloatText(text);
    return value === undefined ? { problem: `strconv.ParseFloat: parsing ${quote(text)}: invalid syntax` } : { value: scalar("float", value, range) };
  }
  if (!/^[+-]?[0-9]+$/.test(text)) return { problem: `strconv.${cast}: parsing ${quote(text)}: invalid syntax` };
  const value = BigInt(text.replace("+", ""));
  if (value >= 2n ** 63n || value < -(2n ** 63n)) return { problem: `strconv.${cast}: parsing ${quote(text)}: value out of range` };
  return { value: scalar("int", value.toString(), range) };
}

function parseFloatText(text: string): string | undefined {
  if (/^[+-]?(?:inf|infinity)$/i.test(text)) return text.startsWith("-") ? "-Inf" : "+Inf";
  if (/^nan$/i.test(text)) return "NaN";
  return /^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/.test(text) ? floatText(Number(text)) : undefined;
}

const WORDS: Readonly<Record<string, boolean>> = { true: true, y: true, yes: true, on: true, false: false, n: false, no: false, off: false };

export type ReadBoolean = { readonly value: boolean; readonly warning?: string } | { readonly problem: string };

/** `true` and `false` in any case; the words of YAML 1.1 with a warning. */
export function readBoolean(text: string): ReadBoolean {
  const lower = text.toLowerCase();
  const value = Object.hasOwn(WORDS, lower) ? WORDS[lower] : undefined;
  if (value === undefined) return { problem: `invalid boolean: ${text}` };
  if (lower === "true" || lower === "false") return { value };
  return { value, warning: `${quote(text)} for boolean is not supported by YAML 1.2, please use \`${value}\`` };
}
