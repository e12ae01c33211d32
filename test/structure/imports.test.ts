/** The rules of the architecture that an import can break: which room sees which, no cycles, wire types behind one door. */
import { expect, test } from "vitest";
import { type Import, importsOf, readImportGraph } from "./import-graph.ts";

const graph = readImportGraph();
const edges = [...graph].flatMap(([from, imports]) => imports.map((edge) => ({ from, ...edge })));

/** The room of a file, or its own name where it stands above the rooms. */
const roomOf = (path: string): string => (path.includes("/") ? (path.split("/")[0] ?? "") : path);
const isOwn = (path: string): boolean => graph.has(path);

/** Pure functions of the planner that say what a plan will need, asked before there is one: which nodes to boot, which paths to look at. */
const ASKED_BEFORE_PLANNING = ["planner/platforms.ts", "planner/caches.ts"];

/** How texts and paths are written, for every room; they import nothing. */
const TEXT = ["byte-order.ts", "go-text.ts", "clean-path.ts", "wildcard.ts"];

/** What each room may import of the sources beside its own files; `types` only as types. */
const RULES: Readonly<Record<string, { readonly values: readonly string[]; readonly types: readonly string[] }>> = {
  "diagnostics.ts": { values: ["graphemes.ts"], types: [] },
  "graphemes.ts": { values: ["unicode-tables.ts"], types: [] },
  "byte-order.ts": { values: [], types: [] },
  "go-text.ts": { values: [], types: [] },
  "clean-path.ts": { values: [], types: [] },
  "wildcard.ts": { values: [], types: [] },
  "file-relative-paths.ts": { values: ["diagnostics.ts", "go-text.ts"], types: ["host.ts"] },
  "unicode-tables.ts": { values: [], types: [] },
  "events.ts": { values: [], types: ["diagnostics.ts"] },
  "host.ts": { values: [], types: ["diagnostics.ts"] },
  loaders: {
    values: ["diagnostics.ts", "host.ts", "graphemes.ts", "unicode-tables.ts", "file-relative-paths.ts", ...TEXT],
    types: ["events.ts", "bake/definition.ts", "bake/model.ts"],
  },
  bake: { values: ["diagnostics.ts", "host.ts", "file-relative-paths.ts", ...TEXT], types: [] },
  planner: { values: ["diagnostics.ts", ...TEXT], types: ["bake", "host.ts"] },
  runner: { values: ["diagnostics.ts", "events.ts", "host.ts", ...TEXT, ...ASKED_BEFORE_PLANNING], types: ["bake", "planner"] },
};

/** Packages and modules of Node that a room may load; rooms that are not named may load anything. */
const OUTSIDE: Readonly<Record<string, RegExp>> = {
  "diagnostics.ts": /^$/,
  "events.ts": /^$/,
  "host.ts": /^$/,
  loaders: /^(yaml|@cdktf\/hcl2json)$/,
  bake: /^$/,
  planner: /^node:path$/,
};

function allowed({ from, to, typeOnly }: Import & { readonly from: string }): boolean {
  const room = roomOf(from);
  if (!isOwn(to)) return OUTSIDE[room]?.test(to) ?? true;
  const rule = RULES[room];
  if (roomOf(to) === room || !rule) return true;
  const names = (list: readonly string[]): boolean => list.includes(to) || list.includes(roomOf(to));
  return names(rule.values) || (typeOnly && names(rule.types));
}

const shown = ({ from, to, typeOnly }: Import & { readonly from: string }): string => `${from} -> ${to}${typeOnly ? " (types)" : ""}`;

test("reading imports tells types, values and lazy loads apart", () => {
  const text = [
    'import { type A, type B } from "./a.ts";',
    'import type { C } from "../c.ts";',
    'import {\n  type D,\n  e,\n} from "node:fs";',
    'export { f } from "./f.ts";',
    'import "./side-effect.ts";',
    'const g = await import("./g.ts");',
    'let h: import("./h.ts").H;',
    '// import { no } from "./comment.ts";',
  ].join("\n");
  const found = importsOf("room/file.ts", text).map(({ to, typeOnly, lazy }) => `${to}${typeOnly ? " types" : ""}${lazy ? " lazy" : ""}`);
  expect(found).toEqual(["room/a.ts types", "c.ts types", "node:fs", "room/f.ts", "room/side-effect.ts", "room/g.ts lazy", "room/h.ts types lazy"]);
});

test("all rooms are there", () => {
  expect([...new Set([...graph.keys()].map(roomOf))]).toEqual(expect.arrayContaining(["bake", "cli", "loaders", "planner", "runner", "index.ts"]));
});

test("every relative import names a file, with its ending", () => {
  expect(edges.filter(({ to }) => !isOwn(to) && /^(?!node:|@|[a-z\d-]+(?:\/[a-z-]+)*$)/.test(to)).map(shown)).toEqual([]);
});

test("rooms import only what they may", () => {
  expect(edges.filter((edge) => !allowed(edge)).map(shown)).toEqual([]);
});

test("nothing imports the command line but itself", () => {
  expect(edges.filter(({ from, to }) => isOwn(to) && roomOf(to) === "cli" && roomOf(from) !== "cli").map(shown)).toEqual([]);
});

test("messages of the wire are seen by the two ends of the protocol only: clients and session services", () => {
  const outside = edges.filter(({ from, to }) => to.startsWith("runner/buildkit/wire/") && !/^runner\/(buildkit|session)\//.test(from));
  expect(outside.map(shown)).toEqual([]);
});

test("hcl2json is imported in one file", () => {
  expect([...new Set(edges.filter(({ to }) => to.startsWith("@cdktf/")).map(({ from }) => from))]).toHaveLength(1);
});

test("there is no cycle of imports, not even of types", () => {
  expect(findCycle()).toEqual([]);
});

/** The files of one cycle, in order; empty where there is none. Depth-first with a stack of its own. */
function findCycle(): readonly string[] {
  const finished = new Set<string>();
  for (const root of graph.keys()) {
    const path: { readonly file: string; readonly next: Iterator<Import> }[] = [];
    const onPath = new Set<string>();
    const enter = (file: string): void => {
      onPath.add(file);
      path.push({ file, next: (graph.get(file) ?? []).filter(({ lazy }) => !lazy)[Symbol.iterator]() });
    };
    if (!finished.has(root)) enter(root);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const step = top.next.next();
      if (step.done === true) {
        finished.add(top.file);
        onPath.delete(top.file);
        path.pop();
      } else if (onPath.has(step.value.to)) {
        const files = path.map(({ file }) => file);
        return [...files.slice(files.indexOf(step.value.to)), step.value.to];
      } else if (isOwn(step.value.to) && !finished.has(step.value.to)) {
        enter(step.value.to);
      }
    }
  }
  return [];
}
