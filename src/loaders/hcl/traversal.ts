/** Looking into values: attributes and indexes, with the reference's words for what is not there (spec/hcl.md 3.6). */
import type { SourceRange } from "../../diagnostics.ts";
import type { RelativeTraversalNode, TraversalNode, TraversalStep } from "./ast.ts";
import { convert } from "./convert.ts";
import type { EvaluationRun, ScopeOrNone } from "./evaluation.ts";
import { closestName } from "./name-suggestion.ts";
import { numberOf, DYNAMIC, NUMBER, STRING, entriesOf, itemsOf, textOf, type Type, UNKNOWN, unknownOf, type Value } from "./values.ts";
import { isPrimitive } from "./types.ts";
import { lookupVariable, type Scope } from "./scope.ts";

export function traversalValue(node: TraversalNode, scope: ScopeOrNone, run: EvaluationRun): Value {
  if (!scope) return run.fail("variables-not-allowed", "Variables not allowed", "Variables may not be used here.", rootRange(node));
  const root = lookupVariable(scope, node.root);
  if (root) return node.steps.length === 0 ? root : follow(root, node.steps, run);
  const guess = closestName(node.root, visibleNames(scope));
  const hint = guess === undefined ? "" : ` Did you mean "${guess}"?`;
  return run.fail("unknown-variable", "Unknown variable", `There is no variable named "${node.root}".${hint}`, rootRange(node));
}

const rootRange = ({ file, start, root }: TraversalNode): SourceRange => ({ file, start, end: start + root.length });

function* visibleNames(scope: Scope): Iterable<string> {
  for (let at: Scope | undefined = scope; at; at = at.parent) yield* at.variables.keys();
}

export function relativeTraversalValue(node: RelativeTraversalNode, scope: ScopeOrNone, run: EvaluationRun): Value {
  return follow(run.value(node.source, scope), node.steps, run);
}

/** The first step that fails ends the walk. */
function follow(start: Value, steps: readonly TraversalStep[], run: EvaluationRun): Value {
  let value = start;
  for (let i = 0; i < steps.length; i++) {
    const step = steps[i] as TraversalStep;
    const problems = run.diagnostics.length;
    value = step.kind === "attribute" ? attributeOf(value, step, run) : indexInto(value, step.key, step.range, run);
    if (run.diagnostics.length > problems) return UNKNOWN;
  }
  return value;
}

type AttributeStep = Extract<TraversalStep, { kind: "attribute" }>;

function attributeOf(value: Value, { name, range }: AttributeStep, run: EvaluationRun): Value {
  const { type } = value;
  if (value.state === "null") {
    const detail = "This value is null, so it does not have any attributes.";
    return run.fail("null-attribute", "Attempt to get attribute from null value", detail, range);
  }
  switch (type.kind) {
    case "object": {
      const found = value.state === "known" ? entriesOf(value).get(name) : undefined;
      if (found) return found;
      const attribute = type.attributes.get(name);
      if (!attribute) return run.fail("unsupported-attribute", "Unsupported attribute", `This object does not have an attribute named "${name}".`, range);
      return unknownOf(attribute);
    }
    case "map": {
      if (value.state !== "known") return unknownOf(type.element);
      const found = entriesOf(value).get(name);
      return found ?? run.fail("missing-element", "Missing map element", `This map does not have an element with the key "${name}".`, range);
    }
    case "dynamic":
      return UNKNOWN;
    default:
      return run.fail("unsupported-attribute", "Unsupported attribute", noAttributes(type, name), range);
  }
}

function noAttributes(type: Type, name: string): string {
  if (isPrimitive(type)) return `Can't access attributes on a primitive-typed value (${type.kind}).`;
  if ((type.kind !== "list" && type.kind !== "set") || type.element.kind !== "object") return "This value does not have any attributes.";
  const wanted = type.element.attributes.has(name) ? `attribute "${name}"` : "an attribute";
  return type.kind === "list"
    ? `Can't access attributes on a list of objects. Did you mean to access ${wanted} for a specific element of the list, or across all elements of the list?`
    : "Can't access attributes on a set of objects. Did you mean to access an attribute across all elements of the set?";
}

const NO_ELEMENT = "The given key does not identify an element in this collection value";
const SET_INDEX =
  "Elements of a set are identified only by their value and don't have any separate index or key to select with, so it's only possible to perform operations across all elements of the set.";

/** `collection[key]`; the range is that of the brackets. */
export function indexInto(collection: Value, key: Value, range: SourceRange, run: EvaluationRun): Value {
  if (collection.state === "known" && key.state === "known" && key.type === STRING && collection.content instanceof Map) {
    const found = entriesOf(collection).get(textOf(key));
    if (found) return found;
  }
  const invalid = (detail: string): Value => run.fail("invalid-index", "Invalid index", detail, range);
  if (collection.state === "null") {
    return run.fail("null-index", "Attempt to index null value", "This value is null, so it does not have any indices.", range);
  }
  if (key.state === "null") return invalid("Can't use a null value as an indexing key.");
  const { type } = collection;
  if (type.kind === "dynamic" || key.type.kind === "dynamic") return UNKNOWN;
  switch (type.kind) {
    case "list":
    case "tuple":
    case "map":
    case "object": {
      const converted = convert(key, type.kind === "list" || type.kind === "tuple" ? NUMBER : STRING);
      if (!converted.ok) return invalid(`${NO_ELEMENT}: ${converted.message}.`);
      if (converted.value.state === "unknown" || collection.state === "unknown") return unknownElement(type);
      if (type.kind === "list" || type.kind === "tuple") return itemAt(itemsOf(collection), converted.value, invalid);
      const found = entriesOf(collection).get(textOf(converted.value));
      if (found) return found;
      const byNumber = type.kind === "object" && key.type.kind === "number";
      return invalid(`${NO_ELEMENT}.${byNumber ? " An object only supports looking up attributes by name, not by numeric index." : ""}`);
    }
    case "set":
      return invalid(SET_INDEX);
    default:
      return invalid("This value does not have any indices.");
  }
}

const unknownElement = (type: Type): Value => unknownOf(type.kind === "list" || type.kind === "map" ? type.element : DYNAMIC);

function itemAt(items: readonly Value[], key: Value, invalid: (detail: string) => Value): Value {
  const index = numberOf(key);
  if (!index.isInteger) {
    return invalid(`${NO_ELEMENT}: indexing a sequence requires a whole number, but the given index has a fractional part.`);
  }
  if (index.sign < 0) return invalid(`${NO_ELEMENT}: a negative number is not a valid index for a sequence.`);
  const at = index.toDouble();
  const found = items[at];
  if (found) return found;
  // Only an index that is exactly the length is explained: so does the reference.
  if (at !== items.length) return invalid(`${NO_ELEMENT}.`);
  if (at === 0) return invalid(`${NO_ELEMENT}: the collection has no elements.`);
  return invalid(`${NO_ELEMENT}: the given index is greater than or equal to the length of the collection.`);
}
