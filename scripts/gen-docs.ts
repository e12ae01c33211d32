/**
 * Writes the tables of the docs that the code knows better: flags from the flag table, target attributes from the model.
 * They stand between `<!-- generated: NAME -->` and `<!-- end -->`. `--check` writes nothing and fails when a page is stale.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { FIELDS, type Field } from "../src/bake/fields.ts";
import type { Target } from "../src/bake/model.ts";
import { BAKE_FLAGS, type Flag } from "../src/cli/options.ts";

interface Schema {
  readonly definitions: { readonly Target: { readonly properties: Readonly<Record<string, { readonly description: string }>> } };
}

const root = process.cwd();
const check = process.argv.includes("--check");

/** Vertical bars would end a table cell. */
const cell = (text: string): string => text.replaceAll("|", "\\|");

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  return [header, header.map(() => "---"), ...rows].map((row) => `| ${row.map(cell).join(" | ")} |`).join("\n");
}

function flagTables(): string {
  const groups = new Map<string, [string, Flag][]>();
  for (const [name, flag] of Object.entries(BAKE_FLAGS) as [string, Flag][]) {
    if (flag.hidden) continue;
    const list = groups.get(flag.group) ?? [];
    groups.set(flag.group, [...list, [name, flag]]);
  }
  const sections = [...groups].map(([group, flags]) => {
    const rows = flags.map(([name, { kind, short, value, help }]) => {
      const shown = value && (kind === "optional" ? `[=${value}]` : ` ${value}`);
      return [`\`${short ? `-${short}, ` : ""}--${name}${shown ?? ""}\``, help];
    });
    return `### ${group}\n\n${table(["flag", "meaning"], rows)}`;
  });
  return sections.join("\n\n");
}

const kinds: Readonly<Record<Field["kind"], string>> = {
  string: "text",
  bool: "true or false",
  "string-list": "list of texts",
  "string-map": "map of texts",
  "nullable-string-map": "map of texts; null drops a key",
  entries: "list of texts or objects",
  resources: "object",
};

const merges: Readonly<Record<Field["merge"], string>> = {
  replace: "replaces",
  "replace-text": "replaces, unless empty",
  keys: "adds and replaces keys",
  append: "appends",
};

function attributeTable(): string {
  const { properties } = (JSON.parse(readFileSync(join(root, "schema/resolved.json"), "utf8")) as Schema).definitions.Target;
  const rows = (Object.entries(FIELDS) as [keyof Target, Field][]).map(([name, { kind, merge }]) => [
    `\`${name}\``,
    kinds[kind],
    merges[merge],
    properties[name]?.description ?? "",
  ]);
  return table(["attribute", "value", "a later definition", "meaning"], rows);
}

const pages: readonly { readonly page: string; readonly name: string; readonly text: () => string }[] = [
  { page: "docs/bake.md", name: "flags", text: flagTables },
  { page: "docs/definitions/targets.md", name: "attributes", text: attributeTable },
];

let stale = false;
for (const { page, name, text } of pages) {
  const path = join(root, page);
  const old = readFileSync(path, "utf8");
  const start = `<!-- generated: ${name} -->`;
  const [before, rest = ""] = old.split(start);
  const after = rest.slice(rest.indexOf("<!-- end -->"));
  const fresh = `${before}${start}\n\n${text()}\n\n${after}`;
  if (fresh === old) continue;
  stale = true;
  if (check) console.error(`${page} is stale: run npm run generate`);
  else writeFileSync(path, fresh);
}
if (check && stale) process.exitCode = 1;
