/** JSON text to a tree with ranges, with the reference's words for what is none (spec/hcl.md 7.1). */
import type { Diagnostic, SourceFile, SourceRange } from "../../diagnostics.ts";
import { JsonScanner, type JsonToken, readString } from "./json-scanner.ts";
import { nearName } from "./name-suggestion.ts";
import { type BigNumber, parseNumber } from "./number.ts";

export interface JsonProperty {
  readonly name: string;
  readonly nameRange: SourceRange;
  readonly value: JsonNode;
}

export type JsonNode = SourceRange &
  (
    | { readonly kind: "object"; readonly properties: readonly JsonProperty[]; readonly open: SourceRange; readonly close: SourceRange }
    | { readonly kind: "array"; readonly items: readonly JsonNode[]; readonly open: SourceRange }
    | { readonly kind: "string"; readonly text: string }
    | { readonly kind: "number"; readonly value: BigNumber }
    | { readonly kind: "bool"; readonly value: boolean }
    | { readonly kind: "null" }
    /** Stands for what was reported. */
    | { readonly kind: "invalid" }
  );

/** Deepest nesting of objects and arrays. */
const MAX_NESTING = 500;

export interface JsonTree {
  readonly root: JsonNode;
  readonly diagnostics: readonly Diagnostic[];
}

export function parseJsonTree(file: SourceFile): JsonTree {
  const parser = new JsonParser(file);
  return { root: parser.document(), diagnostics: parser.diagnostics };
}

/** Where messages about a value point: the opening bracket of what has one. */
export const jsonStart = (node: JsonNode): SourceRange => (node.kind === "object" || node.kind === "array" ? node.open : node);

/** One column wide whatever is there, a newline and the end of the text too. */
const oneColumn = (file: SourceFile, start: number): SourceRange => ({ file: { name: file.name, text: " ", within: { file, start } }, start: 0, end: 1 });

const VALUE_START = "A JSON value must start with a brace, a bracket, a number, a string, or a keyword.";

class JsonParser {
  readonly diagnostics: Diagnostic[] = [];
  readonly #file: SourceFile;
  readonly #scanner: JsonScanner;
  #depth = 0;

  constructor(file: SourceFile) {
    this.#file = file;
    this.#scanner = new JsonScanner(file.text);
  }

  document(): JsonNode {
    const root = this.#value();
    if (this.diagnostics.length === 0 && this.#scanner.peek().kind !== "eof") {
      this.#error("Extraneous data after value", "Extra characters appear after the JSON value.", this.#scanner.peek());
    }
    return root;
  }

  #range({ start, end }: { start: number; end: number }): SourceRange {
    return { file: this.#file, start, end };
  }

  #error(summary: string, detail: string, place: { start: number; end: number }): undefined {
    this.diagnostics.push({ severity: "error", code: "json.syntax", summary, detail, range: this.#range(place) });
    return undefined;
  }

  #value(): JsonNode {
    const token = this.#scanner.peek();
    return this.#known(token) ?? { kind: "invalid", ...this.#range(token) };
  }

  #known(token: JsonToken): JsonNode | undefined {
    switch (token.kind) {
      case "{":
        return this.#nested(() => this.#object());
      case "[":
        return this.#nested(() => this.#array());
      case "string": {
        this.#scanner.read();
        const text = this.#string(token);
        return text === undefined ? undefined : { kind: "string", text, ...this.#range(token) };
      }
      case "number":
        return this.#number();
      case "keyword":
        return this.#keyword();
      case "}":
        return this.#error("Missing JSON value", VALUE_START, token);
      case "]":
        return this.#error("Missing array element value", VALUE_START, token);
      case "eof":
        return this.#error("Missing value", "The JSON data ends prematurely.", token);
      default:
        return this.#error("Invalid start of value", VALUE_START, token);
    }
  }

  #nested(read: () => JsonNode | undefined): JsonNode | undefined {
    if (this.#depth === MAX_NESTING) {
      const place = this.#scanner.peek();
      this.#scanner.end();
      return this.#error("Nesting too deep", `Objects and arrays may be nested at most ${MAX_NESTING} levels deep.`, place);
    }
    this.#depth++;
    const node = read();
    this.#depth--;
    return node;
  }

  #string(token: JsonToken): string | undefined {
    const read = readString(this.#file.text, token);
    if (typeof read === "string") return read;
    const detail = "There is a syntax error in the given JSON string.";
    this.diagnostics.push({ severity: "error", code: "json.syntax", summary: "Invalid JSON string", detail, range: oneColumn(this.#file, read) });
    return undefined;
  }

  #number(): JsonNode | undefined {
    const token = this.#scanner.read();
    const text = this.#file.text.slice(token.start, token.end);
    const value = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text) ? parseNumber(text) : undefined;
    if (value) return { kind: "number", value, ...this.#range(token) };
    return this.#error("Invalid JSON number", "There is a syntax error in the given JSON number.", token);
  }

  #keyword(): JsonNode | undefined {
    const token = this.#scanner.read();
    const word = this.#file.text.slice(token.start, token.end);
    switch (word) {
      case "true":
      case "false":
        return { kind: "bool", value: word === "true", ...this.#range(token) };
      case "null":
        return { kind: "null", ...this.#range(token) };
      case "undefined":
      case "NaN":
      case "Infinity":
        return this.#error("Invalid JSON keyword", `The JavaScript identifier "${word}" cannot be used in JSON.`, token);
      default: {
        const guess = nearName(word, ["false", "true", "null"]);
        const hint = guess === undefined ? "" : ` Did you mean "${guess}"?`;
        return this.#error("Invalid JSON keyword", `"${word}" is not a valid JSON keyword.${hint}`, token);
      }
    }
  }

  /** Skips to what seems to be the end of the surrounding object or array. */
  #recover(from: JsonToken, open: "{" | "[", close: "}" | "]"): void {
    let depth = 1;
    for (let token = from; token.kind !== "eof"; token = this.#scanner.read()) {
      if (token.kind === open) depth++;
      else if (token.kind === close && --depth <= 1) return;
    }
  }

  #object(): JsonNode | undefined {
    const scanner = this.#scanner;
    const open = scanner.read();
    const properties: JsonProperty[] = [];
    while (scanner.peek().kind !== "}") {
      const property = this.#property();
      if (!property) return undefined;
      properties.push(property);
      if (scanner.peek().kind === "}") break;
      if (!this.#endOfProperty(open)) return undefined;
    }
    const close = scanner.read();
    return { kind: "object", properties, open: this.#range(open), close: this.#range(close), ...this.#range({ start: open.start, end: close.end }) };
  }

  #property(): JsonProperty | undefined {
    const scanner = this.#scanner;
    const key = this.#value();
    if (key.kind !== "string") return this.#error("Invalid object property name", "A JSON object property name must be a string", jsonStart(key));
    const colon = scanner.read();
    if (colon.kind === ":") return { name: key.text, nameRange: this.#range(key), value: this.#value() };
    this.#recover(colon, "{", "}");
    if (colon.kind === "}" || colon.kind === ",") {
      return this.#error("Missing object value", "A JSON object attribute must have a value, introduced by a colon.", colon);
    }
    const detail =
      colon.kind === "="
        ? "JSON uses a colon as its name/value delimiter, not an equals sign."
        : "A colon must appear between an object property's name and its value.";
    return this.#error("Missing property value colon", detail, colon);
  }

  /** A comma with another property behind it; anything else ends the object. */
  #endOfProperty(open: JsonToken): boolean {
    const scanner = this.#scanner;
    const next = scanner.peek();
    if (next.kind === "eof") {
      this.#error("Unclosed object", "No closing brace was found for this JSON object.", open);
      return false;
    }
    scanner.read();
    if (next.kind === ",") {
      if (scanner.peek().kind !== "}") return true;
      this.#error("Trailing comma in object", "JSON does not permit a trailing comma after the final property in an object.", next);
    } else if (next.kind === "]") {
      this.#error("Mismatched braces", "A JSON object must be closed with a brace, not a bracket.", scanner.peek());
    } else {
      this.#recover(next, "{", "}");
      this.#error("Missing attribute seperator comma", "A comma must appear between each property definition in an object.", scanner.peek());
    }
    return false;
  }

  #array(): JsonNode | undefined {
    const scanner = this.#scanner;
    const open = scanner.read();
    const items: JsonNode[] = [];
    while (scanner.peek().kind !== "]") {
      items.push(this.#value());
      if (scanner.peek().kind === "]") break;
      if (!this.#endOfItem(open)) return undefined;
    }
    const close = scanner.read();
    return { kind: "array", items, open: this.#range(open), ...this.#range({ start: open.start, end: close.end }) };
  }

  #endOfItem(open: JsonToken): boolean {
    const scanner = this.#scanner;
    const next = scanner.read();
    if (next.kind === ",") {
      if (scanner.peek().kind !== "]") return true;
      this.#error("Trailing comma in array", "JSON does not permit a trailing comma after the final value in an array.", next);
      return false;
    }
    this.#recover(next, "[", "]");
    const after = scanner.peek();
    if (next.kind === ":") this.#error("Invalid array value", "A colon is not used to introduce values in a JSON array.", after);
    else if (next.kind === "eof") this.#error("Unclosed object", "No closing bracket was found for this JSON array.", open);
    else if (next.kind === "}") this.#error("Mismatched brackets", "A JSON array must be closed with a bracket, not a brace.", after);
    else this.#error("Missing attribute seperator comma", "A comma must appear between each value in an array.", after);
    return false;
  }
}
