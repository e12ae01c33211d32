/** Random HCL expressions of a wanted type, mostly valid; every function and operator is in here. */
import type { Coverage, Random } from "./random.ts";

export type Kind = "string" | "number" | "bool" | "strings" | "numbers" | "object" | "map" | "any";

/** Return kind and argument makers of each function; `$` entries are kinds. */
type Signature = readonly [returns: Kind, ...args: (Kind | ((make: Expressions) => string))[]];

const text =
  (...choices: string[]) =>
  (make: Expressions): string =>
    JSON.stringify(make.random.pick(choices));
const raw =
  (...choices: string[]) =>
  (make: Expressions): string =>
    make.random.pick(choices);
const small = raw("0", "1", "2", "3", "5", "-1", "7");
const time = text("2020-02-03T04:05:06Z", "1999-12-31T23:59:59+02:00", "2024-02-29T00:00:00.5Z");

const FUNCTIONS: Readonly<Record<string, Signature>> = {
  absolute: ["number", "number"],
  add: ["number", "number", "number"],
  subtract: ["number", "number", "number"],
  multiply: ["number", "number", "number"],
  divide: ["number", "number", raw("2", "4", "0.5", "-8", "3")],
  modulo: ["number", "number", raw("3", "2.5", "-4")],
  negate: ["number", "number"],
  and: ["bool", "bool", "bool"],
  or: ["bool", "bool", "bool"],
  not: ["bool", "bool"],
  equal: ["bool", "any", "any"],
  notequal: ["bool", "any", "any"],
  greaterthan: ["bool", "number", "number"],
  greaterthanorequalto: ["bool", "number", "number"],
  lessthan: ["bool", "number", "number"],
  lessthanorequalto: ["bool", "number", "number"],
  ceil: ["number", "number"],
  floor: ["number", "number"],
  int: ["number", "number"],
  log: ["number", raw("16", "1", "100", "8"), raw("2", "10")],
  pow: ["number", raw("2", "3", "10", "0.5"), raw("2", "3", "0", "-1")],
  signum: ["number", raw("-3", "0", "12")],
  max: ["number", "number", "number", "number"],
  min: ["number", "number", "number"],
  parseint: ["number", text("ff", "101", "77", "Zz", "-12"), raw("16", "36", "62")],
  upper: ["string", "string"],
  lower: ["string", "string"],
  title: ["string", "string"],
  reverse: ["string", "string"],
  strlen: ["number", "string"],
  substr: ["string", "string", small, raw("-1", "0", "1", "2", "10")],
  join: ["string", text(",", "", "--"), "strings"],
  split: ["strings", text(",", "", "a"), "string"],
  sort: ["strings", "strings"],
  replace: ["string", "string", text("a", "", "é", "."), text("", "-", "xx")],
  trim: ["string", "string", text("a", " x", "é")],
  trimprefix: ["string", "string", text("a", "fo")],
  trimsuffix: ["string", "string", text("o", "r")],
  trimspace: ["string", "string"],
  chomp: ["string", "string"],
  indent: ["string", raw("0", "2", "4"), "string"],
  format: ["string", text("%s", "%5s|", "%-5s|", "%q", "%v", "x%%%s"), "string"],
  formatlist: ["strings", text("%s-x", "<%v>"), "strings"],
  sanitize: ["string", "string"],
  basename: ["string", text("/a/b/", "x", "", "/", "a/b.c")],
  dirname: ["string", text("/a/b/", "x", "", "/", "a/../b/c")],
  regex: ["any", text("[a-z]+", "(a)(.)?", ".", "\\\\w*"), "string"],
  regexall: ["any", text("[a-z]", "(\\\\w)(\\\\d)?", "x*"), "string"],
  regex_replace: ["string", "string", text("[aeiou]", "(.)(.)", "$"), text("-", "$2$1", "${1}")],
  base64encode: ["string", "string"],
  base64decode: ["string", text("YQ==", "aMOpbGxv", "")],
  urlencode: ["string", "string"],
  md5: ["string", "string"],
  sha1: ["string", "string"],
  sha256: ["string", "string"],
  sha512: ["string", "string"],
  uuidv5: ["string", text("dns", "url", "oid"), "string"],
  semvercmp: ["bool", text("1.2.3", "2.0.0-rc.1", "v1.0"), text("~1.2", ">=1.0 <2.0", "^1", "1.x", ">1.0 || <0.1")],
  length: ["number", "strings"],
  element: ["any", "strings", small],
  index: ["any", raw('["x", "y", "z"]', "L"), raw("0", "1", "2")],
  indexof: ["number", raw('["x", "y"]', "[1, 2]"), raw('"x"', '"y"', "1", "2")],
  hasindex: ["bool", "any", raw("0", "9", '"k"')],
  contains: ["bool", "strings", "string"],
  concat: ["any", "strings", "numbers"],
  flatten: ["any", raw('[["a"], [["b"]], []]', "[L, [1]]")],
  distinct: ["any", "strings"],
  compact: ["strings", raw('["a", "", null]', '["", "b"]')],
  chunklist: ["any", "strings", raw("1", "2", "0")],
  slice: ["any", raw('["a", "b", "c"]'), raw("0", "1"), raw("1", "2", "3")],
  reverselist: ["any", "strings"],
  range: ["numbers", raw("0", "3", "-2", "5")],
  keys: ["strings", "object"],
  values: ["any", "object"],
  lookup: ["any", raw('{ a = "1", b = "2" }', "M"), text("a", "zz"), text("d")],
  merge: ["object", "object", "object"],
  zipmap: ["object", raw('["a", "b"]'), raw('["1", "2"]', "[1, true]")],
  coalesce: ["any", raw("null", '""', '"x"'), "string"],
  coalescelist: ["any", raw("[]", '["a"]'), raw('["b"]')],
  setunion: ["any", "strings", "strings"],
  setintersection: ["any", "strings", "strings"],
  setsymmetricdifference: ["any", "strings", "strings"],
  setsubtract: ["any", "strings", "strings"],
  sethaselement: ["bool", "strings", "string"],
  setproduct: ["any", "strings", raw('["1", "2"]', "[1, 2]")],
  jsonencode: ["string", "any"],
  jsondecode: ["any", raw('"{\\"a\\":[1.50,null,true]}"', '"[1,\\"x\\"]"', '"12"')],
  csvdecode: ["any", raw('"a,b\\n1,2\\n3,4\\n"', '"x\\n\\"q,r\\"\\n"')],
  convert: ["any", raw('["1", 2]'), raw("list(string)", "list(number)", "set(string)", "tuple([string, number])")],
  try: ["any", raw("undefined_name", "L[9]", '"ok"'), "string"],
  can: ["bool", raw("undefined_name", "L[0]", "O.zz", '"x"')],
  formatdate: ["string", text("YYYY-MM-DD", "EEE, DD MMM YYYY hh:mm:ss ZZZ", "h'o''clock' aa", "YY M D"), time],
  formattimestamp: ["string", text("YYYY", "X"), time],
  timeadd: ["string", time, text("1h30m", "-24h", "1.5s", "90m")],
  unixtimestampparse: ["any", raw("0", "1580702706", "-86400")],
  cidrhost: ["string", text("10.1.2.0/24", "fd00::/64"), raw("1", "-1", "10")],
  cidrnetmask: ["string", text("172.16.0.0/12", "10.0.0.0/8")],
  cidrsubnet: ["string", text("172.16.0.0/12", "fe80::/48"), raw("4", "8"), raw("2", "3")],
  cidrsubnets: ["any", text("10.1.0.0/16", "fd00::/56"), raw("4", "8"), raw("4", "8")],
  // What is random or depends on the machine is only looked at from outside.
  uuidv4: ["string"],
  timestamp: ["string"],
  bcrypt: ["string", text("x"), raw("4")],
  homedir: ["string"],
  rsadecrypt: ["string", text("eA=="), text("y")],
  byteslen: ["number", text("a")],
  bytesslice: ["any", text("a"), raw("0"), raw("1")],
};

const OUTSIDE: Readonly<Record<string, (call: string) => string>> = {
  uuidv4: (call) => `strlen(${call})`,
  timestamp: (call) => `strlen(${call})`,
  bcrypt: (call) => `substr(${call}, 0, 7)`,
  homedir: (call) => `strlen(${call}) > 0`,
  rsadecrypt: (call) => `can(${call})`,
  byteslen: (call) => `can(${call})`,
  bytesslice: (call) => `can(${call})`,
};

export const FUNCTION_NAMES: readonly string[] = Object.keys(FUNCTIONS);
export const OPERATORS: readonly string[] = ["||", "&&", "==", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "%", "unary-", "!", "?:"];
export const FORMS: readonly string[] = [
  "literal",
  "template",
  "directive-if",
  "directive-for",
  "strip",
  "heredoc",
  "heredoc-flush",
  "tuple",
  "object",
  "for-tuple",
  "for-object",
  "for-group",
  "for-if",
  "splat",
  "legacy-splat",
  "index",
  "attribute",
  "call-expand",
  "parentheses",
  "variable",
  "escape",
];

const STRINGS = [
  "",
  "a",
  "foo",
  "Foo Bar",
  "é",
  "日本",
  "a,b,,c",
  " x ",
  "line\\nbreak\\n",
  "1",
  "true",
  "x-y_z.0",
  "👍🏽",
  "tab\\t",
  "1.50",
  "$${no}",
  "%%{no}",
  'q\\"q',
];
const NUMBERS = ["0", "1", "2", "-3", "1.5", "1e3", "0.1", "12345678901234567890", "100", "1.50", "7"];

/** Makes expressions; names in scope are `S`, `N`, `B`, `L`, `M`, `O`, `T`, and `f`, `g` as functions. */
export class Expressions {
  readonly random: Random;
  readonly #coverage: Coverage;
  #converted = false;

  constructor(random: Random, coverage: Coverage) {
    this.random = random;
    this.#coverage = coverage;
  }

  make(kind: Kind, depth: number): string {
    if (depth <= 0) return this.#leaf(kind);
    const roll = this.random.next();
    if (roll < 0.1) return this.#hit("parentheses", `(${this.make(kind, depth - 1)})`);
    if (roll < 0.2) return this.#hit("?:", `${this.make("bool", depth - 1)} ? ${this.make(kind, depth - 1)} : ${this.make(kind, depth - 1)}`, true);
    if (roll < 0.5) return this.#call(kind, depth);
    return this.#compound(kind, depth);
  }

  /** A call of one function, whatever it returns. The reference refuses a type keyword it meets twice, so convert comes once. */
  callOf(name: string, depth: number): string {
    if (name === "convert") {
      if (this.#converted) return this.callOf("coalesce", depth);
      this.#converted = true;
    }
    const signature = FUNCTIONS[name] as Signature;
    this.#coverage.hit(`fn:${name}`);
    const args = signature.slice(1).map((arg) => (typeof arg === "function" ? arg(this) : this.make(arg as Kind, depth - 1)));
    const call = `${name}(${args.join(", ")})`;
    return OUTSIDE[name]?.(call) ?? call;
  }

  #hit(form: string, source: string, wrap = false): string {
    this.#coverage.hit(OPERATORS.includes(form) ? `op:${form}` : `form:${form}`);
    return wrap ? `(${source})` : source;
  }

  #call(kind: Kind, depth: number): string {
    const fitting = FUNCTION_NAMES.filter((name) => (kind === "any" || (FUNCTIONS[name] as Signature)[0] === kind) && !(name in OUTSIDE));
    if (fitting.length === 0) return this.#compound(kind, depth);
    if (kind === "string" && this.random.chance(0.1)) return `f(${this.make("string", depth - 1)}, ${this.make("number", depth - 1)})`;
    if (kind === "number" && this.random.chance(0.1)) return this.#hit("call-expand", `max(${this.make("numbers", depth - 1)}...)`);
    return this.callOf(this.random.pick(fitting), depth);
  }

  #compound(kind: Kind, depth: number): string {
    const next = depth - 1;
    switch (kind) {
      case "string":
        return this.#string(next);
      case "number": {
        const operator = this.random.pick(["+", "-", "*", "/", "%", "unary-"]);
        if (operator === "unary-") return this.#hit("unary-", `-(${this.make("number", next)})`);
        return this.#hit(operator, `${this.make("number", next)} ${operator} ${this.make("number", next)}`, true);
      }
      case "bool": {
        const operator = this.random.pick(["||", "&&", "==", "!=", "<", "<=", ">", ">=", "!"]);
        if (operator === "!") return this.#hit("!", `!${this.make("bool", 0)}`);
        const operands: Kind = operator === "||" || operator === "&&" ? "bool" : operator === "==" || operator === "!=" ? "any" : "number";
        return this.#hit(operator, `${this.make(operands, next)} ${operator} ${this.make(operands, next)}`, true);
      }
      case "strings":
        return this.#list("string", next);
      case "numbers":
        return this.#list("number", next);
      case "object":
      case "map":
        return this.#object(next);
      case "any":
        return this.random.chance(0.3) ? this.#access(next) : this.make(this.random.pick(["string", "number", "bool", "strings", "object"]), next);
      default:
        return kind satisfies never;
    }
  }

  #string(depth: number): string {
    const part = (): string => "${" + this.make(this.random.pick(["string", "number", "bool"]), depth) + "}";
    switch (this.random.int(7)) {
      case 0:
        return this.#hit("directive-if", `"a%{ if ${this.make("bool", depth)} }${part()}%{ else }no%{ endif }b"`);
      case 1:
        return this.#hit("directive-for", `"%{ for x in ${this.make("strings", depth)} }<\${x}>%{ endfor }"`);
      case 2:
        return this.#hit("strip", `"a  \${~ ${this.make("string", 0)} ~}  b %{~ if ${this.make("bool", 0)} ~} c %{~ endif ~} d"`);
      case 3:
        return this.#hit("heredoc", `join("", [<<EOT\n  one ${part()}\n\tx\nEOT\n])`);
      case 4:
        return this.#hit("heredoc-flush", `join("", [<<-EOT\n    ${part()} two\n      three\n\n    four\n    EOT\n])`);
      case 5:
        return this.#hit("escape", `"\\u00e9\\n\\"\\\\ $\${x} %%{y} ${part()}"`);
      default:
        return this.#hit("template", `"${this.random.pick(["", "p-", "ü "])}${part()}${this.random.pick(["", "-s", part()])}"`);
    }
  }

  #list(item: Kind, depth: number): string {
    switch (this.random.int(5)) {
      case 0:
        return this.#hit(
          "for-tuple",
          `[for i, x in ${this.make(item === "string" ? "strings" : "numbers", depth)} : ${item === "string" ? '"${i}${x}"' : "x"}]`,
        );
      case 1:
        return this.#hit("for-if", `[for x in ${this.make(item === "string" ? "strings" : "numbers", depth)} : x if x != ${this.make(item, 0)}]`);
      case 2:
        return this.#hit(
          ...this.random.pick<[string, string]>([
            ["splat", `[{ v = ${this.make(item, 0)} }, { v = ${this.make(item, 0)} }][*].v`],
            ["legacy-splat", `[{ v = ${this.make(item, 0)} }].*.v`],
          ]),
        );
      default:
        return this.#hit("tuple", `[${Array.from({ length: this.random.int(4) }, () => this.make(item, depth)).join(", ")}]`);
    }
  }

  #object(depth: number): string {
    const keys = this.random.some(["a", "k", '"x y"', "z-1", '"${S}q"', "(S)"], 0.4);
    switch (this.random.int(4)) {
      case 0:
        return this.#hit("for-object", `{ for i, x in ${this.make("strings", 0)} : "\${i}-\${x}" => x }`);
      case 1:
        return this.#hit("for-group", `{ for x in ${this.make("strings", 0)} : substr(x, 0, 1) => x... }`);
      default:
        return this.#hit(
          "object",
          `{ ${keys.map((key) => `${key} ${this.random.pick(["=", ":"])} ${this.make(this.random.pick(["string", "number"]), depth)}`).join(", ")} }`,
        );
    }
  }

  #access(depth: number): string {
    return this.random.chance(0.5)
      ? this.#hit("index", this.random.pick(["L[0]", 'M["a"]', 'O["k"]', "T[1]", `[${this.make("any", depth)}][0]`]))
      : this.#hit("attribute", this.random.pick(["O.k", "M.a", "O.n.m", `{ a = ${this.make("any", depth)} }.a`, "T.0"]));
  }

  #leaf(kind: Kind): string {
    const variable = this.random.chance(0.35);
    const names: Readonly<Record<Kind, string>> = {
      string: "S",
      number: "N",
      bool: "B",
      strings: "L",
      numbers: "[N, 4]",
      object: "O",
      map: "M",
      any: this.random.pick(["S", "N", "B", "L", "M", "O", "T"]),
    };
    if (variable) return this.#hit("variable", names[kind]);
    const literals: Readonly<Record<Kind, () => string>> = {
      string: () => `"${this.random.pick(STRINGS)}"`,
      number: () => this.random.pick(NUMBERS),
      bool: () => this.random.pick(["true", "false", '"true"']),
      strings: () => this.random.pick(["[]", '["a"]', '["b", "a", "é"]', '["x", "x", "10", "9"]']),
      numbers: () => this.random.pick(["[1, 2]", "[3]", "[0.5, -1]"]),
      object: () => this.random.pick(["{}", "{ a = 1 }", '{ k = "v", b = "w" }']),
      map: () => "M",
      any: () => this.random.pick(['"s"', "1", "true", "null", "[1]", "{ a = 1 }"]),
    };
    return this.#hit("literal", literals[kind]());
  }
}
