/** Writing random YAML: block or flow, with anchors and tags, from trees whose scalars are already YAML. */
import type { Random } from "./random.ts";

export type Yaml = Plain | Block | YamlList | YamlMap;

interface Props {
  /** `&name`, `!reset` and the like, written before the value. */
  readonly props?: string;
}

/** A scalar on one line, as YAML writes it. */
export interface Plain extends Props {
  readonly plain: string;
}

/** A block scalar; a quoted one where no block may stand. */
export interface Block extends Props {
  readonly block: readonly string[];
  readonly header: string;
}

export interface YamlList extends Props {
  readonly items: readonly Yaml[];
}

export interface YamlMap extends Props {
  readonly entries: readonly (readonly [string, Yaml])[];
}

export const plain = (text: string): Plain => ({ plain: text });
export const items = (...values: readonly (Yaml | string)[]): YamlList => ({
  items: values.map((value) => (typeof value === "string" ? plain(value) : value)),
});
export const entries = (...pairs: readonly (readonly [string, Yaml | string])[]): YamlMap => ({
  entries: pairs.map(([key, value]) => [key, typeof value === "string" ? plain(value) : value] as const),
});
export const withProps = (value: Yaml, props: string): Yaml => ({ ...value, props });

const before = ({ props }: Props): string => (props === undefined ? "" : `${props} `);

function flow(value: Yaml): string {
  if ("plain" in value) return before(value) + (/^[^"'[{*&!].*[,[\]{}]/.test(value.plain) ? JSON.stringify(value.plain) : value.plain);
  if ("block" in value) return before(value) + JSON.stringify(value.block.join("\n"));
  if ("items" in value) return `${before(value)}[${value.items.map(flow).join(", ")}]`;
  return `${before(value)}{${value.entries.map(([key, inner]) => `${key}: ${flow(inner)}`).join(", ")}}`;
}

/** The text after `key:` or `-`, ending with a line break. */
function block(value: Yaml, indent: string, random: Random): string {
  if ("plain" in value) return ` ${before(value)}${value.plain}`.trimEnd() + "\n";
  if ("block" in value) return ` ${before(value)}${value.header}\n${value.block.map((line) => (line === "" ? "\n" : `${indent}  ${line}\n`)).join("")}`;
  const empty = "items" in value ? value.items.length === 0 : value.entries.length === 0;
  if (empty || random.chance(0.15)) return ` ${flow(value)}\n`;
  const props = value.props === undefined ? "" : ` ${value.props}`;
  const inner = `${indent}${random.pick(["  ", "    "])}`;
  if ("items" in value) return `${props}\n${value.items.map((item) => `${inner}-${block(item, inner, random)}`).join("")}`;
  return `${props}\n${value.entries.map(([key, item]) => `${inner}${key}:${block(item, inner, random)}`).join("")}`;
}

/** A document; a map at the top. */
export function writeDocument(map: YamlMap, random: Random): string {
  return map.entries.map(([key, value]) => `${random.chance(0.05) ? "# about this\n" : ""}${key}:${block(value, "", random)}`).join("");
}
