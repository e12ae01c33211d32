/** Compose files together with HCL (spec/compose.md 10, lines 154 to 159). */
import { expect, test } from "vitest";
import { bake, bakeTarget } from "./rig.ts";

test("[compose 154] HCL is applied after compose whatever the order", async () => {
  expect(
    await bakeTarget(
      "a",
      {
        "c.yaml": "services: {a: {build: {context: c, tags: [c], args: {A: c, B: c}}}}",
        "h.hcl": `target "a" {
  tags = ["h"]
  args = {B = "h"}
}`,
      },
      { f: ["h.hcl", "c.yaml"] },
    ),
  ).toMatchObject({ context: "c", tags: ["h"], args: { A: "c", B: "h" } });
});

test("[compose 155] caches to import from add up, those to export to are replaced", async () => {
  expect(
    await bakeTarget(
      "a",
      {
        "c.yaml": "services: {a: {build: {cache_from: [c], cache_to: [c]}}}",
        "h.hcl": `target "a" {
  cache-from = ["h"]
  cache-to = ["h"]
}`,
      },
      { f: ["c.yaml", "h.hcl"] },
    ),
  ).toMatchObject({
    "cache-from": [
      { ref: "c", type: "registry" },
      { ref: "h", type: "registry" },
    ],
    "cache-to": [{ ref: "h", type: "registry" }],
  });
});

test("[compose 156] an HCL target inherits from a service", async () => {
  expect(
    (await bakeTarget("b", { "c.yaml": "services: {a: {build: x}}", "h.hcl": `target "b" { inherits = ["a"] }` }, { f: ["c.yaml", "h.hcl"], targets: ["b"] }))
      .context,
  ).toEqual("x");
});

test("[compose 157] an HCL group replaces the default group", async () => {
  const { targets } = await bake(
    {
      "c.yaml": "services: {a: {build: x}}",
      "h.hcl": `group "default" { targets = ["b"] }
target "b" {}`,
    },
    { f: ["c.yaml", "h.hcl"] },
  );
  expect(targets["b"]?.context).toEqual(".");
  expect(targets).not.toHaveProperty("a");
});

test("[compose 158] the default group wins over a target called default", async () => {
  const { targets } = await bake({ "c.yaml": "services: {a: {build: x}}", "h.hcl": `target "default" { target = "d" }` }, { f: ["c.yaml", "h.hcl"] });
  expect(targets["a"]?.context).toEqual("x");
  expect(targets).not.toHaveProperty("default");
});

test("[compose 159] HCL variables are not seen by compose files", async () => {
  expect(
    (await bakeTarget("a", { "c.yaml": `services: {a: {build: "\${V:-none}"}}`, "h.hcl": `variable "V" { default = "h" }` }, { f: ["c.yaml", "h.hcl"] }))
      .context,
  ).toEqual("none");
});
