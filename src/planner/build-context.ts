/**
 * Where a build gets its files: the main context, the Dockerfile and the named contexts, as attributes,
 * mounts, stores and links (spec/buildkit.md 7.2 and 7.6, spec/bake.md 11.1 and 11.4).
 */
import { posix } from "node:path";
import { fail, ok, plainError, type Result } from "../diagnostics.ts";
import { goBool } from "../go-text.ts";
import type { LocalFacts } from "./facts.ts";
import type { Mount, PlanAttributes, PlanValue, Store } from "./plan.ts";

export interface ContextInput {
  /** As resolved: a cleaned path or a remote URL. */
  readonly context: string;
  readonly dockerfile: string;
  /** Non-empty text that replaces the Dockerfile. */
  readonly dockerfileInline: string;
  readonly contexts: readonly (readonly [name: string, value: string])[];
  readonly facts: LocalFacts;
  readonly isRemote: (text: string) => boolean;
}

export interface LoweredContext {
  readonly attributes: PlanAttributes;
  readonly mounts: readonly Mount[];
  readonly stores: readonly Store[];
  /** Frontend capabilities that the contexts need, unsorted. */
  readonly capabilities: readonly string[];
  /** Contexts that are results of other targets. */
  readonly links: readonly { readonly context: string; readonly target: string }[];
  /** Base name of the context directory. */
  readonly sharedKey?: string;
  readonly localState: { readonly localPath: string; readonly dockerfilePath: string };
}

interface Draft {
  readonly attributes: Record<string, PlanValue>;
  readonly mounts: Mount[];
  readonly stores: Store[];
  readonly capabilities: Set<string>;
  readonly links: { context: string; target: string }[];
}

const contextsCapability = "moby.buildkit.frontend.contexts+forward";
const gitQueryCapability = "moby.buildkit.frontend.gitquerystring";

export function lowerContext(input: ContextInput): Result<LoweredContext> {
  const draft: Draft = { attributes: {}, mounts: [], stores: [], capabilities: new Set(), links: [] };
  const main = input.isRemote(input.context) ? remoteContext(input, draft) : localContext(input, draft);
  if (!main.ok) return main;
  for (const [name, value] of input.contexts) {
    draft.capabilities.add(contextsCapability);
    const named = namedContext(name, value, input, draft);
    if (!named.ok) return named;
  }
  const { attributes, mounts, stores, links } = draft;
  return ok({ attributes, mounts, stores, capabilities: [...draft.capabilities], links, ...main.value });
}

type Main = Pick<LoweredContext, "sharedKey" | "localState">;

function localContext(input: ContextInput, draft: Draft): Result<Main> {
  const directory = absolutePath(input.context, input.facts.cwd);
  const found = input.facts.paths.get(directory);
  if (!found || found.kind === "missing") return fail(plainError("plan.context", `unable to prepare context: path "${input.context}" not found`));
  if (found.kind !== "directory") return fail(plainError("plan.context", `unable to prepare context: path "${input.context}" is not a directory`));
  draft.mounts.push(directoryMount("context", found.real ?? directory));
  const dockerfilePath = lowerDockerfile(input, draft, directory);
  return ok({ sharedKey: posix.basename(directory), localState: { localPath: directory, dockerfilePath } });
}

function remoteContext(input: ContextInput, draft: Draft): Result<Main> {
  const { context, dockerfile } = input;
  const { url, directory } = splitArchive(context);
  if (isGitWithQuery(context) && sendsQueriesAsInputs(input)) draft.attributes["input:context"] = url;
  else {
    draft.attributes["context"] = url;
    if (isGitWithQuery(context)) draft.capabilities.add(gitQueryCapability);
  }
  if (directory !== "") draft.attributes["contextsubdir"] = directory;
  const inline = input.dockerfileInline !== "";
  if (inline || isHttp(dockerfile) || isAbsolute(dockerfile)) {
    const path = lowerDockerfile(input, draft, "");
    draft.attributes["dockerfilekey"] = "dockerfile";
    return ok({ localState: { localPath: context, dockerfilePath: path } });
  }
  // The engine looks for the Dockerfile from the root of an archive.
  draft.attributes["filename"] = directory === "" ? dockerfile : posix.join(directory, dockerfile);
  return ok({ localState: { localPath: context, dockerfilePath: dockerfile } });
}

/** A directory inside an archive is written like one of a repository (`URL#:sub`), but sent as an attribute of its own. */
function splitArchive(context: string): { readonly url: string; readonly directory: string } {
  const [, url = "", directory = ""] = /^(https?:\/\/[^#]*)#:(.+)$/.exec(context) ?? [];
  return url === "" || /\.git(\?|$)/.test(url) ? { url: context, directory: "" } : { url, directory };
}

/** The Dockerfile as its own mount; gives its path for the local state. */
function lowerDockerfile(input: ContextInput, draft: Draft, directory: string): string {
  const { dockerfile, dockerfileInline, facts } = input;
  if (dockerfileInline !== "") {
    draft.mounts.push({ name: "dockerfile", source: { kind: "text", file: "Dockerfile", text: dockerfileInline } });
    draft.attributes["filename"] = "Dockerfile";
    draft.attributes["dockerfilekey"] = "dockerfile";
    // The place that the text stands for, as the reference remembers it.
    return directory === "" ? dockerfile : absolutePath(dockerfile, directory);
  }
  if (isHttp(dockerfile)) {
    draft.mounts.push({ name: "dockerfile", source: { kind: "url", url: dockerfile } });
    draft.attributes["filename"] = "Dockerfile";
    draft.attributes["dockerfilekey"] = "dockerfile";
    return dockerfile;
  }
  const path = absolutePath(dockerfile, directory);
  const folder = posix.dirname(path);
  const base = posix.basename(path);
  const lower = posix.join(folder, "dockerfile");
  const onlyLower = base === "Dockerfile" && (facts.paths.get(path)?.kind ?? "missing") === "missing" && facts.paths.get(lower)?.kind === "file";
  draft.mounts.push(directoryMount("dockerfile", facts.paths.get(folder)?.real ?? folder));
  draft.attributes["filename"] = onlyLower ? "dockerfile" : base;
  // Remembered as written, whichever of the two names the file has.
  return path;
}

function namedContext(name: string, value: string, input: ContextInput, draft: Draft): Result<undefined> {
  const { attributes } = draft;
  const key = `context:${name}`;
  if (value.startsWith("target:")) {
    draft.links.push({ context: name, target: value.slice("target:".length) });
    attributes[key] = value;
    return ok(undefined);
  }
  if (value.startsWith("docker-image://") || value.startsWith("input:") || input.isRemote(value)) {
    if (isGitWithQuery(value) && sendsQueriesAsInputs(input)) {
      attributes[key] = `input:git_state_${key}`;
      attributes[`input:${key}`] = value;
      return ok(undefined);
    }
    if (isGitWithQuery(value)) draft.capabilities.add(`${gitQueryCapability}+forward`);
    attributes[key] = value;
    return ok(undefined);
  }
  if (value.startsWith("oci-layout://")) return layoutContext(name, value, input, draft);
  const path = value.startsWith("cwd://") ? value.slice("cwd://".length) : value;
  const directory = absolutePath(path, input.facts.cwd);
  const found = input.facts.paths.get(directory);
  if (!found || found.kind === "missing") {
    return fail(plainError("plan.context", `failed to get build context ${name}: stat ${path}: no such file or directory`));
  }
  if (found.kind !== "directory") return fail(plainError("plan.context", `failed to get build context path {${path} <nil>}: not a directory`));
  const mount = name === "context" || name === "dockerfile" ? `_${name}` : name;
  draft.mounts.push(directoryMount(mount, found.real ?? directory));
  attributes[key] = `local:${mount}`;
  attributes[`sharedkey:localdir:${name}`] = { ref: `shared-key:${posix.basename(directory)}` };
  return ok(undefined);
}

function layoutContext(name: string, value: string, input: ContextInput, draft: Draft): Result<undefined> {
  const { path, tag } = splitLayout(value);
  const found = input.facts.layouts.get(value);
  if (!found || "error" in found) {
    const reason = found && "error" in found ? found.error : "failed to resolve digest";
    return fail(plainError("plan.layout", `oci-layout reference "${value}" could not be resolved: ${reason}`));
  }
  draft.stores.push({ name, kind: "oci-layout", directory: absolutePath(path, input.facts.cwd) });
  draft.attributes[`context:${name}`] = { ref: `store:${name}`, prefix: "oci-layout://", suffix: `${tag === "" ? "" : `:${tag}`}@${found.digest}` };
  return ok(undefined);
}

/** Path, tag and digest of `oci-layout://path[:tag][@digest]`; a Windows drive colon is no tag. */
export function splitLayout(value: string): { readonly path: string; readonly tag: string; readonly digest: string } {
  const rest = value.slice("oci-layout://".length);
  const at = rest.indexOf("@");
  const digest = at < 0 ? "" : rest.slice(at + 1);
  const named = at < 0 ? rest : rest.slice(0, at);
  const colon = named.lastIndexOf(":");
  const isTag = colon > 1 && !/[\\/]/.test(named.slice(colon + 1));
  return isTag ? { path: named.slice(0, colon), tag: named.slice(colon + 1), digest } : { path: named, tag: "", digest };
}

const directoryMount = (name: string, path: string): Mount => ({ name, source: { kind: "directory", path } });

const isHttp = (text: string): boolean => /^https?:\/\//.test(text);
const isAbsolute = (path: string): boolean => /^(\/|[A-Za-z]:[\\/])/.test(path);
/** For frontends that do not know queries: the runner makes the inputs. */
const sendsQueriesAsInputs = ({ facts }: ContextInput): boolean => goBool(facts.env["BUILDX_SEND_GIT_QUERY_AS_INPUT"]) === true;

const isGitWithQuery = (text: string): boolean => /^(?:git|ssh|https?):\/\/[^#]*\?/.test(text) && (/^(?:git|ssh):/.test(text) || /\.git\?/.test(text));

/** A path against a base directory; `cwd://` has been taken off before. */
export function absolutePath(path: string, base: string): string {
  return isAbsolute(path) ? posix.normalize(path).replace(/(.)\/$/, "$1") : posix.join(base, path).replace(/(.)\/$/, "$1");
}

/** Attributes that tell provenance where sources come from (spec/buildkit.md 7.4, git info). */
export function gitAttributes(directory: string, mounts: readonly Mount[], facts: LocalFacts): PlanAttributes {
  const git = facts.git.get(directory);
  if (!git || goBool(facts.env["BUILDX_GIT_INFO"]) === false) return {};
  const attributes: Record<string, string> = {};
  if (git.revision !== undefined) attributes["vcs:revision"] = git.revision;
  if (git.source !== undefined) attributes["vcs:source"] = git.source;
  for (const { name, source } of mounts) {
    if (source.kind !== "directory") continue;
    const relative = posix.relative(git.root, source.path);
    if (relative !== ".." && !relative.startsWith("../")) attributes[`vcs:localdir:${name}`] = relative === "" ? "." : relative;
  }
  return attributes;
}
