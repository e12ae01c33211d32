/** Where compose files are read in another way than the reference reads them (docs/differences.md). */
import { expect, test } from "vitest";
import { bake, bakeError, bakeTargets } from "./rig.ts";

test("plain numbers of ulimits are kept", async () => {
  expect(await bakeTargets("services: {a: {build: {ulimits: {nofile: 1024, nproc: {soft: 1, hard: 2}}}}}")).toEqual({
    a: { context: ".", ulimits: ["nofile=1024:1024", "nproc=1:2"] },
  });
});

test("names that start with x- are names in maps of arguments, labels and hosts", async () => {
  expect(
    await bakeTargets("services: {a: {build: {args: {x-y: z, A: 1}, labels: {x-l: m}, additional_contexts: {x-c: ./d}, extra_hosts: {x-h: 1.1.1.1}}}}"),
  ).toEqual({
    a: { context: ".", args: { "x-y": "z", A: "1" }, labels: { "x-l": "m" }, contexts: { "x-c": "d" }, "extra-hosts": { "x-h": "1.1.1.1" } },
  });
});

test("paths of files that included files include are relative to those files", async () => {
  const files = {
    "compose.yaml": "include: [sub/c.yaml]\n",
    "sub/c.yaml": "include: [d.yaml, deep/e.yaml]\n",
    "sub/d.yaml": "services: {d: {build: z}}\n",
    "sub/deep/e.yaml": "services: {e: {build: z}}\n",
  };
  expect(await bakeTargets(files)).toEqual({ d: { context: "sub/z" }, e: { context: "sub/deep/z" } });
});

test("services with a dot in their name are merged over included ones like any other", async () => {
  const files = { "compose.yaml": "include: [s/c.yaml]\nservices: {w.a: {build: {args: [B=2]}}}\n", "s/c.yaml": "services: {w.a: {build: {args: {A: 1}}}}\n" };
  expect(await bakeTargets(files)).toEqual({ w_a: { context: "s", args: { A: "1", B: "2" } } });
});

test("services that become one target are merged in the order of the file", async () => {
  expect(await bakeTargets("services: {a.b: {build: {target: t, args: {A: 1}}}, a_b: {build: {target: u}}}")).toEqual({
    a_b: { context: ".", target: "u", args: { A: "1" } },
  });
});

test("ulimits come in the order of the file", async () => {
  expect(await bakeTargets("services: {a: {build: {ulimits: {nproc: {soft: 1, hard: 1}, core: {soft: 2, hard: 2}}}}}")).toEqual({
    a: { context: ".", ulimits: ["nproc=1:1", "core=2:2"] },
  });
});

test.each([
  ["services: {a: {build: {context: 5}}}", "services.a.build.context must be a string"],
  ["services: {a: {build: {context: }}}", "services.a.build.context must be a string"],
  ["services: {a: {build: {additional_contexts: {q: 5}}}}", "services.a.build.additional_contexts.q must be a string"],
  ["services: {a: {build: {additional_contexts: {q: }}}}", "services.a.build.additional_contexts.q must be a string"],
  ['services: {a: {build: {ulimits: {nofile: {soft: "2", hard: 3}}}}}', "services.a.build.ulimits.nofile.soft must be a integer"],
  ["services: {a: {build: ., depends_on: [1]}}", "services.a.depends_on.[]: invalid type int for depend_on"],
  ["services: {a: {build: ., networks: [5]}}", "services.a.networks.[]: unexpected type int"],
  ["services: {a: {build: .}}\nvolumes: {n: x}\n", "volumes.n must be a mapping"],
  ["services: {a: {build: .}}\nsecrets: {n: x}\n", "secrets.n must be a mapping"],
  ["services: {a: {extends: {service: b, file: 5}}}", "extends.a.file: unexpected type int"],
  ["!reset {services: {}}", "top-level object must be a mapping"],
])("%s is an error and no crash", async (text, want) => {
  const error = await bakeError(text);
  expect(error.replace(/^decoding failed due to the following error\(s\):\n\n/, "")).toBe(want);
});

test("a broken .env is reported without a guess at HCL", async () => {
  expect(await bakeError({ "compose.yaml": "services: {a: {build: .}}", ".env": "A B=1" })).toBe(
    "failed to parse compose.yaml: parsing yaml: line 1: key cannot contain a space",
  );
});

test("a date with an offset names no zone of the machine", async () => {
  const { targets } = await bake("services: {a: {build: {args: {A: 2001-01-01T00:00:00+02:00}}}}");
  expect(targets["a"]?.args).toEqual({ A: "2001-01-01 00:00:00 +0200 +0200" });
});
