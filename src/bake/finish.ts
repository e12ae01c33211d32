/** From a merged target to the model: defaults, clean paths, print order (spec/bake.md 4.4, 7.2, 11.1, 2.5). */
import { sortedKeys } from "../byte-order.ts";
import { cleanPath } from "../clean-path.ts";
import { FIELD_NAMES } from "./fields.ts";
import { defaultContext } from "./file-paths.ts";
import { goBool } from "../go-text.ts";
import type { LinkedTarget } from "./link.ts";
import type { Draft } from "./merge.ts";
import type { OutputEntry, PolicyEntry, Target } from "./model.ts";
import { isRemoteUrl, remoteDirectory } from "./remote-url.ts";
import type { ResolvedTarget } from "./resolved.ts";

export interface FinishInput {
  /** Unset contexts are the directory of their file, not the current one. */
  readonly fileRelative: boolean;
  /** Value of SOURCE_DATE_EPOCH; empty when not set. */
  readonly epoch: string;
  /** URL of the remote definition whose tree contexts live in. */
  readonly treeUrl?: string;
  /** Takes the place of every target's policy. */
  readonly policy?: readonly PolicyEntry[];
}

const epochArg = "SOURCE_DATE_EPOCH";

/** Completes a target. The result shares nothing that may still change. */
export function finishTarget(name: string, { merged, draft, layers, linkedOnly }: LinkedTarget, input: FinishInput): ResolvedTarget {
  const { blocks } = merged.entry;
  const context = finishContext(draft.context ?? (input.fileRelative ? defaultContext(blocks) : "."), input.treeUrl);
  let all = layers;
  let { args } = draft;
  if (input.epoch !== "" && !args?.has(epochArg)) {
    args = new Map([...(args ?? []), [epochArg, input.epoch]]);
    all = [...layers, { kind: "environment", attribute: "args", name: epochArg }];
  }
  const finished: ResolvedTarget = {
    name,
    target: modelOf(draft, {
      context: context.value,
      dockerfile: draft.dockerfile || "Dockerfile",
      args,
      output: draft.output?.map(withStdout),
      policy: input.policy ?? draft.policy,
    }),
    linkedOnly,
    range: (blocks[blocks.length - 1] as (typeof blocks)[number]).range,
    layers: all,
  };
  return context.tree === undefined ? finished : { ...finished, contextTree: context.tree };
}

/** What finishing makes of these fields of a draft. */
interface Completed {
  readonly context: string;
  readonly dockerfile: string;
  readonly args: Draft["args"] | undefined;
  readonly output: Draft["output"] | undefined;
  readonly policy: Draft["policy"] | undefined;
}

/** Bits of fields, in print order: they are fewer than a number has. */
const BITS: ReadonlyMap<string, number> = new Map(FIELD_NAMES.map((name, place) => [name, 1 << place]));
const COMPLETED = (["context", "dockerfile", "args", "output", "policy"] satisfies (keyof Completed)[]).reduce((bits, name) => bits | bitOf(name), 0);

function bitOf(name: string): number {
  return BITS.get(name) ?? 0;
}

/** Fields in print order; empty lists and maps are not fields. */
function modelOf(draft: Draft, completed: Completed): Target {
  // A draft has few of all the fields: to look for the others would take longer than all the rest.
  let present = COMPLETED;
  for (const key in draft) present |= bitOf(key);
  const out: Record<string, unknown> = {};
  for (let rest = present; rest !== 0; rest &= rest - 1) {
    const lowest = rest & -rest;
    const name = FIELD_NAMES[31 - Math.clz32(lowest)] as keyof Target;
    const value: unknown = (lowest & COMPLETED) === 0 ? draft[name] : completed[name as keyof Completed];
    if (value === undefined) continue;
    if (typeof value !== "object") {
      if (name !== "description" || value !== "") out[name] = value;
    } else if (value instanceof Map) {
      if (value.size > 0) out[name] = recordOf(value as ReadonlyMap<string, string>);
    } else if (!Array.isArray(value) || value.length > 0) out[name] = value;
  }
  return out as unknown as Target;
}

/**
 * A record of a map's entries, in byte order of keys as they are printed. Written out where no key has a meaning of its own:
 * building from entries is several times slower.
 */
function recordOf(map: ReadonlyMap<string, string>): Readonly<Record<string, string>> {
  const keys = sortedKeys(map.keys());
  if (map.has("__proto__")) return Object.fromEntries(keys.map((key) => [key, map.get(key) as string]));
  const out: Record<string, string> = {};
  for (let i = 0; i < keys.length; i++) out[keys[i] as string] = map.get(keys[i] as string) as string;
  return out;
}

/** Archives without a destination go to standard output; layouts (`tar=false`) must name a directory. */
function withStdout(output: OutputEntry): OutputEntry {
  const archive = output.type === "tar" || (output.type === "oci" && goBool(output["tar"] ?? "") !== false);
  return archive && output["dest"] === undefined ? { ...output, dest: "-" } : output;
}

const localPrefix = "cwd://";

/** `-` is refused by the checks; `tree` is the path in the remote definition's tree. */
function finishContext(context: string, treeUrl: string | undefined): { readonly value: string; readonly tree?: string } {
  if (context.startsWith(localPrefix)) return { value: cleanPath(context.slice(localPrefix.length)) };
  if (isRemoteUrl(context)) return { value: context };
  const path = cleanPath(context);
  if (treeUrl === undefined) return { value: path };
  return path === "." ? { value: treeUrl, tree: "." } : { value: remoteDirectory(treeUrl, path), tree: path };
}
