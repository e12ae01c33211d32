/** Every line of the specifications' checklists has a test that carries its number: `[bake 12]`, `[hcl 12]`, `[compose 12]`. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "..");

/** How many lines each checklist has. */
const LISTS = { bake: 106, hcl: 124, compose: 159 } as const;

function testTexts(folder: string): string {
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith(".test.ts"))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"))
    .join("\n");
}

test.each(Object.entries(LISTS))("no number of the %s checklist is missing", (list, count) => {
  const found = new Set([...testTexts(ROOT).matchAll(new RegExp(`\\[${list} (\\d+)\\]`, "g"))].map(([, number]) => Number(number)));
  const missing = Array.from({ length: count }, (_, i) => i + 1).filter((number) => !found.has(number));
  expect(missing).toEqual([]);
});
