/** `--list`: targets, variables, and (ours) a matrix for CI, as tables or JSON (spec/bake.md 7.3). */
import { compareBytes } from "../byte-order.ts";
import { fail, ok, plainError, type Result } from "../diagnostics.ts";
import { catalogueOf } from "./catalogue.ts";
import type { CheckedTarget } from "./check.ts";
import type { Definition } from "./definition.ts";
import { csvFields } from "./entries/csv.ts";
import { quote } from "../go-text.ts";
import { jsonString } from "./json-text.ts";
import type { ResolvedBake } from "./resolved.ts";
import { formatTable } from "./table.ts";

export interface ListRequest {
  readonly type: "targets" | "variables" | "matrix";
  readonly format: "table" | "json";
}

/** Parses the value of `--list`. `matrix` is ours. */
export function parseList(text: string): Result<ListRequest> {
  const problem = (message: string): Result<ListRequest> => fail(plainError("bake.list", message));
  const split = csvFields(text);
  if (!split.ok) return problem(split.message);
  let type = "";
  let format = "table";
  if (split.fields.length === 1 && split.fields[0] === text && !text.startsWith("type=")) type = text;
  else {
    for (const field of split.fields) {
      const equals = field.indexOf("=");
      if (equals < 0) return problem(`invalid value ${field}`);
      const key = field.slice(0, equals).toLowerCase().trim();
      if (key === "type") type = field.slice(equals + 1);
      else if (key === "format") format = field.slice(equals + 1);
      else return problem(`unexpected key '${key}' in '${field}'`);
    }
  }
  if (type !== "targets" && type !== "variables" && type !== "matrix") return problem(`invalid list type ${quote(type)}`);
  if (format === "") format = "table";
  if (format !== "table" && format !== "json") return problem(`invalid list format ${quote(format)}`);
  return ok({ type, format });
}

interface Row {
  readonly name: string;
  readonly description: string;
  readonly group: boolean;
}

/** All targets and groups whose names do not start with `_`, sorted. Nothing is resolved. */
export function listTargets(definition: Definition, format: ListRequest["format"]): string {
  const { targets, groups } = catalogueOf(definition);
  const rows: Row[] = [];
  for (const { name, blocks } of targets.values()) {
    const described = blocks.findLast(({ attributes }) => attributes.description)?.attributes.description;
    rows.push({ name, description: described ?? "", group: false });
  }
  for (const [name, { block, members }] of groups) {
    const list = [...members].sort().join(", ");
    rows.push({ name, description: block.description ? `${block.description} (${list})` : list, group: true });
  }
  const shown = rows.filter(({ name }) => !name.startsWith("_")).sort((a, b) => compareBytes(a.name, b.name));
  if (format === "table") return formatTable([["TARGET", "DESCRIPTION"], ...shown.map(({ name, description }) => [name, description])]);
  if (shown.length === 0) return "null\n";
  return jsonList(
    shown.map(({ name, description, group }) => [
      ["name", jsonString(name)],
      ...(description === "" ? [] : [["description", jsonString(description)] as const]),
      ...(group ? [["group", "true"] as const] : []),
    ]),
  );
}

/** All declared variables with their effective values, sorted. */
export function listVariables({ variables, hasHcl }: Definition, format: ListRequest["format"]): string {
  const sorted = [...variables].sort((a, b) => compareBytes(a.name, b.name));
  if (format === "table") {
    const rows = sorted.map(({ name, type = "", value = "<null>", description = "" }) => [name, type, value, description]);
    return formatTable([["VARIABLE", "TYPE", "VALUE", "DESCRIPTION"], ...rows]);
  }
  if (!hasHcl) return "null\n";
  return jsonList(
    sorted.map(({ name, description, type, value }) => [
      ["name", jsonString(name)],
      ...(description ? [["description", jsonString(description)] as const] : []),
      ...(type ? [["type", jsonString(type)] as const] : []),
      ...(value === undefined ? [] : [["value", jsonString(value)] as const]),
    ]),
  );
}

/** One job for each requested target and platform, in the shape CI systems take; a target without platforms is one job. */
export function listMatrix({ targets }: ResolvedBake, checked: ReadonlyMap<string, CheckedTarget>, format: ListRequest["format"]): string {
  const jobs: { readonly target: string; readonly platform?: string }[] = [];
  for (const { name, linkedOnly } of targets.values()) {
    if (linkedOnly) continue;
    const platforms = new Set(checked.get(name)?.platforms ?? []);
    if (platforms.size === 0) jobs.push({ target: name });
    for (const platform of platforms) jobs.push({ target: name, platform });
  }
  if (format === "json") return `${JSON.stringify({ include: jobs })}\n`;
  return formatTable([["TARGET", "PLATFORM"], ...jobs.map(({ target, platform = "" }) => [target, platform])]);
}

type Pair = readonly [key: string, json: string];

function jsonList(items: readonly (readonly Pair[])[]): string {
  if (items.length === 0) return "[]\n";
  const objects = items.map((pairs) => `  {\n${pairs.map(([key, json]) => `    "${key}": ${json}`).join(",\n")}\n  }`);
  return `[\n${objects.join(",\n")}\n]\n`;
}
