/** From services to targets and their group (spec/compose.md 3, 4). */
import type { AttributeDecoder, BlockAttributes, Entries, GroupBlock, TargetBlock } from "../../bake/definition.ts";
import { compareBytes } from "../../byte-order.ts";
import type { SourceRange } from "../../diagnostics.ts";
import { goBool } from "../../go-text.ts";
import { refuse } from "./problem.ts";
import type { LoadScope } from "./scope.ts";
import type { Build, Flag, Project, Secret, Service, Text } from "./project.ts";
import { sizeText } from "./shm-size.ts";
import { ulimitText } from "./ulimit.ts";
import { readXBake, type XBake } from "./x-bake.ts";

export interface LowerInput {
  readonly project: Project;
  readonly scope: LoadScope;
  readonly decoders: readonly AttributeDecoder[];
  /** Variables of each service, by its name. */
  readonly variables: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** What relative contexts may be rebased to; absent for stdin and remote files. */
  readonly directory?: string;
}

export interface Lowered {
  readonly targets: readonly TargetBlock[];
  readonly groups: readonly GroupBlock[];
}

/** One target for each service with a build; a group `default` of them when there is any service. */
export function lowerProject(input: LowerInput): Lowered {
  const { services, secrets } = input.project;
  const parsers = new Map(input.decoders.map(({ name, parseText }) => [name as string, parseText]));
  const targets: TargetBlock[] = [];
  for (const service of services) {
    if (!service.build) continue;
    const draft = new TargetDraft(parsers);
    fill(draft, service, service.build, { secrets, variables: input.variables.get(service.name) ?? new Map(), scope: input.scope });
    targets.push({
      name: targetName(service.name),
      label: service.name,
      attributes: draft.attributes as BlockAttributes,
      origins: draft.origins,
      range: service.range,
      source: "compose",
      ...(input.directory === undefined ? {} : { directory: input.directory }),
    });
  }
  return { targets, groups: services.length === 0 ? [] : [defaultGroup(services, targets)] };
}

function defaultGroup(services: readonly Service[], targets: readonly TargetBlock[]): GroupBlock {
  const origins = new Map<string, SourceRange>();
  const names = new Set<string>();
  for (const { name, range } of targets) {
    if (!names.has(name)) origins.set(`targets/${names.size}`, range);
    names.add(name);
  }
  return {
    name: "default",
    targets: names.size === 0 ? null : [...names],
    origins,
    range: (services[0] as Service).range,
    source: "compose",
    generated: false,
  };
}

/** Dots separate the parts of overrides, so targets have none. */
export const targetName = (service: string): string => service.replaceAll(".", "_");

type Parsers = ReadonlyMap<string, ((text: string) => Entries) | undefined>;

/** The attributes of a target while they are collected, with the place of each. */
class TargetDraft {
  readonly attributes: Record<string, unknown> = {};
  readonly origins = new Map<string, SourceRange>();
  readonly #parsers: Parsers;

  constructor(parsers: Parsers) {
    this.#parsers = parsers;
  }

  set(name: string, value: unknown, range: SourceRange): void {
    this.attributes[name] = value;
    this.origins.set(name, range);
  }

  /** Nothing for an empty text. */
  text(name: string, text: Text | undefined): void {
    if (text && text.text !== "") this.set(name, text.text, text.range);
  }

  map(name: string, values: ReadonlyMap<string, Text>): void {
    if (values.size === 0) return;
    const out = new Map<string, string>();
    for (const [key, { text, range }] of values) {
      if (out.size === 0) this.origins.set(name, range);
      out.set(key, text);
      this.origins.set(`${name}/${key}`, range);
    }
    this.attributes[name] = out;
  }

  list(name: string, texts: readonly Text[]): void {
    const [first] = texts;
    if (!first) return;
    this.set(
      name,
      texts.map(({ text }) => text),
      first.range,
    );
    for (let i = 0; i < texts.length; i++) this.origins.set(`${name}/${i}`, (texts[i] as Text).range);
  }

  entries(name: string, entries: readonly { readonly entry: unknown; readonly range: SourceRange }[]): void {
    const [first] = entries;
    if (!first) return;
    this.set(
      name,
      entries.map(({ entry }) => entry),
      first.range,
    );
    for (let i = 0; i < entries.length; i++) this.origins.set(`${name}/${i}`, (entries[i] as typeof first).range);
  }

  /** The entries of texts in the attribute's own text form. */
  parse(name: string, texts: readonly Text[]): Placed[] {
    const parser = this.#parsers.get(name);
    return texts.flatMap(({ text, range }) => {
      const read = parser?.(text) ?? { ok: true as const, entries: [] };
      if (!read.ok) refuse("compose.value", read.message, range);
      return read.entries.map((entry) => ({ entry, range }));
    });
  }
}

interface Placed {
  readonly entry: unknown;
  readonly range: SourceRange;
}

interface FillInput {
  readonly secrets: ReadonlyMap<string, Secret>;
  readonly variables: ReadonlyMap<string, string>;
  readonly scope: LoadScope;
}

/** In the order in which the reference meets mistakes. */
function fill(draft: TargetDraft, { image }: Service, build: Build, { secrets, variables, scope }: FillInput): void {
  const limits = [...build.ulimits].map(([name, limit]) => ({ text: ulimitText(name, limit), range: limit.range }));
  const ownSecrets = build.secrets.map(({ source, range }) => ({ entry: secretEntry(source, secrets.get(source), range), range }));
  const cacheFrom = draft.parse("cache-from", build.cacheFrom);
  const cacheTo = draft.parse("cache-to", build.cacheTo);
  const attest = [...attestation(draft, "sbom", build.sbom), ...attestation(draft, "provenance", build.provenance)];
  const extension = readXBake(build.xBake);

  draft.text("context", build.context);
  draft.text("dockerfile", build.dockerfile);
  draft.text("dockerfile-inline", build.inline);
  draft.text("target", build.target);
  draft.text("network", build.network);
  draft.map("args", argumentsOf(build, variables, scope));
  draft.map("labels", new Map([...build.labels].map(([name, { text = "", range }]) => [name, { text, range }])));
  draft.map("contexts", contextsOf(build, extension));
  draft.map("extra-hosts", build.extraHosts);
  draft.list("ulimits", limits);
  if (build.shmSize) draft.set("shm-size", sizeText(build.shmSize.bytes), build.shmSize.range);
  draft.entries("attest", attest);
  flag(draft, "no-cache", build.noCache, extension.flags.get("no-cache"));
  flag(draft, "pull", build.pull, extension.flags.get("pull"));
  const lists = (name: Parameters<XBake["lists"]["get"]>[0]): readonly Text[] => extension.lists.get(name) ?? [];
  draft.list("platforms", [...build.platforms, ...lists("platforms")]);
  draft.list("no-cache-filter", lists("no-cache-filter"));
  draft.entries("cache-from", [...cacheFrom, ...draft.parse("cache-from", lists("cache-from"))]);
  draft.entries("cache-to", [...cacheTo, ...draft.parse("cache-to", lists("cache-to"))]);
  draft.entries("secret", [...ownSecrets, ...draft.parse("secret", lists("secret"))]);
  draft.entries("ssh", sshEntries(build, draft.parse("ssh", lists("ssh"))));
  draft.entries("output", draft.parse("output", lists("output")));
  const tags = distinct([...build.tags, ...lists("tags")], lists("tags").length > 0);
  draft.list("tags", tags.length > 0 || !image || image.text === "" ? tags : [image]);
}

/** Repeats go only where two lists meet: an empty text alone still keeps the image from being a tag. */
function distinct(texts: readonly Text[], merged: boolean): readonly Text[] {
  if (!merged) return texts;
  const seen = new Set([""]);
  return texts.filter(({ text }) => !seen.has(text) && seen.add(text));
}

/** Only `true` counts in the build itself; the extension replaces it, with `false` too. */
function flag(draft: TargetDraft, name: string, own: Flag | undefined, over: Flag | undefined): void {
  if (over) draft.set(name, over.value, over.range);
  else if (own?.value) draft.set(name, true, own.range);
}

/** Null arguments are looked up; without a value they are dropped. */
function argumentsOf({ args }: Build, variables: ReadonlyMap<string, string>, scope: LoadScope): ReadonlyMap<string, Text> {
  const out = new Map<string, Text>();
  for (const [name, { text, range }] of args) {
    const value = text ?? variables.get(name) ?? scope.lookup(name);
    if (value !== undefined) out.set(name, { text: value, range });
  }
  return out;
}

function contextsOf({ contexts }: Build, extension: XBake): ReadonlyMap<string, Text> {
  const out = new Map<string, Text>();
  for (const [name, { text, range }] of [...contexts, ...extension.contexts]) {
    const link = /^(?:service|target):([\s\S]*)$/.exec(text);
    if (!out.has(name)) out.set(name, { text: link ? `target:${targetName(link[1] as string)}` : text, range });
  }
  return out;
}

function secretEntry(source: string, secret: Secret | undefined, range: SourceRange): unknown {
  if (secret?.external) refuse("compose.value", `unsupported external secret ${secret.name ?? ""}`, range);
  const src = secret?.file?.text ?? "";
  const env = secret?.environment?.text ?? "";
  return { id: source, ...(src === "" ? {} : { src }), ...(env === "" ? {} : { env }) };
}

function attestation(draft: TargetDraft, type: string, value: Text | undefined): Placed[] {
  if (!value || value.text === "") return [];
  const word = goBool(value.text);
  const text = word === undefined ? `type=${type},${value.text}` : word ? `type=${type}` : `type=${type},disabled=true`;
  return draft.parse("attest", [{ text, range: value.range }]);
}

/** By id, the extension's over the build's, then sorted. */
function sshEntries({ ssh }: Build, extension: readonly Placed[]): readonly Placed[] {
  const byId = new Map<string, Placed>();
  for (const [id, { text = "", range }] of ssh) byId.set(id, { entry: { id, ...(text === "" ? {} : { paths: [text] }) }, range });
  for (const placed of extension) byId.set((placed.entry as { readonly id?: string }).id ?? "", placed);
  return [...byId].sort(([a], [b]) => compareBytes(a, b)).map(([, placed]) => placed);
}
