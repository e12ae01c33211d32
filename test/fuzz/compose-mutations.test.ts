/** Broken compose projects: loading ends, throws nothing, and every place lies in its file. */
import { expect, test } from "vitest";
import { DECODERS } from "../../src/bake/fields.ts";
import type { Diagnostic } from "../../src/diagnostics.ts";
import { loadCompose } from "../../src/loaders/compose/load.ts";
import { hostOf } from "../unit/loaders/compose/rig.ts";
import { ComposeProjects } from "./compose-projects.ts";
import type { FuzzCase } from "./cases.ts";
import { Coverage, Random } from "./random.ts";

const PIECES: readonly string[] = [
  ..."{ } [ ] : # % @ ` , ~ ' \" $ = ..".split(" "),
  ...[
    "- ",
    "\n",
    "  ",
    "\t",
    "&a ",
    "*a",
    "<<: ",
    "!reset ",
    "!override ",
    "!!str ",
    "!!int ",
    "|\n",
    ">\n",
    "? ",
    "${",
    "---\n",
    "...\n",
    "%YAML 1.1\n---\n",
    "x: &x\n",
    "*x",
    ".inf",
    "0x",
  ],
  ...["\ufeff", "\u0000", "\u2028", "\u0085", "é", "😀", "\ud800", "\udc80", "\r"],
];

function mutate(text: string, random: Random): string {
  const at = random.int(text.length + 1);
  switch (random.int(4)) {
    case 0:
      return text.slice(0, at) + random.pick(PIECES) + text.slice(at);
    case 1:
      return text.slice(0, at) + text.slice(at + 1 + random.int(5));
    case 2: {
      const from = random.int(text.length + 1);
      return text.slice(0, at) + text.slice(from, from + random.int(40)) + text.slice(at);
    }
    default:
      return text.slice(0, at) + random.pick(PIECES) + random.pick(PIECES) + text.slice(at + 1);
  }
}

function broken(seed: number): FuzzCase {
  const fuzz = new ComposeProjects(seed, new Coverage()).generate();
  const random = new Random(seed);
  const files = Object.entries(fuzz.files).map(([name, text]) => {
    let out = text;
    for (let count = random.int(4); count > 0; count--) out = mutate(out, random);
    return [name, out] as const;
  });
  return { ...fuzz, files: Object.fromEntries(files) };
}

const isInside = ({ range, related = [] }: Diagnostic): boolean =>
  [range, ...related.map((place) => place.range)].every(
    (place) => !place || (place.start >= 0 && place.start <= place.end && place.end <= place.file.text.length),
  );

test("3,000 broken projects", { timeout: 120_000 }, () => {
  const misplaced: string[] = [];
  let accepted = 0;
  for (let seed = 1; seed <= 3000; seed++) {
    const { files, env } = broken(seed);
    const sources = Object.entries(files)
      .filter(([name]) => /^(?:compose|over|project)/.test(name))
      .map(([name, text]) => ({ path: name, file: { name, text } }));
    const result = loadCompose(sources, { host: hostOf(files, env), decoders: DECODERS, vars: new Map() });
    if (result.ok) accepted++;
    for (const diagnostic of result.diagnostics) if (!isInside(diagnostic)) misplaced.push(`seed ${seed}: ${diagnostic.summary}`);
  }
  console.log(`3000 broken projects, ${accepted} accepted`);
  expect(misplaced).toEqual([]);
  expect(accepted).toBeGreaterThan(100);
});
