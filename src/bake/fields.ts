/**
 * The one table of target fields: kind, how two definitions merge, how a value is normalised, and how
 * entries are read. Decoding, merging, printing and explaining are driven by it. The row order is the
 * print order (spec/bake.md 4.2).
 */
import type { AttributeDecoder, AttributeKind, AttributeName, Entries, EntryMap } from "./definition.ts";
import { parseAttest, parseAttestMap } from "./entries/attest.ts";
import { parseCache, parseCacheMap } from "./entries/cache.ts";
import { flatToMap } from "./entries/flat.ts";
import { outputToMap, parseOutput, parseOutputMap } from "./entries/output.ts";
import { parsePolicy, parsePolicyMap, policyToMap } from "./entries/policy.ts";
import { parseSecret, parseSecretMap, secretToMap } from "./entries/secret.ts";
import { parseSsh, parseSshMap, sshToMap } from "./entries/ssh.ts";
import type { Target } from "./model.ts";

/**
 * What the later definition of a field does with the earlier one (spec/bake.md 6.1): `replace` when set,
 * `replace-text` when set and not empty, `keys` per key, `append` both.
 */
export type MergeRule = "replace" | "replace-text" | "keys" | "append";

/**
 * How a list is normalised (spec/bake.md 4.4): `distinct` drops empty texts and later duplicates, `swap`
 * drops exact duplicates in the reference's order, `by-key` lets a later entry take an earlier one's place.
 */
export type NormaliseRule = "distinct" | "swap" | "by-type" | "by-id";

export interface Field {
  readonly kind: AttributeKind;
  readonly merge: MergeRule;
  readonly normalise?: NormaliseRule;
  /** Texts in which `${` and `%{` are printed escaped (spec/bake.md 7.2). */
  readonly escaped?: boolean;
  /** Keys of an entry or of resources in print order; without it they are sorted. */
  readonly order?: readonly string[];
  readonly entries?: EntryReader;
}

export interface EntryReader {
  /** Friendly constraint in conversion errors. */
  readonly constraint: "map" | "object";
  readonly parseText: (text: string) => Entries;
  readonly parseMap: (map: EntryMap) => Entries;
  readonly toMap: (entry: never) => EntryMap;
}

const text: Field = { kind: "string", merge: "replace" };
const flag: Field = { kind: "bool", merge: "replace" };
const cache: EntryReader = { constraint: "map", parseText: parseCache, parseMap: parseCacheMap, toMap: flatToMap };
const output: EntryReader = { constraint: "map", parseText: parseOutput, parseMap: parseOutputMap, toMap: outputToMap };
const attest: EntryReader = { constraint: "map", parseText: parseAttest, parseMap: parseAttestMap, toMap: flatToMap };
const secret: EntryReader = { constraint: "object", parseText: parseSecret, parseMap: parseSecretMap, toMap: secretToMap };
const ssh: EntryReader = { constraint: "object", parseText: parseSsh, parseMap: parseSshMap, toMap: sshToMap };
const policy: EntryReader = { constraint: "map", parseText: parsePolicy, parseMap: parsePolicyMap, toMap: policyToMap };

/** Every printed field has a row here, or this does not compile. */
export const FIELDS: Readonly<Record<keyof Target, Field>> = {
  description: { kind: "string", merge: "replace-text" },
  annotations: { kind: "string-list", merge: "append", normalise: "distinct", escaped: true },
  attest: { kind: "entries", merge: "append", normalise: "by-type", entries: attest },
  context: text,
  contexts: { kind: "string-map", merge: "keys" },
  dockerfile: text,
  "dockerfile-inline": { ...text, escaped: true },
  args: { kind: "nullable-string-map", merge: "keys", escaped: true },
  labels: { kind: "nullable-string-map", merge: "keys", escaped: true },
  tags: { kind: "string-list", merge: "replace", normalise: "distinct" },
  "cache-from": { kind: "entries", merge: "append", normalise: "swap", entries: cache },
  "cache-to": { kind: "entries", merge: "replace", normalise: "swap", entries: cache },
  target: text,
  secret: { kind: "entries", merge: "append", normalise: "by-id", order: ["id", "src", "env"], entries: secret },
  ssh: { kind: "entries", merge: "append", normalise: "by-id", order: ["id", "paths"], entries: ssh },
  platforms: { kind: "string-list", merge: "replace", normalise: "distinct" },
  output: { kind: "entries", merge: "replace", normalise: "swap", entries: output },
  pull: flag,
  "no-cache": flag,
  network: text,
  "no-cache-filter": { kind: "string-list", merge: "append", normalise: "distinct" },
  "shm-size": text,
  ulimits: { kind: "string-list", merge: "append", normalise: "distinct" },
  resources: {
    kind: "resources",
    merge: "keys",
    order: ["memory", "memory-swap", "cpu-shares", "cpu-period", "cpu-quota", "cpuset-cpus", "cpuset-mems"],
  },
  call: text,
  entitlements: { kind: "string-list", merge: "append", normalise: "distinct" },
  "extra-hosts": { kind: "nullable-string-map", merge: "keys", escaped: true },
  policy: { kind: "entries", merge: "append", order: ["Files", "Reset", "Disabled", "Strict", "LogLevel"], entries: policy },
};

/** `inherits` is a field of blocks only: it never reaches a resolved target. */
export const INHERITS: Field = { kind: "string-list", merge: "append" };

/** Names in print order. */
export const FIELD_NAMES: readonly (keyof Target)[] = Object.keys(FIELDS) as (keyof Target)[];

/** How one attribute merges and normalises, `inherits` included. */
export const fieldOf = (name: AttributeName): Field => (name === "inherits" ? INHERITS : FIELDS[name]);

/** What loaders need to read target attributes from a file. */
export const DECODERS: readonly AttributeDecoder[] = [decoder("inherits", INHERITS), ...FIELD_NAMES.map((name) => decoder(name, FIELDS[name]))];

function decoder(name: AttributeName, { kind, entries }: Field): AttributeDecoder {
  return { name, kind, ...entries };
}
