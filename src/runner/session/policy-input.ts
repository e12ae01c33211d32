/**
 * What a policy is told of a source, in the reference's words, and what is not known of it yet
 * (spec/buildkit.md 6.8). Names of fields are those that policies use.
 */
import type { SourceMetadata, SourceMetadataRequest } from "../buildkit/wire/policy.ts";
import { parseCommit, parseTag, type GitCommit, type GitTag } from "./git-object.ts";

/** What is the same for all sources of a build. */
export interface PolicyEnv {
  readonly args?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
  /** Name of the Dockerfile. */
  readonly filename?: string;
  readonly target?: string;
}

type Json = Readonly<Record<string, unknown>>;

export interface SourceInput {
  readonly input: Json;
  /** Fields that the engine can be asked for: `input.image.labels`. */
  readonly askable: readonly string[];
  /** Fields that nobody here can verify: signatures and provenance. */
  readonly unverifiable: readonly string[];
}

const prefixed = (prefix: string, fields: readonly string[]): readonly string[] => fields.map((field) => `input.${prefix}.${field}`);
const configFields = prefixed("image", ["labels", "user", "volumes", "workingDir", "env", "createdTime"]);

/** Throws Error for a source of a kind that policies know nothing of. */
export function describeSource({ source, image, git, http }: SourceMetadata, platform: string): SourceInput {
  const identifier = source?.identifier ?? "";
  const at = identifier.indexOf("://");
  if (at < 0) throw new Error(`invalid source identifier: ${identifier}`);
  const rest = identifier.slice(at + 3);
  switch (identifier.slice(0, at)) {
    case "docker-image":
      return describeImage(rest, image, platform);
    case "git":
      return describeGit(rest, source?.attrs ?? {}, git);
    case "http":
    case "https":
      return describeHttp(identifier, source?.attrs ?? {}, http);
    case "local":
      return { input: { local: present({ name: rest }) }, askable: [], unverifiable: [] };
    default:
      throw new Error(`unsupported source scheme: ${identifier.slice(0, at)}`);
  }
}

/** An object without what is empty, as the reference writes it. */
function present(fields: Json): Json {
  const empty = (value: unknown): boolean =>
    value === undefined ||
    value === "" ||
    value === false ||
    (Array.isArray(value) && value.length === 0) ||
    (typeof value === "object" && value !== null && Object.keys(value).length === 0);
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => !empty(value)));
}

interface ImageConfig {
  readonly created?: string;
  readonly config?: { readonly Labels?: Json; readonly Env?: readonly string[]; readonly User?: string; readonly Volumes?: Json; readonly WorkingDir?: string };
}

function describeImage(reference: string, known: SourceMetadata["image"], platform: string): SourceInput {
  const [name = "", digest = ""] = reference.split("@", 2);
  const colon = name.lastIndexOf(":");
  const tagged = colon > name.lastIndexOf("/");
  const fullRepo = tagged ? name.slice(0, colon) : name;
  const [os, arch, variant = ""] = platform.split("/");
  if (os === undefined || arch === undefined) throw new Error("platform required for image source");
  const config = known && known.config.length > 0 ? (JSON.parse(Buffer.from(known.config).toString("utf8")) as ImageConfig) : undefined;
  const { Labels: labels, Env: env, User: user, Volumes: volumes = {}, WorkingDir: workingDir } = config?.config ?? {};
  const image = present({
    ref: reference,
    host: fullRepo.slice(0, fullRepo.indexOf("/")),
    repo: fullRepo.replace(/^docker\.io\/(?:library\/(?=[^/]+$))?/, ""),
    fullRepo,
    tag: tagged ? name.slice(colon + 1) : "",
    platform,
    os,
    arch,
    variant,
    isCanonical: digest !== "",
    checksum: known ? known.digest : digest,
    createdTime: config?.created?.replace(/\.\d+/, ""),
    env,
    labels,
    user,
    volumes: Object.keys(volumes),
    workingDir,
    hasProvenance: (known?.attestationChain?.attestationManifest ?? "") !== "",
  });
  const askable = [
    ...(known || digest !== "" ? [] : prefixed("image", ["checksum"])),
    ...(config ? [] : configFields),
    ...(known?.attestationChain ? [] : prefixed("image", ["hasProvenance"])),
  ];
  return { input: { image }, askable, unverifiable: prefixed("image", ["provenance", "signatures"]) };
}

function describeGit(identifier: string, attributes: Readonly<Record<string, string>>, known: SourceMetadata["git"]): SourceInput {
  const { ref, subDir } = parseGitUrl(identifier);
  const full = attributes["git.fullurl"];
  const url = parseGitUrl(full ?? identifier);
  const isCommitRef = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(ref);
  const resolved = known?.ref ?? (isCommitRef || /^refs\/(?:tags|heads)\//.test(ref) ? ref : "");
  const checksum = known?.checksum || (isCommitRef ? ref : "");
  const commitChecksum = known ? known.commitChecksum || checksum : checksum;
  const objects = gitObjects(known, checksum, commitChecksum);
  const git = present({
    schema: url.schema,
    host: url.host,
    remote: url.remote,
    fullURL: full === undefined ? "" : transport(full),
    tagName: resolved.startsWith("refs/tags/") ? resolved.slice(10) : "",
    branch: resolved.startsWith("refs/heads/") ? resolved.slice(11) : "",
    ref: resolved,
    subDir,
    isCommitRef,
    isSHA256: checksum.length === 64,
    checksum,
    commitChecksum,
    isAnnotatedTag: known !== undefined && checksum !== commitChecksum,
    ...objects,
  });
  const askable = prefixed("git", [
    ...(known || resolved !== "" ? [] : ["tagName", "branch", "ref"]),
    ...(known || checksum !== "" ? [] : ["checksum", "isAnnotatedTag", "commitChecksum", "isSHA256"]),
    ...(objects.commit ? [] : ["commit", "tag"]),
  ]);
  const signatures = ["commit.pgpSignature", "commit.sshSignature", "tag.pgpSignature", "tag.sshSignature"];
  return { input: { git }, askable, unverifiable: prefixed("git", signatures) };
}

function gitObjects(known: SourceMetadata["git"], checksum: string, commitChecksum: string): { commit?: GitCommit; tag?: GitTag } {
  if (!known || known.commitObject.length === 0) return {};
  return {
    commit: parseCommit(Buffer.from(known.commitObject), commitChecksum),
    ...(known.tagObject.length > 0 ? { tag: parseTag(Buffer.from(known.tagObject), checksum) } : {}),
  };
}

/** An address without a way to fetch it is one by https. */
const transport = (address: string): string => (/^(?:[a-z][a-z0-9+.-]*:\/\/|[^/@]+@[^/:]+:)/.test(address) ? address : `https://${address}`);

interface GitUrl {
  readonly schema: string;
  readonly host: string;
  readonly remote: string;
  readonly ref: string;
  readonly subDir: string;
}

function parseGitUrl(address: string): GitUrl {
  const [remote = "", fragment = ""] = transport(address).split("#", 2);
  const colon = fragment.indexOf(":");
  const ref = colon < 0 ? fragment : fragment.slice(0, colon);
  const subDir = colon < 0 ? "" : fragment.slice(colon + 1).replace(/^(?:\.?\/)+$|^\.$/, "");
  const [, schema, authority = ""] = /^([a-z][a-z0-9+.-]*):\/\/([^/]*)/.exec(remote) ?? [];
  if (schema !== undefined) return { schema, host: authority.replace(/^.*@/, ""), remote, ref, subDir };
  const [, host = ""] = /^[^/@]+@([^/:]+):/.exec(remote) ?? [];
  return { schema: "ssh", host, remote, ref, subDir };
}

function describeHttp(identifier: string, attributes: Readonly<Record<string, string>>, known: SourceMetadata["http"]): SourceInput {
  const url = new URL(identifier);
  const query: Record<string, string[]> = {};
  for (const [name, value] of url.searchParams) (query[name] ??= []).push(value);
  const http = present({
    url: identifier,
    schema: url.protocol.slice(0, -1),
    host: url.host,
    path: decodeURIComponent(url.pathname),
    query,
    hasAuth: attributes["http.authheadersecret"] !== undefined,
    checksum: known?.checksum ?? "",
  });
  return { input: { http }, askable: known ? [] : prefixed("http", ["checksum"]), unverifiable: [] };
}

/** The question for fields that a policy needs. */
export function requestFor({ source }: SourceMetadata, platform: SourceMetadataRequest["platform"], fields: readonly string[]): SourceMetadataRequest {
  const wanted = (...names: readonly string[]): boolean => fields.some((field) => names.some((name) => field === name || field.startsWith(`${name}.`)));
  const config = wanted("input.image.checksum", ...configFields);
  const attestations = wanted("input.image.hasProvenance");
  const objects = wanted("input.git.commit", "input.git.tag");
  return {
    source,
    platform,
    image: config || attestations ? { noConfig: !config, attestationChain: attestations } : undefined,
    git: wanted("input.git") ? { returnObject: objects } : undefined,
  };
}
