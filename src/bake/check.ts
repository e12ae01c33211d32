/**
 * What must hold before a definition is printed or built (spec/bake.md 11.1 and 11.2), looked up through
 * a Host. Gives what was parsed on the way, for the planner.
 */
import { fail, ok, plainError, type Diagnostic, type Result } from "../diagnostics.ts";
import { HostError, type Host } from "../host.ts";
import { parseAnnotations } from "./annotation.ts";
import { checkOutputs } from "./check-output.ts";
import { checkSsh } from "./check-ssh.ts";
import type { Definition } from "./definition.ts";
import { resourceAttributes, shmSizeAttribute, ulimitAttribute } from "./limits.ts";
import { lookAt } from "./look.ts";
import type { SecretEntry, Target } from "./model.ts";
import { type KnownPlatforms, normalisePlatforms } from "./platform.ts";
import type { Parsed } from "./parsed.ts";
import { isGitSshUrl, isRemoteUrl } from "./remote-url.ts";
import type { ResolvedBake, ResolvedTarget } from "./resolved.ts";

/** What checking a target found out. */
export interface CheckedTarget {
  /** `os/architecture[/variant]`, commas split, `local` replaced. */
  readonly platforms: readonly string[];
  /** `annotation…` attributes for every exporter. */
  readonly annotations: Readonly<Record<string, string>>;
  /** Solve attributes of shared memory, ulimits and resources. */
  readonly limits: Readonly<Record<string, string>>;
}

/** Checks every target in order; the first mistake of a target hides later ones of it. */
export function checkTargets({ targets, definition }: ResolvedBake, host: Host): Result<ReadonlyMap<string, CheckedTarget>> {
  const checked = new Map<string, CheckedTarget>();
  const problems: Diagnostic[] = [];
  const policy = checkSourcePolicy(host);
  const { remote } = definition;
  const context: CheckContext = { remote, policy, known: new Map() };
  targets.forEach((resolved, name) => {
    const result = checkTarget(resolved, host, context);
    if (result.ok) checked.set(name, result.value);
    else problems.push(plainError("bake.check", result.message, resolved.range));
  });
  return problems.length === 0 ? ok(checked) : fail(...problems);
}

interface CheckContext {
  readonly remote: Definition["remote"];
  /** What is wrong with the source policy file. */
  readonly policy: string | undefined;
  readonly known: KnownPlatforms;
}

/** No attributes: what most targets ask for. */
const NOTHING: Extract<Parsed<Readonly<Record<string, string>>>, { ok: true }> = { ok: true, value: {} };

const NO_PLATFORMS: Parsed<readonly string[]> = { ok: true, value: [] };

function checkTarget({ target }: ResolvedTarget, host: Host, { remote, policy, known }: CheckContext): Parsed<CheckedTarget> {
  const paths = checkPaths(target, host, remote?.tree === true);
  if (paths !== undefined) return { ok: false, message: paths };
  const shm = target["shm-size"] === undefined ? NOTHING : shmSizeAttribute(target["shm-size"]);
  if (!shm.ok) return shm;
  const platforms = target.platforms === undefined ? NO_PLATFORMS : normalisePlatforms(target.platforms, host.platform, known);
  if (!platforms.ok) return platforms;
  const broken =
    (target.secret && checkSecrets(target.secret, host)) ?? checkSsh(sshOf(target, remote), host) ?? (target.output && checkOutputs(target.output, host));
  if (broken !== undefined) return { ok: false, message: broken };
  const annotations = target.annotations === undefined ? NOTHING : parseAnnotations(target.annotations, host.platform);
  if (!annotations.ok) return annotations;
  if (policy !== undefined) return { ok: false, message: policy };
  const ulimits = target.ulimits === undefined ? NOTHING : ulimitAttribute(target.ulimits);
  if (!ulimits.ok) return ulimits;
  const resources = target.resources === undefined ? NOTHING : resourceAttributes(target.resources);
  if (!resources.ok) return resources;
  const limited = shm !== NOTHING || ulimits !== NOTHING || resources !== NOTHING;
  const limits = limited ? { ...shm.value, ...ulimits.value, ...resources.value } : NOTHING.value;
  return { ok: true, value: { platforms: platforms.value, annotations: annotations.value, limits } };
}

const NO_SSH: NonNullable<Target["ssh"]> = [];

/** The SSH entries that count: a Git-over-SSH context brings the default agent along, and so does a definition that was read so. */
export function sshOf({ ssh = NO_SSH, context }: Target, remote: Definition["remote"]): NonNullable<Target["ssh"]> {
  if (ssh.length === 0 && isGitSshUrl(context)) return [{ id: "default" }];
  const lacksDefault = remote?.tree === true && isGitSshUrl(remote.url) && ssh.every(({ id = "default" }) => id !== "default");
  return lacksDefault ? [...ssh, { id: "default" }] : ssh;
}

function checkPaths({ context, dockerfile }: Target, host: Host, remoteTree: boolean): string | undefined {
  if (context === "-") return "context from stdin not allowed in bake";
  if (dockerfile === "-") return "dockerfile from stdin not allowed in bake";
  if (remoteTree && !isRemoteUrl(context) && !dockerfile.startsWith("cwd://") && found(`${context}/${dockerfile}`, host)) {
    return "reading a dockerfile for a remote build invocation is currently not supported";
  }
  return undefined;
}

const found = (path: string, host: Host): boolean => typeof lookAt(path, host) === "object";

const maxSecretBytes = 500 * 1024;

/** Secrets need an id, and files that exist and are not too big. Values are never read here. */
function checkSecrets(secrets: readonly SecretEntry[], host: Host): string | undefined {
  for (const { id, src, env } of secrets) {
    if (id === undefined) return "secret missing ID";
    if (src === undefined && (env !== undefined || host.env[id] !== undefined)) continue;
    const path = src ?? id;
    const stat = lookAt(path, host);
    if (stat === undefined) return `failed to stat ${path}: stat ${path}: no such file or directory`;
    if (typeof stat === "string") return `failed to stat ${path}: ${stat}`;
    if (stat.kind === "file" && stat.size > maxSecretBytes) return `secret ${id} too big. max size 500KiB`;
  }
  return undefined;
}

/** The policy file that EXPERIMENTAL_BUILDKIT_SOURCE_POLICY names must be readable JSON. */
function checkSourcePolicy(host: Host): string | undefined {
  const path = host.env["EXPERIMENTAL_BUILDKIT_SOURCE_POLICY"];
  if (path === undefined || path === "") return undefined;
  let data: Uint8Array;
  try {
    data = host.readFile(path);
  } catch (error) {
    if (error instanceof HostError) return `failed to read policy file: ${error.message}`;
    throw error;
  }
  try {
    JSON.parse(new TextDecoder().decode(data));
    return undefined;
  } catch {
    return `failed to parse source policy: ${path} is not valid JSON`;
  }
}
