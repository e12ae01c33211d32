/** Applying overrides to a target: one row for each key (spec/bake.md 8.2 and 8.3). */
import { cleanPath } from "../clean-path.ts";
import type { AttributeName, Entries } from "./definition.ts";
import { parseAttest } from "./entries/attest.ts";
import { parseCache } from "./entries/cache.ts";
import { parseOutput } from "./entries/output.ts";
import { parsePolicy } from "./entries/policy.ts";
import { parseSecret } from "./entries/secret.ts";
import { parseSsh } from "./entries/ssh.ts";
import { goBool, goInt64 } from "../go-text.ts";
import type { Draft } from "./merge.ts";
import type { CacheEntry, OutputEntry, SecretEntry, SshEntry } from "./model.ts";
import { loadOutputs, pushOutputs } from "./push-load.ts";
import type { Layer, Override } from "./resolved.ts";

/** Paths that overrides name; collected while they are applied. */
export interface Grants {
  readonly read: Set<string>;
  readonly write: Set<string>;
}

/** Changes the draft; a text is the mistake. Values already in the draft are shared: replace them, never change them. */
type Apply = (draft: Draft, override: Override, grants: Grants) => string | undefined;

interface Row {
  readonly attribute: AttributeName;
  readonly apply: Apply;
  /** Rows with a higher rank go later; equal ones in the order given. */
  readonly rank?: number;
}

type Values = Partial<Record<AttributeName, unknown>>;

const last = ({ values }: Override): string => values[values.length - 1] as string;

function text(attribute: AttributeName): Row {
  const apply: Apply = (draft, override) => {
    (draft as Values)[attribute] = last(override);
    return undefined;
  };
  return { attribute, apply };
}

function bool(attribute: "pull" | "no-cache"): Row {
  return { attribute, apply: (draft, override) => withBool(override, (value) => (draft[attribute] = value)) };
}

function withBool(override: Override, then: (value: boolean) => unknown): string | undefined {
  const value = goBool(last(override));
  if (value === undefined) return `invalid value ${last(override)} for boolean key ${override.key}`;
  then(value);
  return undefined;
}

/** `append` keys always add; others add only with `+=`. */
function list(attribute: AttributeName, always: boolean): Row {
  const apply: Apply = (draft, { values, append }) => {
    const base = always || append ? (((draft as Values)[attribute] as readonly string[] | undefined) ?? []) : [];
    (draft as Values)[attribute] = [...base, ...values];
    return undefined;
  };
  return { attribute, apply };
}

function map(attribute: "args" | "contexts" | "labels" | "extra-hosts", missing?: string): Row {
  const apply: Apply = (draft, override) => {
    if (override.name === undefined) return missing;
    draft[attribute] = new Map([...(draft[attribute] ?? []), [override.name, last(override)]]);
    return undefined;
  };
  return { attribute, apply };
}

type Grant = (all: readonly unknown[], added: readonly unknown[], grants: Grants) => void;

interface EntryRow {
  readonly parse: (text: string) => Entries;
  readonly prefix?: string;
  readonly always?: true;
  /** `all` is the whole list after the override, `added` what the override gave. */
  readonly grant?: Grant;
}

function entries(attribute: AttributeName, { parse, prefix = "", always, grant }: EntryRow): Row {
  const apply: Apply = (draft, { values, append }, grants) => {
    const added: unknown[] = [];
    for (const value of values) {
      const parsed = parse(value);
      if (!parsed.ok) return prefix + parsed.message;
      for (const entry of parsed.entries) added.push(entry);
    }
    const base = always || append ? (((draft as Values)[attribute] as readonly unknown[] | undefined) ?? []) : [];
    const all = [...base, ...added];
    (draft as Values)[attribute] = all;
    grant?.(all, added, grants);
    return undefined;
  };
  return { attribute, apply };
}

function outputs(change: (outputs: readonly OutputEntry[], value: boolean) => readonly OutputEntry[], rank: number): Row {
  return { attribute: "output", rank, apply: (draft, override) => withBool(override, (value) => (draft.output = change(draft.output ?? [], value))) };
}

const grantSecret = (secret: SecretEntry, { read }: Grants): void => {
  const path = secret.src ?? (secret.env === undefined ? secret.id : undefined);
  if (path !== undefined) read.add(path);
};

function grantLocal(attribute: string, kind: keyof Grants): Grant {
  return (all, _added, grants) => {
    for (const { type, [attribute]: path } of all as readonly CacheEntry[]) if (type === "local" && path !== undefined) grants[kind].add(path);
  };
}

const replaceSecret: Apply = (draft, override, grants) => {
  const id = override.name ?? "";
  if (id === "") return "invalid format for secret, expecting secret.<id>=<value>";
  if (!draft.secret?.some((secret) => secret.id === id)) return `secret "${id}" must be declared before it can be overridden`;
  if (last(override) === "") return "failed to parse csv secret: EOF";
  const parsed = parseSecret(last(override));
  if (!parsed.ok) return parsed.message;
  const given = parsed.entries[0] as SecretEntry;
  if (given.id !== undefined && given.id !== id) return `secret override id "${given.id}" does not match declared secret "${id}"`;
  draft.secret = draft.secret.map((secret) => (secret.id === id ? { ...given, id } : secret));
  grantSecret({ ...given, id }, grants);
  return undefined;
};

const resourceTexts: readonly string[] = ["memory", "memory-swap", "cpuset-cpus", "cpuset-mems"];
const resourceWholes: readonly string[] = ["cpu-shares", "cpu-period", "cpu-quota"];

const setResource: Apply = (draft, override) => {
  const name = override.name ?? "";
  const value = last(override);
  if (resourceTexts.includes(name)) {
    draft.resources = { ...draft.resources, [name]: value };
    return undefined;
  }
  if (!resourceWholes.includes(name)) return `unknown resources key ${name}`;
  const whole = goInt64(value);
  if (whole === undefined) return `invalid value ${value} for int64 key resources.${name}`;
  draft.resources = { ...draft.resources, [name]: whole };
  return undefined;
};

const ROWS: Readonly<Record<string, Row>> = {
  context: text("context"),
  dockerfile: text("dockerfile"),
  target: text("target"),
  call: text("call"),
  "shm-size": text("shm-size"),
  network: text("network"),
  pull: bool("pull"),
  "no-cache": bool("no-cache"),
  args: map("args"),
  contexts: map("contexts"),
  labels: map("labels", "invalid format for labels, expecting labels.<name>=<value>"),
  "extra-hosts": map("extra-hosts", "invalid format for extra-hosts, expecting extra-hosts.<hostname>=<ip>"),
  tags: list("tags", false),
  platform: list("platforms", false),
  "no-cache-filter": list("no-cache-filter", false),
  ulimits: list("ulimits", false),
  annotations: list("annotations", true),
  entitlements: list("entitlements", true),
  attest: entries("attest", { parse: parseAttest, prefix: "invalid value for attest: ", always: true }),
  policy: entries("policy", { parse: (text) => (text === "" ? { ok: false, message: "EOF" } : parsePolicy(text)) }),
  "cache-from": entries("cache-from", { parse: parseCache, grant: grantLocal("src", "read") }),
  "cache-to": entries("cache-to", { parse: parseCache, grant: grantLocal("dest", "write") }),
  ssh: entries("ssh", {
    parse: parseSsh,
    grant: (all, _added, { read }) => {
      for (const { paths = [] } of all as readonly SshEntry[]) for (const path of paths) read.add(path);
    },
  }),
  secrets: entries("secret", {
    parse: parseSecret,
    prefix: "invalid value for outputs: ",
    grant: (_all, added, grants) => {
      for (const secret of added as readonly SecretEntry[]) grantSecret(secret, grants);
    },
  }),
  output: entries("output", {
    parse: parseOutput,
    prefix: "invalid value for outputs: ",
    grant: (all, _added, { write }) => {
      for (const { dest } of all as readonly { dest?: string }[]) if (dest !== undefined && dest !== "-") write.add(cleanPath(dest));
    },
  }),
  secret: { attribute: "secret", apply: replaceSecret, rank: 1 },
  push: outputs(pushOutputs, 2),
  load: outputs(loadOutputs, 3),
  resources: { attribute: "resources", apply: setResource },
};

/**
 * Applies a target's overrides to its draft and appends a layer for each. The order does not depend on
 * how the flags were given where it would matter: outputs, then push, then load (spec/bake.md 8.1).
 */
export function applyOverrides(draft: Draft, overrides: Iterable<Override>, into: { readonly layers: Layer[]; readonly grants: Grants }): string | undefined {
  const rows: [row: Row, override: Override][] = [];
  for (const override of overrides) {
    const row = Object.hasOwn(ROWS, override.key) ? ROWS[override.key] : undefined;
    if (!row) return `unknown key: ${override.key}`;
    rows.push([row, override]);
  }
  rows.sort(([a], [b]) => (a.rank ?? 0) - (b.rank ?? 0));
  for (const [row, override] of rows) {
    const { attribute } = row;
    const before = pick(draft, attribute);
    const problem = row.apply(draft, override, into.grants);
    if (problem !== undefined) return problem;
    into.layers.push({ kind: "override", override, attribute, before, after: pick(draft, attribute) });
  }
  return undefined;
}

const pick = (draft: Draft, attribute: AttributeName): Draft => ({ [attribute]: draft[attribute] });
