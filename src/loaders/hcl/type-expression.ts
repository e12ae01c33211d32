/**
 * Type constraints as expressions spell them: `list(string)`, `object({ a = optional(bool) })`
 * (spec/hcl.md 5.5). The syntax is inspected, never evaluated.
 */
import type { Diagnostic, SourceRange } from "../../diagnostics.ts";
import { argumentsRange, calledRange, type CallNode, type Expression, type ObjectItem } from "./ast.ts";
import { sortedKeys } from "../../byte-order.ts";
import { keywordOf, staticForm } from "./static-forms.ts";
import { BOOL, DYNAMIC, listOf, mapOf, NUMBER, setOf, STRING, type Type } from "./values.ts";

export type ParsedType = { readonly ok: true; readonly type: Type } | { readonly ok: false; readonly diagnostic: Diagnostic };

type Refused = Extract<ParsedType, { ok: false }>;

const parsed = (type: Type): ParsedType => ({ ok: true, type });

function refused(detail: string, { file, start, end }: SourceRange): Refused {
  return {
    ok: false,
    diagnostic: { severity: "error", code: "hcl.type", summary: "Invalid type specification", detail, range: { file, start, end } },
  };
}

const PRIMITIVES: ReadonlyMap<string, Type> = new Map([
  ["bool", BOOL],
  ["string", STRING],
  ["number", NUMBER],
]);

const CONSTRUCTORS: ReadonlyMap<string, (element: Type) => Type> = new Map([
  ["list", listOf],
  ["set", setOf],
  ["map", mapOf],
]);

/** What a constructor with the wrong number of arguments lacks. */
function missingArgument(name: string): string | undefined {
  if (CONSTRUCTORS.has(name)) return `The ${name} type constructor requires one argument specifying the element type.`;
  if (name === "object") return "The object type constructor requires one argument specifying the attribute types and values as a map.";
  if (name === "tuple") return "The tuple type constructor requires one argument specifying the element types as a list.";
  return undefined;
}

/** The type that an expression spells, or the one thing that is wrong with it. */
export function parseTypeExpression(written: Expression): ParsedType {
  const expression = staticForm(written);
  if (expression.kind === "call") return parseConstructor(expression, written);
  const keyword = keywordOf(expression);
  if (keyword === undefined) {
    const shape = "A type specification is either a primitive type keyword (bool, number, string) or a complex type constructor call, like list(string).";
    return refused(shape, written);
  }
  const primitive = keyword === "any" ? DYNAMIC : PRIMITIVES.get(keyword);
  if (primitive) return parsed(primitive);
  return refused(missingArgument(keyword) ?? `The keyword "${keyword}" is not a valid type specification.`, written);
}

/** `written` is the call, or the JSON string that holds it. */
function parseConstructor(call: CallNode, written: Expression): ParsedType {
  const { name } = call;
  if (PRIMITIVES.has(name)) return refused(`Primitive type keyword "${name}" does not expect arguments.`, argumentsRange(call));
  if (name === "any") return refused(`Type constraint keyword "any" does not expect arguments.`, argumentsRange(call));
  if (name === "optional") return refused(`Keyword "optional" is valid only as a modifier for object type attributes.`, calledRange(call));
  const lacking = missingArgument(name);
  if (lacking === undefined) return refused(`Keyword "${name}" is not a valid type constructor.`, written);
  const [argument, extra] = call.args;
  if (!argument || extra) {
    const surplus = extra && { file: call.file, start: extra.start, end: (call.args.at(-1) as Expression).end };
    return refused(lacking, surplus ?? argumentsRange(call));
  }
  if (name === "object") return parseObject(argument);
  if (name === "tuple") return parseTuple(argument);
  const element = parseTypeExpression(argument);
  return element.ok ? parsed((CONSTRUCTORS.get(name) as (element: Type) => Type)(element.type)) : element;
}

function parseTuple(argument: Expression): ParsedType {
  if (argument.kind !== "tuple") return refused("Tuple type constructor requires a list of element types.", argument);
  const elements: Type[] = [];
  for (const item of argument.items) {
    const element = parseTypeExpression(item);
    if (!element.ok) return element;
    elements.push(element.type);
  }
  return parsed({ kind: "tuple", elements });
}

function parseObject(argument: Expression): ParsedType {
  if (argument.kind !== "object") {
    return refused("Object type constructor requires a map whose keys are attribute names and whose values are the corresponding attribute types.", argument);
  }
  const attributes = new Map<string, Type>();
  const optional = new Set<string>();
  for (const item of argument.items) {
    const name = attributeName(item);
    if (name === undefined) return refused("Object constructor map keys must be attribute names.", item.key);
    if (attributes.has(name)) return refused("Object constructor map keys must be unique.", item.key);
    const attribute = parseAttribute(item.value);
    if (!attribute.ok) return attribute;
    attributes.set(name, attribute.type);
    if (isOptional(item.value)) optional.add(name);
  }
  const sorted = new Map(sortedKeys(attributes.keys()).map((name) => [name, attributes.get(name) as Type]));
  return parsed({ kind: "object", attributes: sorted, ...(optional.size > 0 && { optional }) });
}

function attributeName({ key }: ObjectItem): string | undefined {
  if (key.kind !== "object-key") return keywordOf(key);
  return key.forced ? undefined : keywordOf(key.wrapped);
}

const isOptional = (expression: Expression): expression is CallNode => expression.kind === "call" && expression.name === "optional";

function parseAttribute(expression: Expression): ParsedType {
  if (!isOptional(expression)) return parseTypeExpression(expression);
  const [type, ...extra] = expression.args;
  if (!type) return refused("Optional attribute modifier requires the attribute type as its argument.", argumentsRange(expression));
  if (extra.length > 0) return refused("Optional attribute modifier expects only one argument: the attribute type.", argumentsRange(expression));
  return parseTypeExpression(type);
}

/** The type with every attribute required: `optional` means nothing to `convert`. */
export function requireAll(type: Type): Type {
  switch (type.kind) {
    case "list":
    case "set":
    case "map":
      return { kind: type.kind, element: requireAll(type.element) };
    case "tuple":
      return { kind: "tuple", elements: type.elements.map(requireAll) };
    case "object":
      return { kind: "object", attributes: new Map([...type.attributes].map(([name, attribute]) => [name, requireAll(attribute)])) };
    default:
      return type;
  }
}
