/** Files that include and extend others (spec/compose.md 1.6). Answers were recorded from the reference. */
import { expect, test } from "vitest";
import { bakeError, bakeTargets, type Files } from "./rig.ts";

type Row<T> = readonly [files: Files, f: readonly string[], want: T];

/** Targets without the default dockerfile. */
const ACCEPTED: readonly Row<object>[] = [
  [
    `include: []
services: {a: {build: .}}`,
    [],
    { a: { context: "." } },
  ],
  [
    {
      "compose.yaml": `include: [a.yaml]
services: {b: {build: .}}`,
      "a.yaml": "",
    },
    [],
    { b: { context: "." } },
  ],
  [
    {
      "compose.yaml": `include: [a.yaml]
services: {b: {build: .}}`,
      "a.yaml": `# c
`,
    },
    [],
    { b: { context: "." } },
  ],
  [
    {
      "compose.yaml": `include: [a/compose.yaml]
`,
      "a/compose.yaml": "services: {b: {build: .}}",
    },
    [],
    { b: { context: "a" } },
  ],
  [
    {
      "compose.yaml": `include: [{path: a/compose.yaml, env_file: /dev/null}]
`,
      "a/compose.yaml": `services: {b: {build: "\${X:-d}"}}`,
      "a/.env": "X=x",
    },
    [],
    { b: { context: "a/d" } },
  ],
  [
    {
      "compose.yaml": `include: [{path: a/compose.yaml, env_file: []}]
`,
      "a/compose.yaml": `services: {b: {build: "\${X:-d}"}}`,
      "a/.env": "X=x",
    },
    [],
    { b: { context: "a/x" } },
  ],
  [
    {
      "compose.yaml": `include: [{path: a/compose.yaml, env_file: [x.env, y.env]}]
`,
      "a/compose.yaml": `services: {b: {build: "\${X:-d}-\${Y:-d}"}}`,
      "x.env": "X=x",
      "y.env": `Y=$X$X
X=z`,
    },
    [],
    { b: { context: "a/z-xx" } },
  ],
  [
    {
      "compose.yaml": `include: [{path: a/compose.yaml, project_directory: p}]
`,
      "a/compose.yaml": "services: {b: {build: x}}",
      "p/.env": "Z=1",
    },
    [],
    { b: { context: "p/x" } },
  ],
  [
    {
      "compose.yaml": `include: [{path: a/compose.yaml, project_directory: gone}]
`,
      "a/compose.yaml": "services: {b: {build: x}}",
    },
    [],
    { b: { context: "x" } },
  ],
  [
    {
      "compose.yaml": `include: [{path: a/compose.yaml, project_directory: /abs}]
`,
      "a/compose.yaml": "services: {b: {build: x}}",
    },
    [],
    { b: { context: "/abs/x" } },
  ],
  [
    {
      "compose.yaml": `include: [a/c.yaml, b/c.yaml]
`,
      "a/c.yaml": "services: {x: {build: {context: a, target: a}}}",
      "b/c.yaml": "services: {x: {build: {context: b, dockerfile: b}}}",
    },
    [],
    { x: { context: "a/a", dockerfile: "b", target: "a" } },
  ],
  [
    {
      "compose.yaml": `include: [a/c.yaml]
services: {x: {build: {target: !reset , args: !override {Z: 1}}}}`,
      "a/c.yaml": "services: {x: {build: {context: a, target: a, args: {A: 1}}}}",
    },
    [],
    { x: { context: "a/a", args: { Z: "1" } } },
  ],
  [
    {
      "compose.yaml": `include: [a/c.yaml]
services: {y: {extends: x}}`,
      "a/c.yaml": "services: {x: {build: {context: a, target: a, args: {A: 1}}}}",
    },
    [],
    { x: { context: "a/a", args: { A: "1" }, target: "a" }, y: { context: "a/a", args: { A: "1" }, target: "a" } },
  ],
  [
    {
      "compose.yaml": `include: [a/c.yaml]
services: {}
secrets: {s: {environment: E}}`,
      "a/c.yaml": `services: {x: {build: {secrets: [s, t]}}}
secrets: {t: {file: f}, s: {file: g}}`,
      "a/f": "x",
      "a/g": "y",
    },
    [],
    {
      x: {
        context: "a",
        secret: [
          { id: "s", src: "a/g", env: "E" },
          { id: "t", src: "a/f" },
        ],
      },
    },
  ],
  [
    {
      "compose.yaml": `include: [a/c.yaml]
`,
      "a/c.yaml": "services: {x: {build: ., environment: [X, Y], env_file: e}}",
      "a/.env": "X=1",
      "a/e": `Y=2
Z=3`,
    },
    [],
    { x: { context: "a" } },
  ],
  [
    {
      "compose.yaml": `include: [a/c.yaml]
`,
      "a/c.yaml": "services: {x: {build: {args: [X, Y, Z]}, environment: [X, Y], env_file: e}}",
      "a/.env": "X=1",
      "a/e": `Y=2
Z=3`,
    },
    [],
    { x: { context: "a", args: { X: "1", Z: "3" } } },
  ],
  [
    {
      "compose.yaml": `include: [a/c.yaml]
`,
      "a/c.yaml": `name: foo
services: {x: {build: {args: {N: "$COMPOSE_PROJECT_NAME"}}}}`,
    },
    [],
    { x: { context: "a", args: { N: "bake" } } },
  ],
  [
    {
      "compose.yaml": `include: [a/c.yaml]
`,
      "a/c.yaml": `services: {x: {build: "$U"}}`,
    },
    [],
    { x: { context: "." } },
  ],
  [
    {
      "compose.yaml": "services: {x: {extends: {file: a/c.yaml, service: y}}}",
      "a/c.yaml": "services: {y: {extends: {file: b.yaml, service: z}, build: {target: y}}}",
      "a/b.yaml": "services: {z: {build: ctx}}",
    },
    [],
    { x: { context: "a/ctx", target: "y" } },
  ],
  [
    {
      "compose.yaml": "services: {x: {extends: {file: a/c.yaml, service: y}}}",
      "a/c.yaml": "services: {y: {extends: {file: d/b.yaml, service: z}}}",
      "a/d/b.yaml": "services: {z: {build: ctx}}",
    },
    [],
    { x: { context: "a/d/ctx" } },
  ],
  [
    {
      "compose.yaml": "services: {x: {extends: {file: a/c.yaml, service: y}}}",
      "a/c.yaml": `include: [gone.yaml]
services: {y: {build: "\${X:-d}"}}`,
      "a/.env": "X=1",
    },
    [],
    { x: { context: "a/d" } },
  ],
  [
    {
      "compose.yaml": "services: {x: {extends: {file: a/c.yaml, service: y}}}",
      "a/c.yaml": `services: {y: {build: x}}
---
services: {y: {build: {target: t, dockerfile: D}}}
`,
    },
    [],
    { x: { context: "a/x", dockerfile: "D", target: "t" } },
  ],
  ["services: {x: {extends: {file: compose.yaml, service: y}}, y: {build: c}}", [], { x: { context: "c" }, y: { context: "c" } }],
  ["services: {x: {extends: y, build: }, y: {build: c}}", [], { x: { context: "c" }, y: { context: "c" } }],
  ["services: {x: {extends: y, build: !reset }, y: {build: c, image: i}}", [], { y: { context: "c", tags: ["i"] } }],
  [
    "services: {x: {extends: y, build: !override {target: t}}, y: {build: c, image: i}}",
    [],
    { x: { context: ".", tags: ["i"], target: "t" }, y: { context: "c", tags: ["i"] } },
  ],
  [
    "services: {x: {extends: y}, y: {extends: z}, z: {extends: w}, w: {build: {args: {A: 1}}}}",
    [],
    {
      w: { context: ".", args: { A: "1" } },
      x: { context: ".", args: { A: "1" } },
      y: { context: ".", args: { A: "1" } },
      z: { context: ".", args: { A: "1" } },
    },
  ],
  [
    { "a.yaml": "services: {x: {extends: y}, y: {build: {target: t}}}", "b.yaml": "services: {y: {build: {target: u}}}" },
    ["a.yaml", "b.yaml"],
    { x: { context: ".", target: "t" }, y: { context: ".", target: "u" } },
  ],
];

test.each(ACCEPTED)("%j %j", async (files, f, want) => {
  expect(await bakeTargets(files, { f })).toEqual(want);
});

const REFUSED: readonly Row<string>[] = [
  [
    {
      "compose.yaml": `include: [a.yaml]
services: {}`,
      "a.yaml": `include: [a.yaml]
services: {}`,
    },
    [],
    `include cycle detected:

 include a.yaml
 include a.yaml`,
  ],
  [
    `include: [compose.yaml]
services: {a: {build: .}}`,
    [],
    `include cycle detected:

 include compose.yaml
 include compose.yaml`,
  ],
  [
    `include: [5]
services: {}`,
    [],
    `decoding failed due to the following error(s):

'[0]' expected a map or struct, got "int"`,
  ],
  [
    `include: [{}]
services: {}`,
    [],
    "failed to find target default",
  ],
  [
    `include: [{path: 5}]
services: {}`,
    [],
    `decoding failed due to the following error(s):

'[0].path' invalid type int for string list`,
  ],
  [
    `include: [{path: []}]
services: {}`,
    [],
    "failed to find target default",
  ],
  [
    `include: [{path: [5]}]
services: {}`,
    [],
    `decoding failed due to the following error(s):

'[0].path' invalid type []interface {} for string list`,
  ],
  [
    `include: [~]
services: {}`,
    [],
    "failed to find target default",
  ],
  [
    `include: {a: b}
services: {}`,
    [],
    "`include` must be a list, got map[a:b]",
  ],
  [
    {
      "compose.yaml": `include: [a.yaml]
services: {b: {build: .}}`,
      "a.yaml": `[]
`,
    },
    [],
    "top-level object must be a mapping",
  ],
  [
    {
      "compose.yaml": `include: [a]
services: {b: {build: .}}`,
      "a/": "",
    },
    [],
    "read a: is a directory",
  ],
  [
    {
      "compose.yaml": `include: [{path: a/compose.yaml, env_file: gone.env}]
`,
      "a/compose.yaml": "services: {b: {build: .}}",
    },
    [],
    "stat gone.env: no such file or directory",
  ],
  [
    {
      "compose.yaml": `include: [{path: a/compose.yaml, env_file: /gone.env}]
`,
      "a/compose.yaml": "services: {b: {build: .}}",
    },
    [],
    "couldn't find env file: /gone.env",
  ],
  [
    {
      "compose.yaml": `include: [{path: a/compose.yaml, env_file: a}]
`,
      "a/compose.yaml": "services: {b: {build: .}}",
    },
    [],
    "a is not a file",
  ],
  [
    {
      "compose.yaml": `include: [{path: a/compose.yaml, env_file: x.env}]
`,
      "a/compose.yaml": `services: {b: {build: "\${X:-d}"}}`,
      "x.env": "A B=1",
    },
    [],
    "failed to read /w/x.env: line 1: key cannot contain a space",
  ],
  [
    `include: [../x.yaml]
`,
    [],
    "open ../x.yaml: no such file or directory",
  ],
  [
    `include: ["https://x/y.git"]
`,
    [],
    "open https:/x/y.git: no such file or directory",
  ],
  [
    {
      "compose.yaml": `include: [a/c.yaml]
`,
      "a/c.yaml": "services: {x: {build: {foo: 1}}}",
    },
    [],
    "services.x.build additional properties 'foo' not allowed",
  ],
  [
    {
      "compose.yaml": "services: {x: {extends: {file: a/c.yaml, service: y}}}",
      "a/c.yaml": `services: {y: {build: {secrets: [s]}}}
secrets: {s: {environment: E}}`,
    },
    [],
    `failed to parse compose file: service "x" refers to undefined build secret s: invalid compose project`,
  ],
  [
    { "compose.yaml": "services: {x: {extends: {file: a/c.yaml, service: gone}}}", "a/c.yaml": "services: {y: {build: x}}" },
    [],
    `cannot extend service "x" in : service "gone" not found in a/c.yaml`,
  ],
  [
    { "compose.yaml": "services: {x: {extends: {file: a/c.yaml, service: y}}}", "a/c.yaml": "networks: {}" },
    [],
    `cannot extend service "x" in a/c.yaml: no services section`,
  ],
  [
    { "compose.yaml": "services: {x: {extends: {file: a/c.yaml, service: y}}}", "a/c.yaml": "" },
    [],
    `cannot extend service "x" in a/c.yaml: no services section`,
  ],
  [{ "compose.yaml": "services: {x: {extends: {file: a, service: y}}}", "a/": "" }, [], "read a: is a directory"],
  [
    "services: {x: {extends: {file: compose.yaml, service: x}}}",
    [],
    `Circular reference:
  x in compose.yaml
  extends x in compose.yaml`,
  ],
  [
    "services: {x: {extends: x}}",
    [],
    `Circular reference:
  x in 
  extends x in `,
  ],
  [
    { "compose.yaml": "services: {x: {extends: {file: a.yaml, service: y}}}", "a.yaml": "services: {y: {extends: {file: compose.yaml, service: x}}}" },
    [],
    `Circular reference:
  x in a.yaml
  extends y in compose.yaml
  extends x in a.yaml`,
  ],
  ["services: {x: {extends: y, build: {tags: a}}, y: {build: {tags: [b]}}}", [], "cannot override services.x.build.tags"],
  [
    { "a.yaml": "services: {x: {build: a}}", "b.yaml": "services: {y: {extends: x}}" },
    ["a.yaml", "b.yaml"],
    `cannot extend service "y" in : service "x" not found`,
  ],
  [
    {
      "a.yaml": `services: {x: {build: a}}
---
services: {y: {extends: x}}`,
    },
    ["a.yaml"],
    `cannot extend service "y" in : service "x" not found`,
  ],
  [
    `include: [{path: a, project_directory: 5}]
services: {}`,
    [],
    "open a: no such file or directory",
  ],
  [
    `include: [{path: a, project_directory: [x]}]
services: {}`,
    [],
    `decoding failed due to the following error(s):

'[0].project_directory' expected type 'string', got unconvertible type '[]interface {}'`,
  ],
  [
    `include: [{path: a, env_file: 5}]
services: {}`,
    [],
    `decoding failed due to the following error(s):

'[0].env_file' invalid type int for string list`,
  ],
  [
    `include: [{path: a, env_file: [5, x]}, 5, true]
services: {}`,
    [],
    `decoding failed due to the following error(s):

'[0].env_file' invalid type []interface {} for string list
'[1]' expected a map or struct, got "int"
'[2]' expected a map or struct, got "bool"`,
  ],
  [
    `include: [{path: {a: b}}]
services: {}`,
    [],
    `decoding failed due to the following error(s):

'[0].path' invalid type map[string]interface {} for string list`,
  ],
  [
    `include: [{path: ~}]
services: {}`,
    [],
    "failed to find target default",
  ],
  [
    `include: [[a]]
services: {}`,
    [],
    `decoding failed due to the following error(s):

'[0]' expected a map or struct, got "slice"`,
  ],
  [
    `include: ["a", 2001-01-01]
services: {}`,
    [],
    "open a: no such file or directory",
  ],
  [
    `include: [{foo: x}]
services: {}`,
    [],
    "failed to find target default",
  ],
  [
    `include: [{path: ""}]
services: {}`,
    [],
    `include cycle detected:

 include `,
  ],
  [
    `include: [""]
services: {}`,
    [],
    `include cycle detected:

 include `,
  ],
];

test.each(REFUSED)("%j %j", async (files, f, want) => {
  expect(await bakeError(files, { f })).toBe(want);
});
