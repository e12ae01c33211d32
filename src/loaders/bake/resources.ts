/** The `resources` attribute: an object of texts and whole numbers (spec/bake.md 4.3). */
import type { BlockAttributes } from "../../bake/definition.ts";
import { convert } from "../hcl/convert.ts";
import { entriesOf, nullOf, NUMBER, number, numberOf, object, STRING, string, textOf, type Type, type Value } from "../hcl/values.ts";
import { numberFromInt } from "../hcl/number.ts";
import { type Decoded, NULL_VALUE, UNKNOWN_VALUE } from "./decoded.ts";

export type Resources = NonNullable<BlockAttributes["resources"]>;

const ATTRIBUTES: ReadonlyMap<keyof Resources, Type> = new Map([
  ["cpu-period", NUMBER],
  ["cpu-quota", NUMBER],
  ["cpu-shares", NUMBER],
  ["cpuset-cpus", STRING],
  ["cpuset-mems", STRING],
  ["memory", STRING],
  ["memory-swap", STRING],
]);

export const RESOURCES: Type = { kind: "object", attributes: ATTRIBUTES };
const OPTIONAL: Type = { kind: "object", attributes: ATTRIBUTES, optional: new Set(ATTRIBUTES.keys()) };

const LIMIT = 2n ** 63n;
const NOT_WHOLE = `value must be a whole number, between -${LIMIT} and ${LIMIT - 1n}`;

export function readResources(value: Value): Decoded {
  if (value.state === "null") return { ok: false, message: NULL_VALUE };
  const converted = convert(value, OPTIONAL);
  if (!converted.ok) return converted;
  if (converted.value.state !== "known") return { ok: false, message: UNKNOWN_VALUE };
  const content: Record<string, string | number | bigint> = {};
  for (const [key, part] of entriesOf(converted.value)) {
    if (part.state === "unknown") return { ok: false, message: UNKNOWN_VALUE };
    if (part.state === "null") continue;
    if (part.type.kind === "string") content[key] = textOf(part);
    else {
      const amount = numberOf(part);
      const whole = amount.isInteger && !amount.infinite && amount.exponent <= 64 ? amount.toBigInt() : undefined;
      if (whole === undefined || whole >= LIMIT || whole < -LIMIT) return { ok: false, message: NOT_WHOLE };
      content[key] = Number.isSafeInteger(Number(whole)) ? Number(whole) : whole;
    }
  }
  return { ok: true, content: content satisfies Resources };
}

/** How `target.NAME.resources` reads back: every key, null when not set. */
export function resourcesValue(resources: Resources): Value {
  return object(
    [...ATTRIBUTES].map(([key, type]): [string, Value] => {
      const part = resources[key];
      if (part === undefined) return [key, nullOf(type)];
      return [key, typeof part === "string" ? string(part) : number(numberFromInt(part))];
    }),
  );
}
