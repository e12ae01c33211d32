/** What bake reads of a model (spec/compose.md 5.2), as a table. */
import type { ComposeNode, Mapping } from "./node.ts";
import { refuse } from "./problem.ts";
import { anyOf, listOf, type Rule, types, violationOf } from "./schema-rule.ts";

const anything: Rule = { kind: "anything" };
const text = types("string");
const extensions = [/^x-/, anything] as const;

const scalarOrNull = types("string", "number", "boolean", "null");
const listOrMap = anyOf({ kind: "map", patterns: [[/./s, scalarOrNull]] }, listOf(text, true));
const texts = listOf(text, true);
const flag = types("boolean", "string");

const extraHosts = anyOf({ kind: "map", patterns: [[/./s, anyOf(text, listOf(text, false))]] }, listOf(text, true));

const buildSecrets = listOf(
  anyOf(text, {
    kind: "map",
    fields: { source: text, target: text, uid: text, gid: text, mode: types("number", "string") },
    patterns: [extensions],
  }),
);

const limit = types("integer", "string");
const ulimits: Rule = {
  kind: "map",
  patterns: [[/^[a-z]+$/, anyOf(limit, { kind: "map", fields: { soft: limit, hard: limit }, patterns: [extensions], required: ["soft", "hard"] })]],
  open: true,
};

const build: Rule = {
  kind: "map",
  fields: {
    additional_contexts: listOrMap,
    args: listOrMap,
    cache_from: listOf(text),
    cache_to: listOf(text),
    context: text,
    dockerfile: text,
    dockerfile_inline: text,
    entitlements: listOf(text),
    extra_hosts: extraHosts,
    isolation: text,
    labels: listOrMap,
    network: text,
    no_cache: flag,
    no_cache_filter: anyOf(text, texts),
    platforms: listOf(text),
    privileged: flag,
    provenance: flag,
    pull: flag,
    sbom: flag,
    secrets: buildSecrets,
    shm_size: types("integer", "string"),
    ssh: listOrMap,
    tags: texts,
    target: text,
    ulimits,
  },
  patterns: [extensions],
};

const environmentFiles = anyOf(text, listOf(anyOf(text, { kind: "map", fields: { path: text, format: text, required: flag }, required: ["path"] })));

const service: Rule = { kind: "map", fields: { image: text, build: anyOf(text, build), environment: listOrMap, env_file: environmentFiles } };

const secret: Rule = {
  kind: "map",
  fields: {
    name: text,
    environment: text,
    file: text,
    driver: text,
    template_driver: text,
    external: anyOf(flag, { kind: "map", fields: { name: text }, open: true }),
    labels: listOrMap,
    driver_opts: { kind: "map", patterns: [[/./s, types("string", "number")]] },
  },
  patterns: [extensions],
};

const NAME = /^[a-zA-Z0-9._-]+$/;
const MODEL: Rule = { kind: "map", fields: { services: { kind: "map", patterns: [[NAME, service]] }, secrets: { kind: "map", patterns: [[NAME, secret]] } } };

/** Stops at the deepest violation of the model. */
export function checkSchema(model: Mapping): void {
  const infinite = unsupportedNumber(model);
  if (infinite) refuse("compose.schema", `json: unsupported value: ${infinite.text}`, infinite.range);
  const violation = violationOf(model, MODEL, []);
  if (violation) refuse("compose.schema", violation.text, violation.range);
}

/** The first number that has no JSON form. */
function unsupportedNumber(node: ComposeNode): Extract<ComposeNode, { kind: "scalar" }> | undefined {
  if (node.kind === "scalar") return node.type === "float" && /^(?:NaN|[+-]Inf)$/.test(node.text) ? node : undefined;
  if (node.kind === "list") {
    for (const item of node.items) {
      const found = unsupportedNumber(item);
      if (found) return found;
    }
    return undefined;
  }
  for (const { value } of node.entries.values()) {
    const found = unsupportedNumber(value);
    if (found) return found;
  }
  return undefined;
}
