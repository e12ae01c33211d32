/** From a checked model to a typed project (spec/compose.md 5.4). */
import type { Diagnostic, SourceRange } from "../../diagnostics.ts";
import { readBoolean } from "./cast.ts";
import { hostsOf } from "./extra-hosts.ts";
import { quote } from "../../go-text.ts";
import { type ComposeNode, isNull, isString, type Mapping, type Scalar, typeName, valueAt, valueText } from "./node.ts";
import { type Fault, refuseAll, warning } from "./problem.ts";
import type { Build, BuildSecret, EnvFile, Flag, Project, Secret, Service, Text, Ulimit, Variable } from "./project.ts";
import { splitPair } from "./sequence.ts";
import { readShmSize } from "./shm-size.ts";

/** Faults of all services are reported together; warnings go to `warn` as they are met. */
export function readProject(model: Mapping, warn: (diagnostic: Diagnostic) => void): Project {
  const reader = new ProjectReader(warn);
  const services = [...entriesOf(valueAt(model, "services"))].map(([name, { key, value }]) => reader.service(name, key, value));
  const secrets = new Map([...entriesOf(valueAt(model, "secrets"))].map(([name, { key, value }]) => [name, reader.secret(name, key, value)]));
  if (reader.faults.length > 0) refuseAll("compose.value", "decoding failed due to the following error(s):\n\n", reader.faults);
  return { services, secrets };
}

const entriesOf = (node: ComposeNode | undefined): Mapping["entries"] => (node?.kind === "map" ? node.entries : new Map());
const itemsOf = (node: ComposeNode | undefined): readonly ComposeNode[] => (node?.kind === "list" ? node.items : []);

class ProjectReader {
  readonly faults: Fault[] = [];
  readonly #warn: (diagnostic: Diagnostic) => void;
  #place = "";

  constructor(warn: (diagnostic: Diagnostic) => void) {
    this.#warn = warn;
  }

  service(name: string, range: SourceRange, node: ComposeNode): Service {
    this.#place = `services[${name}]`;
    const build = valueAt(node, "build");
    const read = build?.kind === "map" ? this.#build(build) : undefined;
    this.#place = `services[${name}]`;
    const environment = this.#variables(node, "environment", true);
    const image = this.#text(node, "image");
    return { name, range, environment, envFiles: this.#envFiles(valueAt(node, "env_file")), ...(read && { build: read }), ...(image && { image }) };
  }

  secret(name: string, range: SourceRange, node: ComposeNode): Secret {
    this.#place = `secrets[${name}]`;
    const external = valueAt(node, "external");
    const named = this.#text(node, "name");
    const file = this.#text(node, "file");
    const environment = this.#text(node, "environment");
    return {
      external: external?.kind === "scalar" && external.text.toLowerCase() !== "false" && external.text !== "",
      range,
      ...(named && { name: named.text }),
      ...(file && { file }),
      ...(environment && { environment }),
    };
  }

  /** Keys in the order in which their faults are reported. */
  #build(node: Mapping): Build {
    this.#place += ".build";
    const context = this.#text(node, "context");
    const dockerfile = this.#text(node, "dockerfile");
    const inline = this.#text(node, "dockerfile_inline");
    const args = this.#variables(node, "args", true);
    const provenance = this.#text(node, "provenance");
    const sbom = this.#text(node, "sbom");
    const labels = this.#variables(node, "labels", false);
    const cacheFrom = this.#texts(node, "cache_from");
    const cacheTo = this.#texts(node, "cache_to");
    const noCache = this.#flag(node, "no_cache");
    const contexts = this.#contexts(node);
    const pull = this.#flag(node, "pull");
    const extraHosts = this.#extraHosts(node);
    const network = this.#text(node, "network");
    const target = this.#text(node, "target");
    const secrets = this.#secrets(node);
    const shmSize = this.#shmSize(node);
    const tags = this.#texts(node, "tags");
    const ulimits = this.#ulimits(node);
    const platforms = this.#texts(node, "platforms");
    this.#flag(node, "privileged");
    const xBake = valueAt(node, "x-bake");
    return {
      range: node.range,
      args,
      labels,
      contexts,
      ssh: this.#variables(node, "ssh", false),
      tags,
      platforms,
      cacheFrom,
      cacheTo,
      secrets,
      extraHosts,
      ulimits,
      ...(context && { context }),
      ...(dockerfile && { dockerfile }),
      ...(inline && { inline }),
      ...(target && { target }),
      ...(network && { network }),
      ...(provenance && { provenance }),
      ...(sbom && { sbom }),
      ...(noCache && { noCache }),
      ...(pull && { pull }),
      ...(shmSize && { shmSize }),
      ...(xBake && { xBake }),
    };
  }

  #fault(key: string, text: string, range: SourceRange): void {
    this.faults.push({ text: `'${this.#place}.${key}' ${text}`, range });
  }

  #text(map: ComposeNode, key: string): Text | undefined {
    const node = valueAt(map, key);
    if (node?.kind !== "scalar" || isNull(node)) return undefined;
    if (node.type === "date") this.#fault(key, "expected type 'string', got unconvertible type 'time.Time'", node.range);
    return { text: node.text, range: node.range };
  }

  #texts(map: ComposeNode, key: string): readonly Text[] {
    const items = itemsOf(valueAt(map, key));
    const wrong = items.find((item) => !isString(item));
    if (wrong) this.#fault(key, "invalid type []interface {} for string list", wrong.range);
    return items as readonly Scalar[];
  }

  /** `strict` places refuse a blank before the `=` of a list item. */
  #variables(map: ComposeNode, key: string, strict: boolean): ReadonlyMap<string, Variable> {
    const node = valueAt(map, key);
    const out = new Map<string, Variable>();
    for (const [name, { value }] of entriesOf(node)) out.set(name, { range: value.range, ...(isNull(value) ? {} : { text: valueText(value) }) });
    for (const item of itemsOf(node)) {
      const { name, value } = splitPair((item as Scalar).text);
      if (strict && value !== undefined && /\s$/u.test(name)) this.#fault(key, `environment variable ${name} is declared with a trailing space`, item.range);
      out.set(name, { range: item.range, ...(value === undefined ? {} : { text: value }) });
    }
    return out;
  }

  #contexts(map: ComposeNode): ReadonlyMap<string, Text> {
    const out = new Map<string, Text>();
    for (const [name, { value }] of entriesOf(valueAt(map, "additional_contexts"))) {
      if (value.kind === "scalar") out.set(name, { text: value.text, range: value.range });
    }
    return out;
  }

  #flag(map: ComposeNode, key: string): Flag | undefined {
    const node = valueAt(map, key);
    if (node?.kind !== "scalar" || isNull(node)) return undefined;
    const read = readBoolean(node.text);
    if ("problem" in read) {
      this.#fault(key, read.problem, node.range);
      return undefined;
    }
    if (read.warning !== undefined) this.#warn(warning(read.warning, node.range));
    return { value: read.value, range: node.range };
  }

  #extraHosts(map: ComposeNode): ReadonlyMap<string, Text> {
    const node = valueAt(map, "extra_hosts");
    if (!node) return new Map();
    const read = hostsOf(node);
    if (read.ok) return read.hosts;
    this.#fault("extra_hosts", read.message, read.range);
    return new Map();
  }

  #secrets(map: ComposeNode): readonly BuildSecret[] {
    return itemsOf(valueAt(map, "secrets")).map((item, i) => {
      const source = valueAt(item, "source");
      const mode = valueAt(item, "mode");
      if (mode?.kind === "scalar") {
        if (mode.type === "float") this.#fault(`secrets[${i}].mode`, `unexpected value type ${typeName(mode)} for mode`, mode.range);
        else if (isString(mode) && !/^[+-]?[0-7]+$/.test(mode.text))
          this.#fault(`secrets[${i}].mode`, `strconv.ParseInt: parsing ${quote(mode.text)}: invalid syntax`, mode.range);
      }
      return { source: isString(source) ? source.text : "", range: (source ?? item).range };
    });
  }

  #shmSize(map: ComposeNode): Build["shmSize"] {
    const node = valueAt(map, "shm_size");
    if (node?.kind !== "scalar" || isNull(node)) return undefined;
    const read = readShmSize(node);
    if (!read.ok) {
      this.#fault("shm_size", read.message, node.range);
      return undefined;
    }
    return read.bytes > 0 ? { bytes: read.bytes, range: node.range } : undefined;
  }

  #ulimits(map: ComposeNode): ReadonlyMap<string, Ulimit> {
    const out = new Map<string, Ulimit>();
    for (const [name, { value }] of entriesOf(valueAt(map, "ulimits"))) {
      if (value.kind === "scalar") {
        const limit = BigInt(value.text);
        out.set(name, { soft: limit, hard: limit, range: value.range });
        continue;
      }
      const limit = (key: string): bigint => {
        const node = valueAt(value, key);
        if (node?.kind === "scalar" && (node.type === "int" || node.type === "float")) return BigInt(node.type === "int" ? node.text : Number(node.text));
        this.faults.push({ text: `${this.#place.replace("[", ".").replace("]", "")}.ulimits.${name}.${key} must be a integer`, range: (node ?? value).range });
        return 0n;
      };
      out.set(name, { soft: limit("soft"), hard: limit("hard"), range: value.range });
    }
    return out;
  }

  #envFiles(node: ComposeNode | undefined): readonly EnvFile[] {
    return itemsOf(node).map((item) => {
      const path = valueAt(item, "path") as Scalar;
      const required = valueAt(item, "required");
      const format = valueAt(item, "format");
      return {
        path: { text: path.text, range: path.range },
        required: !(required?.kind === "scalar" && required.text.toLowerCase() === "false"),
        format: isString(format) ? format.text : "",
      };
    });
  }
}
