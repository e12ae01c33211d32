/** The files of a policy: where its entries lie, and the modules that they import (spec/bake.md 11.6). */
import { isAbsolute, join, normalize } from "node:path";
import { BakeError } from "../../diagnostics.ts";
import type { Host } from "../../host.ts";

export interface PolicyModule {
  /** As users named it. */
  readonly name: string;
  readonly text: string;
}

const moduleLimit = 1000;

/** Reads the entries and, by their imports, everything they need. Throws a BakeError for what is missing. */
export function readPolicy(files: readonly string[], context: string | undefined, host: Host): readonly PolicyModule[] {
  const modules = new Map<string, PolicyModule>();
  const pending = files.map((file) => ({ name: file, text: readEntry(file, context, host) }));
  for (let next = pending.shift(); next; next = pending.shift()) {
    modules.set(next.name, next);
    if (modules.size > moduleLimit) throw new BakeError("run.policy", `policy ${files.join(", ")} imports too many modules`);
    for (const path of importsOf(next.text)) {
      const name = `${path.join("/")}.rego`;
      if (modules.has(name) || pending.some((other) => other.name === name)) continue;
      const text = readOptional(inContext(name, context), host);
      if (text === undefined) throw new BakeError("run.policy", `import data.${path.join(".")} not found for module ${next.name}`);
      // A module is the package by which it is imported.
      pending.push({ name, text: text.replace(/^package\s+\S+/m, `package ${path.join(".")}`) });
    }
  }
  return [...modules.values()];
}

/** `cwd://` is the working directory; other entries lie in the context, the default file beside its Dockerfile. */
function readEntry(file: string, context: string | undefined, host: Host): string {
  const own = /^cwd:\/\/(.*)$/s.exec(file)?.[1];
  const places = own === undefined ? [inContext(file, context), file] : [own];
  for (const place of places) {
    const text = readOptional(place, host);
    if (text !== undefined) return text;
  }
  throw new BakeError("run.policy", `policy file ${file} not found`);
}

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
