/** Files that would blow up, and files that are only large. */
import { expect, test } from "vitest";
import { bake, bakeError } from "./rig.ts";

const build = "services: {a: {build: .}}\n";

test("aliases of aliases of aliases are refused at once", async () => {
  let text = `x-0: &l0 [${"x, ".repeat(9)}x]\n`;
  for (let level = 1; level < 12; level++) text += `x-${level}: &l${level} [${`*l${level - 1}, `.repeat(9)}*l${level - 1}]\n`;
  expect(await bakeError(`${text}${build}`)).toBe(
    "failed to parse compose.yaml: yaml: construct errors:\n  line 1: yaml: document contains excessive aliasing",
  );
});

test("few aliases to large lists are fine", async () => {
  const text = `x-l: &l [${"x, ".repeat(99)}x]\nx-all:\n${"  - *l\n".repeat(200)}${build}`;
  expect((await bake(text)).targets).toHaveProperty("a");
});

test("many aliases to a large map are refused", async () => {
  const entries = Array.from({ length: 500 }, (_, i) => `k${i}: v`).join(", ");
  expect(await bakeError(`x-m: &m {${entries}}\nx-all:\n${"  - *m\n".repeat(600)}${build}`)).toContain("excessive aliasing");
});

test("a document has at most 100,000 values", async () => {
  expect(await bakeError(`${build}x:\n${"- a\n".repeat(100_001)}`)).toBe(
    "failed to parse compose.yaml: compose file exceeds maximum node visit limit (100000)",
  );
});

test.each(["[", "{a: "])("nesting of %j ends at 500", async (open) => {
  const close = open === "[" ? "]" : "}";
  expect((await bake(`${build}x: ${open.repeat(498)}1${close.repeat(498)}\n`)).targets).toHaveProperty("a");
  expect(await bakeError(`${build}x: ${open.repeat(50_000)}`)).toBe("failed to parse compose.yaml: yaml: exceeded max depth of 500");
});

test("aliases do not get around the limit of nesting", async () => {
  const deep = (inner: string): string => `${"[".repeat(300)}${inner}${"]".repeat(300)}`;
  expect(await bakeError(`x-a: &a ${deep("1")}\nx-b: ${deep("*a")}\n${build}`)).toContain("exceeded max depth of 500");
});

test("a node that contains itself is refused", async () => {
  expect(await bakeError(`x-foo: &f\n  b: c\n  x-foo: *f\n${build}`)).toBe(
    "failed to parse compose.yaml: yaml: construct errors:\n  line 1: cycle detected: node at path x-foo.x-foo.x-foo references node at path x-foo.x-foo",
  );
});

test("a chain of thousands of services that extend each other", async () => {
  const count = 4000;
  const services = Array.from({ length: count }, (_, i) => `  s${i}: {extends: ${i + 1 < count ? `s${i + 1}` : "last"}}\n`).join("");
  const { targets } = await bake(`services:\n${services}  last: {build: {args: {A: 1}}}\n`, { targets: ["s0"] });
  expect(targets["s0"]?.args).toEqual({ A: "1" });
});

test("thousands of defaults on one line", async () => {
  const { targets } = await bake(`services: {a: {build: {args: {A: "${"${U:-x}".repeat(20_000)}"}}}}`);
  expect(targets["a"]?.args?.["A"]).toHaveLength(20_000);
});

test("defaults within defaults end somewhere", async () => {
  const nested = (depth: number): string => (depth === 0 ? "x" : `\${U:-${nested(depth - 1)}}`);
  expect((await bake(`services: {a: {build: {args: {A: "${nested(90)}"}}}}`)).targets["a"]?.args).toEqual({ A: "x" });
  expect(await bakeError(`services: {a: {build: {args: {A: "${nested(2000)}"}}}}`)).toContain("invalid interpolation format for services.a.build.args.A.");
});
