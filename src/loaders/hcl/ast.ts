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

/** A quoted string, a heredoc, or a branch of a directive. */
export class TemplateNode implements NodeBase {
  readonly kind: "template";
  readonly file: SourceFile;
  readonly start: number;
  readonly end: number;
  /** The value, where the template is one literal text. */
  readonly constant: Value | undefined;
  /** Undefined for a string in quotes that is its constant, as most are: nodes for its parts are made when they are asked for. */
  readonly given: readonly Expression[] | undefined;

  constructor(file: SourceFile, start: number, end: number, constant: Value | undefined, given: readonly Expression[] | undefined) {
    this.kind = "template";
    this.file = file;
    this.start = start;
    this.end = end;
    this.constant = constant;
    this.given = given;
  }

  /** The reference places the part of an empty string behind its quotes. */
  get parts(): readonly Expression[] {
    if (this.given) return this.given;
    const { file, constant, start, end } = this;
    const isEmpty = start + 2 === end;
    return [{ kind: "literal", value: constant as Value, file, start: isEmpty ? end : start + 1, end: isEmpty ? end : end - 1 }];
  }
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
  /** It is where the node begins. */
  readonly root: string;
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

/** The steps of a name alone. */
export const NO_STEPS: readonly TraversalStep[] = [];

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
  /** Behind the name, where the node begins. */
  readonly nameEnd: number;
  /** Where the opening parenthesis is; the closing one is the end of the node. */
  readonly open: number;
  readonly args: readonly Expression[];
  /** The last argument is expanded (`f(list...)`). */
  readonly expandFinal: boolean;
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
}

export interface ObjectItem {
  readonly key: Expression;
  readonly value: Expression;
}

export interface ObjectNode extends NodeBase {
  readonly kind: "object";
  readonly items: readonly ObjectItem[];
  /** JSON objects report duplicate keys and evaluate keys as templates. */
  readonly json: boolean;
  /** Kept from one evaluation to the next: functions and matrices evaluate the same objects again and again. */
  layout: ObjectLayout | undefined;
}

/** What is the same each time an object is evaluated. */
export interface ObjectLayout {
  /** In byte order, equal ones in that of the source; undefined where a key is no bare word. */
  readonly keys: readonly string[] | undefined;
  /** For each key the number of its item. */
  readonly places: readonly number[];
  /** The value, once it was made, where all that is in it is constant. */
  constant: Value | undefined;
}

/** A key of an object constructor: a bare word is text unless `forced` (in parentheses). */
export class ObjectKeyNode implements NodeBase {
  readonly kind: "object-key";
  readonly file: SourceFile;
  readonly start: number;
  readonly end: number;
  readonly forced: boolean;
  /** What is written, or the name where it is a bare word: the node of a name, which nothing evaluates, is made when it is asked for. */
  readonly given: Expression | string;

  constructor(file: SourceFile, start: number, end: number, given: Expression | string, forced: boolean) {
    this.kind = "object-key";
    this.file = file;
    this.start = start;
    this.end = end;
    this.given = given;
    this.forced = forced;
  }

  get wrapped(): Expression {
    const { given, file, start, end } = this;
    return typeof given === "string" ? { kind: "traversal", root: given, steps: NO_STEPS, file, start, end } : given;
  }
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
  /** The opening bracket or directive. */
  readonly openRange: SourceRange;
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

export class Attribute {
  readonly name: string;
  readonly expression: Expression;
  /** Where the name is, quotes included. */
  readonly start: number;
  readonly nameEnd: number;

  constructor(name: string, start: number, nameEnd: number, expression: Expression) {
    this.name = name;
    this.expression = expression;
    this.start = start;
    this.nameEnd = nameEnd;
  }

  get nameRange(): SourceRange {
    return { file: this.expression.file, start: this.start, end: this.nameEnd };
  }

  /** Name start to expression end. */
  get range(): SourceRange {
    const { file, end } = this.expression;
    return { file, start: this.start, end };
  }
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

/** The value of a literal, or of a string that is one literal text: most expressions are one, and need no evaluation. */
export function constantOf(expression: Expression): Value | undefined {
  if (expression.kind === "template") return expression.constant;
  return expression.kind === "literal" ? expression.value : undefined;
}

/** The value of what needs no evaluation: a constant, or a list of such values. */
export const fixedValueOf = (expression: Expression): Value | undefined => (expression.kind === "tuple" ? expression.constant : constantOf(expression));

/** Where the name of a call is, its scope included. */
export const calledRange = ({ file, start, nameEnd }: CallNode): SourceRange => ({ file, start, end: nameEnd });

/** From the opening to the closing parenthesis of a call. */
export const argumentsRange = ({ file, open, end }: CallNode): SourceRange => ({ file, start: open, end });

/** The first character of a node: the opening bracket of a list or an object. */
export const openingOf = ({ file, start }: SourceRange): SourceRange => ({ file, start, end: start + 1 });

/** The value of a list of constants: in a matrix and in functions it is asked for again and again. */
export function constantTuple(items: readonly Expression[]): Value | undefined {
  for (let i = 0; i < items.length; i++) if (!fixedValueOf(items[i] as Expression)) return undefined;
  return tuple(items.map((item) => fixedValueOf(item) as Value));
}
