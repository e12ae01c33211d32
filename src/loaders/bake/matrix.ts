/** Names and scopes of a block: one, or one for each combination of a matrix (spec/hcl.md 5.9, spec/bake.md 6.4). */
import type { Diagnostic, SourceRange } from "../../diagnostics.ts";
import type { Attribute, Block, BodyContent, Expression } from "../hcl/ast.ts";
import { convert } from "../hcl/convert.ts";
import { evaluate } from "../hcl/evaluate.ts";
import { childScope, type Scope } from "../hcl/scope.ts";
import { entriesOf, itemsOf, STRING, textOf, type Value } from "../hcl/values.ts";
import type { Globals } from "./globals.ts";
import { resolveNeeds } from "./graph.ts";
import { invalidName } from "./problems.ts";

/** A block under its final name, with the values of its combination in scope. */
export interface Instance {
  readonly name: string;
  readonly scope: Scope;
}

export interface Expanded {
  readonly instances: readonly Instance[];
  /** Axis names: they hide global names. */
  readonly axes: ReadonlySet<string>;
  readonly diagnostics: readonly Diagnostic[];
}

/** Most combinations of one matrix (spec/hcl.md 9). */
const MAX_COMBINATIONS = 10_000;

const NO_AXES: ReadonlySet<string> = new Set();
const VALID_NAME = /^[a-zA-Z0-9_-]+$/;
const BAD_NAME = 'only "[a-zA-Z0-9_-]+" are allowed';

const NONE: readonly Diagnostic[] = [];

/** A block without a matrix. */
const single = (name: string, { scope }: Globals): Expanded => ({ instances: [{ name, scope }], axes: NO_AXES, diagnostics: NONE });

const refused = (...diagnostics: readonly Diagnostic[]): Expanded => ({ instances: [], axes: NO_AXES, diagnostics });

export function expandGroup(block: Block, { attributes }: BodyContent, globals: Globals): Expanded {
  const label = block.labels[0] as Block["labels"][number];
  if (!VALID_NAME.test(label.text)) return refused(invalidName(BAD_NAME, label.range));
  for (const name of ["name", "matrix"]) if (attributes.has(name)) return refused(invalidName(`${name} is not supported for groups`, label.range));
  return single(label.text, globals);
}

export function expandTarget(block: Block, { attributes }: BodyContent, globals: Globals): Expanded {
  const label = block.labels[0] as Block["labels"][number];
  if (!VALID_NAME.test(label.text)) return refused(invalidName(BAD_NAME, label.range));
  const matrix = attributes.get("matrix");
  const name = attributes.get("name");
  if (!matrix) {
    if (name) return refused({ ...invalidName("name requires matrix", label.range), related: [{ message: "the name is set here", range: name.range }] });
    return single(label.text, globals);
  }
  const combined = combinations(matrix, label.range, globals);
  if (!combined.ok) return refused(...combined.diagnostics);
  return nameInstances(combined, { label, name, globals });
}

type Combined =
  | { readonly ok: true; readonly axes: ReadonlySet<string>; readonly rows: readonly ReadonlyMap<string, Value>[] }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/** Axes in byte order, the first one varying fastest. */
function combinations({ expression }: Attribute, label: SourceRange, globals: Globals): Combined {
  const needed = resolveNeeds(globals.needsOf(expression));
  if (needed.length > 0) return { ok: false, diagnostics: needed };
  const { value, diagnostics } = evaluate(expression, globals.scope);
  if (diagnostics.length > 0) return { ok: false, diagnostics };
  const bad = (message: string): Combined => ({
    ok: false,
    diagnostics: [{ ...invalidName(message, label), related: [{ message: "the matrix is set here", range: rangeOf(expression) }] }],
  });
  if (value.state !== "known" || (value.type.kind !== "object" && value.type.kind !== "map")) return bad("matrix must be a map");
  const axes = entriesOf(value);
  let rows: ReadonlyMap<string, Value>[] = [new Map()];
  for (const [axis, items] of axes) {
    const values = axisValues(items);
    if (!values) return bad("matrix values must be a list");
    if (rows.length * values.length > MAX_COMBINATIONS) return bad(`the matrix has more than ${MAX_COMBINATIONS} combinations`);
    const wider: ReadonlyMap<string, Value>[] = [];
    for (const item of values) for (const row of rows) wider.push(new Map(row).set(axis, item));
    rows = wider;
  }
  return { ok: true, axes: new Set(axes.keys()), rows };
}

const rangeOf = ({ file, start, end }: Expression): SourceRange => ({ file, start, end });

/** The items of anything that can be iterated. */
function axisValues(value: Value): readonly Value[] | undefined {
  if (value.state !== "known") return undefined;
  const { kind } = value.type;
  if (kind === "list" || kind === "set" || kind === "tuple") return itemsOf(value);
  return kind === "map" || kind === "object" ? [...entriesOf(value).values()] : undefined;
}

interface Naming {
  readonly label: Block["labels"][number];
  readonly name: Attribute | undefined;
  readonly globals: Globals;
}

function nameInstances({ axes, rows }: Extract<Combined, { ok: true }>, { label, name, globals }: Naming): Expanded {
  if (name) {
    const needed = resolveNeeds(globals.needsOf(name.expression, axes));
    if (needed.length > 0) return refused(...needed);
  }
  const instances: Instance[] = [];
  const taken = new Set<string>();
  for (const row of rows) {
    const scope = childScope(globals.scope, row);
    const text = name ? nameIn(name.expression, scope, label.range) : label.text;
    if (typeof text !== "string") return refused(...text);
    const related = name ? { related: [{ message: `the name of this combination is ${JSON.stringify(text)}`, range: rangeOf(name.expression) }] } : {};
    if (!VALID_NAME.test(text)) return refused({ ...invalidName(BAD_NAME, label.range), ...related });
    if (taken.has(text)) return refused({ ...invalidName(`duplicate name ${JSON.stringify(text)}`, label.range), ...related });
    taken.add(text);
    instances.push({ name: text, scope });
  }
  return { instances, axes, diagnostics: [] };
}

function nameIn(expression: Expression, scope: Scope, label: SourceRange): string | readonly Diagnostic[] {
  const { value, diagnostics } = evaluate(expression, scope);
  if (diagnostics.length > 0) return diagnostics;
  const converted = convert(value, STRING);
  if (!converted.ok) return [invalidName(converted.message, label)];
  return converted.value.state === "known" ? textOf(converted.value) : [invalidName("name must not be null", label)];
}
