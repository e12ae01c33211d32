/**
 * Definitions as plain objects, in the JSON form of a bake file but without expressions: what a loader
 * would hand over. And a host that knows nothing but what a test tells it.
 */
import type { Result, SourceFile } from "../../../src/diagnostics.ts";
import { formatDiagnosticLine } from "../../../src/diagnostics.ts";
import type { BlockAttributes, Definition, EntryMap, GroupBlock, TargetBlock } from "../../../src/bake/definition.ts";
import { DECODERS } from "../../../src/bake/fields.ts";
import { printDefinition } from "../../../src/bake/print.ts";
import { resolve } from "../../../src/bake/resolve.ts";
import type { ResolvedBake } from "../../../src/bake/resolved.ts";
import { HostError, type FileStat, type Host } from "../../../src/host.ts";

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
type Blocks = Readonly<Record<string, Readonly<Record<string, Json>>>>;

export interface PlainFile {
  readonly group?: Blocks;
  readonly target?: Blocks;
}

/** One or several files, later ones on top. A file's name is its key. */
export function define(files: PlainFile | Readonly<Record<`${string}.${string}`, PlainFile>>): Definition {
  const named = Object.keys(files).some((key) => key.includes(".")) ? (files as Record<string, PlainFile>) : { "docker-bake.json": files as PlainFile };
  const targets: TargetBlock[] = [];
  const groups: GroupBlock[] = [];
  const sources: SourceFile[] = [];
  for (const [name, file] of Object.entries(named)) {
    const source: SourceFile = { name, text: JSON.stringify(file) };
    const range = { file: source, start: 0, end: 1 };
    const directory = name.includes("/") ? name.slice(0, name.lastIndexOf("/")) : ".";
    sources.push(source);
    let from = 0;
    for (const [target, body] of Object.entries(file.target ?? {})) {
      from = Math.max(from, source.text.indexOf(`${JSON.stringify(target)}:`, from));
      targets.push({ name: target, label: target, attributes: decode(body), origins: originsOf(body, source, from), range, source: "hcl", directory });
    }
    for (const [group, { targets: members = null, description, generated }] of Object.entries(file.group ?? {})) {
      groups.push({
        name: group,
        targets: members as readonly string[] | null,
        origins: new Map(),
        range,
        source: "hcl",
        generated: generated === true,
        ...(typeof description === "string" ? { description } : {}),
      });
    }
  }
  return { files: sources, targets, groups, variables: [], hasHcl: true, warnings: [] };
}

/** Places in the text behind `from`, where the target begins: searching all of a large file for each value takes minutes. */
function originsOf(body: Readonly<Record<string, Json>>, file: SourceFile, from: number): TargetBlock["origins"] {
  const out = new Map<string, TargetBlock["range"]>();
  const at = (key: string, text: string): void => {
    const start = file.text.indexOf(text, from);
    out.set(key, { file, start, end: start + text.length });
  };
  for (const [name, value] of Object.entries(body)) {
    at(name, JSON.stringify(name));
    if (Array.isArray(value)) value.forEach((item, i) => at(`${name}/${i}`, JSON.stringify(item)));
    else if (value !== null && typeof value === "object") for (const key of Object.keys(value)) at(`${name}/${key}`, JSON.stringify(key));
  }
  return out;
}

function decode(body: Readonly<Record<string, Json>>): BlockAttributes {
  const out: Record<string, unknown> = {};
  for (const { name, kind, parseText, parseMap } of DECODERS) {
    const value = body[name];
    if (value === undefined || value === null) continue;
    if (kind === "string-map" || kind === "nullable-string-map") out[name] = new Map(Object.entries(value).filter(([, item]) => item !== null));
    else if (kind === "entries") {
      out[name] = (value as readonly Json[]).flatMap((item) => {
        const read = typeof item === "string" ? parseText?.(item) : parseMap?.(new Map(Object.entries(item as object)) as EntryMap);
        if (!read?.ok) throw new Error(read?.message);
        return read.entries;
      });
    } else out[name] = value;
  }
  return out as BlockAttributes;
}

export interface FakeHost {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Contents by absolute path; directories end with a slash. A link's content starts with `-> `. */
  readonly files?: Readonly<Record<string, string>>;
  readonly stdoutIsTerminal?: boolean;
}

/** A host over a handful of files. */
export function fakeHost({ env = {}, cwd = "/w", files = {}, stdoutIsTerminal = false }: FakeHost = {}): Host {
  const kinds = new Map<string, string>([["/", "/"]]);
  for (const [path, text] of Object.entries({ ...files, [`${cwd}/`]: "/" })) {
    const parts = path.split("/").slice(1);
    for (let i = 1; i < parts.length; i++) kinds.set(`/${parts.slice(0, i).join("/")}`, kinds.get(`/${parts.slice(0, i).join("/")}`) ?? "/");
    if (!path.endsWith("/")) kinds.set(path, text);
  }
  const real = (path: string): string => {
    let out = "";
    for (const part of path.split("/").slice(1)) {
      const next = `${out}/${part}`;
      const text = kinds.get(next);
      out = text?.startsWith("-> ") ? real(text.slice(3)) : next;
    }
    return out === "" ? "/" : out;
  };
  const absolute = (path: string): string => (path.startsWith("/") ? path : `${cwd}/${path}`).replace(/\/\.?$/, "").replaceAll("/./", "/") || "/";
  const statAt = (path: string): FileStat | undefined => {
    const text = kinds.get(path);
    const parent = kinds.get(real(path.slice(0, path.lastIndexOf("/")) || "/"));
    if (text === undefined && parent !== undefined && parent !== "/") throw new HostError("ENOTDIR", `stat ${path}: not a directory`);
    if (text === undefined) return undefined;
    return text === "/" ? { kind: "directory", size: 0 } : text.startsWith("-> ") ? { kind: "symlink", size: 0 } : { kind: "file", size: text.length };
  };
  const unused = (): never => {
    throw new Error("not expected in this test");
  };
  return {
    env,
    cwd,
    platform: "linux/amd64",
    home: "/home",
    stat: (path) => statAt(real(absolute(path))),
    lstat: (path) => statAt(real(absolute(path).replace(/\/[^/]*$/, "")).replace(/\/$/, "") + absolute(path).slice(absolute(path).lastIndexOf("/"))),
    readFile: (path) => {
      const text = kinds.get(real(absolute(path)));
      if (text === undefined) throw new HostError("ENOENT", `open ${path}: no such file or directory`);
      if (text === "/") throw new HostError("EISDIR", `read ${path}: is a directory`);
      return new TextEncoder().encode(text);
    },
    readDir: unused,
    readLink: (path) => (kinds.get(absolute(path)) ?? "").slice(3),
    realpath: (path) => real(absolute(path)),
    readStdin: unused,
    now: () => 0,
    randomBytes: unused,
    tty: { stdin: false, stdout: stdoutIsTerminal, stderr: false },
  };
}

export interface RunOptions {
  readonly targets?: readonly string[];
  readonly set?: readonly string[];
  readonly host?: FakeHost;
  readonly disablePolicy?: boolean;
}

export function run(files: Parameters<typeof define>[0], { targets = [], set = [], host = {}, disablePolicy = false }: RunOptions = {}): Result<ResolvedBake> {
  return resolve(define(files), { targets, overrides: set, host: fakeHost(host), disablePolicy });
}

/** What `--print` shows, on one line; or the error's text. */
export function print(files: Parameters<typeof define>[0], options: RunOptions = {}): string {
  const resolved = run(files, options);
  return resolved.ok ? JSON.stringify(JSON.parse(printDefinition(resolved.value))) : errorOf(resolved);
}

/** The printed targets only. */
export function printed(files: Parameters<typeof define>[0], options: RunOptions = {}): Record<string, Record<string, unknown>> {
  const resolved = run(files, options);
  if (!resolved.ok) throw new Error(errorOf(resolved));
  return (JSON.parse(printDefinition(resolved.value)) as { target: Record<string, Record<string, unknown>> }).target;
}

export function errorOf(result: Result<unknown>): string {
  return result.diagnostics.map(formatDiagnosticLine).join("\n");
}
