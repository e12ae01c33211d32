/**
 * The cty value model: types and values of expressions (spec/hcl.md 4). Values are immutable.
 */
import type { BigNumber } from "./number.ts";

export type Type =
  | { readonly kind: "string" }
  | { readonly kind: "number" }
  | { readonly kind: "bool" }
  | { readonly kind: "dynamic" }
  | { readonly kind: "list"; readonly element: Type }
  | { readonly kind: "set"; readonly element: Type }
  | { readonly kind: "map"; readonly element: Type }
  | { readonly kind: "tuple"; readonly elements: readonly Type[] }
  /** Attribute names in byte order. */
  | { readonly kind: "object"; readonly attributes: ReadonlyMap<string, Type>; readonly optional?: ReadonlySet<string> };

/**
 * `content` by type: string, BigNumber, boolean; an array for list, tuple and set (in set order);
 * a Map in byte order of keys for map and object. `state` "null" and "unknown" have no content.
 */
export interface Value {
  readonly type: Type;
  readonly state: "known" | "null" | "unknown";
  readonly content: string | BigNumber | boolean | readonly Value[] | ReadonlyMap<string, Value> | undefined;
}
