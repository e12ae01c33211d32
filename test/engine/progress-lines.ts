/** What two plain or rawjson outputs of the same build must have in common once times and ids are gone. */

import { stripVTControlCharacters } from "node:util";

/** One step of a plain output. */
export interface Block {
  readonly number: number;
  readonly logs: readonly string[];
  readonly statuses: readonly string[];
  /** `DONE`, `CACHED`, `ERROR: ...` or `CANCELED`. */
  readonly end: string | undefined;
}

/** Steps by name, in the order in which they were numbered; a block that was interrupted is joined. */
export function plainBlocks(text: string): ReadonlyMap<string, Block> {
  const names = new Map<number, string>();
  const blocks = new Map<string, { number: number; logs: string[]; statuses: string[]; end: string | undefined }>();
  for (const line of text.split("\n")) {
    const [, digits, rest] = /^#(\d+) (.*)$/.exec(line) ?? [];
    const number = Number(digits);
    if (rest === undefined || number === 0) continue;
    const name = names.get(number);
    const block = name === undefined ? undefined : blocks.get(name);
    if (!block) {
      names.set(number, rest);
      blocks.set(rest, { number, logs: [], statuses: [], end: undefined });
    } else if (/^\d+\.\d+ /.test(rest)) block.logs.push(rest.replace(/^\S+ /, ""));
    else if (/^(?:DONE|CACHED|CANCELED|ERROR: )/.test(rest)) block.end = rest.replace(/^DONE .*/, "DONE");
    else if (rest !== "..." && rest !== name) block.statuses.push(rest.replace(/ \d+\.\ds/, ""));
  }
  return blocks;
}

/**
 * What is the same each time: the steps with their ends and logs, and the lines around them. Chance is in which order steps that run
 * at once are numbered, which sizes are caught on their way, which of the targets that share a step gives it its name, and, of
 * warnings, their order and whether the reference's step still shows them.
 */
export function plainSummary(text: string): unknown {
  const plain = stripVTControlCharacters(text);
  const steps = [...plainBlocks(plain)].map(([name, { logs, statuses, end }]) => ({
    name: name.replace(/^\[(?:web|api|base) /, "["),
    logs,
    statuses: [...new Set(statuses.filter((line) => line.endsWith(" done")))],
    end,
  }));
  const around = plain.split("\n").filter((line) => line !== "" && !/^#[1-9]/.test(line));
  return {
    steps: steps.sort((a, b) => (a.name < b.name ? -1 : 1)),
    around: sortWarnings(around).map((line) => line.replace(/^\d+\.\d+ /, "T ").replace(/(building with) ".*" (instance using) .* driver/, "$1 $2")),
  };
}

function sortWarnings(lines: readonly string[]): readonly string[] {
  const warnings = lines.filter((line) => line.startsWith(" - ")).sort();
  return lines.map((line) => (line.startsWith(" - ") ? (warnings.shift() as string) : line));
}

interface RawLine {
  readonly vertexes?: readonly {
    readonly digest: string;
    readonly name: string;
    readonly inputs?: readonly string[];
    readonly started?: string;
    readonly completed?: string;
    readonly cached?: boolean;
    readonly error?: string;
  }[];
  readonly statuses?: readonly { readonly id: string; readonly vertex: string; readonly completed?: string }[];
  readonly logs?: readonly { readonly vertex: string; readonly data: string }[];
  readonly warnings?: readonly Readonly<Record<string, unknown>>[];
}

/** A build as its rawjson lines tell it: steps by name, with names instead of digests. */
export function rawSteps(text: string, nonce: string): unknown {
  const lines = rawLines(text);
  const names = new Map(lines.flatMap(({ vertexes = [] }) => vertexes.map(({ digest, name }) => [digest, name])));
  const nameOf = (digest: string): string => names.get(digest) ?? "?";
  const steps = new Map<string, { inputs: string[]; state: string; statuses: Set<string>; log: string }>();
  const step = (digest: string) => {
    const name = nameOf(digest);
    const known = steps.get(name) ?? { inputs: [], state: "announced", statuses: new Set<string>(), log: "" };
    steps.set(name, known);
    return known;
  };
  for (const { vertexes = [], statuses = [], logs = [] } of lines) {
    for (const { digest, inputs = [], started, completed, cached, error } of vertexes) {
      const known = step(digest);
      if (inputs.length > 0) known.inputs = inputs.map(nameOf);
      if (started !== undefined) known.state = error !== undefined ? error : cached ? "cached" : completed === undefined ? "started" : "done";
    }
    for (const { id, vertex } of statuses) step(vertex).statuses.add(id);
    for (const { vertex, data } of logs) step(vertex).log += Buffer.from(data, "base64").toString();
  }
  return Object.fromEntries(
    [...steps]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, { inputs, state, statuses, log }]) => [name, { inputs, state, statuses: [...statuses].sort(), log: log.replaceAll(nonce, "NONCE") }]),
  );
}

/** Keys of each kind of object, in their order; objects that leave some out agree with one that has all. */
export function rawKeys(text: string): unknown {
  const orders = new Map<string, string[]>();
  for (const line of rawLines(text)) {
    for (const [kind, list] of Object.entries(line) as [string, readonly object[]][]) {
      for (const object of list) {
        const order = orders.get(kind) ?? [];
        orders.set(kind, order);
        Object.keys(object).forEach((key, i, keys) => {
          if (!order.includes(key)) order.splice(i === 0 ? 0 : order.indexOf(keys[i - 1] as string) + 1, 0, key);
        });
      }
    }
  }
  return Object.fromEntries([...orders].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Short, detail, place and link of each warning. */
export function rawWarnings(text: string): unknown {
  const all = rawLines(text).flatMap(({ warnings = [] }) =>
    warnings.map(({ level, short, detail, url, sourceInfo, range }) => {
      const { definition, ...source } = sourceInfo as { readonly definition?: RawDefinition };
      return { level, short, detail, url, source, definition: definition && definitionShape(definition), range };
    }),
  );
  return all.sort((a, b) => (String(a.short) < String(b.short) ? -1 : 1));
}

interface RawDefinition {
  readonly def: readonly string[];
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly Source: { readonly locations: Readonly<Record<string, unknown>> };
}

/** Operations hold the ids of sessions, and everything else is named after operations. */
function definitionShape({ def, metadata, Source }: RawDefinition): unknown {
  const texts = (map: Readonly<Record<string, unknown>>): readonly string[] =>
    Object.values(map)
      .map((value) => JSON.stringify(value))
      .sort();
  return { operations: def.length, metadata: texts(metadata), locations: texts(Source.locations) };
}

function rawLines(text: string): readonly RawLine[] {
  return text
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as RawLine);
}
