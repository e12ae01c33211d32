import { expect, test } from "vitest";
import type { BakeEvent, VertexWarning } from "../../../../src/events.ts";
import { broadcast, type Renderer } from "../../../../src/runner/progress/renderer.ts";
import { withTwins } from "../../../../src/runner/progress/twins.ts";
import { WarningList } from "../../../../src/runner/progress/warnings.ts";
import { end, start, status } from "./rig.ts";

const warning = (vertex: string, line: number): VertexWarning => ({
  vertex,
  level: 1,
  short: Buffer.from(`Rule: something (line ${line})`),
  detail: [Buffer.from("Why it matters")],
  url: "https://example.org/rule",
  source: { filename: "Dockerfile", data: Buffer.from("FROM a\nRUN b\nRUN c\nRUN d\n"), language: "Dockerfile" },
  ranges: [{ start: { line, character: 0 }, end: { line, character: 0 } }],
});

const list = new WarningList();
list.add(warning("1", 2), "web");
list.add(warning("2", 2), "api");
list.add(warning("1", 3), "web");

test("the same warning of several targets counts once; lines are the reference's", () => {
  expect(list.format({ debug: false, color: false, places: false })).toBe(
    "\n 2 warnings found (use --debug to expand):\n - Rule: something (line 2)\n - Rule: something (line 3)\n",
  );
  expect(new WarningList().format({ debug: true, color: true, places: true })).toBe("");
});

test("with places each tells where it is and how many targets have it", () => {
  expect(list.format({ debug: false, color: true, places: true })).toBe(
    "\n \u001b[33m2 warnings found (use --debug to expand):\u001b[0m\n - Dockerfile:2: Rule: something (line 2) (2 targets)\n - Dockerfile:3: Rule: something (line 3)\n",
  );
});

test("debug adds details, the link and the lines", () => {
  const one = new WarningList();
  one.add(warning("1", 2));
  expect(one.format({ debug: true, color: false, places: false })).toBe(
    `
 1 warning found:
 - Rule: something (line 2)
Why it matters
More info: https://example.org/rule
Dockerfile:2
--------------------
   1 |     FROM a
   2 | >>> RUN b
   3 |     RUN c
   4 |     RUN d
--------------------

`,
  );
});

test("all renderers are finished, in order, even when one fails", async () => {
  const told: string[] = [];
  const renderer = (name: string, fails = false): Renderer => ({
    handle: (event) => told.push(`${name} ${event.type}`),
    finish: () => {
      told.push(`${name} finished`);
      return fails ? Promise.reject(new Error(`${name} failed`)) : Promise.resolve();
    },
  });
  const all = broadcast([renderer("a", true), renderer("b")]);
  all.handle(end());
  await expect(all.finish()).rejects.toThrow("a failed");
  expect(told).toEqual(["a end", "b end", "a finished", "b finished"]);
});

test("twins get the steps of the target that is built for them", () => {
  const seen: BakeEvent[] = [];
  const renderer = withTwins({ handle: (event) => seen.push(event), finish: () => Promise.resolve() }, new Map([["web", ["web2"]]]));
  const event = { ...status({ vertexes: [] }), target: "web" };
  for (const each of [start("web", "web2"), event, { ...event, target: "api" }]) renderer.handle(each);
  expect(seen).toEqual([start("web", "web2"), event, { ...event, target: "web2" }, { ...event, target: "api" }]);
});
