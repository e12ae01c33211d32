/**
 * The metadata file: what the engine answered for each target, decoded and written as the reference
 * writes it (spec/buildkit.md 9.1). Getting the answers is the run's work.
 */
import { statSync } from "node:fs";
import { dirname } from "node:path";
import { BakeError } from "../diagnostics.ts";
import { diskError } from "./disk-error.ts";
import { writeAtomic } from "./engine/builders.ts";

/** Answers of one target: exporter response and what the client adds. */
export type ExporterResponse = Readonly<Record<string, string>>;

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** Answers with embedded JSON decoded: base64 of an object, or of a list of objects, becomes that; all else stays text. */
export function decodeResponse(response: ExporterResponse): Readonly<Record<string, Json>> {
  const decoded: Record<string, Json> = {};
  for (const key of Object.keys(response).sort()) {
    const value = response[key] ?? "";
    decoded[key] = embedded(key === "result.json" ? value : fromBase64(value)) ?? value;
  }
  return decoded;
}

function fromBase64(text: string): string | undefined {
  return text !== "" && text.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(text) ? Buffer.from(text, "base64").toString("utf8") : undefined;
}

function embedded(text: string | undefined): Json | undefined {
  if (text === undefined || !/^\s*[[{]/.test(text)) return undefined;
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
  if (Array.isArray(value)) return value.length > 0 && (value as readonly Json[]).every(isObject) ? value : undefined;
  return isObject(value) && Object.keys(value as object).length > 0 ? value : undefined;
}

const isObject = (value: Json): boolean => typeof value === "object" && value !== null && !Array.isArray(value);

/** The file's text: two-space JSON, targets in name order, HTML characters escaped, no newline at the end. */
export function formatMetadata(results: ReadonlyMap<string, ExporterResponse>, warnings?: readonly unknown[]): string {
  const document: Record<string, unknown> = {};
  const names = [...results.keys(), ...(warnings && warnings.length > 0 ? ["buildx.build.warnings"] : [])].sort();
  for (const name of names) document[name] = name === "buildx.build.warnings" ? warnings : decodeResponse(results.get(name) ?? {});
  const escapes: Readonly<Record<string, string>> = { "<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029" };
  return JSON.stringify(document, undefined, 2).replace(/[<>&\u2028\u2029]/g, (character) => escapes[character] ?? character);
}

/** Writes the metadata file whole or not at all. The directory must exist. */
export function writeMetadata(path: string, text: string): void {
  const directory = dirname(path);
  if (statSync(directory, { throwIfNoEntry: false }) === undefined) {
    throw new BakeError("metadata.path", `invalid output path: stat ${directory}: no such file or directory`);
  }
  try {
    writeAtomic(path, text, 0o644);
  } catch (cause) {
    throw new BakeError("metadata.write", `failed to write metadata file: ${(diskError(cause, path) as Error).message}`, { cause });
  }
}
