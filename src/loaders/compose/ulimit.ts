/** Ulimits as the engine names and bounds them (spec/compose.md 3.2). */
import { refuse } from "./problem.ts";
import type { Ulimit } from "./project.ts";

const NAMES = new Set([
  "core",
  "cpu",
  "data",
  "fsize",
  "locks",
  "memlock",
  "msgqueue",
  "nice",
  "nofile",
  "nproc",
  "rss",
  "rtprio",
  "rttime",
  "sigpending",
  "stack",
]);

/** `name=soft:hard`. */
export function ulimitText(name: string, { soft, hard, range }: Ulimit): string {
  if (!NAMES.has(name)) refuse("compose.value", `invalid ulimit type: ${name}`, range);
  if (hard !== -1n) {
    if (soft === -1n) refuse("compose.value", `ulimit soft limit must be less than or equal to hard limit: soft: -1 (unlimited), hard: ${hard}`, range);
    if (soft > hard) refuse("compose.value", `ulimit soft limit must be less than or equal to hard limit: ${soft} > ${hard}`, range);
  }
  return `${name}=${soft}:${hard}`;
}
