/** The import graph of src/, read from the texts. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";

export interface Import {
  /** A path from src/ such as `bake/model.ts`, or a bare specifier such as `node:fs`. */
  readonly to: string;
  /** Only types are taken, so nothing is loaded. */
  readonly typeOnly: boolean;
  /** Loaded on demand by `import()`. */
  readonly lazy: boolean;
}

const SRC = join(import.meta.dirname, "../../src");

/** Each source file, by its path from src/, with what it imports. */
export function readImportGraph(): ReadonlyMap<string, readonly Import[]> {
  const entries = readdirSync(SRC, { recursive: true, encoding: "utf8" });
  const files = entries.filter((path) => /\.(ts|js)$/.test(path)).map((path) => path.replaceAll("\\", "/"));
  return new Map(files.sort().map((file) => [file, importsOf(file, readFileSync(join(SRC, file), "utf8"))]));
}

const STATEMENT = /^(?:import|export)\s(?:(type)\s)?(?:([^;"']*?)\sfrom\s)?["']([^"']+)["']/gm;
const CALL = /\bimport\(\s*["']([^"']+)["']\s*\)/g;
/** `import("./x.ts").Name` stands for a type. */
const TYPE_CALL = /\bimport\(\s*["']([^"']+)["']\s*\)\.[A-Z]/g;

export function importsOf(file: string, text: string): readonly Import[] {
  const code = text.replace(/^\s*(?:\/\/|\*).*$/gm, "");
  const target = (specifier: string): string => (specifier.startsWith(".") ? posix.join(dirname(file), specifier) : specifier);
  const found: Import[] = [];
  for (const [, type, names, specifier = ""] of code.matchAll(STATEMENT)) {
    found.push({ to: target(specifier), typeOnly: type !== undefined || onlyTypes(names), lazy: false });
  }
  const types = new Set([...code.matchAll(TYPE_CALL)].map(({ index }) => index));
  for (const { 1: specifier = "", index } of code.matchAll(CALL)) found.push({ to: target(specifier), typeOnly: types.has(index), lazy: true });
  return found;
}

/** Whether each name in `{ type A, type B }` is marked as a type. */
function onlyTypes(names: string | undefined): boolean {
  const inside = /^\{([\s\S]*)\}$/.exec(names?.trim() ?? "")?.[1];
  const parts = inside?.split(",").flatMap((part) => (part.trim() === "" ? [] : [part.trim()])) ?? [];
  return parts.length > 0 && parts.every((part) => part.startsWith("type "));
}
