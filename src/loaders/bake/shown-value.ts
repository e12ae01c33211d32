/** Effective values of variables as `--list=variables` shows them (spec/bake.md 7.3). */
import { encodeJson, quoteJson } from "../hcl/json-encode.ts";
import { hasDynamic } from "../hcl/types.ts";
import { boolOf, DYNAMIC, entriesOf, itemsOf, numberOf, textOf, type Type, type Value } from "../hcl/values.ts";

/**
 * Texts, numbers and booleans as they are, others as JSON; nothing for null. `declared` is the variable's type: with one, a text is
 * its JSON without the quotes at both ends, as the reference has it (scripts read this output).
 */
export function shownValue(value: Value, declared: Type | undefined): string | undefined {
  if (value.state !== "known") return undefined;
  if (declared && hasDynamic(declared)) return encodeAs(value, declared);
  if (value.type.kind === "string") return declared ? quoteJson(textOf(value)).replace(/^"+|"+$/g, "") : textOf(value);
  if (value.type.kind === "number") return numberOf(value).toString();
  if (value.type.kind === "bool") return String(boolOf(value));
  return encode(value);
}

/** Infinities have no JSON form: they are left out. */
function encode(value: Value): string {
  const encoded = encodeJson(value);
  return encoded.ok ? encoded.text : "null";
}

/** Where the declared type is open, the value carries its own: `{"value":1,"type":"number"}`. */
function encodeAs(value: Value, type: Type): string {
  if (type.kind === "dynamic") return value.state === "known" ? `{"value":${encode(value)},"type":${spelled(value.type)}}` : "null";
  if (value.state !== "known" || !hasDynamic(type)) return encode(value);
  if (Array.isArray(value.content))
    return `[${itemsOf(value)
      .map((item, i) => encodeAs(item, partOf(type, i)))
      .join(",")}]`;
  return `{${[...entriesOf(value)].map(([key, item]) => `${quoteJson(key)}:${encodeAs(item, partOf(type, key))}`).join(",")}}`;
}

function partOf(type: Type, at: number | string): Type {
  switch (type.kind) {
    case "list":
    case "set":
    case "map":
      return type.element;
    case "tuple":
      return type.elements[at as number] ?? DYNAMIC;
    case "object":
      return type.attributes.get(at as string) ?? DYNAMIC;
    default:
      return DYNAMIC;
  }
}

/** A type as JSON: `"number"`, `["list","string"]`. */
function spelled(type: Type): string {
  switch (type.kind) {
    case "list":
    case "set":
    case "map":
      return `["${type.kind}",${spelled(type.element)}]`;
    case "tuple":
      return `["tuple",[${type.elements.map(spelled).join(",")}]]`;
    case "object":
      return `["object",{${[...type.attributes].map(([name, attribute]) => `${quoteJson(name)}:${spelled(attribute)}`).join(",")}}]`;
    default:
      return `"${type.kind}"`;
  }
}
