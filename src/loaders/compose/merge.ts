/** Merging a document over the model so far, or a service over the one it extends (spec/compose.md 1.5). */
import { type ComposeNode, type Entry, isNull, isString, list, mapping, type Mapping, scalar, string, valueAt } from "./node.ts";
import { pathTable, type PathTable, step } from "./path-table.ts";
import { refuse } from "./problem.ts";
import { toSequence } from "./sequence.ts";

/** What a place does instead of the generic rule. */
type Merger = (base: ComposeNode, over: ComposeNode, place: Place) => ComposeNode;

/** Where two nodes meet: the path for messages, and the rules from here on. */
interface Place {
  readonly path: string;
  readonly rules: PathTable<Merger> | undefined;
}

const replace: Merger = (_base, over) => over;
const concatenate: Merger = (base, over) => list([...toSequence(base).items, ...toSequence(over).items], base.range);

const concatenateNew: Merger = (base, over) => {
  const before = toSequence(base).items;
  const known = new Set(before.map((item) => (isString(item) ? item.text : undefined)));
  return list([...before, ...toSequence(over).items.filter((item) => !isString(item) || !known.has(item.text))], base.range);
};

/** A list of names stands for a map of names to `value`. */
const asMap =
  (value: (item: ComposeNode) => ComposeNode): Merger =>
  (base, over, place) => {
    const toMap = (node: ComposeNode): Mapping => {
      if (node.kind === "map") return node;
      const entries = new Map<string, Entry>();
      if (node.kind === "list") for (const item of node.items) if (isString(item)) entries.set(item.text, { key: item.range, value: value(item) });
      return mapping(entries, node.range);
    };
    return mergeMaps(toMap(base), toMap(over), place);
  };

const started = (item: ComposeNode): ComposeNode =>
  mapping(
    new Map([
      ["condition", { key: item.range, value: string("service_started", item.range) }],
      ["required", { key: item.range, value: scalar("bool", "true", item.range) }],
    ]),
    item.range,
  );

const mergeBuild: Merger = (base, over, place) => mergeMaps(buildMap(base), buildMap(over), place);

/** A text is the context; what is neither text nor map counts as empty here and is refused later. */
function buildMap(node: ComposeNode): Mapping {
  if (node.kind === "map") return node;
  return mapping(isString(node) ? new Map([["context", { key: node.range, value: node }]]) : new Map(), node.range);
}

const mergeLogging: Merger = (base, over, place) => {
  const driver = (node: ComposeNode): string | undefined => {
    const value = valueAt(node, "driver");
    return isString(value) ? value.text : undefined;
  };
  const [own, other] = [driver(base), driver(over)];
  return own === undefined || other === undefined || own === other ? mergeGeneric(base, over, place) : over;
};

const sequences =
  "build.args build.labels build.additional_contexts environment labels annotations sysctls deploy.labels dns dns_opt dns_search env_file label_file tmpfs";
const RULES = pathTable<Merger>([
  ...sequences.split(" ").map((name) => [`services.*.${name}`, concatenate] as const),
  ["networks.*.labels", concatenate],
  ["volumes.*.labels", concatenate],
  ["services.*.build", mergeBuild],
  ["services.*.build.extra_hosts", concatenateNew],
  ["services.*.extra_hosts", concatenateNew],
  ["services.*.command", replace],
  ["services.*.entrypoint", replace],
  ["services.*.healthcheck.test", replace],
  ["services.*.ulimits.*", replace],
  ["services.*.depends_on", asMap(started)],
  ["services.*.networks", asMap((item) => scalar("null", "", item.range))],
  ["services.*.models", asMap((item) => scalar("null", "", item.range))],
  ["services.*.logging", mergeLogging],
]);

/** `over` merged onto `base`; both whole models. */
export const mergeModels = (base: Mapping, over: Mapping): Mapping => mergeMaps(base, over, { path: "", rules: RULES });

/** One service over the one it extends; places in messages read `services.x`. */
export const mergeService = (base: ComposeNode, over: ComposeNode): ComposeNode =>
  mergeNodes(base, over, { path: "services.x", rules: step(step(RULES, "services"), "x") });

/** A resource of one kind (`services`, `secrets`, ...) over another of its name. */
export const mergeResource = (kind: string, name: string, base: ComposeNode, over: ComposeNode): ComposeNode =>
  mergeNodes(base, over, { path: `${kind}.${name}`, rules: step(step(RULES, kind), name) });

function mergeNodes(base: ComposeNode, over: ComposeNode, place: Place): ComposeNode {
  if (isNull(over)) return base;
  const special = place.rules?.here;
  return special ? special(base, over, place) : mergeGeneric(base, over, place);
}

function mergeGeneric(base: ComposeNode, over: ComposeNode, place: Place): ComposeNode {
  if (base.kind === "scalar") return over;
  if (base.kind !== over.kind)
    refuse("compose.merge", `cannot override ${place.path}`, over.range, { related: [{ message: "the value to override", range: base.range }] });
  return base.kind === "map" ? mergeMaps(base, over as Mapping, place) : list([...base.items, ...(over as typeof base).items], base.range);
}

function mergeMaps(base: Mapping, over: Mapping, { path, rules }: Place): Mapping {
  if (over.entries.size === 0) return base;
  const entries = new Map(base.entries);
  for (const [key, entry] of over.entries) {
    const earlier = entries.get(key);
    if (!earlier) entries.set(key, entry);
    else
      entries.set(key, {
        key: entry.key,
        value: mergeNodes(earlier.value, entry.value, { path: path === "" ? key : `${path}.${key}`, rules: step(rules, key) }),
      });
  }
  return mapping(entries, base.range);
}
