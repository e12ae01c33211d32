/**
 * Where every value of a resolved target came from. Worked out on demand by replaying the layers, so that
 * resolving pays nothing for it.
 */
import type { SourceRange } from "../diagnostics.ts";
import type { AttributeName, BlockAttributes, TargetBlock } from "./definition.ts";
import { fieldOf, FIELD_NAMES, type Field } from "./fields.ts";
import { entryKey } from "./normalise.ts";
import type { Layer, Override, ResolvedTarget } from "./resolved.ts";

/** What set a value. */
export type Origin =
  | { readonly kind: "file"; readonly range: SourceRange; readonly target: string }
  | { readonly kind: "flag"; readonly flag: string }
  | { readonly kind: "environment"; readonly name: string }
  | { readonly kind: "link"; readonly target: string }
  | { readonly kind: "default" };

/** Origins of one field: of the whole, and of items by what makes them the same when merging. */
interface FieldOrigins {
  readonly whole: Origin;
  readonly items: ReadonlyMap<string, Origin>;
}

type State = Map<AttributeName, FieldOrigins>;

/** Origins by field (`context`), list item (`tags/0`) or map key (`args/NAME`), for what the target has. */
export function explainTarget({ target, layers }: ResolvedTarget): ReadonlyMap<string, Origin> {
  const state = replay(layers, new Map());
  const out = new Map<string, Origin>();
  for (const name of FIELD_NAMES) {
    const value = target[name] as unknown;
    if (value === undefined) continue;
    const origins = state.get(name);
    const whole: Origin = origins?.whole ?? { kind: "default" };
    out.set(name, whole);
    if (value === null || typeof value !== "object") continue;
    if (Array.isArray(value)) value.forEach((item, i) => out.set(`${name}/${i}`, origins?.items.get(itemKey(fieldOf(name), item)) ?? whole));
    else for (const key of Object.keys(value)) out.set(`${name}/${key}`, origins?.items.get(key) ?? whole);
  }
  return out;
}

function replay(layers: readonly Layer[], known: Map<readonly Layer[], State>): State {
  const done = known.get(layers);
  if (done) return done;
  const state: State = new Map();
  for (const layer of layers) {
    switch (layer.kind) {
      case "parent":
        for (const [name, over] of replay(layer.layers, known)) mergeOrigins(state, name, over);
        break;
      case "block":
        for (const [name, over] of blockOrigins(layer.block)) mergeOrigins(state, name, over);
        break;
      case "override":
        state.set(layer.attribute, overrideOrigins(layer, state.get(layer.attribute)));
        break;
      case "link":
        linkOrigins(state, layer.attribute, layer.target);
        break;
      case "environment": {
        const origin: Origin = { kind: "environment", name: layer.name };
        mergeOrigins(state, layer.attribute, { whole: state.get(layer.attribute)?.whole ?? origin, items: new Map([[layer.name, origin]]) });
        break;
      }
      default:
        layer satisfies never;
    }
  }
  known.set(layers, state);
  return state;
}

function mergeOrigins(state: State, name: AttributeName, over: FieldOrigins): void {
  const base = state.get(name);
  const { merge, normalise } = fieldOf(name);
  if (!base || merge === "replace" || merge === "replace-text") {
    state.set(name, over);
    return;
  }
  const laterWins = merge === "keys" || normalise === "by-id" || normalise === "by-type";
  state.set(name, { whole: over.whole, items: laterWins ? new Map([...base.items, ...over.items]) : new Map([...over.items, ...base.items]) });
}

function* blockOrigins({ name: target, attributes, origins, range }: TargetBlock): Iterable<[AttributeName, FieldOrigins]> {
  for (const [key, value] of Object.entries(attributes) as [AttributeName, unknown][]) {
    if (key === "description" && value === "") continue;
    const at = (place: string): SourceRange => origins.get(place) ?? origins.get(key) ?? range;
    const items = new Map<string, Origin>();
    for (const [index, item] of itemsOf(key, value)) items.set(item, { kind: "file", range: at(`${key}/${index}`), target });
    yield [key, { whole: { kind: "file", range: at(key), target }, items }];
  }
}

type OverrideLayer = Extract<Layer, { kind: "override" }>;

/** What was there before keeps its origin; anything new came from the flag. */
function overrideOrigins({ override, attribute, before, after }: OverrideLayer, base: FieldOrigins | undefined): FieldOrigins {
  const whole: Origin = { kind: "flag", flag: override.flags[override.flags.length - 1] as string };
  const earlier = new Map(valuesOf(attribute, before));
  const items = new Map<string, Origin>();
  for (const [item, value] of valuesOf(attribute, after)) {
    const kept = earlier.get(item) === value ? base?.items.get(item) : undefined;
    items.set(item, kept ?? { kind: "flag", flag: flagOf(override, value) });
  }
  return { whole, items };
}

const flagOf = ({ values, flags }: Override, value: unknown): string => flags[Math.max(0, values.lastIndexOf(String(value)))] as string;

function linkOrigins(state: State, attribute: AttributeName, target: string): void {
  const whole: Origin = { kind: "link", target };
  state.set(attribute, attribute === "output" ? { whole, items: new Map() } : { whole, items: state.get(attribute)?.items ?? new Map() });
}

/** Index or key of each item, with what makes it the same when merging. */
function itemsOf(name: AttributeName, value: unknown): [index: string, item: string][] {
  if (value instanceof Map) return [...(value as ReadonlyMap<string, string>).keys()].map((key) => [key, key]);
  if (Array.isArray(value)) return value.map((item, i) => [String(i), itemKey(fieldOf(name), item)]);
  return value !== null && typeof value === "object" ? Object.keys(value).map((key) => [key, key]) : [];
}

function valuesOf(name: AttributeName, attributes: BlockAttributes): [item: string, value: unknown][] {
  const value = attributes[name] as unknown;
  if (value instanceof Map) return [...(value as ReadonlyMap<string, string>)];
  if (Array.isArray(value)) return value.map((item) => [itemKey(fieldOf(name), item), item]);
  return value !== null && typeof value === "object" ? Object.entries(value) : [];
}

function itemKey({ normalise }: Field, item: unknown): string {
  if (typeof item === "string") return item;
  const entry = item as Readonly<Record<string, unknown>>;
  if (normalise === "by-type") return String(entry["type"] ?? "");
  return normalise === "by-id" ? String(entry["id"] ?? "") : entryKey(item);
}
