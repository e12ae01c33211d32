/** Names and equality of types (spec/hcl.md 4.1). */
import type { Type } from "./values.ts";

export function typesEqual(a: Type, b: Type): boolean {
  if (a === b) return true;
  if (a.kind !== b.kind) return false;
  switch (a.kind) {
    case "list":
    case "set":
    case "map":
      return typesEqual(a.element, (b as typeof a).element);
    case "tuple": {
      const others = (b as typeof a).elements;
      const { elements } = a;
      if (elements.length !== others.length) return false;
      for (let i = 0; i < elements.length; i++) if (!typesEqual(elements[i] as Type, others[i] as Type)) return false;
      return true;
    }
    case "object": {
      const others = (b as typeof a).attributes;
      if (a.attributes.size !== others.size) return false;
      for (const [name, type] of a.attributes) {
        const other = others.get(name);
        if (!other || !typesEqual(type, other)) return false;
      }
      return true;
    }
    default:
      return true;
  }
}

/** `list of string`, `object`; a dynamic type is `dynamic`. */
export function friendlyName(type: Type): string {
  switch (type.kind) {
    case "list":
    case "set":
    case "map":
      return `${type.kind} of ${friendlyName(type.element)}`;
    default:
      return type.kind;
  }
}

/** The friendly name where a type is asked for: a dynamic type is `any type`, in a collection `any single type`. */
export function constraintName(type: Type): string {
  switch (type.kind) {
    case "dynamic":
      return "any type";
    case "list":
    case "set":
    case "map":
      return `${type.kind} of ${type.element.kind === "dynamic" ? "any single type" : constraintName(type.element)}`;
    default:
      return type.kind;
  }
}

export const isPrimitive = (type: Type): boolean => type.kind === "string" || type.kind === "number" || type.kind === "bool";
export const isCollection = (type: Type): type is Extract<Type, { element: Type }> => type.kind === "list" || type.kind === "set" || type.kind === "map";
/** list, set or tuple. */
export const isSequence = (type: Type): boolean => type.kind === "list" || type.kind === "set" || type.kind === "tuple";

/** Whether a dynamic type is anywhere in it. */
export function hasDynamic(type: Type): boolean {
  switch (type.kind) {
    case "dynamic":
      return true;
    case "list":
    case "set":
    case "map":
      return hasDynamic(type.element);
    case "tuple":
      return type.elements.some(hasDynamic);
    case "object":
      return [...type.attributes.values()].some(hasDynamic);
    default:
      return false;
  }
}
