/**
 * The package hcl2json: a second opinion on HCL (design D2). It turns native syntax into the JSON form and keeps
 * expressions as text. Nothing else imports it, and it is loaded on demand: it is a large program of its own.
 */

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

export type Converted = { readonly ok: true; readonly body: { readonly [key: string]: Json } } | { readonly ok: false; readonly message: string };

/** Converts a file to the JSON form that bake loads (spec/hcl.md 10). `name` is used in its messages only. */
export async function convertHcl(name: string, text: string): Promise<Converted> {
  const { parse } = await import("@cdktf/hcl2json");
  try {
    return { ok: true, body: loadable((await parse(name, text)) as { readonly [key: string]: Json }) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { ok: false, message: message.replace(/^parse config: \[(.*)\]$/s, "$1") };
  }
}

/**
 * Types and parameter names are syntax, not expressions: as `"${list(string)}"` and `["${x}"]` no loader would take them,
 * so they are unwrapped.
 */
function loadable(body: { readonly [key: string]: Json }): { readonly [key: string]: Json } {
  const out: Record<string, Json> = { ...body };
  if (isObject(body["variable"])) out["variable"] = eachBlock(body["variable"], (block) => ({ ...block, ...unwrapped(block, "type") }));
  if (isObject(body["function"])) {
    out["function"] = eachBlock(body["function"], (block) => ({ ...block, ...unwrapped(block, "params"), ...unwrapped(block, "variadic_params") }));
  }
  return out;
}

type Block = { readonly [key: string]: Json };

function eachBlock(blocks: Block, change: (block: Block) => Block): Json {
  return Object.fromEntries(
    Object.entries(blocks).map(([label, list]) => [
      label,
      Array.isArray(list) ? (list as readonly Json[]).map((block) => (isObject(block) ? change(block) : block)) : list,
    ]),
  );
}

function unwrapped(block: Block, key: string): Block {
  const value = block[key];
  if (value === undefined) return {};
  return { [key]: Array.isArray(value) ? (value as readonly Json[]).map(unwrap) : unwrap(value) };
}

const unwrap = (value: Json): Json => (typeof value === "string" ? value.replace(/^\$\{(.*)\}$/s, "$1") : value);

const isObject = (value: Json | undefined): value is Block => typeof value === "object" && value !== null && !Array.isArray(value);
