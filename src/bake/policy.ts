/** Which policy sets a target has: the default file beside its Dockerfile, and its `policy` entries in order (spec/bake.md 11.6). */
import { fail, ok, plainError, type Result } from "../diagnostics.ts";
import type { Host } from "../host.ts";
import { cleanPath } from "../clean-path.ts";
import { goBool } from "../go-text.ts";
import { lookAt } from "./look.ts";
import { isHttpUrl, isRemoteUrl } from "./remote-url.ts";
import type { ResolvedTarget } from "./resolved.ts";

/** Files that are evaluated together. Paths are relative to the working directory or absolute. */
export interface PolicySet {
  readonly files: readonly string[];
  readonly strict?: boolean;
  readonly logLevel?: string;
  /** Whether it is there is not known: it lies in a remote context. */
  readonly optional?: boolean;
}

/** Asks for the reference's built-in policy. There is none here, and a check that was asked for is never skipped. */
const builtIn = "BUILDX_DEFAULT_POLICY";
const noBuiltIn = `${builtIn} asks for a built-in policy, which tsbake does not have: unset it, or switch policies off with --policy disabled=true`;

/** The sets that must agree to a build of the target; none for most targets. */
export function policySets({ target, range }: ResolvedTarget, host: Host): Result<readonly PolicySet[]> {
  const entries = target.policy ?? [];
  if (entries.some(({ Disabled }) => Disabled)) {
    const only = entries.length === 1 && entries[0]?.Files === null && entries[0].Strict === null && entries[0].LogLevel === null;
    return only ? ok([]) : fail(plainError("bake.policy", "disabled policy cannot be combined with other policy flags", range));
  }
  if (goBool(host.env[builtIn] ?? "") === true) return fail(plainError("bake.policy", noBuiltIn, range));
  let sets: readonly PolicySet[] = defaultSets(target, host);
  let pending: Omit<PolicySet, "files"> = {};
  for (const { Files, Reset, Strict, LogLevel } of entries) {
    if (Reset) sets = [];
    const options = { ...(Strict === null ? {} : { strict: Strict }), ...(LogLevel === null ? {} : { logLevel: LogLevel }) };
    const last = sets.at(-1);
    if (Files) {
      sets = [...sets, { files: Files.map(({ Filename }) => Filename), ...pending, ...options }];
      pending = {};
    } else if (last) sets = [...sets.slice(0, -1), { ...last, ...options }];
    else pending = { ...pending, ...options };
  }
  return ok(sets);
}

/** `Dockerfile.rego` beside the Dockerfile: where it is there, or might be. */
function defaultSets({ context, dockerfile, ...target }: ResolvedTarget["target"], host: Host): readonly PolicySet[] {
  if (target["dockerfile-inline"] || isHttpUrl(dockerfile)) return [];
  const own = dockerfile.startsWith("cwd://") ? dockerfile.slice("cwd://".length) : dockerfile;
  const local = own !== dockerfile || own.startsWith("/");
  const remote = isRemoteUrl(context);
  if (!local && remote) return [{ files: [`${own}.rego`], optional: true }];
  const path = `${local ? cleanPath(own) : cleanPath(`${context}/${own}`)}.rego`;
  const found = lookAt(path, host);
  if (typeof found !== "object" || found.kind !== "file") return [];
  return [{ files: [remote && !path.startsWith("/") ? `cwd://${path}` : path] }];
}
