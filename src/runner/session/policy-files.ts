/** The files of a policy: where its entries lie, and the modules that they import (spec/bake.md 11.6). */
import { isAbsolute, join, normalize } from "node:path";
import { BakeError } from "../../diagnostics.ts";
import type { Host } from "../../host.ts";

export interface PolicyModule {
  /** As users named it. */
  readonly name: string;
  readonly text: string;
}

/** Where the files of a policy lie. Both give undefined for what is not there, and reject for what may not be read. */
export interface PolicySource {
  /** A file that the definition names, or the default one. */
  readonly entry: (file: string) => Promise<string | undefined>;
  /** A file that another one imports. */
  readonly module: (name: string) => Promise<string | undefined>;
}

const moduleLimit = 1000;

/** Reads the entries and, by their imports, everything they need; undefined when the entries may be missing and are. Rejects with a BakeError for what is missing. */
export async function readPolicy(files: readonly string[], source: PolicySource, optional = false): Promise<readonly PolicyModule[] | undefined> {
  const modules = new Map<string, PolicyModule>();
  const pending: PolicyModule[] = [];
  for (const name of files) {
    const text = await source.entry(name);
    if (text !== undefined) pending.push({ name, text });
    else if (!optional) throw new BakeError("run.policy", `policy file ${name} not found`);
  }
  if (pending.length === 0) return undefined;
  for (let next = pending.shift(); next; next = pending.shift()) {
    modules.set(next.name, next);
    if (modules.size > moduleLimit) throw new BakeError("run.policy", `policy ${files.join(", ")} imports too many modules`);
    for (const path of importsOf(next.text)) {
      const name = `${path.join("/")}.rego`;
      if (modules.has(name) || pending.some((other) => other.name === name)) continue;
      const text = await source.module(name);
      if (text === undefined) throw new BakeError("run.policy", `import data.${path.join(".")} not found for module ${next.name}`);
      // A module is the package by which it is imported.
      pending.push({ name, text: text.replace(/^package\s+\S+/m, `package ${path.join(".")}`) });
    }
  }
  return [...modules.values()];
}

/** `cwd://` is the working directory; other entries lie in the context's directory, the default file beside its Dockerfile. */
export function localSource(context: string | undefined, host: Host): PolicySource {
  const read = (path: string): Promise<string | undefined> => Promise.resolve(readOptional(path, host));
  return {
    entry: async (file) => {
      const own = inWorkingDirectory(file);
      return own === undefined ? ((await read(inContext(file, context))) ?? (await read(file))) : await read(own);
    },
    module: async (name) => await read(inContext(name, context)),
  };
}

/** The same for a context that only the engine can read; absolute paths are of this machine. */
export function remoteSource(read: (path: string) => Promise<string | undefined>, host: Host): PolicySource {
  const inTree = (name: string): Promise<string | undefined> => read(normalize(`/${name}`).slice(1));
  return {
    entry: async (file) => {
      const own = inWorkingDirectory(file) ?? (isAbsolute(file) ? file : undefined);
      return own === undefined ? await inTree(file) : readOptional(own, host);
    },
    module: inTree,
  };
}

const inWorkingDirectory = (file: string): string | undefined => /^cwd:\/\/(.*)$/s.exec(file)?.[1];

function inContext(name: string, context: string | undefined): string {
  if (context === undefined || isAbsolute(name)) return name;
  const path = normalize(name);
  if (path.startsWith("..")) throw new BakeError("run.policy", `policy file ${name} is outside the context`);
  return join(context, path);
}

function readOptional(path: string, host: Host): string | undefined {
  return host.stat(path)?.kind === "file" ? Buffer.from(host.readFile(path)).toString("utf8") : undefined;
}

/** Paths of `import data.a.b`, as `["a", "b"]`. */
export function importsOf(text: string): readonly (readonly string[])[] {
  return [...text.matchAll(/^\s*import\s+data((?:\.[A-Za-z_][A-Za-z0-9_]*|\["[A-Za-z0-9_-]+"\])+)/gm)].map(([, path = ""]) =>
    path.split(/\.|\["|"\]/).filter((part) => part !== ""),
  );
}
