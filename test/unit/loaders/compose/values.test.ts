/** Values of build keys in odd forms (spec/compose.md 3.2). Answers were recorded from the reference. */
import { expect, test } from "vitest";
import { bakeError, bakeTargets, type Files } from "./rig.ts";

type Row<T> = readonly [files: Files, f: readonly string[], want: T];

/** Targets without the default dockerfile. */
const ACCEPTED: readonly Row<object>[] = [
  [`services: {a: {build: {shm_size: ".5m"}}}`, [], { a: { context: ".", "shm-size": "512KiB" } }],
  [`services: {a: {build: {shm_size: "+5m"}}}`, [], { a: { context: ".", "shm-size": "5MiB" } }],
  [`services: {a: {build: {shm_size: "1e3"}}}`, [], { a: { context: ".", "shm-size": "1000B" } }],
  [`services: {a: {build: {shm_size: "1_000m"}}}`, [], { a: { context: ".", "shm-size": "1000MiB" } }],
  [`services: {a: {build: {shm_size: "99999999999999999999"}}}`, [], { a: { context: "." } }],
  ["services: {a: {build: {shm_size: 99999999999999999999}}}", [], { a: { context: "." } }],
  ["services: {a: {build: {shm_size: 18446744073709551615}}}", [], { a: { context: "." } }],
  [`services: {a: {build: {shm_size: "9999p"}}}`, [], { a: { context: "." } }],
  [`services: {a: {build: {shm_size: "1023.99k"}}}`, [], { a: { context: ".", "shm-size": "1024KiB" } }],
  ["services: {a: {build: {shm_size: 1048000}}}", [], { a: { context: ".", "shm-size": "1023KiB" } }],
  ["services: {a: {build: {shm_size: 9999}}}", [], { a: { context: ".", "shm-size": "9.765KiB" } }],
  [`services: {a: {build: {shm_size: "0.5b"}}}`, [], { a: { context: "." } }],
  [`services: {a: {build: {shm_size: "1.5mib"}}}`, [], { a: { context: ".", "shm-size": "1.5MiB" } }],
  ["services: {a: {build: {ulimits: {nofile: {soft: 1, hard: 2, x-a: b}}}}}", [], { a: { context: ".", ulimits: ["nofile=1:2"] } }],
  [`services: {a: {build: {network: "host", x-bake: {entitlements: [a]}}}}`, [], { a: { context: ".", network: "host", entitlements: ["network.host"] } }],
  [
    `services: {a: {build: {context: "~", additional_contexts: {q: "~", r: "~/", s: "~x/../y"}}}}`,
    [],
    { a: { context: "/home/me", contexts: { q: "/home/me", r: "/home/me", s: "/home/me/y" } } },
  ],
  ['services: {a: {build: {args: {A: "a\\0b"}}}}', [], { a: { context: ".", args: { A: "a\u0000b" } } }],
  ["services: {a: {image: 'x'}, a.b: {build: x}, a_b: {image: q}}", [], { a_b: { context: "x" } }],
  ["services: {a: {build: {shm_size: 9223372036854775808}}}", [], { a: { context: "." } }],
  [`services: {a: {build: {shm_size: "9223372036854775808"}}}`, [], { a: { context: "." } }],
  [`services: {a: {build: {shm_size: "8192p"}}}`, [], { a: { context: "." } }],
];

test.each(ACCEPTED)("%j %j", async (files, f, want) => {
  expect(await bakeTargets(files, { f })).toEqual(want);
});

const REFUSED: readonly Row<string>[] = [
  [
    `services: {a: {build: {shm_size: ""}}}`,
    [],
    `decoding failed due to the following error(s):

'services[a].build.shm_size' invalid size: ''`,
  ],
  [
    `services: {a: {build: {shm_size: "1 024"}}}`,
    [],
    `decoding failed due to the following error(s):

'services[a].build.shm_size' strconv.ParseFloat: parsing "1 024": invalid syntax`,
  ],
  [
    `services: {a: {build: {shm_size: " 5m "}}}`,
    [],
    `decoding failed due to the following error(s):

'services[a].build.shm_size' strconv.ParseFloat: parsing " 5m": invalid syntax`,
  ],
  [
    `services: {a: {build: {shm_size: "0x10"}}}`,
    [],
    `decoding failed due to the following error(s):

'services[a].build.shm_size' strconv.ParseFloat: parsing "0x10": invalid syntax`,
  ],
  [
    `services: {a: {build: {shm_size: "5mb "}}}`,
    [],
    `decoding failed due to the following error(s):

'services[a].build.shm_size' strconv.ParseFloat: parsing "5mb": invalid syntax`,
  ],
  [
    `services: {a: {build: {shm_size: "1MiBs"}}}`,
    [],
    `decoding failed due to the following error(s):

'services[a].build.shm_size' invalid suffix: 'MiBs'`,
  ],
  [
    `services: {a: {build: {shm_size: "1  g"}}}`,
    [],
    `decoding failed due to the following error(s):

'services[a].build.shm_size' strconv.ParseFloat: parsing "1 ": invalid syntax`,
  ],
  ["services: {a: {build: {shm_size: true}}}", [], "services.a.build.shm_size must be a integer or string"],
  ["services: {a: {build: {ulimits: {NOFILE: {soft: 1, hard: 2}}}}}", [], "failed to parse compose file: invalid ulimit type: NOFILE"],
  ["services: {a: {build: {ulimits: {nofile: {soft: 1, hard: 2, b: b}}}}}", [], "services.a.build.ulimits.nofile additional properties 'b' not allowed"],
  [
    "services: {a: {build: {ulimits: {nofile: {soft: -1, hard: 2}}}}}",
    [],
    "failed to parse compose file: ulimit soft limit must be less than or equal to hard limit: soft: -1 (unlimited), hard: 2",
  ],
  [`services: {a: {build: {ssh: {"": x, b: 5, c: true}}}}`, [], "services.a.build.ssh additional properties '' not allowed"],
  [`services: {a: {build: {additional_contexts: [a=b, a=c, "=d"]}}}`, [], "services.a.build.additional_contexts additional properties '' not allowed"],
  [`services: {a: {build: {additional_contexts: {"": x}}}}`, [], "services.a.build.additional_contexts additional properties '' not allowed"],
];

test.each(REFUSED)("%j %j", async (files, f, want) => {
  expect(await bakeError(files, { f })).toBe(want);
});
