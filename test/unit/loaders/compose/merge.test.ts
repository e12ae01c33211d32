/** Several files and documents: merging, !reset and !override (spec/compose.md 1.5, 1.7). Answers were recorded from the reference. */
import { expect, test } from "vitest";
import { bakeError, bakeTargets, type Files } from "./rig.ts";

type Row<T> = readonly [files: Files, f: readonly string[], want: T];

/** Targets without the default dockerfile. */
const ACCEPTED: readonly Row<object>[] = [
  [
    { "a.yaml": "services: {x: {build: a}, z: {build: q}}", "b.yaml": "services: {x: !reset , y: {build: b}}" },
    ["a.yaml", "b.yaml"],
    { y: { context: "b" }, z: { context: "q" } },
  ],
  [
    { "a.yaml": "services: {x: {build: a}, z: {build: q}}", "b.yaml": `services: {"*": !reset , y: {build: b}}` },
    ["a.yaml", "b.yaml"],
    { y: { context: "b" } },
  ],
  [
    {
      "a.yaml": "services: {x: {build: {tags: [a, b], args: {A: 1, B: 2}}}}",
      "b.yaml": "services: {x: {build: {tags: [!reset a, c], args: {A: !reset null}}}}",
    },
    ["a.yaml", "b.yaml"],
    { x: { context: ".", args: { B: "2" }, tags: ["a", "b", "c"] } },
  ],
  [
    { "a.yaml": "services: {x: {build: {args: {A: 1, B: 2}}}}", "b.yaml": "services: {x: &r !override {build: {args: {C: 1}}}, y: *r}" },
    ["a.yaml", "b.yaml"],
    { x: { context: ".", args: { C: "1" } }, y: { context: ".", args: { C: "1" } } },
  ],
  [
    {
      "a.yaml": "services: {x: {build: {args: {A: 1, B: 2}}}}",
      "b.yaml": `x-r: &r {args: !reset }
services: {x: {build: {<<: *r, target: t}}}`,
    },
    ["a.yaml", "b.yaml"],
    { x: { context: ".", target: "t" } },
  ],
  [
    { "a.yaml": "services: {x.y: {build: {args: {A: 1}, target: t}}}", "b.yaml": "services: {x.y: {build: {args: !reset , target: !reset }}}" },
    ["a.yaml", "b.yaml"],
    { x_y: { context: "." } },
  ],
  [
    { "a.yaml": "services: {x: {build: {no_cache_filter: a}}}", "b.yaml": "services: {x: {build: {no_cache_filter: [b]}}}" },
    ["a.yaml", "b.yaml"],
    { x: { context: "." } },
  ],
  [
    { "a.yaml": "services: {x: {build: {labels: {A: 1, C: 2001-01-01}}}}", "b.yaml": "services: {x: {build: {labels: {B: , C: 1.0}}}}" },
    ["a.yaml", "b.yaml"],
    { x: { context: ".", labels: { A: "1", B: "", C: "1" } } },
  ],
  [
    { "a.yaml": "services: {x: {build: {extra_hosts: {h: 1.1.1.1}}}}", "b.yaml": "services: {x: {build: {extra_hosts: {h: 1.1.1.1, k: [1.2.3.4, 1.2.3.5]}}}}" },
    ["a.yaml", "b.yaml"],
    { x: { context: ".", "extra-hosts": { h: "1.1.1.1", k: "1.2.3.4,1.2.3.5" } } },
  ],
  [
    { "a.yaml": `services: {x: {build: {extra_hosts: ["h:1.1.1.1"]}}}`, "b.yaml": "services: {x: {build: {extra_hosts: {h: 1.1.1.1}}}}" },
    ["a.yaml", "b.yaml"],
    { x: { context: ".", "extra-hosts": { h: "1.1.1.1,1.1.1.1" } } },
  ],
  [
    {
      "a.yaml": `services: {x: {build: .}}
secrets: {s: {environment: E}}`,
      "b.yaml": `services: {x: {build: {secrets: [s]}}}
secrets: {s: {file: f}}`,
      f: "x",
    },
    ["a.yaml", "b.yaml"],
    { x: { context: ".", secret: [{ id: "s", src: "f", env: "E" }] } },
  ],
  [{ "a.yaml": "services: {x: {build: .}}" }, ["a.yaml", "a.yaml"], { x: { context: "." } }],
  [
    { "a.yaml": `services: {x: {build: {tags: [a], cache_from: [c], extra_hosts: ["h:1"]}}}` },
    ["a.yaml", "a.yaml"],
    { x: { context: ".", tags: ["a"], "cache-from": [{ ref: "c", type: "registry" }], "extra-hosts": { h: "1" } } },
  ],
  [
    {
      "a.yaml": `name: "\${U}"
services: {x: {build: {args: {N: "$COMPOSE_PROJECT_NAME"}}}}`,
    },
    ["a.yaml"],
    { x: { context: ".", args: { N: "bake" } } },
  ],
  [
    {
      "a.yaml": `name: [x]
services: {x: {build: {args: {N: "$COMPOSE_PROJECT_NAME"}}}}`,
    },
    ["a.yaml"],
    { x: { context: ".", args: { N: "bake" } } },
  ],
  [
    {
      "a.yaml": `name: 1.50
services: {x: {build: {args: {N: "$COMPOSE_PROJECT_NAME"}}}}`,
    },
    ["a.yaml"],
    { x: { context: ".", args: { N: "1.50" } } },
  ],
  [
    { "a.yaml": `services: {x: {build: {args: {N: "$U"}}}}`, "b.yaml": `services: {y: {build: {args: {N: "$V"}}}}` },
    ["a.yaml", "b.yaml"],
    { x: { context: ".", args: { N: "" } }, y: { context: ".", args: { N: "" } } },
  ],
];

test.each(ACCEPTED)("%j %j", async (files, f, want) => {
  expect(await bakeTargets(files, { f })).toEqual(want);
});

const REFUSED: readonly Row<string>[] = [
  [{ "a.yaml": "services: {x: {build: a}}", "b.yaml": "services: !reset {}" }, ["a.yaml", "b.yaml"], "empty compose file"],
  [
    {
      "a.yaml": "services: {x: {build: {args: {A: 1}}}}",
      "b.yaml": "services: {x: {build: {args: }}}",
      "c.yaml": "services: {x: {build: {args: {A: !reset }}}}",
    },
    ["a.yaml", "b.yaml", "c.yaml"],
    "services.x.build.args must be a mapping",
  ],
  [
    { "a.yaml": "services: {x: {build: {x-bake: {tags: [a]}}}}", "b.yaml": "services: {x: {build: {x-bake: {tags: b}}}}" },
    ["a.yaml", "b.yaml"],
    "failed to parse compose file: cannot override services.x.build.x-bake.tags",
  ],
  [
    { "a.yaml": `services: {x: {build: {args: {"A ": 1}}}}`, "b.yaml": "services: {x: {build: {args: {B: 1}}}}" },
    ["a.yaml", "b.yaml"],
    `failed to parse compose file: decoding failed due to the following error(s):

'services[x].build.args' environment variable A  is declared with a trailing space`,
  ],
  [
    { "a.yaml": "services: {x: {build: {args: {A: 1}}}}", "b.yaml": "services: {x: {build: {args: {A: [x, y]}}}}" },
    ["a.yaml", "b.yaml"],
    "services.x.build.args.A must be a boolean, null, number or string",
  ],
  [{ "a.yaml": "services: [a]", "b.yaml": "services: {x: {build: .}}" }, ["a.yaml", "b.yaml"], "services must be a mapping"],
  [
    {
      "a.yaml": `name: "\${U?no}"
services: {x: {build: {args: {N: "$COMPOSE_PROJECT_NAME"}}}}`,
    },
    ["a.yaml"],
    "error while interpolating name: required variable U is missing a value: no",
  ],
];

test.each(REFUSED)("%j %j", async (files, f, want) => {
  expect(await bakeError(files, { f })).toBe(want);
});
