/** A resolved target in the planner's words: entries split into type, destination and attributes, links and privileges named. */
import type { Target } from "../bake/model.ts";
import { absolutePath } from "./build-context.ts";
import type { PlannedCall, PlannedPolicy } from "./plan.ts";
import type { TargetInput } from "./target.ts";

/** What was found out about a target beside its fields. */
export interface TargetFindings {
  readonly name: string;
  /** False for targets that were only pulled in by links. */
  readonly requested: boolean;
  readonly platforms: readonly string[];
  readonly annotations: Readonly<Record<string, string>>;
  readonly limits: Readonly<Record<string, string>>;
  readonly call?: PlannedCall;
  readonly policies: readonly PlannedPolicy[];
  /** SSH entries that count: the default agent for Git over SSH included. */
  readonly ssh: NonNullable<Target["ssh"]>;
  /** Secrets beside the target's own: access to the repository that its context is in. */
  readonly credentials: readonly { readonly id: string; readonly env: string }[];
  /** Named contexts as they are solved; with a remote definition they differ from what is printed. */
  readonly contexts: Readonly<Record<string, string>>;
}

/** The planner's input for one target; `cwd` is what `cwd://` in its Dockerfile means. */
export function targetInput(target: Target, findings: TargetFindings, cwd: string): TargetInput {
  const { call, contexts, credentials, ssh, ...found } = findings;
  return {
    ...found,
    ...(call ? { call } : {}),
    context: target.context,
    dockerfile: target.dockerfile.startsWith(localPrefix) ? absolutePath(target.dockerfile.slice(localPrefix.length), cwd) : target.dockerfile,
    dockerfileInline: target["dockerfile-inline"] ?? "",
    contexts: Object.entries(contexts),
    args: Object.entries(target.args ?? {}),
    labels: Object.entries(target.labels ?? {}),
    extraHosts: Object.entries(target["extra-hosts"] ?? {}),
    target: target.target ?? "",
    tags: target.tags ?? [],
    pull: target.pull === true,
    noCache: target["no-cache"] === true,
    noCacheFilter: target["no-cache-filter"] ?? [],
    network: target.network ?? "",
    entitlements: target.entitlements ?? [],
    attestations: (target.attest ?? []).map(({ type, disabled, ...attributes }) => ({
      type,
      disabled: disabled === true,
      attributes: attributes as Record<string, string>,
    })),
    outputs: (target.output ?? []).map(({ type, dest = "", ...attributes }) => ({ type, dest, attributes })),
    cacheFrom: (target["cache-from"] ?? []).map(typed),
    cacheTo: (target["cache-to"] ?? []).map(typed),
    secrets: [...(target.secret ?? []).map((secret) => ({ ...secret, id: secret.id ?? "" })), ...credentials],
    ssh: ssh.map(({ id = "default", paths = [] }) => ({ id, paths })),
  };
}

const localPrefix = "cwd://";

const typed = ({
  type,
  ...attributes
}: {
  readonly type: string;
  readonly [attribute: string]: string;
}): { type: string; attributes: Readonly<Record<string, string>> } => ({ type, attributes });
