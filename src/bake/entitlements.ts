/**
 * Which privileges a build needs and the user has not granted (spec/bake.md 10). Looks at paths through a
 * Host; asking the user is the command line's.
 */
import { fail, ok, plainError, type Result } from "../diagnostics.ts";
import type { Host } from "../host.ts";
import { deviceName, type Allowed, type Switch } from "./allow.ts";
import { sinkKind } from "./check-output.ts";
import { sshOf } from "./check.ts";
import { cleanPath } from "../clean-path.ts";
import type { Definition } from "./definition.ts";
import { goBool, notBool, quote } from "../go-text.ts";
import { grantedPaths, missingPaths, shownPath } from "./grant-path.ts";
import type { SecretEntry, Target } from "./model.ts";
import { isHttpUrl, isRemoteUrl } from "./remote-url.ts";
import type { ResolvedBake, ResolvedTarget } from "./resolved.ts";

/** One privilege that is asked for and not granted. */
export interface MissingPrivilege {
  /** `Running build containers that can access host network`. */
  readonly text: string;
  /** Value of `--allow` that grants it. */
  readonly allow: string;
  /** Concerns files or agents of this machine. */
  readonly filesystem: boolean;
}

export interface EntitlementVerdict {
  readonly missing: readonly MissingPrivilege[];
  /** False when nothing is missing, or only file system privileges while their check is switched off. */
  readonly mustAsk: boolean;
  /** True when switching the file system check off would help and the user has said nothing about it. */
  readonly canDisable: boolean;
}

/** Everything the targets need, taken together. */
interface Needs {
  readonly switches: Set<Switch>;
  allDevices: boolean;
  readonly devices: Set<string>;
  readonly read: Set<string>;
  readonly write: Set<string>;
}

const fsVariable = "BUILDX_BAKE_ENTITLEMENTS_FS";

/** Compares what the targets need with what `--allow`, `--set` and the current directory grant. */
export function checkEntitlements(resolved: ResolvedBake, allowed: Allowed, host: Host): Result<EntitlementVerdict> {
  const needs: Needs = { switches: new Set(), allDevices: false, devices: new Set(), read: new Set(), write: new Set() };
  for (const target of resolved.targets.values()) {
    const problem = collectNeeds(target, needs, { host, remote: resolved.definition.remote });
    if (problem !== undefined) return fail(plainError("bake.entitlement", problem, target.range));
  }
  const paths = missingFilesystem(needs, resolved, allowed, host);
  if (!paths.ok) return paths;
  const missing = [...missingSwitches(needs, allowed), ...paths.value];
  if (missing.length === 0) return ok({ missing, mustAsk: false, canDisable: false });
  const enforced = filesystemChecks(resolved, host);
  if (!enforced.ok) return enforced;
  const filesystem = missing.some((privilege) => privilege.filesystem);
  return ok({
    missing,
    mustAsk: missing.some((privilege) => enforced.value || !privilege.filesystem),
    canDisable: filesystem && enforced.value && host.env[fsVariable] === undefined,
  });
}

function filesystemChecks({ definition }: ResolvedBake, { env }: Host): Result<boolean> {
  const text = env[fsVariable];
  if (text !== undefined && text !== "") {
    const value = goBool(text);
    return value === undefined ? fail(plainError("bake.entitlement", `failed to parse ${fsVariable} value ${quote(text)}: ${notBool(text)}`)) : ok(value);
  }
  return ok(!(definition.remote && goBool(env["BAKE_ALLOW_REMOTE_FS_ACCESS"] ?? "") === true));
}

function collectNeeds(
  resolved: ResolvedTarget,
  needs: Needs,
  { host, remote }: { readonly host: Host; readonly remote: Definition["remote"] },
): string | undefined {
  const { target } = resolved;
  for (const entitlement of target.entitlements ?? []) {
    if (entitlement === "network.host" || entitlement === "security.insecure") needs.switches.add(entitlement);
    else if (entitlement === "device") needs.allDevices = true;
    else if (entitlement.startsWith("device=")) needs.devices.add(deviceName(entitlement.slice("device=".length)));
  }
  for (const path of sourcePaths(resolved)) needs.read.add(path);
  for (const { type, src } of (target["cache-from"] ?? []) as readonly { type: string; src?: string }[])
    if (type === "local" && src !== undefined) needs.read.add(src);
  for (const { type, dest } of (target["cache-to"] ?? []) as readonly { type: string; dest?: string }[])
    if (type === "local" && dest !== undefined) needs.write.add(dest);
  for (const secret of target.secret ?? []) {
    const path = secretPath(secret, host);
    if (path !== undefined) needs.read.add(path);
  }
  for (const { paths = [] } of sshOf(target, remote)) {
    if (paths.length === 0) needs.switches.add("ssh");
    for (const path of paths) needs.read.add(path);
  }
  return collectOutputs(target, needs);
}

function collectOutputs({ output = [] }: Target, { switches, write }: Needs): string | undefined {
  for (const entry of output as readonly (NonNullable<Target["output"]>[number] & { dest?: string; mode?: string })[]) {
    const { type, dest = "", mode = "" } = entry;
    if (type === "local" && mode === "delete") switches.add("buildx.local.delete");
    else if (type === "local" && mode !== "" && mode !== "copy") return `invalid local exporter mode ${quote(mode)}`;
    if (sinkKind(entry) !== "none" && dest !== "" && dest !== "-") write.add(dest);
  }
  return undefined;
}

/** The file of a secret, when it comes from one. */
export function secretPath({ id, src, env }: SecretEntry, host: Host): string | undefined {
  if (src !== undefined) return src;
  return env === undefined && id !== undefined && host.env[id] === undefined ? id : undefined;
}

/** Local paths that a target's sources are read from. */
export function sourcePaths({ target, contextTree }: ResolvedTarget): readonly string[] {
  const out: string[] = [];
  const { context, dockerfile } = target;
  const local = contextTree === undefined && !isRemoteUrl(context);
  if (local) out.push(context);
  if (!target["dockerfile-inline"] && !isHttpUrl(dockerfile)) {
    const own = dockerfile.startsWith("cwd://") ? dockerfile.slice("cwd://".length) : undefined;
    if (own !== undefined || dockerfile.startsWith("/")) out.push(own ?? dockerfile);
    else if (local) out.push(cleanPath(`${context}/${dockerfile}`));
  }
  for (const value of Object.values(target.contexts ?? {})) {
    const path = localContextPath(value, contextTree !== undefined);
    if (path !== undefined) out.push(path);
  }
  return out;
}

/** The directory a named context reads on this machine; with a remote tree plain paths are in the tree. */
function localContextPath(value: string, inTree: boolean): string | undefined {
  if (value.startsWith("oci-layout://")) return /^oci-layout:\/\/(.*?)(?::[^:/\\]*)?(?:@.*)?$/s.exec(value)?.[1];
  if (value.startsWith("cwd://")) return value.slice("cwd://".length);
  if (value === "" || value === "-" || /^(?:target:|docker-image:|input:)/.test(value) || isRemoteUrl(value)) return undefined;
  return inTree ? undefined : value;
}

const switchTexts: Readonly<Record<Switch, string>> = {
  "network.host": "Running build containers that can access host network",
  "security.insecure": "Running privileged containers that can make system changes",
  "buildx.local.delete": "Deleting stale files from local output destinations",
  ssh: "Forwarding default SSH agent socket",
};

function missingSwitches(needs: Needs, allowed: Allowed): readonly MissingPrivilege[] {
  const out: MissingPrivilege[] = [];
  const add = (name: Switch): void => {
    if (needs.switches.has(name) && !allowed.switches.has(name)) out.push({ text: switchTexts[name], allow: name, filesystem: name === "ssh" });
  };
  add("network.host");
  add("security.insecure");
  if (needs.allDevices && !allowed.allDevices) out.push({ text: "Access to CDI devices", allow: "device", filesystem: false });
  for (const device of [...needs.devices].sort()) {
    if (!allowed.allDevices && !allowed.devices.has(device)) out.push({ text: `Access to device ${device}`, allow: `device=${device}`, filesystem: false });
  }
  add("buildx.local.delete");
  add("ssh");
  return out;
}

function missingFilesystem(needs: Needs, { grants }: ResolvedBake, allowed: Allowed, host: Host): Result<readonly MissingPrivilege[]> {
  const readable = grantedPaths([".", ...allowed.read, ...grants.read], host);
  if (!readable.ok) return readable;
  const writable = grantedPaths([".", ...allowed.write, ...grants.write], host);
  if (!writable.ok) return writable;
  const read = missingPaths(needs.read, readable.value, host);
  if (!read.ok) return read;
  const write = missingPaths(needs.write, writable.value, host);
  if (!write.ok) return write;
  const both = new Set(read.value.filter((path) => write.value.includes(path)));
  const describe = (paths: Iterable<string>, access: string, key: string): readonly MissingPrivilege[] =>
    [...paths].map((path) => {
      const shown = shownPath(path, host);
      return { text: `${access} access to path ${shown}`, allow: `${key}=${shown}`, filesystem: true };
    });
  return ok([
    ...describe(both, "Read and write", "fs"),
    ...describe(
      read.value.filter((path) => !both.has(path)),
      "Read",
      "fs.read",
    ),
    ...describe(
      write.value.filter((path) => !both.has(path)),
      "Write",
      "fs.write",
    ),
  ]);
}
