/** From a merged target to the model: defaults, clean paths, print order (spec/bake.md 4.4, 7.2, 11.1, 2.5). */
import { cleanPath } from "../clean-path.ts";
import { FIELD_NAMES } from "./fields.ts";
import { defaultContext } from "./file-paths.ts";
import { goBool } from "../go-text.ts";
import type { LinkedTarget } from "./link.ts";
import type { Draft } from "./merge.ts";
import type { OutputEntry, PolicyEntry, Target } from "./model.ts";
import { isRemoteUrl, remoteDirectory } from "./remote-url.ts";
import type { Layer, ResolvedTarget } from "./resolved.ts";

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
  const all: Layer[] = layers;
  let { args } = draft;
  if (input.epoch !== "" && !args?.has(epochArg)) {
    args = new Map([...(args ?? []), [epochArg, input.epoch]]);
    all.push({ kind: "environment", attribute: "args", name: epochArg });
  }
  const finished: Draft = {
    ...draft,
    context: context.value,
    dockerfile: draft.dockerfile || "Dockerfile",
    ...(args ? { args } : {}),
    ...(draft.output ? { output: draft.output.map(withStdout) } : {}),
    ...(input.policy ? { policy: input.policy } : {}),
  };
  return {
    name,
    target: modelOf(finished),
    linkedOnly,
    range: (blocks[blocks.length - 1] as (typeof blocks)[number]).range,
    ...(context.tree === undefined ? {} : { contextTree: context.tree }),
    layers: all,
  };
}

/** Fields in print order; empty lists and maps are not fields. */
function modelOf(draft: Draft): Target {
  const out: Record<string, unknown> = {};
  for (const name of FIELD_NAMES) {
    const value = draft[name] as unknown;
    if (value === undefined) continue;
    if (value instanceof Map) {
      if (value.size > 0) out[name] = Object.fromEntries(value as ReadonlyMap<string, string>);
    } else if (Array.isArray(value)) {
      if (value.length > 0) out[name] = value;
    } else if (name !== "description" || value !== "") out[name] = value;
  }
  return out as unknown as Target;
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
