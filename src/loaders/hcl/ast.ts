/**
 * The syntax tree of HCL. Native syntax and the JSON profile (spec/hcl.md 7) are two readers of the
 * same tree, so everything after this file is written once. Every node is its own source range.
 */
import type { Diagnostic, SourceFile, SourceRange } from "../../diagnostics.ts";
import { tuple, type Value } from "./values.ts";

interface NodeBase extends SourceRange {
  readonly file: SourceFile;
}

/** `null`, `true`, `12.5`, or a literal chunk of a template. */
export interface LiteralNode extends NodeBase {
  readonly kind: "literal";
  readonly value: Value;
}

/** Quoted string or heredoc with at least one interpolation or directive, or a bare literal string. */
export interface TemplateNode extends NodeBase {
  readonly kind: "template";
  readonly parts: readonly Expression[];
}

/** `"${x}"` alone: the value keeps its type. */
export interface TemplateWrapNode extends NodeBase {
  readonly kind: "template-wrap";
  readonly wrapped: Expression;
}

/** `%{ for }` joins its items into a string; the body is a `for` node. */
export interface TemplateJoinNode extends NodeBase {
  readonly kind: "template-join";
  readonly tuple: Expression;
}

/** A root name followed by constant steps: `target.web.tags[0]`. */
export interface TraversalNode extends NodeBase {
  readonly kind: "traversal";
  readonly root: string;
  readonly rootRange: SourceRange;
  readonly steps: readonly TraversalStep[];
}

export type TraversalStep =
  | { readonly kind: "attribute"; readonly name: string; readonly range: SourceRange }
  | { readonly kind: "index"; readonly key: Value; readonly range: SourceRange };

/** Constant steps on anything that is not a root name: `f(x).a`. */
export interface RelativeTraversalNode extends NodeBase {
  readonly kind: "relative-traversal";
  readonly source: Expression;
  readonly steps: readonly TraversalStep[];
}

export interface IndexNode extends NodeBase {
  readonly kind: "index";
  readonly collection: Expression;
  readonly key: Expression;
  readonly openRange: SourceRange;
  readonly bracketRange: SourceRange;
}

/** `source[*].each` or `source.*.each`; `each` refers to the item through an `anonymous` node. */
export interface SplatNode extends NodeBase {
  readonly kind: "splat";
  readonly source: Expression;
  readonly each: Expression;
  readonly item: AnonymousNode;
  readonly markerRange: SourceRange;
}

export interface AnonymousNode extends NodeBase {
  readonly kind: "anonymous";
}

export interface CallNode extends NodeBase {
  readonly kind: "call";
  readonly name: string;
  readonly nameRange: SourceRange;
  readonly args: readonly Expression[];
  /** The last argument is expanded (`f(list...)`). */
  readonly expandFinal: boolean;
  readonly openParenRange: SourceRange;
  readonly closeParenRange: SourceRange;
}

export interface ConditionalNode extends NodeBase {
  readonly kind: "conditional";
  readonly condition: Expression;
  readonly then: Expression;
  readonly else: Expression;
}

export type BinaryOperator = "||" | "&&" | "==" | "!=" | "<" | "<=" | ">" | ">=" | "+" | "-" | "*" | "/" | "%";

export interface BinaryNode extends NodeBase {
  readonly kind: "binary";
  readonly operator: BinaryOperator;
  readonly left: Expression;
  readonly right: Expression;
}

export interface UnaryNode extends NodeBase {
  readonly kind: "unary";
  readonly operator: "-" | "!";
  readonly operand: Expression;
  readonly operatorRange: SourceRange;
}

export interface ParenthesesNode extends NodeBase {
  readonly kind: "parentheses";
  readonly inner: Expression;
}

export interface TupleNode extends NodeBase {
  readonly kind: "tuple";
  readonly items: readonly Expression[];
  /** The value, where all items are constants. */
  readonly constant: Value | undefined;
  readonly openRange: SourceRange;
}

export interface ObjectItem {
  readonly key: Expression;
  readonly value: Expression;
}

export interface ObjectNode extends NodeBase {
  readonly kind: "object";
  readonly items: readonly ObjectItem[];
  readonly openRange: SourceRange;
  /** JSON objects report duplicate keys and evaluate keys as templates. */
  readonly json: boolean;
}

/** A key of an object constructor: a bare word is text unless `forced` (in parentheses). */
export interface ObjectKeyNode extends NodeBase {
  readonly kind: "object-key";
  readonly wrapped: Expression;
  readonly forced: boolean;
}

export interface ForNode extends NodeBase {
  readonly kind: "for";
  readonly keyName: string | undefined;
  readonly valueName: string;
  readonly collection: Expression;
  /** Present for the object form. */
  readonly key: Expression | undefined;
  readonly value: Expression;
  readonly condition: Expression | undefined;
  readonly group: boolean;
  readonly openRange: SourceRange;
  readonly closeRange: SourceRange;
}

/**
 * A string of the JSON profile: a template for evaluation, plain text for static forms and where there is
 * no scope. It is parsed when first asked for, because what is never evaluated is never wrong.
 */
export interface JsonStringNode extends NodeBase {
  readonly kind: "json-string";
  readonly text: string;
  template(): { readonly expression: Expression; readonly diagnostics: readonly Diagnostic[] };
}

export type Expression =
  | LiteralNode
  | TemplateNode
  | TemplateWrapNode
  | TemplateJoinNode
  | TraversalNode
  | RelativeTraversalNode
  | IndexNode
  | SplatNode
  | AnonymousNode
  | CallNode
  | ConditionalNode
  | BinaryNode
  | UnaryNode
  | ParenthesesNode
  | TupleNode
  | ObjectNode
  | ObjectKeyNode
  | ForNode
  | JsonStringNode;

export interface Attribute {
  readonly name: string;
  readonly nameRange: SourceRange;
  /** Name start to expression end. */
  readonly range: SourceRange;
  readonly expression: Expression;
}

export interface Label {
  readonly text: string;
  readonly range: SourceRange;
}

export interface Block {
  readonly type: string;
  readonly labels: readonly Label[];
  readonly body: Body;
  readonly typeRange: SourceRange;
  /** Type and labels. */
  readonly headerRange: SourceRange;
  /** The opening brace, where there is one. */
  readonly openRange?: SourceRange;
}

/** What a body may hold: JSON cannot tell a block from an attribute without it. */
export interface BodySchema {
  readonly blocks: readonly { readonly type: string; readonly labelNames: readonly string[] }[];
  /** Names taken as attributes; undefined takes every remaining attribute. */
  readonly attributes?: readonly { readonly name: string; readonly required?: boolean }[];
}

export interface BodyContent {
  /** In source order. */
  readonly attributes: ReadonlyMap<string, Attribute>;
  /** In source order. */
  readonly blocks: readonly Block[];
  readonly diagnostics: readonly Diagnostic[];
}

export interface Body {
  readonly file: SourceFile;
  /** Zero-length range that errors about absent things point at (spec/hcl.md 2). */
  readonly missingItemRange: SourceRange;
  /** Reads the body by a schema; what the schema does not name is left alone. */
  partialContent(schema: BodySchema): BodyContent;
  /** As partialContent, and anything the schema does not name is `Unsupported argument` / `Unsupported block type`. */
  content(schema: BodySchema): BodyContent;
}

/** The value of a literal, or of a quoted string of one literal chunk: most expressions are one, and need no evaluation. */
export function constantOf(expression: Expression): Value | undefined {
  if (expression.kind === "literal") return expression.value;
  const only = expression.kind === "template" && expression.parts.length === 1 ? expression.parts[0] : undefined;
  return only?.kind === "literal" ? only.value : undefined;
}

/** The value of what needs no evaluation: a constant, or a list of such values. */
export const fixedValueOf = (expression: Expression): Value | undefined => (expression.kind === "tuple" ? expression.constant : constantOf(expression));

/** The value of a list of constants: in a matrix and in functions it is asked for again and again. */
export function constantTuple(items: readonly Expression[]): Value | undefined {
  const values = new Array<Value>(items.length);
  for (let i = 0; i < items.length; i++) {
    const value = fixedValueOf(items[i] as Expression);
    if (!value) return undefined;
    values[i] = value;
  }
  return tuple(values);
}
