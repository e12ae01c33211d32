/** Oddities of YAML (spec/compose.md 1.2, 1.3). Answers were recorded from the reference. */
import { expect, test } from "vitest";
import { bakeError, bakeTargets, type Files } from "./rig.ts";

type Row<T> = readonly [files: Files, f: readonly string[], want: T];

/** Targets without the default dockerfile. */
const ACCEPTED: readonly Row<object>[] = [
  [
    `services: {a: {build: {args: {A: !!binary aGk=, B: !!timestamp "2001-01-01"}}}}`,
    [],
    { a: { context: ".", args: { A: "hi", B: "2001-01-01 00:00:00 +0000 UTC" } } },
  ],
  [
    "services: {a: {build: {args: !!map {A: 1}, tags: !!seq [a], labels: !foo {a: b}}}}",
    [],
    { a: { context: ".", args: { A: "1" }, labels: { a: "b" }, tags: ["a"] } },
  ],
  [
    `services: {a: {build: {args: {A: 2001-01-01T00:00:00+00:00, B: 2001-01-01T01:02:03.000-05:00, C: 2001-1-1, D: 2001-13-01, E: "2001-01-01"}}}}`,
    [],
    {
      a: {
        context: ".",
        args: {
          A: "2001-01-01 00:00:00 +0000 UTC",
          B: "2001-01-01 01:02:03 -0500 -0500",
          C: "2001-01-01 00:00:00 +0000 UTC",
          D: "2001-13-01",
          E: "2001-01-01",
        },
      },
    },
  ],
  [
    "services: {a: {build: {args: {A: 2001-01-01 1:2:3, B: 2001-01-01T1:2:3Z, C: 2001-01-01 01:02:03 Z, D: 2001-01-01t01:02:03z}}}}",
    [],
    {
      a: {
        context: ".",
        args: { A: "2001-01-01 01:02:03 +0000 UTC", B: "2001-01-01 01:02:03 +0000 UTC", C: "2001-01-01 01:02:03 Z", D: "2001-01-01t01:02:03z" },
      },
    },
  ],
  [
    "services: {a: {build: {args: {A: 18446744073709551615, B: 18446744073709551616, C: -9223372036854775808, D: -9223372036854775809, E: 0xFFFFFFFFFFFFFFFF}}}}",
    [],
    {
      a: {
        context: ".",
        args: { A: "18446744073709551615", B: "1.8446744073709552e+19", C: "-9223372036854775808", D: "-9.223372036854776e+18", E: "18446744073709551615" },
      },
    },
  ],
  [
    "services: {a: {build: {args: {A: ._5, B: .5_5, C: .5e3, D: +.5, E: -.5, F: 1e, G: 1_, H: _1, I: 0x, J: 0b2, K: 0_8}}}}",
    [],
    { a: { context: ".", args: { A: "._5", B: "0.55", C: "500", D: "0.5", E: "-0.5", F: "1e", G: "1", H: "_1", I: "0x", J: "0b2", K: "8" } } },
  ],
  [`services: {a: {build: {args: {? A : b, ? B, "C" : d}}}}`, [], { a: { context: ".", args: { A: "b", C: "d" } } }],
  ["services: {a: {build: {args: {A: &x foo, B: *x, *x : y}}}}", [], { a: { context: ".", args: { A: "foo", B: "foo", foo: "y" } } }],
  [
    "services: {a: &s {build: {args: {A: &x 1}}}, b: *s, c: {<<: *s, image: q}}",
    [],
    { a: { context: ".", args: { A: "1" } }, b: { context: ".", args: { A: "1" } }, c: { context: ".", args: { A: "1" }, tags: ["q"] } },
  ],
  ["services: {a: {build: {<<: [], context: x}}}", [], { a: { context: "x" } }],
  ["services: {a: {build: {<<: {context: y, <<: {target: z}}, context: x}}}", [], { a: { context: "x", target: "z" } }],
  ["services: {a: {build: {!!merge foo: {context: y}}}}", [], { a: { context: "y" } }],
  [
    `services: &a {b: {build: x}}
services2: *a`,
    [],
    { b: { context: "x" } },
  ],
  ["services: {a: {build: {target: !reset t, args: !override {A: 1}}}}", [], { a: { context: ".", args: { A: "1" } } }],
  ["services: {a: {build: {tags: [!reset a, b]}}}", [], { a: { context: ".", tags: ["b"] } }],
  ["services: {a: {build: {tags: !reset [a]}}}", [], { a: { context: "." } }],
  ["services: {a: {build: {<<: &b {target: x}, target: !reset null}}}", [], { a: { context: ".", target: "x" } }],
  [
    `services:
  a:
    build:
      args: {A: 1,
  B: 2,
}
`,
    [],
    { a: { context: ".", args: { A: "1", B: "2" } } },
  ],
  [
    `services:
  a: {
  "build": {
"context": "x" # c }
, "target": 'q}' }
}
`,
    [],
    { a: { context: "x", target: "q}" } },
  ],
  [
    `{
	"services": {
		"a": {
			"build": "x"
		}
	}
}
`,
    [],
    { a: { context: "x" } },
  ],
  [
    `services:
  a:
    build: "x

y"
`,
    [],
    { a: { context: "x\ny" } },
  ],
  [
    `services:
  a:
    build: 'x
  y'
    image: >-
      a
      b
`,
    [],
    { a: { context: "x y", tags: ["a b"] } },
  ],
  [
    `services: {a: {build: .}}
...
`,
    [],
    { a: { context: "." } },
  ],
  [
    `services: {a: {build: .}}
...
# c
`,
    [],
    { a: { context: "." } },
  ],
  [
    `services: {a: {build: .}}
...
---
services: {b: {build: .}}
`,
    [],
    { a: { context: "." }, b: { context: "." } },
  ],
  [
    `%YAML 1.1
---
services: {a: {build: .}}
`,
    [],
    { a: { context: "." } },
  ],
  [
    `%TAG !e! tag:example.com,2000:
---
services: {a: {build: !e!x y}}
`,
    [],
    { a: { context: "y" } },
  ],
  [
    `# c
---
services: {a: {build: .}}
`,
    [],
    { a: { context: "." } },
  ],
  ['services: {a: {build: "x\\x01"}}\n', [], { a: { context: "x\u0001" } }],
  ['services: {a: {build: "\\xff"}}\n', [], { a: { context: "ÿ" } }],
  ['services: {a: {build: "x\\x00y"}}\n', [], { a: { context: "x\u0000y" } }],
  ['services: {a: {build: {args: {A: "x\\x7fy\\xc2\\x85"}}}}\n', [], { a: { context: ".", args: { A: "xyÂ" } } }],
  [`services: {a: {build: {args: {"A B": x, "A ": y}}}}`, [], { a: { context: ".", args: { "A ": "y", "A B": "x" } } }],
  ["services: {a: {build: {args: [A B=x]}}}", [], { a: { context: ".", args: { "A B": "x" } } }],
  [`services: {a: {build: {args: [=x, ""]}}}`, [], { a: { context: "." } }],
  [`services: {a: {build: {labels: ["=x", "", "a=b=c"]}}}`, [], { a: { context: ".", labels: { "": "", a: "b=c" } } }],
  [
    `services:
  a:
    build: "x

y"
`,
    [],
    { a: { context: "x\ny" } },
  ],
  [
    `services:
  a:
    build: 'x
  y'
    image: >-
      a
      b
`,
    [],
    { a: { context: "x y", tags: ["a b"] } },
  ],
  [
    "services:\n  a:\n    build: 'x\n  it''s'\n  b: {build: {args: {A: \"a\n\\\"b\n\n c\",\nB: 'q\nr'}}}\n",
    [],
    { a: { context: "x it's" }, b: { context: ".", args: { A: 'a "b\nc', B: "q r" } } },
  ],
  [
    `services: {a: {build: "aÃ("}}
`,
    [],
    { a: { context: "aÃ(" } },
  ],
];

test.each(ACCEPTED)("%j %j", async (files, f, want) => {
  expect(await bakeTargets(files, { f })).toEqual(want);
});

const REFUSED: readonly Row<string>[] = [
  ["services: {a: {build: {tags: [18446744073709551615]}}}", [], "services.a.build.tags.[0]: unexpected type uint64"],
  [
    "services: {a: {build: {<<: [[{context: y}]]}}}",
    [],
    `failed to parse compose.yaml: yaml: construct errors:
  line 1: yaml: map merge requires map or sequence of maps as the value`,
  ],
  [
    "services: {a: {build: {<<: }}}",
    [],
    `failed to parse compose.yaml: yaml: construct errors:
  line 1: yaml: map merge requires map or sequence of maps as the value`,
  ],
  [
    "services: {a: {build: {<<: [~]}}}",
    [],
    `failed to parse compose.yaml: yaml: construct errors:
  line 1: yaml: map merge requires map or sequence of maps as the value`,
  ],
  ["services: !reset {a: {build: x}}", [], "empty compose file"],
  [
    `services:
  a:
    build: {
      context: x,
  target: y
    }
  b: {build: [
]}
`,
    [],
    "services.b.build: invalid type []interface {} for build",
  ],
  [
    `---
# only
---
services: {a: {build: .}}
`,
    [],
    "top-level object must be a mapping",
  ],
  [
    `\\xef\\xbb\\xbfservices: {a: {build: .}}
`,
    [],
    "empty compose file",
  ],
  [
    `services: {a: {build: {args: ["A	=x"]}}}`,
    [],
    `decoding failed due to the following error(s):

'services[a].build.args' environment variable A	 is declared with a trailing space`,
  ],
  [
    "services: {a: {build: {args: {[a]: b, c: d, c: e}}}}",
    [],
    `failed to parse compose.yaml: yaml: construct errors:
  line 1: line 1: mapping key "c" already defined at line 1`,
  ],
  [
    "services: {a: {build: {args: {[a]: b, c: !!int foo}}}}",
    [],
    `failed to parse compose.yaml: yaml: construct errors:
  line 1: yaml: cannot use '[]interface {}{"a"}' as a map key; try decoding into yaml.Node`,
  ],
  [
    "services: {a: {build: {args: {c: !!int foo, [a]: b, d: !!int bar}}}}",
    [],
    "failed to parse compose.yaml: yaml: construct errors:\n  line 1: yaml: cannot construct !!str `foo` as a !!int",
  ],
  [
    "services: {a: {build: {args: {c: !!int foo}, labels: {1: 2}}}}",
    [],
    "failed to parse compose.yaml: yaml: construct errors:\n  line 1: yaml: cannot construct !!str `foo` as a !!int",
  ],
  [
    "services: {a: {build: {args: {c: !!int foo, <<: 5}}}}",
    [],
    "failed to parse compose.yaml: yaml: construct errors:\n  line 1: yaml: cannot construct !!str `foo` as a !!int",
  ],
  [
    "services: {a: {build: {args: {<<: 5, c: !!int foo}}}}",
    [],
    "failed to parse compose.yaml: yaml: construct errors:\n  line 1: yaml: cannot construct !!str `foo` as a !!int",
  ],
  [
    "services: {a: {build: {args: {c: !!int foo}, <<: {b: !!int bar}}}}",
    [],
    "failed to parse compose.yaml: yaml: construct errors:\n  line 1: yaml: cannot construct !!str `foo` as a !!int",
  ],
  [
    "services: {a: {build: {args: {c: !!int foo}, x: &x [*x]}}}",
    [],
    `failed to parse compose.yaml: yaml: construct errors:
  line 1: cycle detected: node at path services.a.build.x.0.0 references node at path services.a.build.x.0`,
  ],
  [
    "services: {a: {build: {args: {<<: 5}, x: &x [*x]}}}",
    [],
    `failed to parse compose.yaml: yaml: construct errors:
  line 1: cycle detected: node at path services.a.build.x.0.0 references node at path services.a.build.x.0`,
  ],
  [
    `services: {a: {build: "x"}}
`,
    [],
    "failed to parse compose.yaml: yaml: offset 24: control characters are not allowed",
  ],
];

test.each(REFUSED)("%j %j", async (files, f, want) => {
  expect(await bakeError(files, { f })).toBe(want);
});
