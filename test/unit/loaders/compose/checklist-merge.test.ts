/** Several files, include, extends, reset and override (spec/compose.md 10, lines 74 to 95). */
import { expect, test } from "vitest";
import { bake, bakeError, bakeTarget } from "./rig.ts";

test("[compose 74] a build text and a build map merge", async () => {
  expect(
    await bakeTarget("a", { "a.yaml": "services: {a: {build: x}}", "b.yaml": "services: {a: {build: {target: t}}}" }, { f: ["a.yaml", "b.yaml"] }),
  ).toMatchObject({ context: "x", target: "t" });
});

test("[compose 75] a build text over a build map sets the context", async () => {
  expect(
    await bakeTarget("a", { "a.yaml": "services: {a: {build: {context: x, target: t}}}", "b.yaml": "services: {a: {build: y}}" }, { f: ["a.yaml", "b.yaml"] }),
  ).toMatchObject({ context: "y", target: "t" });
});

test("[compose 76] arguments merge by name, in either form", async () => {
  expect(
    (
      await bakeTarget(
        "a",
        { "a.yaml": "services: {a: {build: {args: {A: 1, B: 2}}}}", "b.yaml": "services: {a: {build: {args: [B=3, C=4]}}}" },
        { f: ["a.yaml", "b.yaml"] },
      )
    ).args,
  ).toEqual({ A: "1", B: "3", C: "4" });
});

test("[compose 77] tags are concatenated without repeats", async () => {
  expect(
    (
      await bakeTarget(
        "a",
        { "a.yaml": "services: {a: {build: {tags: [x, y]}}}", "b.yaml": "services: {a: {build: {tags: [z, x]}}}" },
        { f: ["a.yaml", "b.yaml"] },
      )
    ).tags,
  ).toEqual(["x", "y", "z"]);
});

test("[compose 78] extra hosts of both files are kept", async () => {
  expect(
    (
      await bakeTarget(
        "a",
        { "a.yaml": `services: {a: {build: {extra_hosts: ["h:1.1.1.1"]}}}`, "b.yaml": "services: {a: {build: {extra_hosts: {h: 2.2.2.2}}}}" },
        { f: ["a.yaml", "b.yaml"] },
      )
    )["extra-hosts"],
  ).toEqual({ h: "1.1.1.1,2.2.2.2" });
});

test("[compose 79] an ssh list cannot be merged over another", async () => {
  expect(
    await bakeError({ "a.yaml": "services: {a: {build: {ssh: [default]}}}", "b.yaml": `services: {a: {build: {ssh: ["k=/p"]}}}` }, { f: ["a.yaml", "b.yaml"] }),
  ).toBe("failed to parse compose file: cannot override services.a.build.ssh");
});

test("[compose 80] !reset takes a map away", async () => {
  const target = await bakeTarget(
    "a",
    { "a.yaml": "services: {a: {build: {args: {A: 1}, target: t}}}", "b.yaml": "services: {a: {build: {args: !reset null}}}" },
    { f: ["a.yaml", "b.yaml"] },
  );
  expect(target).toMatchObject({ target: "t" });
  expect(target).not.toHaveProperty("args");
});

test("[compose 81] !override replaces a map", async () => {
  expect(
    (
      await bakeTarget(
        "a",
        { "a.yaml": "services: {a: {build: {args: {A: 1}}}}", "b.yaml": "services: {a: {build: {args: !override {B: 2}}}}" },
        { f: ["a.yaml", "b.yaml"] },
      )
    ).args,
  ).toEqual({ B: "2" });
});

test("[compose 82] !reset of one argument has no effect on a list", async () => {
  expect(
    (
      await bakeTarget(
        "a",
        { "a.yaml": "services: {a: {build: {args: [A=1]}}}", "b.yaml": "services: {a: {build: {args: {A: !reset null}}}}" },
        { f: ["a.yaml", "b.yaml"] },
      )
    ).args,
  ).toEqual({ A: "1" });
});

test("[compose 83] two files together may declare what excludes each other", async () => {
  expect(
    await bakeError(
      { "a.yaml": "services: {a: {build: {dockerfile: x}}}", "b.yaml": "services: {a: {build: {dockerfile_inline: FROM y}}}" },
      { f: ["a.yaml", "b.yaml"] },
    ),
  ).toBe(`failed to parse compose file: service "a" declares mutualy exclusive dockerfile and dockerfile_inline: invalid compose project`);
});

test("[compose 84] a file may be inconsistent alone", async () => {
  expect(
    (await bakeTarget("a", { "a.yaml": "services: {a: {command: x}}", "b.yaml": "services: {a: {build: x}}" }, { f: ["a.yaml", "b.yaml"] })).context,
  ).toEqual("x");
});

test("[compose 85] a service extends another of its file", async () => {
  expect(await bakeTarget("a", "services: {b: {image: i, build: {context: x, tags: [t]}}, a: {extends: b, build: {tags: [u]}}}")).toMatchObject({
    context: "x",
    tags: ["t", "u"],
  });
});

test("[compose 86] paths of an extended file are relative to it", async () => {
  expect(
    await bakeTarget("a", {
      "compose.yaml": "services: {a: {extends: {file: s/f.yaml, service: q}}}",
      "s/f.yaml": "services: {q: {build: {context: ./c, dockerfile: d}}}",
    }),
  ).toMatchObject({ context: "s/c", dockerfile: "d" });
});

test("[compose 87] the default context is not the extended file's directory", async () => {
  expect(
    await bakeTarget("a", { "compose.yaml": "services: {a: {extends: {file: s/f.yaml, service: q}}}", "s/f.yaml": "services: {q: {build: {target: t}}}" }),
  ).toMatchObject({ context: ".", target: "t" });
});

test("[compose 88] an unknown base is reported", async () => {
  expect(await bakeError("services: {a: {extends: nope}}")).toBe(`cannot extend service "a" in : service "nope" not found`);
});

test("[compose 89] a circle of extends is reported", async () => {
  expect(await bakeError("services: {a: {extends: b}, b: {extends: a}}")).toBe(`Circular reference:
  a in 
  extends b in 
  extends a in `);
});

test("[compose 90] extends.file is relative to the working directory", async () => {
  expect(
    (await bakeTarget("a", { "s/c.yaml": "services: {a: {extends: {file: f.yaml, service: q}}}", "f.yaml": "services: {q: {build: x}}" }, { f: ["s/c.yaml"] }))
      .context,
  ).toEqual("x");
});

test("[compose 91] paths of an included file are relative to it", async () => {
  const { targets } = await bake({
    "compose.yaml": `include: [s/c.yaml]
services: {a: {build: .}}`,
    "s/c.yaml": "services: {b: {build: {context: x, additional_contexts: {q: ../y}}}, d: {build: {target: t}}}",
  });
  expect(targets["a"]?.context).toEqual(".");
  expect(targets["b"]?.context).toEqual("s/x");
  expect(targets["b"]?.contexts).toEqual({ q: "y" });
  expect(targets["d"]?.context).toEqual("s");
  expect(targets["d"]?.target).toEqual("t");
});

test("[compose 92] the including file wins over the included one", async () => {
  expect(
    await bakeTarget("a", {
      "compose.yaml": `include: [s/c.yaml]
services: {a: {build: {target: m}}}`,
      "s/c.yaml": "services: {a: {build: {context: x, target: i}}}",
    }),
  ).toMatchObject({ context: "s/x", target: "m" });
});

test("[compose 93] include is a list", async () => {
  expect(
    await bakeError(`include: s.yaml
services: {}`),
  ).toBe("`include` must be a list, got s.yaml");
});

test("[compose 94] .env beside an included file feeds its interpolation", async () => {
  expect(
    (
      await bakeTarget("a", {
        "compose.yaml": `include: [s/c.yaml]
services: {}`,
        "s/c.yaml": `services: {a: {build: "\${X:-d}"}}`,
        "s/.env": "X=sub",
      })
    ).context,
  ).toEqual("s/sub");
});

test("[compose 95] .env beside an included file does not feed arguments", async () => {
  expect(
    (
      await bakeTarget("a", {
        "compose.yaml": `include: [s/c.yaml]
services: {}`,
        "s/c.yaml": "services: {a: {build: {args: {X: }}}}",
        "s/.env": "X=sub",
      })
    ).args,
  ).toBeUndefined();
});
