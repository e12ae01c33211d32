/** Random compose projects: services with every key in every form, several files and documents, include, extends, .env, anchors, tags, HCL beside them. */
import { BUILD, DROPPED, type Forms, SERVICE, WRONG, WRONG_SERVICE, X_BAKE } from "./compose-values.ts";
import { entries, items, plain, withProps, writeDocument, type Yaml, type YamlMap } from "./compose-yaml.ts";
import type { FuzzCase } from "./cases.ts";
import { type Coverage, Random } from "./random.ts";

const NAMES = ["a", "b", "web.api", "web-1", "c_d"];

/** The reference forgets its merge rules for included services with a dot in their name (docs/differences.md). */
const UNDOTTED = NAMES.filter((name) => !name.includes("."));

const forms = (table: Readonly<Record<string, Forms>>, prefix: string): string[] =>
  Object.entries(table).flatMap(([key, row]) => Object.keys(row).map((form) => `${prefix}${key}:${form}`));

/** What the generator must reach. */
export const COMPOSE_FORMS: readonly string[] = [
  ...forms(BUILD, "build."),
  ...forms(X_BAKE, "x-bake."),
  ...forms(SERVICE, "service."),
  ...forms(DROPPED, "dropped."),
  ...[
    ..."merge-key alias anchor-list documents two-files three-files reset override include include-long extends extends-file extends-map dotenv env-file env-file-optional hcl plain-name secret-file secret-environment secret-map ssh-list ssh-map service-link build-text no-build selection var mistake:build mistake:service mistake:other null-service project-name block flow-low-indent".split(
      " ",
    ),
  ],
];

/** Mistakes in values of keys; a thousand projects hold most of them. */
export const WRONG_FORMS: readonly string[] = [...WRONG, ...WRONG_SERVICE].map(([key, value]) => `wrong:${key}: ${value}`);

type Pairs = (readonly [string, Yaml])[];

const DOTENV: readonly string[] = [
  "DOT=dot",
  "FOO=from-dotenv",
  'A="x\\ty" # c',
  "B_2=a#b # c",
  "export SVC='$A'",
  'DIR="$FOO-${C:-c}"',
  "NUM : 7",
  "SVC",
  "# comment",
  "",
  "Q='multi\nline'",
  'E="a\\$b\\\\c"',
  "lower-1=low",
  'A=x"y"z',
  "COMPOSE_PROJECT_NAME=dotproj",
  "UNUSED=${GONE}",
];
/** Refused, wherever they stand. */
const BAD_DOTENV: readonly string[] = ["A B=1", "A+B=1", 'A="open', "A=${FOO", "A=${GONE?need}", '"B"=2', "export "];

export class ComposeProjects {
  readonly random: Random;
  readonly #seed: number;
  readonly #coverage: Coverage;
  readonly #files: Record<string, string> = {};
  /** Services with a build so far, which later ones may extend or link to. */
  readonly #built: string[] = [];
  readonly #secrets = new Set<string>();
  /** Whether builds have inline dockerfiles or named ones: one with both is a mistake, and two mistakes come in any order. */
  readonly #inline: boolean;
  #mistake: "build" | "service" | "other" | undefined;

  constructor(seed: number, coverage: Coverage) {
    this.#seed = seed;
    this.random = new Random(seed);
    this.#coverage = coverage;
    this.#inline = this.random.chance(0.4);
  }

  generate(): FuzzCase {
    const { random } = this;
    if (random.chance(0.3)) this.#mistake = random.pick(["build", "build", "service", "service", "other"]);
    if (this.#mistake) this.#hit(`mistake:${this.#mistake}`);
    const names = random.some(NAMES, 0.5);
    if (names.length === 0) names.push("a");
    const main = this.#document(names, true);
    this.#files["compose.yaml"] = this.#text(main);
    const args: string[] = [];
    const count = random.chance(0.35) ? (random.chance(0.3) ? 3 : 2) : 1;
    if (count > 1) this.#hit(count === 3 ? "three-files" : "two-files");
    for (let i = 2; i <= count; i++) this.#files[`over${i}.yaml`] = this.#text(this.#override(names));
    if (count > 1) for (let i = 1; i <= count; i++) args.push("-f", i === 1 ? "compose.yaml" : `over${i}.yaml`);
    if (random.chance(0.15)) this.#addDocument(names);
    const env = this.#environment();
    if (random.chance(0.12)) this.#hcl(names, args);
    else if (count === 1 && random.chance(0.05)) this.#underPlainName(args);
    if (random.chance(0.1)) {
      this.#hit("var");
      args.push("--var", random.pick(["FOO=flag", "A=flag=2", "DOT="]));
    }
    if (this.#built.length > 0 && random.chance(0.15)) {
      this.#hit("selection");
      args.push(random.pick(this.#built));
    }
    return { seed: this.#seed, files: this.#files, args: ["bake", "--print", ...args], env };
  }

  #hit(form: string): void {
    this.#coverage.hit(form);
  }

  #form(table: Readonly<Record<string, Forms>>, key: string, prefix: string): Yaml {
    const row = table[key] as Forms;
    const form = this.random.pick(Object.keys(row));
    this.#hit(`${prefix}${key}:${form}`);
    return (row[form] as Forms[string])(this.random);
  }

  #text(map: YamlMap): string {
    const text = writeDocument(map, this.random);
    if (!text.includes("\n    ")) this.#hit("flow-low-indent");
    else this.#hit("block");
    return text;
  }

  #document(names: readonly string[], main: boolean): YamlMap {
    const { random } = this;
    const out: Pairs = [];
    if (random.chance(0.1)) {
      this.#hit("project-name");
      out.push(["name", plain(random.pick(["shop", "My App", "${FOO:-x}", "5", '""']))]);
    }
    const common = random.chance(0.3);
    if (common) out.push(["x-common", withProps(this.#buildMap(["args", "labels", "target", "platforms"], 0.7), "&common")]);
    const list = random.chance(0.15);
    if (list) out.push(["x-tags", withProps(items("anchored:1", "anchored:2"), "&list")]);
    if (main && random.chance(0.12)) out.push(["include", this.#include()]);
    const services: Pairs = names.map((name, i) => [name, this.#service(name, { common, list, last: i === names.length - 1 })]);
    if (main && !this.#mistake && random.chance(0.05)) {
      this.#hit("null-service");
      services.push(["nothing", plain("")]);
    }
    out.push(["services", { entries: services }]);
    if (random.chance(0.2))
      out.push([
        random.pick(["networks", "volumes", "configs"]),
        plain(random.pick(["{n: {}}", "{n: }", '{n: {external: "yes"}}', "{n: {external: {name: q}}}"])),
      ]);
    if (main && this.#secrets.size > 0) out.push(["secrets", this.#secretMap()]);
    return { entries: out };
  }

  #service(name: string, { common, list, last }: { readonly common: boolean; readonly list: boolean; readonly last: boolean }): Yaml {
    const { random } = this;
    const out: Pairs = [];
    for (const key of Object.keys(SERVICE)) if (random.chance(0.3)) out.push([key, this.#form(SERVICE, key, "service.")]);
    for (const key of Object.keys(DROPPED)) if (random.chance(0.06)) out.push([key, this.#form(DROPPED, key, "dropped.")]);
    if (random.chance(0.12)) out.push(["env_file", this.#envFile()]);
    if (this.#built.length > 0 && random.chance(0.12)) out.push(["extends", this.#extends()]);
    if (random.chance(0.05) && !out.some(([key]) => key === "image")) {
      this.#hit("no-build");
      out.push(["image", plain("only")]);
    } else {
      out.push(["build", this.#build(common, list)]);
      this.#built.push(name);
    }
    if (last && this.#mistake === "service") this.#spoil(out, WRONG_SERVICE);
    if (last && this.#mistake === "build") {
      const at = out.findIndex(([key]) => key === "build");
      const build = out[at]?.[1];
      if (build && "entries" in build) {
        const pairs = [...build.entries];
        this.#spoil(pairs, WRONG);
        out[at] = ["build", { entries: pairs }];
      }
    }
    return { entries: out };
  }

  #spoil(pairs: Pairs, table: readonly (readonly [string, string])[]): void {
    const [key, value] = this.random.pick(table);
    const at = pairs.findIndex(([name]) => name === key);
    if (at >= 0) pairs.splice(at, 1);
    this.#hit(`wrong:${key}: ${value}`);
    pairs.push([key, plain(value)]);
  }

  #build(common: boolean, list: boolean): Yaml {
    const { random } = this;
    if (random.chance(0.15)) {
      this.#hit("build-text");
      return plain(random.pick([".", "./x", "../y/", '"${DIR:-d}"', "https://h.example/r.git"]));
    }
    const map = this.#buildMap(Object.keys(BUILD), 0.13);
    const pairs = [...map.entries];
    const has = (key: string): boolean => pairs.some(([name]) => name === key);
    if (common && random.chance(0.5)) {
      this.#hit("merge-key");
      pairs.unshift(["<<", plain(random.pick(["*common", "[*common]", "[{target: inline}, *common]"]))]);
    }
    if (list && !has("tags") && random.chance(0.5)) {
      this.#hit("alias");
      this.#hit("anchor-list");
      pairs.push(["tags", plain("*list")]);
    }
    if (random.chance(0.12)) pairs.push(["secrets", this.#buildSecrets()]);
    if (random.chance(0.08)) pairs.push(["ssh", this.#ssh()]);
    if (!has("additional_contexts") && this.#built.length > 0 && random.chance(0.1)) {
      this.#hit("service-link");
      pairs.push(["additional_contexts", entries(["base", `service:${random.pick(this.#built)}`])]);
    }
    return { entries: pairs };
  }

  #buildMap(keys: readonly string[], probability: number): YamlMap {
    const other = this.#inline ? "dockerfile" : "dockerfile_inline";
    const pairs: Pairs = keys.filter((key) => key !== other && this.random.chance(probability)).map((key) => [key, this.#form(BUILD, key, "build.")]);
    if (this.random.chance(probability)) pairs.push(["x-bake", this.#xBake()]);
    return { entries: pairs };
  }

  #xBake(): Yaml {
    const keys = Object.keys(X_BAKE).filter(() => this.random.chance(0.25));
    return { entries: keys.map((key) => [key, this.#form(X_BAKE, key, "x-bake.")] as const) };
  }

  #buildSecrets(): Yaml {
    const { random } = this;
    const names = random.some(["s", "e", "m.x"], 0.5);
    for (const name of names) this.#secrets.add(name);
    if (random.chance(0.3)) this.#hit("secret-map");
    return items(...names.map((name) => (random.chance(0.4) ? plain(`{source: ${name}, target: /x, mode: ${random.pick(["0400", '"0440"'])}}`) : plain(name))));
  }

  #secretMap(): Yaml {
    const { random } = this;
    this.#files["secret.txt"] = "hidden";
    return entries(
      ...[...this.#secrets].map((name) => {
        const form = random.pick(["secret-file", "secret-environment"] as const);
        this.#hit(form);
        return [
          name,
          plain(
            form === "secret-file"
              ? random.pick(["{file: ./secret.txt}", "{file: secret.txt, environment: V}"])
              : random.pick(["{environment: TOKEN}", '{environment: "${FOO:-V}"}']),
          ),
        ] as const;
      }),
    );
  }

  #ssh(): Yaml {
    const form = this.random.pick(["ssh-list", "ssh-map"] as const);
    this.#hit(form);
    return plain(
      form === "ssh-list"
        ? this.random.pick(["[default]", "[default, k=../home/ssh.sock]", '["z=../home/./ssh.sock"]'])
        : this.random.pick(["{default: }", "{k: ../home/ssh.sock, a: ../home/ssh.sock}", '{default: ""}']),
    );
  }

  #envFile(): Yaml {
    const { random } = this;
    this.#files["f.env"] = random.some(DOTENV, 0.4).join("\n");
    this.#files["g.env"] = random.some(DOTENV, 0.3).join("\n");
    if (random.chance(0.3)) {
      this.#hit("env-file-optional");
      return plain(random.pick(["[{path: gone.env, required: false}]", '[f.env, {path: gone.env, required: "false"}]']));
    }
    this.#hit("env-file");
    return plain(random.pick(["f.env", "[f.env, ./g.env]", "[{path: f.env, format: .env}]"]));
  }

  #extends(): Yaml {
    const { random } = this;
    if (random.chance(0.4)) {
      this.#hit("extends-file");
      const build = this.#buildMap(["context", "dockerfile", "args", "labels", "target", "tags", "additional_contexts", "cache_from"], 0.4);
      this.#files["s/base.yaml"] = writeDocument(
        entries([
          "services",
          entries(
            ["tmpl", entries(["image", "tmpl"], ["build", build])],
            ["chain", entries(["extends", "tmpl"], ["build", plain(random.pick(["{target: chained}", "{}", "./chained"]))])],
          ),
        ]),
        random,
      );
      return plain(`{file: ./s/base.yaml, service: ${random.pick(["tmpl", "chain"])}}`);
    }
    const name = random.pick(this.#built);
    const form = random.pick(["extends", "extends-map"] as const);
    this.#hit(form);
    return plain(form === "extends" ? name : `{service: ${name}}`);
  }

  #include(): Yaml {
    const { random } = this;
    const build = (): YamlMap => this.#buildMap(["context", "dockerfile", "args", "target", "tags", "additional_contexts"], 0.4);
    this.#files["sub/inc.yaml"] = writeDocument(
      entries(["services", entries(["lib", entries(["build", build()])], [random.pick(UNDOTTED), entries(["image", "from-include"], ["build", build()])])]),
      random,
    );
    if (random.chance(0.4)) this.#files["sub/.env"] = "FOO=sub\nUNSET=sub-set\n";
    if (random.chance(0.5)) {
      this.#hit("include");
      return plain("[sub/inc.yaml]");
    }
    this.#hit("include-long");
    this.#files["sub/more.env"] = "DIR=more\n";
    this.#files["sub/more.yaml"] = 'services: {lib: {build: {labels: {more: "1"}}}}\n';
    return plain(
      random.pick([
        "[{path: sub/inc.yaml, env_file: sub/more.env}]",
        "[{path: [./sub/inc.yaml, sub/more.yaml]}]",
        "[{path: sub/inc.yaml, project_directory: sub}]",
        "[{path: sub/inc.yaml, project_directory: .}]",
      ]),
    );
  }

  /** A later file: services of the first with some keys, and tags that take earlier values away. */
  #override(names: readonly string[]): YamlMap {
    const { random } = this;
    const services: Pairs = random.some(names, 0.7).map((name) => {
      const build = this.#buildMap(
        [
          "context",
          "dockerfile",
          "args",
          "labels",
          "tags",
          "target",
          "platforms",
          "cache_from",
          "cache_to",
          "extra_hosts",
          "network",
          "no_cache",
          "pull",
          "shm_size",
          "provenance",
          "additional_contexts",
        ],
        0.2,
      );
      const pairs = build.entries.map(([key, value]) => [key, this.#tagged(value)] as const);
      const rest: Pairs = random.chance(0.3) ? [["environment", this.#form(SERVICE, "environment", "service.")]] : [];
      if (random.chance(0.3)) rest.push(["image", this.#form(SERVICE, "image", "service.")]);
      return [name, { entries: [...rest, ["build", { entries: pairs }]] }] as const;
    });
    if (random.chance(0.2)) services.push(["extra", entries(["build", "./extra"])]);
    return entries(["services", { entries: services }]);
  }

  #tagged(value: Yaml): Yaml {
    const { random } = this;
    if (random.chance(0.06)) {
      this.#hit("reset");
      return withProps(value, "!reset");
    }
    if (random.chance(0.08)) {
      this.#hit("override");
      return "plain" in value ? value : withProps(value, "!override");
    }
    return value;
  }

  #addDocument(names: readonly string[]): void {
    this.#hit("documents");
    this.#files["compose.yaml"] += `---\n${writeDocument(this.#override(names), this.random)}`;
  }

  #environment(): Record<string, string> {
    const { random } = this;
    const env: Record<string, string> = { SSH_AUTH_SOCK: "../home/ssh.sock", TOKEN: "t" };
    for (const [name, value] of [
      ["FOO", "foo"],
      ["EMPTY", ""],
      ["NUM", "5"],
      ["DIR", "src"],
      ["BOOL", "true"],
      ["A", "from env"],
    ] as const)
      if (random.chance(0.6) || name === "NUM" || name === "BOOL") env[name] = value;
    if (random.chance(0.1)) env["BUILDX_BAKE_DISABLE_VARS_ENV_LOOKUP"] = random.pick(["0", "no"]);
    if (random.chance(0.35)) {
      this.#hit("dotenv");
      const lines = random.some(DOTENV, 0.4);
      if (this.#mistake === "other") {
        lines.push(random.pick(BAD_DOTENV));
        this.#mistake = undefined;
      }
      this.#files[".env"] = lines.join(random.chance(0.1) ? "\r\n" : "\n");
    }
    if (this.#mistake === "other") this.#spoilText();
    return env;
  }

  /** A mistake that is not a value of a key. */
  #spoilText(): void {
    const { random } = this;
    const text = this.#files["compose.yaml"] as string;
    this.#files["compose.yaml"] = random.pick([
      `${text}---\n`,
      `%YAML 1.2\n---\n${text}`,
      `${text}x-q: *gone\n`,
      `${text}x-q: &q {b: *q}\n`,
      `${text}5: x\n`,
      "",
      "# nothing\n",
      "[]\n",
      "networks: {}\n",
      "services:\n",
      "services: []\n",
      'services: {"a b": {build: .}}\n',
      `${text}x-r: "\${UNSET?gone}"\n`,
      `${text}secrets: {z: {}}\n`,
      `${text}secrets: {z: {file: 5}}\n`,
      `${text}include: s.yaml\n`,
      `${text}include: [gone.yaml]\n`,
      `${text}volumes: {v: {external: maybe}}\n`,
    ]);
  }

  #hcl(names: readonly string[], args: string[]): void {
    const { random } = this;
    this.#hit("hcl");
    const target = (random.pick(names) as string).replaceAll(".", "_");
    const body = random.some(
      [
        'tags = ["h"]',
        'args = { A = "h", H = "1" }',
        'cache-from = ["h", "x"]',
        'context = "hc"',
        'labels = { a = "h" }',
        'platforms = ["linux/arm64"]',
        "no-cache = true",
        'target = "ht"',
        'extra-hosts = { h = "9.9.9.9" }',
        "tags = []",
        'contexts = { q = "hq" }',
        'dockerfile = "HD"',
      ],
      0.3,
    );
    this.#files["docker-bake.hcl"] =
      `target "${target}" {\n${[...new Map(body.map((line) => [line.split(" ")[0], line])).values()].map((line) => `  ${line}\n`).join("")}}\n${random.chance(0.5) ? `target "more" {\n  inherits = ["${target}"]\n}\n` : ""}${random.chance(0.3) ? `group "default" {\n  targets = ["${target}"]\n}\n` : ""}`;
    if (args.length > 0) args.splice(random.pick([0, args.length]), 0, "-f", "docker-bake.hcl");
  }

  #underPlainName(args: string[]): void {
    this.#hit("plain-name");
    this.#files["project"] = this.#files["compose.yaml"] as string;
    delete this.#files["compose.yaml"];
    args.push("-f", "project");
  }
}
