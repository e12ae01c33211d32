/** Random bake definitions in HCL: variables, functions, groups, matrices, inheritance and every attribute in every form. */
import type { FuzzCase } from "./cases.ts";
import { Expressions, FUNCTION_NAMES } from "./expressions.ts";
import { type Coverage, Random } from "./random.ts";

const PRELUDE = `S = "str"
N = 5
B = true
L = ["l0", "l1"]
O = { k = "v", n = { m = "deep" } }
T = ["t0", 2, true]
variable "M" {
  type    = map(string)
  default = { a = "ma", b = "mb" }
}
function "f" {
  params = [a, b]
  result = "\${a}/\${b}"
}
function "g" {
  params          = [a]
  variadic_params = rest
  result          = length(rest) > 0 ? "\${a}+\${length(rest)}" : a
}
`;

type Maker = (fuzz: Definitions) => string;
const fixed =
  (...choices: string[]): Maker =>
  (fuzz) =>
    fuzz.random.pick(choices);

/** Every attribute with makers of its value; the name of the row is the form that is counted. */
const ATTRIBUTES: Readonly<Record<string, Readonly<Record<string, Maker>>>> = {
  description: { string: (z) => z.string() },
  annotations: { list: fixed('["a=1"]', '["index:k=v", "k=w", "k=w"]', '["manifest[linux/amd64]:x=y"]', '["", "b=2"]') },
  attest: {
    csv: fixed('["type=provenance,mode=max"]', '["type=sbom", "type=sbom,generator=x"]', '["type=provenance,disabled=true"]'),
    object: fixed('[{ type = "sbom" }]', '[{ type = "provenance", mode = "min", disabled = "false" }]'),
    empty: fixed("[]", '[""]'),
  },
  context: {
    string: fixed('"."', '"./a/../b/"', '"cwd://x"', '"https://example.com/r.git#main:sub"', '"-x"', "null"),
    computed: (z) => `sanitize(${z.string()})`,
  },
  contexts: { map: fixed('{ a = "b" }', '{ a = "", b = "docker-image://alpine" }', '{ x = "cwd://y", z = "oci-layout://p" }', "{}", "null") },
  dockerfile: { string: fixed('"D"', '""', '"cwd://D"', "null") },
  "dockerfile-inline": { string: fixed('"FROM scratch"', '"FROM a\\nRUN echo $${X} <b>"', '""'), heredoc: () => "<<EOT\nFROM scratch\nARG X=$${Y}\nEOT" },
  args: {
    map: (z) => `{ A = ${z.value()}, "B-1" = ${z.string()}, n = null }`,
    computed: (z) => `{ for i, x in ${z.make.make("strings", 2)} : "K\${i}" => x }`,
  },
  labels: { map: (z) => `{ l = ${z.string()}, "org.x/y" = "$\${z}" }` },
  tags: {
    list: (z) => `["t", sanitize(${z.string()}), "t"]`,
    empty: fixed("[]", "null", '["", "x"]'),
    set: fixed('setunion(["b", "a"], ["a"])'),
    numbers: fixed("[1, true]"),
  },
  "cache-from": {
    csv: fixed('["type=registry,ref=x", "y,z"]', '["type=local,src=c", ""]', '["type=gha,scope=s"]'),
    object: fixed('[{ type = "registry", ref = "r" }]', '[{ type = "s3", bucket = "b", region = "r" }, "u"]'),
  },
  "cache-to": {
    csv: fixed('["type=inline"]', '["type=registry,ref=x,mode=max"]', '["r"]', '["a", "a", "b", "c"]'),
    object: fixed('[{ type = "local", dest = "c" }]'),
  },
  target: { string: fixed('"stage"', '""', "null") },
  secret: {
    csv: fixed('["id=a,env=PATH"]', '["type=env,id=b,src=B", "id=c,env=HOME"]', '["id=a,env=A", "id=a,env=B"]'),
    object: fixed('[{ id = "a", env = "X" }]', '[{ id = "HOME", type = "env" }, "id=q,env=Q"]'),
  },
  platforms: { list: fixed('["linux/amd64"]', '["linux/amd64", "linux/arm64", "linux/amd64"]', '["local"]', '["linux/arm64/v8", "linux/arm/v7"]', "[]") },
  output: {
    csv: fixed(
      '["type=image,name=n,push=true"]',
      '["type=local,dest=out"]',
      '["out"]',
      '["type=registry"]',
      '["type=image, Name=x"]',
      '["type=docker"]',
      '["type=cacheonly"]',
    ),
    object: fixed('[{ type = "image", push = "true" }]', '[{ type = "oci", dest = "o.tar" }, "type=docker"]'),
    empty: fixed("[]"),
  },
  pull: { bool: fixed("true", "false", '"true"', "null") },
  "no-cache": { bool: (z) => z.make.make("bool", 1) },
  network: { string: fixed('"host"', '"none"', '"default"', '""', "null") },
  "no-cache-filter": { list: fixed('["a", "b"]', '["a", "a", ""]', "[]") },
  "shm-size": { string: fixed('"64m"', "64000000", '"1.5g"') },
  ulimits: { list: fixed('["nofile=1024"]', '["nofile=1:2", "nproc=5"]') },
  resources: { object: fixed('{ memory = "1g" }', '{ cpu-quota = 5, cpuset-cpus = "0-1", memory-swap = "-1" }', "{}", '{ cpu-shares = "7", foo = 1 }') },
  call: { string: fixed('"check"', '"build"', '"outline"') },
  entitlements: { list: fixed('["network.host"]', '["security.insecure", "device=x"]', '["network.host", "network.host"]') },
  "extra-hosts": { map: fixed('{ h = "1.2.3.4" }', '{ h = "1.1.1.1,2.2.2.2", v = "[::1]" }', "{ h = null }") },
  policy: {
    csv: fixed('["filename=a.rego,strict=true"]', '["reset=true,filename=b", "log-level=WARN"]'),
    object: fixed('[{ filename = "a" }]', '[{ strict = "false", log-level = "debug" }]'),
  },
  unknown: { anything: (z) => z.value() },
};

export const ATTRIBUTE_FORMS: readonly string[] = Object.entries(ATTRIBUTES).flatMap(([name, forms]) =>
  Object.keys(forms).map((form) => `attr:${name}:${form}`),
);

const OVERRIDES: readonly string[] = [
  "*.tags=o",
  "a.tags+=o",
  "*.args.A=set",
  "b.args.NEW=1",
  "*.labels.x.y=1",
  "*.platform=linux/arm64",
  "a.platform+=linux/386",
  "*.output=type=local,dest=d",
  "*.output+=type=docker",
  "*.push=true",
  "*.load=true",
  "a.context=ctx",
  "*.dockerfile=Df",
  "*.target=st",
  "*.cache-from=c",
  "*.cache-to+=type=inline",
  "*.pull=true",
  "*.no-cache=false",
  "*.secrets=id=s,env=S",
  "*.contexts.n=v",
  "*.attest=type=sbom",
  "*.annotations+=z=9",
  "*.extra-hosts.q=9.9.9.9",
  "*.entitlements+=network.host",
  "*.shm-size=1m",
  "*.resources.memory=2g",
  "*.call=lint",
  "*.policy=filename=q",
];
const FLAGS: readonly string[] = [
  "--push",
  "--load",
  "--pull",
  "--no-cache",
  "--pull=false",
  "--sbom=true",
  "--provenance=mode=max",
  "--provenance=false",
  "--check",
  "--call=outline",
];

/** The reference applies these to one target in random order, so a definition gets one of them. */
const changesOutput = (flag: string): boolean => /^--(?:push|load)$|\.(?:output\+?|push|load)=/.test(flag);

export class Definitions {
  readonly random: Random;
  readonly make: Expressions;
  readonly #coverage: Coverage;
  readonly #seed: number;

  constructor(seed: number, coverage: Coverage) {
    this.#seed = seed;
    this.#coverage = coverage;
    this.random = new Random(seed);
    this.make = new Expressions(this.random, coverage);
  }

  string(): string {
    return this.make.make("string", this.random.int(3));
  }

  value(): string {
    return this.make.make(this.random.pick(["string", "number", "bool"]), 1 + this.random.int(3));
  }

  generate(): FuzzCase {
    const env: Record<string, string> = {};
    const blocks = [PRELUDE, this.#variables(env)];
    const names = ["a", "b", "c_1", "d-x"].slice(0, 1 + this.random.int(4));
    names.forEach((name, i) => blocks.push(this.#target(name, names.slice(0, i))));
    const matrix = this.random.chance(0.25);
    if (matrix) blocks.push(this.#matrix());
    blocks.push(this.#groups(names), this.#calls());
    const files: Record<string, string> = { "docker-bake.hcl": blocks.join("\n") };
    if (this.random.chance(0.25)) files["docker-bake.override.hcl"] = this.#target(this.random.pick(names), []);
    return { seed: this.#seed, files, args: ["bake", ...this.#flags(), "--print", ...this.#selection(names, matrix)], env };
  }

  /** Every function gets its share: each seed calls two of them by turn, mostly guarded against bad arguments. */
  #calls(): string {
    const lines = [0, 37].map((step) => {
      const call = this.make.callOf(FUNCTION_NAMES[(this.#seed + step) % FUNCTION_NAMES.length] as string, 2);
      return this.random.chance(0.9) ? `jsonencode(try(${call}, "refused"))` : `jsonencode(${call})`;
    });
    return `target "calls" {\n  args = {\n    ONE = ${lines[0]}\n    TWO = ${lines[1]}\n  }\n}\n`;
  }

  #variables(env: Record<string, string>): string {
    const rows: readonly [form: string, type: string, fallback: string, ...values: string[]][] = [
      ["untyped", "", '"d"', "e", "", "é"],
      ["number", "number", "1", "2.50", "1e3", "-7"],
      ["bool", "bool", "false", "true", "T", "0"],
      ["list", "list(string)", '["x"]', "a,b", '"q,r",s'],
      ["map", "map(string)", "{}", "k:v,l:w"],
      ["untyped-number", "", "3", "4", "0.1"],
      ["set", "set(number)", "[2, 1]", "3,1"],
      ["object", "object({ a = string, b = optional(number) })", '{ a = "z" }'],
      ["any", "any", "null"],
    ];
    return this.random
      .some(rows, 0.3)
      .map(([form, type, fallback, ...values], i) => {
        const name = `V${i}_${form.replace("-", "")}`;
        this.#coverage.hit(`var:${form}`);
        if (values.length > 0 && this.random.chance(0.5)) env[name] = this.random.pick(values);
        const validation = this.random.chance(0.15) ? `  validation {\n    condition = ${name} != "never"\n    error_message = "no"\n  }\n` : "";
        return `variable "${name}" {\n${type ? `  type = ${type}\n` : ""}  default = ${fallback}\n${validation}}\nuse_${name} = ${name} == null ? "null" : jsonencode(${name})\n`;
      })
      .join("\n");
  }

  #target(name: string, parents: readonly string[]): string {
    const lines: string[] = [];
    const inherits = this.random.some(parents, 0.4);
    if (inherits.length > 0) {
      this.#coverage.hit("model:inherits");
      lines.push(`inherits = ${JSON.stringify(inherits)}`);
    }
    for (const [attribute, forms] of Object.entries(ATTRIBUTES)) {
      if (!this.random.chance(0.3)) continue;
      const form = this.random.pick(Object.keys(forms));
      this.#coverage.hit(`attr:${attribute}:${form}`);
      lines.push(`${attribute} = ${(forms[form] as Maker)(this)}`);
    }
    const other = parents[0];
    if (other !== undefined && this.random.chance(0.2) && !lines.some((line) => line.startsWith("description"))) {
      this.#coverage.hit("model:reference");
      lines.push(`description = "\${target.${other}.name}:\${length(target.${other}.tags == null ? [] : target.${other}.tags)}"`);
    }
    if (other !== undefined && this.random.chance(0.2) && !lines.some((line) => line.startsWith("contexts"))) {
      this.#coverage.hit("model:link");
      lines.push(`contexts = { base = "target:${other}" }`);
    }
    return `target "${name}" {\n${lines.map((line) => `  ${line}\n`).join("")}}\n`;
  }

  #matrix(): string {
    this.#coverage.hit("model:matrix");
    const axes = this.random.chance(0.5) ? '{ x = ["1", "2"], y = ["p.q", "r"] }' : "{ x = [1, 2.5], y = [true] }";
    return `target "m" {\n  name = sanitize("m-\${x}-\${y}")\n  matrix = ${axes}\n  args = { X = x, Y = y }\n  tags = ["t:\${x}"]\n}\n`;
  }

  #groups(names: readonly string[]): string {
    this.#coverage.hit("model:group");
    const members = this.random.some(names, 0.7);
    const nested = this.random.chance(0.4) ? `group "all" {\n  description = "all"\n  targets = ["default", ${JSON.stringify(names[0])}]\n}\n` : "";
    return `group "default" {\n  targets = ${JSON.stringify(members)}\n}\n${nested}`;
  }

  #flags(): string[] {
    const flags: string[] = [];
    for (const override of this.random.some(OVERRIDES, 0.04)) {
      if (changesOutput(override) && flags.some(changesOutput)) continue;
      this.#coverage.hit("flag:--set");
      flags.push("--set", override);
    }
    for (const flag of this.random.some(FLAGS, 0.05)) {
      if (changesOutput(flag) && flags.some(changesOutput)) continue;
      this.#coverage.hit(`flag:${flag}`);
      flags.push(flag);
    }
    return flags;
  }

  #selection(names: readonly string[], matrix: boolean): string[] {
    if (this.random.chance(0.3)) return ["default", "calls"];
    if (this.random.chance(0.05)) return ["missing"];
    return this.random.pick([["*"], [names[0] as string, "calls"], ["calls", names.at(-1) as string], ["[abc]*"], ["calls", matrix ? "m" : "a"]]);
  }
}
