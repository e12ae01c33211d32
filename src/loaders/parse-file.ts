/** Which parser a file goes to, by its name and, where that says nothing, by what accepts it (spec/bake.md 2.2). */
import { fail, formatDiagnosticLine, ok, plainError, type Diagnostic, type Result } from "../diagnostics.ts";
import type { ComposeOptions, ComposeSource } from "./compose/load.ts";
import type { Body } from "./hcl/ast.ts";
import { parseHcl } from "./hcl/native-body.ts";
import type { ReadFile } from "./read.ts";
import { decodeSource } from "./source-text.ts";

export type ParsedDefinition = { readonly kind: "body"; readonly body: Body } | { readonly kind: "compose"; readonly source: ComposeSource };

/** The options are needed where only loading tells whether a file is a Compose file. */
export async function parseFile(file: ReadFile, options: ComposeOptions): Promise<Result<ParsedDefinition>> {
  const { name } = file;
  if (/\.ya?ml$/i.test(name)) return ok({ kind: "compose", source: composeSource(file) });
  const text = decodeSource(file.data);
  if (name.endsWith(".json")) return parseAsJson(name, text);
  if (name.endsWith(".hcl")) return options.host.env[PARSER] === "hcl2json" ? parseConverted(name, text) : bodyOf(parseHcl({ name, text }));
  const native = bodyOf(parseHcl({ name: `${name}.hcl`, text }));
  // No text is both: one that HCL accepts has no top-level key `services:`.
  if (native.ok) return native;
  const json = await parseAsJson(`${name}.json`, text);
  if (/\.(?:json|hcl)$/i.test(name)) return json.ok ? json : native;
  if (json.ok && !hasServices(json.value)) return json;
  const { checkCompose } = await import("./compose/load.ts");
  const source = composeSource(file);
  const compose = checkCompose(source.file, options);
  if (compose.ok) return ok({ kind: "compose", source });
  return json.ok ? json : fail(unreadable(name, compose.diagnostics, native.diagnostics));
}

/** `hcl2json`: HCL files are read by that package, and its output like any JSON definition. For comparing the two parsers. */
const PARSER = "TSBAKE_HCL_PARSER";

async function parseConverted(name: string, text: string): Promise<Result<ParsedDefinition>> {
  const { convertHcl } = await import("./hcl2json.ts");
  const converted = await convertHcl(name, text);
  if (!converted.ok) return fail(plainError("hcl.syntax", converted.message));
  return await parseAsJson(`${name}.json`, JSON.stringify(converted.body, undefined, 2));
}

/** JSON is rarer than HCL: its reader is loaded when it is needed. */
async function parseAsJson(name: string, text: string): Promise<Result<ParsedDefinition>> {
  const { parseJson } = await import("./hcl/json-body.ts");
  return bodyOf(parseJson({ name, text, syntax: "json" }));
}

function bodyOf({ body, diagnostics }: { readonly body: Body; readonly diagnostics: readonly Diagnostic[] }): Result<ParsedDefinition> {
  return diagnostics.length > 0 ? fail(...diagnostics) : ok({ kind: "body", body });
}

const composeSource = ({ name, data, path }: ReadFile): ComposeSource => ({ file: { name, text: decodeSource(data) }, ...(path !== undefined && { path }) });

/** Compose goes before JSON, and accepts only what has one of these. */
function hasServices(parsed: ParsedDefinition): boolean {
  if (parsed.kind !== "body") return false;
  const { attributes } = parsed.body.partialContent({ blocks: [] });
  return attributes.has("services") || attributes.has("secrets");
}

/** The native reading is blamed, whatever the text looks like. */
function unreadable(name: string, compose: readonly Diagnostic[], native: readonly Diagnostic[]): Diagnostic {
  const [first, ...others] = native as readonly [Diagnostic, ...Diagnostic[]];
  const yaml = compose[0] ? compose[0].summary : "";
  const more = others.length > 0 ? `, and ${others.length} other diagnostic(s)` : "";
  return {
    ...plainError("load.unreadable", `failed to parse ${name}: parsing yaml: ${yaml}, parsing hcl: ${formatDiagnosticLine(first)}${more}`),
    ...(first.range && { range: first.range }),
  };
}
